"""The search: which warehouses take part, at most so many of them, so that the plan is the best.

Sets of warehouses are searched depth first, the warehouse that saves most first. What a warehouse
saves on top of its parcel shrinks as the set grows (see `filling`), so the savings known at a set
bound every larger set. Blocks that share stock items are bounded as if they did not, and dealt out
exactly for each set that may be the best.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ordinance.splitting.blocks import blocks_of, sent, sharing
from ordinance.splitting.dealing import Deal, OutOfSteps, Steps, Team, deal
from ordinance.splitting.filling import Fill, joined, saving
from ordinance.splitting.plan import Method, Plan, plan_of
from ordinance.splitting.problem import Problem

STEPS = 60_000
"""Steps after which the best plan seen is improved a little and given as a heuristic one: some
tenths of a second."""
DEAL_STEPS = 4_000
"""Steps for dealing stock that is shared out over one set of warehouses."""
DEAL_WEIGHT = 8
"""How many of the other steps take as long as one of those."""
ROUNDS = 4
"""How often the plan of a search that was cut short is improved by one warehouse."""

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
        self.open = nothing
        """What a set that was not looked at could cost at the very least."""

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
        try:
            if self.problem.most_parcels > 0:
                self._grow((), self.start, self.nothing, sorted(candidates, key=_best_first))
        except OutOfSteps:
            self.sure = False
            self._dive()
            self._improve()
        return self._written()

    def _dive(self) -> None:
        """Take the warehouse that saves most, again and again."""
        chosen: tuple[int, ...] = ()
        fills, relaxed = self.start, self.nothing
        while len(chosen) < self.problem.most_parcels:
            rest = [place for place in range(len(self.offers)) if place not in chosen]
            nets = [(self._net(fills, place), place) for place in rest if self.offers[place]]
            net, place = min(nets, key=_best_first, default=(0, 0))
            if net <= 0:
                return
            chosen, relaxed = (*chosen, place), relaxed - net
            fills = self._joined(fills, place)
            self._look_at(chosen, relaxed)

    def _improve(self) -> None:
        """Leave one warehouse out, or take another one in its place, as long as that helps."""
        for _ in range(ROUNDS):
            before = self.best
            for gone in (*before.places, None):
                kept = tuple(place for place in before.places if place != gone)
                fills, relaxed = self.start, self.nothing
                for place in kept:
                    relaxed -= self._net(fills, place)
                    fills = self._joined(fills, place)
                self._look_at(kept, relaxed)
                if len(kept) < self.problem.most_parcels:
                    for place in range(len(self.offers)):
                        if place not in before.places and self.offers[place]:
                            self._look_at((*kept, place), relaxed - self._net(fills, place))
            if self.best == before:
                return

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
        # The other warehouses of a set with this one save at most what the greatest bounds say.
        helps = [max(bound, 0) for bound, _ in bounds]
        unseen = relaxed - sum(helps[:slots])
        try:
            nets = self._nets(chosen, fills, relaxed, bounds, helps)
            most = _sums([net for net, _ in nets], slots - 1)
            for number, (net, place) in enumerate(nets):
                unseen = relaxed - net - most[number + 1]
                if self._is_beaten(unseen, len(chosen) + 1):
                    # The sets after this one can do no better.
                    if unseen > self.best.cost:
                        break
                    continue
                grown = (*chosen, place)
                self._look_at(grown, relaxed - net)
                if slots > 1:
                    more = self._joined(fills, place)
                    left = nets[number + 1 :]
                    unseen = relaxed - left[0][0] - most[number + 2] if left else self.best.cost
                    self._grow(grown, more, relaxed - net, left)
        except OutOfSteps:
            self.open = min(self.open, unseen)
            raise

    def _nets(
        self,
        chosen: tuple[int, ...],
        fills: Sequence[Fill],
        relaxed: int,
        bounds: Sequence[tuple[int, int]],
        helps: Sequence[int],
    ) -> list[tuple[int, int]]:
        """(what it saves, warehouse) for each that may still lead to a better set, the greatest
        first."""
        slots = self.problem.most_parcels - len(chosen)
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
            if self._is_beaten(least, len(chosen) + 1):
                continue
            net = bound
            if chosen:
                self.steps.take()
                net = self._net(fills, place)
            if net > 0 or self.teams:
                nets.append((net, place))
        nets.sort(key=_best_first)
        return nets

    def _is_beaten(self, least: int, parcels: int) -> bool:
        """Whether sets of at least so many parcels that cost at least this are no better."""
        return (least, parcels) > (self.best.cost, self.best.parcels)

    def _joined(self, fills: Sequence[Fill], place: int) -> list[Fill]:
        """The fillings after a warehouse has joined."""
        more = list(fills)
        for block, cost, room in self.offers[place]:
            if more[block][0][0] > cost:
                more[block] = joined(more[block], cost, room)
        return more

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
        sure, self.sure = self.sure, True
        deals, cost = self._dealt(places, cost, self.best.cost + 1)
        if not self.sure:
            self.open = min(self.open, relaxed)
        self.sure = self.sure and sure
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
            steps = Steps(DEAL_STEPS)
            found = deal(team, stock, self.short_cost, limit - cost, steps)
            self.steps.left -= DEAL_WEIGHT * (DEAL_STEPS - steps.left)
            if steps.left <= 0:
                self.sure = False
            if found is None:
                return None, limit
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

    def _root_bound(self) -> int:
        """A cost that no plan undercuts: every block filled by all, as if for one parcel."""
        fills = list(self.start)
        for place in range(len(self.offers)):
            fills = self._joined(fills, place)
        filled = sum(cost * units for fill in fills for cost, units in fill)
        if filled >= self.nothing:
            return self.nothing
        able = [self.parcel[place] for place, offer in enumerate(self.offers) if offer]
        return min(filled + min(able), self.nothing)

    def _written(self) -> Plan:
        places = self.best.places
        amounts: dict[int, Iterable[tuple[int, int]]] = {
            number: self._filled(number, places)[0] for number in self.alone
        }
        for team, dealt in zip(self.teams, self.deals.get(places, ()), strict=False):
            amounts.update(zip(team, dealt, strict=True))
        sends = sent(self.blocks, amounts)
        if self.sure:
            return plan_of(self.problem, sends, Method.EXACT)
        floor = min(max(self.open, self._root_bound()), self.best.cost)
        return plan_of(
            self.problem,
            sends,
            Method.HEURISTIC,
            floor // self.short_cost,
            floor % self.short_cost - self.problem.extra_parcel,
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
