"""Tracking: carrier scans, anomalies by rule, and how a lost, damaged or refused parcel ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from ordinance.fulfilment.parcels import parcel_facts
from ordinance.fulfilment.reship import able_to_send, send_again
from ordinance.orders import refunds
from ordinance.orders.change import Change
from ordinance.orders.desk import Desk, hold, why
from ordinance.orders.facts import all_facts
from ordinance.orders.money import minor_units
from ordinance.orders.record import OrderRecord, Parcel
from ordinance.orders.states import OrderState, ParcelState
from ordinance.ports import Movement, MovementKind
from ordinance.rules import Value

DELIVERED = frozenset({"DELIVERED", "DELIVERED_SELF", "DELIVERED_PROXY", "DELIVERED_LOCKER"})
SIGNER = {
    "DELIVERED_SELF": "self",
    "DELIVERED_PROXY": "proxy",
    "DELIVERED_LOCKER": "locker",
    "DELIVERED": "unknown",
}
TROUBLE = {"DAMAGED": "damaged", "REFUSED": "refused", "LOST": "suspected_lost"}
"""Scans that are an anomaly by themselves."""
REASONS = {"damaged": "DAMAGED", "refused": "REFUSED"}
"""Why money goes back for a parcel in trouble, in the words of after-sale; else it never came."""


def track_facts(parcel: Parcel, record: OrderRecord, desk: Desk, now: datetime) -> dict[str, Value]:
    """Facts of a parcel on its way."""
    facts = {
        **parcel_facts(parcel.pieces, record, desk),
        "parcel.warehouse": parcel.warehouse,
        "parcel.weight_g": parcel.weight_grams,
        "parcel.tracking": parcel.tracking,
        "parcel.inquiries": parcel.inquiries,
    }
    if parcel.carrier:
        facts["parcel.carrier"] = parcel.carrier
    if parcel.shipped_at:
        facts["parcel.days_in_transit"] = (now - parcel.shipped_at).days
    if parcel.last_scan_at:
        facts["parcel.days_since_scan"] = (now - parcel.last_scan_at).days
    if record.promised_at:
        facts["parcel.days_past_promise"] = (
            desk.local(now).date() - desk.local(record.promised_at).date()
        ).days
    return facts


def check(change: Change, desk: Desk, parcel_id: str) -> None:
    """Ask `tracking.anomaly` about a parcel, and act on what is new."""
    record = change.record
    parcel = record.parcels[parcel_id]
    if parcel.state is not ParcelState.SHIPPED or parcel.settled:
        return
    facts = {**all_facts(record, desk), **track_facts(parcel, record, desk, change.now)}
    decision = desk.decide(change, "tracking.anomaly", facts)
    found = decision.outcome.get("anomaly")
    new = [str(a) for a in found if a not in parcel.anomalies] if isinstance(found, list) else []
    if new:
        parcel = replace(parcel, anomalies=(*parcel.anomalies, *new))
        change.happen(
            "parcel.anomaly",
            {"parcel": parcel.id, "anomalies": list(new), "rule": why(decision)},
            parcels=[parcel],
        )
        for anomaly in new:
            _compensate(change, desk, parcel.id, anomaly, facts)
        if "suspected_lost" in new:
            resolve(change, desk, parcel.id, "suspected_lost")
            return
    else:
        change.happen("parcel.looked_at", {"parcel": parcel.id, "rule": why(decision)})
    again = decision.outcome.get("look_again_hours")
    if again is not None:
        change.schedule("track.check", change.now + timedelta(hours=int(str(again))), parcel_id)


def scan(change: Change, desk: Desk, parcel_id: str, state: str, at: datetime) -> None:
    """A carrier scan. Late ones never move a parcel back; the same one twice changes nothing."""
    parcel = change.record.parcels[parcel_id]
    if parcel.state is not ParcelState.SHIPPED or parcel.settled:
        return
    if parcel.last_scan_at and at <= parcel.last_scan_at and state == parcel.tracking:
        return
    if state in DELIVERED:
        deliver(change, desk, parcel_id, state, at)
        return
    parcel = replace(
        parcel,
        tracking=state if not parcel.last_scan_at or at >= parcel.last_scan_at else parcel.tracking,
        last_scan_at=max(at, parcel.last_scan_at or at),
    )
    change.happen("parcel.scanned", {"parcel": parcel.id, "tracking": state}, parcels=[parcel])
    if state in TROUBLE:
        anomaly = TROUBLE[state]
        parcel = replace(parcel, anomalies=(*parcel.anomalies, anomaly))
        change.happen(
            "parcel.anomaly",
            {"parcel": parcel.id, "anomalies": [anomaly], "rule": "scan"},
            parcels=[parcel],
        )
        resolve(change, desk, parcel.id, anomaly)


def deliver(change: Change, desk: Desk, parcel_id: str, state: str, at: datetime) -> None:
    """The parcel arrived; the order is received when every parcel has."""
    record = change.record
    parcel = replace(
        record.parcels[parcel_id],
        tracking=state,
        last_scan_at=at,
        delivered_at=at,
        signed_by=SIGNER[state],
    )
    change.happen(
        "parcel.delivered", {"parcel": parcel.id, "signed_by": parcel.signed_by}, parcels=[parcel]
    )
    change.unschedule("track.check", parcel.id)
    settle_order(change, desk)


def settle_order(change: Change, desk: Desk) -> None:
    """When every parcel has arrived or ended otherwise, the order is received or was lost."""
    record = change.record
    if record.state is not OrderState.SHIPPED:
        return
    if not all(parcel.settled for parcel in record.parcels.values()):
        return
    arrived = [p.delivered_at for p in record.parcels.values() if p.delivered_at]
    if arrived:
        change.happen("order.received", state=OrderState.SIGNED, signed_at=max(arrived))
        return
    change.happen(
        "order.never_arrived",
        state=OrderState.CANCELLED,
        ended_at=change.now,
        end_cause="fully_refunded",
    )


def resolve(change: Change, desk: Desk, parcel_id: str, anomaly: str) -> None:
    """Ask `tracking.resolve` and do it: wait, inquire, send again, refund, or take back."""
    record = change.record
    parcel = record.parcels[parcel_id]
    restockable = able_to_send(parcel.pieces, record, desk, parcel.warehouse)
    facts = {
        **all_facts(record, desk),
        **track_facts(parcel, record, desk, change.now),
        "parcel.anomaly": anomaly,
        "parcel.restockable": restockable is not None,
    }
    decision = desk.decide(change, "tracking.resolve", facts)
    action = str(decision.outcome["action"])
    again = decision.outcome.get("again_after_hours")
    if action in ("wait", "inquire"):
        asked = parcel.inquiries + (1 if action == "inquire" else 0)
        change.happen(
            "parcel.inquired" if action == "inquire" else "parcel.waited",
            {"parcel": parcel.id, "anomaly": anomaly, "rule": why(decision)},
            parcels=[replace(parcel, inquiries=asked)],
        )
        if again is not None:
            due = change.now + timedelta(hours=int(str(again)))
            change.schedule("track.resolve", due, f"{parcel_id}:{anomaly}")
        return
    change.unschedule("track.check", parcel.id)
    if action == "ask_person" or (action == "reship" and restockable is None):
        hold(change, "PARCEL_TROUBLE", why(decision), parcel=parcel.id)
        return
    change.happen(
        "parcel.resolved",
        {"parcel": parcel.id, "anomaly": anomaly, "action": action, "rule": why(decision)},
        parcels=[replace(parcel, resolved=action)],
    )
    if action == "reship" and restockable is not None:
        send_again(change, desk, parcel.pieces, restockable, replaces=parcel.id)
        return
    if action == "take_back":
        _take_back(change, desk, parcel, anomaly)
    refunds.refund_pieces(
        change,
        desk,
        parcel.pieces,
        reason=f"parcel.{anomaly}",
        facts={"case.reason": REASONS.get(anomaly, "NOT_RECEIVED")},
    )
    settle_order(change, desk)


def _take_back(change: Change, desk: Desk, parcel: Parcel, anomaly: str) -> None:
    kind = MovementKind.QUARANTINED if anomaly == "damaged" else MovementKind.RETURNED
    for piece in parcel.pieces:
        _move(change, desk, parcel.warehouse, piece.sku, kind, piece.quantity)


def _move(
    change: Change, desk: Desk, warehouse: str, sku: str, kind: MovementKind, quantity: int
) -> None:
    desk.tx.move(
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


def _compensate(
    change: Change, desk: Desk, parcel_id: str, anomaly: str, facts: dict[str, Value]
) -> None:
    """Ask `service.compensate` what the buyer gets for the trouble."""
    record = change.record
    decision = desk.decide(
        change,
        "service.compensate",
        {**facts, "parcel.anomaly": anomaly, "service.given": record.compensations},
    )
    gesture = str(decision.outcome["gesture"])
    if gesture == "none":
        return
    coupon = decision.outcome.get("coupon")
    amount = 0
    if coupon is not None:
        amount = minor_units(Decimal(str(coupon)), desk.profile.minor_digits)
    change.happen(
        "service.compensated",
        {"parcel": parcel_id, "gesture": gesture, "coupon": amount, "rule": why(decision)},
        compensations=record.compensations + 1,
    )
