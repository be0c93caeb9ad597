"""Replenishment: on which day the pieces that an order is short of can be expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ordinance.orders.change import Change
from ordinance.orders.demand import taken_by
from ordinance.orders.desk import Desk
from ordinance.orders.queue import place
from ordinance.profile import Item
from ordinance.stored import PurchaseOrder
from ordinance.workdays import WorkCalendar


@dataclass(frozen=True, slots=True)
class Supply:
    """What is known of a stock item: pieces free now, pieces on their way, and the lead time."""

    free: int
    incoming: Sequence[tuple[date, int]]
    """(day, pieces) of purchase orders that are not overdue, in any order."""
    reordered: date | None
    """When goods that are ordered today would come; None when nobody knows."""


def expected_on(pieces: int, ahead: int, supply: Supply, today: date) -> date | None:
    """The day by which `pieces` are there for an order with `ahead` pieces wanted before it.

    Whoever waits longer is served first, so that no piece is promised twice. What is on its way is
    used up first; only what it does not cover has to be ordered anew. None: nobody knows.
    """
    missing = ahead + pieces - supply.free
    if missing <= 0:
        return today
    for day, count in sorted(supply.incoming):
        missing -= count
        if missing <= 0:
            return day
    return supply.reordered


def lead_date(item: Item | None, today: date, calendar: WorkCalendar | None) -> date | None:
    """When goods that are ordered `today` come, by the item's lead time; None when unknown.

    Working days need a calendar, and one that knows the years they fall into.
    """
    if item is None:
        return None
    if item.restock_workdays is not None:
        return calendar.after(today, item.restock_workdays) if calendar else None
    return None if item.restock_days is None else today + timedelta(days=item.restock_days)


def on_the_way(orders: Sequence[PurchaseOrder], today: date) -> list[tuple[date, int]]:
    """What purchase orders still bring. An overdue one has no date any more, and is left out."""
    return [
        (order.expected, order.open)
        for order in orders
        if order.expected is not None and order.expected >= today and order.open > 0
    ]


def restock_dates(
    change: Change, desk: Desk, wanted: Mapping[int, int], found: Mapping[int, int]
) -> dict[str, date | None]:
    """For each stock item that these lines want: the day it can be expected, or None.

    `found` are the pieces by line that lie where this order can have them. They count as wanted
    and as free, for whoever stands ahead may have a claim to them.
    """
    shop = change.record.shop
    today = desk.local(change.now).date()
    free = taken_by(change.record, {no: found.get(no, 0) for no in wanted})
    dates: dict[str, date | None] = {}
    for sku, pieces in sorted(taken_by(change.record, wanted).items()):
        ahead = desk.tx.pieces_ahead(place(change.record, sku))
        supply = Supply(
            free=free[sku],
            incoming=on_the_way(desk.tx.purchase_orders(shop, sku), today),
            reordered=lead_date(desk.profile.items.get(sku), today, desk.profile.calendar),
        )
        dates[sku] = expected_on(pieces, ahead, supply, today)
    return dates


def days_until(dates: Sequence[date | None], today: date) -> int | None:
    """Days until the last of some dates; None when one of them is unknown, or there is none."""
    known = [day for day in dates if day is not None]
    if not known or len(known) < len(dates):
        return None
    return max(0, (max(known) - today).days)
