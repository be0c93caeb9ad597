"""From conditions to boxes: what must hold together for a rule to be true.

In the logic of true, false and unknown, "and" distributes over "or" just as in the one of true and
false, and "not" turns one into the other. So a rule whose conditions nest comes to the same as
several boxes of which one must hold, and none of the three values is lost on the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, product
from math import comb, prod
from typing import TypeAlias

from ordinance.rules.deciding.conditions import tests_in
from ordinance.rules.deciding.constants import Constants
from ordinance.rules.deciding.vocabulary import LINES, Vocabulary
from ordinance.rules.kinds import Value
from ordinance.rules.moment import in_utc
from ordinance.rules.tree import (
    AllOf,
    AnyOf,
    Comparator,
    Condition,
    FactRef,
    Given,
    LineTest,
    NotOf,
    SomeOf,
    Test,
)

MOST_BOXES = 16
"""Into how many boxes one rule may fall; a condition that would need more is asked as a whole."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A condition in a box, or its opposite."""

    condition: Condition
    denied: bool = False
    fact: str | None = None
    """The one fact that it asks for; None when no axis can answer it."""
    open: bool = False
    """A `$name` in it has no value on the day, so it is unknown whatever the facts are."""


Box: TypeAlias = tuple[Literal, ...]


class Boxing:
    """Takes conditions apart, for one vocabulary and the constants of one day."""

    def __init__(self, vocabulary: Vocabulary, constants: Constants) -> None:
        self.vocabulary = vocabulary
        self.constants = constants

    def boxes(self, condition: Condition) -> list[Box]:
        """The boxes of which at least one must hold."""
        found = self._boxes(condition, False)
        return [(self._opaque(condition),)] if found is None else found

    def known(self, test: Test) -> tuple[Value, ...] | None:
        """The constant operands of a test; None when one of them has no value."""
        values: list[Value] = []
        for operand in test.operands:
            found = self.constants.operand(operand)
            if found is None:
                return None
            values.extend(found)
        return tuple(values)

    def _boxes(self, condition: Condition, denied: bool) -> list[Box] | None:
        match condition:
            case Test():
                return [(self._literal(condition, denied),)]
            case LineTest():
                return [(Literal(condition, denied),)]
            case NotOf(item):
                return self._boxes(item, not denied)
        fact = self._only_fact(condition)
        if fact is not None and len(condition.items) > 1 and not isinstance(condition, AllOf):
            return [(Literal(condition, denied, fact),)]
        count = len(condition.items)
        match condition:
            case AllOf():
                wanted = count
            case AnyOf():
                wanted = 1
            case SomeOf(at_least):
                wanted = at_least
        # Not at least n of m is at least m - n + 1 that are not.
        return self._some(condition.items, count - wanted + 1 if denied else wanted, denied)

    def _some(self, items: Sequence[Condition], wanted: int, denied: bool) -> list[Box] | None:
        """The boxes for at least `wanted` of the items, each denied or not."""
        if wanted > len(items):
            return []
        if wanted <= 0:
            return [()]
        parts = []
        for item in items:
            found = self._boxes(item, denied)
            parts.append([(self._opaque(item, denied),)] if found is None else found)
        if wanted == len(items):
            if prod(len(part) for part in parts) > MOST_BOXES:
                return None
            return [_joined(boxes) for boxes in product(*parts)]
        if wanted == 1:
            every = [box for part in parts for box in part]
            return every if len(every) <= MOST_BOXES else None
        if comb(len(items), wanted) > MOST_BOXES:
            return None
        groups = [
            _joined(boxes) for some in combinations(parts, wanted) for boxes in product(*some)
        ]
        return groups if len(groups) <= MOST_BOXES else None

    def _literal(self, test: Test, denied: bool) -> Literal:
        if any(isinstance(operand, FactRef) for operand in test.operands):
            return Literal(test, denied)
        if test.comparator is not Comparator.MISSING and self.known(test) is None:
            return Literal(test, denied, None, True)
        if self.vocabulary.homes[test.fact] == LINES:
            return Literal(test, denied)
        return Literal(test, denied, test.fact)

    def _opaque(self, condition: Condition, denied: bool = False) -> Literal:
        return Literal(condition, denied)

    def _only_fact(self, condition: AllOf | AnyOf | SomeOf) -> str | None:
        """The one fact that a nested condition asks for, if an axis can answer all of it."""
        tests = tests_in(condition)
        facts = {test.fact if isinstance(test, Test) else "" for test in tests}
        if len(facts) != 1 or "" in facts:
            return None
        literals = [self._literal(test, False) for test in tests if isinstance(test, Test)]
        if any(literal.fact is None for literal in literals):
            return None
        return literals[0].fact


def key(condition: Condition) -> object:
    """Equal for two conditions that ask the same, wherever they stand in the file."""
    match condition:
        case Test():
            return (condition.fact, condition.comparator, _operands(condition))
        case LineTest():
            return (
                condition.quantifier,
                key(condition.where),
                condition.comparator,
                _operands(condition),
            )
        case NotOf(item):
            return ("not", key(item))
        case SomeOf(at_least, items):
            return (at_least, *(key(item) for item in items))
        case AllOf(items) | AnyOf(items):
            return (type(condition).__name__, *(key(item) for item in items))


def _operands(test: Test | LineTest) -> tuple[object, ...]:
    # Two moments of one zone count as equal in Python when the hands of the clock agree, though
    # in autumn an hour may lie between them.
    return tuple(
        in_utc(operand.value)
        if isinstance(operand, Given) and isinstance(operand.value, datetime)
        else operand
        for operand in test.operands
    )


def _joined(boxes: Sequence[Box]) -> Box:
    return tuple(literal for box in boxes for literal in box)
