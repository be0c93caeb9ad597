"""A shop with warehouses that a test makes up, and where its orders ship from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ordinance.profile import Carrier, Item, Warehouse
from ordinance.rules import Rulebook, Words
from tests.core.shop import Bench

ITEMS = {
    "A": Item("A", "甲", weight_grams=400),
    "B": Item("B", "乙", weight_grams=400),
    "MILK": Item("MILK", "牛奶", traits=frozenset({"perishable"})),
    "PAIR": Item("PAIR", "甲两件乙一件", bundle=(("A", 2), ("B", 1))),
}
A, B = ({"sku": sku, "quantity": 1, "unit_price": 10} for sku in ("A", "B"))
PLAIN = "prefer: [{id: P1, most: candidate.lines_filled}]"


def hall(code: str, priority: int = 10, **more: Any) -> Warehouse:
    """A warehouse in Zhejiang."""
    return Warehouse(code, Words(code, code), "3301", priority=priority, **more)


def shop(
    path: Path, halls: list[Warehouse], stock: dict[tuple[str, str], int], rules: Rulebook
) -> Bench:
    """A shop with these warehouses; every parcel costs nothing but its handling."""
    carrier = Carrier("SWIFT", Words("快", "Swift"), first_minor=0, step_minor=0, days=1)
    return Bench(
        path, rules, warehouses=tuple(halls), carriers=(carrier,), items=ITEMS, stock=stock
    )


def sources(bench: Bench, order: str) -> list[str]:
    """The warehouses that an order ships from, sorted."""
    lines = bench.record(order).lines.values()
    return sorted({code for line in lines for code in line.held_at})


def holds(bench: Bench, order: str) -> list[tuple[str, str]]:
    """The open holds of an order: code and rule."""
    return [(hold.code, hold.rule) for hold in bench.record(order).open_holds]
