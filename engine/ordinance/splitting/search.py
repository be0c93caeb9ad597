"""The search: which warehouses take part, at most so many of them, so that the plan is the best.

Sets of warehouses are searched depth first, the warehouse that saves most first. What a warehouse
saves on top of its parcel shrinks as the set grows (see `filling`), so the savings known at a set
bound every larger set. Blocks that share stock items are bounded as if they did not, and dealt out
exactly for each set that may be the best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ordinance.splitting.blocks import blocks_of, sharing
from ordinance.splitting.dealing import Deal, OutOfSteps, Steps, Team, deal
from ordinance.splitting.filling import Fill, joined, saving
from ordinance.splitting.plan import Method, Plan
from ordinance.splitting.problem import Problem

STEPS = 60_000
"""Steps after which the best plan seen is given as a heuristic one: some tenths of a second."""

Offer = tuple[tuple[int, int, int], ...]
"""What a warehouse can do: (block, cost of a unit, room in units) where it has stock."""


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A plan as it is compared: cost with what is short, parcels, warehouses by preference."""

    cost: int
    parcels: int
    places: tuple[int, ...]


def solve(problem: Problem, steps: int = STEPS) -> Plan:
    """The best plan of a problem; `Method.HEURISTIC` when the steps were not enough to prove it.

    Equal problems give equal plans.
    """
    return _Search(problem, Steps(steps)).plan()


class _Search:
    def __init__(self, problem: Problem, steps: Steps) -> None:
        self.problem = problem
        self.steps = steps
        self.blocks = blocks_of(problem)
        self.teams = sharing(self.blocks)
        shared = {number for team in self.teams for number in team}
        self.alone = [n for n in range(len(self.blocks)) if n not in shared]
        costs = [[block.unit_cost(source) for source in problem.sources] for block in self.blocks]
        self.costs = costs
        self.shared = [
            Team([self.blocks[n] for n in team], [costs[n] for n in team]) for team in self.teams
        ]
        self.parcel = [source.parcel + problem.extra_parcel for source in problem.sources]
        # Dearer than any plan, so that fewer short units are always better.
        self.short_cost = (
            1
            + sum(self.parcel)
            + sum(
                max(row, default=0) * block.units
                for row, block in zip(costs, self.blocks, strict=True)
            )
        )
        self.offers = [self._offer(place) for place in range(len(problem.sources))]
        self.start: list[Fill] = [
            ((block.weight * self.short_cost, block.units),) for block in self.blocks
        ]
        nothing = sum(block.units * block.weight for block in self.blocks) * self.short_cost
        self.nothing = nothing
        self.best = Found(nothing, 0, ())
        self.deals: dict[tuple[int, ...], list[Deal]] = {}
        self.sure = True

    def _offer(self, place: int) -> Offer:
        stock = self.problem.sources[place].stock
        found = []
        for number, block in enumerate(self.blocks):
            room = block.room(stock)
            if room > 0:
                found.append((number, self.costs[number][place], room))
        return tuple(found)

    def plan(self) -> Plan:
        """Search, then write the best set out as a plan."""
        candidates = [
            (self._net(self.start, place), place)
            for place in range(len(self.offers))
            if self.offers[place]
        ]
        floor = self._root_bound(candidates)
        try:
            if self.problem.most_parcels > 0:
                self._grow((), self.start, self.nothing, sorted(candidates, key=_best_first))
        except OutOfSteps:
            self.sure = False
        return self._written(self.sure, self.best.cost if self.sure else min(floor, self.best.cost))

    def _net(self, fills: Sequence[Fill], place: int) -> int:
        """What a warehouse saves when it joins, less its parcel."""
        saved = 0
        for number, cost, room in self.offers[place]:
            fill = fills[number]
            if fill[0][0] > cost:
                saved += saving(fill, cost, room)
        return saved - self.parcel[place]

    def _grow(
        self,
        chosen: tuple[int, ...],
        fills: Sequence[Fill],
        relaxed: int,
        bounds: Sequence[tuple[int, int]],
    ) -> None:
        """Add each warehouse to a set, and go on from there.

        `relaxed` is what the set costs if blocks did not share stock items; `bounds` are
        (most it can save, warehouse), the greatest first.
        """
        slots = self.problem.most_parcels - len(chosen)
        parcels = len(chosen) + 1
        # The other warehouses of a set with this one save at most what the greatest bounds say.
        helps = [max(bound, 0) for bound, _ in bounds]
        nets = []
        for number, (bound, place) in enumerate(bounds):
            others = (
                sum(helps[: slots - 1])
                if number >= slots - 1
                else sum(helps[:slots]) - helps[number]
            )
            least = relaxed - bound - others
            if least > self.best.cost:
                break
            if least == self.best.cost and parcels > self.best.parcels:
                continue
            net = bound
            if chosen:
                self.steps.take()
                net = self._net(fills, place)
            if net > 0 or self.teams:
                nets.append((net, place))
        nets.sort(key=_best_first)
        most = _sums([net for net, _ in nets], slots - 1)
        for number, (net, place) in enumerate(nets):
            least = relaxed - net - most[number + 1]
            if least > self.best.cost:
                break
            if least == self.best.cost and parcels > self.best.parcels:
                continue
            grown = (*chosen, place)
            self._look_at(grown, relaxed - net)
            if slots > 1:
                more = list(fills)
                for block, cost, room in self.offers[place]:
                    if more[block][0][0] > cost:
                        more[block] = joined(more[block], cost, room)
                self._grow(grown, more, relaxed - net, nets[number + 1 :])

    def _look_at(self, chosen: tuple[int, ...], relaxed: int) -> None:
        """Keep a set when it is the best so far."""
        places = tuple(sorted(chosen))
        if Found(relaxed, len(places), places) >= self.best:
            return
        if not self.teams:
            self.best = Found(relaxed, len(places), places)
            return
        cost = sum(self.parcel[place] for place in places)
        for number in self.alone:
            cost += self._filled(number, places)[1]
        # One more than the best, so that an equal cost with fewer parcels is found too.
        deals, cost = self._dealt(places, cost, self.best.cost + 1)
        found = Found(cost, len(places), places)
        if deals is not None and found < self.best:
            self.best = found
            self.deals[places] = deals

    def _dealt(
        self, places: tuple[int, ...], cost: int, limit: int
    ) -> tuple[list[Deal] | None, int]:
        """The deals of all teams of blocks over a set; None when they cannot stay below `limit`."""
        stock = {place: self.problem.sources[place].stock for place in places}
        deals = []
        for team in self.shared:
            found = deal(team, stock, self.short_cost, limit - cost, self.steps)
            if found is None:
                return None, limit
            self.sure = self.sure and found.sure
            cost += found.cost
            deals.append(found.deal)
        return deals, cost

    def _filled(
        self, number: int, places: Sequence[int]
    ) -> tuple[tuple[tuple[int, int], ...], int]:
        """(warehouse, units) for a block that shares nothing, and what it costs."""
        block, costs = self.blocks[number], self.costs[number]
        left, total = block.units, 0
        amounts = []
        for place in sorted(places, key=lambda place: (costs[place], place)):
            units = min(left, block.room(self.problem.sources[place].stock))
            if units:
                amounts.append((place, units))
                total += units * costs[place]
                left -= units
        return tuple(sorted(amounts)), total + left * block.weight * self.short_cost

    def _root_bound(self, candidates: Sequence[tuple[int, int]]) -> int:
        """A cost that no plan undercuts: every block filled as if one parcel were enough."""
        fills = list(self.start)
        for _, place in candidates:
            for number, cost, room in self.offers[place]:
                if fills[number][0][0] > cost:
                    fills[number] = joined(fills[number], cost, room)
        filled = sum(cost * units for fill in fills for cost, units in fill)
        if filled >= self.nothing:
            return self.nothing
        return filled + min(self.parcel[place] for _, place in candidates)

    def _written(self, exact: bool, floor: int) -> Plan:
        places = self.best.places
        sends: dict[int, dict[int, int]] = {place: {} for place in places}
        amounts = [(number, self._filled(number, places)[0]) for number in self.alone]
        for team, dealt in zip(self.teams, self.deals.get(places, ()), strict=False):
            amounts += zip(team, dealt, strict=True)
        for number, dealt_out in sorted(amounts):
            for place, units in self.blocks[number].dealt(dealt_out):
                for line, count in units.items():
                    sends[place][line] = sends[place].get(line, 0) + count
        short = {want.line: want.units for want in self.problem.wants}
        for units in sends.values():
            for line, count in units.items():
                short[line] -= count
        back = self.problem.extra_parcel
        return Plan(
            sends=tuple(
                (self.problem.sources[place].code, dict(sorted(sends[place].items())))
                for place in places
            ),
            short={line: count for line, count in short.items() if count},
            cost=self.best.cost % self.short_cost - (back if places else 0),
            method=Method.EXACT if exact else Method.HEURISTIC,
            least_short=floor // self.short_cost,
            least_cost=max(floor % self.short_cost - back, 0)
            if floor // self.short_cost == self.best.cost // self.short_cost
            else 0,
        )


def _best_first(bound: tuple[int, int]) -> tuple[int, int]:
    return -bound[0], bound[1]


def _sums(nets: Sequence[int], count: int) -> list[int]:
    """For each place, what the next `count` nets from there add up to, as far as they help."""
    helps = [max(net, 0) for net in nets]
    total = sum(helps[:count])
    sums = []
    for number in range(len(helps) + 1):
        sums.append(total)
        if number < len(helps) and count > 0:
            total -= helps[number]
            if number + count < len(helps):
                total += helps[number + count]
    return sums
