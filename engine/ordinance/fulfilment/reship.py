"""Sending again: a parcel that stands in for one that was lost, damaged, or incomplete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ordinance.fulfilment.parcels import make_parcels
from ordinance.orders.change import Change
from ordinance.orders.demand import taken_by_pieces
from ordinance.orders.desk import Desk, hold
from ordinance.orders.facts import all_facts
from ordinance.orders.record import Parcel, Piece
from ordinance.ports import MovementKind
from ordinance.stock.filling import free_in
from ordinance.stock.ledger import book_all, levels
from ordinance.stock.standing import Standing

TROUBLE = "PARCEL_TROUBLE"
"""The hold of an order with a parcel that a person must decide about."""


def able_to_send(pieces: Sequence[Piece], change: Change, desk: Desk, home: str) -> str | None:
    """A warehouse that has all of the pieces and may be asked: `home`, else the first by code."""
    record = change.record
    wanted = taken_by_pieces(record, pieces)
    free = free_in(levels(desk, record, sorted(wanted)))
    standing = Standing.of(record, desk, change.now)
    able = [
        code
        for code in sorted(free)
        if standing.allows(code, wanted)
        and all(free[code].get(sku, 0) >= count for sku, count in wanted.items())
    ]
    return home if home in able else next(iter(able), None)


def send_again(
    change: Change, desk: Desk, pieces: Sequence[Piece], warehouse: str, *, replaces: str
) -> list[str]:
    """Reserve the pieces and plan parcels in place of `replaces`; returns the new parcels' ids."""
    lines = change.record.lines
    wants = [(warehouse, lines[piece.line], piece.quantity) for piece in pieces]
    book_all(change, desk, MovementKind.RESERVED, wants)
    return make_parcels(
        change, desk, warehouse, pieces, all_facts(change.record, desk), replaces=replaces
    )


def send_instead(change: Change, desk: Desk, parcel: Parcel) -> None:
    """Send again what was called back from being sent again; without stock a person decides."""
    warehouse = able_to_send(parcel.pieces, change, desk, parcel.warehouse)
    if warehouse is None:
        hold(change, TROUBLE, "stock.short", part=parcel.id, parcel=parcel.id)
        return
    resolved(change, parcel, "reship", "stock.short")
    send_again(change, desk, parcel.pieces, warehouse, replaces=parcel.id)


def resolved(
    change: Change, parcel: Parcel, action: str, rule: str, anomaly: str | None = None
) -> None:
    """Record how a parcel ended that did not arrive."""
    change.happen(
        "parcel.resolved",
        {
            "parcel": parcel.id,
            "anomaly": anomaly or last_trouble(parcel),
            "action": action,
            "rule": rule,
        },
        parcels=[replace(parcel, resolved=action)],
    )


def last_trouble(parcel: Parcel) -> str | None:
    """The newest anomaly of a parcel, or None."""
    return parcel.anomalies[-1] if parcel.anomalies else None
