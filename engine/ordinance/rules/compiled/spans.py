"""Sets of values of one fact: stretches of an ordered line, or values that are listed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias, TypeVar, cast

from ordinance.rules.kinds import Kind, Value
from ordinance.rules.moment import in_utc
from ordinance.rules.tree import AllOf, AnyOf, Comparator, Condition, NotOf, SomeOf, Test

Cut: TypeAlias = tuple[Any, int]
"""A place on the line: just before a value (0) or just after it (1)."""

Known: TypeAlias = Callable[[Test], "tuple[Value, ...] | None"]
"""The constant operands of a test; None when one of them has no value on the day."""

BEFORE, AFTER = 0, 1

ORDERED = frozenset(
    {
        Kind.MONEY,
        Kind.INTEGER,
        Kind.DECIMAL,
        Kind.RATIO,
        Kind.DATE,
        Kind.INSTANT,
        Kind.TIME_OF_DAY,
        Kind.DURATION,
    }
)
"""Kinds whose values lie on a line."""

EQUALITIES = frozenset(
    {
        Comparator.IS,
        Comparator.IS_NOT,
        Comparator.ONE_OF,
        Comparator.NONE_OF,
        Comparator.MISSING,
    }
)
"""Comparators that ask only whether the value is one of some."""

_GRIDS: dict[Kind, Any] = {Kind.INTEGER: 1, Kind.DATE: timedelta(days=1)}
"""Kinds where "just after a value" is "just before the next one", and the step to it."""


@dataclass(frozen=True, slots=True)
class Span:
    """Some stretches of the line: whether it starts inside, and the cuts where that changes."""

    inside: bool
    cuts: tuple[Cut, ...]

    def opposite(self) -> Span:
        """Everything else."""
        return Span(not self.inside, self.cuts)


@dataclass(frozen=True, slots=True)
class Listed:
    """Some listed values, or (`others`) all values but these."""

    others: bool
    values: frozenset[Any]

    def opposite(self) -> Listed:
        """Everything else."""
        return Listed(not self.others, self.values)


def span(kind: Kind, condition: Condition, known: Known) -> Span:
    """The present values that a condition about one ordered fact holds for."""
    return _composed(condition, lambda test: _span_of(kind, test, known), stretch)


def listed(condition: Condition, known: Known) -> Listed:
    """The present values that a condition holds for which asks for nothing but equality."""
    return _composed(condition, lambda test: _listed_of(test, known), shared)


def whole(test: Test) -> bool | None:
    """For a test of `missing`: whether every present value passes; None for any other test."""
    if test.comparator is not Comparator.MISSING:
        return None
    return getattr(test.operands[0], "value", True) is False


S = TypeVar("S", Span, Listed)


def _composed(
    condition: Condition,
    leaf: Callable[[Test], S],
    counted: Callable[[list[S], int], S],
) -> S:
    match condition:
        case Test():
            return leaf(condition)
        case NotOf(item):
            return _composed(item, leaf, counted).opposite()
        case AllOf(items):
            return counted([_composed(item, leaf, counted) for item in items], len(items))
        case AnyOf(items):
            return counted([_composed(item, leaf, counted) for item in items], 1)
        case SomeOf(at_least, items):
            return counted([_composed(item, leaf, counted) for item in items], at_least)
    raise ValueError("a condition over lines holds for no values of one fact")


def stretch(spans: list[Span], wanted: int) -> Span:
    """The stretches that lie in at least `wanted` of the spans."""
    if len(spans) == 1 and wanted == 1:
        return spans[0]
    steps: dict[Cut, int] = {}
    count = 0
    for item in spans:
        now = item.inside
        count += now
        for cut in item.cuts:
            steps[cut] = steps.get(cut, 0) + (-1 if now else 1)
            now = not now
    inside = held = count >= wanted
    cuts = []
    for cut in sorted(steps):
        count += steps[cut]
        if (count >= wanted) is not held:
            held = not held
            cuts.append(cut)
    return Span(inside, tuple(cuts))


def shared(lists: list[Listed], wanted: int) -> Listed:
    """The values that are in at least `wanted` of the lists."""
    if len(lists) == 1 and wanted == 1:
        return lists[0]
    elsewhere = sum(item.others for item in lists)
    others = elsewhere >= wanted
    counts: dict[Any, int] = {}
    for item in lists:
        for value in item.values:
            counts[value] = counts.get(value, elsewhere) + (-1 if item.others else 1)
    odd = frozenset(value for value, count in counts.items() if (count >= wanted) is not others)
    return Listed(others, odd)


def _span_of(kind: Kind, test: Test, known: Known) -> Span:
    everything = whole(test)
    if everything is not None:
        return Span(everything, ())
    values: Iterable[Any] = known(test) or ()
    if kind is Kind.INSTANT:
        values = [in_utc(cast(datetime, value)) for value in values]
    step = _GRIDS.get(kind)

    def before(value: Any) -> Cut:
        return (value, BEFORE)

    def after(value: Any) -> Cut:
        if step is None or value == date.max:
            return (value, AFTER)
        return (value + step, BEFORE)

    bounds = tuple(values)
    match test.comparator:
        case Comparator.AT_LEAST:
            return Span(False, (before(bounds[0]),))
        case Comparator.ABOVE:
            return Span(False, (after(bounds[0]),))
        case Comparator.AT_MOST:
            return Span(True, (after(bounds[0]),))
        case Comparator.BELOW:
            return Span(True, (before(bounds[0]),))
        case Comparator.BETWEEN:
            return _between(bounds[0], bounds[1])
    points = [Span(False, (before(value), after(value))) for value in dict.fromkeys(bounds)]
    equal = stretch(points, 1) if points else Span(False, ())
    negative = test.comparator in (Comparator.IS_NOT, Comparator.NONE_OF)
    return equal.opposite() if negative else equal


def _between(start: Any, end: Any) -> Span:
    if start < end:
        return Span(False, ((start, BEFORE), (end, BEFORE)))
    if isinstance(start, time) and end < start:
        return Span(True, ((end, BEFORE), (start, BEFORE)))
    return Span(False, ())


def _listed_of(test: Test, known: Known) -> Listed:
    everything = whole(test)
    if everything is not None:
        return Listed(everything, frozenset())
    negative = test.comparator in (Comparator.IS_NOT, Comparator.NONE_OF)
    return Listed(negative, frozenset(known(test) or ()))
