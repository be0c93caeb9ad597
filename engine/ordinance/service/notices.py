"""Notices: which events a buyer is told about, by rule."""

from __future__ import annotations

import json

from ordinance.orders.change import Change
from ordinance.orders.desk import Desk
from ordinance.orders.facts import all_facts
from ordinance.orders.queue import PRESALE, SHORT
from ordinance.ports import StoredEvent

NOTICES = {
    "order.entered": "order_taken",
    "order.waits_for_payment": "payment_due",
    "order.refused": "order_refused",
    "order.cancelled": "cancelled",
    "order.closed_unpaid": "cancelled",
    "parcel.shipped": "shipped",
    "parcel.delivered": "delivered",
    "case.approved": "case_answered",
    "case.refused": "case_answered",
    "refund.success": "refunded",
    "order.completed": "survey",
    "offer.asked": "buyer_asked",
    "offer.reminded": "answer_reminder",
    "contract.breached": "breach",
}
"""Event kind to the `notice.event` that the notification rules know."""


def notice_of(event: StoredEvent) -> str | None:
    """The notice that an event calls for, or None."""
    if event.kind == "order.held":
        data = json.loads(event.data)
        if data["code"] == PRESALE or "offer" in data:
            # The buyer knows of a presale, and is asked about an offer in words of its own.
            return None
        return "stock_short" if data["code"] == SHORT else "order_parked"
    if event.kind == "parcel.anomaly":
        found = json.loads(event.data)["anomalies"]
        return "lost" if "suspected_lost" in found else "late" if "late" in found else None
    return NOTICES.get(event.kind)


def notify(change: Change, desk: Desk) -> None:
    """Ask `notify.message` for every new event that a buyer may be told about, once a notice."""
    asked: dict[str, StoredEvent] = {}
    for event in change.events:
        notice = notice_of(event)
        if notice is not None:
            asked.setdefault(notice, event)
    if not asked:
        return
    facts = {
        **all_facts(change.record, desk),
        "now.local_time": desk.local(change.now).time().replace(microsecond=0),
    }
    sent: list[str] = []
    for notice, event in asked.items():
        decision = desk.decide(change, "notify.message", {**facts, "notice.event": notice})
        messages = decision.outcome.get("message")
        for message in messages if isinstance(messages, list) else []:
            if not isinstance(message, dict):
                continue
            channel = str(message["channel"])
            change.effect(
                "notify",
                f"notify:{event.version}:{channel}",
                {"channel": channel, "template": message["template"], "notice": notice},
            )
            sent.append(f"{notice}:{channel}")
    change.happen("notice.decided", {"messages": list(sent)})
