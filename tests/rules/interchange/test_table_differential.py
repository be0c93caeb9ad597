"""Tables that people may write decide as they mean, and survive being written in both formats."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ordinance.rules.interchange import Imported, read_table, write_table
from ordinance.rules.interchange.plain import cutting, meaning, writing
from ordinance.rules.interchange.plain import spelling as spelled
from ordinance.rules.interchange.sheets import commas
from ordinance.rules.interchange.sheets import writing as sheets_writing
from ordinance.rules.tree import Comparator, NotOf
from tests.rules.interchange.spoken import COLUMNS, Spoken, spoken

ROWS, SITUATIONS, MOST_COLUMNS = 5, 6, 2
SIGNS = ("", "=", "+", "-", "@", "＝")


def stored(folder: Path, rows: Sequence[Sequence[str]], ending: str) -> Path:
    """A file as other programs write it."""
    path = folder / f"table{ending}"
    if ending == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return path
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("table")
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
    return path


def again(folder: Path, imported: Imported, ending: str, lang: Any) -> Imported:
    """The table, written and read once more."""
    path = folder / f"again{ending}"
    report = write_table(imported, path, lang=lang)
    assert report.tables == (imported.name,), report.left_out
    (found,) = read_table(path)
    return found


def agree(data: st.DataObject) -> None:
    """Random rows over random columns, in random situations: the rows that fire are those that a
    reader would take for true, before and after the table is written and read again."""
    columns = data.draw(
        st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=MOST_COLUMNS, unique=True)
    )
    table: list[list[Spoken]] = [
        [data.draw(spoken(column)) for column in columns]
        for _ in range(data.draw(st.integers(1, ROWS)))
    ]
    ending = data.draw(st.sampled_from((".csv", ".xlsx")))
    rows = [["hit", "collect"], ["id", *(column.head for column in columns), "→ fee"]]
    # An id may begin with a sign that a spreadsheet would take for a formula.
    ids = [f"{data.draw(st.sampled_from(SIGNS))}R{n}" for n in range(len(table))]
    rows += [
        [id, *(cell.text for cell in row), f"{n}"]
        for n, (id, row) in enumerate(zip(ids, table, strict=True))
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (imported,) = read_table(stored(folder, rows, ending))
        assert imported.untranslated == ()
        forms = [imported] + [
            again(folder, imported, written, data.draw(st.sampled_from(("en", "zh"))))
            for written in (".csv", ".xlsx")
        ]
    assert {form.ruleset.hash for form in forms} == {imported.ruleset.hash}
    for _ in range(SITUATIONS):
        facts = {
            column.name: data.draw(st.none() | st.sampled_from(list(column.values)))
            for column in columns
        }
        wanted = tuple(
            id
            for id, row in zip(ids, table, strict=True)
            if all(cell.means(facts[at.name]) for cell, at in zip(row, columns, strict=True))
        )
        for form in forms:
            assert form.ruleset.decide(facts).fired == wanted


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(st.data())
def test_tables_decide_as_people_mean_and_survive_being_written(data: st.DataObject) -> None:
    agree(data)


def test_some_tables_decide_as_people_mean_and_survive_being_written() -> None:
    @settings(max_examples=25, derandomize=True, database=None, deadline=None)
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        agree(data)

    compare()


MUTANTS: dict[str, tuple[Any, str, Any]] = {
    "signs leave the bound out": (
        meaning,
        "SIGNS",
        {**spelled.SIGNS, ">=": Comparator.ABOVE, "≥": Comparator.ABOVE, "≤": Comparator.BELOW},
    ),
    "`以上` means less": (
        meaning,
        "_AFTER",
        [(pattern, Comparator.BELOW) for pattern, _ in meaning._AFTER],
    ),
    "`and` is heard as `or`": (meaning, "every", meaning.some),
    "a denial is true of an absent fact": (
        meaning.Cells,
        "_not",
        lambda self, test: NotOf(test),
    ),
    "`、` is part of a word": (cutting, "_SEPARATORS", cutting._NO_BLANK),
    "straight quotes are not heard": (cutting, "QUOTES", {"“": "”"}),
    "`<=` is written as `<`": (
        writing,
        "_ORDERED",
        {**writing._ORDERED, Comparator.AT_MOST: "<"},
    ),
    "texts are never put in quotes": (writing, "_quoted", lambda text: text),
    "the mark of a text stays": (commas, "unmarked", str.strip),
    "a formula is written as it stands": (sheets_writing, "TEXT_MARK", "="),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_the_comparison_catches_a_planted_bug(mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name, replacement = MUTANTS[mutant]
    monkeypatch.setattr(module, name, replacement)

    @settings(
        max_examples=250,
        phases=(Phase.generate,),
        derandomize=True,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
    )
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        agree(data)

    with pytest.raises(AssertionError):
        compare()
