"""Rejection: a warehouse does not ship a parcel; stock and order follow by rule."""

from __future__ import annotations

from datetime import timedelta

from ordinance.fulfilment.handover import call_back
from ordinance.fulfilment.reship import send_instead
from ordinance.orders.change import Change
from ordinance.orders.demand import inside
from ordinance.orders.desk import Desk, hold, why
from ordinance.orders.facts import all_facts
from ordinance.orders.record import OrderRecord, Parcel, Rejection
from ordinance.orders.states import IllegalMove, ParcelState
from ordinance.points.changes import ABOUT_AN_ITEM
from ordinance.ports import MovementKind, StoredBlock
from ordinance.rules import Decision, Value
from ordinance.stock.ledger import book_loss

REJECTED = "WAREHOUSE_REJECTED"
"""The hold of an order that a person has to find a warehouse for."""


def reject(
    change: Change,
    desk: Desk,
    parcel_id: str,
    reason: str,
    *,
    sku: str | None = None,
    pieces: int | None = None,
) -> None:
    """Take the parcel back, let the rules say what follows, and source the order anew.

    `sku` is the stock item that it is about, `pieces` how many of it (all in the parcel unless
    told). Raises `ValueError` when the parcel has not that many, `IllegalMove` once it is packed.
    """
    parcel = change.record.parcel(parcel_id)
    count = _counted(change.record, parcel, reason, sku, pieces)
    if parcel.state not in (ParcelState.WAIT_PUSH, ParcelState.PUSHED, ParcelState.PICKING):
        raise IllegalMove("parcel", parcel.state, "rejected")
    _rejected(change, desk, parcel, reason, sku, count)
    if reason in ABOUT_AN_ITEM:
        return
    # The whole box is rejected, with what other orders have in it.
    for order_id, other in parcel.aboard:
        if order_id != change.record.id:
            desk.orders.on(
                order_id,
                lambda c, d, other=other: _rejected(  # type: ignore[misc]
                    c, d, c.record.parcel(other), reason, None, 0
                ),
            )


def _rejected(
    change: Change, desk: Desk, parcel: Parcel, reason: str, sku: str | None, count: int
) -> None:
    decision = desk.decide(
        change, "allocation.rejected", _facts(change.record, desk, parcel, reason, sku, count)
    )
    blocks = str(decision.outcome.get("blocks") or "order")
    change.happen(
        "parcel.rejected" if sku is None else "parcel.goods_rejected",
        {
            "parcel": parcel.id,
            "warehouse": parcel.warehouse,
            "reason": reason,
            "sku": sku,
            "missing": count or None,
            "rule": why(decision),
        },
        rejections=(
            *change.record.rejections,
            Rejection(parcel.warehouse, parcel.id, reason, change.now, blocks != "nothing"),
        ),
    )
    if parcel.state is ParcelState.WAIT_PUSH:
        # What was to be sent to the warehouse may still be on its way.
        change.effect("warehouse.cancel", f"cancel:{parcel.id}", {"parcel": parcel.id})
    call_back(change, desk, parcel.id)
    if sku is not None:
        _on_stock(change, desk, decision, parcel.warehouse, sku, count)
        if blocks == "item":
            _block(change, desk, decision, parcel.warehouse, sku, reason)
    if str(decision.outcome.get("next") or "source_again") == "ask_person":
        hold(change, REJECTED, why(decision))
    elif parcel.replaces is not None:
        send_instead(change, desk, change.record.parcel(parcel.id))


def _counted(
    record: OrderRecord, parcel: Parcel, reason: str, sku: str | None, pieces: int | None
) -> int:
    """How many pieces of the stock item it is about; 0 when it is about none."""
    if sku is None:
        if reason in ABOUT_AN_ITEM:
            raise ValueError(f"`{reason}` is about an article; name its stock item as `sku`")
        return 0
    there = inside(record, parcel, sku)
    count = there if pieces is None else pieces
    if not 0 < count <= there:
        raise ValueError(
            f"parcel {parcel.id} has {there} of `{sku}`, so it cannot be about {count}"
        )
    return count


def _facts(
    record: OrderRecord, desk: Desk, parcel: Parcel, reason: str, sku: str | None, count: int
) -> dict[str, Value]:
    facts: dict[str, Value] = {
        **all_facts(record, desk),
        "rejection.reason": reason,
        "rejection.warehouse": parcel.warehouse,
        "rejection.times": len(record.rejections) + 1,
        "rejection.pieces": count,
    }
    if sku is not None:
        facts["rejection.sku"] = sku
    return facts


def _on_stock(
    change: Change, desk: Desk, decision: Decision, warehouse: str, sku: str, count: int
) -> None:
    follows = str(decision.outcome.get("stock") or "as_it_is")
    if follows == "write_off":
        book_loss(change, desk, warehouse, sku, count)
    elif follows == "quarantine":
        book_loss(change, desk, warehouse, sku, count, MovementKind.WITHDRAWN)


def _block(
    change: Change, desk: Desk, decision: Decision, warehouse: str, sku: str, reason: str
) -> None:
    hours = decision.outcome.get("block_hours")
    until = None if hours is None else change.now + timedelta(hours=int(str(hours)))
    shop = change.record.shop
    desk.tx.block(StoredBlock(shop, sku, warehouse, until, reason, change.actor, change.now))
    change.happen(
        "stock.blocked" if until else "stock.blocked_until_lifted",
        {
            "warehouse": warehouse,
            "sku": sku,
            "until": desk.local(until).strftime("%Y-%m-%d %H:%M") if until else None,
            "rule": why(decision),
        },
    )
