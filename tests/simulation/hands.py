"""Warehouse hands and carriers: goods leave, arrive, come back, are counted and moved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from ordinance.oms import Shop
from ordinance.stock.stockroom import Slip
from tests.simulation.person import Person, parcels_of

SCANS = ("PICKED_UP", "IN_TRANSIT", "OUT_FOR_DELIVERY", "DELIVERED_SELF", "DELIVERED_LOCKER")
TROUBLE = ("DAMAGED", "REFUSED", "RETURNED", "LOST_SUSPECT", "LOST", "NO_TRACE")


class Hands(Person):
    """Commands of those who handle the goods."""

    def hand_over(self) -> None:
        found = self.order("FULFILLING", "PART_SHIPPED", "SHIPPED")
        parcels = parcels_of(found, "PUSHED")
        if parcels:
            self.on(
                "hand over",
                found,
                lambda shop, order, key: shop.hand_over(order, parcels[0], key=key),
            )

    def scan(self) -> None:
        """A carrier's scan; some come late, twice, or in another order than things happened."""
        found = self.order("SHIPPED", "PART_SHIPPED", "SIGNED") or self.order()
        parcels = parcels_of(found, "SHIPPED") or parcels_of(found)
        if not parcels:
            return
        parcel = self.chance.choice(parcels)
        state = self.chance.choice(SCANS if self.chance.randrange(5) else TROUBLE)
        at = self.world.now - timedelta(minutes=self.chance.choice((0, 0, 0, 90, 3000)))
        self.on(
            "scan",
            found,
            lambda shop, order, key: shop.track(order, parcel, state, key=key, now=at),
        )

    def reject(self) -> None:
        found = self.order("FULFILLING", "PART_SHIPPED")
        parcels = [] if found is None else [*found.get("parcels", {}).values()]
        if not parcels:
            return
        parcel = self.chance.choice(parcels)
        reason = self.chance.choice(("OUT_OF_STOCK", "DAMAGED", "AT_CAPACITY", "SHORT_PICKED"))
        sku = None if reason == "AT_CAPACITY" else parcel["pieces"][0]["sku"]
        pieces = 1 if reason == "SHORT_PICKED" else None
        self.on(
            "reject",
            found,
            lambda shop, order, key: shop.warehouse_rejected(
                order, parcel["id"], reason, key=key, sku=sku, pieces=pieces
            ),
        )

    def goods_back(self) -> None:
        found = self.order("SIGNED", "COMPLETED", "SHIPPED")
        cases = [] if found is None else [*found.get("cases", {}).values()]
        state = self.chance.choice(("good", "good", "damaged", "not_intact"))
        for case in cases:
            if case.get("state") == "APPROVED_RETURN":
                self.on(
                    "goods back",
                    found,
                    lambda shop, order, key, case=case: shop.goods_back(
                        order, case["id"], state, key=key
                    ),
                )

    def receive(self) -> None:
        warehouse, sku = self.chance.choice(("HZ", "BJ")), self.chance.choice(("TEA", "CUP"))
        pieces, cause = self.chance.randint(1, 8), f"d{self.next()}"
        self.send(
            "receive", cause, lambda shop: shop.receive_stock(warehouse, sku, pieces, cause=cause)
        )

    def count(self) -> None:
        sku, found = self.chance.choice(("TEA", "CUP")), self.chance.randint(0, 15)
        key = f"k{self.next()}"
        self.send("count", key, lambda shop: shop.stocktake("HZ", {sku: found}, key=key))

    def stockroom(self) -> None:
        """Adjust, set aside, hold back, send on its way, and what comes of that."""
        sku, pieces = self.chance.choice(("TEA", "CUP")), self.chance.randint(1, 4)
        key = f"s{self.next()}"
        slip = Slip(key, self.world.now, "Lan")
        ways: list[Callable[[Shop], Any]] = [
            lambda shop: shop.stockroom.adjust("HZ", sku, -pieces, slip),
            lambda shop: shop.stockroom.set_aside("HZ", sku, pieces, "web", slip),
            lambda shop: shop.stockroom.set_aside("HZ", sku, -pieces, "web", slip),
            lambda shop: shop.stockroom.hold_back("HZ", sku, pieces, slip),
            lambda shop: shop.stockroom.send("HZ", "BJ", sku, pieces, slip),
            lambda shop: shop.stockroom.send("BJ", "HZ", sku, pieces, slip),
            lambda shop: shop.stockroom.withdraw("HZ", sku, pieces, slip),
            lambda shop: shop.stockroom.clear("HZ", sku, pieces, slip),
        ]
        (transfer,) = self.world.sql("SELECT min(transfer) FROM transfers").fetchone()
        if transfer is not None:
            ways += [lambda shop: shop.stockroom.arrive(transfer, slip)] * 4
            ways += [lambda shop: shop.stockroom.lose(transfer, slip, pieces=1)]
        self.send("stockroom", key, self.chance.choice(ways))
