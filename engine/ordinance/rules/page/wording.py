"""Conditions, outcomes and values of a rule set in words, for every date at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from ordinance.rules import phrases, scalar
from ordinance.rules.deciding.outcomes import POINTS
from ordinance.rules.explaining.voice import COUNTED, MOST_LISTED
from ordinance.rules.kinds import Value
from ordinance.rules.page.blocks import Item
from ordinance.rules.point import Argument, Choice, Fact, Field
from ordinance.rules.tree import (
    AllOf,
    AnyOf,
    Comparator,
    Condition,
    Effective,
    FactRef,
    Given,
    LineTest,
    ListRef,
    NamedList,
    NotOf,
    Operand,
    Outcome,
    OutcomeValue,
    Param,
    ParamRef,
    RuleSet,
    SomeOf,
    Test,
)
from ordinance.rules.words import KEYS

MOST_DATES = 3

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}]+)\}")


class Wording:
    """Says in one language what a rule set says."""

    def __init__(self, tree: RuleSet, lang: str) -> None:
        self.tree = tree
        self.lang = lang
        self.facts: Mapping[str, Fact] = {fact.name: fact for fact in tree.point.facts}
        self.params: Mapping[str, Param] = tree.params or {}
        self.lists: Mapping[str, NamedList] = tree.lists or {}

    def say(self, zh: str, en: str) -> str:
        """The one of the two that is in this language."""
        return zh if self.lang == "zh" else en

    def join(self, parts: Iterable[str]) -> str:
        """Several things, one after another."""
        return ("、" if self.lang == "zh" else ", ").join(parts)

    def subject(self, name: str) -> str:
        """What a fact is called."""
        return self.facts[name].words.get(self.lang)

    def label(self, named: Param | NamedList) -> str:
        """What a parameter or a list is called."""
        return named.label.get(self.lang) if named.label else named.name

    def value(self, value: Value, of: Fact | Field | Argument | Param) -> str:
        """A value of a fact, of a field or of a parameter."""
        choices: Sequence[Choice] = () if isinstance(of, Param) else of.choices
        return scalar.render(value, of.kind, self.lang, unit=of.unit, choices=choices)

    def condition(self, condition: Condition) -> tuple[Item, ...]:
        """A condition as a list of which every point must hold."""
        if isinstance(condition, AllOf):
            return tuple(item for part in condition.items for item in self.condition(part))
        return (self._item(condition),)

    def outcome(self, outcome: Outcome) -> str:
        """What a rule, a band or a fallback answers."""
        fields = {field.name: field for field in self.tree.point.fields}
        said = []
        for name, value in outcome.items():
            if name == POINTS:
                said.append(f"{self.say('得分', 'points')} {self._points(value)}")
            else:
                said.append(f"{fields[name].words.get(self.lang)} {self._answer(value, name)}")
        return "; ".join(said) or self.say("无", "nothing")

    def sentence(self, text: str) -> str:
        """A sentence of the file, with the words of what it is filled with in brackets."""
        spelled = {fact.words.zh: fact for fact in self.tree.point.facts} | dict(self.facts)

        def put(match: re.Match[str]) -> str:
            name = match.group(1)
            if name is None:
                return match.group()[0]
            if name in spelled:
                return f"[{spelled[name].words.get(self.lang)}]"
            param = self.params.get(name)
            return match.group() if param is None else f"[{self.label(param)}]"

        return _PLACEHOLDER.sub(put, text)

    def operand(self, operand: Operand, fact: Fact) -> str:
        """What a fact is compared with."""
        match operand:
            case Given(value):
                return self.value(value, fact)
            case FactRef(name):
                return self.subject(name)
            case ParamRef(name):
                return self.param(self.params[name])
            case ListRef(name):
                return self.listed(self.lists[name], fact)

    def param(self, param: Param) -> str:
        """A parameter with its values by date."""
        label = self.label(param)
        if len(param.values) > MOST_DATES:
            return self.say(f"{label} (按日期, 见下)", f"{label} (by date, see below)")
        said = []
        for dated in param.values:
            value = self.value(dated.value, param)
            if dated.start is None or len(param.values) == 1:
                said.append(value)
            else:
                said.append(self.say(f"自 {dated.start} 起 {value}", f"{value} from {dated.start}"))
        return f"{label} ({self.join(said)})"

    def effective(self, effective: Effective) -> str:
        """When something is in force."""
        said = []
        if effective.start is not None:
            said.append(self.say(f"自 {effective.start} 起", f"from {effective.start}"))
        if effective.end is not None:
            said.append(
                self.say(f"至 {effective.end} 止 (不含)", f"until {effective.end} (excluded)")
            )
        if effective.daily is not None:
            start, end = (moment.strftime("%H:%M") for moment in effective.daily)
            said.append(self.say(f"每日 {start} 到 {end}", f"daily from {start} to {end}"))
        return self.join(said)

    def scope(self, scope: Mapping[str, tuple[str, ...]]) -> str:
        """Where a rule applies."""
        return "; ".join(
            f"{self.say(KEYS.get(key, key), key)} {self.join(values)}"
            for key, values in scope.items()
        )

    def _item(self, condition: Condition) -> Item:
        match condition:
            case Test():
                return Item(self._test(condition))
            case AllOf(items):
                if not items:
                    return Item(self.say("总是成立", "always"))
                return Item(self.say("以下都成立", "all of these"), self.condition(condition))
            case AnyOf(items):
                inner = tuple(self._item(item) for item in items)
                return Item(self.say("以下至少一项成立", "at least one of these"), inner)
            case NotOf(Test() as test):
                return Item(self._test(test, denied=True))
            case NotOf(item):
                inner = self.condition(item)
                if len(inner) == 1 and not inner[0].items:
                    return Item(self.say(f"并非: {inner[0].text}", f"not: {inner[0].text}"))
                if len(inner) == 1:
                    return Item(self.say("以下不成立", "this does not hold"), inner)
                return Item(self.say("以下不都成立", "not all of these"), inner)
            case SomeOf(at_least, items):
                inner = tuple(self._item(item) for item in items)
                return Item(
                    self.say(
                        f"以下 {len(items)} 项至少成立 {at_least} 项",
                        f"at least {at_least} of these {len(items)}",
                    ),
                    inner,
                )
            case LineTest():
                return Item(self._lines(condition), self.condition(condition.where))

    def _lines(self, test: LineTest) -> str:
        if test.quantifier == "any":
            return self.say("至少一行商品符合", "at least one line has")
        if test.quantifier == "all":
            return self.say("每一行商品都符合 (且至少有一行)", "every line has (and there is one)")
        number = self._compared(test, COUNTED)
        return self.say(
            f"符合以下条件的商品行数{number}", f"the number of lines that have this {number}"
        )

    def _test(self, test: Test, *, denied: bool = False) -> str:
        subject = self.subject(test.fact)
        if test.comparator is Comparator.MISSING:
            if (test.operands == (Given(False),)) is not denied:
                return self.say(f"{subject} 有值", f"{subject} has a value")
            return self.say(f"{subject} 缺失", f"{subject} is missing")
        return f"{subject} {self._compared(test, self.facts[test.fact], denied=denied)}"

    def _compared(self, test: Test | LineTest, fact: Fact, *, denied: bool = False) -> str:
        assert test.comparator is not None
        phrase = phrases.phrase(test.comparator, fact.kind, denied=denied).get(self.lang)
        if self.lang == "en":
            phrase = phrases.stated(phrase)
        operands = [self.operand(operand, fact) for operand in test.operands]
        if test.comparator is not Comparator.BETWEEN:
            operands = [self.join(operands)]
        for index, operand in enumerate(operands):
            phrase = phrase.replace(f"{{{index}}}", operand)
        return phrase

    def listed(self, named: NamedList, fact: Fact) -> str:
        """A list with its entries, where they are few and lasting."""
        label = self.label(named)
        entries = named.values[0].entries if len(named.values) == 1 else ()
        lasting = bool(entries) and all(entry.until is None for entry in entries)
        if not lasting or len(entries) > MOST_LISTED:
            return self.say(f"{label} (名单见下)", f"{label} (the list is below)")
        return f"{label} ({self.join(self.value(entry.value, fact) for entry in entries)})"

    def _points(self, value: OutcomeValue) -> str:
        return self.param(self.params[value.name]) if isinstance(value, ParamRef) else str(value)

    def _answer(self, value: OutcomeValue, name: str) -> str:
        field = next(field for field in self.tree.point.fields if field.name == name)
        items = value if isinstance(value, tuple) else (value,)
        return self.join(self._part(item, field) for item in items)

    def _part(self, value: OutcomeValue, field: Field | Argument) -> str:
        if isinstance(value, ParamRef):
            return self.param(self.params[value.name])
        if isinstance(value, Mapping) and isinstance(field, Field):
            arguments = {argument.name: argument for argument in field.arguments}
            said = [
                f"{arguments[name].words.get(self.lang)} {self._part(item, arguments[name])}"
                for name, item in value.items()
            ]
            return f"({', '.join(said)})"
        return self.value(cast("Value", value), field)
