"""Dealing blocks that share stock items out over a few warehouses: exact, within a number of steps.

Depth first, each block to the cheapest warehouse first; a branch is left when what is dealt so far
and the least that the rest can cost, each block for itself, is no better than the best deal known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ordinance.splitting.blocks import Block


class OutOfSteps(Exception):
    """The number of steps was not enough to be sure."""


@dataclass(slots=True)
class Steps:
    """How many steps may still be made."""

    left: int

    def take(self) -> None:
        """Make one step; raises `OutOfSteps`."""
        if self.left <= 0:
            raise OutOfSteps
        self.left -= 1


Deal = tuple[tuple[tuple[int, int], ...], ...]
"""For each block, (warehouse, units) of what is sent, in the order of preference."""


def deal(
    blocks: Sequence[Block],
    costs: Sequence[Mapping[int, int]],
    stock: Mapping[int, Mapping[str, int]],
    short_cost: int,
    limit: int,
    steps: Steps,
) -> tuple[int, Deal] | None:
    """The cheapest deal that costs less than `limit`, or None; of equal ones the first found.

    `costs` holds the cost of a unit by warehouse for each block, `stock` the pieces by stock item
    for each warehouse that takes part; a unit that nobody sends costs `short_cost` for every unit
    of order lines in it.
    """
    left = {place: dict(items) for place, items in stock.items()}
    order = sorted(
        range(len(blocks)),
        key=lambda number: (-len(blocks[number].takes), -blocks[number].weight, number),
    )
    rest = [0] * (len(order) + 1)
    for depth in reversed(range(len(order))):
        number = order[depth]
        rest[depth] = rest[depth + 1] + _alone(blocks[number], costs[number], stock, short_cost)
    found: list[tuple[int, Deal]] = []
    dealt: list[tuple[tuple[int, int], ...]] = [()] * len(blocks)
    best = limit

    def go(depth: int, cost: int) -> None:
        nonlocal best
        if cost + rest[depth] >= best:
            return
        if depth == len(order):
            best = cost
            found[:] = [(cost, tuple(dealt))]
            return
        number = order[depth]
        block = blocks[number]
        places = sorted(left, key=lambda place: (costs[number][place], place))
        for amounts, added in _ways(block, costs[number], places, left, short_cost):
            steps.take()
            if cost + added + rest[depth + 1] >= best:
                # Ways come in any order of cost, so the others are still looked at.
                continue
            for place, units in amounts:
                _take(left[place], block, units)
            dealt[number] = tuple(sorted(amounts))
            go(depth + 1, cost + added)
            for place, units in amounts:
                _take(left[place], block, -units)

    go(0, 0)
    return found[0] if found else None


def _take(stock: dict[str, int], block: Block, units: int) -> None:
    for item, count in block.takes:
        stock[item] = stock.get(item, 0) - count * units


def _ways(
    block: Block,
    costs: Mapping[int, int],
    places: Sequence[int],
    left: Mapping[int, Mapping[str, int]],
    short_cost: int,
) -> Iterator[tuple[list[tuple[int, int]], int]]:
    """Every way to send the units of a block, the cheapest warehouse filled first."""

    def from_place(number: int, units: int) -> Iterator[tuple[list[tuple[int, int]], int]]:
        if number == len(places):
            yield [], units * block.weight * short_cost
            return
        place = places[number]
        room = min(units, block.room(left[place]))
        for count in range(room, -1, -1):
            for amounts, cost in from_place(number + 1, units - count):
                if count:
                    yield [(place, count), *amounts], cost + count * costs[place]
                else:
                    yield amounts, cost

    return from_place(0, block.units)


def _alone(
    block: Block,
    costs: Mapping[int, int],
    stock: Mapping[int, Mapping[str, int]],
    short_cost: int,
) -> int:
    """The least that a block costs when no other block takes its stock items."""
    units, total = block.units, 0
    for place in sorted(stock, key=lambda place: (costs[place], place)):
        count = min(units, block.room(stock[place]))
        total += count * costs[place]
        units -= count
    return total + units * block.weight * short_cost
