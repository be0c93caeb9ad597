"""What the warehouse reports of a parcel: taken, picked short, called back, handed over."""

from __future__ import annotations

from dataclasses import replace

from ordinance.fulfilment import promise
from ordinance.fulfilment.reship import send_instead
from ordinance.orders.change import Change
from ordinance.orders.desk import Desk
from ordinance.orders.states import IllegalMove, OrderState, ParcelState
from ordinance.ports import MovementKind
from ordinance.stock.ledger import book, book_line
from ordinance.stock.reserving import unreserve


def pushed(change: Change, parcel_id: str, waybill: str) -> None:
    """The warehouse has taken the outbound document and the carrier has given a number.

    A parcel that was called back meanwhile stays called back: that message follows this one.
    """
    parcel = change.record.parcel(parcel_id)
    if parcel.state is ParcelState.CANCELLED:
        change.happen("parcel.pushed_too_late", {"parcel": parcel.id, "waybill": waybill})
        return
    change.happen(
        "parcel.pushed",
        {"parcel": parcel.id, "waybill": waybill},
        parcels=[replace(parcel, state=ParcelState.PUSHED, waybill=waybill)],
    )


def short_picked(change: Change, desk: Desk, parcel_id: str, sku: str, missing: int) -> None:
    """The shelf held less than the books: the parcel is taken apart and allocated anew.

    Raises `ValueError` when the parcel has not that many pieces of the stock item `sku`.
    """
    parcel = change.record.parcel(parcel_id)
    lines = change.record.lines
    inside = sum(lines[piece.line].takes(piece.quantity).get(sku, 0) for piece in parcel.pieces)
    if not 0 < missing <= inside:
        raise ValueError(f"parcel {parcel.id} has {inside} of `{sku}`, so not {missing} can miss")
    if parcel.state not in (ParcelState.PUSHED, ParcelState.PICKING):
        raise IllegalMove("parcel", parcel.state, "short picked")
    change.happen("parcel.short_picked", {"parcel": parcel.id, "sku": sku, "missing": missing})
    call_back(change, desk, parcel_id)
    book(change, desk, MovementKind.ADJUSTED, parcel.warehouse, sku, -missing)
    if parcel.replaces is not None:
        send_instead(change, desk, change.record.parcel(parcel_id))


def call_back(change: Change, desk: Desk, parcel_id: str) -> None:
    """Take a parcel back that has not left: its pieces return to the shelf."""
    parcel = change.record.parcel(parcel_id)
    change.happen(
        "parcel.cancelled",
        {"parcel": parcel.id},
        parcels=[replace(parcel, state=ParcelState.CANCELLED)],
    )
    if parcel.replaces is None:
        unreserve(
            change, desk, parcel.warehouse, {piece.line: piece.quantity for piece in parcel.pieces}
        )
        return
    for piece in parcel.pieces:
        line = change.record.lines[piece.line]
        book_line(change, desk, MovementKind.RELEASED, parcel.warehouse, line, piece.quantity)


def hand_over(change: Change, desk: Desk, parcel_id: str) -> None:
    """Picked, packed, and given to the carrier: stock leaves, the parcel is on its way."""
    parcel = change.record.parcel(parcel_id)
    for kind, state in (
        ("parcel.picking", ParcelState.PICKING),
        ("parcel.packed", ParcelState.PACKED),
    ):
        parcel = replace(parcel, state=state)
        change.happen(kind, {"parcel": parcel.id}, parcels=[parcel])
    record = change.record
    lines = dict(record.lines)
    for piece in parcel.pieces:
        line = lines[piece.line]
        book_line(change, desk, MovementKind.SHIPPED, parcel.warehouse, line, piece.quantity)
        if parcel.replaces is None:
            held = dict(line.held_at)
            held[parcel.warehouse] -= piece.quantity
            lines[piece.line] = replace(
                line,
                shipped=line.shipped + piece.quantity,
                held_at={code: count for code, count in held.items() if count},
            )
    parcel = replace(
        parcel, state=ParcelState.SHIPPED, shipped_at=change.now, last_scan_at=change.now
    )
    all_gone = all(
        line.shipped + line.cancelled >= line.quantity
        for line in lines.values()
        if line.kind == "goods"
    )
    order_state = record.state
    if record.state in (OrderState.FULFILLING, OrderState.PART_SHIPPED):
        order_state = OrderState.SHIPPED if all_gone else OrderState.PART_SHIPPED
    change.happen(
        "parcel.shipped",
        {"parcel": parcel.id, "carrier": parcel.carrier, "waybill": parcel.waybill},
        parcels=[parcel],
        lines=[lines[no] for no in lines if lines[no] != record.lines[no]],
        state=order_state,
    )
    promise.shipped(change)
