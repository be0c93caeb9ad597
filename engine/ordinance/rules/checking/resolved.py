"""Conditions with their `$names` filled in, so that two versions can be compared in one space."""

from __future__ import annotations

from dataclasses import replace

from ordinance.rules.deciding.constants import Constants
from ordinance.rules.tree import (
    AllOf,
    AnyOf,
    Condition,
    FactRef,
    Given,
    LineTest,
    NotOf,
    Operand,
    Place,
    SomeOf,
    Test,
)

NOWHERE = Place("", 0, 0)
"""The place of every resolved comparison: two that say the same are the same."""


def resolved(condition: Condition, constants: Constants) -> Condition:
    """`condition` with values in the place of parameters and lists.

    A name without a value stays, and the comparison with it is unknown.
    """
    match condition:
        case Test():
            # Not `replace`, which is slow: this is done for every comparison in every setting.
            operands = _operands(condition.operands, constants)
            return Test(condition.fact, condition.comparator, operands, NOWHERE)
        case LineTest():
            return replace(
                condition,
                where=resolved(condition.where, constants),
                operands=_operands(condition.operands, constants),
                place=NOWHERE,
            )
        case AllOf(items):
            return AllOf(tuple(resolved(item, constants) for item in items))
        case AnyOf(items):
            return AnyOf(tuple(resolved(item, constants) for item in items))
        case NotOf(item):
            return NotOf(resolved(item, constants))
        case SomeOf(at_least, items):
            return SomeOf(at_least, tuple(resolved(item, constants) for item in items))


def _operands(operands: tuple[Operand, ...], constants: Constants) -> tuple[Operand, ...]:
    filled: list[Operand] = []
    for operand in operands:
        known = None if isinstance(operand, FactRef) else constants.operand(operand)
        if known is None:
            filled.append(operand)
        else:
            filled.extend(Given(value) for value in known)
    return tuple(filled)


def is_open(test: Test | LineTest) -> bool:
    """Whether a comparison still hangs on a `$name` without a value."""
    return any(not isinstance(operand, Given | FactRef) for operand in test.operands)
