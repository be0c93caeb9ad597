"""What everybody does who sends commands to a shop: know of orders, choose one, send, remember."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from ordinance.command import Receipt
from ordinance.oms import Shop
from tests.core.shop import order
from tests.simulation.world import NO_ANSWER, Asked, World

REGIONS = ("330106", "330106", "110101", "33")


class Person:
    """Somebody outside the shop, who sees its orders and sends commands under keys of their own."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.chance = world.chance
        self.orders: list[str] = []
        self._number = 0

    def on(
        self, name: str, found: dict[str, Any] | None, do: Callable[[Shop, str, str], Any]
    ) -> None:
        assert found is not None
        order_id, key = str(found["id"]), f"k{self.next()}"
        self.send(name, key, lambda shop: do(shop, order_id, key))

    def send(self, name: str, key: str, do: Callable[[Shop], Any]) -> Any:
        asked = Asked(name, key, do)
        told = self.world.ask(asked)
        if told is not NO_ANSWER and not isinstance(told, Exception):
            self.world.asked.append(asked)
        return told

    def remember(self, told: Any) -> None:
        if isinstance(told, Receipt) and told.order not in self.orders:
            self.orders.append(told.order)

    def next(self) -> int:
        self._number += 1
        return self._number

    def order(self, *states: str) -> dict[str, Any] | None:
        """One of the orders that clients know of, in one of these states where any are given."""
        sql = "SELECT document FROM orders"
        if states:
            sql += f" WHERE order_state IN ({', '.join('?' * len(states))})"
        found = self.world.sql(f"{sql} ORDER BY id", states).fetchall()
        return orjson.loads(self.chance.choice(found)[0]) if found else None

    def held(self, code: str) -> dict[str, Any] | None:
        return self.found("document LIKE ?", f'%"code":"{code}"%')

    def found(self, condition: str, *values: str) -> dict[str, Any] | None:
        """One of the orders of which a condition holds."""
        sql = f"SELECT document FROM orders WHERE {condition} ORDER BY id"
        found = self.world.sql(sql, values).fetchall()
        return orjson.loads(self.chance.choice(found)[0]) if found else None

    def pieces(self, found: dict[str, Any]) -> list[tuple[str, int]]:
        line = self.chance.choice([*found["lines"].values()])
        return [(line["sku"], self.chance.randint(1, max(1, line.get("quantity", 1))))]

    def receiver(self, buyer: int) -> dict[str, Any]:
        region = self.chance.choice(REGIONS)
        return {
            **order()["receiver"],
            "phone": f"1380013800{buyer}",
            "region": REGIONS[buyer] if self.world.patient else region,
        }


def open_holds(found: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The open holds of an order."""
    if found is None:
        return []
    return [one for one in found.get("holds", {}).values() if "closed_at" not in one]


def parcels_of(found: dict[str, Any] | None, *states: str) -> list[str]:
    """The parcels of an order, by id."""
    parcels = {} if found is None else found.get("parcels", {})
    return [
        name
        for name, parcel in sorted(parcels.items())
        if not states or parcel.get("state") in states
    ]
