"""The rule files that we ship, laid out and checked by the schema of an editor."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ordinance.points import POINTS
from ordinance.rules import DecisionPoint, loads
from ordinance.rules.law import law_on
from ordinance.rules.layout import fmt
from ordinance.rules.reading import read_rules
from ordinance.rules.schema import json_schema
from ordinance.rules.words import UNITS
from tests.rules.reading.test_schema import editor_accepts

BY_NAME = {point.name: point for point in POINTS}
ROOT = Path(os.environ.get("ORDINANCE_ROOT") or Path(__file__).parents[3])
SHIPPED = sorted((ROOT / "rules").rglob("*.yaml"))
FILES = [*SHIPPED, *sorted(ROOT.glob("examples/*/rules/**/*.yaml"))]


def name(file: Path) -> str:
    """A file as it is called in the checkout."""
    return str(file.relative_to(ROOT))


def hashes(text: str) -> list[str]:
    return [rules.hash for rules in read_rules(text, file="r.yaml", points=BY_NAME).sets]


def test_there_are_rule_files_to_look_at() -> None:
    assert len(SHIPPED) == 12
    assert len(FILES) == 58


@pytest.mark.parametrize("file", FILES, ids=name)
def test_the_layout_changes_no_rule_and_is_settled_after_one_pass(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    laid_out = fmt(text)

    assert hashes(laid_out) == hashes(text)
    assert fmt(laid_out) == laid_out


@pytest.mark.parametrize("file", FILES, ids=name)
def test_every_rule_is_fired_and_both_sides_of_every_limit_are_tested(file: Path) -> None:
    for proof in loads(file.read_text("utf-8"), file=file.name).test().values():
        assert proof.passed
        assert proof.never_fired == ()
        assert [words.en for words in proof.proposed] == []


@pytest.mark.parametrize("file", FILES, ids=name)
def test_an_editor_accepts_the_file_by_the_schema_of_its_area(file: Path) -> None:
    is_law = file.parent.name == "law"
    points = [law_on(point) for point in POINTS] if is_law else POINTS
    schema = json_schema(point for point in points if is_law or point.area == file.stem)

    assert editor_accepts(file.read_text(encoding="utf-8"), schema)


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.name)
def test_every_unit_has_its_words_in_sentences(point: DecisionPoint) -> None:
    arguments = [argument for field in point.fields for argument in field.arguments]
    named = [*point.facts, *point.fields, *arguments]

    assert {one.unit for one in named if one.unit is not None} <= set(UNITS)
