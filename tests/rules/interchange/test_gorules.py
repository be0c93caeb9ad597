"""Other people's JDM tables are answered as by their own engine, and survive being written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ordinance.rules.interchange import jdm, read_jdm, write_jdm
from ordinance.rules.interchange.truth import both
from ordinance.rules.interchange.zen import atoms, meaning
from ordinance.rules.point import Hit
from ordinance.rules.tree import Comparator
from tests.rules.interchange import gorules

TABLES = gorules.tables()


def test_the_record_is_whole() -> None:
    # A file that shrank would make the tests below pass for want of cases.
    assert len(TABLES) == 48
    assert sum(len(table["cases"]) for table in TABLES) == 904
    assert [table["table"] for table in TABLES if gorules.published(table) is None] == [
        "Company Type",
        "Turnover",
        "Country",
        "Overall",
    ]


@pytest.mark.parametrize("table", TABLES, ids=[table["id"] for table in TABLES])
def test_every_case_has_the_recorded_rows_and_output(table: dict[str, Any], tmp_path: Path) -> None:
    found = gorules.imported(table, tmp_path)

    for case in table["cases"]:
        wanted = (case["matched_rows"], case["expected"])
        assert gorules.canonical(gorules.answer(found, case["input"])) == gorules.canonical(wanted)


@pytest.mark.parametrize("table", TABLES, ids=[table["id"] for table in TABLES])
def test_every_cell_of_a_recorded_table_is_translated(
    table: dict[str, Any], tmp_path: Path
) -> None:
    found = gorules.imported(table, tmp_path)

    assert found.untranslated == ()


@pytest.mark.parametrize("graph", gorules.GRAPHS, ids=[file.stem for file in gorules.GRAPHS])
def test_a_table_that_is_written_and_read_again_is_the_same(graph: Path, tmp_path: Path) -> None:
    nodes = json.loads(graph.read_text("utf-8"))["nodes"]
    named = [node["name"] for node in nodes if node["type"] == "decisionTableNode"]
    before = {table.name: table for table in read_jdm(graph)}
    report = write_jdm(before.values(), tmp_path / "again.json")
    again = read_jdm(tmp_path / "again.json")

    assert list(report.tables) == [table.name for table in again] == named
    assert {item.table for item in report.left_out} == before.keys() - {*named}
    assert report.notes == ()
    for table in again:
        assert table.ruleset.tree.hash == before[table.name].ruleset.tree.hash
        # The names of columns and the order of the cells may differ, what was lost may not.
        lost = sorted(item.reason for item in before[table.name].untranslated)
        assert sorted(item.reason for item in table.untranslated) == lost


MUTANTS: dict[str, tuple[object, str, object]] = {
    "a comma is `and`": (meaning, "either", both),
    "an end of an interval is left out": (
        atoms,
        "ORDERINGS",
        {**atoms.ORDERINGS, ">=": Comparator.ABOVE},
    ),
    "a blank cell matches nothing": (jdm, "_is_blank", lambda value: value is None),
    "every true row counts": (jdm, "_HITS", {"first": Hit.COLLECT}),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_planted_mistake_is_caught(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    owner, attribute, wrong = MUTANTS[name]
    monkeypatch.setattr(owner, attribute, wrong)

    assert any(gorules.mistakes(tmp_path))
