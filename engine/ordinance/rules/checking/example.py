"""Example orders: facts that lie in given cells of a space."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from itertools import islice, product
from typing import TYPE_CHECKING, Any

from ordinance.rules.checking.axis import ABSENT, Axis
from ordinance.rules.checking.comparison import names_of
from ordinance.rules.deciding.vocabulary import CANDIDATES, LINES
from ordinance.rules.kinds import Value
from ordinance.rules.tree import LineTest, Test

if TYPE_CHECKING:
    from ordinance.rules.checking.space import Space

CLOCK_AXIS = "clock"
OPAQUE, TAG, PAIR = "?", "#", "pair"
_TRIES = 4_000

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """Facts that lie in a region."""

    values: Mapping[str, Value]
    lines: tuple[Mapping[str, Value], ...] = ()
    clock: time | None = None
    matter: tuple[str, ...] = ()
    """The facts that the region says something about, `lines` among them; any value that the
    conditions do not tell from the shown one would do as well."""
    absent: tuple[str, ...] = ()
    """Those facts that are missing."""


class Search:
    """Looks for facts in some cells (a key of an axis to bits; an absent one may be any)."""

    def __init__(self, space: Space, asked: Mapping[Key, int]) -> None:
        self._space = space
        self._asked = asked
        self._axes = {axis.key: axis for axis in space.axes}
        self._opaque = {test: key for test, key in space.opaque_axes.items() if key in self._asked}

    def examples(self) -> Iterator[Example]:
        """Facts in these cells; what is opaque is tried out on the values at hand."""
        involved = dict.fromkeys(name for test in self._opaque for name in names_of(test))
        free = [name for name in involved if (name,) in self._axes]
        for chosen in islice(product(*map(self._options, free)), _TRIES):
            example = self._example(dict(zip(free, chosen, strict=True)))
            if self._fits(example):
                yield example

    def _fits(self, example: Example) -> bool:
        situation: dict[str, Any] = {**example.values, LINES: example.lines, CANDIDATES: ()}
        return all(self._holds(test, key, situation) for test, key in self._opaque.items())

    def _holds(self, test: Test | LineTest, key: Key, situation: dict[str, Any]) -> bool:
        allowed = [cell[0] for cell in self._cells(self._axes[key])]
        if key[1] != PAIR:
            return self._space.builder.node(test).check(situation) in allowed
        left, right = situation.get(key[2]), situation.get(key[3])
        if left is None or right is None:
            return False
        return ("<" if left < right else ">" if left > right else "=") in allowed

    def _options(self, name: str) -> list[Any]:
        cells = self._cells(self._axes[name,])
        return [value for cell in cells for value in cell if value is not ABSENT]

    def _cells(self, axis: Axis) -> list[tuple[Any, ...]]:
        """The cells of an axis that an example may have, those with a present value first."""
        mask = self._asked.get(axis.key, axis.full)
        cells = [cell for bit, cell in enumerate(axis.cells) if mask >> bit & 1]
        return sorted(cells, key=lambda cell: cell[0] is ABSENT)

    def _example(self, fixed: Mapping[str, Any]) -> Example:
        values: dict[str, Value] = {}
        absent: list[str] = []
        lines: tuple[Mapping[str, Value], ...] = ()
        clock: time | None = None
        tags: dict[str, set[str]] = {}
        for axis in self._space.axes:
            name = axis.key[0]
            value = self._cells(axis)[0][0]
            if name == TAG:
                # The first cell of a tag is to be without it: so it is left away where it may be.
                tags.setdefault(axis.key[1], set()).update(() if value is None else (value,))
            elif name == LINES:
                lines = value
            elif name == CLOCK_AXIS:
                clock = value
            elif value is ABSENT:
                absent.append(name)
            elif name != OPAQUE:
                values[name] = fixed.get(name, value)
        for name, found in tags.items():
            if name not in absent:
                values[name] = frozenset(found)
        matter = dict.fromkeys(name for key in self._asked for name in _subject(key))
        return Example(values, lines, clock, tuple(matter), tuple(absent))


def _subject(key: Key) -> tuple[str, ...]:
    """The facts that an axis is about."""
    if key[0] == OPAQUE:
        return key[2:] if key[1] == PAIR else ()
    return (key[1],) if key[0] == TAG else (key[0],)
