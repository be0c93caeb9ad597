"""The ledger as an order writes it: movements are booked, or the whole command fails."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ordinance.orders.change import Change
from ordinance.orders.desk import Desk
from ordinance.orders.record import OrderRecord, RecordLine
from ordinance.ports import Movement, MovementKind, OutOfStock, StockLevel

__all__ = ["OutOfStock", "Want", "book", "book_all", "book_line", "book_loss", "levels"]

Want = tuple[str, RecordLine, int]
"""So many units of a line in a warehouse."""


def levels(desk: Desk, record: OrderRecord, skus: Sequence[str]) -> Sequence[StockLevel]:
    """The counters of these stock items as this order may use them.

    What is set aside for its channel, and what its checkout holds for it, is available to it.
    """
    return desk.tx.levels(record.shop, skus, channel=record.channel, token=record.checkout)


def book(
    change: Change, desk: Desk, kind: MovementKind, warehouse: str, sku: str, quantity: int
) -> None:
    """Book one movement of this order; raises `OutOfStock` when the counter refuses it."""
    desk.tx.move(_movement(change, kind, warehouse, sku, quantity))


def book_line(
    change: Change, desk: Desk, kind: MovementKind, warehouse: str, line: RecordLine, units: int
) -> None:
    """Book every stock item that so many units of a line take, or none of them.

    Raises `OutOfStock` when the counter refuses one.
    """
    book_all(change, desk, kind, [(warehouse, line, units)])


def book_all(change: Change, desk: Desk, kind: MovementKind, wants: Iterable[Want]) -> None:
    """Book all that these lines take, or nothing.

    The demand is summed per stock item and warehouse before anything is booked: two lines of one
    article, or two bundles with the same piece inside, are held against the same shelf. Raises
    `OutOfStock`, which names everything that is lacking; nothing is booked then, and the command
    may go on.
    """
    desk.tx.move_all(
        [
            _movement(change, kind, warehouse, item, count)
            for warehouse, line, units in wants
            for item, count in line.takes(units).items()
        ]
    )


def book_loss(
    change: Change,
    desk: Desk,
    warehouse: str,
    sku: str,
    count: int,
    kind: MovementKind = MovementKind.ADJUSTED,
) -> None:
    """Book pieces that the shelf lacks, which this order has just let go of.

    They are written off, or withdrawn into quarantine as `kind` says.

    Where they went back to a channel's pool the pool is less by them, this order's own first:
    pieces that are not there cannot be kept for anybody. Raises `OutOfStock` when even so some of
    them are reserved; those have to be released or sourced elsewhere first.
    """
    record = change.record
    found = desk.tx.levels(record.shop, [sku])
    left = count - sum(level.unbound for level in found if level.warehouse == warehouse)
    pools = desk.tx.pools_at(record.shop, warehouse, sku)
    for pool in sorted(pools, key=lambda one: (one.channel != record.channel, one.channel)):
        given = min(pool.pieces, left)
        if given > 0:
            back = _movement(change, MovementKind.GIVEN_BACK, warehouse, sku, given)
            desk.tx.move(replace(back, order_id=None, pool=pool.channel))
            left -= given
    book(change, desk, kind, warehouse, sku, -count if kind is MovementKind.ADJUSTED else count)


def _movement(
    change: Change, kind: MovementKind, warehouse: str, sku: str, quantity: int
) -> Movement:
    record = change.record
    reserves = kind is MovementKind.RESERVED
    return Movement(
        shop=record.shop,
        warehouse=warehouse,
        sku=sku,
        kind=kind,
        quantity=quantity,
        at=change.now,
        actor=change.actor,
        cause=change.cause,
        order_id=record.id,
        pool=record.channel if reserves else "",
        token=record.checkout if reserves else None,
    )
