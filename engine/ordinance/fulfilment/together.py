"""Together: the parcels of several orders that leave in one box, and how the box is taken apart.

Each order keeps its own parcel, lines and money; the parcels name each other (`aboard`). The box
is booked with the carrier on the first of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ordinance.orders.change import Change
from ordinance.orders.desk import Desk
from ordinance.orders.record import Parcel
from ordinance.orders.states import PARCEL_OVER, ParcelState


def with_all_aboard(
    change: Change, desk: Desk, parcel_id: str, do: Callable[[Change, Desk, str], None]
) -> None:
    """Do something with a parcel, and with every other parcel that is in the same box."""
    aboard = change.record.parcel(parcel_id).aboard
    do(change, desk, parcel_id)
    for order_id, other in aboard:
        if order_id != change.record.id:
            _on(desk, order_id, other, do)


def _on(desk: Desk, order_id: str, parcel_id: str, do: Callable[[Change, Desk, str], None]) -> None:
    desk.orders.on(order_id, lambda change, desk: do(change, desk, parcel_id))


def take_apart(change: Change, desk: Desk, parcel_id: str, cause: str) -> None:
    """The box is not sent: what else is in it is packed anew, each order for itself.

    Every order keeps what it has reserved. The parcel that is asked about is left to the caller.
    """
    parcel = change.record.parcel(parcel_id)
    for order_id, other in parcel.aboard:
        if order_id == change.record.id:
            continue
        companion = desk.orders.open(order_id)
        unpack(companion, companion.record.parcel(other), cause)
    if parcel.aboard:
        _stop(change, desk, parcel)


def unpack(change: Change, parcel: Parcel, cause: str) -> None:
    """Give a parcel up, keeping what is reserved for it: it will be packed anew."""
    if parcel.state in PARCEL_OVER:
        return
    change.happen(
        "parcel.unmerged",
        {"parcel": parcel.id, "cause": cause},
        parcels=[replace(parcel, state=ParcelState.CANCELLED)],
    )


def _stop(change: Change, desk: Desk, parcel: Parcel) -> None:
    """Tell the warehouse not to send the box, which it knows by the parcel it is booked on."""
    order_id, first = parcel.aboard[0]
    booked = change if order_id == change.record.id else desk.orders.open(order_id)
    booked.effect("warehouse.cancel", f"cancel:{first}", {"parcel": first})
