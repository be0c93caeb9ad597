"""Sending again: a parcel that stands in for one that was lost, damaged, or incomplete."""

from __future__ import annotations

from collections.abc import Sequence

from ordinance.fulfilment.parcels import make_parcel
from ordinance.orders.change import Change
from ordinance.orders.desk import Desk
from ordinance.orders.facts import all_facts
from ordinance.orders.record import OrderRecord, Piece
from ordinance.stored import Movement, MovementKind


def able_to_send(pieces: Sequence[Piece], record: OrderRecord, desk: Desk, home: str) -> str | None:
    """A warehouse that has all of the pieces: `home` when it can, else the first by code."""
    wanted: dict[str, int] = {}
    for piece in pieces:
        wanted[piece.sku] = wanted.get(piece.sku, 0) + piece.quantity
    free: dict[str, dict[str, int]] = {}
    for level in desk.tx.levels(record.shop, sorted(wanted)):
        free.setdefault(level.warehouse, {})[level.sku] = level.available
    able = [
        code
        for code in sorted(free)
        if all(free[code].get(sku, 0) >= count for sku, count in wanted.items())
    ]
    return home if home in able else next(iter(able), None)


def send_again(
    change: Change, desk: Desk, pieces: Sequence[Piece], warehouse: str, *, replaces: str
) -> str:
    """Reserve the pieces and plan a parcel in place of `replaces`; returns the new parcel's id."""
    for piece in pieces:
        desk.tx.move(
            Movement(
                shop=change.record.shop,
                warehouse=warehouse,
                sku=piece.sku,
                kind=MovementKind.RESERVED,
                quantity=piece.quantity,
                at=change.now,
                actor=change.actor,
                cause=change.cause,
                order_id=change.record.id,
            )
        )
    make_parcel(change, desk, warehouse, pieces, all_facts(change.record, desk), replaces=replaces)
    return next(reversed(change.record.parcels))
