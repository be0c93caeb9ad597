"""How facts, values and comparisons read in one language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, tzinfo

from ordinance.rules import phrases, scalar
from ordinance.rules.deciding.conditions import Builder, Situation
from ordinance.rules.kinds import Kind, Value, Words
from ordinance.rules.point import Fact
from ordinance.rules.tree import (
    Comparator,
    FactRef,
    LineTest,
    ListRef,
    NamedList,
    Operand,
    Param,
    ParamRef,
    RuleSet,
    Test,
)

MOST_LISTED = 8

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}]+)\}")
_BRACES = {"{{": "{", "}}": "}"}
"""How braces are written in a sentence."""

COUNTED = Fact("lines", Kind.INTEGER, Words("符合的商品行", "lines that hold"))
"""Stands for the number of lines that a `count_lines` compares."""

UNKNOWN = Words("未知", "unknown")
HIDDEN = Words("(个人信息, 不显示)", "(personal, not shown)")
MOMENT_WORDS = Words("决策时刻", "the moment of deciding")


class Voice:
    """Says things about one rule set on one day, in Chinese or in English."""

    def __init__(self, lang: str, tree: RuleSet, builder: Builder, zone: tzinfo | None) -> None:
        """`zone` is the shop's, in which moments are told; without it they tell their own."""
        self.lang = lang
        self.zone = zone
        self.tree = tree
        self.builder = builder
        self.facts = builder.vocabulary.facts
        self._said: dict[tuple[str, Value], str] = {}
        self._parts: dict[tuple[str, str], str] = {}
        # Equal values of one fact read alike; the same few are said again and again.

    def say(self, zh: str, en: str) -> str:
        """The one of the two that is in this language."""
        return zh if self.lang == "zh" else en

    def join(self, parts: Iterable[str]) -> str:
        """Several things, one after another."""
        return ("、" if self.lang == "zh" else ", ").join(parts)

    def subject(self, name: str) -> str:
        """What a fact is called."""
        if name.startswith("$"):
            return self.say(f"{name} 在取值日的值", f"the value of {name} on the day")
        fact = self.facts.get(name)
        return MOMENT_WORDS.get(self.lang) if fact is None else fact.words.get(self.lang)

    def value(self, fact: Fact, value: Value | None) -> str:
        """A value of a fact."""
        if value is None:
            return UNKNOWN.get(self.lang)
        if fact.personal:
            return HIDDEN.get(self.lang)
        if isinstance(value, datetime):
            return self.moment(value)
        key = (fact.name, value)
        said = self._said.get(key)
        if said is None:
            said = self._said[key] = scalar.render(
                value, fact.kind, self.lang, unit=fact.unit, choices=fact.choices
            )
        return said

    def moment(self, moment: datetime) -> str:
        """A moment. Two of them in one sentence are in one zone, or each names its own."""
        if self.zone is not None:
            return scalar.render(moment.astimezone(self.zone), Kind.INSTANT, self.lang)
        offset = moment.isoformat(timespec="minutes")[16:]
        return f"{scalar.render(moment, Kind.INSTANT, self.lang)} {offset}"

    def param(self, param: Param, value: Value) -> str:
        """The value of a parameter."""
        if isinstance(value, datetime):
            return self.moment(value)
        return scalar.render(value, param.kind, self.lang, unit=param.unit)

    def label(self, named: Param | NamedList) -> str:
        """What a parameter or a list is called."""
        return named.label.get(self.lang) if named.label else named.name

    def phrase(self, test: Test | LineTest, situation: Situation, *, denied: bool = False) -> str:
        """A comparison after its fact, or its denial: `at least 500.00`, `不低于 500.00`."""
        assert test.comparator is not None
        kind = self.facts[test.fact].kind if isinstance(test, Test) else COUNTED.kind
        phrase = phrases.phrase(test.comparator, kind, denied=denied).get(self.lang)
        operands = [self._operand(test, operand, situation) for operand in test.operands]
        if test.comparator is not Comparator.BETWEEN:
            operands = [self._listed(operands)]
        for index, operand in enumerate(operands):
            phrase = phrase.replace(f"{{{index}}}", operand)
        return phrase

    def need(self, test: Test | LineTest, situation: Situation, *, denied: bool = False) -> str:
        """What a comparison asks for, as a noun after "needs" (in Chinese after 要求)."""
        phrase = self.phrase(test, situation, denied=denied)
        return phrase if self.lang == "zh" else phrases.needed(phrase)

    def filled(self, sentence: Words, value: Callable[[str], Value | None]) -> str:
        """A sentence of a rule file with its `{names}` filled in; `value` gives that of a fact."""

        def put(match: re.Match[str]) -> str:
            if match.group() in _BRACES:
                return _BRACES[match.group()]
            name = match.group(1)
            if name in self.facts:
                return self.value(self.facts[name], value(name))
            return self._param(name) or match.group()

        return _PLACEHOLDER.sub(put, sentence.get(self.lang))

    def day(self, day: date | None) -> str:
        """A calendar day."""
        return UNKNOWN.get(self.lang) if day is None else day.isoformat()

    def _param(self, name: str) -> str | None:
        param = (self.tree.params or {}).get(name)
        if param is None:
            return None
        value = self.builder.constants.params.get(name)
        return UNKNOWN.get(self.lang) if value is None else self.param(param, value)

    def _operand(self, test: Test | LineTest, operand: Operand, situation: Situation) -> str:
        fact = self.facts[test.fact] if isinstance(test, Test) else COUNTED
        if isinstance(operand, FactRef):
            known = situation.get(operand.name, self.builder.vocabulary.default(operand.name))
            other = self.facts[operand.name]
            return f"{self.value(other, known)} ({self.subject(operand.name)})"
        values = self.builder.constants.operand(operand)
        if values is None:
            return UNKNOWN.get(self.lang)
        if isinstance(operand, ListRef):
            named = (self.tree.lists or {})[operand.name]
            if fact.personal and not fact.speech:
                return self.label(named)
            return f"{self.label(named)} ({self._listed([self._one(fact, v) for v in values])})"
        said = self._one(fact, values[0])
        if isinstance(operand, ParamRef):
            return f"{said} ({self.label((self.tree.params or {})[operand.name])})"
        return said

    def _one(self, fact: Fact, value: Value) -> str:
        if isinstance(value, str) and fact.kind in (Kind.TEXT, Kind.TAGS):
            # One tag, or a part of a text.
            said = self._parts.get((fact.name, value))
            if said is None:
                said = scalar.render(value, Kind.TEXT, self.lang, choices=fact.choices)
                self._parts[(fact.name, value)] = said
            return said
        return self.value(fact, value)

    def _listed(self, said: Sequence[str]) -> str:
        if len(said) <= MOST_LISTED:
            return self.join(said)
        more = len(said) - MOST_LISTED
        shown = self.join(said[:MOST_LISTED])
        return self.say(f"{shown} 等 {len(said)} 个", f"{shown} and {more} more")
