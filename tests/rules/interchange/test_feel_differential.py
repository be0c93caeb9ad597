"""Cells of DMN tables decide as FEEL says, whatever is absent, and survive being written."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ordinance.rules.interchange import read_dmn, write_dmn
from ordinance.rules.interchange.feel import meaning, parsing, writing
from ordinance.rules.interchange.truth import Truth
from ordinance.rules.tree import Comparator, NotOf
from tests.rules.interchange.dmn_files import definitions, read, table
from tests.rules.interchange.unary import COLUMN, OTHERS, VALUES, cell_text, cell_value, cells

ROWS, SITUATIONS = 6, 6


def agree(data: st.DataObject) -> None:
    """Random cells of one column, in random situations: the rows that fire are those that FEEL
    takes for true, before and after the table is written and read again."""
    kind = data.draw(st.sampled_from(list(VALUES)))
    drawn = data.draw(st.lists(cells(kind), min_size=1, max_size=ROWS))
    rows = [([cell_text(cell)], [str(number)]) for number, cell in enumerate(drawn)]
    text = definitions(
        table(rows, inputs=[("the value", kind)], policy='hitPolicy="RULE ORDER"'), data=OTHERS
    )
    with tempfile.TemporaryDirectory() as folder:
        (imported,) = read(Path(folder), text)
        again_path = Path(folder) / "again.dmn"
        write_dmn(imported, again_path)
        (again,) = read_dmn(again_path)
    assert imported.untranslated == again.untranslated == ()
    assert again.ruleset.hash == imported.ruleset.hash
    types = {COLUMN: kind, **OTHERS}
    for _ in range(SITUATIONS):
        given: dict[str, Any] = {}
        for name, known in types.items():
            found = data.draw(st.none() | st.sampled_from(list(VALUES[known].values())), label=name)
            if found is not None:
                given[name] = found
        wanted = tuple(
            f"r{n}" for n, cell in enumerate(drawn, 1) if cell_value(cell, given) is True
        )
        facts = {"the value" if name == COLUMN else name: item for name, item in given.items()}
        assert imported.ruleset.decide(facts).fired == wanted
        assert again.ruleset.decide(facts).fired == wanted


@pytest.mark.slow
@settings(max_examples=150)
@given(st.data())
def test_cells_decide_as_feel_says_and_survive_being_written(data: st.DataObject) -> None:
    agree(data)


def test_some_cells_decide_as_feel_says_and_survive_being_written() -> None:
    @settings(max_examples=25, derandomize=True, database=None)
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        agree(data)

    compare()


MUTANTS: dict[str, tuple[Any, str, Any]] = {
    "a comparison with nothing is false, so its denial is true": (
        meaning,
        "_undefined",
        lambda truth: Truth(truth.true, NotOf(truth.true)),
    ),
    "an equality with nothing is null": (meaning, "total", meaning.partial),
    "`>=` leaves the bound out": (
        meaning,
        "ORDERINGS",
        {**meaning.ORDERINGS, ">=": Comparator.ABOVE},
    ),
    "a comma means `and`": (meaning, "_any", meaning._all),
    "`and` is as weak as `or`": (parsing, "_STRENGTH", {**parsing._STRENGTH, "and": 5}),
    "`not` of a cell is not heard": (
        parsing,
        "Tests",
        lambda items, **about: replace(parsing_tests(items, **about), negated=False),
    ),
    "a written denial forgets that the fact may be absent": (
        writing,
        "needs",
        lambda condition: frozenset({"the value", *OTHERS}),
    ),
}
parsing_tests = parsing.Tests


@pytest.mark.parametrize("mutant", MUTANTS)
def test_the_comparison_catches_a_planted_bug(mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name, replacement = MUTANTS[mutant]
    monkeypatch.setattr(module, name, replacement)

    @settings(max_examples=400, phases=(Phase.generate,), derandomize=True, database=None)
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        agree(data)

    with pytest.raises(AssertionError):
        compare()
