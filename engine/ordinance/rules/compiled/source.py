"""The one generated function of an index: every axis looked up, and all of them combined.

The text that is compiled holds only names that are made here, by counting. Names of facts, values
of rules and everything else that comes from a file or a decision point reach the function through
its namespace, as objects; so no rule file can ever put a word into the program.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import time
from decimal import Decimal
from typing import Any, TypeAlias

from ordinance.rules.compiled.axes import Asked, Axis, Line, Table
from ordinance.rules.deciding.soundness import TYPES
from ordinance.rules.kinds import Kind

Fast: TypeAlias = Callable[[Mapping[str, Any], "time | None"], int]
"""From present facts and the time of day to the boxes that hold on these axes.

Raises `KeyError` where a fact is absent or has another type than its kind: what comes of that is
not for this function to say.
"""

NAME = "standing"


def fast(axes: Sequence[Axis], every: int, clock: str) -> Fast:
    """The function over some axes; `every` are all boxes, `clock` the name of the time of day."""
    return made(*written(axes, every, clock))


def made(text: str, namespace: dict[str, Any]) -> Fast:
    """The function that a text defines."""
    exec(compile(text, "<compiled rules>", "exec"), namespace)
    found: Fast = namespace[NAME]
    return found


def began(every: int) -> dict[str, Any]:
    """The namespace that every generated function begins with: no builtins but these."""
    return {
        "__builtins__": {},
        "left": bisect_left,
        "right": bisect_right,
        "type": type,
        "Strange": KeyError,
        "every": every,
    }


def written(axes: Sequence[Axis], every: int, clock: str) -> tuple[str, dict[str, Any]]:
    """Its text, and the objects that its names stand for."""
    namespace = began(every)
    lines, terms = [f"def {NAME}(facts, at):"], []
    for number, axis in enumerate(axes):
        lines.extend(given(number, axis, clock, namespace))
        terms.append(_term(number, axis, namespace))
    lines.append(f"    return {' & '.join(terms) or 'every'}")
    return "\n".join(lines) + "\n", namespace


def given(
    number: int, axis: Axis, clock: str, namespace: dict[str, Any], *, closely: bool = False
) -> list[str]:
    """The lines that read a fact and look at its type.

    Without `closely` they leave that to a lookup that knows no other values than the right ones.
    """
    value = f"value{number}"
    if axis.name == clock:
        return [f"    {value} = at", f"    if {value} is None: raise Strange"]
    namespace[f"name{number}"] = axis.name
    lines = [f"    {value} = facts[name{number}]"]
    if axis.default is not None:
        namespace[f"default{number}"] = axis.default
        lines = [f"    {value} = facts.get(name{number}, default{number})"]
    few = axis.kind in (Kind.BOOLEAN, Kind.CHOICE) and isinstance(axis.lookup, Table)
    if few and not closely:
        return lines
    namespace[f"type{number}"] = TYPES[axis.kind]
    strange = f"type({value}) is not type{number}"
    if TYPES[axis.kind] is Decimal:
        strange += f" or not {value}.is_finite()"
    elif axis.kind is Kind.INSTANT:
        strange += f" or {value}.utcoffset() is None"
    elif axis.kind is Kind.CHOICE:
        namespace[f"choices{number}"] = frozenset(axis.choices)
        strange += f" or {value} not in choices{number}"
    return [*lines, f"    if {strange}: raise Strange"]


def _term(number: int, axis: Axis, namespace: dict[str, Any]) -> str:
    """What looks up the mask of a value."""
    lookup, value = axis.lookup, f"value{number}"
    if isinstance(lookup, Line) and not lookup.instants:
        namespace[f"masks{number}"] = lookup.masks
        namespace[f"before{number}"] = lookup.before
        namespace[f"after{number}"] = lookup.after
        places = []
        if lookup.before or not lookup.after:
            places.append(f"right(before{number}, {value})")
        if lookup.after:
            places.append(f"left(after{number}, {value})")
        return f"masks{number}[{' + '.join(places)}]"
    if isinstance(lookup, Table) and axis.kind is Kind.CHOICE:
        namespace[f"masks{number}"] = lookup.full(axis.choices)
        return f"masks{number}[{value}]"
    if isinstance(lookup, Table) and axis.kind is Kind.BOOLEAN:
        # The number 1 is equal to True, and is none.
        namespace[f"yes{number}"] = lookup.mask(True)
        namespace[f"no{number}"] = lookup.mask(False)
        namespace[f"masks{number}"] = {}
        rest = f"no{number} if {value} is False else masks{number}[{value}]"
        return f"(yes{number} if {value} is True else {rest})"
    if isinstance(lookup, Table):
        namespace[f"get{number}"] = lookup.masks.get
        namespace[f"others{number}"] = lookup.others
        return f"get{number}({value}, others{number})"
    if isinstance(lookup, Asked):
        namespace[f"masks{number}"] = lookup
        return f"masks{number}[{value}]"
    namespace[f"mask{number}"] = lookup.mask
    return f"mask{number}({value})"
