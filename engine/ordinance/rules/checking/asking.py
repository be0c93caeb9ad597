"""Rules of law taken apart: what they ask about the order, and what about the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ordinance.rules.deciding.conditions import Builder, facts_in, tests_in
from ordinance.rules.kinds import Value
from ordinance.rules.law import OUTCOME
from ordinance.rules.tree import (
    AllOf,
    AnyOf,
    Condition,
    FactRef,
    LineTest,
    NotOf,
    Rule,
    SomeOf,
    Test,
)

_ALWAYS = AllOf(())
_NEVER = AnyOf(())


def asked_of(rules: Sequence[Rule]) -> list[str]:
    """The outcome fields that rules of law ask about."""
    names = dict.fromkeys(name for rule in rules for name in facts_in(rule.when))
    return [name.removeprefix(OUTCOME) for name in names if name.startswith(OUTCOME)]


def compares_answer(rule: Rule) -> bool:
    """Whether a rule of law compares the answer with another fact; that is not looked into."""
    return any(
        isinstance(operand, FactRef)
        and (operand.name.startswith(OUTCOME) or (isinstance(test, Test) and _about_answer(test)))
        for test in tests_in(rule.when)
        for operand in test.operands
    )


def bare(rule: Rule) -> Rule:
    """A rule of law without what it says of the answer: what is left asks about the order."""
    return replace(rule, when=_stripped(rule.when))


def _stripped(condition: Condition) -> Condition:
    match condition:
        case Test():
            return _ALWAYS if _about_answer(condition) else condition
        case LineTest():
            return condition
        case AllOf(items):
            return AllOf(tuple(map(_stripped, items)))
        case AnyOf(items):
            return AnyOf(tuple(map(_stripped, items)))
        case NotOf(item):
            return NotOf(_stripped(item))
        case SomeOf(at_least, items):
            return SomeOf(at_least, tuple(map(_stripped, items)))


def with_answer(condition: Condition, said: Mapping[str, Value], judge: Builder) -> Condition:
    """The condition with its comparisons of the answer decided."""
    match condition:
        case Test():
            if not _about_answer(condition):
                return condition
            return _ALWAYS if judge.node(condition).check(dict(said)) else _NEVER
        case LineTest():
            return condition
        case AllOf(items):
            return AllOf(tuple(with_answer(item, said, judge) for item in items))
        case AnyOf(items):
            return AnyOf(tuple(with_answer(item, said, judge) for item in items))
        case NotOf(item):
            return NotOf(with_answer(item, said, judge))
        case SomeOf(at_least, items):
            return SomeOf(at_least, tuple(with_answer(item, said, judge) for item in items))


def _about_answer(test: Test) -> bool:
    return test.fact.startswith(OUTCOME)
