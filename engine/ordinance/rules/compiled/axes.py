"""Axes: for one fact, the boxes that each of its values leaves standing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ordinance.rules.compiled.bits import mask_of
from ordinance.rules.compiled.spans import (
    AFTER,
    BEFORE,
    Cut,
    Listed,
    Span,
)
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.moment import in_utc

MOST_MASKS = 1024
"""How many masks one axis stores. Where a large set needs more, the masks between two stored ones
are made when they are asked for, by the few bits in which they differ."""

MOST_KEPT = 4096
"""How many values an axis remembers the mask of, where finding it takes longer."""

LONGEST_KEPT = 64
"""The longest text that is remembered: an axis must not hold on to letters of buyers."""


class Lookup(Protocol):
    """From a present value to the boxes that it leaves standing."""

    def mask(self, value: Any) -> int:
        """A bit is set where every condition of the box on this fact holds."""
        ...


@dataclass(frozen=True, slots=True)
class Axis:
    """One fact that boxes ask for."""

    name: str
    kind: Kind
    default: Value | None
    """What takes the place of the fact where it is absent; None for nothing."""
    lookup: Lookup
    absent_true: int
    """The boxes whose conditions on this fact hold where it is absent."""
    absent_open: int
    """Those, and the ones whose conditions are unknown then."""
    choices: tuple[str, ...] = ()
    """All values that there are, for a choice."""


class Line:
    """An ordered fact: bisection among the cuts where something changes.

    The place of a value is the number of cuts that lie before it. A cut just before `b` lies
    before `v` when `b <= v`, a cut just after `b` when `b < v`.
    """

    def __init__(
        self, start: int, steps: Sequence[tuple[Cut, int]], *, instants: bool = False
    ) -> None:
        """`start` are the boxes below all cuts; at each cut the bits of a mask change."""
        self.instants = instants
        self.before = [cut[0] for cut, _ in steps if cut[1] == BEFORE]
        self.after = [cut[0] for cut, _ in steps if cut[1] == AFTER]
        self.masks = [start]
        for _, change in steps:
            start ^= change
            self.masks.append(start)

    def mask(self, value: Any) -> int:
        if self.instants:
            value = in_utc(value)
        return self.masks[bisect_right(self.before, value) + bisect_left(self.after, value)]


class SparseLine:
    """As `Line`, for so many cuts that their masks would take too much room."""

    def __init__(
        self, start: int, steps: Sequence[tuple[Cut, Sequence[int]]], *, instants: bool = False
    ) -> None:
        """As for `Line`, but a change is given by the numbers of its bits."""
        self.instants = instants
        self.before = [cut[0] for cut, _ in steps if cut[1] == BEFORE]
        self.after = [cut[0] for cut, _ in steps if cut[1] == AFTER]
        self.stride = -(-(len(steps) + 1) // MOST_MASKS)
        self.changes = [tuple(change) for _, change in steps]
        self.masks = [start]
        for at in range(0, len(steps), self.stride):
            bits: list[int] = []
            for change in self.changes[at : at + self.stride]:
                bits.extend(change)
            start ^= mask_of(_odd(bits))
            self.masks.append(start)

    def mask(self, value: Any) -> int:
        if self.instants:
            value = in_utc(value)
        place = bisect_right(self.before, value) + bisect_left(self.after, value)
        stored = place // self.stride
        mask = self.masks[stored]
        for change in self.changes[stored * self.stride : place]:
            for bit in change:
                mask ^= 1 << bit
        return mask


class Table:
    """A fact that is only asked for equality: one dictionary."""

    def __init__(self, others: int, masks: dict[Any, int]) -> None:
        self.others = others
        self.masks = masks

    def full(self, values: Iterable[Any]) -> dict[Any, int]:
        """The mask of every value there is, for a fact that has few."""
        return {value: self.mask(value) for value in values}

    def mask(self, value: Any) -> int:
        return self.masks.get(value, self.others)


class SparseTable:
    """As `Table`, for so many values that their masks would take too much room."""

    def __init__(self, others: int, changes: dict[Any, tuple[int, ...]]) -> None:
        self.others = others
        self.changes = changes

    def mask(self, value: Any) -> int:
        mask = self.others
        for bit in self.changes.get(value, ()):
            mask ^= 1 << bit
        return mask


class Asked(dict[Any, int]):
    """A fact whose conditions are asked one by one (each different one once) or found by the keys
    of the value: its prefixes, the regions that it lies in, its tags. Remembers what it found."""

    def __init__(
        self,
        keys: Callable[[Any], Iterable[Any]] | None,
        needing: dict[Any, int],
        barring: dict[Any, int],
        needy: int,
        atoms: Sequence[tuple[Callable[[Any], bool], int]],
        every: int,
    ) -> None:
        """`needing` are the boxes that need one of some keys, of all these `needy` ones;
        `barring` the boxes that a key rules out. An atom that fails rules out its boxes."""
        super().__init__()
        self.keys_of = keys
        self.needing = needing
        self.barring = barring
        self.needy = needy
        self.atoms = atoms
        self.every = every

    def mask(self, value: Any) -> int:
        return self[value]

    def __missing__(self, value: Any) -> int:
        mask = self.found(value)
        if not isinstance(value, str) or len(value) <= LONGEST_KEPT:
            if len(self) >= MOST_KEPT:
                self.clear()
            self[value] = mask
        return mask

    def found(self, value: Any) -> int:
        """The mask, worked out."""
        mask = self.every
        if self.keys_of is not None:
            met = barred = 0
            for each in self.keys_of(value):
                met |= self.needing.get(each, 0)
                barred |= self.barring.get(each, 0)
            mask &= (met | ~self.needy) & ~barred
        for passes, boxes in self.atoms:
            if not passes(value):
                mask &= ~boxes
        return mask


def line(
    spans: Iterable[tuple[int, Span]], count: int, *, instants: bool = False
) -> Line | SparseLine:
    """The axis of an ordered fact from the stretches that boxes ask for; of `count` boxes."""
    outside: list[int] = []
    changes: dict[Cut, list[int]] = {}
    for box, span in spans:
        if not span.inside:
            outside.append(box)
        for cut in span.cuts:
            changes.setdefault(cut, []).append(box)
    start = ((1 << count) - 1) ^ mask_of(outside)
    steps = sorted(changes.items(), key=lambda step: step[0])
    if len(steps) < MOST_MASKS:
        return Line(start, [(cut, mask_of(bits)) for cut, bits in steps], instants=instants)
    return SparseLine(start, steps, instants=instants)


def table(lists: Iterable[tuple[int, Listed]], count: int) -> Table | SparseTable:
    """The axis of a fact that is only asked for equality."""
    outside: list[int] = []
    changes: dict[Any, list[int]] = {}
    for box, listed in lists:
        if not listed.others:
            outside.append(box)
        for value in listed.values:
            changes.setdefault(value, []).append(box)
    others = ((1 << count) - 1) ^ mask_of(outside)
    if len(changes) < MOST_MASKS:
        return Table(others, {value: others ^ mask_of(bits) for value, bits in changes.items()})
    return SparseTable(others, {value: tuple(bits) for value, bits in changes.items()})


def _odd(bits: Iterable[int]) -> Iterable[int]:
    """The bits that are there an odd number of times."""
    odd: dict[int, None] = {}
    for bit in bits:
        if bit in odd:
            del odd[bit]
        else:
            odd[bit] = None
    return odd
