"""Dealing blocks that share stock items out over a few warehouses: exact, within a number of steps.

Depth first. Blocks that take several stock items come first, because once they are dealt the others
share less: a block whose stock items no later block takes has one best way, which is not searched
for. A branch is left when what is dealt so far and the least that the rest can cost is no better
than the best deal known, or when the same stock was left to the same blocks before for less.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
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

Amounts = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Dealt:
    """The best deal that was found; the best of all when there are steps left."""

    cost: int
    deal: Deal


class Team:
    """Blocks that meet over stock items, in the order in which they are dealt out."""

    def __init__(self, blocks: Sequence[Block], costs: Sequence[Sequence[int]]) -> None:
        """`costs` holds the cost of a unit by warehouse for each block."""
        self.blocks = blocks
        self.costs = costs
        self.order = sorted(
            range(len(blocks)),
            key=lambda n: (-len(blocks[n].takes), -max(c for _, c in blocks[n].takes), n),
        )
        self.free = [False] * len(blocks)
        """Whether no later block takes a stock item of this one, by depth."""
        self.watched: list[list[tuple[str, int]]] = [[] for _ in blocks]
        """(stock item, pieces that could still be taken) by depth: what the rest depends on."""
        self.met: list[list[tuple[str, list[tuple[int, int, int]]]]] = [
            [] for _ in range(len(blocks) + 1)
        ]
        """By depth, stock items that several of the blocks from there on take: for each of those
        its number, the order lines' units in one of its units, and the pieces that this takes."""
        wanted: dict[str, int] = {}
        users: dict[str, list[tuple[int, int, int]]] = {}
        for depth in reversed(range(len(blocks))):
            number = self.order[depth]
            block = blocks[number]
            self.free[depth] = not any(item in wanted for item, _ in block.takes)
            for item, count in block.takes:
                wanted[item] = wanted.get(item, 0) + count * block.units
                users.setdefault(item, []).append((number, block.weight, count))
            self.watched[depth] = sorted(wanted.items())
            self.met[depth] = [(item, list(who)) for item, who in users.items() if len(who) > 1]


def deal(
    team: Team,
    stock: Mapping[int, Mapping[str, int]],
    short_cost: int,
    limit: int,
    steps: Steps,
) -> Dealt | None:
    """The cheapest deal that costs less than `limit`, or None; of equal ones the first found.

    `stock` holds the pieces by stock item for each warehouse that takes part; a unit that nobody
    sends costs `short_cost` for every unit of order lines in it.
    When no steps are left in the end, there may be a cheaper one.
    """
    return _Dealing(team, stock, short_cost, limit, steps).best_deal()


class _Dealing:
    def __init__(
        self,
        team: Team,
        stock: Mapping[int, Mapping[str, int]],
        short_cost: int,
        limit: int,
        steps: Steps,
    ) -> None:
        self.team = team
        self.blocks = team.blocks
        self.steps = steps
        self.short_cost = short_cost
        self.left = {place: dict(items) for place, items in stock.items()}
        self.places = [sorted(stock, key=lambda place: (row[place], place)) for row in team.costs]
        self.seen: dict[tuple[int, ...], int] = {}
        self.dealt: list[Amounts] = [()] * len(team.blocks)
        self.best = limit
        self.found: Deal | None = None

    def best_deal(self) -> Dealt | None:
        """Search; what was found before the steps ran out is still a deal."""
        with suppress(OutOfSteps):
            self._go(0, 0)
        return None if self.found is None else Dealt(self.best, self.found)

    def _go(self, depth: int, cost: int) -> None:
        order = self.team.order
        while depth < len(order) and self.team.free[depth]:
            number = order[depth]
            self.dealt[number], added, short = self._filled(number)
            cost += added + short * self.short_cost
            depth += 1
        if depth == len(order):
            if cost < self.best:
                self.best, self.found = cost, tuple(self.dealt)
            return
        alone = {number: self._filled(number)[1:] for number in order[depth:]}
        if cost + self._least(depth, alone) >= self.best or self._seen(depth, cost):
            return
        number = order[depth]
        block = self.blocks[number]
        later = self._least(depth + 1, alone)
        for amounts, added in self._ways(number, cost + later):
            self.steps.take()
            if cost + added + later >= self.best:
                continue
            self._take(block, amounts, 1)
            self.dealt[number] = tuple(sorted(amounts))
            try:
                self._go(depth + 1, cost + added)
            finally:
                self._take(block, amounts, -1)

    def _seen(self, depth: int, cost: int) -> bool:
        """Whether the rest was dealt out of the same stock before, after a deal no dearer.

        Stock beyond what the rest can take makes no difference.
        """
        watched = self.team.watched[depth]
        key = (
            depth,
            *(
                min(shelf.get(item, 0), most)
                for shelf in self.left.values()
                for item, most in watched
            ),
        )
        known = self.seen.get(key)
        if known is not None and known <= cost:
            return True
        self.seen[key] = cost
        return False

    def _take(self, block: Block, amounts: Sequence[tuple[int, int]], sign: int) -> None:
        for place, units in amounts:
            shelf = self.left[place]
            for item, count in block.takes:
                shelf[item] -= sign * count * units

    def _least(self, depth: int, alone: Mapping[int, tuple[int, int]]) -> int:
        """The least that the blocks from `depth` on can cost with what is left.

        `alone` is (cost, units of order lines left short) of each block for itself. More have to be
        left short where a stock item is too scarce for all that take it.
        """
        total = 0
        for number in self.team.order[depth:]:
            cost, short = alone[number]
            total += cost + short * self.short_cost
        forced = 0
        for item, users in self.team.met[depth]:
            over = -sum(shelf.get(item, 0) for shelf in self.left.values())
            for number, weight, count in users:
                over += count * (self.blocks[number].units - alone[number][1] // weight)
            if over > 0:
                short = min(-(-over * weight // count) for _, weight, count in users)
                saved = sum(alone[number][0] for number, _, _ in users)
                forced = max(forced, short * self.short_cost - saved)
        return total + forced

    def _filled(self, number: int) -> tuple[Amounts, int, int]:
        """How a block is filled best if no other took its stock: (who sends what, its cost, units
        of order lines that are left short)."""
        block, costs = self.blocks[number], self.team.costs[number]
        units, total = block.units, 0
        amounts = []
        for place in self.places[number]:
            count = min(units, block.room(self.left[place]))
            if count:
                amounts.append((place, count))
                total += count * costs[place]
                units -= count
                if not units:
                    break
        amounts.sort()
        return tuple(amounts), total, units * block.weight

    def _ways(self, number: int, cost: int) -> Iterator[tuple[list[tuple[int, int]], int]]:
        """Ways to send the units of a block that may lead to a better deal, the cheapest
        warehouse filled first; `cost` is what the other blocks cost at least."""
        block, places = self.blocks[number], self.places[number]
        prices = [self.team.costs[number][place] for place in places]
        rooms = [block.room(self.left[place]) for place in places]
        short_cost = block.weight * self.short_cost

        def least(seat: int, units: int) -> int:
            total = 0
            for price, room in zip(prices[seat:], rooms[seat:], strict=True):
                if units <= room:
                    return total + units * price
                total += room * price
                units -= room
            return total + units * short_cost

        def from_seat(
            seat: int, units: int, spent: int
        ) -> Iterator[tuple[list[tuple[int, int]], int]]:
            if seat == len(places):
                yield [], spent + units * short_cost
                return
            for count in range(min(units, rooms[seat]), -1, -1):
                now = spent + count * prices[seat]
                # Fewer units from a cheaper warehouse only cost more.
                if cost + now + least(seat + 1, units - count) >= self.best:
                    break
                for amounts, total in from_seat(seat + 1, units - count, now):
                    yield ([(places[seat], count), *amounts] if count else amounts), total

        return from_seat(0, block.units, 0)
