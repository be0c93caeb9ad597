"""Sourcing: warehouses ranked by rule, stock reserved where it was counted, splits where needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import asin, ceil, cos, radians, sin, sqrt

from ordinance.orders.change import Change
from ordinance.orders.desk import Desk, hold, why
from ordinance.orders.facts import all_facts, goods_facts
from ordinance.orders.money import major_units
from ordinance.orders.record import OrderRecord, RecordLine
from ordinance.orders.states import OrderState
from ordinance.ports import MovementKind, StockLevel
from ordinance.profile import Carrier, Warehouse
from ordinance.rules import Decision, Value
from ordinance.stock import shortage
from ordinance.stock.ledger import book_line

EARTH_KM = 6371.0
UNASSIGNED = "WAREHOUSE_UNASSIGNED"


@dataclass(frozen=True, slots=True)
class Fill:
    """What one warehouse can give towards an order: line number to pieces, in line order."""

    warehouse: str
    pieces: Mapping[int, int]

    @property
    def total(self) -> int:
        """Pieces it gives."""
        return sum(self.pieces.values())


def needs(record: OrderRecord) -> dict[int, int]:
    """Pieces that still have to find stock, by line number."""
    return {line.no: line.waiting for line in record.goods if line.waiting > 0}


def stock_items(record: OrderRecord, wanted: Mapping[int, int]) -> list[str]:
    """The stock items that the wanted lines take, sorted."""
    return sorted({item for no in wanted for item in record.lines[no].takes(1)})


def fill(
    warehouse: str,
    wanted: Mapping[int, int],
    lines: Mapping[int, RecordLine],
    free: Mapping[str, int],
) -> Fill:
    """What a warehouse with `free` pieces per stock item can give, in whole units.

    Lines that take the same stock item share its stock.
    """
    left = dict(free)
    pieces = {}
    for no, quantity in wanted.items():
        parts = lines[no].takes(1)
        given = min(
            quantity, *(max(left.get(item, 0), 0) // count for item, count in parts.items())
        )
        if given:
            pieces[no] = given
            for item, count in parts.items():
                left[item] -= count * given
    return Fill(warehouse, pieces)


def distance_km(warehouse: Warehouse, record: OrderRecord) -> Decimal | None:
    """Great-circle distance to the receiver in whole tenths of a kilometre; None when unknown."""
    if None in (warehouse.latitude, warehouse.longitude, record.latitude, record.longitude):
        return None
    lat1, lat2 = radians(warehouse.latitude or 0), radians(record.latitude or 0)
    dlat, dlng = lat2 - lat1, radians((record.longitude or 0) - (warehouse.longitude or 0))
    chord = sin(dlat / 2) ** 2 + cos(lat1) * cos(lat2) * sin(dlng / 2) ** 2
    return Decimal(str(round(2 * EARTH_KM * asin(sqrt(chord)), 1)))


def serves(areas: Sequence[str], region: str | None) -> bool:
    """Whether a region lies in one of the areas; no areas means everywhere."""
    return not areas or (region is not None and any(inside(region, area) for area in areas))


def inside(region: str, area: str) -> bool:
    """Whether `region` is `area` or lies in it (`330106` in `33`, `BR-SP` in `BR`)."""
    if region == area:
        return True
    if area.isdigit():
        return region.startswith(area) and len(area) % 2 == 0
    return region.startswith(area + "-")


def freight_minor(carrier: Carrier, grams: int) -> int:
    """A carrier's tariff for a weight, in minor units."""
    if grams <= carrier.first_grams:
        return carrier.first_minor
    return carrier.first_minor + carrier.step_minor * ceil(
        (grams - carrier.first_grams) / carrier.step_grams
    )


def candidate_facts(
    warehouse: Warehouse,
    given: Fill,
    wanted: Mapping[int, int],
    record: OrderRecord,
    desk: Desk,
    free: Mapping[str, int],
) -> dict[str, Value]:
    """Facts of one warehouse as a candidate for an order."""
    grams = sum(
        desk.profile.items[record.lines[no].sku].weight_grams * count
        for no, count in given.pieces.items()
        if record.lines[no].sku in desk.profile.items
    )
    reachable = [c for c in desk.profile.carriers if serves(c.serves, record.region)]
    freight = min((freight_minor(carrier, grams) for carrier in reachable), default=0)
    skus = stock_items(record, wanted)
    taken = sum(sum(record.lines[no].takes(count).values()) for no, count in given.pieces.items())
    facts: dict[str, Value] = {
        "candidate.code": warehouse.code,
        "candidate.open": warehouse.open,
        "candidate.region": warehouse.region,
        "candidate.serves_region": serves(warehouse.serves, record.region),
        "candidate.cold_chain": "cold_chain" in warehouse.traits,
        "candidate.dangerous": "dangerous" in warehouse.traits,
        "candidate.goods_traits": frozenset(
            trait
            for no in given.pieces
            if record.lines[no].sku in desk.profile.items
            for trait in desk.profile.items[record.lines[no].sku].traits
        ),
        "candidate.fills_order": given.pieces == dict(wanted),
        "candidate.lines_filled": sum(1 for no in given.pieces if given.pieces[no] == wanted[no]),
        "candidate.pieces_filled": given.total,
        "candidate.cost": major_units(
            freight + warehouse.handling_minor, desk.profile.minor_digits
        ),
        "candidate.stock_left": sum(max(free.get(sku, 0), 0) for sku in skus) - taken,
        "candidate.priority": warehouse.priority,
    }
    distance = distance_km(warehouse, record)
    if distance is not None:
        facts["candidate.distance_km"] = distance
    return facts


def _free(levels: Sequence[StockLevel]) -> dict[str, dict[str, int]]:
    free: dict[str, dict[str, int]] = {}
    for level in levels:
        free.setdefault(level.warehouse, {})[level.sku] = level.available
    return free


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
    plan, decision = find(change, desk, wanted)
    if len(plan) == 1 and plan[0].pieces == wanted:
        reserve(change, desk, plan, decision)
        shortage.satisfied(change)
        return
    if decision is not None and not plan and _nobody_may_ship(change, desk, wanted):
        return
    found = pieces_of(plan)
    pieces = shortage.settle(change, desk, wanted, plan_pieces=found, parcels=len(plan))
    plan = limited(plan, pieces)
    if plan:
        reserve(change, desk, plan, None)
    if not needs(change.record):
        shortage.satisfied(change)


def limited(plan: Sequence[Fill], pieces: Mapping[int, int]) -> list[Fill]:
    """The part of a plan that gives these pieces and no more, from its first warehouses."""
    left = dict(pieces)
    parts = []
    for given in plan:
        part = {no: min(count, left.get(no, 0)) for no, count in given.pieces.items()}
        part = {no: count for no, count in part.items() if count}
        for no, count in part.items():
            left[no] -= count
        if part:
            parts.append(Fill(given.warehouse, part))
    return parts


def find(
    change: Change, desk: Desk, wanted: Mapping[int, int]
) -> tuple[list[Fill], Decision | None]:
    """What the warehouses that may ship can give, the best one first, until nothing is missing.

    With the decision that ranked them, or None when no warehouse has a single piece.
    """
    record = change.record
    free = _free(desk.tx.levels(record.shop, stock_items(record, wanted)))
    # Warehouses without a single wanted piece are no candidates: ranking them would only say so.
    fills = {
        warehouse.code: fill(warehouse.code, wanted, record.lines, free.get(warehouse.code, {}))
        for warehouse in desk.profile.warehouses
        if warehouse.code in free
    }
    candidates = [
        candidate_facts(
            warehouse, fills[warehouse.code], wanted, record, desk, free[warehouse.code]
        )
        for warehouse in desk.profile.warehouses
        if warehouse.code in fills and fills[warehouse.code].pieces
    ]
    if not candidates:
        return [], None
    decision = _ranked(change, desk, candidates)
    ranking = [item.code for item in decision.ranking if item.place is not None]
    return _greedy(ranking, wanted, record, free), decision


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
    record = change.record
    candidates = [
        candidate_facts(warehouse, Fill(warehouse.code, wanted), wanted, record, desk, {})
        for warehouse in desk.profile.warehouses
    ]
    decision = _ranked(change, desk, candidates)
    if any(item.place is not None for item in decision.ranking):
        return False
    hold(change, UNASSIGNED, why(decision))
    return True


def _greedy(
    ranking: Sequence[str],
    wanted: Mapping[int, int],
    record: OrderRecord,
    free: Mapping[str, Mapping[str, int]],
) -> list[Fill]:
    """Fill from the ranked warehouses in turn until nothing is left to find."""
    left = dict(wanted)
    plan = []
    for code in ranking:
        given = fill(code, left, record.lines, free[code])
        if given.pieces:
            plan.append(given)
            left = {
                no: count - given.pieces.get(no, 0)
                for no, count in left.items()
                if count > given.pieces.get(no, 0)
            }
        if not left:
            break
    return plan


def pieces_of(plan: Sequence[Fill]) -> dict[int, int]:
    """What a plan gives, by line number."""
    pieces: dict[int, int] = {}
    for given in plan:
        for no, count in given.pieces.items():
            pieces[no] = pieces.get(no, 0) + count
    return pieces


def reserve(change: Change, desk: Desk, plan: Sequence[Fill], decision: Decision | None) -> None:
    """Reserve a plan, piece by piece, in the transaction in which it was counted."""
    record = change.record
    lines = dict(record.lines)
    for given in plan:
        for no, count in given.pieces.items():
            line = lines[no]
            book_line(change, desk, MovementKind.RESERVED, given.warehouse, line, count)
            held = dict(line.held_at)
            held[given.warehouse] = held.get(given.warehouse, 0) + count
            lines[no] = replace(line, held_at=held)
    change.happen(
        "stock.reserved",
        {
            "plan": {
                given.warehouse: {str(no): count for no, count in given.pieces.items()}
                for given in plan
            },
            "rule": why(decision) if decision else "allocation.shortage",
        },
        lines=[lines[no] for no in lines if lines[no] != record.lines[no]],
    )


def unreserve(change: Change, desk: Desk, warehouse: str, pieces: Mapping[int, int]) -> None:
    """Give reserved pieces back to the shelf."""
    record = change.record
    lines = dict(record.lines)
    for no, count in pieces.items():
        line = lines[no]
        book_line(change, desk, MovementKind.RELEASED, warehouse, line, count)
        held = dict(line.held_at)
        held[warehouse] -= count
        lines[no] = replace(line, held_at={code: left for code, left in held.items() if left})
    change.happen(
        "stock.released",
        {"warehouse": warehouse, "pieces": {str(no): count for no, count in pieces.items()}},
        lines=[lines[no] for no in pieces],
    )
