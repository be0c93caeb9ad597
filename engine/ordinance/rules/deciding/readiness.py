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
class Questions:
    """What a rule asks. The check is true when all that follows is, and the rule in force."""

    check: Check
    scope: tuple[Node, ...]
    when: Node


@dataclass(slots=True, eq=False)
class Ready:
    """A rule (or a preference) on one day.

    What it asks is compiled when it is first asked for: a compiled set knows which rules are true
    without asking them, and then only wants to know what they say.
    """

    id: str
    dated: Verdict
    """Whether the dates of its `effective:` cover the day."""
    daily: Check | None
    """Whether its daily window is open."""
    said: Said | None
    """None when a `$name` in its outcome has no value on this day."""
    gaps: tuple[str, ...]
    """Those `$names`."""
    group: str | None
    _questions: Questions | tuple[Rule, Builder]

    @property
    def check(self) -> Check:
        """True when all that follows is, and the rule in force."""
        return self._asked().check

    @property
    def scope(self) -> tuple[Node, ...]:
        """What its `scope:` asks."""
        return self._asked().scope

    @property
    def when(self) -> Node:
        """What its condition asks."""
        return self._asked().when

    def _asked(self) -> Questions:
        questions = self._questions
        if isinstance(questions, tuple):
            questions = self._questions = _questions(*questions, self)
        return questions


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
    return Ready(
        rule.id,
        in_force(rule.effective, day),
        daily_check(rule.effective),
        said(rule.then, builder.constants),
        builder.constants.gaps(rule.then),
        rule.group,
        (rule, builder),
    )


def _questions(rule: Rule, builder: Builder, ready: Ready) -> Questions:
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
    checks = [node.check for node in (*scope, when)]
    if ready.daily is not None:
        checks.insert(0, ready.daily)
    check = all_true(checks)
    if ready.dated is False:
        check = _never
    elif ready.dated is None or ready.said is None:
        check = _at_best_unknown(check)
    return Questions(check, scope, when)


def ready_condition(
    id: str, when: Condition, builder: Builder, gaps: tuple[str, ...] = ()
) -> Ready:
    """A bare condition that is asked under the name `id`. With `gaps` (`$names` that go with it
    and have no value) it is unknown at best."""
    node = builder.node(when)
    check = _at_best_unknown(node.check) if gaps else node.check
    return Ready(id, True, None, Said({}), gaps, None, Questions(check, (), node))


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
