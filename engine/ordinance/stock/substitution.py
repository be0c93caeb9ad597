"""Substitution: another article in the place of one that is short, at the price that was paid."""

from __future__ import annotations

from dataclasses import replace

from ordinance.orders.change import Change
from ordinance.orders.desk import Desk
from ordinance.orders.record import OrderRecord, RecordLine
from ordinance.orders.refunds import refund_part
from ordinance.orders.shares import spread, value_of
from ordinance.orders.units import Run
from ordinance.stock.ledger import levels


def substitute_for(line: RecordLine, pieces: int, change: Change, desk: Desk) -> str | None:
    """The first declared substitute of which so many pieces are in stock, or None.

    None too for a line of which units were packed, cancelled or given back before: they carry a
    share of what was paid for the line, which may not change any more.
    """
    if not _untouched(change.record, line):
        return None
    item = desk.profile.items.get(line.sku)
    for sku in item.substitutes if item else ():
        parts = dict(desk.profile.parts_of(sku) or ((sku, 1),))
        free: dict[str, int] = {}
        for level in levels(desk, change.record, sorted(parts)):
            free[level.sku] = free.get(level.sku, 0) + max(level.available, 0)
        if all(free.get(part, 0) >= count * pieces for part, count in parts.items()):
            return sku
    return None


def _untouched(record: OrderRecord, line: RecordLine) -> bool:
    packed = [piece for parcel in record.parcels.values() for piece in parcel.pieces]
    claimed = [piece for case in record.cases.values() for piece in case.pieces]
    return not (line.back or line.cancelled or line.shipped or line.refunded) and all(
        piece.line != line.no for piece in (*packed, *claimed)
    )


def _last(line: RecordLine, pieces: int) -> list[Run]:
    """The last units of a line: those that move to the substitute."""
    return [(line.quantity - pieces, pieces)]


def dearer_by(line: RecordLine, sku: str, pieces: int, desk: Desk) -> int | None:
    """What the substitute costs more than was paid, in minor units; None without a list price."""
    item = desk.profile.items.get(sku)
    if item is None or item.price_minor is None:
        return None
    return item.price_minor * pieces - value_of(line, _last(line, pieces))


def substitute(change: Change, desk: Desk, no: int, sku: str, pieces: int) -> None:
    """Move the pieces of a line, with what was paid for them, to a new line of another article.

    What the substitute costs less goes back to the buyer; what it costs more the shop bears.
    """
    record = change.record
    line = record.lines[no]
    item = desk.profile.items.get(sku)
    paid = value_of(line, _last(line, pieces))
    off = spread(line.discount, line.quantity, _last(line, pieces))
    cheaper = -(dearer_by(line, sku, pieces, desk) or 0)
    rest = replace(
        line,
        quantity=line.quantity - pieces,
        amount=line.amount - paid,
        discount=line.discount - off,
        presold=min(line.presold, line.quantity - pieces),
    )
    other = RecordLine(
        no=max(record.lines) + 1,
        sku=sku,
        title=item.title if item else sku,
        kind="goods",
        quantity=pieces,
        unit_price=line.unit_price,
        amount=paid,
        discount=off,
        no_return_agreed=line.no_return_agreed,
        parts=desk.profile.parts_of(sku),
    )
    if rest.presold < line.presold:
        desk.tx.presell(record.shop, line.sku, rest.presold - line.presold, 0)
    change.happen(
        "line.substituted",
        {"pieces": {str(no): pieces}, "sku": sku, "line": other.no},
        lines=[rest, other],
    )
    if cheaper > 0:
        refund_part(change, desk, other.no, min(cheaper, paid), reason="substitute.cheaper")
