"""The promise to ship: until when an order must have left, and what happens when it has not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from ordinance.elapsed import elapsed
from ordinance.orders.change import Change
from ordinance.orders.desk import Desk, hold, release, why
from ordinance.orders.facts import all_facts
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import OrderState
from ordinance.rules import Value

TIMER = "ship.overdue"
WINDOW = "merge.wait"
"""The timer of an order that waits for others to leave with."""
NOT_SHIPPED = "NOT_SHIPPED"
CONSENT = "CONSENT"
"""The hold of an order whose buyer was asked about it."""


def promise(change: Change, desk: Desk, facts: Mapping[str, Value], *, renew: bool = False) -> None:
    """Ask `shipping.promise` once, and watch that it is kept.

    Goods of a presale are promised for the end of their day. `renew` asks again: the buyer agreed
    to something, which begins a promise of its own.
    """
    record = change.record
    if record.ship_by is not None and not renew:
        if record.parcels and record.ship_by <= change.now:
            # It passed while the order waited, when there was nothing that could be late. Not at
            # once: at this very instant the timer may have run out already.
            change.schedule(TIMER, change.now + timedelta(minutes=1))
        return
    decision = desk.decide(change, "shipping.promise", facts)
    hours = int(str(decision.outcome["ship_within_hours"]))
    agreed = (
        held.closed_at
        for held in record.holds.values()
        if held.code == CONSENT and held.closed_at is not None
    )
    # What the buyer agreed to later begins a promise of its own.
    start = max(record.paid_at or record.placed_at, record.placed_at, *agreed)
    due = presale_end(record, desk) or start + timedelta(hours=hours)
    change.happen("order.promised", {"hours": hours, "rule": why(decision)}, ship_by=due)
    change.schedule(TIMER, max(due, change.now))
    minutes = decision.outcome.get("wait_to_merge")
    if minutes is not None:
        until = change.now + timedelta(minutes=int(str(minutes)))
        change.happen(
            "order.waits_to_merge",
            {"minutes": int(str(minutes)), "rule": why(decision)},
            push_at=until,
        )
        change.schedule(WINDOW, until)


def presale_end(record: OrderRecord, desk: Desk) -> datetime | None:
    """When the last day of its presale lines is over, in the shop's zone; None without any."""
    days = [
        line.presale_by
        for line in record.goods
        if line.presale_by is not None and line.quantity > line.cancelled
    ]
    if not days:
        return None
    return datetime.combine(max(days) + timedelta(days=1), time(), desk.zone)


def overdue(change: Change, desk: Desk) -> None:
    """The promise has passed: ask `shipping.overdue`; remind, or park what has not left."""
    record = change.record
    if record.state not in (OrderState.FULFILLING, OrderState.PART_SHIPPED) or not record.ship_by:
        return
    late = elapsed(record.ship_by, change.now) // timedelta(hours=1)
    facts = {**all_facts(record, desk), "order.hours_overdue": late}
    decision = desk.decide(change, "shipping.overdue", facts)
    if str(decision.outcome["action"]) == "hold":
        hold(change, NOT_SHIPPED, why(decision), blocks="nothing")
        return
    change.happen("order.ship_reminded", {"hours": late, "rule": why(decision)})
    again = decision.outcome.get("again_after_hours")
    if again is not None:
        change.schedule(TIMER, change.now + timedelta(hours=int(str(again))))


def shipped(change: Change) -> None:
    """A parcel left: when all have, nobody waits for it any more."""
    record: OrderRecord = change.record
    if record.state is OrderState.SHIPPED:
        change.unschedule(TIMER)
        release(change, NOT_SHIPPED)
