"""Values that an expression writes out: constants, and what an output cell gives."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeAlias

from ordinance.rules.interchange.evidence import Untranslatable
from ordinance.rules.interchange.zen.syntax import (
    Binary,
    Call,
    Expression,
    ListOf,
    Literal,
    Name,
    Other,
    Record,
    Unary,
)
from ordinance.rules.moment import parse_instant
from ordinance.rules.refusal import ScalarError

Constant: TypeAlias = "Decimal | str | bool"
Output: TypeAlias = "Constant | tuple[Output, ...] | dict[str, Output]"


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


def output(expression: Expression) -> Output | None:
    """What an output cell gives; None for `null`, which leaves the field out.

    Raises `Untranslatable` for everything that depends on the input.
    """
    if isinstance(expression, Literal) and expression.value is None:
        return None
    value = constant(expression)
    if value is not None:
        return value
    match expression:
        case ListOf(items):
            found = tuple(output(item) for item in items)
            if any(item is None for item in found):
                raise Untranslatable("a list with `null` in it")
            return tuple(item for item in found if item is not None)
        case Record(entries):
            return _record(entries)
        case Other(what):
            raise Untranslatable(f"{what}")
        case Name(path):
            raise Untranslatable(
                f"it copies `{'.'.join(path)}` from the input; for the text itself put it in quotes"
            )
    raise Untranslatable("it is calculated from the input")


def _record(entries: tuple[tuple[str, Expression], ...]) -> Output:
    record: dict[str, Output] = {}
    for name, item in entries:
        value = output(item)
        if value is None or isinstance(value, dict | tuple):
            raise Untranslatable("a record holds only numbers, texts, `true` and `false`")
        record[name] = value
    if not record:
        raise Untranslatable("an empty record")
    return record


def _number(expression: Expression) -> Decimal | None:
    value = constant(expression)
    return value if isinstance(value, Decimal) else None
