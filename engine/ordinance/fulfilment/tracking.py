"""Tracking: carrier scans, anomalies by rule, and how a lost, damaged or refused parcel ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from ordinance.elapsed import elapsed
from ordinance.fulfilment.compensation import compensate
from ordinance.fulfilment.reship import (
    TROUBLE,
    able_to_send,
    last_trouble,
    resolved,
    send_again,
)
from ordinance.fulfilment.shipment import goods_in
from ordinance.orders import refunds
from ordinance.orders.change import Change
from ordinance.orders.desk import Desk, hold, release, why
from ordinance.orders.facts import all_facts
from ordinance.orders.lineage import brought_back, still_owed
from ordinance.orders.record import OrderRecord, Parcel
from ordinance.orders.states import OrderState, ParcelState
from ordinance.orders.units import counted, without
from ordinance.ports import MovementKind
from ordinance.rules import Value
from ordinance.stock.ledger import book_line

DELIVERED = frozenset({"DELIVERED", "DELIVERED_SELF", "DELIVERED_PROXY", "DELIVERED_LOCKER"})
SIGNER = {
    "DELIVERED_SELF": "self",
    "DELIVERED_PROXY": "proxy",
    "DELIVERED_LOCKER": "locker",
    "DELIVERED": "unknown",
}
ANOMALY_SCANS = {
    "DAMAGED": "damaged",
    "REFUSED": "refused",
    "RETURNED": "refused",
    "LOST": "suspected_lost",
    "LOST_SUSPECT": "suspected_lost",
}
"""Scans that are an anomaly by themselves."""
REASONS = {"damaged": "DAMAGED", "refused": "REFUSED"}
"""Why money goes back for a parcel in trouble, in the words of after-sale; else it never came."""
BY_PERSON = ("wait", "reship", "refund", "take_back")
"""What a person may decide about a parcel in trouble."""

CHECK = "track.check"
RESOLVE = "track.resolve"
"""The timers that watch a parcel and that ask again how its trouble ends."""


def track_facts(parcel: Parcel, record: OrderRecord, desk: Desk, now: datetime) -> dict[str, Value]:
    """Facts of a parcel on its way."""
    facts = {
        **goods_in(parcel.pieces, record, desk),
        "parcel.warehouse": parcel.warehouse,
        "parcel.weight_g": parcel.weight_grams,
        "parcel.tracking": parcel.tracking,
        "parcel.inquiries": parcel.inquiries,
    }
    if parcel.carrier:
        facts["parcel.carrier"] = parcel.carrier
    if parcel.shipped_at:
        facts["parcel.days_in_transit"] = elapsed(parcel.shipped_at, now).days
    if parcel.last_scan_at:
        facts["parcel.days_since_scan"] = elapsed(parcel.last_scan_at, now).days
    if record.promised_at:
        facts["parcel.days_past_promise"] = (
            desk.local(now).date() - desk.local(record.promised_at).date()
        ).days
    return facts


def check(change: Change, desk: Desk, parcel_id: str) -> None:
    """Ask `tracking.anomaly` about a parcel, and act on what is new."""
    record = change.record
    parcel = record.parcel(parcel_id)
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
        change.schedule(CHECK, change.now + timedelta(hours=int(str(again))), parcel_id)


def scan(change: Change, desk: Desk, parcel_id: str, state: str, at: datetime) -> None:
    """A carrier scan. Late ones never move a parcel back; the same one twice changes nothing."""
    parcel = change.record.parcel(parcel_id)
    if parcel.state is not ParcelState.SHIPPED or parcel.settled:
        return
    if parcel.last_scan_at and at <= parcel.last_scan_at and state == parcel.tracking:
        return
    if state in DELIVERED:
        deliver(change, parcel_id, state, at)
        return
    parcel = replace(
        parcel,
        tracking=state if not parcel.last_scan_at or at >= parcel.last_scan_at else parcel.tracking,
        last_scan_at=max(at, parcel.last_scan_at or at),
    )
    change.happen("parcel.scanned", {"parcel": parcel.id, "tracking": state}, parcels=[parcel])
    if state in ANOMALY_SCANS:
        anomaly = ANOMALY_SCANS[state]
        if anomaly in parcel.anomalies:
            # It is being looked into already; a person decides when there is nothing to wait for.
            resolve(change, desk, parcel.id, anomaly)
            return
        parcel = replace(parcel, anomalies=(*parcel.anomalies, anomaly))
        change.happen(
            "parcel.anomaly",
            {"parcel": parcel.id, "anomalies": [anomaly], "rule": "scan"},
            parcels=[parcel],
        )
        resolve(change, desk, parcel.id, anomaly)


def deliver(change: Change, parcel_id: str, state: str, at: datetime) -> None:
    """The parcel arrived, whatever trouble there was with it."""
    record = change.record
    parcel = replace(
        record.parcels[parcel_id],
        tracking=state,
        last_scan_at=max(at, record.parcels[parcel_id].last_scan_at or at),
        delivered_at=at,
        signed_by=SIGNER[state],
    )
    change.happen(
        "parcel.delivered", {"parcel": parcel.id, "signed_by": parcel.signed_by}, parcels=[parcel]
    )
    _unwatch(change, parcel)
    release(change, TROUBLE, part=parcel.id)


def all_settled(record: OrderRecord) -> bool:
    """Entry condition of `settle`: all has left, and nothing more is expected of any parcel."""
    return record.state is OrderState.SHIPPED and all(
        parcel.settled for parcel in record.parcels.values()
    )


def settle(change: Change, desk: Desk) -> None:
    """Stage: what has left arrived, or ended otherwise: the order is received, or was lost."""
    record = change.record
    arrived = [p.delivered_at for p in record.parcels.values() if p.delivered_at]
    without_parcel = any(line.kind == "virtual" and line.kept > 0 for line in record.lines.values())
    if arrived or without_parcel:
        at = max(arrived, default=change.now)
        change.happen("order.received", state=OrderState.SIGNED, signed_at=at)
        return
    change.happen(
        "order.never_arrived",
        state=OrderState.CANCELLED,
        ended_at=change.now,
        end_cause="fully_refunded",
    )


def resolve(change: Change, desk: Desk, parcel_id: str, anomaly: str) -> None:
    """Ask `tracking.resolve` and do it: wait, inquire, send again, refund, or take back.

    What was refunded meanwhile is not asked about: nobody gets both the money and the goods.
    """
    record = change.record
    parcel = record.parcel(parcel_id)
    still = still_owed(record, parcel.pieces)
    if not still and anomaly != "refused":
        _unwatch(change, parcel)
        resolved(change, parcel, "refund", "refund.nothing_left")
        return
    restockable = able_to_send(still, change, desk, parcel.warehouse)
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
            change.schedule(RESOLVE, due, f"{parcel_id}:{anomaly}")
            return
        # Nobody would look at it again.
        action = "ask_person"
    if action == "ask_person" or (action == "reship" and restockable is None):
        change.unschedule(CHECK, parcel.id)
        hold(change, TROUBLE, why(decision), part=parcel.id, parcel=parcel.id)
        return
    conclude(change, desk, parcel, anomaly, action, why(decision))


def conclude(
    change: Change, desk: Desk, parcel: Parcel, anomaly: str, action: str, rule: str
) -> None:
    """End a parcel that did not arrive: send it again, refund it, or take it back and refund it.

    Raises `ValueError` when it cannot be sent again.
    """
    still = still_owed(change.record, parcel.pieces)
    warehouse = able_to_send(still, change, desk, parcel.warehouse)
    if action == "reship" and (warehouse is None or not still):
        raise ValueError(f"the goods of parcel {parcel.id} cannot be sent again")
    _unwatch(change, parcel)
    release(change, TROUBLE, part=parcel.id)
    resolved(change, parcel, action, rule, anomaly)
    if action == "reship" and warehouse is not None:
        send_again(change, desk, still, warehouse, replaces=parcel.id)
        return
    if action == "take_back":
        _take_back(change, desk, parcel, anomaly)
    refunds.refund_pieces(
        change,
        desk,
        still,
        reason=f"parcel.{anomaly}",
        facts={"case.reason": REASONS.get(anomaly, "NOT_RECEIVED")},
    )


def settle_by_person(change: Change, desk: Desk, parcel_id: str, action: str) -> None:
    """A person ends the trouble with a parcel: `wait`, `reship`, `refund` or `take_back`."""
    parcel = change.record.parcel(parcel_id)
    if action not in BY_PERSON:
        raise ValueError(f"`{action}` ends no trouble; one of {', '.join(BY_PERSON)}")
    stopped = parcel.state is ParcelState.CANCELLED
    if parcel.settled or not (stopped or parcel.state is ParcelState.SHIPPED):
        raise ValueError(f"parcel {parcel.id} is in no trouble that could be ended")
    if stopped and action in ("wait", "take_back"):
        raise ValueError(f"parcel {parcel.id} never left, so only `reship` or `refund` ends it")
    if action != "wait":
        anomaly = last_trouble(parcel) or ("refused" if action == "take_back" else "suspected_lost")
        conclude(change, desk, parcel, anomaly, action, "person")
        return
    release(change, TROUBLE, part=parcel.id)
    change.happen("parcel.waited", {"parcel": parcel.id, "rule": "person"})
    change.schedule(CHECK, change.now + timedelta(days=1), parcel.id)


def _unwatch(change: Change, parcel: Parcel) -> None:
    """Nobody has to look at a parcel that has ended."""
    change.unschedule(CHECK, parcel.id)
    for anomaly in parcel.anomalies:
        change.unschedule(RESOLVE, f"{parcel.id}:{anomaly}")


def _take_back(change: Change, desk: Desk, parcel: Parcel, anomaly: str) -> None:
    """Book what the carrier brings back, except for units that a case has brought back before."""
    kind = MovementKind.QUARANTINED if anomaly == "damaged" else MovementKind.RETURNED
    for piece in parcel.pieces:
        line = change.record.lines[piece.line]
        count = counted(without(piece.runs, brought_back(change.record, line.no)))
        if count:
            book_line(change, desk, kind, parcel.warehouse, line, count)


def _compensate(
    change: Change, desk: Desk, parcel_id: str, anomaly: str, facts: dict[str, Value]
) -> None:
    """Ask `service.compensate` what the buyer gets for the trouble."""
    record = change.record
    decision = desk.decide(
        change,
        "service.compensate",
        {
            **facts,
            "parcel.anomaly": anomaly,
            "service.given": record.compensations,
            "service.breach": False,
        },
    )
    compensate(change, desk, decision, parcel=parcel_id)
