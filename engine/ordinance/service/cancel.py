"""Cancellation: what the buyer asks for before the goods arrive, and consent to cancel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ordinance.fulfilment.handover import call_back
from ordinance.orders import lineage, refunds
from ordinance.orders.change import Change
from ordinance.orders.desk import Desk, hold, release, why
from ordinance.orders.facts import all_facts
from ordinance.orders.record import OrderRecord, Piece
from ordinance.orders.states import TERMINAL, OrderState, ParcelState
from ordinance.orders.units import without
from ordinance.service import cases
from ordinance.stock import filling, shortage, sourcing
from ordinance.stock.reserving import unreserve


def progress(record: OrderRecord) -> str:
    """How far an order has come, as the cancellation rules ask for it."""
    if record.signed_at is not None:
        return "received"
    states = {parcel.state for parcel in record.parcels.values()}
    if ParcelState.SHIPPED in states:
        return "shipped"
    if ParcelState.PACKED in states:
        return "packed"
    if states & {ParcelState.PUSHED, ParcelState.PICKING}:
        return "pushed"
    return "not_pushed"


def request(
    change: Change, desk: Desk, pieces: Sequence[Piece], *, reason: str, source: str
) -> None:
    """The buyer wants to cancel; no pieces means the whole order. Ask `service.cancel`."""
    record = change.record
    if record.state in TERMINAL:
        change.happen("cancel.too_late", {"reason": reason, "state": str(record.state)})
        return
    facts = {**all_facts(record, desk), "order.progress": progress(record)}
    decision = desk.decide(change, "service.cancel", facts)
    reply = str(decision.outcome["answer"])
    change.happen(
        "cancel.requested",
        {"reason": reason, "answer": reply, "rule": why(decision), "whole": not pieces},
    )
    if reply == "aftersale":
        asked = tuple(pieces) or tuple(
            piece
            for line in record.goods
            for piece in lineage.pieces_of(line, without(lineage.whole(line), line.back))
        )
        cases.open_case(change, desk, asked, reason=reason, demand=None, source=source)
    elif reply != "refuse":
        _call_off(change, desk, pieces, reason)


def _call_off(change: Change, desk: Desk, pieces: Sequence[Piece], reason: str) -> None:
    """Stop what has not left, give the stock and the money back."""
    record = change.record
    wanted: dict[int, int] = {}
    for piece in pieces:
        wanted[piece.line] = wanted.get(piece.line, 0) + piece.quantity
    whole = not wanted or all(
        wanted.get(line.no, 0) >= line.quantity - line.cancelled for line in record.goods
    )
    for parcel in record.parcels.values():
        if parcel.state not in (ParcelState.SHIPPED, ParcelState.CANCELLED):
            change.effect("warehouse.cancel", f"cancel:{parcel.id}", {"parcel": parcel.id})
            call_back(change, desk, parcel.id)
    if whole and not any(line.shipped for line in change.record.goods):
        release_stock(change, desk)
        end(change, desk, cause="buyer_cancelled", reason=reason)
        return
    _drop_pieces(change, desk, wanted or _unshipped(change.record), reason)


def _unshipped(record: OrderRecord) -> dict[int, int]:
    return {
        line.no: line.quantity - line.cancelled - line.shipped
        for line in record.goods
        if line.quantity > line.cancelled + line.shipped
    }


def _drop_pieces(change: Change, desk: Desk, wanted: dict[int, int], reason: str) -> None:
    """Cancel some pieces; what is left of the order goes back to allocation."""
    gone: list[Piece] = []
    for no, quantity in wanted.items():
        line = change.record.lines[no]
        count = min(quantity, line.quantity - line.cancelled - line.shipped)
        if count <= 0:
            continue
        free = max(count - line.waiting, 0)
        for code, held in sorted(line.held_at.items()):
            back = min(free, held)
            if back:
                unreserve(change, desk, code, {no: back})
                free -= back
        line = change.record.lines[no]
        gone += lineage.unsent_units(change.record, line, count)
        change.happen(
            "order.lines_cancelled",
            {"pieces": {str(no): count}, "reason": reason},
            lines=[replace(line, cancelled=line.cancelled + count)],
        )
    if gone:
        refunds.refund_pieces(change, desk, gone, reason=f"cancel.{reason}")
    _close_if_nothing_left(change, desk)


def _close_if_nothing_left(change: Change, desk: Desk) -> None:
    record = change.record
    if all(line.cancelled >= line.quantity for line in record.goods):
        release_stock(change, desk)
        end(change, desk, cause="buyer_cancelled", reason="nothing_left")
    elif (
        record.state in (OrderState.PART_SHIPPED, OrderState.FULFILLING)
        and all(line.cancelled + line.shipped >= line.quantity for line in record.goods)
        and any(line.shipped for line in record.goods)
    ):
        change.happen("order.rest_cancelled", state=OrderState.SHIPPED)


def release_stock(change: Change, desk: Desk) -> None:
    """Give back every reserved piece of an order that will not ship."""
    for line in change.record.goods:
        for code, count in sorted(line.held_at.items()):
            unreserve(change, desk, code, {line.no: count})


def end(change: Change, desk: Desk, *, cause: str, reason: str) -> None:
    """Cancel the whole order: holds closed, timers dropped, every cent kept goes back."""
    for item in change.record.open_holds:
        release(change, item.code, cause="cancelled")
    for kind in ("payment.close", "stock.wait", "ship.overdue", "track.check", "track.resolve"):
        change.unschedule(kind)
    refunds.refund_rest(change, desk, reason=f"cancel.{reason}")
    change.happen(
        "order.cancelled",
        {"cause": cause, "reason": reason},
        state=OrderState.CANCELLED,
        ended_at=change.now,
        end_cause=cause,
    )


def consent(change: Change, desk: Desk, agreed: bool) -> None:
    """The buyer answered the offer to cancel (all of it, or what is short). Law L7: without
    this recorded consent nothing that was paid is cancelled."""
    record = change.record
    held = next((item for item in record.open_holds if item.code == shortage.CONSENT), None)
    if held is None:
        raise ValueError(f"order {record.number} has no open offer to answer")
    change.happen("buyer.answered", {"agreed": agreed, "offer": held.rule})
    release(change, held.code, cause="answered")
    if not agreed:
        hold(change, "SUPERVISOR", held.rule)
        return
    if held.rule.startswith("allocation.shortage") and any(
        line.reserved or line.shipped for line in record.goods
    ):
        _drop_pieces(change, desk, {line.no: line.waiting for line in record.goods}, "OUT_OF_STOCK")
        return
    if held.rule.startswith("allocation.shortage"):
        shortfall = _short_of_stock(change, desk)
        if shortfall != shortage_total(record):
            _drop_pieces(change, desk, shortfall, "OUT_OF_STOCK")
            return
    release_stock(change, desk)
    end(change, desk, cause="consent", reason="agreed")


def shortage_total(record: OrderRecord) -> dict[int, int]:
    """Every piece of every goods line that is still to be shipped."""
    return _unshipped(record)


def _short_of_stock(change: Change, desk: Desk) -> dict[int, int]:
    """Pieces that no warehouse can ship, by line: what the buyer agreed to do without."""
    wanted = filling.needs(change.record)
    found = filling.pieces_of(sourcing.find(change, desk, wanted).fills)
    return {
        no: count - found.get(no, 0) for no, count in wanted.items() if count > found.get(no, 0)
    }
