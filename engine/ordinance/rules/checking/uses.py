"""Where `$names` are used: by which rules, and by what stands outside the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ordinance.rules.checking.setting import conditions
from ordinance.rules.deciding.conditions import tests_in
from ordinance.rules.tree import (
    Condition,
    LineTest,
    ListRef,
    OutcomeValue,
    ParamRef,
    Rule,
    RuleSet,
    Test,
)


def names_used(rule: Rule) -> set[str]:
    """The parameters and lists that a rule compares with or answers."""
    return {*_compared(rule.when), *_answered(rule.then)}


def names_used_outside(tree: RuleSet) -> set[str]:
    """Those that a set uses outside its rules, so on every day on which it is in force."""
    outcomes = [tree.otherwise or {}, tree.when_unknown, *(band.then for band in tree.bands)]
    names = {name for outcome in outcomes for name in _answered(outcome)}
    for preference in tree.prefer:
        if isinstance(preference.within, ParamRef):
            names.add(preference.within.name)
        if preference.when is not None:
            names.update(_compared(preference.when))
    return names


def facts_of_list(tree: RuleSet, name: str) -> set[str]:
    """The facts that are looked for in a list."""
    return {
        test.fact
        for condition in conditions(tree)
        for test in tests_in(condition)
        if isinstance(test, Test) and ListRef(name) in test.operands
    }


def _compared(condition: Condition) -> Iterator[str]:
    for test in tests_in(condition):
        if isinstance(test, Test | LineTest):
            for operand in test.operands:
                if isinstance(operand, ParamRef | ListRef):
                    yield operand.name


def _answered(value: OutcomeValue) -> Iterator[str]:
    if isinstance(value, ParamRef):
        yield value.name
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _answered(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from _answered(item)
