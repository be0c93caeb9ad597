"""The lines of an order as one axis: every way in which conditions over lines can come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from ordinance.rules.checking.axis import Axis, Cut
from ordinance.rules.deciding.vocabulary import LINES
from ordinance.rules.kinds import Value
from ordinance.rules.tree import Condition, Given, LineTest, Test

if TYPE_CHECKING:
    from ordinance.rules.checking.space import Space

_MOST_LINES = 24
_MOST_STATES = 20_000

Line: TypeAlias = Mapping[str, Value]
_Sort: TypeAlias = tuple["bool | None", ...]
"""What the conditions on one line come to."""
_State: TypeAlias = tuple[tuple[int, int, int], ...]
"""By condition: of how many lines it is true, false, unknown; counted as far as it matters."""


def lines_axis(tests: Sequence[LineTest], space: Space) -> Cut | None:
    """The axis of all orders' lines; None when there are too many ways.

    A condition on a line alone splits lines into sorts, and a quantifier counts lines of a sort.
    Counting up to the largest number that is asked for tells all quantifiers apart.
    """
    wheres = list(dict.fromkeys(test.where for test in tests))
    sorts = _sorts(wheres, space)
    if sorts is None:
        return None
    caps = [_cap(where, tests) for where in wheres]
    if max(caps) > _MOST_LINES:
        return None
    orders = _orders(sorts, caps)
    if orders is None:
        return None
    checks = [space.builder.node(test).check for test in tests]
    cells: dict[tuple[bool | None, ...], list[Any]] = {}
    for lines in sorted(orders, key=lambda lines: (not lines, len(lines))):
        found = tuple(check({LINES: lines, "candidates": ()}) for check in checks)
        cells.setdefault(found, []).append(lines)
    cells = dict(sorted(cells.items(), key=lambda item: item[0].count(True)))
    axis = Axis((LINES,), tuple(tuple(cell) for cell in cells.values()))
    true: dict[Test | LineTest, int] = {}
    false: dict[Test | LineTest, int] = {}
    for at, test in enumerate(tests):
        true[test] = sum(1 << bit for bit, key in enumerate(cells) if key[at] is True)
        false[test] = sum(1 << bit for bit, key in enumerate(cells) if key[at] is False)
    return Cut(axis, true, false)


def _sorts(wheres: Sequence[Condition], space: Space) -> list[tuple[_Sort, Line]] | None:
    """Every sort of line that there can be, with a line of it."""
    inner = space.within(wheres)
    diagrams = inner.diagrams
    if inner.opaque:
        return None
    whole = diagrams.leaf(())
    for where in wheres:
        verdict = inner.verdict(where)
        told = diagrams.choose(
            verdict.true,
            diagrams.leaf(True),
            diagrams.choose(verdict.false, diagrams.leaf(False), diagrams.leaf(None)),
        )
        whole = diagrams.combine("sort", _with, whole, told)
    found: list[tuple[_Sort, Line]] = []
    for sort, path in diagrams.ends(whole):
        example = next(inner.examples(path))
        found.append((sort, example.values))
    return found


def _with(sort: _Sort, verdict: bool | None) -> _Sort:
    return (*sort, verdict)


def _cap(where: Condition, tests: Sequence[LineTest]) -> int:
    numbers = [
        operand.value
        for test in tests
        if test.where == where
        for operand in test.operands
        if isinstance(operand, Given)
    ]
    return 1 + max((number for number in numbers if isinstance(number, int)), default=0)


def _orders(
    sorts: Sequence[tuple[_Sort, Line]], caps: Sequence[int]
) -> list[tuple[Line, ...]] | None:
    """The lines of the shortest order for each way of counting."""
    states: dict[_State, tuple[Line, ...]] = {tuple((0, 0, 0) for _ in caps): ()}
    for sort, line in sorts:
        waiting = list(states.items())
        while waiting:
            state, lines = waiting.pop()
            after = tuple(
                (
                    min(true + (verdict is True), cap),
                    min(false + (verdict is False), 1),
                    min(unknown + (verdict is None), cap),
                )
                for (true, false, unknown), verdict, cap in zip(state, sort, caps, strict=True)
            )
            if after != state and (after not in states or len(lines) + 1 < len(states[after])):
                states[after] = (*lines, line)
                waiting.append((after, states[after]))
                if len(states) > _MOST_STATES:
                    return None
    return list(states.values())
