"""The values that `$names` stand for on one day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ordinance.rules.kinds import Value
from ordinance.rules.tree import (
    DatedEntries,
    Effective,
    FactRef,
    Given,
    ListRef,
    NamedList,
    Operand,
    OutcomeValue,
    Param,
    ParamRef,
    RuleSet,
)


@dataclass(frozen=True, slots=True)
class Constants:
    """What every param and list holds. A name that is absent has no value on that day, or the
    day is not known and the value depends on it."""

    params: Mapping[str, Value]
    lists: Mapping[str, tuple[Value, ...]]

    def operand(self, operand: Operand) -> tuple[Value, ...] | None:
        """The values of an operand that is not a fact; None when it has none."""
        match operand:
            case Given(value):
                return (value,)
            case ParamRef(name):
                return (self.params[name],) if name in self.params else None
            case ListRef(name):
                return self.lists.get(name)
            case FactRef(name):
                raise ValueError(f"`${name}` is a fact, not a constant")

    def gaps(self, value: OutcomeValue) -> tuple[str, ...]:
        """The `$names` in an outcome value that have no value."""
        if isinstance(value, ParamRef):
            return () if value.name in self.params else (value.name,)
        if isinstance(value, Mapping):
            return tuple(gap for item in value.values() for gap in self.gaps(item))
        if isinstance(value, tuple):
            return tuple(gap for item in value for gap in self.gaps(item))
        return ()

    def filled(self, value: OutcomeValue) -> OutcomeValue:
        """An outcome value with its `$names` filled in; only for one without gaps."""
        if isinstance(value, ParamRef):
            return self.params[value.name]
        if isinstance(value, Mapping):
            return {name: self.filled(item) for name, item in value.items()}
        if isinstance(value, tuple):
            return tuple(self.filled(item) for item in value)
        return value


def constants_on(tree: RuleSet, day: date | None) -> Constants:
    """The constants of a set on `day`; None stands for a day that is not known."""
    params = {name: _param_on(param, day) for name, param in (tree.params or {}).items()}
    lists = {name: _list_on(named, day) for name, named in (tree.lists or {}).items()}
    return Constants(
        {name: value for name, value in params.items() if value is not None},
        {name: entries for name, entries in lists.items() if entries is not None},
    )


def latest(tree: RuleSet) -> Constants:
    """The constants by their last dated values, for an outcome that may not fail."""
    days = turning_days(tree)
    return constants_on(tree, days[-1] if days else None)


def in_force(effective: Effective | None, day: date | None) -> bool | None:
    """Whether the dates of `effective` cover `day`; None when that is not known."""
    if effective is None or (effective.start is None and effective.end is None):
        return True
    if day is None:
        return None
    started = effective.start is None or effective.start <= day
    return started and (effective.end is None or day < effective.end)


def turning_days(tree: RuleSet) -> tuple[date, ...]:
    """The days on which something in the set changes; between two of them all stays the same."""
    days: set[date | None] = set()
    for param in (tree.params or {}).values():
        days.update(dated.start for dated in param.values)
    for named in (tree.lists or {}).values():
        for entries in named.values:
            days.add(entries.start)
            days.update(_day_after(entry.until) for entry in entries.entries)
    for effective in (tree.effective, *(rule.effective for rule in tree.rules)):
        if effective is not None:
            days.update((effective.start, effective.end))
    return tuple(sorted(day for day in days if day is not None))


def _param_on(param: Param, day: date | None) -> Value | None:
    if day is None:
        return param.values[0].value if len(param.values) == 1 else None
    held = [dated for dated in param.values if dated.start is None or dated.start <= day]
    return max(held, key=lambda dated: dated.start or date.min).value if held else None


def _list_on(named: NamedList, day: date | None) -> tuple[Value, ...] | None:
    if day is None:
        steady = len(named.values) == 1 and all(
            entry.until is None for entry in named.values[0].entries
        )
        return tuple(entry.value for entry in named.values[0].entries) if steady else None
    entries = entries_on(named, day)
    if entries is None:
        return None
    return tuple(
        entry.value for entry in entries.entries if entry.until is None or day <= entry.until
    )


def entries_on(named: NamedList, day: date) -> DatedEntries | None:
    """The dated entries that hold on `day`, expired ones included; None before the first."""
    held = [dated for dated in named.values if dated.start is None or dated.start <= day]
    return max(held, key=lambda dated: dated.start or date.min) if held else None


def _day_after(day: date | None) -> date | None:
    return None if day is None or day == date.max else day + timedelta(days=1)
