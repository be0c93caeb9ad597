"""Review: the risk of an order, and what follows when a person has looked at it."""

from __future__ import annotations

from dataclasses import replace

from ordinance.orders.change import Change
from ordinance.orders.desk import Desk, hold, release, why
from ordinance.orders.facts import all_facts, goods_facts
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import OrderState

REVIEW_HOLDS = ("MANUAL_REVIEW", "RISK")
"""Holds that a reviewer's answer settles."""


def ready_to_review(record: OrderRecord) -> bool:
    """Entry condition of `review`."""
    return record.state is OrderState.WAIT_AUDIT and not record.open_holds


def review(change: Change, desk: Desk) -> None:
    """Stage: ask `review.risk`; pass the order, or hold it for a person."""
    record = change.record
    decision = desk.decide(
        change, "review.risk", all_facts(record, desk), lines=goods_facts(record, desk)
    )
    outcome = str(decision.outcome["outcome"])
    if outcome == "approve":
        change.happen(
            "order.reviewed",
            {"outcome": outcome, "points": decision.points, "rule": why(decision)},
            state=OrderState.AUDITED,
        )
        return
    tasks = decision.outcome.get("task")
    hold(
        change,
        "MANUAL_REVIEW" if outcome == "manual_review" else "RISK",
        why(decision),
        tasks="+".join(str(task) for task in tasks) if isinstance(tasks, list) else "",
    )


def answer(change: Change, desk: Desk, reply: str) -> None:
    """A clerk reports what the buyer said (`confirm`, `deny`, `unreachable`).

    When the rules say `try_again` the hold stays open, with one more attempt counted.
    """
    record = change.record
    held = next((item for item in record.open_holds if item.code in REVIEW_HOLDS), None)
    if held is None:
        raise ValueError(f"order {record.number} does not wait for a review")
    held = replace(held, attempts=held.attempts + 1)
    facts = {
        **all_facts(record, desk),
        "task.answer": reply,
        "task.attempts": held.attempts,
    }
    decision = desk.decide(change, "review.call", facts)
    step = str(decision.outcome["next"])
    change.happen(
        "review.answered",
        {"answer": reply, "next": step, "attempt": held.attempts, "rule": why(decision)},
        holds=[held],
    )
    if step == "approve":
        release(change, held.code)
        change.happen("order.reviewed", {"outcome": "approve"}, state=OrderState.AUDITED)
    elif step == "offer_cancel":
        release(change, held.code)
        hold(change, "CONSENT", why(decision), offer="cancel")
    elif step == "escalate":
        release(change, held.code)
        hold(change, "SUPERVISOR", why(decision))
