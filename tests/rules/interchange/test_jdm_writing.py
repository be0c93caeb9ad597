"""Rule sets as JDM graphs: what is written means the same, what cannot be written is told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ordinance.rules import Facts, Rulebook, load
from ordinance.rules.interchange import Imported, on_day, read_jdm, write_jdm
from ordinance.rules.law import is_law
from ordinance.rules.proving import facts_of
from tests.rules.interchange.jdm import Cells, table

ALWAYS: Cells = {"x": "1"}


def written(found: Imported, folder: Path) -> tuple[dict[str, Any], Imported]:
    """The content of the table that was written, and the table as it is read again."""
    report = write_jdm(found, folder / "again.json")
    assert (report.tables, report.left_out) == ((found.name,), ())
    graph = json.loads((folder / "again.json").read_text("utf-8"))
    (again,) = read_jdm(folder / "again.json")
    return next(node["content"] for node in graph["nodes"] if "content" in node), again


def test_what_feeds_a_table_and_hands_on_its_output_is_kept(tmp_path: Path) -> None:
    settings = {
        "inputField": "items",
        "executionMode": "loop",
        "passThrough": True,
        "outputPath": "r.s",
    }
    found = table(tmp_path, [({"a": "> 1"}, {"x": "null"})], **settings)
    content, again = written(found, tmp_path)

    assert settings.items() <= content.items()
    assert again.frame == found.frame and again.nulls == found.nulls


def test_names_are_written_from_the_input_field_on(tmp_path: Path) -> None:
    rows: list[tuple[Cells, Cells]] = [({"a.b": "> 1", "": "b > 2"}, ALWAYS)]
    content, again = written(table(tmp_path, rows, inputField="buyer"), tmp_path)

    assert [item.get("field") for item in content["inputs"]] == ["a.b", "b"]
    assert again.output(again.ruleset.decide({"buyer": {"a": {"b": 2}, "b": 3}})) == {"x": 1}


def test_a_lost_cell_beside_others_of_its_column_gets_a_column_of_its_own(tmp_path: Path) -> None:
    found = table(tmp_path, [({"a": "$ % 2 == 0", "": "a > 3"}, ALWAYS)])
    content, again = written(found, tmp_path)

    assert [item["field"] for item in content["inputs"]] == ["a", "a"]
    assert {content["rules"][0][item["id"]] for item in content["inputs"]} == {
        "$ % 2 == 0",
        "> 3",
    }
    assert again.ruleset.tree.hash == found.ruleset.tree.hash


def test_a_table_that_was_not_translated_at_all_is_left_out(tmp_path: Path) -> None:
    found = table(tmp_path, [({"a": ""}, ALWAYS)], hitPolicy="unique")
    report = write_jdm(found, tmp_path / "again.json")

    assert [item.reason for item in report.left_out] == ["it was not translated when it was read"]
    assert not (tmp_path / "again.json").exists()


# Our own rule sets

DAY = date(2026, 11, 26)


@pytest.fixture(scope="module")
def shipped(root: Path) -> Rulebook:
    return load(root / "rules")


def test_of_the_shipped_rule_sets_everything_left_out_is_told(
    shipped: Rulebook, tmp_path: Path
) -> None:
    report = write_jdm([on_day(item, DAY)[0] for item in shipped.values()], tmp_path / "all.json")
    left_out = {item.table for item in report.left_out}

    assert {*report.tables} | left_out == {*shipped}
    # Rules of law hold from their day on, which a table cannot say.
    assert {item for item in left_out if is_law(item)} == {item for item in shipped if is_law(item)}
    assert {item for item in left_out if not is_law(item)} == {
        "aftersale.remedy",
        "allocation.loss",
        "allocation.rejected",
        "allocation.short_line",
        "allocation.source",
        "allocation.split",
        "intake.validate",
        "notify.message",
        "packing.marks",
        "packing.split",
        "review.risk",
        "shipping.carrier",
        "tracking.anomaly",
    }
    assert ("packing.marks", "rule M1", "a table cannot look at single lines") in report.left_out


def test_a_shipped_rule_set_that_is_written_decides_its_own_tests_the_same(
    shipped: Rulebook, tmp_path: Path
) -> None:
    write_jdm([on_day(item, DAY)[0] for item in shipped.values()], tmp_path / "all.json")
    decided = 0
    for again in read_jdm(tmp_path / "all.json"):
        rules = shipped[again.name]
        for case in rules.tree.tests:
            facts: Facts = facts_of(case.given)
            ours = rules.decide(facts)
            if ours.settled_by not in ("rules", "otherwise") or facts.lines:
                continue
            output = again.output(again.ruleset.decide(dict(facts.values)))
            if isinstance(output, list):
                output = together(output)
            assert isinstance(output, dict), (again.name, case.name.en)
            assert plainly(output) == plainly(ours.outcome), (again.name, case.name.en)
            decided += 1
    assert decided > 30


def together(rows: list[dict[str, object]]) -> dict[str, object]:
    """The rows that are true, as we say them: each field with all that they say of it."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row[name] for row in rows if name in row] for name in names}


def plainly(outcome: Mapping[str, object]) -> dict[str, str]:
    """An outcome as text: our decimals are text in it, theirs are numbers."""
    return {name: str(value) for name, value in outcome.items()}


def test_names_get_the_values_of_the_day(shipped: Rulebook) -> None:
    plain, used = on_day(shipped["completion.complete"], DAY)

    assert "return_window" in used and "$" not in str(plain.tree.rules)
    assert plain.hash == shipped["completion.complete"].hash
