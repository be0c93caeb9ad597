"""One rule set in one setting: its rules as sets of inputs, and examples that are decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import cached_property
from typing import Any

from ordinance.rules.checking.axis import values_of
from ordinance.rules.checking.diagram import FALSE, Diagrams, Node
from ordinance.rules.checking.example import Example
from ordinance.rules.checking.resolved import NOWHERE, resolved
from ordinance.rules.checking.setting import Period, Setting
from ordinance.rules.checking.space import Space
from ordinance.rules.deciding.conditions import Builder
from ordinance.rules.deciding.constants import Constants, constants_on, in_force
from ordinance.rules.deciding.decider import Decider
from ordinance.rules.deciding.policies import DecidingError
from ordinance.rules.deciding.vocabulary import CANDIDATES, CODE, Vocabulary
from ordinance.rules.decision import Decision
from ordinance.rules.facts import Facts
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.point import Fact
from ordinance.rules.problem import FactError
from ordinance.rules.tree import (
    AllOf,
    Comparator,
    Condition,
    Given,
    Preference,
    Rule,
    RuleSet,
    Test,
)

MIDDAY = time(10)
BUDGET = 600_000
"""Steps that a check may take for one rule set in one setting before it gives up."""


@dataclass(frozen=True, slots=True)
class Region:
    """A rule of a set in one setting, and where it is true, where it is false."""

    rule: Rule
    when: Condition
    """All that it asks, with values in the place of names."""
    true: Node
    false: Node
    active: bool
    """Whether its dates cover the period and its outcome has values for all its `$names`."""


class Model:
    """A rule set in one setting, with the space of its inputs."""

    def __init__(
        self,
        setting: Setting,
        *,
        no_match: bool = True,
        zone: tzinfo = UTC,
        budget: int = BUDGET,
    ) -> None:
        self.setting = setting
        self.tree = setting.tree
        self.period = setting.period
        self.zone = zone
        self.vocabulary = Vocabulary(self.tree.point)
        self.constants = constants_on(self.tree, self.period.day)
        self.whens = [asked_by(rule, self.tree, self.constants) for rule in self.tree.rules]
        self._no_match = no_match
        self._budget = budget
        self._space: Space | None = None

    @classmethod
    def together(
        cls, first: Setting, second: Setting, *, zone: tzinfo = UTC, budget: int = BUDGET
    ) -> tuple[Model, Model]:
        """Two sets of one point in one space, so that their regions can be compared."""
        models = (cls(first, zone=zone), cls(second, zone=zone))
        space = space_for(models, zone, budget=budget)
        for model in models:
            model._space = space
        return models

    @property
    def space(self) -> Space:
        """What the set tells apart."""
        if self._space is None:
            self._space = space_for([self], self.zone, no_match=self._no_match, budget=self._budget)
        return self._space

    @property
    def diagrams(self) -> Diagrams:
        """The sets of inputs."""
        return self.space.diagrams

    @cached_property
    def regions(self) -> list[Region]:
        """The rules in file order."""
        return [
            self._region(rule, when) for rule, when in zip(self.tree.rules, self.whens, strict=True)
        ]

    @cached_property
    def decider(self) -> Decider:
        """What really decides, in this setting: uncompiled, as it is asked for a few examples."""
        return Decider(self.tree, plain=True)

    def preference(self, preference: Preference) -> Condition:
        """The `when` of a preference with values in the place of names."""
        return resolved(preference.when or AllOf(()), self.constants)

    def facts(self, example: Example) -> Facts:
        """The facts of an example, completed: the decider takes them."""
        values = dict(example.values)
        as_of = self.tree.as_of
        if as_of is not None and as_of not in values and as_of not in example.absent:
            values[as_of] = self._as_of(as_of)
        candidate = self.of_candidate(values)
        order = {name: value for name, value in values.items() if name not in candidate}
        if CODE not in self.vocabulary.facts:
            return Facts.prepared(order, example.lines)
        ranked = self._ranked()
        every = [
            {CODE: code, **ranked, **own}
            for code, own in zip("AB", (candidate, *example.rivals), strict=False)
        ]
        return Facts.prepared(order, example.lines, every)

    def of_candidate(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """Those of some facts that a candidate has."""
        homes = self.vocabulary.homes
        return {name: value for name, value in values.items() if homes.get(name) == CANDIDATES}

    def _ranked(self) -> dict[str, Value]:
        """A plain value for each fact by which candidates are ordered: all of them are alike."""
        names = [preference.fact for preference in self.tree.prefer]
        names.extend(weight.fact for weight in self.tree.weights)
        values: dict[str, Value] = {}
        for name in (*names, *self.tree.tie_break):
            found = values_of(self.vocabulary.facts[name], (), self.zone, None)
            if name != CODE and found:
                values[name] = found[0]
        return values

    def at(self, example: Example) -> datetime:
        """The moment at which an example is decided."""
        return datetime.combine(self.period.day, example.clock or MIDDAY, self.zone)

    def decide(self, example: Example) -> Decision | None:
        """What the engine really decides on an example; None when it cannot."""
        try:
            return self.decider.decide(self.facts(example), self.at(example))
        except (DecidingError, FactError):
            return None

    def _region(self, rule: Rule, when: Condition) -> Region:
        active = bool(in_force(rule.effective, self.period.day))
        active = active and not self.constants.gaps(rule.then)
        verdict = self.space.verdict(when)
        true, false = verdict.true, verdict.false
        for start, end in _windows(rule):
            window = self.space.window(start, end)
            true = self.diagrams.meet(true, window)
            false = self.diagrams.join(false, self.diagrams.opposite(window))
        if not active:
            true, false = FALSE, self.diagrams.leaf(True)
        domain = self.space.domain
        return Region(
            rule,
            when,
            self.diagrams.meet(true, domain),
            self.diagrams.meet(false, domain),
            active,
        )

    def _as_of(self, name: str) -> Value:
        if self.vocabulary.facts[name].kind is Kind.DATE:
            return self.period.day
        return datetime.combine(self.period.day, MIDDAY, self.zone)


def space_for(
    models: Sequence[Model], zone: tzinfo, *, no_match: bool = True, budget: int = BUDGET
) -> Space:
    """The space of everything that some sets tell apart; they answer the same point."""
    first = models[0]
    facts = dict(first.vocabulary.facts)
    for model in models:
        if model.tree.as_of is not None:
            facts[model.tree.as_of] = _within(facts[model.tree.as_of], model.period, zone)
    conditions: list[Condition] = []
    windows: list[tuple[time, time]] = []
    for model in models:
        conditions.extend(model.whens)
        conditions.extend(model.preference(preference) for preference in model.tree.prefer)
        windows.extend(window for rule in model.tree.rules for window in _windows(rule))
        if model.tree.effective is not None and model.tree.effective.daily is not None:
            windows.append(model.tree.effective.daily)
    builder = Builder(first.vocabulary, Constants({}, {}))
    return Space(
        conditions,
        builder,
        facts,
        zone,
        windows=dict.fromkeys(windows),
        no_match=no_match,
        budget=budget,
    )


def asked_by(rule: Rule, tree: RuleSet, constants: Constants) -> Condition:
    """All that a rule asks, its scope first, with values in the place of names."""
    when = resolved(rule.when, constants)
    scope = tuple(
        Test(
            tree.point.scopes[key],
            Comparator.ONE_OF,
            tuple(Given(value) for value in values),
            NOWHERE,
        )
        for key, values in (rule.scope or {}).items()
    )
    if not scope:
        return when
    return AllOf((*scope, *(when.items if isinstance(when, AllOf) else (when,))))


def _windows(rule: Rule) -> list[tuple[time, time]]:
    daily = None if rule.effective is None else rule.effective.daily
    return [] if daily is None else [daily]


def _within(fact: Fact, period: Period, zone: tzinfo) -> Fact:
    """The fact that picks the day, bound to the days of the period."""
    low: Any = fact.at_least
    high: Any = fact.at_most
    last = None if period.end is None else period.end - timedelta(days=1)
    if fact.kind is Kind.DATE:
        low, high = period.start or low, last or high
    elif fact.kind is Kind.INSTANT:
        if period.start is not None:
            low = datetime.combine(period.start, time(), zone)
        if period.end is not None:
            high = datetime.combine(period.end, time(), zone) - timedelta(microseconds=1)
    return replace(fact, at_least=low, at_most=high)
