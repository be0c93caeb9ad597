"""Rules made ready for one day: their time, their scope and their conditions as one check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import overload

from ordinance.rules.deciding.comparators import in_window
from ordinance.rules.deciding.conditions import (
    Builder,
    Check,
    Node,
    Situation,
    Verdict,
    all_true,
)
from ordinance.rules.deciding.constants import in_force
from ordinance.rules.deciding.outcomes import Said, said
from ordinance.rules.tree import Comparator, Condition, Effective, Given, Rule, Test

CLOCK = "at"
"""The key of a situation that holds the time of day of deciding, in the shop's zone."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A rule (or a preference) on one day. Its check is true when all that follows is."""

    id: str
    check: Check
    dated: Verdict
    """Whether the dates of its `effective:` cover the day."""
    daily: Check | None
    """Whether its daily window is open."""
    scope: tuple[Node, ...]
    when: Node
    said: Said | None
    """None when a `$name` in its outcome has no value on this day."""
    gaps: tuple[str, ...] = ()
    """Those `$names`."""
    group: str | None = None


class ReadyRules(Sequence[Ready]):
    """The rules of a set, each made ready when it is first looked at.

    A compiled set looks only at the rules that are true or unknown, and those are few.
    """

    __slots__ = ("_builder", "_day", "_ready", "_rules")

    def __init__(self, rules: Sequence[Rule], builder: Builder, day: date | None) -> None:
        self._rules = rules
        self._builder = builder
        self._day = day
        self._ready: list[Ready | None] = [None] * len(rules)

    def __len__(self) -> int:
        return len(self._rules)

    @overload
    def __getitem__(self, index: int) -> Ready: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Ready]: ...

    def __getitem__(self, index: int | slice) -> Ready | Sequence[Ready]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        ready = self._ready[index]
        if ready is None:
            ready = self._ready[index] = ready_rule(self._rules[index], self._builder, self._day)
        return ready


def ready_rule(rule: Rule, builder: Builder, day: date | None) -> Ready:
    """`rule` ready for `day`, the day of the constants of `builder`."""
    scopes = builder.vocabulary.point.scopes
    scope = tuple(
        builder.node(
            Test(
                scopes[key],
                Comparator.ONE_OF,
                tuple(Given(value) for value in values),
                rule.place,
            )
        )
        for key, values in (rule.scope or {}).items()
    )
    when = builder.node(rule.when)
    dated = in_force(rule.effective, day)
    daily = daily_check(rule.effective)
    outcome = said(rule.then, builder.constants)
    checks = [node.check for node in (*scope, when)]
    if daily is not None:
        checks.insert(0, daily)
    check = all_true(checks)
    if dated is False:
        check = _never
    elif dated is None or outcome is None:
        check = _at_best_unknown(check)
    gaps = builder.constants.gaps(rule.then)
    return Ready(rule.id, check, dated, daily, scope, when, outcome, gaps, rule.group)


def ready_condition(
    id: str, when: Condition, builder: Builder, gaps: tuple[str, ...] = ()
) -> Ready:
    """A bare condition that is asked under the name `id`. With `gaps` (`$names` that go with it
    and have no value) it is unknown at best."""
    node = builder.node(when)
    check = _at_best_unknown(node.check) if gaps else node.check
    return Ready(id, check, True, None, (), node, Said({}), gaps)


def daily_check(effective: Effective | None) -> Check | None:
    """Whether a daily window is open at the time of a situation; None without a window."""
    if effective is None or effective.daily is None:
        return None
    start, end = effective.daily

    def check(situation: Situation) -> Verdict:
        moment: time | None = situation[CLOCK]
        return None if moment is None else in_window(moment, start, end)

    return check


def _never(situation: Situation) -> Verdict:
    return False


def _at_best_unknown(inner: Check) -> Check:
    def check(situation: Situation) -> Verdict:
        return False if inner(situation) is False else None

    return check
