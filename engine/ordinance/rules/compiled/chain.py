"""The generated function of a small set: its rules as plain comparisons, one after another.

As in `source.py` the text holds only names that are made by counting; every value of a rule reaches
it through the namespace. It reads facts as the function there does, and says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any

from ordinance.rules.compiled.axes import Axis
from ordinance.rules.compiled.boxes import Box, Literal
from ordinance.rules.compiled.keyed import passes
from ordinance.rules.compiled.source import NAME, Fast, began, given, made
from ordinance.rules.compiled.spans import Known, whole
from ordinance.rules.deciding.conditions import Builder
from ordinance.rules.kinds import Kind
from ordinance.rules.tree import AllOf, AnyOf, Comparator, Condition, Test

MOST_ASKED = 16
"""Up to this many boxes are asked one after another where all of them count."""

MOST_BEFORE_FIRST = 64
"""The same where the first one that holds is all that counts (see docs/decisions)."""

_SIGNS = {
    Comparator.IS: "==",
    Comparator.IS_NOT: "!=",
    Comparator.AT_LEAST: ">=",
    Comparator.ABOVE: ">",
    Comparator.AT_MOST: "<=",
    Comparator.BELOW: "<",
}
_INDIRECT = (Kind.INSTANT, Kind.REGION, Kind.TAGS)
"""Kinds whose values are not compared as they stand."""


def chain(
    boxes: Sequence[Box],
    axes: Sequence[Axis],
    known: Known,
    builder: Builder,
    clock: str,
    *,
    first: bool,
) -> Fast:
    """The function over some boxes. With `first` it names the first one alone that holds."""
    return made(*written(boxes, axes, known, builder, clock, first=first))


def written(
    boxes: Sequence[Box],
    axes: Sequence[Axis],
    known: Known,
    builder: Builder,
    clock: str,
    *,
    first: bool,
) -> tuple[str, dict[str, Any]]:
    """Its text, and the objects that its names stand for."""
    namespace = began(0)
    lines = [f"def {NAME}(facts, at):"]
    for number, axis in enumerate(axes):
        lines.extend(given(number, axis, clock, namespace, closely=True))
    places = {axis.name: number for number, axis in enumerate(axes)}
    lines.append("    found = 0")
    for number, box in enumerate(boxes):
        terms = []
        for literal in box:
            place = places[literal.fact or ""]
            terms.append(_term(literal, axes[place], f"value{place}", known, builder, namespace))
        lines.append(f"    if {' and '.join(terms) or 'True'}:")
        namespace[f"box{number}"] = 1 << number
        lines.append(f"        return box{number}" if first else f"        found |= box{number}")
    lines.append("    return found")
    return "\n".join(lines) + "\n", namespace


def _term(
    literal: Literal,
    axis: Axis,
    value: str,
    known: Known,
    builder: Builder,
    namespace: dict[str, Any],
) -> str:
    """The comparison that asks for a literal."""
    text = None
    if axis.kind not in _INDIRECT:
        text = _comparison(literal.condition, value, known, namespace)
    if text is None:
        name = f"passes{len(namespace)}"
        namespace[name] = passes(axis.name, axis.kind, literal, known, builder)
        return f"{name}({value})"
    return f"not ({text})" if literal.denied else text


def _comparison(
    condition: Condition, value: str, known: Known, namespace: dict[str, Any]
) -> str | None:
    """A condition about one fact in the words of Python; None where it has none for it."""
    if isinstance(condition, AllOf | AnyOf):
        parts = [_comparison(item, value, known, namespace) for item in condition.items]
        word = " and " if isinstance(condition, AllOf) else " or "
        whole_parts = [f"({part})" for part in parts if part is not None]
        return f"({word.join(whole_parts)})" if len(whole_parts) == len(parts) > 0 else None
    return _of_test(condition, value, known, namespace) if isinstance(condition, Test) else None


def _of_test(test: Test, value: str, known: Known, namespace: dict[str, Any]) -> str | None:
    present = whole(test)
    if present is not None:
        return "True" if present else "False"
    operand = f"operand{len(namespace)}"
    operands: tuple[Any, ...] = known(test) or ()
    if test.comparator in _SIGNS:
        namespace[operand] = operands[0]
        return f"{value} {_SIGNS[test.comparator]} {operand}"
    if test.comparator in (Comparator.ONE_OF, Comparator.NONE_OF):
        namespace[operand] = frozenset(operands)
        return f"{value} {'in' if test.comparator is Comparator.ONE_OF else 'not in'} {operand}"
    if test.comparator is Comparator.BETWEEN:
        end = f"end{len(namespace)}"
        namespace[operand], namespace[end] = operands
        if isinstance(operands[0], time) and operands[1] < operands[0]:
            return f"({value} >= {operand} or {value} < {end})"
        return f"{operand} <= {value} < {end}"
    return None
