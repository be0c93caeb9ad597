"""A shop in which everything adds up, with a row in nearly every table."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from ordinance.stock.stockroom import Slip
from tests.core.shop import MONDAY, Bench
from tests.publishing.editions import edition
from tests.publishing.test_office import publish

SHOP = "teashop"


def lived(folder: Path) -> Bench:
    """A shop where orders were received, called off, parked, and wait for money, for stock, for a
    parcel; its rules were published, and its stock was moved about."""
    bench = Bench(folder)
    shop, room = bench.shop, bench.shop.stockroom
    publish(shop.office, "甲", now=MONDAY)
    shop.office.start_shadow(edition("乙"), by="Zhu", note="try", now=MONDAY)
    bench.received(source_id="A1")
    called_off = bench.place(source_id="A2")
    bench.do(shop.cancel(called_off, key="off", now=bench.clock.now()))
    bench.place(source_id="A3", payments=[], placed_at=bench.clock.now())
    bench.place(source_id="A4", lines=[{"sku": "CUP", "quantity": 6, "unit_price": "10.00"}])
    bench.place(source_id="A5")
    sent = bench.place(source_id="A6", lines=[{"sku": "CUP", "quantity": 1, "unit_price": "9.00"}])
    bench.hand_over(sent)
    shop.reserve("cart", {"TEA": 1}, key="r1", now=bench.clock.now())
    shop.expect_stock("PO-1", "HZ", "CUP", 10, key="po", now=bench.clock.now())
    room.set_aside("BJ", "TEA", 2, "live", Slip("s1", bench.clock.now(), "lan"))
    room.send("BJ", "CD", "TEA", 3, Slip("t1", bench.clock.now(), "lan"))
    bench.clock.set(bench.clock.now() + timedelta(minutes=1))
    return bench
