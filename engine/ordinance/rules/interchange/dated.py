"""Rule sets whose dated values are written out as those of one day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ordinance.rules.deciding.constants import Constants, constants_on
from ordinance.rules.rulebook import Ruleset
from ordinance.rules.tree import (
    AllOf,
    AnyOf,
    Condition,
    Given,
    LineTest,
    ListRef,
    NotOf,
    Operand,
    Outcome,
    ParamRef,
    SomeOf,
    Test,
)


def on_day(rules: Ruleset, day: date) -> tuple[Ruleset, tuple[str, ...]]:
    """The rules with the values that their `$names` have on `day`, and those names.

    A name that has no value on the day stays.
    """
    tree = rules.tree
    filler = _Filler(constants_on(tree, day))
    plain = replace(
        tree,
        rules=tuple(
            replace(rule, when=filler.condition(rule.when), then=filler.outcome(rule.then))
            for rule in tree.rules
        ),
        otherwise=None if tree.otherwise is None else filler.outcome(tree.otherwise),
        tests=(),
    )
    return Ruleset(plain, file=rules.file), tuple(filler.used)


class _Filler:
    def __init__(self, constants: Constants) -> None:
        self._constants = constants
        self.used: dict[str, None] = {}

    def condition(self, condition: Condition) -> Condition:
        match condition:
            case Test():
                return replace(condition, operands=self._operands(condition.operands))
            case LineTest(where=where):
                operands = self._operands(condition.operands)
                return replace(condition, where=self.condition(where), operands=operands)
            case NotOf(item):
                return NotOf(self.condition(item))
            case AllOf(items):
                return AllOf(tuple(self.condition(item) for item in items))
            case AnyOf(items):
                return AnyOf(tuple(self.condition(item) for item in items))
            case SomeOf(at_least, items):
                return SomeOf(at_least, tuple(self.condition(item) for item in items))

    def outcome(self, outcome: Outcome) -> Outcome:
        filled = {}
        for name, value in outcome.items():
            if self._constants.gaps(value):
                filled[name] = value
                continue
            filled[name] = self._constants.filled(value)
            if filled[name] != value:
                self.used.update((param, None) for param in _NOTHING.gaps(value))
        return filled

    def _operands(self, operands: tuple[Operand, ...]) -> tuple[Operand, ...]:
        filled: list[Operand] = []
        for operand in operands:
            if not isinstance(operand, ParamRef | ListRef):
                filled.append(operand)
                continue
            values = self._constants.operand(operand)
            if values is None:
                filled.append(operand)
                continue
            self.used[operand.name] = None
            filled.extend(Given(value) for value in values)
        return tuple(filled)


_NOTHING = Constants({}, {})
