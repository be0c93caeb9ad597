"""Conditions made ready to run: three-valued (True, False, None for unknown), as closures.

A condition reads its facts from one dictionary (a *situation*): fact names to values, `lines` and
`candidates` to tuples of dictionaries. Names without a value are absent. A key `?name` says that
the value of `name` is only supposed, while the effect of an unknown fact is being tried out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from ordinance.rules.deciding.comparators import holds
from ordinance.rules.deciding.constants import Constants
from ordinance.rules.deciding.vocabulary import LINES, Vocabulary
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.point import Missing
from ordinance.rules.tree import (
    AllOf,
    AnyOf,
    Comparator,
    Condition,
    FactRef,
    LineTest,
    NotOf,
    SomeOf,
    Test,
)

Situation: TypeAlias = dict[str, Any]
Verdict: TypeAlias = bool | None
Check: TypeAlias = Callable[[Situation], Verdict]

SUPPOSED = "?"


@dataclass(frozen=True, slots=True)
class Node:
    """A condition with its closure, and the same for its parts (to explain, to find unknowns)."""

    condition: Condition
    check: Check
    parts: tuple[Node, ...] = ()
    whole: bool = False
    """For a line test: its `where` also reads facts of the order, so a line alone is not enough."""

    def inner(self, situation: Situation, index: int) -> Situation:
        """What the `where` of a line test reads for one line."""
        line: Situation = situation[LINES][index]
        return {**situation, **line} if self.whole else line


class Builder:
    """Makes conditions ready for one vocabulary and the constants of one day."""

    def __init__(self, vocabulary: Vocabulary, constants: Constants) -> None:
        self.vocabulary = vocabulary
        self.constants = constants

    def node(self, condition: Condition) -> Node:
        """The condition and its parts, ready to run."""
        match condition:
            case Test():
                return Node(condition, self._test(condition))
            case AllOf(items):
                parts = tuple(self.node(item) for item in items)
                return Node(condition, all_true([part.check for part in parts]), parts)
            case AnyOf(items):
                parts = tuple(self.node(item) for item in items)
                return Node(condition, _any_true([part.check for part in parts]), parts)
            case NotOf(item):
                part = self.node(item)
                return Node(condition, _opposite(part.check), (part,))
            case SomeOf(at_least, items):
                parts = tuple(self.node(item) for item in items)
                return Node(condition, _some_true(at_least, [part.check for part in parts]), parts)
            case LineTest():
                part = self.node(condition.where)
                whole = not self._reads_lines_alone(condition.where)
                return Node(
                    condition, self._line_test(condition, part.check, whole), (part,), whole
                )

    def operands(self, test: Test | LineTest, situation: Situation) -> tuple[Value, ...] | None:
        """The operands with their values in `situation`; None when one is not known."""
        values: list[Value] = []
        for operand in test.operands:
            if isinstance(operand, FactRef):
                other = situation.get(operand.name, self.vocabulary.default(operand.name))
                if other is None:
                    return None
                values.append(other)
            else:
                known = self.constants.operand(operand)
                if known is None:
                    return None
                values.extend(known)
        return tuple(values)

    def _reads_lines_alone(self, where: Condition) -> bool:
        nested = any(isinstance(test, LineTest) for test in tests_in(where))
        return not nested and all(self.vocabulary.homes[name] == LINES for name in facts_in(where))

    def _test(self, test: Test) -> Check:
        name, default = test.fact, self.vocabulary.default(test.fact)
        fact = self.vocabulary.facts[name]
        if test.comparator is Comparator.MISSING:
            (wanted,) = self.constants.operand(test.operands[0]) or (True,)
            mark = SUPPOSED + name

            def missing(situation: Situation) -> Verdict:
                absent = situation.get(name, default) is None or mark in situation
                return absent is wanted

            return missing
        absent = False if fact.missing is Missing.NO_MATCH else None
        passes = self._passes(fact.kind, test)
        if not callable(passes):
            return lambda situation: None

        def compare(situation: Situation) -> Verdict:
            value = situation.get(name, default)
            return absent if value is None else passes(value, situation)

        return compare

    def _passes(
        self, kind: Kind, test: Test | LineTest
    ) -> Callable[[Any, Situation], Verdict] | None:
        """The test of a present value; None when a `$name` in it has no value."""
        assert test.comparator is not None
        comparator = test.comparator
        others = [operand.name for operand in test.operands if isinstance(operand, FactRef)]
        if others:
            never_unknown = all(
                self.vocabulary.facts[name].missing is Missing.NO_MATCH for name in others
            )

            def against_facts(value: Any, situation: Situation) -> Verdict:
                operands = self.operands(test, situation)
                if operands is None:
                    return False if never_unknown else None
                return holds(kind, comparator, operands)(value)

            return against_facts
        operands = self.operands(test, {})
        if operands is None:
            return None
        fixed = holds(kind, comparator, operands)
        return lambda value, situation: fixed(value)

    def _line_test(self, test: LineTest, where: Check, whole: bool) -> Check:
        if test.quantifier == "count":
            passes = self._passes(Kind.INTEGER, test)
            if passes is None:
                return lambda situation: None
            return _count(where, whole, passes)
        return _any_line(where, whole) if test.quantifier == "any" else _all_lines(where, whole)


def all_true(checks: list[Check]) -> Check:
    """True when every check is, False when one is not, else unknown."""
    if len(checks) == 1:
        return checks[0]

    def check(situation: Situation) -> Verdict:
        verdict: Verdict = True
        for item in checks:
            found = item(situation)
            if not found:
                if found is None:
                    verdict = None
                else:
                    return False
        return verdict

    return check


def _any_true(checks: list[Check]) -> Check:
    def check(situation: Situation) -> Verdict:
        verdict: Verdict = False
        for item in checks:
            found = item(situation)
            if found:
                return True
            if found is None:
                verdict = None
        return verdict

    return check


def _some_true(wanted: int, checks: list[Check]) -> Check:
    def check(situation: Situation) -> Verdict:
        true = unknown = 0
        for item in checks:
            found = item(situation)
            if found:
                true += 1
            elif found is None:
                unknown += 1
        if true >= wanted:
            return True
        return None if true + unknown >= wanted else False

    return check


def _opposite(inner: Check) -> Check:
    def check(situation: Situation) -> Verdict:
        found = inner(situation)
        return None if found is None else not found

    return check


def _verdicts(where: Check, whole: bool, situation: Situation) -> list[Verdict]:
    if whole:
        return [where({**situation, **line}) for line in situation[LINES]]
    return [where(line) for line in situation[LINES]]


def _any_line(where: Check, whole: bool) -> Check:
    def check(situation: Situation) -> Verdict:
        found = _verdicts(where, whole, situation)
        return True if True in found else None if None in found else False

    return check


def _all_lines(where: Check, whole: bool) -> Check:
    def check(situation: Situation) -> Verdict:
        found = _verdicts(where, whole, situation)
        if not found or False in found:
            return False
        return None if None in found else True

    return check


def _count(where: Check, whole: bool, passes: Callable[[Any, Situation], Verdict]) -> Check:
    def check(situation: Situation) -> Verdict:
        found = _verdicts(where, whole, situation)
        least = found.count(True)
        verdict = passes(least, situation)
        for count in range(least + 1, least + found.count(None) + 1):
            if passes(count, situation) is not verdict:
                return None
        return verdict

    return check


def tests_in(condition: Condition) -> list[Test | LineTest]:
    """Every comparison in a condition, in file order; a line test stands before its `where`."""
    match condition:
        case Test():
            return [condition]
        case NotOf(item):
            return tests_in(item)
        case LineTest():
            return [condition, *tests_in(condition.where)]
        case AllOf(items) | AnyOf(items) | SomeOf(_, items):
            return [test for item in items for test in tests_in(item)]


def facts_in(condition: Condition) -> list[str]:
    """The names of every fact that a condition reads, with repetitions."""
    names = []
    for test in tests_in(condition):
        if isinstance(test, Test):
            names.append(test.fact)
        names.extend(operand.name for operand in test.operands if isinstance(operand, FactRef))
    return names
