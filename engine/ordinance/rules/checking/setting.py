"""Under what a rule set is checked: one period, and one choice of the values a merchant may set."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, timedelta
from decimal import Decimal
from itertools import combinations, islice, pairwise
from typing import Any, cast

from ordinance.rules.checking.grid import grid_of
from ordinance.rules.checking.resolved import is_open, resolved
from ordinance.rules.deciding.conditions import tests_in
from ordinance.rules.deciding.constants import constants_on, in_force, turning_days
from ordinance.rules.deciding.outcomes import POINTS
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.point import Fact
from ordinance.rules.tree import (
    Comparator,
    Condition,
    Dated,
    Given,
    LineTest,
    ListRef,
    Operand,
    Param,
    ParamRef,
    RuleSet,
    Test,
)

_MOST = 240
"""How many choices of values are tried in one period."""
_TESTS = 16_000
"""How many comparisons they may have together."""
_LEAST = 8
_WAYS = (0, 2, 1)
"""How many parameters are varied together: all, two, one."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` (None: always) to `end` (excluded; None: for ever) on which all dated
    values stay the same."""

    start: date | None
    end: date | None

    @property
    def day(self) -> date:
        """A day of the period."""
        if self.start is not None:
            return self.start
        return date(2026, 6, 1) if self.end is None else self.end - timedelta(days=1)


WHOLE = Period(None, None)


@dataclass(frozen=True, slots=True)
class Setting:
    """A rule set in one period, with each parameter that was varied held at one value."""

    tree: RuleSet
    period: Period = WHOLE
    params: Mapping[str, Value] = field(default_factory=dict)
    """The values that differ from those of the file."""
    dated: bool = False
    """Whether there are other periods."""


def periods(*trees: RuleSet) -> list[Period]:
    """The periods in which one of the sets is in force, earliest first."""
    days = sorted({day for tree in trees for day in turning_days(tree)})
    edges: list[date | None] = [None, *days, None]
    found = [Period(start, end) for start, end in pairwise(edges)]
    return [
        period for period in found if any(in_force(tree.effective, period.day) for tree in trees)
    ]


def settings(tree: RuleSet) -> Iterator[Setting]:
    """The set in every period as it is, and then with every choice of values that could matter.

    What a check finds can only change where a parameter meets another value that its fact is
    compared with, so those values, their neighbours and one value of each gap stand for all.
    A period in which a rule asks for a name without a value is left out: there the hole is wrong.
    """
    every = [period for period in periods(tree) if not _is_open(tree, period)]
    for period in every:
        yield Setting(tree, period, dated=len(every) > 1)
    for period in every:
        usual = constants_on(tree, period.day).params
        for params, varied in _variations(tree):
            changed = {name: value for name, value in params.items() if value != usual.get(name)}
            if changed:
                yield Setting(varied, period, changed, dated=len(every) > 1)


def undecided(tree: RuleSet) -> list[str]:
    """The parameters whose values were not all tried together."""
    free = _free(tree)
    return [param.name for param in free] if _way(tree, free) != _WAYS[0] else []


def held(tree: RuleSet, values: Mapping[str, Value]) -> RuleSet:
    """The set with these values of its parameters at all times."""
    params = {
        name: replace(param, values=(Dated(None, values[name]),)) if name in values else param
        for name, param in (tree.params or {}).items()
    }
    return replace(tree, params=params)


def breakpoints(tree: RuleSet, param: Param, later: Sequence[Param] = ()) -> list[Value]:
    """The values of a parameter that stand for all it may have, given the rest of the set.

    `later` are parameters that are varied after it, by its value: of them only the ends count.
    """
    found: dict[Value, None] = {}
    marks = [end for item in later for end in (item.at_least, item.at_most) if end is not None]
    loose = {item.name for item in later}
    for fact, bounds in _meetings(tree, param.name, loose):
        grid = grid_of(fact, UTC)
        if grid is not None:
            own = [mark for mark in marks if _alike(mark, param.at_least or param.at_most)]
            points = grid.points(bounds, param.at_least, param.at_most, own)
            found.update(dict.fromkeys(points))
    if not found:
        ends = (param.at_least, param.at_most)
        found.update(dict.fromkeys(end for end in ends if end is not None))
    return sorted(found, key=lambda value: cast(Any, value))


def conditions(tree: RuleSet) -> list[Condition]:
    """Every condition of a set."""
    preferred = [preference.when for preference in tree.prefer if preference.when is not None]
    return [*(rule.when for rule in tree.rules), *preferred]


def _is_open(tree: RuleSet, period: Period) -> bool:
    """Whether a rule in force asks for a parameter or list that has no value in the period."""
    constants = constants_on(tree, period.day)
    return any(
        is_open(test)
        for rule in tree.rules
        if in_force(rule.effective, period.day)
        for test in tests_in(resolved(rule.when, constants))
    )


def _variations(tree: RuleSet) -> Iterator[tuple[dict[str, Value], RuleSet]]:
    """Choices of values: all of them together where they are few, else two or one at a time."""
    free = _free(tree)
    seen: list[dict[str, Value]] = []
    for params, varied in islice(_tried(tree, free, _way(tree, free)), _most(tree)):
        if params not in seen:
            seen.append(params)
            yield params, varied


def _way(tree: RuleSet, free: Sequence[Param]) -> int:
    """How many parameters are varied together; 0 for all."""
    most = _most(tree)
    for way in _WAYS:
        if len(list(islice(_tried(tree, free, way), most + 1))) <= most:
            return way
    return _WAYS[-1]


def _tried(
    tree: RuleSet, free: Sequence[Param], way: int
) -> Iterator[tuple[dict[str, Value], RuleSet]]:
    for chosen in combinations(free, way) if 0 < way < len(free) else [tuple(free)]:
        yield from _product(tree, chosen)


def _most(tree: RuleSet) -> int:
    """How many choices are tried: fewer for a long set, where each takes longer."""
    size = sum(len(tests_in(condition)) for condition in conditions(tree))
    return max(min(_MOST, _TESTS // max(size, 1)), _LEAST)


def _product(tree: RuleSet, free: Sequence[Param]) -> Iterator[tuple[dict[str, Value], RuleSet]]:
    """Every choice of breakpoints, where each depends on the values chosen before it."""
    stack: list[tuple[dict[str, Value], RuleSet]] = [({}, tree)] if free else []
    while stack:
        params, varied = stack.pop()
        if len(params) == len(free):
            yield params, varied
            continue
        param = free[len(params)]
        later = free[len(params) + 1 :]
        for value in reversed(breakpoints(varied, param, later)):
            stack.append(({**params, param.name: value}, held(varied, {param.name: value})))


def _free(tree: RuleSet) -> list[Param]:
    """The parameters that a merchant may set and that checks have to do with: those that
    conditions compare with, and points."""
    tests = [test for condition in conditions(tree) for test in tests_in(condition)]
    used = {item.name for test in tests for item in test.operands if isinstance(item, ParamRef)}
    points = [rule.then.get(POINTS) for rule in tree.rules]
    used |= {item.name for item in points if isinstance(item, ParamRef)}
    return [
        param
        for param in (tree.params or {}).values()
        if param.name in used and (param.at_least is not None or param.at_most is not None)
    ]


def _meetings(
    tree: RuleSet, name: str, loose: Collection[str]
) -> Iterator[tuple[Fact, list[Value]]]:
    """The facts that are compared with `$name`, with the other values they are compared with,
    without those of `loose` parameters."""
    tests = [test for condition in conditions(tree) for test in tests_in(condition)]
    facts = {fact.name: fact for fact in tree.point.facts}
    subjects = dict.fromkeys(_subject(test) for test in tests if ParamRef(name) in test.operands)
    for subject in subjects:
        fact = facts.get(subject) or Fact(subject, Kind.INTEGER, tree.title or tree.point.title)
        bounds: list[Value] = [
            bound for bound in (fact.at_least, fact.at_most) if bound is not None
        ]
        for test in tests:
            if _subject(test) == subject and test.comparator is not Comparator.MISSING:
                for operand in test.operands:
                    if not isinstance(operand, ParamRef) or operand.name not in {name, *loose}:
                        bounds.extend(_values(operand, tree))
        yield fact, bounds


def _alike(first: Value, second: Value | None) -> bool:
    """Whether two values can be compared."""
    numbers = (int, Decimal)
    return type(first) is type(second) or (
        isinstance(first, numbers) and isinstance(second, numbers)
    )


def _subject(test: Test | LineTest) -> str:
    return "" if isinstance(test, LineTest) else test.fact


def _values(operand: Operand, tree: RuleSet) -> Iterator[Value]:
    """Every value that an operand has at some time."""
    match operand:
        case Given(value):
            yield value
        case ParamRef(name):
            yield from (dated.value for dated in (tree.params or {})[name].values)
        case ListRef(name):
            for entries in (tree.lists or {})[name].values:
                yield from (entry.value for entry in entries.entries)
