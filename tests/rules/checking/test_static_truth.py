"""Other people's tables: exactly the recorded errors are found, and every gap, in each analysis."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ordinance.rules.checking import findings
from ordinance.rules.checking.diagram import FALSE
from ordinance.rules.checking.finding import Finding
from ordinance.rules.checking.firing import nobody
from ordinance.rules.checking.model import Model
from ordinance.rules.checking.reach import unreachable
from ordinance.rules.checking.setting import Setting
from ordinance.rules.checking.truth import never_or_always
from ordinance.rules.interchange import Imported
from tests.rules.interchange import gorules

TRUTH: dict[str, dict[str, Any]] = {
    table["id"]: table
    for table in json.loads((gorules.HOME / "static_truth.json").read_text())["tables"]
}
TABLES = gorules.tables()
IDS = [table["id"] for table in TABLES]


def test_the_record_is_whole() -> None:
    assert list(TRUTH) == IDS
    assert sum(len(table["overlaps"]) for table in TRUTH.values()) == 257
    assert sum(table["gap"] is not None for table in TRUTH.values()) == 11
    assert sum(len(table["unreachable_rows"]) for table in TRUTH.values()) == 5
    assert sum(len(table["tautological_cells"]) for table in TRUTH.values()) == 7


def found_in(table: dict[str, Any], folder: Path) -> tuple[Imported, list[Finding]]:
    imported = gorules.imported(table, folder)
    found = findings(imported.ruleset.tree)
    assert all(isinstance(item, Finding) for item in found)
    return imported, [item for item in found if isinstance(item, Finding)]


@pytest.mark.parametrize("table", TABLES, ids=IDS)
def test_the_errors_are_those_of_the_record(table: dict[str, Any], tmp_path: Path) -> None:
    truth = TRUTH[table["id"]]
    imported, found = found_in(table, tmp_path)
    ids = [rule.id for rule in imported.ruleset.tree.rules]

    cells = {
        (code, ids[cell["row"]], cell["field"])
        for code, key in (
            ("E_ALWAYS_TRUE", "tautological_cells"),
            ("E_NEVER_TRUE", "contradictory_cells"),
        )
        for cell in truth[key]
    }
    rows = {("E_UNREACHABLE", ids[row["row"]]) for row in truth["unreachable_rows"]}
    # The place of a cell stands between the rule and the fact.
    told = {
        (item.code, *item.subject[:1], *item.subject[2:])
        for item in found
        if item.severity == "error"
    }
    assert told == cells | rows


@pytest.mark.parametrize("table", TABLES, ids=IDS)
def test_a_gap_is_shown_by_an_example_that_no_row_takes(
    table: dict[str, Any], tmp_path: Path
) -> None:
    truth = TRUTH[table["id"]]
    imported, found = found_in(table, tmp_path)
    gaps = [item for item in found if item.code == "N_NO_RULE"]

    recorded = truth["gap"] is not None or truth["with_missing_values"]["gap"] is not None
    assert bool(gaps) is recorded
    for item in gaps:
        assert item.facts is not None
        assert imported.ruleset.decide(item.facts).fired == ()


@pytest.mark.parametrize("table", TABLES, ids=IDS)
def test_missing_values_are_values_where_they_are_asked_for(
    table: dict[str, Any], tmp_path: Path
) -> None:
    wanted = TRUTH[table["id"]]["with_missing_values"]
    tree = gorules.imported(table, tmp_path).ruleset.tree
    model = Model(Setting(tree), no_match=True)
    ids = [rule.id for rule in tree.rules]

    assert [item.subject[0] for item in unreachable(model)] == [
        ids[row["row"]] for row in wanted["unreachable_rows"]
    ]
    assert [(item.subject[0], item.subject[2]) for item in never_or_always(model)] == [
        (ids[cell["row"]], cell["field"]) for cell in wanted["tautological_cells"]
    ]
    assert (nobody(model) != FALSE) is (wanted["gap"] is not None)


@pytest.mark.parametrize("table", TABLES, ids=IDS)
def test_every_overlap_has_an_example_for_which_both_rows_are_true(
    table: dict[str, Any], tmp_path: Path
) -> None:
    imported = gorules.imported(table, tmp_path)
    model = Model(Setting(imported.ruleset.tree), no_match=False)
    policy = model.decider.program(None).policy
    pairs = []
    for second in range(len(model.regions)):
        for first in range(second):
            both = model.diagrams.meet(model.regions[first].true, model.regions[second].true)
            path = model.diagrams.witness(both)
            if path is None:
                continue
            example = next(model.space.examples(path))
            situation = model.decider.situation(model.facts(example), model.at(example))
            assert policy.rules[first].check(situation) is True
            assert policy.rules[second].check(situation) is True
            pairs.append([first, second])
    assert sorted(pairs) == sorted(item["rows"] for item in TRUTH[table["id"]]["overlaps"])
