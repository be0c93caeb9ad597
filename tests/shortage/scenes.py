"""What the tests of shortages share: orders of scarce goods, and what became of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ordinance.profile import Item
from ordinance.rules import Rulebook
from tests.core.shop import ITEMS, MONDAY, ZONE, Bench, changed

ENGRAVED = [{"sku": "ENGRAVED", "quantity": 1, "unit_price": 10}]
"""Nobody knows when it comes again, so the buyer is asked."""

MIXED = [
    {"sku": "TEA", "quantity": 1, "unit_price": 10},
    {"sku": "ENGRAVED", "quantity": 2, "unit_price": 30},
]
"""One line in stock, one of which nothing is there."""


def cups(count: int) -> list[dict[str, Any]]:
    """Cups; five are in stock, and more come within two days of an order."""
    return [{"sku": "CUP", "quantity": count, "unit_price": 10}]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in March 2026."""
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


def nth(number: int) -> dict[str, Any]:
    """An order that was placed as the `number`th of a morning, a minute after the one before."""
    return {"source_id": f"A{number}", "placed_at": MONDAY - timedelta(minutes=60 - number)}


def on_silence(folder: Path, then: str) -> Rulebook:
    """The shipped rules, with another default for a buyer who does not answer."""
    old = "on_silence: ask_person, wait_days: 30}"
    return changed(folder, ("allocation.yaml", old, old.replace("ask_person", then)))


def with_items(**changes: dict[str, Any]) -> dict[str, Item]:
    """The articles of the test shop with some fields changed."""
    return {sku: replace(item, **changes.get(sku, {})) for sku, item in ITEMS.items()}


def holds(bench: Bench, order_id: str) -> list[str]:
    """The codes of the open holds."""
    return [hold.code for hold in bench.record(order_id).open_holds]


def rule_of(bench: Bench, order_id: str, point: str) -> str:
    """The record of the last decision of a point."""
    found = bench.shop.storage.decisions("teashop", order_id)
    return [item.record for item in found if item.point == point][-1]
