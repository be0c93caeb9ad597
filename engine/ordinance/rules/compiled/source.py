"""The one generated function of an index: every axis looked up, and all of them combined.

The text that is compiled holds only names that are made here, by counting. Names of facts, values
of rules and everything else that comes from a file or a decision point reach the function through
its namespace, as objects; so no rule file can ever put a word into the program.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import time
from typing import Any, TypeAlias

from ordinance.rules.compiled.axes import Asked, Axis, Line, Table

Fast: TypeAlias = Callable[[Mapping[str, Any], "time | None"], int]
"""From present facts and the time of day to the boxes that hold on these axes. Raises `KeyError`
where a fact is absent: what is unknown then is not for this function to say."""

NAME = "standing"


def fast(axes: Sequence[Axis], every: int, clock: str) -> Fast:
    """The function over some axes; `every` are all boxes, `clock` the name of the time of day."""
    text, namespace = written(axes, every, clock)
    exec(compile(text, "<compiled rules>", "exec"), namespace)
    made: Fast = namespace[NAME]
    return made


def written(axes: Sequence[Axis], every: int, clock: str) -> tuple[str, dict[str, Any]]:
    """Its text, and the objects that its names stand for."""
    namespace: dict[str, Any] = {
        "__builtins__": {},
        "left": bisect_left,
        "right": bisect_right,
        "Absent": KeyError,
        "every": every,
    }
    terms = [_term(number, axis, clock, namespace) for number, axis in enumerate(axes)]
    guard = ""
    if any(axis.name == clock for axis in axes):
        guard = "    if at is None:\n        raise Absent\n"
    combined = " & ".join(terms) or "every"
    return f"def {NAME}(facts, at):\n{guard}    return {combined}\n", namespace


def _term(number: int, axis: Axis, clock: str, namespace: dict[str, Any]) -> str:
    lookup = axis.lookup
    namespace[f"name{number}"] = axis.name
    if axis.name == clock:
        value = "at"
    elif axis.default is not None:
        namespace[f"default{number}"] = axis.default
        value = f"facts.get(name{number}, default{number})"
    else:
        value = f"facts[name{number}]"
    if isinstance(lookup, Line) and not lookup.instants:
        namespace[f"masks{number}"] = lookup.masks
        namespace[f"before{number}"] = lookup.before
        namespace[f"after{number}"] = lookup.after
        if not lookup.after:
            return f"masks{number}[right(before{number}, {value})]"
        if not lookup.before:
            return f"masks{number}[left(after{number}, {value})]"
        return (
            f"masks{number}[right(before{number}, (value := {value})) + left(after{number}, value)]"
        )
    if isinstance(lookup, Table):
        namespace[f"get{number}"] = lookup.masks.get
        namespace[f"others{number}"] = lookup.others
        return f"get{number}({value}, others{number})"
    if isinstance(lookup, Asked):
        namespace[f"masks{number}"] = lookup
        return f"masks{number}[{value}]"
    namespace[f"mask{number}"] = lookup.mask
    return f"mask{number}({value})"
