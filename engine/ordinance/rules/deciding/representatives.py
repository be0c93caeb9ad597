"""Values of one kind that stand for all others, given what they are compared with."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise, product
from typing import Any

from ordinance.rules.deciding.comparators import Guess
from ordinance.rules.deciding.constants import Constants
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.moment import in_utc
from ordinance.rules.point import Fact
from ordinance.rules.tree import Comparator, FactRef, Test

STRANGER = "\uf8ff"
"""A private-use character: a text with it equals no text of a rule file."""

_STEPS: dict[Kind, Any] = {
    Kind.INTEGER: 1,
    Kind.MONEY: Decimal("0.01"),
    Kind.DATE: timedelta(days=1),
    Kind.INSTANT: timedelta(microseconds=1),
    Kind.DURATION: timedelta(microseconds=1),
}
"""Kinds whose values lie on a grid, and its step."""

_ORIGINS: dict[Kind, Any] = {
    Kind.INTEGER: 0,
    Kind.MONEY: Decimal(0),
    Kind.DECIMAL: Decimal(0),
    Kind.RATIO: Decimal(0),
    Kind.DATE: date(2000, 1, 1),
    Kind.INSTANT: datetime(2000, 1, 1, tzinfo=UTC),
    Kind.DURATION: timedelta(0),
    Kind.TIME_OF_DAY: time(12),
}


@dataclass(frozen=True, slots=True)
class Asks:
    """What is asked about a fact (or about several that are compared with each other)."""

    tests: tuple[Test, ...]
    bounds: frozenset[Value]
    """Every value that it is compared with."""
    copies: int
    """How many unknown values are compared with each other; each needs room for its own."""


def representatives(
    fact: Fact, asks: Asks, possible: Sequence[Constants], budget: int
) -> list[Value] | None:
    """At least one value for each way in which the comparisons can come out.

    In a fixed order, without repetitions. None when there would be more than `budget`.
    """
    match fact.kind:
        case Kind.BOOLEAN:
            return [True, False]
        case Kind.CHOICE:
            return _choices(fact, asks)
        case Kind.REGION:
            return _regions(asks)
        case Kind.TEXT | Kind.TAGS:
            return _composed(fact.kind, asks, possible, budget)
        case Kind.TIME_OF_DAY:
            return _times(asks)
    return _numbers(fact, asks)


def _choices(fact: Fact, asks: Asks) -> list[Value]:
    codes = [choice.code for choice in fact.choices]
    named = [code for code in codes if code in asks.bounds]
    return [*named, *[code for code in codes if code not in named][: asks.copies]]


def _regions(asks: Asks) -> list[Value]:
    elsewhere = ["ZZ" + "-Z" * count for count in range(asks.copies)]
    return [*sorted(str(bound) for bound in asks.bounds), *elsewhere]


def _times(asks: Asks) -> list[Value]:
    seconds: set[int] = set()
    for bound in asks.bounds or {_ORIGINS[Kind.TIME_OF_DAY]}:
        assert isinstance(bound, time)
        at = bound.hour * 3600 + bound.minute * 60 + bound.second
        seconds.update((at + step) % 86_400 for step in range(-asks.copies, asks.copies + 1))
    return [time(at // 3600, at // 60 % 60, at % 60) for at in sorted(seconds)]


def _numbers(fact: Fact, asks: Asks) -> list[Value]:
    """The bounds themselves, and in each gap between them room for every copy."""
    cuts: set[Any] = {bound for bound in (fact.at_least, fact.at_most) if bound is not None}
    cuts |= asks.bounds
    if fact.kind is Kind.INSTANT:
        cuts = {in_utc(cut) for cut in cuts}
    ordered = sorted(cuts or {_ORIGINS[fact.kind]})
    step = _STEPS.get(fact.kind)
    places = range(1, asks.copies + 1)
    points: set[Any] = set(ordered)
    for place in places:
        apart = place * (1 if step is None else step)
        points.update((ordered[0] - apart, ordered[-1] + apart))
        for low, high in pairwise(ordered):
            if step is None:
                points.add(low + (high - low) * place / (asks.copies + 1))
            elif low + apart < high:
                points.add(low + apart)
    return [
        point
        for point in sorted(points)
        if (fact.at_least is None or point >= fact.at_least)
        and (fact.at_most is None or point <= fact.at_most)
    ]


def _composed(
    kind: Kind, asks: Asks, possible: Sequence[Constants], budget: int
) -> list[Value] | None:
    """Texts or tags put together from the parts that comparisons look for.

    Any value that passes certain comparisons has their parts in it; the value with these parts
    and nothing else passes the same ones. So the combinations of parts stand for all values.
    """
    every = [_parts(test, constants) for test in asks.tests for constants in possible]
    options = [option for option in dict.fromkeys(every) if option]
    patterns = sorted(
        {
            str(value)
            for test in asks.tests
            if test.comparator is Comparator.MATCHES
            for constants in possible
            for value in _constant(test, constants)
        }
    )
    size = math.prod(1 + len(option) for option in options) * 2 ** len(patterns)
    if size + len(asks.bounds) > budget:
        return None
    values: dict[Value, None] = dict.fromkeys(_whole(kind, asks))
    for parts in product(*([(), *option] for option in options)):
        chosen = [part for each in parts for part in each]
        if kind is Kind.TAGS:
            tags = frozenset(text for _, text in chosen)
            values[tags] = None
            for copy in range(1, asks.copies + 1):
                values[tags | {STRANGER * copy}] = None
            continue
        for copy in range(1, asks.copies + 1):
            text = _text(chosen, STRANGER * copy)
            for matched in _subsets(patterns):
                values[Guess(text, matched) if patterns else text] = None
    return list(values)


def _whole(kind: Kind, asks: Asks) -> list[Value]:
    """The values that a comparison names as a whole, in a fixed order."""
    if kind is Kind.TAGS:
        sets = [sorted(bound) for bound in asks.bounds if isinstance(bound, frozenset)]
        return [frozenset(tags) for tags in sorted(sets)]
    return [*sorted(str(bound) for bound in asks.bounds)]


def _parts(test: Test, constants: Constants) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Each way to make one comparison pass: the (place, text) parts that it needs."""
    texts = [
        str(text)
        for value in _constant(test, constants)
        for text in (sorted(value) if isinstance(value, frozenset) else (value,))
    ]
    match test.comparator:
        case Comparator.STARTS_WITH:
            return tuple((("start", text),) for text in texts)
        case Comparator.ENDS_WITH:
            return tuple((("end", text),) for text in texts)
        case Comparator.CONTAINS | Comparator.CONTAINS_ALL:
            return (tuple(("inside", text) for text in texts),)
        case Comparator.CONTAINS_ANY | Comparator.CONTAINS_NONE:
            return tuple((("inside", text),) for text in texts)
    return ()


def _constant(test: Test, constants: Constants) -> Iterable[Value]:
    for operand in test.operands:
        if not isinstance(operand, FactRef):
            yield from constants.operand(operand) or ()


def _text(parts: Sequence[tuple[str, str]], stranger: str) -> str:
    """The least text with these parts; of two beginnings (or ends) the longer one is taken."""
    start = max((text for place, text in parts if place == "start"), key=len, default="")
    end = max((text for place, text in parts if place == "end"), key=len, default="")
    middle = [text for place, text in parts if place == "inside"]
    return stranger.join([start, *middle, end])


def _subsets(items: Sequence[str]) -> Iterable[frozenset[str]]:
    for picked in product((False, True), repeat=len(items)):
        yield frozenset(item for item, take in zip(items, picked, strict=True) if take)
