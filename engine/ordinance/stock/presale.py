"""Presale: goods that are sold before they are there, never more of them than the cap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ordinance.orders.change import Change
from ordinance.orders.desk import Desk
from ordinance.orders.queue import PRESALE
from ordinance.orders.record import RecordLine


def take(change: Change, desk: Desk, short: Mapping[int, int]) -> bool:
    """Count the short pieces against their caps; True when all of them are a presale.

    All or nothing: with one line that is no presale, or over its cap, nothing is counted.
    """
    record = change.record
    taken: list[RecordLine] = []
    granted = bool(short)
    for no, pieces in short.items():
        line = record.lines[no]
        item = desk.profile.items.get(line.sku)
        if line.presale_by is None:
            granted = False
        elif item is not None and item.presale_cap is not None and pieces > line.presold:
            more = pieces - line.presold
            if desk.tx.presell(record.shop, line.sku, more, item.presale_cap):
                taken.append(replace(line, presold=pieces))
            else:
                granted = False
        if not granted:
            break
    if granted and taken:
        change.happen(
            "presale.counted", {"pieces": {str(item.no): item.presold for item in taken}},
            lines=taken,
        )  # fmt: skip
    elif not granted:
        for line in taken:
            less = record.lines[line.no].presold - line.presold
            desk.tx.presell(record.shop, line.sku, less, 0)
    return granted


def give_back(change: Change, desk: Desk, *, whole: bool = False) -> None:
    """Give the counters back what was called off; `whole`: the order is off altogether."""
    record = change.record
    lines = []
    for line in record.goods:
        keeps = 0 if whole else max(line.quantity - line.cancelled, 0)
        if line.presold > keeps:
            desk.tx.presell(record.shop, line.sku, keeps - line.presold, 0)
            lines.append(replace(line, presold=keeps))
    if lines:
        change.happen(
            "presale.given_back", {"pieces": {str(line.no): line.presold for line in lines}},
            lines=lines,
        )  # fmt: skip


def convert(change: Change) -> None:
    """The goods are there: from now on it is an order like any other."""
    record = change.record
    if record.type == "presale" or any(hold.code == PRESALE for hold in record.holds.values()):
        kind = "normal" if record.type == "presale" else record.type
        change.happen("presale.converted", {"from": record.type}, type=kind)
