"""Cancellation: what the buyer asks for before the goods arrive, and what ends an order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ordinance.fulfilment.handover import call_back
from ordinance.orders import lineage, promise, queue, refunds
from ordinance.orders.change import Change
from ordinance.orders.desk import Desk, release, why
from ordinance.orders.facts import all_facts
from ordinance.orders.record import OrderRecord, Parcel, Piece, RecordLine
from ordinance.orders.states import PARCEL_OVER, TERMINAL, OrderState, ParcelState
from ordinance.orders.units import without
from ordinance.service import cases
from ordinance.stock import offers, presale
from ordinance.stock.reserving import unreserve


def progress(record: OrderRecord) -> str:
    """How far an order has come, as the cancellation rules ask for it."""
    if record.signed_at is not None:
        return "received"
    return _stage(record.parcels.values())


def _stage(parcels: Iterable[Parcel]) -> str:
    states = {parcel.state for parcel in parcels}
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
            for piece in lineage.claimable_units(record, line, _not_claimed(line))
        )
        stop_at_home(change, desk, asked, reason)
        asked = that_left(change.record, asked)
        if not asked:
            change.happen("cancel.too_late", {"reason": reason, "state": str(record.state)})
            return
        cases.open_case(change, desk, asked, reason=reason, demand=None, source=source)
    elif reply != "refuse":
        _call_off(change, desk, pieces, reason)


def stop_at_home(change: Change, desk: Desk, asked: Sequence[Piece], reason: str) -> None:
    """Of an order that left in part: ask about the pieces that have not left, on their own.

    They are no return: a case about them would book pieces back that are on the shelf, and the
    warehouse would send them all the same.
    """
    record = change.record
    left = that_left(record, asked)
    home = {
        no: _total(asked, no) - _total(left, no)
        for no in dict.fromkeys(piece.line for piece in asked)
    }
    pieces = [
        Piece(no, record.lines[no].sku, count)
        for no, count in home.items()
        if count > 0 and record.lines[no].kind == "goods"
    ]
    if not pieces or record.signed_at is not None or record.state in TERMINAL:
        return
    here = [parcel for parcel in record.parcels.values() if parcel.state is not ParcelState.SHIPPED]
    facts = {**all_facts(record, desk), "order.progress": _stage(here)}
    decision = desk.decide(change, "service.cancel", facts)
    reply = str(decision.outcome["answer"])
    change.happen(
        "cancel.requested",
        {"reason": reason, "answer": reply, "rule": why(decision), "whole": False},
    )
    if reply in ("agree", "intercept"):
        _call_off(change, desk, pieces, reason)


def that_left(record: OrderRecord, pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces of these that are in a parcel that left, or that need none."""
    gone = [p for p in lineage.first_hand(record) if p.state is ParcelState.SHIPPED]
    left = []
    for piece in pieces:
        line = record.lines[piece.line]
        if line.kind != "goods":
            left.append(piece)
            continue
        at_home = without(lineage.whole(line), lineage.units_in(gone, line.no))
        left += lineage.pieces_of(line, without(piece.runs, at_home))
    return tuple(left)


def _total(pieces: Sequence[Piece], no: int) -> int:
    return sum(piece.quantity for piece in pieces if piece.line == no)


def _not_claimed(line: RecordLine) -> int:
    """Units that no case is about and whose money was not given back."""
    return max(line.quantity - max(line.given_back, line.cancelled + line.returned), 0)


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
        if parcel.state not in PARCEL_OVER:
            change.effect("warehouse.cancel", f"cancel:{parcel.id}", {"parcel": parcel.id})
            call_back(change, desk, parcel.id)
    if whole and not any(line.shipped for line in change.record.goods):
        release_stock(change, desk)
        end(change, desk, cause="buyer_cancelled", reason=reason)
        return
    drop_pieces(change, desk, wanted or _unshipped(change.record), reason)


def _unshipped(record: OrderRecord) -> dict[int, int]:
    return {
        line.no: line.quantity - line.cancelled - line.shipped
        for line in record.goods
        if line.quantity > line.cancelled + line.shipped
    }


def drop_pieces(
    change: Change,
    desk: Desk,
    wanted: Mapping[int, int],
    reason: str,
    *,
    cause: str = "buyer_cancelled",
) -> None:
    """Cancel some pieces; what is left of the order goes back to allocation.

    `cause` says on whose word, for an order of which nothing is left.
    """
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
        gone += lineage.unpacked_units(change.record, line, count)
        change.happen(
            "order.lines_cancelled",
            {"pieces": {str(no): count}, "reason": reason},
            lines=[replace(line, cancelled=line.cancelled + count)],
        )
    if gone:
        refunds.refund_pieces(change, desk, gone, reason=f"cancel.{reason}")
    presale.give_back(change, desk)
    _close_if_nothing_left(change, desk, cause)


def _close_if_nothing_left(change: Change, desk: Desk, cause: str) -> None:
    record = change.record
    if all(line.cancelled >= line.quantity for line in record.goods):
        release_stock(change, desk)
        end(change, desk, cause=cause, reason="nothing_left")
    elif (
        record.state in (OrderState.PART_SHIPPED, OrderState.FULFILLING)
        and all(line.cancelled + line.shipped >= line.quantity for line in record.goods)
        and any(line.shipped for line in record.goods)
    ):
        change.happen("order.rest_cancelled", state=OrderState.SHIPPED)
        change.unschedule("stock.wait")
        for code in (*queue.SERVED, queue.BY_HAND):
            release(change, code, cause="nothing is short any more")
        promise.shipped(change)


def release_stock(change: Change, desk: Desk) -> None:
    """Give back every reserved piece of an order that will not ship."""
    for line in change.record.goods:
        for code, count in sorted(line.held_at.items()):
            unreserve(change, desk, code, {line.no: count})


def end(change: Change, desk: Desk, *, cause: str, reason: str) -> None:
    """Cancel the whole order: holds closed, timers dropped, every cent kept goes back."""
    for item in change.record.open_holds:
        release(change, item.code, cause="cancelled")
    for kind in (
        "payment.close",
        "stock.wait",
        "ship.overdue",
        "merge.wait",
        "track.check",
        "track.resolve",
    ):
        change.unschedule(kind)
    offers.close(change)
    presale.give_back(change, desk, whole=True)
    refunds.refund_rest(change, desk, reason=f"cancel.{reason}")
    change.happen(
        "order.cancelled",
        {"cause": cause, "reason": reason},
        state=OrderState.CANCELLED,
        ended_at=change.now,
        end_cause=cause,
    )
