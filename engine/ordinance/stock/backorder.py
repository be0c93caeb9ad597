"""Backorders: an order that waits for stock, and its place among those who wait for the same."""

from __future__ import annotations

from dataclasses import replace

from ordinance.orders.change import Change
from ordinance.orders.desk import Desk
from ordinance.orders.facts import all_facts
from ordinance.orders.negotiated import Backorder


def enqueue(change: Change, desk: Desk) -> None:
    """Give the order its place in the queue, by `allocation.queue`, once for each wait."""
    record = change.record
    if record.backorder is not None:
        return
    decision = desk.decide(change, "allocation.queue", all_facts(record, desk))
    priority = int(str(decision.outcome["priority"]))
    change.happen(
        "order.queued",
        {"priority": priority},
        backorder=Backorder(since=change.now, rank=-priority),
    )


def leave(change: Change) -> None:
    """Nothing is short any more, or a person has it: the order stands in no queue."""
    if change.record.backorder is not None:
        change.happen("order.unqueued", backorder=None)


def waits_as(change: Change, takes: str) -> None:
    """Say what is worth waking the order for."""
    held = change.record.backorder
    if held is not None and held.takes != takes:
        change.happen("order.waits", {"takes": takes}, backorder=replace(held, takes=takes))
