"""The limits in a rule set, and which sides of them its tests stand on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, cast

from ordinance.rules.deciding.conditions import tests_in
from ordinance.rules.deciding.vocabulary import Vocabulary
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.point import Fact
from ordinance.rules.tree import Comparator, Given, Operand, ParamRef, Place, RuleSet, Test

_STEPS: dict[Kind, Any] = {
    Kind.INTEGER: 1,
    Kind.MONEY: Decimal("0.01"),
    Kind.DATE: timedelta(days=1),
    Kind.INSTANT: timedelta(minutes=1),
    Kind.DURATION: timedelta(minutes=1),
}

_TRUE_AT_BOUND = (Comparator.AT_LEAST, Comparator.AT_MOST)
_TRUE_ABOVE = (Comparator.AT_LEAST, Comparator.ABOVE)


@dataclass(frozen=True, slots=True)
class Boundary:
    """A limit in a rule: one value of a fact counts, and the next one does not."""

    rule: str
    place: Place
    fact: Fact
    home: str
    """`lines` or `candidates`, where each of them has the fact; empty for one of the order."""
    bound: Value
    beyond: Value
    """The value next to the limit that comes out the other way."""
    above: bool
    """Whether `beyond` lies above the limit."""
    since: date | None
    until: date | None
    """The days (`until` excluded) on which this is the limit; None is open."""

    def covers(self, day: date | None) -> bool:
        """Whether this is the limit on `day`; on an unknown day only if it always is."""
        if day is None:
            return self.since is None and self.until is None
        started = self.since is None or self.since <= day
        return started and (self.until is None or day < self.until)

    def untested(self, cases: Sequence[tuple[Mapping[str, object], date | None]]) -> list[Value]:
        """The values to test: the limit unless a test stands right on it, and the value beyond
        unless a test stands right there. One further away would not notice a limit that moved."""
        found = [
            value for given, day in cases if self.covers(day) for value in self.values_in(given)
        ]
        missing = []
        if self.bound not in found:
            missing.append(self.bound)
        if not any(self._is_next(value) for value in found):
            missing.append(self.beyond)
        return missing

    def values_in(self, given: Mapping[str, object]) -> list[Any]:
        """The values that the facts of a test give: one, or one per line or candidate."""
        return [part[self.fact.name] for part in self._parts(given) if self.fact.name in part]

    def replaced(self, given: Mapping[str, object], value: Value) -> dict[str, object] | None:
        """The facts of a test with this value put in (for its first line or candidate); None
        when there is nowhere to put it."""
        if not self.home:
            return {**given, self.fact.name: value}
        parts = list(self._parts(given))
        if not parts:
            return None
        return {**given, self.home: ({**parts[0], self.fact.name: value}, *parts[1:])}

    def _parts(self, given: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
        if not self.home:
            return (given,)
        return cast("Sequence[Mapping[str, object]]", given.get(self.home, ()))

    def _is_next(self, value: Any) -> bool:
        """Whether a value is the one beyond, or lies between it and the limit."""
        bound, beyond = cast(Any, self.bound), cast(Any, self.beyond)
        if (beyond > bound) is not self.above:
            # The neighbour of midnight is at the other end of the day.
            return bool(value == beyond)
        return bool(bound < value <= beyond if self.above else beyond <= value < bound)


def boundaries(tree: RuleSet, vocabulary: Vocabulary) -> list[Boundary]:
    """Every limit in the conditions of a set, each once, in file order."""
    found: dict[tuple[str, Value, bool, date | None], Boundary] = {}
    for rule in tree.rules:
        for test in tests_in(rule.when):
            if isinstance(test, Test):
                for boundary in _of_test(rule.id, test, tree, vocabulary):
                    key = (test.fact, boundary.bound, boundary.above, boundary.since)
                    found.setdefault(key, boundary)
    return list(found.values())


def _of_test(rule: str, test: Test, tree: RuleSet, vocabulary: Vocabulary) -> Iterator[Boundary]:
    fact = vocabulary.facts[test.fact]
    if test.comparator is Comparator.BETWEEN:
        sides = [(Comparator.AT_LEAST, test.operands[0]), (Comparator.BELOW, test.operands[1])]
    elif test.comparator in (
        Comparator.AT_LEAST,
        Comparator.ABOVE,
        Comparator.AT_MOST,
        Comparator.BELOW,
    ):
        sides = [(test.comparator, test.operands[0])]
    else:
        return
    for comparator, operand in sides:
        for bound, since, until in _bounds(operand, tree):
            # The limit itself comes out one way, its neighbour on this side the other.
            above = (comparator in _TRUE_ABOVE) != (comparator in _TRUE_AT_BOUND)
            beyond = _next(fact, bound, above=above)
            if beyond is not None:
                home = vocabulary.homes[fact.name]
                yield Boundary(rule, test.place, fact, home, bound, beyond, above, since, until)


def _bounds(operand: Operand, tree: RuleSet) -> Iterator[tuple[Value, date | None, date | None]]:
    if isinstance(operand, Given):
        yield operand.value, None, None
    elif isinstance(operand, ParamRef):
        dated = sorted(
            (tree.params or {})[operand.name].values, key=lambda item: item.start or date.min
        )
        ends = [item.start for item in dated[1:]]
        for item, end in zip(dated, [*ends, None], strict=True):
            yield item.value, item.start, end


def _next(fact: Fact, bound: Value, *, above: bool) -> Value | None:
    """The neighbour of a limit; None where the fact's own range ends."""
    if isinstance(bound, time):
        moment = datetime.combine(date(2000, 1, 1), bound)
        minute = timedelta(minutes=1)
        return (moment + minute if above else moment - minute).time()
    step = _STEPS.get(fact.kind)
    if step is None:
        # One unit of the last digit that is written: 0.2 and 0.3, 30 and 31.
        exponent = cast(int, Decimal(cast(Any, bound)).normalize().as_tuple().exponent)
        step = Decimal(1).scaleb(min(exponent, 0))
    beyond = cast(Any, bound) + step if above else cast(Any, bound) - step
    if fact.at_least is not None and beyond < fact.at_least:
        return None
    if fact.at_most is not None and beyond > fact.at_most:
        return None
    return cast("Value", beyond)
