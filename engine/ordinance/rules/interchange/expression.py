"""The parts of an expression of a foreign language, as far as the languages share them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias


class ExpressionError(ValueError):
    """A text that is no expression; the message says why, for a merchant."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text, `true`, `false` or `null` (None)."""

    value: Decimal | str | bool | None


@dataclass(frozen=True, slots=True)
class Name:
    """A path into the input; a language has words of its own for the value of the column."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[a, b]`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """`{a: 1, "b": 2}`."""

    entries: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """`[low..high)`; the brackets say which ends belong to it."""

    opening: str
    low: Expression
    high: Expression
    closing: str


@dataclass(frozen=True, slots=True)
class Call:
    """`name(arguments)`."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Method:
    """`this.name(arguments)`."""

    this: Expression
    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """`not x`, `-x` or `+x`."""

    operator: str
    item: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """`left operator right`."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Other:
    """Something that no condition or value stands for; `what` names it for a merchant."""

    what: str


Expression: TypeAlias = (
    Literal | Name | ListOf | Record | Interval | Call | Method | Unary | Binary | Other
)

TURNED = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "==": "==", "!=": "!="}
"""Comparing operators with those that say the same of the operands in the other order."""
