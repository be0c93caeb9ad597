"""Filling one block from a growing set of warehouses, as if no other block took its stock items.

The units that are dearest are the first to be replaced when a warehouse joins, so what it saves can
only shrink as the set grows. That is what lets the search rule out whole families of sets.
"""

from __future__ import annotations

Fill = tuple[tuple[int, int], ...]
"""(cost of a unit, units) of a block, the dearest first; units that nobody sends are dearest."""


def saving(fill: Fill, cost: int, room: int) -> int:
    """What it saves when a warehouse joins that sends up to `room` units at `cost` each."""
    saved = 0
    for dear, units in fill:
        if dear <= cost:
            break
        if units >= room:
            return saved + room * (dear - cost)
        saved += units * (dear - cost)
        room -= units
    return saved


def joined(fill: Fill, cost: int, room: int) -> Fill:
    """The filling after such a warehouse has joined."""
    kept: list[tuple[int, int]] = []
    came = 0
    for dear, units in fill:
        if dear > cost and room:
            moved = min(units, room)
            room -= moved
            came += moved
            units -= moved
        if units:
            kept.append((dear, units))
    if came:
        place = sum(1 for dear, _ in kept if dear > cost)
        kept.insert(place, (cost, came))
    return tuple(kept)
