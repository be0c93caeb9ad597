"""A small shop to test with: three warehouses, two carriers, a few articles, the shipped rules."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ordinance.audit.doctor import check
from ordinance.command import Receipt
from ordinance.oms import Shop
from ordinance.orders.record import OrderRecord
from ordinance.profile import Carrier, Item, Profile, Warehouse
from ordinance.pump import Pump
from ordinance.rules import Rulebook, Words, load
from ordinance_adapters.identity import SeededIds
from ordinance_adapters.simulator.outside import simulated
from tests.stores import open_storage

ROOT = Path(os.environ.get("ORDINANCE_ROOT") or Path(__file__).parent.parent.parent)
ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=ZONE)

ITEMS = {
    "TEA": Item("TEA", "龙井", "tea", 100, 500, restock_days=10),
    "CUP": Item("CUP", "茶杯", "ware", 400, 900, frozenset({"fragile"}), restock_days=2),
    "COLD": Item("COLD", "冷泡茶", "drinks", 600, 800, frozenset({"cold_chain"})),
    "ENGRAVED": Item("ENGRAVED", "刻字杯", "ware", 400, 900, frozenset({"custom_made"})),
    "CARD": Item("CARD", "礼品卡", "cards", 0, 0, frozenset({"virtual"})),
    "OLD": Item("OLD", "旧款", "tea", 100, 500, frozenset({"discontinued"})),
}


class FixedClock:
    """A clock that a test sets."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        self._now = now


def profile(**changes: Any) -> Profile:
    """The test shop; `stock` is what lies where."""
    fields: dict[str, Any] = {
        "shop": "teashop",
        "name": Words("茶铺", "tea shop"),
        "currency": "CNY",
        "zone": "Asia/Shanghai",
        "warehouses": (
            Warehouse("HZ", Words("杭州", "Hangzhou"), "3301", 30.27, 120.15, priority=10),
            Warehouse("BJ", Words("北京", "Beijing"), "11", 39.90, 116.40, priority=20),
            Warehouse(
                "CD",
                Words("成都", "Chengdu"),
                "5101",
                30.66,
                104.06,
                traits=frozenset({"cold_chain"}),
                priority=30,
            ),
        ),
        "carriers": (
            Carrier("SWIFT", Words("快", "Swift"), first_minor=1200, step_minor=600, days=1),
            Carrier("SLOW", Words("慢", "Slow"), first_minor=800, step_minor=300, days=3),
        ),
        "items": ITEMS,
        "stock": {("HZ", "TEA"): 10, ("BJ", "TEA"): 10, ("HZ", "CUP"): 5, ("CD", "COLD"): 5},
    }
    return Profile(**{**fields, **changes})


@lru_cache(maxsize=1)
def shipped_rules() -> Rulebook:
    """The rules in `rules/`, read once."""
    return load(ROOT / "rules")


def changed(folder: Path, *changes: tuple[str, str, str]) -> Rulebook:
    """The shipped rules with some texts replaced: (file, old, new)."""
    rules = folder / "changed"
    shutil.copytree(ROOT / "rules", rules)
    for name, old, new in changes:
        file = rules / name
        text = file.read_text(encoding="utf-8")
        assert old in text, (name, old)
        file.write_text(text.replace(old, new), encoding="utf-8")
    return load(rules)


def order(source_id: str = "A1", **changes: Any) -> dict[str, Any]:
    """An order in good order: two boxes of tea to Hangzhou, paid in full; change what matters."""
    fields: dict[str, Any] = {
        "source_id": source_id,
        "channel": "web",
        "placed_at": MONDAY,
        "buyer": {"id": "u1"},
        "receiver": {
            "name": "张三",
            "phone": "13800138000",
            "region": "330106",
            "address": "文一路1号",
            "latitude": 30.28,
            "longitude": 120.12,
        },
        "lines": [{"sku": "TEA", "quantity": 2, "unit_price": "50.00"}],
    }
    fields.update(changes)
    if "payments" not in fields:
        due = (
            sum(
                float(line["unit_price"]) * line["quantity"] - float(line.get("discount", 0))
                for line in fields["lines"]
            )
            + float(fields.get("freight", 0))
            - float(fields.get("discount", 0))
        )
        fields["payments"] = [payment(f"T-{source_id}", f"{due:.2f}")] if due > 0 else []
    return fields


def payment(transaction: str, amount: str, at: datetime = MONDAY) -> dict[str, Any]:
    """A payment by card."""
    return {"transaction": transaction, "amount": amount, "paid_at": at, "method": "card"}


class Bench:
    """A shop on a store of its own, with a pump and a clock that only goes forward."""

    def __init__(self, path: Path, rules: Rulebook | None = None, **changes: Any) -> None:
        self.clock = FixedClock(MONDAY)
        self.shop = Shop(
            open_storage(path / "shop.db"),
            profile(**changes),
            rules or shipped_rules(),
            self.clock,
            SeededIds(1),
        )
        self.outside = simulated()
        self.pump = Pump(self.shop, self.outside)
        self.keys = (f"k{number}" for number in itertools.count(1))
        self.shop.open_stock(MONDAY)

    def key(self) -> str:
        """A key that was not used before."""
        return next(self.keys)

    def later(self, **by: float) -> datetime:
        """Move the clock on and run what has become due meanwhile, each at its own time."""
        until = self.clock.now() + timedelta(**by)
        while True:
            with self.shop.storage.transaction() as tx:
                due = tx.next_due(self.shop.profile.shop)
            if due is None or due > until:
                break
            self.clock.set(max(due, self.clock.now()))
            self.pump.work(due)
        self.clock.set(until)
        self.pump.effects(until)
        return until

    def place(self, **changes: Any) -> str:
        """Place an order and send what it wants sent; returns its id."""
        receipt = self.shop.place(order(**changes))
        self.pump.effects(self.clock.now())
        return receipt.order

    def do(self, receipt: Receipt) -> OrderRecord:
        """Send what a command wants sent; returns the order as it then is."""
        self.pump.effects(self.clock.now())
        return self.shop.record(receipt.order)

    def record(self, order_id: str) -> OrderRecord:
        """The order as it is."""
        return self.shop.record(order_id)

    def hand_over(self, order_id: str, parcel: str = "P1") -> OrderRecord:
        """A parcel leaves."""
        return self.do(self.shop.hand_over(order_id, parcel, key=self.key()))

    def deliver(
        self, order_id: str, parcel: str = "P1", state: str = "DELIVERED_SELF"
    ) -> OrderRecord:
        """A parcel arrives."""
        return self.do(self.shop.track(order_id, parcel, state, key=self.key()))

    def received(self, **changes: Any) -> str:
        """An order that has arrived."""
        order_id = self.place(**changes)
        self.hand_over(order_id)
        self.later(days=1)
        self.deliver(order_id)
        return order_id

    def free(self, sku: str, warehouse: str) -> int:
        """Pieces that may still be promised."""
        levels = {
            (level.warehouse, level.sku): level
            for level in self.shop.storage.stock(self.shop.profile.shop)
        }
        level = levels.get((warehouse, sku))
        return level.available if level else 0

    def events(self, order_id: str) -> list[str]:
        """The kinds of the order's events, in order."""
        return [event.kind for event in self.shop.storage.events(self.shop.profile.shop, order_id)]

    def decided(self, order_id: str) -> Mapping[str, str]:
        """The last outcome of each decision point."""
        return {
            item.point: item.outcome
            for item in self.shop.storage.decisions(self.shop.profile.shop, order_id)
        }

    def well(self) -> None:
        """Everything stored adds up, and every decision comes out the same again."""
        found = check(self.shop.storage, self.shop.profile.shop, replay_decisions=True)
        assert found == [], "\n".join(map(str, found))
