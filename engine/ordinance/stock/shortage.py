"""Shortage: no single warehouse can fill the order; the rules choose what happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from ordinance.orders import queue
from ordinance.orders.change import Change
from ordinance.orders.desk import Desk, hold, release, why
from ordinance.orders.facts import all_facts
from ordinance.orders.promise import CONSENT, presale_end, promise
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import TERMINAL
from ordinance.rules import Decision, Value
from ordinance.stock import backorder, offers, presale, replenishment
from ordinance.stock.filling import needs

WAIT = "stock.wait"
"""The timer of an order that waits; its name says what happens when it runs out."""


def shortage_facts(
    change: Change,
    desk: Desk,
    wanted: Mapping[int, int],
    plan_pieces: Mapping[int, int],
    parcels: int,
) -> dict[str, Value]:
    """Facts of the stock against what is wanted."""
    total = sum(wanted.values())
    found = sum(plan_pieces.values())
    facts: dict[str, Value] = {
        "stock.whole_somewhere": parcels == 1 and found == total,
        "stock.fillable_share": (Decimal(found) / Decimal(total)).quantize(Decimal("0.0001")),
        "stock.short_pieces": total - found,
        "stock.parcels_needed": parcels,
    }
    short = {no: wanted[no] for no in _short(wanted, plan_pieces)}
    if short:
        dates = replenishment.restock_dates(change, desk, short, plan_pieces)
        days = replenishment.days_until(list(dates.values()), desk.local(change.now).date())
        if days is not None:
            facts["stock.restock_days"] = days
    return facts


def facts_now(change: Change, desk: Desk, short: Mapping[int, int]) -> dict[str, Value]:
    """Facts of the stock for an order that is asked about later, by what is short by then."""
    wanted = needs(change.record)
    found = {
        no: count - short.get(no, 0) for no, count in wanted.items() if count > short.get(no, 0)
    }
    parcels = 1 if found else 0
    return {
        **shortage_facts(change, desk, wanted, found, parcels),
        "stock.presale": all(change.record.lines[no].presale_by is not None for no in short),
    }


def _short(wanted: Mapping[int, int], found: Mapping[int, int]) -> dict[int, int]:
    """Pieces that no warehouse has, by line."""
    return {
        no: count - found.get(no, 0) for no, count in wanted.items() if count > found.get(no, 0)
    }


def settle(
    change: Change,
    desk: Desk,
    wanted: Mapping[int, int],
    *,
    plan_pieces: Mapping[int, int],
    parcels: int,
    beyond: Mapping[int, int],
) -> dict[int, int]:
    """Ask `allocation.shortage` and set the hold that its plan needs.

    Returns the pieces that are to be reserved now, by line: all that the plan gives, or what the
    order keeps locked while it waits. No hold: the plan ships. A hold that blocks the `rest`: the
    plan ships, the rest waits. A hold that blocks `all`: nothing moves until stock arrives, or
    somebody decides. What lies `beyond` the limits of a split is in stock, not short.
    """
    there = {no: plan_pieces.get(no, 0) + beyond.get(no, 0) for no in wanted}
    short = _short(wanted, there)
    if short:
        backorder.enqueue(change, desk)
    held = change.record.backorder
    if short and held is not None and held.agreed is not None:
        # The buyer has answered, or the rules have spoken for a buyer who did not.
        return _wait(change, desk, held.agreed, wanted, plan_pieces, rule=f"agreed:{held.agreed}")
    facts = {
        **all_facts(change.record, desk),
        **shortage_facts(change, desk, wanted, there, parcels),
        "stock.presale": presale.take(change, desk, short),
    }
    decision = desk.decide(change, "allocation.shortage", facts)
    plan = str(decision.outcome["plan"])
    if plan == "split" and not short:
        return dict(plan_pieces)
    keep = _kept(str(decision.outcome.get("keep_locks") or "whole_lines"), wanted, plan_pieces)
    if plan in ("ask_buyer", "ask_person") or not short:
        # Without a short piece there is nothing that a buyer could be offered.
        if plan == "ask_buyer" and short:
            offers.ask(change, desk, short, facts, why(decision))
        else:
            hold(change, offers.SUPERVISOR, why(decision))
        return keep
    return _wait(change, desk, plan, wanted, plan_pieces, rule=why(decision), decision=decision)


def _kept(how: str, wanted: Mapping[int, int], found: Mapping[int, int]) -> dict[int, int]:
    """What stays locked while an order waits as a whole."""
    if how == "none":
        return {}
    return {no: count for no, count in found.items() if how == "all_pieces" or count == wanted[no]}


def _wait(
    change: Change,
    desk: Desk,
    plan: str,
    wanted: Mapping[int, int],
    found: Mapping[int, int],
    *,
    rule: str,
    decision: Decision | None = None,
) -> dict[int, int]:
    """Hold the order until stock arrives; returns what is reserved meanwhile."""
    how = str((decision.outcome.get("keep_locks") if decision else None) or "whole_lines")
    parts = plan in ("ship_available", "split")
    some = bool(found) or any(line.reserved or line.shipped for line in change.record.goods)
    backorder.waits_as(
        change,
        "piece" if parts or how == "all_pieces" else "order" if how == "none" else "line",
    )
    short = _short(wanted, found)
    presold = all(change.record.lines[no].presale_by is not None for no in short)
    code = queue.PRESALE if presold and _counted(change, short, desk) else queue.SHORT
    hold(change, code, rule, blocks="rest" if parts and some else "all", plan=plan)
    promise(change, desk, all_facts(change.record, desk))
    _limit_wait(change, desk, code, decision)
    return dict(found) if parts else _kept(how, wanted, found)


def _counted(change: Change, short: Mapping[int, int], desk: Desk) -> bool:
    """Whether every short piece stands within the cap of its presale."""
    for no, pieces in short.items():
        line = change.record.lines[no]
        item = desk.profile.items.get(line.sku)
        if item is not None and item.presale_cap is not None and line.presold < pieces:
            return False
    return True


def _limit_wait(change: Change, desk: Desk, code: str, decision: Decision | None) -> None:
    """Set the timer of a wait: a presale waits for its day, another wait for as long as ruled.

    The time counts from when the order began to wait: an arrival that did not suffice does not
    begin it anew.
    """
    held = change.record.backorder
    if held is None:
        return
    if decision is None:
        days, then = held.wait_days, "ask_buyer"
    else:
        told = decision.outcome.get("wait_days")
        days = None if told is None else int(str(told))
        then = str(decision.outcome.get("on_timeout") or "ask_person")
    due = None if days is None else held.since + timedelta(days=days)
    if code == queue.PRESALE and held.agreed is None:
        due = presale_end(change.record, desk) or due
    if due is not None:
        change.unschedule(WAIT)
        change.schedule(WAIT, max(due, change.now), then)


def stock_arrived(change: Change) -> None:
    """Stock came in: the order goes back to allocation. One set aside by hand stays there."""
    if not any(item.code in queue.SERVED for item in change.record.open_holds):
        return
    change.unschedule(WAIT)
    for code in queue.SERVED:
        release(change, code, cause="stock arrived")


def satisfied(change: Change) -> None:
    """Everything was found: the order waits no more."""
    if change.record.backorder is None:
        return
    change.unschedule(WAIT)
    backorder.leave(change)
    presale.convert(change)


def agree(change: Change, choice: str, wait_days: int | None) -> None:
    """Wait on (`wait`), or ship what is there (`ship_available`), without asking again."""
    held = change.record.backorder
    if held is not None:
        change.happen(
            "order.waits_on",
            {"choice": choice},
            backorder=replace(held, since=change.now, agreed=choice, wait_days=wait_days),
        )


def set_aside(change: Change, note: str) -> None:
    """A person says that it cannot be supplied: no arrival of stock takes it up again.

    What is in parcels already goes on. Raises `ValueError` for an order that lacks nothing.
    """
    record = change.record
    if record.state in TERMINAL or not any(line.waiting > 0 for line in record.goods):
        raise ValueError(f"order {record.number} lacks nothing that could be set aside as short")
    change.unschedule(WAIT)
    for code in queue.SERVED:
        release(change, code, cause="set aside by hand")
    # The person has it now, so nothing the buyer was asked runs on.
    if change.record.open_offer is not None:
        offers.close(change)
        release(change, CONSENT, cause="set aside by hand")
    backorder.leave(change)
    blocks = "rest" if record.parcels else "all"
    hold(change, queue.BY_HAND, "by hand", blocks=blocks, note=note)


def still_short(record: OrderRecord, found: Mapping[int, int]) -> dict[int, int]:
    """Pieces of an order that a plan does not give, by line."""
    return _short(needs(record), found)
