"""Substitution: another article in the place of one that is short, at the price that was paid."""

from __future__ import annotations

from dataclasses import replace

from ordinance.orders.change import Change
from ordinance.orders.desk import Desk
from ordinance.orders.record import RecordLine
from ordinance.orders.refunds import refund_part, value_of


def substitute_for(line: RecordLine, pieces: int, change: Change, desk: Desk) -> str | None:
    """The first declared substitute of which so many pieces are in stock, or None."""
    item = desk.profile.items.get(line.sku)
    for sku in item.substitutes if item else ():
        parts = dict(desk.profile.parts_of(sku) or ((sku, 1),))
        free: dict[str, int] = {}
        for level in desk.tx.levels(change.record.shop, sorted(parts)):
            free[level.sku] = free.get(level.sku, 0) + max(level.available, 0)
        if all(free.get(part, 0) >= count * pieces for part, count in parts.items()):
            return sku
    return None


def dearer_by(line: RecordLine, sku: str, pieces: int, desk: Desk) -> int | None:
    """What the substitute costs more than was paid, in minor units; None without a list price."""
    item = desk.profile.items.get(sku)
    if item is None or item.price_minor is None:
        return None
    return item.price_minor * pieces - value_of(line, pieces)


def substitute(change: Change, desk: Desk, no: int, sku: str, pieces: int) -> None:
    """Move the pieces of a line, with what was paid for them, to a new line of another article.

    What the substitute costs less goes back to the buyer; what it costs more the shop bears.
    """
    record = change.record
    line = record.lines[no]
    item = desk.profile.items.get(sku)
    paid = value_of(line, pieces)
    off = line.discount * pieces // line.quantity
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
