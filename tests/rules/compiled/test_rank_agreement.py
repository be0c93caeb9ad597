"""Compiled rankings against plain ones, and that this finds bugs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ordinance.rules.compiled import boxes, index, ordering
from ordinance.rules.compiled.index import Side
from ordinance.rules.compiled.ordering import Ordering
from ordinance.rules.compiled.ranking import RankAnswers
from tests.part import part
from tests.rules.compiled.agreement import Pair
from tests.rules.compiled.drawn import Drawing
from tests.rules.compiled.drawn_points import RANKING


def compare(seed: int) -> None:
    drawing = Drawing(seed, point=RANKING)
    pair = Pair(drawing.tree())
    for _ in range(6):
        pair.agree(*drawing.given())


SHAPES: dict[str, list[tuple[object, str, object]]] = {
    "as it is": [],
    "questions asked box by box": [(index, "FEW_QUESTIONS", 0)],
    "rules that may not fall into boxes": [(boxes, "MOST_BOXES", 1)],
    "fates that are not kept": [(ordering, "MOST_KEPT", 1)],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_rank_decides_alike_compiled_and_plain(
    shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name, value in SHAPES[shape]:
        monkeypatch.setattr(module, name, value)

    @settings(max_examples=part(400))
    @given(st.integers(0, 2**32))
    def every(seed: int) -> None:
        compare(seed)

    every()


def _least_only(left: Any, criteria: Any, last: Any) -> Any:
    return SORTED(left, [(each[0], False, *each[2:]) for each in criteria], last)


SORTED = ordering._sorted


def _exact(left: Any, criteria: Any, last: Any) -> Any:
    return ONE_BY_ONE(left, [(*each[:2], None, *each[3:]) for each in criteria], last)


ONE_BY_ONE = ordering._one_by_one


def _one_wish(self: RankAnswers, situation: Any) -> Any:
    return [bool(wish) for wish in WISHES(self, situation)]


WISHES = RankAnswers._wishes


def _blind(self: Side, among: Any, situation: Any) -> Any:
    return among


def _of_all(self: Ordering, *rest: Any) -> Any:
    _left, parts, *more = rest
    return RANKED(self, list(range(len(parts))), parts, *more)


RANKED = Ordering.ranked


def _order_alone(self: RankAnswers, among: Any, part: Any, *rest: Any) -> Any:
    return CANDIDATE(self, (self.index.every, self.index.every), part, *rest)


CANDIDATE = RankAnswers._of_candidate


def _without_case(self: Ordering, code: str, *fate: Any) -> Any:
    return replace(FATE(self, code, *fate), lost_on=None)


FATE = Ordering.fate

MUTANTS: dict[str, tuple[object, str, object]] = {
    "the most is the least": (ordering, "_sorted", _least_only),
    "a tolerance is none": (ordering, "_one_by_one", _exact),
    "an unknown wish is no wish": (RankAnswers, "_wishes", _one_wish),
    "what no axis answers is not asked": (Side, "asked", _blind),
    "excluded candidates are ranked": (Ordering, "ranked", _of_all),
    "what the order rules out is asked of candidates": (
        RankAnswers,
        "_of_candidate",
        _order_alone,
    ),
    "nobody says on what a candidate lost": (Ordering, "fate", _without_case),
    "gaps are not seen": (ordering, "_has_gaps", lambda column: False),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_the_comparison_catches_a_planted_bug(mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name, replacement = MUTANTS[mutant]
    monkeypatch.setattr(module, name, replacement)

    with pytest.raises((AssertionError, TypeError)):
        for seed in range(1500):
            compare(seed)
