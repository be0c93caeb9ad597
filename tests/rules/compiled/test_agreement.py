"""Compiled rule sets against plain ones, on sets of every shape, and that this finds bugs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ordinance.rules.compiled import answers, axes, bits, boxes, chain, index, keyed, source, spans
from ordinance.rules.compiled.answers import Answers
from ordinance.rules.compiled.axes import Asked, SparseLine
from ordinance.rules.compiled.boxes import Boxing
from ordinance.rules.compiled.spans import Listed, Span
from ordinance.rules.tree import Comparator
from tests.part import part
from tests.rules.compiled.agreement import Pair
from tests.rules.compiled.drawn import Drawing

SEEDS = st.integers(0, 2**32)
ORDERS = 6

SHAPES: dict[str, list[tuple[object, str, object]]] = {
    "as it is": [],
    "axes that store few masks": [(axes, "MOST_MASKS", 2)],
    "questions asked box by box": [(index, "FEW_QUESTIONS", 0)],
    "rules that may not fall into boxes": [(boxes, "MOST_BOXES", 1)],
    "no set is asked rule by rule": [
        (chain, "MOST_ASKED", 0),
        (chain, "MOST_BEFORE_FIRST", 0),
    ],
    "axes and answers that remember little": [
        (axes, "MOST_KEPT", 1),
        (axes, "LONGEST_KEPT", 1),
        (answers, "MOST_KEPT", 1),
    ],
}
"""The limits at which the compiler takes another form, set so low that small sets meet them."""


def compare(seed: int, most_rules: int = 6, orders: int = ORDERS) -> None:
    drawing = Drawing(seed, most_rules=most_rules)
    pair = Pair(drawing.tree())
    for _ in range(orders):
        pair.agree(*drawing.given())


@pytest.mark.parametrize("shape", SHAPES)
def test_a_set_decides_alike_compiled_and_plain(
    shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name, value in SHAPES[shape]:
        monkeypatch.setattr(module, name, value)

    @settings(max_examples=part(400))
    @given(SEEDS)
    def every(seed: int) -> None:
        compare(seed)

    every()


@settings(max_examples=60)
@given(SEEDS)
@example(213775)
def test_a_large_set_decides_alike_compiled_and_plain(seed: int) -> None:
    compare(seed, 120, 3)


def _lowest(mask: int) -> list[int]:
    found: list[int] = BITS_OF(mask)
    return [found[0], *(bit - 1 for bit in found[1:])] if mask.bit_length() > 64 else found


BITS_OF = bits.bits_of


def _any_of_them(self: Boxing, items: Any, wanted: int, denied: bool) -> Any:
    return SOME(self, items, min(wanted, 1) if wanted < len(items) else wanted, denied)


SOME = Boxing._some


def _without_its_cut(sure: int, true: int, open: int) -> tuple[int, int]:
    kept = (sure & -sure) - 1
    return (true & kept, open & kept) if sure else (true, open)


def _same_rules(self: Answers, true: int, situation: Any) -> Any:
    return OF(self, true & 0xFF, situation)


OF = Answers.of


def _one_change_less(self: SparseLine, value: Any) -> int:
    if self.instants:
        value = spans.in_utc(value)
    place = bisect_right(self.before, value) + bisect_left(self.after, value)
    stored = place // self.stride
    mask: int = self.masks[stored]
    for change in self.changes[stored * self.stride : place - 1]:
        for bit in change:
            mask ^= 1 << bit
    return mask


def _never_barred(self: Asked, value: Any) -> int:
    met = 0
    for each in self.keys_of(value) if self.keys_of else ():
        met |= self.needing.get(each, 0)
    mask: int = self.every & (met | ~self.needy)
    for passes, held in self.atoms:
        if not passes(value):
            mask &= ~held
    return mask


def _by_length(region: str) -> tuple[str, ...]:
    return tuple(region[:end] for end in range(1, len(region) + 1))


def _swapped(self: Any, name: str, held: Any) -> tuple[int, int]:
    untrue, false = ABSENT(self, name, held)
    return false, untrue


ABSENT = index._Making._absent


def _without_default(self: Any, name: str, held: Any) -> axes.Axis:
    return replace(AXIS(self, name, held), default=None)


AXIS = index._Making._axis

Planted = tuple[object, str, object]

MUTANTS: dict[str, Planted | list[Planted]] = {
    "a limit is on the wrong side in the generated function": [
        (source, "bisect_right", bisect_left),
        (chain, "MOST_ASKED", 0),
    ],
    "a limit is on the wrong side where a fact is absent": (axes, "bisect_right", bisect_left),
    "just after a value is just before it": (spans, "AFTER", spans.BEFORE),
    "midnight ends every stretch": (
        spans,
        "_between",
        lambda start, end: Span(False, ((start, 0), (end, 0)) if start < end else ((start, 0),)),
    ),
    "an absent fact is no match": (index, "_absent_verdict", lambda condition, no_match: False),
    "no match is unknown": (
        index,
        "_absent_verdict",
        lambda condition, no_match: VERDICT(condition, False),
    ),
    "true and unknown are swapped": (index._Making, "_absent", _swapped),
    "not is forgotten": (index, "_denied", lambda region, literal: region),
    "n of m is any of m": (Boxing, "_some", _any_of_them),
    "regions are prefixes": (keyed, "levels", _by_length),
    "regions are told apart only by their whole code": (keyed, "levels", lambda region: (region,)),
    "what a key rules out stays": (Asked, "found", _never_barred),
    "the rule that stops is cut off with those behind it": (
        answers,
        "_up_to_first",
        _without_its_cut,
    ),
    "two sets of true rules are remembered as one": (Answers, "of", _same_rules),
    "a default takes no place": (index._Making, "_axis", _without_default),
    "values that are not listed pass": (
        index,
        "listed",
        lambda condition, known: Listed(True, LISTED(condition, known).values),
    ),
    "an unknown period is a known one": (index, "in_force", lambda effective, day: True),
    "the whole day is no part of it": (index, "_daily", lambda effective, place: []),
    "the generated chain takes at least for above": (
        chain,
        "_SIGNS",
        {**chain._SIGNS, Comparator.ABOVE: ">="},
    ),
    "the generated chain forgets a denial": (
        chain,
        "_term",
        lambda literal, *rest: TERM(replace(literal, denied=False), *rest),
    ),
    "the generated chain stops where all rules count": (
        chain,
        "written",
        lambda *rest, first: WRITTEN(*rest, first=True),
    ),
    "bits beyond the first word are one too low": [
        (index, "bits_of", _lowest),
    ],
    "a change between two stored masks is lost": [
        (axes, "MOST_MASKS", 2),
        (SparseLine, "mask", _one_change_less),
    ],
}

TERM, WRITTEN = chain._term, chain.written
VERDICT = index._absent_verdict
LISTED = index.listed


@pytest.mark.parametrize("mutant", MUTANTS)
def test_the_comparison_catches_a_planted_bug(mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = MUTANTS[mutant]
    for module, name, replacement in planted if isinstance(planted, list) else [planted]:
        monkeypatch.setattr(module, name, replacement)
    most = 120 if "word" in mutant else 6

    with pytest.raises(AssertionError):
        for seed in range(1500):
            compare(seed, most)
