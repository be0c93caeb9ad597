"""Completion and archive: when a received order is final, and how long it is kept."""

from __future__ import annotations

from datetime import timedelta

from ordinance.orders.change import Change
from ordinance.orders.desk import Desk, why
from ordinance.orders.facts import all_facts
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import TERMINAL, OrderState, RefundState
from ordinance.rules import Value

COMPLETE = "order.complete"
ARCHIVE = "order.archive"


def nothing_to_ship(record: OrderRecord) -> bool:
    """Entry condition of `receive`: reviewed, and no goods in it."""
    return record.state is OrderState.AUDITED and not record.open_holds and not record.goods


def receive(change: Change, desk: Desk) -> None:
    """Stage: an order without goods is received as soon as it is reviewed."""
    change.happen("order.nothing_to_ship", state=OrderState.SIGNED, signed_at=change.now)


def ready_to_complete(record: OrderRecord) -> bool:
    """Entry condition of `plan_completion`."""
    return (
        record.state is OrderState.SIGNED
        and record.complete_at is None
        and not record.open_cases
        and not record.open_holds
        and not _money_moving(record)
    )


def plan_completion(change: Change, desk: Desk) -> None:
    """Stage: ask `completion.complete` and set the timer; time already passed counts."""
    record = change.record
    signers = [p.signed_by for p in record.parcels.values() if p.signed_by]
    facts: dict[str, Value] = {**all_facts(record, desk)}
    if signers:
        facts["parcel.signed_by"] = signers[-1]
    decision = desk.decide(change, "completion.complete", facts)
    days = int(str(decision.outcome["after_days"]))
    due = max((record.signed_at or change.now) + timedelta(days=days), change.now)
    change.happen("completion.planned", {"days": days, "rule": why(decision)}, complete_at=due)
    change.schedule(COMPLETE, due)


def complete(change: Change, desk: Desk) -> None:
    """The completion timer ran out: done, unless something is open; then it starts anew."""
    record = change.record
    if record.state is not OrderState.SIGNED or record.complete_at is None:
        return
    if record.open_cases or record.open_holds or _money_moving(record):
        change.happen("completion.paused", complete_at=None)
        return
    change.happen(
        "order.completed",
        state=OrderState.COMPLETED,
        ended_at=change.now,
        end_cause="completed",
    )


def ready_to_archive(record: OrderRecord) -> bool:
    """Entry condition of `plan_archive`."""
    return (
        record.state in TERMINAL
        and not record.archived
        and record.archive_at is None
        and not record.open_cases
        and not _money_moving(record)
    )


def plan_archive(change: Change, desk: Desk) -> None:
    """Stage: ask `completion.archive` when it is filed away and how long it is kept."""
    record = change.record
    state = "COMPLETED" if record.state is OrderState.COMPLETED else "CANCELLED"
    refunded = record.refunded
    facts: dict[str, Value] = {
        **all_facts(record, desk),
        "order.final_state": state,
        "order.refund_state": "none"
        if not refunded
        else "full"
        if refunded >= record.paid
        else "part",
    }
    decision = desk.decide(change, "completion.archive", facts)
    days = int(str(decision.outcome["after_days"]))
    due = (record.ended_at or change.now) + timedelta(days=days)
    change.happen(
        "archive.planned",
        {"days": days, "rule": why(decision)},
        archive_at=max(due, change.now),
        keep_years=int(str(decision.outcome["keep_years"])),
    )
    change.schedule(ARCHIVE, max(due, change.now))


def archive(change: Change, desk: Desk) -> None:
    """The archive timer ran out; an order with something open waits for it to close."""
    record = change.record
    if record.archived or record.archive_at is None:
        return
    if record.open_cases or _money_moving(record):
        change.happen("archive.paused", archive_at=None)
        return
    change.happen("order.archived", {"keep_years": record.keep_years}, archived=True)


def _money_moving(record: OrderRecord) -> bool:
    return any(refund.state is not RefundState.SUCCESS for refund in record.refunds.values())
