"""Kinds of value that are ordered: between which of them there is room, and which is round."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, cast

from ordinance.rules.kinds import Kind, Value
from ordinance.rules.point import Fact
from ordinance.rules.words import decimals_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = 1_000_000
_DAY = 86_400 * _SECOND
_DURATIONS = [_DAY, 3_600 * _SECOND, 60 * _SECOND, _SECOND, 1_000, 1]
_CLOCK = [3_600, 1_800, 60, 1]
_MOST_DIGITS = 40


@dataclass(frozen=True, slots=True)
class Grid:
    """The values of an ordered kind as whole numbers, or as fractions where they are dense."""

    position: Callable[[Any], Fraction]
    """Where a value stands; one off the grid stands between two whole numbers."""
    value: Callable[[Any], Value]
    """The value at a position."""
    rounds: Sequence[int]
    """Round steps, coarse first; empty for powers of ten."""
    dense: bool
    lowest: int | None = None
    highest: int | None = None
    usual: int | Fraction = 0
    """The position of an ordinary value."""

    def points(
        self,
        bounds: Iterable[Value],
        low: Value | None,
        high: Value | None,
        marks: Iterable[Value] = (),
    ) -> list[Value]:
        """Values from `low` to `high` (both included) that stand for all of them: each bound, its
        neighbours and a round one of each gap. `marks` are bounds whose neighbours do not matter.
        """
        first = self._edge(low, self.lowest, math.ceil)
        last = self._edge(high, self.highest, math.floor)
        cuts = {place for place in map(self.position, bounds) if _within(place, first, last)}
        soft = {place for place in map(self.position, marks) if _within(place, first, last)}
        found: set[Any] = {edge for edge in (first, last) if edge is not None}
        found |= {place for place in soft if self.dense or place.denominator == 1}
        for cut in cuts:
            if self.dense or cut.denominator == 1:
                found.add(cut)
            if not self.dense:
                found |= {math.floor(cut) - 1, math.floor(cut), math.ceil(cut), math.ceil(cut) + 1}
        edges: list[Any] = [first, *sorted(cuts | soft), last]
        for below, above in pairwise(edges):
            found.add(self._round(below, above))
        found.add(self.usual)
        inside = [place for place in found if place is not None and _within(place, first, last)]
        return [self.value(place) for place in sorted(inside, key=self._plainness)]

    def _edge(self, bound: Value | None, end: int | None, whole: Callable[[Fraction], int]) -> Any:
        if bound is None:
            return end
        place = self.position(bound)
        return place if self.dense else whole(place)

    def _round(self, below: Any, above: Any) -> Any:
        """A round position strictly between two others, where there is one."""
        if below is None and above is None:
            return self.usual
        if below is None:
            return above - self._reach(above)
        if above is None:
            return below + self._reach(below)
        for step in self._steps(above - below):
            place = (below // step + 1) * step
            if place < above:
                return place
        return None

    def _reach(self, place: Any) -> Any:
        size = max(abs(place) // 10, 1)
        return next(step for step in self._steps(size) if step <= size)

    def _steps(self, size: Any) -> Iterable[Any]:
        if self.rounds:
            return self.rounds
        digits = len(str(math.floor(size)))
        lowest = -_MOST_DIGITS if self.dense else 0
        return (Fraction(10) ** exponent for exponent in range(digits, lowest - 1, -1))

    def _plainness(self, place: Any) -> tuple[Any, ...]:
        """Sorts the values first that a merchant takes in at once."""
        if self.rounds:
            step = next(at for at, step in enumerate(self.rounds) if place % step == 0)
            return (place != self.usual, step, abs(place - self.usual), place)
        size = abs(_magnitude(place) - _magnitude(self.usual))
        return (place < 0, place == 0, _digits(place), size, abs(place), place)


def grid_of(fact: Fact, zone: tzinfo) -> Grid | None:
    """The grid of an ordered fact; None for one of another kind."""
    match fact.kind:
        case Kind.INTEGER:
            return Grid(Fraction, int, (), dense=False, usual=1)
        case Kind.MONEY:
            scale = 10 ** decimals_of(fact.unit)
            return Grid(
                lambda value: Fraction(value) * scale,
                lambda place: Decimal(int(place)) / scale,
                (),
                dense=False,
                usual=100 * scale,
            )
        case Kind.DECIMAL | Kind.RATIO:
            usual = Fraction(1, 10) if fact.kind is Kind.RATIO else 1
            return Grid(Fraction, _decimal, (), dense=True, usual=usual)
        case Kind.DATE:
            return Grid(
                lambda value: Fraction(value.toordinal()),
                lambda place: date.fromordinal(int(place)),
                (1,),
                dense=False,
                lowest=date(1900, 1, 1).toordinal(),
                highest=date(9000, 1, 1).toordinal(),
                usual=date(2026, 6, 1).toordinal(),
            )
        case Kind.INSTANT:
            ten = datetime(2026, 6, 1, 10, tzinfo=zone)
            offset = cast(timedelta, ten.utcoffset()) // timedelta(microseconds=1)
            return Grid(
                lambda value: Fraction((value - _EPOCH) // timedelta(microseconds=1) + offset),
                lambda place: (_EPOCH + timedelta(microseconds=int(place) - offset)).astimezone(
                    zone
                ),
                _DURATIONS,
                dense=False,
                lowest=(datetime(1900, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1),
                highest=(datetime(9000, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1),
                usual=(ten - _EPOCH) // timedelta(microseconds=1) + offset,
            )
        case Kind.DURATION:
            return Grid(
                lambda value: Fraction(value // timedelta(microseconds=1)),
                lambda place: timedelta(microseconds=int(place)),
                _DURATIONS,
                dense=False,
                usual=_DAY,
            )
        case Kind.TIME_OF_DAY:
            return Grid(
                lambda value: Fraction(value.hour * 3_600 + value.minute * 60 + value.second),
                lambda place: time(int(place) // 3_600, int(place) // 60 % 60, int(place) % 60),
                _CLOCK,
                dense=False,
                lowest=0,
                highest=86_399,
                usual=36_000,
            )
    return None


def _within(place: Any, first: Any, last: Any) -> bool:
    return (first is None or place >= first) and (last is None or place <= last)


def _decimal(place: Any) -> Decimal:
    return Decimal(place.numerator) / Decimal(place.denominator)


def _magnitude(place: Any) -> int:
    return _decimal(place).adjusted()


def _digits(place: Any) -> int:
    return len(_decimal(place).normalize().as_tuple().digits)
