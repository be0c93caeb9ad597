"""Values that an expression writes out."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeAlias

from ordinance.rules.interchange.evidence import Untranslatable
from ordinance.rules.interchange.expression import (
    Binary,
    Call,
    Expression,
    Literal,
    Unary,
)
from ordinance.rules.moment import parse_instant
from ordinance.rules.refusal import ScalarError

Constant: TypeAlias = "Decimal | str | bool"


def constant(expression: Expression) -> Constant | None:
    """The value of a literal, a negative number or a sum of numbers; None for anything else."""
    match expression:
        case Literal(value):
            return value
        case Unary("-" | "+" as sign, item):
            number = _number(item)
            return None if number is None else (-number if sign == "-" and number else number)
        case Binary("+" | "-" | "*" as operator, left, right):
            first, second = _number(left), _number(right)
            if first is None or second is None:
                return None
            if operator == "+":
                return first + second
            return first - second if operator == "-" else first * second
    return None


def moment(expression: Expression, *functions: str) -> datetime | None:
    """The moment that `d("...")` (or another of `functions`) writes out; None for anything else."""
    match expression:
        case Call(name, (Literal(str(text)),)) if name in functions:
            return moment_of(text)
    return None


def moment_of(text: str) -> datetime:
    """A date or a moment as the expression language reads it: in UTC unless it says its zone."""
    try:
        return parse_instant(text, UTC)
    except ScalarError as error:
        raise Untranslatable(f"`{text}` is not a date: {error}") from None


def _number(expression: Expression) -> Decimal | None:
    value = constant(expression)
    return value if isinstance(value, Decimal) else None
