"""Sourcing: warehouses ranked by rule, one for the whole order or the best split of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ordinance.orders.change import Change
from ordinance.orders.desk import Desk, hold, why
from ordinance.orders.facts import all_facts, goods_facts
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import OrderState
from ordinance.profile import Warehouse
from ordinance.rules import Decision, Value
from ordinance.rules.decision import Plain
from ordinance.stock import shortage, splits
from ordinance.stock.candidates import Candidates
from ordinance.stock.filling import Fill, Free, fill, free_in, needs, pieces_of
from ordinance.stock.ledger import levels
from ordinance.stock.reserving import reserve
from ordinance.stock.splits import limited

UNASSIGNED = "WAREHOUSE_UNASSIGNED"


@dataclass(frozen=True, slots=True)
class Sourced:
    """Where an order can come from."""

    fills: tuple[Fill, ...]
    """What each warehouse of the plan gives; empty when nobody has or may send a piece."""
    decision: Decision | None
    """The ranking; None when no warehouse has a single piece."""
    told: Mapping[str, Plain] = field(default_factory=dict)
    """What the history says of a plan that was worked out: its cost, how it was found."""

    beyond: tuple[Fill, ...] = ()
    """What others could give if the order might be split further than the rules allow."""

    def fills_all(self, wanted: Mapping[int, int]) -> bool:
        """Whether nothing of what was wanted is missing."""
        return pieces_of(self.fills) == dict(wanted)


def ready_to_allocate(record: OrderRecord) -> bool:
    """Entry condition of `allocate`: reviewed or partly on its way, with goods still to find."""
    return (
        record.state in (OrderState.AUDITED, OrderState.FULFILLING, OrderState.PART_SHIPPED)
        and all(hold.blocks == "nothing" for hold in record.open_holds)
        and bool(needs(record))
    )


def allocate(change: Change, desk: Desk) -> None:
    """Stage: one warehouse by rule when it can fill all; else the shortage rule's plan."""
    wanted = needs(change.record)
    found = find(change, desk, wanted)
    if found.fills_all(wanted) and (len(found.fills) == 1 or _is_cheapest(found)):
        _reserve(change, desk, found.fills, found)
        shortage.satisfied(change)
        return
    if found.decision is not None and not found.fills and _nobody_may_ship(change, desk, wanted):
        return
    pieces = shortage.settle(
        change,
        desk,
        wanted,
        plan_pieces=pieces_of(found.fills),
        beyond=pieces_of(found.beyond),
        parcels=len(found.fills) + len(found.beyond),
    )
    fills = limited(found.fills, pieces)
    if fills:
        _reserve(change, desk, fills, found)
    if not needs(change.record):
        shortage.satisfied(change)


def _is_cheapest(found: Sourced) -> bool:
    """Whether the rules asked for this split because it costs less, not for want of stock."""
    return found.told.get("for") == splits.LEAST_COST


def _reserve(change: Change, desk: Desk, fills: Sequence[Fill], found: Sourced) -> None:
    rule = why(found.decision) if found.decision is not None else "allocation.shortage"
    told = {name: value for name, value in found.told.items() if name != "for"}
    reserve(change, desk, fills, rule, told)
    if any(warehouse.capacity is not None for warehouse in desk.profile.warehouses):
        day = desk.local(change.now).date()
        for given in fills:
            desk.tx.add_load(change.record.shop, given.warehouse, day)


def find(
    change: Change,
    desk: Desk,
    wanted: Mapping[int, int],
    *,
    mine: Mapping[str, Mapping[str, int]] | None = None,
) -> Sourced:
    """What the warehouses that may ship can give: the best one alone, or the best split.

    A split is worked out when the best warehouse cannot fill all, and when one could cost less
    and the rules look for the least cost. `mine` is what the order has reserved by warehouse and
    stock item, where it asks whether it would be sourced so again.
    """
    record = change.record
    seats = Candidates(record, desk, wanted, change.now)
    free = free_in(levels(desk, record, seats.stock_items))
    for code, items in (mine or {}).items():
        free[code] = {**free[code], **{item: free[code][item] + n for item, n in items.items()}}
    # Warehouses without a single wanted piece are no candidates: ranking them would only say so.
    fills = {
        warehouse.code: fill(warehouse.code, wanted, seats.units, free[warehouse.code])
        for warehouse in desk.profile.warehouses
        if warehouse.code in free
    }
    homes = {
        warehouse.code: warehouse
        for warehouse in desk.profile.warehouses
        if warehouse.code in fills and fills[warehouse.code].pieces
    }
    if not homes:
        return Sourced((), None)
    candidates = [seats.facts(home, fills[code], free[code]) for code, home in homes.items()]
    decision = _ranked(change, desk, candidates)
    ranked = [homes[item.code] for item in decision.ranking if item.place is not None]
    if not ranked:
        return Sourced((), decision)
    first = fills[ranked[0].code]
    if first.pieces != wanted:
        return _split(change, desk, seats, ranked, free, decision)
    cost = splits.tariff_cost(seats, [first], 0)
    if splits.could_save(cost, seats, ranked):
        found = _split(change, desk, seats, ranked, free, decision)
        if found.told["for"] == splits.LEAST_COST and len(found.fills) > 1:
            return found
    return Sourced((first,), decision)


def _split(
    change: Change,
    desk: Desk,
    seats: Candidates,
    ranked: Sequence[Warehouse],
    free: Free,
    decision: Decision,
) -> Sourced:
    allowed = splits.limits(change, desk)
    found = splits.split(seats, ranked, free, allowed)
    told = {**found.told, "for": allowed.strategy}
    return Sourced(found.fills, decision, told, beyond(seats, ranked, free, found.fills))


def beyond(
    seats: Candidates, ranked: Sequence[Warehouse], free: Free, fills: Sequence[Fill]
) -> tuple[Fill, ...]:
    """What lies in stock beside a plan: not short, only in too many places for one order."""
    record, given = seats.record, pieces_of(fills)
    left = {no: count - given.get(no, 0) for no, count in seats.wanted.items()}
    planned = {part.warehouse: part for part in fills}
    found = []
    for home in ranked:
        shelf = dict(free.get(home.code, {}))
        for no, count in planned[home.code].pieces.items() if home.code in planned else ():
            for item, pieces in record.lines[no].takes(count).items():
                shelf[item] = shelf.get(item, 0) - pieces
        wanted = {no: count for no, count in left.items() if count > 0}
        part = fill(home.code, wanted, seats.units, shelf)
        if part.pieces:
            found.append(part)
            for no, count in part.pieces.items():
                left[no] -= count
    return tuple(found)


def _ranked(change: Change, desk: Desk, candidates: Sequence[Mapping[str, Value]]) -> Decision:
    record = change.record
    return desk.decide(
        change,
        "allocation.source",
        all_facts(record, desk),
        lines=goods_facts(record, desk),
        candidates=candidates,
    )


def _nobody_may_ship(change: Change, desk: Desk, wanted: Mapping[int, int]) -> bool:
    """Hold the order when the rules let no warehouse ship it, if it had all of it.

    Otherwise the goods are only in the wrong place, which is a shortage like any other.
    """
    seats = Candidates(change.record, desk, wanted, change.now)
    candidates = [
        seats.facts(warehouse, Fill(warehouse.code, wanted), {})
        for warehouse in desk.profile.warehouses
    ]
    decision = _ranked(change, desk, candidates)
    if any(item.place is not None for item in decision.ranking):
        return False
    hold(change, UNASSIGNED, why(decision))
    return True
