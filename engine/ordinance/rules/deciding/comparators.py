"""What each comparator means, for a present value and known operands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, time
from typing import Any, TypeAlias, cast

import re2

from ordinance.rules.deciding.regions import inside
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.moment import in_utc
from ordinance.rules.tree import Comparator

Holds: TypeAlias = Callable[[Any], bool]
"""Whether a present value passes. The value has the kind that the fact declares."""


class Guess(str):
    """A text that stands for all texts which match just these patterns, while an unknown fact is
    tried out: no text is looked for that matches one pattern and not another."""

    __slots__ = ("matched",)

    matched: frozenset[str]

    def __new__(cls, text: str, matched: frozenset[str]) -> Guess:
        guess = super().__new__(cls, text)
        guess.matched = matched
        return guess

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other) and self.matched == getattr(other, "matched", frozenset())

    def __hash__(self) -> int:
        return hash((str(self), self.matched))


def holds(kind: Kind, comparator: Comparator, operands: tuple[Value, ...]) -> Holds:
    """The test of a value of `kind` against `operands` (of the same kind; texts for tags).

    `matches` looks for the pattern anywhere in the text; `^` and `$` bind it to the ends.
    """
    if kind is Kind.INSTANT:
        passes = _holds(kind, comparator, tuple(in_utc(cast(datetime, each)) for each in operands))
        return lambda value: passes(in_utc(value))
    return _holds(kind, comparator, operands)


def _holds(kind: Kind, comparator: Comparator, operands: tuple[Value, ...]) -> Holds:
    if comparator in _ORDERINGS:
        return _ORDERINGS[comparator](operands[0])
    if comparator is Comparator.BETWEEN:
        return _between(operands[0], operands[1])
    if comparator in _NEGATIONS:
        positive = _holds(kind, _NEGATIONS[comparator], operands)
        return lambda value: not positive(value)
    if kind is Kind.TAGS:
        return _tags(comparator, operands)
    if comparator in (Comparator.IS, Comparator.ONE_OF):
        return _member(kind, operands)
    return _text(comparator, tuple(str(operand) for operand in _each(operands)))


def in_window(moment: time, start: time, end: time) -> bool:
    """Whether a time of day lies from `start` (included) to `end` (excluded), over midnight too.

    A window that ends where it starts is the whole day.
    """
    if start == end:
        return True
    if start < end:
        return start <= moment < end
    return moment >= start or moment < end


_ORDERINGS: dict[Comparator, Callable[[Any], Holds]] = {
    Comparator.AT_LEAST: lambda bound: lambda value: bool(value >= bound),
    Comparator.ABOVE: lambda bound: lambda value: bool(value > bound),
    Comparator.AT_MOST: lambda bound: lambda value: bool(value <= bound),
    Comparator.BELOW: lambda bound: lambda value: bool(value < bound),
}

_NEGATIONS = {
    Comparator.IS_NOT: Comparator.IS,
    Comparator.NONE_OF: Comparator.ONE_OF,
    Comparator.CONTAINS_NONE: Comparator.CONTAINS_ANY,
}


def _between(start: Any, end: Any) -> Holds:
    if isinstance(start, time) and end < start:
        return lambda value: bool(value >= start or value < end)
    return lambda value: bool(start <= value < end)


def _member(kind: Kind, operands: tuple[Value, ...]) -> Holds:
    if kind is Kind.REGION:
        regions = frozenset(str(operand) for operand in operands)
        return lambda value: inside(value, regions)
    allowed = frozenset(operands)
    return lambda value: value in allowed


def _tags(comparator: Comparator, operands: tuple[Value, ...]) -> Holds:
    if comparator in (Comparator.IS, Comparator.ONE_OF):
        return lambda value: value in operands
    wanted = frozenset(_each(operands))
    if comparator is Comparator.CONTAINS_ANY:
        return lambda value: not wanted.isdisjoint(value)
    return lambda value: wanted <= value


def _text(comparator: Comparator, parts: tuple[str, ...]) -> Holds:
    match comparator:
        case Comparator.STARTS_WITH:
            return lambda value: value.startswith(parts)
        case Comparator.ENDS_WITH:
            return lambda value: value.endswith(parts)
        case Comparator.CONTAINS | Comparator.CONTAINS_ALL:
            return lambda value: all(part in value for part in parts)
        case Comparator.CONTAINS_ANY:
            return lambda value: any(part in value for part in parts)
        case Comparator.MATCHES:
            return _matches(parts[0])
    raise ValueError(f"`{comparator}` does not compare texts")


def _matches(pattern: str) -> Holds:
    compiled = re2.compile(pattern)

    def passes(value: str) -> bool:
        if isinstance(value, Guess):
            return pattern in value.matched
        return compiled.search(value) is not None

    return passes


def _each(operands: tuple[Value, ...]) -> Iterable[Value]:
    """The operands one by one; a set of tags counts as its members."""
    for operand in operands:
        if isinstance(operand, frozenset):
            yield from sorted(operand)
        else:
            yield operand
