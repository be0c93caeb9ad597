"""What the warehouse reports of a parcel: taken, called back, handed over."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from ordinance.fulfilment.together import take_apart
from ordinance.orders import promise
from ordinance.orders.change import Change
from ordinance.orders.desk import Desk
from ordinance.orders.states import OrderState, ParcelState
from ordinance.ports import MovementKind
from ordinance.stock.ledger import book_line
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


def call_back(change: Change, desk: Desk, parcel_id: str) -> None:
    """Take a parcel back that has not left: its pieces return to the shelf.

    What other orders have in the same box is packed anew for each of them.
    """
    parcel = change.record.parcel(parcel_id)
    take_apart(change, desk, parcel_id, "called_back")
    change.happen(
        "parcel.cancelled",
        {"parcel": parcel.id},
        parcels=[replace(parcel, state=ParcelState.CANCELLED)],
    )
    if parcel.replaces is None:
        held: Counter[int] = Counter()
        for piece in parcel.pieces:
            held[piece.line] += piece.quantity
        unreserve(change, desk, parcel.warehouse, held)
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
