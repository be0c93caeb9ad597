"""The starter file of a decision point: whole, proven, and the same in both languages."""

from __future__ import annotations

import pytest

from ordinance.rules.deciding.decider import Decider
from ordinance.rules.layout import fmt
from ordinance.rules.proving import prove
from ordinance.rules.reading import Reading, read_rules
from ordinance.rules.schema import json_schema
from ordinance.rules.starter import starter
from tests.rules.reading.test_schema import editor_accepts
from tests.rules.sample_point import POINTS

NAMES = sorted(POINTS)


def read(name: str, lang: str) -> Reading:
    return read_rules(starter(POINTS[name], lang), file="starter.yaml", points=POINTS)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_a_starter_reads_without_a_warning_and_its_tests_leave_nothing_open(
    name: str, lang: str
) -> None:
    reading = read(name, lang)

    proof = prove(Decider(reading.sets[0]))

    assert reading.warnings == ()
    assert proof.passed, proof.text("en")
    assert proof.never_fired == ()


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_say_the_same(name: str) -> None:
    (zh,), (en,) = read(name, "zh").sets, read(name, "en").sets

    assert zh.hash == en.hash


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_a_starter_is_in_the_canonical_layout_and_an_editor_accepts_it(
    name: str, lang: str
) -> None:
    text = starter(POINTS[name], lang)

    assert fmt(text) == text
    assert editor_accepts(text, json_schema([POINTS[name]]))


def test_the_comments_name_every_fact_with_its_choices() -> None:
    text = starter(POINTS["review.risk"], "zh")

    assert "#   订单.类型  普通 | 预售\n" in text
    for fact in POINTS["review.risk"].facts:
        assert f"#   {fact.words.zh}  " in text
