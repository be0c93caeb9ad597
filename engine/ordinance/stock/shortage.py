"""Shortage: no single warehouse can fill the order; the rules choose what happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from ordinance.orders.change import Change
from ordinance.orders.desk import Desk, hold, release, why
from ordinance.orders.facts import all_facts
from ordinance.orders.record import OrderRecord
from ordinance.rules import Value

SHORT = "STOCK_SHORT"
CONSENT = "CONSENT"


def shortage_facts(
    record: OrderRecord,
    desk: Desk,
    wanted: Mapping[int, int],
    plan_pieces: Mapping[int, int],
    parcels: int,
) -> dict[str, Value]:
    """Facts of the stock against what is wanted."""
    total = sum(wanted.values())
    found = sum(plan_pieces.values())
    short = [no for no, count in wanted.items() if plan_pieces.get(no, 0) < count]
    facts: dict[str, Value] = {
        "stock.whole_somewhere": parcels == 1 and found == total,
        "stock.fillable_share": (Decimal(found) / Decimal(total)).quantize(Decimal("0.0001")),
        "stock.short_pieces": total - found,
        "stock.parcels_needed": parcels,
    }
    days = [restock_days(item, desk) for no in short for item in record.lines[no].takes(1)]
    known = [day for day in days if day is not None]
    if days and len(known) == len(days):
        facts["stock.restock_days"] = max(known)
    return facts


def restock_days(sku: str, desk: Desk) -> int | None:
    """Days until a supplier delivers the stock item again; None when nobody knows."""
    item = desk.profile.items.get(sku)
    return item.restock_days if item else None


def settle(
    change: Change,
    desk: Desk,
    wanted: Mapping[int, int],
    *,
    plan_pieces: Mapping[int, int],
    parcels: int,
) -> None:
    """Ask `allocation.shortage` and set the hold that its plan needs.

    No hold: ship the plan. A hold that blocks the `rest`: ship the plan, the rest waits.
    A hold that blocks `all`: nothing moves until stock arrives or the buyer answers.
    """
    record = change.record
    facts = {
        **all_facts(record, desk),
        **shortage_facts(record, desk, wanted, plan_pieces, parcels),
    }
    decision = desk.decide(change, "allocation.shortage", facts)
    plan = str(decision.outcome["plan"])
    whole = sum(plan_pieces.values()) == sum(wanted.values())
    if plan == "split" and whole:
        return
    if plan == "ask_buyer":
        _ask_buyer(change, why(decision))
        return
    blocks = "rest" if plan in ("ship_available", "split") and plan_pieces else "all"
    hold(change, SHORT, why(decision), blocks=blocks, plan=plan)
    days = decision.outcome.get("wait_days")
    if days is not None:
        then = str(decision.outcome.get("on_timeout") or "ask_person")
        change.schedule("stock.wait", change.now + timedelta(days=int(str(days))), then)


def timed_out(change: Change, desk: Desk, then: str) -> None:
    """Stock did not come in time: ask the buyer, or a person. Never a silent cancel."""
    if not any(item.code == SHORT for item in change.record.open_holds):
        return
    release(change, SHORT, cause="timeout")
    if then == "ask_buyer":
        _ask_buyer(change, "allocation.shortage:timeout")
    else:
        hold(change, "SUPERVISOR", "allocation.shortage:timeout")


def _ask_buyer(change: Change, rule: str) -> None:
    """Offer to do without what is short. Nobody is asked twice: then a person decides."""
    asked = any(
        item.code == CONSENT and item.rule.startswith("allocation.shortage")
        for item in change.record.holds.values()
    )
    if asked:
        hold(change, "SUPERVISOR", rule)
    else:
        hold(change, CONSENT, rule, offer="cancel_short")


def stock_arrived(change: Change) -> None:
    """Stock came in: the order goes back to allocation."""
    change.unschedule("stock.wait")
    release(change, SHORT, cause="stock arrived")


def cancel_waiting(change: Change) -> dict[int, int]:
    """Take the pieces that found no stock out of the order; returns them by line number.

    Only ever called with the buyer's recorded consent.
    """
    record = change.record
    gone = {line.no: line.waiting for line in record.goods if line.waiting > 0}
    change.happen(
        "order.lines_cancelled",
        {"pieces": {str(no): count for no, count in gone.items()}},
        lines=[
            replace(record.lines[no], cancelled=record.lines[no].cancelled + count)
            for no, count in gone.items()
        ],
    )
    return gone
