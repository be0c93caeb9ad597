"""The values worth trying for an unknown fact: one for each way its comparisons can come out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ordinance.rules.deciding.comparators import holds
from ordinance.rules.deciding.conditions import Situation
from ordinance.rules.deciding.constants import Constants
from ordinance.rules.deciding.representatives import Asks, representatives
from ordinance.rules.deciding.vocabulary import LINES, Vocabulary
from ordinance.rules.kinds import Value
from ordinance.rules.tree import Comparator, FactRef, LineTest, Test


@dataclass(frozen=True, slots=True)
class Questions:
    """The comparisons that could come out one way or another."""

    tests: tuple[Test | LineTest, ...]
    vocabulary: Vocabulary
    situation: Situation

    def about(self, names: Iterable[str]) -> list[Test | LineTest]:
        """The comparisons that read one of `names`, on either side."""
        wanted = set(names)
        return [test for test in self.tests if wanted & _names(test)]

    def known(self, name: str) -> list[Value]:
        """Every present value of a fact: one for the order, one for each line or candidate."""
        home = self.vocabulary.homes[name]
        if home:
            return [part[name] for part in self.situation[home] if name in part]
        value = self.situation.get(name, self.vocabulary.default(name))
        return [] if value is None else [value]


def suppositions(
    blanks: Sequence[str],
    questions: Questions,
    possible: Sequence[Constants],
    turning: Mapping[str, Sequence[Value]],
    budget: int,
) -> Mapping[str, list[Value]] | None:
    """For each absent fact in `blanks` (named once per place where it is absent) its values.

    `possible` holds the constants of every day that comes into question; `turning` the values at
    which a fact changes more than its comparisons (the date that picks dated values). None when
    there are more than `budget` combinations of them.
    """
    values: dict[str, list[Value]] = {}
    copies, combinations = Counter(blanks), 1
    for group in _linked(dict.fromkeys(blanks), questions.tests):
        tests = questions.about(group)
        asks = Asks(
            tuple(test for test in tests if isinstance(test, Test)),
            frozenset(_bounds(group, tests, questions, possible)).union(
                *(turning.get(name, ()) for name in group)
            ),
            copies=sum(name in group for name in blanks),
        )
        for name in group:
            found = representatives(questions.vocabulary.facts[name], asks, possible, budget)
            if found is None:
                return None
            alone = asks.copies == 1 and name not in turning
            alone = alone and not any(_refers(test) for test in tests)
            values[name] = _distinct(found, name, questions, possible) if alone else found
            combinations *= len(values[name]) ** copies[name]
            if combinations > budget:
                return None
    return values


def _bounds(
    group: Iterable[str],
    tests: Iterable[Test | LineTest],
    questions: Questions,
    possible: Sequence[Constants],
) -> Iterable[Value]:
    """Every value that a fact of the group is compared with."""
    for test in tests:
        if isinstance(test, LineTest):
            # Only a count compares something of its own: a number of lines.
            yield from range(len(questions.situation[LINES]) + 1)
        elif test.fact not in group:
            yield from questions.known(test.fact)
        if isinstance(test, Test) and test.comparator is Comparator.MISSING:
            continue
        for operand in test.operands:
            if isinstance(operand, FactRef):
                yield from questions.known(operand.name)
            else:
                for constants in possible:
                    yield from constants.operand(operand) or ()


def _linked(names: Iterable[str], tests: Iterable[Test | LineTest]) -> list[list[str]]:
    """The names in groups: two are together when a comparison reads both."""
    groups = [[name] for name in names]
    for test in tests:
        read = _names(test)
        if len(read) < 2:
            continue
        touched = [group for group in groups if read & set(group)]
        if len(touched) > 1:
            groups = [group for group in groups if group not in touched]
            groups.append([name for group in touched for name in group])
    return groups


def _names(test: Test | LineTest) -> set[str]:
    names = {operand.name for operand in test.operands if isinstance(operand, FactRef)}
    return names | {test.fact} if isinstance(test, Test) else names


def _refers(test: Test | LineTest) -> bool:
    return any(isinstance(operand, FactRef) for operand in test.operands)


def _distinct(
    values: Sequence[Value], name: str, questions: Questions, possible: Sequence[Constants]
) -> list[Value]:
    """One value for each way in which all the comparisons of a fact come out together."""
    kind = questions.vocabulary.facts[name].kind
    passing = []
    for test in questions.tests:
        if not isinstance(test, Test) or test.fact != name:
            continue
        if test.comparator is Comparator.MISSING:
            continue
        for constants in possible:
            operands: list[Any] = []
            for operand in test.operands:
                operands.extend(constants.operand(operand) or ())
            if operands or not test.operands:
                passing.append(holds(kind, test.comparator, tuple(operands)))
    ways: dict[tuple[bool, ...], Value] = {}
    for value in values:
        ways.setdefault(tuple(passes(value) for passes in passing), value)
    return list(ways.values())
