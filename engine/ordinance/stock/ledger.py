"""The ledger as an order writes it: a movement is booked, or the whole command fails."""

from __future__ import annotations

from ordinance.orders.change import Change
from ordinance.orders.desk import Desk
from ordinance.orders.record import RecordLine
from ordinance.ports import Movement, MovementKind


class OutOfStock(Exception):
    """The counter does not have what a command counted on; nothing of the command is stored."""

    def __init__(self, kind: MovementKind, sku: str, warehouse: str, wanted: int) -> None:
        super().__init__(
            f"`{sku}` in {warehouse} does not have {abs(wanted)} pieces to be booked as {kind}"
        )


def book(
    change: Change, desk: Desk, kind: MovementKind, warehouse: str, sku: str, quantity: int
) -> None:
    """Book one movement of this order; raises `OutOfStock` when the counter refuses it."""
    moved = desk.tx.move(
        Movement(
            shop=change.record.shop,
            warehouse=warehouse,
            sku=sku,
            kind=kind,
            quantity=quantity,
            at=change.now,
            actor=change.actor,
            cause=change.cause,
            order_id=change.record.id,
        )
    )
    if not moved:
        raise OutOfStock(kind, sku, warehouse, quantity)


def book_line(
    change: Change, desk: Desk, kind: MovementKind, warehouse: str, line: RecordLine, units: int
) -> None:
    """Book one movement for every stock item that so many units of a line take.

    Raises `OutOfStock` when the counter refuses one of them.
    """
    for item, count in line.takes(units).items():
        book(change, desk, kind, warehouse, item, count)
