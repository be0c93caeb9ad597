"""The queue for stock as an order stands in it: what it waits for, and at which place."""

from __future__ import annotations

from dataclasses import replace

from ordinance.orders.demand import taken_by
from ordinance.orders.negotiated import Backorder
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import TERMINAL
from ordinance.ports import Waiting

SHORT = "STOCK_SHORT"
"""The hold of an order whose stock is short: it is lifted when stock arrives."""
PRESALE = "PRESALE"
"""The hold of an order that was sold before its goods are there; lifted likewise."""
BY_HAND = "SHORT_BY_HAND"
"""The hold of an order that a person set aside as short: only a person lifts it."""

SERVED = (SHORT, PRESALE)
"""The holds that an arrival of stock lifts."""


def waits_of(record: OrderRecord) -> tuple[Waiting, ...]:
    """What an order waits for, by stock item: all the pieces that it has not found yet.

    The table of waiting orders is this function of each order, and the doctor compares them.
    """
    held = record.backorder
    if held is None or record.state in TERMINAL:
        return ()
    needed = taken_by(record, {line.no: max(line.waiting, 0) for line in record.goods})
    return tuple(
        replace(place(record, sku), pieces=count, takes=_takes(record, held))
        for sku, count in sorted(needed.items())
        if count
    )


def place(record: OrderRecord, sku: str) -> Waiting:
    """The place of an order in the queue for a stock item: by rank, then first come."""
    rank = record.backorder.rank if record.backorder else 0
    return Waiting(record.shop, sku, rank, record.placed_at, record.id, 0, "nothing")


def _takes(record: OrderRecord, held: Backorder) -> str:
    """An order that somebody has to decide on keeps its place, but is not woken."""
    if any(item.code not in SERVED and item.blocks != "nothing" for item in record.open_holds):
        return "nothing"
    return held.takes
