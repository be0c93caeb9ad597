"""Random JDM tables are answered as zen answered them, or the case is left open and reported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ordinance.rules import FactError
from ordinance.rules.interchange import write_jdm
from ordinance.rules.interchange.truth import partial, total
from ordinance.rules.interchange.zen import meaning
from tests.rules.interchange import gorules, jdm

TABLES: list[dict[str, Any]] = json.loads(
    (gorules.HOME.parent / "zen_answers" / "tables.json").read_text("utf-8")
)["tables"]


def compared(folder: Path) -> Iterator[tuple[str, str]]:
    """Each case as `equal`, `open`, `refused` or `wrong`, with what was found."""
    for number, recorded in enumerate(TABLES):
        table = jdm.read(folder, recorded["content"])
        for case in recorded["cases"]:
            try:
                rows, output = gorules.answer(table, case["input"])
            except FactError:
                # A text where the rest of the table compares numbers: refused, not passed over.
                yield "refused", ""
                continue
            told = f"table {number}, {case['input']}: {rows} {output}, not {case['expected']}"
            if output is None:
                yield ("open" if table.untranslated else "wrong"), told
                continue
            same_rows = not rows or rows == case["matched_rows"]
            same = gorules.canonical(output) == gorules.canonical(case["expected"]) and same_rows
            yield ("equal" if same else "wrong"), told


def test_no_case_is_answered_otherwise(tmp_path: Path) -> None:
    found = list(compared(tmp_path))
    kinds = [kind for kind, _ in found]

    assert [told for kind, told in found if kind == "wrong"] == []
    # Most must be answered, or leaving everything open would do.
    assert len(kinds) == 960
    assert kinds.count("equal") > 600 and kinds.count("refused") < 40


def test_every_table_that_is_written_and_read_again_is_the_same(tmp_path: Path) -> None:
    again = tmp_path / "again"
    again.mkdir()
    left_out = 0
    for recorded in TABLES:
        before = jdm.read(tmp_path, recorded["content"])
        report = write_jdm(before, again / "table.json")
        if report.left_out:
            left_out += 1
            continue
        graph = json.loads((again / "table.json").read_text("utf-8"))
        after = jdm.read(again, next(n["content"] for n in graph["nodes"] if "content" in n))

        assert after.ruleset.tree.hash == before.ruleset.tree.hash
        assert after.nulls == before.nulls and after.frame == before.frame
    assert left_out <= 3


MUTANTS: dict[str, tuple[object, str, object]] = {
    "an absent fact is not unequal": (meaning, "total", partial),
    "an absent fact is unequal to everything": (meaning, "partial", total),
    "a bracket that opens outwards is not seen": (
        meaning,
        "_OPENING",
        {**meaning._OPENING, "]": ">="},
    ),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_planted_mistake_is_caught(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    owner, attribute, wrong = MUTANTS[name]
    monkeypatch.setattr(owner, attribute, wrong)

    assert any(kind == "wrong" for kind, _ in compared(tmp_path))
