"""Rules of a shop that contradict the law: an order for which their answer would be a breach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo
from functools import partial
from typing import TypeAlias

from ordinance.rules.checking.asking import asked_of, bare, compares_answer, with_answer
from ordinance.rules.checking.diagram import FALSE, Node, Spent
from ordinance.rules.checking.example import Example
from ordinance.rules.checking.finding import (
    Finding,
    as_given,
    finding,
    in_words,
    where_it_holds,
)
from ordinance.rules.checking.grid import grid_of
from ordinance.rules.checking.model import MIDDAY, Model, asked_by
from ordinance.rules.checking.reach import confirmed
from ordinance.rules.checking.setting import (
    Period,
    Setting,
    held,
    operand_values,
    periods,
    settings,
)
from ordinance.rules.checking.spoken import spoken_answers
from ordinance.rules.deciding.conditions import Builder, facts_in, tests_in
from ordinance.rules.deciding.constants import constants_on, in_force
from ordinance.rules.deciding.decider import Decider
from ordinance.rules.deciding.outcomes import merged, said
from ordinance.rules.deciding.policies import DecidingError
from ordinance.rules.deciding.vocabulary import Vocabulary
from ordinance.rules.decision import Decision, Plain
from ordinance.rules.facts import Facts
from ordinance.rules.kinds import Kind, Value, Words
from ordinance.rules.law import OUTCOME, answered
from ordinance.rules.point import Hit
from ordinance.rules.problem import FactError
from ordinance.rules.tree import (
    ParamRef,
    Rule,
    RuleSet,
    Test,
)

_Names: TypeAlias = frozenset[str | None]


def contradictions(tree: RuleSet, law: RuleSet, *, zone: tzinfo = UTC) -> list[Finding]:
    """Every rule of `tree` (or its `otherwise`) whose answer a rule of `law` calls a breach.

    `law` answers the law's point of `tree`. Looked at is every period of both and every value
    that a merchant may set; each finding has an order for which the engine really gives that
    answer and the law really objects. Rankings are not looked into.
    """
    if tree.hit is Hit.RANK:
        return []
    every = list(_settings(tree, law))
    found: dict[tuple[str, ...], Finding] = {}
    for setting, days, on in every:
        try:
            case = _Case(replace(setting, period=days), law, on, zone)
            for item in case.breaches():
                known = found.get(item.subject, item)
                found[item.subject] = replace(known, held=(*known.held, setting))
        except Spent:
            item = _not_decided(tree)
            found.setdefault(item.subject, item)
    for rule in law.rules:
        if compares_answer(rule):
            item = _not_looked_into(rule)
            found[item.subject] = item
    looked_at = _distinct([setting for setting, _, _ in every])
    return [
        where_it_holds(replace(item, held=tuple(_distinct(item.held))), looked_at)
        if item.held
        else item
        for item in found.values()
    ]


def _distinct(every: Sequence[Setting]) -> list[Setting]:
    """Each setting once, whatever the days of the law."""
    return list({(item.period, repr(sorted(item.params.items()))): item for item in every}.values())


def _settings(tree: RuleSet, law: RuleSet) -> Iterator[tuple[Setting, Period, Period]]:
    """The settings of the shop's rules, each with the days of it that are looked at and the period
    of the law that goes with them."""
    legal = _legal_periods(law)
    for setting in _varied(tree, law):
        if tree.as_of != law.as_of:
            together = [(setting.period, period) for period in legal]
        else:
            both = [_both(setting.period, period) for period in legal]
            together = [(days, days) for days in both if days is not None]
        yield from ((setting, *days) for days in _strictest(together, law))


def _legal_periods(law: RuleSet) -> list[Period]:
    """The periods in which some rule of the law holds."""
    return [
        period
        for period in periods(law)
        if any(in_force(rule.effective, period.day) for rule in law.rules)
    ]


def _strictest(
    every: Sequence[tuple[Period, Period]], law: RuleSet
) -> Iterator[tuple[Period, Period]]:
    """Those periods whose law is not a part of the law of a later one: what would be a breach
    there is one later too."""
    laws = [_in_force(law, period.day) for _, period in every]
    for at, days in enumerate(every):
        if not any(laws[at] <= later for later in laws[at + 1 :]):
            yield days


def _in_force(law: RuleSet, day: date) -> frozenset[str]:
    """Everything that holds on a day: the rules, and the values of all names."""
    constants = constants_on(law, day)
    return frozenset(
        [
            *(rule.id for rule in law.rules if in_force(rule.effective, day)),
            *(f"${name}={value!r}" for name, value in constants.params.items()),
            *(f"${name}={value!r}" for name, value in constants.lists.items()),
        ]
    )


def _varied(tree: RuleSet, law: RuleSet) -> Iterator[Setting]:
    """The settings of a set and, for each parameter that stands in an outcome, those in which it
    has another value that the law tells apart."""
    for setting in settings(tree):
        yield setting
        for name, values in _spoken_params(tree, law).items():
            for value in values:
                changed = {**setting.params, name: value}
                yield replace(setting, tree=held(setting.tree, {name: value}), params=changed)


def _spoken_params(tree: RuleSet, law: RuleSet) -> dict[str, list[Value]]:
    """The values of each free parameter in an outcome, as far as the law tells them apart."""
    outcomes = [*(rule.then for rule in tree.rules), *(band.then for band in tree.bands)]
    outcomes += [tree.when_unknown, *([] if tree.otherwise is None else [tree.otherwise])]
    facts = {fact.name: fact for fact in law.point.facts}
    compared = [test for rule in law.rules for test in tests_in(rule.when)]
    found: dict[str, list[Value]] = {}
    for outcome in outcomes:
        for field, value in outcome.items():
            param = (tree.params or {}).get(value.name) if isinstance(value, ParamRef) else None
            if param is None or (param.at_least is None and param.at_most is None):
                continue
            bounds = [
                bound
                for test in compared
                if isinstance(test, Test) and test.fact == OUTCOME + field
                for operand in test.operands
                for bound in operand_values(operand, law)
            ]
            grid = grid_of(facts[OUTCOME + field], UTC)
            if bounds and grid is not None:
                found[param.name] = grid.points(bounds, param.at_least, param.at_most)
    return found


def _both(first: Period, second: Period) -> Period | None:
    """The days of both periods; None when there are none."""
    starts = [day for day in (first.start, second.start) if day is not None]
    ends = [day for day in (first.end, second.end) if day is not None]
    start, end = max(starts, default=None), min(ends, default=None)
    return None if start and end and end <= start else Period(start, end)


class _Case:
    """A shop's rules in one setting, against the law on a day."""

    def __init__(self, setting: Setting, law: RuleSet, on: Period, zone: tzinfo) -> None:
        self.law, self.on, self.zone = law, on, zone
        self.point = setting.tree.point
        self.constants = constants_on(law, on.day)
        self.judge = Builder(Vocabulary(law.point), self.constants)
        held_rules = [rule for rule in law.rules if in_force(rule.effective, on.day)]
        self.rules = [rule for rule in held_rules if not compares_answer(rule)]
        about = replace(law, point=self.point, rules=tuple(map(bare, self.rules)))
        self.model, _ = Model.together(setting, Setting(about, on), zone=zone)
        self.decider = Decider(law, plain=True)
        self.asked = asked_of(self.rules)
        self._asked_by = {rule.id: asked_of([rule]) for rule in self.rules}
        self._breaches: dict[tuple[str, str], Node] = {}

    def breaches(self) -> Iterator[Finding]:
        """Each of the shop's rules with each rule of law that its answer breaks."""
        diagrams = self.model.diagrams
        for answer in spoken_answers(self.model, self.asked):
            for rule in self.rules:
                breach = diagrams.meet(answer.where, self._breach(rule, answer.outcome))
                if breach == FALSE:
                    continue
                example = confirmed(self.model, breach, partial(self._is_breach, rule))
                if example is not None:
                    yield self._told(rule, example)
        yield from self._unknown()

    def _breach(self, rule: Rule, outcome: Mapping[str, Plain]) -> Node:
        """The orders on which a rule of law calls this answer a breach."""
        # Answers that say the same of what the rule asks about are one.
        key = (rule.id, repr([outcome.get(field) for field in self._asked_by[rule.id]]))
        if key not in self._breaches:
            self._breaches[key] = self._broken_by(rule, outcome)
        return self._breaches[key]

    def _broken_by(self, rule: Rule, outcome: Mapping[str, Plain]) -> Node:
        said = answered(self.point, outcome)
        asked = replace(rule, when=with_answer(rule.when, said, self.judge))
        when = asked_by(asked, replace(self.law, point=self.point), self.constants)
        return self.model.space.verdict(when).true

    def _unknown(self) -> Iterator[Finding]:
        """`when_unknown` that is a breach where facts are missing which the law does not need."""
        outcome = self.model.decider.program(self.model.period.day).fallbacks.unknown(self.point)
        for rule in self.rules:
            breach = self._breach(rule, outcome.outcome)
            if breach == FALSE:
                continue
            needed = frozenset((*facts_in(rule.when), self.law.as_of))

            def is_breach(example: Example, rule: Rule = rule, needed: _Names = needed) -> bool:
                return self._is_breach(rule, _without(example, needed))

            example = confirmed(self.model, breach, is_breach)
            if example is not None:
                yield self._told(rule, _without(example, needed))

    def _is_breach(self, rule: Rule, example: Example) -> bool:
        """Whether the engine really gives an answer there that the law really objects to."""
        decision = self._decided(example)
        if decision is None:
            return False
        said = answered(self.point, decision.outcome)
        try:
            law = self.decider.decide(self._facts(example).with_(said), self.model.at(example))
        except (DecidingError, FactError):
            return False
        return rule.id in law.fired

    def _decided(self, example: Example) -> Decision | None:
        try:
            return self.model.decider.decide(self._facts(example), self.model.at(example))
        except (DecidingError, FactError):
            return None

    def _facts(self, example: Example) -> Facts:
        facts = self.model.facts(example)
        name = self.law.as_of
        if name is None or name in example.values or name == self.model.tree.as_of:
            return facts
        fact = self.model.vocabulary.facts[name]
        day = self.on.day
        moment: Value = day if fact.kind is Kind.DATE else datetime.combine(day, MIDDAY, self.zone)
        return facts.with_({name: moment})

    def _blamed(self, law: Rule, fired: Sequence[Rule]) -> list[Rule]:
        """Of the rules that fired those that break the law: each one that does so by itself, or
        else all that say something of what the law asks about."""
        speaking = [rule for rule in fired if not set(self.asked).isdisjoint(rule.then)]
        alone = [rule for rule in speaking if self._breaks_alone(law, rule)]
        return alone[:1] or speaking or list(fired)

    def _breaks_alone(self, law: Rule, rule: Rule) -> bool:
        spoken = said(rule.then, self.model.constants)
        if spoken is None:
            return False
        return self._breach(law, merged(self.point, [spoken])) != FALSE

    def _told(self, law: Rule, example: Example) -> Finding:
        decision = self._decided(example)
        fired = () if decision is None else decision.fired
        own = self._blamed(law, [rule for rule in self.model.tree.rules if rule.id in fired])
        settled = "otherwise" if decision is None else decision.settled_by
        if own:
            listed = ", ".join(f"`{rule.id}`" for rule in own)
            whose = Words(f"规则 {listed}", f"rule {listed}")
            if len(own) > 1:
                whose = Words(f"规则 {listed}", f"rules {listed}")
        elif settled in ("unknown", "failure"):
            whose = Words("`when_unknown` (未知时)", "`when_unknown`")
        else:
            whose = Words("`otherwise` (否则)", "`otherwise`")
        title = law.title or Words(law.id, law.id)
        source = law.source or Words("", "")
        broken = "contradicts" if len(own) < 2 else "contradict"
        return finding(
            "E_LAW",
            "error",
            Words(
                f"{whose.zh} 与法律规则 `{law.id}` ({title.zh}, {law.place}) 抵触",
                f"{whose.en} {broken} the law `{law.id}` ({title.en}, {law.place})",
            ),
            own[0].place if own else self.model.tree.place,
            way=Words(
                f"换一个结论, 或收窄条件; 依据: {source.zh}",
                f"give another answer there, or narrow the condition; source: {source.en}",
            ),
            subject=(*(rule.id for rule in own), settled, law.id),
            places=[law.place],
            example=in_words(example, self.model.vocabulary),
            facts=as_given(example),
        )


def _without(example: Example, needed: _Names) -> Example:
    """The example without every fact that nobody needs; what is absent then is unknown."""
    values = {name: value for name, value in example.values.items() if name in needed}
    gone = tuple(name for name in example.values if name not in needed)
    matter = (*(name for name in example.matter if name not in gone), *gone)
    return replace(example, values=values, matter=matter, absent=(*example.absent, *gone))


def _not_looked_into(rule: Rule) -> Finding:
    return finding(
        "N_NOT_CHECKED",
        "note",
        Words(
            f"法律规则 `{rule.id}` 把结论和另一个事实相比, 没有查",
            f"the law `{rule.id}` compares the answer with another fact, which is not checked",
        ),
        rule.place,
        subject=(rule.id,),
    )


def _not_decided(tree: RuleSet) -> Finding:
    return finding(
        "N_NOT_DECIDED",
        "note",
        Words(
            "没有查完是否与法律抵触: 组合太多",
            "whether it contradicts the law was not decided: too many combinations",
        ),
        tree.place,
        subject=("law",),
    )
