"""Which facts a decision is waiting for, and whether their values could change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ordinance.rules.deciding.conditions import (
    SUPPOSED,
    Builder,
    Node,
    Situation,
    Verdict,
    tests_in,
)
from ordinance.rules.deciding.constants import Constants
from ordinance.rules.deciding.policies import Asked, Policy
from ordinance.rules.deciding.suppositions import Questions, suppositions
from ordinance.rules.deciding.vocabulary import CANDIDATES, LINES
from ordinance.rules.kinds import Value
from ordinance.rules.tree import FactRef, LineTest, Test

BUDGET = 4096
"""How many combinations of supposed values are tried before a decision counts as hanging."""

MOMENT = "at"
"""The name of the moment of deciding, where it is asked for and was not given."""


class Blank(NamedTuple):
    """One absent value: of the order, of one line or of one candidate."""

    section: str
    """`lines`, `candidates`, or empty for the order."""
    position: int
    name: str

    @property
    def supposable(self) -> bool:
        """Whether values can be tried; not for the moment of deciding, nor a `$name` in a gap."""
        return self.name != MOMENT and not self.name.startswith("$")


class Search:
    """Finds the blanks behind unknown verdicts, and the values worth trying for them."""

    def __init__(self, builder: Builder, day_name: str, day_known: bool) -> None:
        self.builder = builder
        self.day_name = day_name
        self.day_known = day_known

    def blanks(
        self, policy: Policy, verdicts: Sequence[Verdict], situation: Situation
    ) -> list[Blank]:
        """Every absent value that an unknown verdict is waiting for, each once."""
        found: dict[Blank, None] = {}
        for asked in unknown(policy.asked(situation), verdicts):
            found.update(dict.fromkeys(self.behind(asked, situation)))
        return list(found)

    def questions(
        self, policy: Policy, verdicts: Sequence[Verdict], situation: Situation
    ) -> Questions:
        """The comparisons inside everything that is unknown."""
        tests: list[Test | LineTest] = []
        for asked in unknown(policy.asked(situation), verdicts):
            for node in (*asked.ready.scope, asked.ready.when):
                tests.extend(tests_in(node.condition))
        return Questions(tuple(tests), self.builder.vocabulary, situation)

    def behind(self, asked: Asked, situation: Situation) -> Iterator[Blank]:
        """The absent values that one unknown verdict is waiting for."""
        about = asked.about(situation)
        ready = asked.ready
        if ready.dated is None or (ready.gaps and not self.day_known):
            yield Blank("", 0, self.day_name)
        else:
            yield from (Blank("", 0, f"${name}") for name in ready.gaps)
        if ready.daily is not None and ready.daily(about) is None:
            yield Blank("", 0, MOMENT)
        for node in (*ready.scope, ready.when):
            if node.check(about) is None:
                yield from self._node(node, about, None, asked.candidate)

    def _node(
        self, node: Node, situation: Situation, line: int | None, candidate: int | None
    ) -> Iterator[Blank]:
        condition = node.condition
        if isinstance(condition, Test):
            if self._absent(condition.fact, situation):
                yield self._blank(condition.fact, line, candidate)
            yield from self._operands(condition, situation, line, candidate)
        elif isinstance(condition, LineTest):
            yield from self._operands(condition, situation, line, candidate)
            for index in range(len(situation[LINES])):
                inner = node.inner(situation, index)
                if node.parts[0].check(inner) is None:
                    yield from self._node(node.parts[0], inner, index, candidate)
        else:
            for part in node.parts:
                if part.check(situation) is None:
                    yield from self._node(part, situation, line, candidate)

    def _operands(
        self, test: Test | LineTest, situation: Situation, line: int | None, candidate: int | None
    ) -> Iterator[Blank]:
        for operand in test.operands:
            if isinstance(operand, FactRef):
                if self._absent(operand.name, situation):
                    yield self._blank(operand.name, line, candidate)
            elif self.builder.constants.operand(operand) is None:
                name = getattr(operand, "name", "")
                yield Blank("", 0, f"${name}" if self.day_known else self.day_name)

    def _blank(self, name: str, line: int | None, candidate: int | None) -> Blank:
        home = self.builder.vocabulary.homes[name]
        position = {LINES: line, CANDIDATES: candidate}.get(home)
        return Blank(home, position or 0, name)

    def _absent(self, name: str, situation: Situation) -> bool:
        return situation.get(name, self.builder.vocabulary.default(name)) is None


def unknown(every: Sequence[Asked], verdicts: Sequence[Verdict]) -> Iterator[Asked]:
    """Those of everything asked whose verdict is unknown; the others are not looked at."""
    return (every[number] for number, verdict in enumerate(verdicts) if verdict is None)


def choices(
    blanks: Sequence[Blank],
    questions: Questions,
    possible: Sequence[Constants],
    turning: Mapping[str, Sequence[Value]],
) -> list[list[Value]] | None:
    """For every blank the values worth trying; None when they are too many to try all."""
    names = [blank.name for blank in blanks]
    values = suppositions(names, questions, possible, turning, BUDGET)
    return None if values is None else [values[name] for name in names]


def suppose(situation: Situation, blanks: Sequence[Blank], values: Sequence[Value]) -> Situation:
    """The situation with values put in for its blanks, marked as supposed."""
    trial = dict(situation)
    parts: dict[str, list[Situation]] = {}
    for blank, value in zip(blanks, values, strict=True):
        target = trial
        if blank.section:
            if blank.section not in parts:
                parts[blank.section] = [dict(part) for part in situation[blank.section]]
            target = parts[blank.section][blank.position]
        target[blank.name] = value
        target[SUPPOSED + blank.name] = True
    for section, changed in parts.items():
        trial[section] = tuple(changed)
    return trial
