"""Five lives of orders, step by step. Every step may be done again: its commands carry keys.

After each step the shop works until there is nothing left to do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ordinance.oms import Shop
from ordinance.orders.order import Payment
from ordinance.pump import Pump
from tests.core.shop import MONDAY, order, payment


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a buyer, a clerk, a warehouse, a carrier or the clock does."""

    name: str
    after: timedelta
    """How long after the first step."""
    do: Callable[[Shop, Pump, datetime], object]

    @property
    def at(self) -> datetime:
        """When it is done."""
        return MONDAY + self.after


def _waits(**after: float) -> Step:
    """Time goes on."""
    return Step("time goes on", timedelta(**after), lambda shop, pump, now: None)


def _places(name: str, sku: str, count: int, price: str = "50.00", **more: Any) -> Step:
    def do(shop: Shop, pump: Pump, now: datetime) -> None:
        receiver = {**order()["receiver"], "address": f"{name}室"}
        reservation = more.get("reservation")
        told = {key: value for key, value in more.items() if key != "reservation"}
        lines = [{"sku": sku, "quantity": count, "unit_price": price}]
        asked = order(name, buyer={"id": name}, receiver=receiver, lines=lines, **told)
        shop.place(asked, key=f"place {name}", reservation=reservation)

    return Step(f"{name} is placed", timedelta(), do)


def _does(method: str, name: str, after: timedelta, **given: Any) -> Step:
    def do(shop: Shop, pump: Pump, now: datetime) -> None:
        getattr(shop, method)(shop.stored(name).id, **given, key=f"{method} {name} {after}")

    return Step(f"{method} {name}", after, do)


def _pays(name: str, amount: str, after: timedelta) -> Step:
    money = Payment.model_validate(payment(f"late {name}", amount))
    return _does("pay", name, after, payment=money)


def _later(**by: float) -> timedelta:
    return timedelta(**by)


def _opens() -> Step:
    return Step("stock is booked", timedelta(), lambda shop, pump, now: shop.open_stock(now))


def _receives(sku: str, count: int, after: timedelta) -> Step:
    def do(shop: Shop, pump: Pump, now: datetime) -> None:
        shop.receive_stock("HZ", sku, count, cause=f"delivery of {sku}")

    return Step(f"{count} {sku} come in", after, do)


def _reserves(token: str, count: int) -> Step:
    def do(shop: Shop, pump: Pump, now: datetime) -> None:
        shop.reserve(token, {"TEA": count}, key=f"cart {token}")

    return Step(f"{token} is reserved", timedelta(), do)


SOLD = [
    _opens(),
    _places("A1", "TEA", 2),
    _does("hand_over", "A1", _later(hours=2), parcel="P1"),
    _does("track", "A1", _later(days=1), parcel="P1", state="DELIVERED_SELF"),
    _waits(days=20),
    _waits(days=140),
]
"""Sold, delivered, completed and archived."""

SPLIT = [
    _opens(),
    _places("B1", "TEA", 14),
    _does("hand_over", "B1", _later(hours=1), parcel="P1"),
    _does("cancel", "B1", _later(hours=2), pieces=[("TEA", 3)]),
    _does("track", "B1", _later(days=1), parcel="P1", state="DAMAGED"),
    _waits(days=9),
]
"""From two warehouses; one part called off, the other one damaged on its way."""

REVIEWED = [
    _opens(),
    _places("C1", "CUP", 2, "4000.00", payments=[]),
    _pays("C1", "8000.00", _later(minutes=2)),
    _does("answer_review", "C1", _later(minutes=10), answer="confirm", by="lan"),
    _does("cancel", "C1", _later(minutes=20)),
    _waits(days=3),
]
"""Paid later, reviewed, with the warehouse already, and cancelled: called back and paid back."""

SHORT = [
    _opens(),
    _places("D1", "CUP", 7),
    _receives("CUP", 5, _later(hours=3)),
    _does("hand_over", "D1", _later(hours=5), parcel="P1"),
    _does("track", "D1", _later(days=1), parcel="P1", state="DELIVERED_SELF"),
    _does("request_aftersale", "D1", _later(days=2), reason="NO_REASON_7D"),
    _does("goods_back", "D1", _later(days=4), case="C1", inspection="good"),
]
"""Short at first; sent when stock came in, sent back and paid back."""

RESERVED = [
    _opens(),
    _reserves("cart", 3),
    _reserves("left", 4),
    _places("E1", "TEA", 3, reservation="cart"),
    _places("E2", "TEA", 1, payments=[]),
    _waits(minutes=30),
    _does("warehouse_rejected", "E1", _later(minutes=40), parcel="P1", reason="AT_CAPACITY"),
    _waits(days=2),
]
"""From a cart; another cart is left, another order never paid, and a warehouse refuses."""

STORIES: Mapping[str, Sequence[Step]] = {
    "sold": SOLD,
    "split": SPLIT,
    "reviewed": REVIEWED,
    "short": SHORT,
    "reserved": RESERVED,
}
