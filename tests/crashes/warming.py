"""What a process works out once, so that its forks need not."""

from __future__ import annotations

from contextlib import suppress

from ordinance.oms import Shop
from ordinance.pump import Pump
from ordinance_adapters import sqlite
from ordinance_adapters.identity import RandomIds
from ordinance_adapters.simulator.outside import simulated
from tests.core.shop import MONDAY, FixedClock, order, profile, shipped_rules


def warm_up() -> None:
    """Carry two orders a part of their way.

    The store in memory has neither a file nor a lock that a fork could break.
    """
    with suppress(ImportError):
        import ordinance_adapters.postgres  # noqa: F401

    rehearsed = Shop(
        sqlite.open_storage(":memory:"),
        profile(),
        shipped_rules(),
        FixedClock(MONDAY),
        RandomIds(),
    )
    with rehearsed as shop:
        shop.open_stock(MONDAY)
        placed = shop.place(order()).order
        Pump(shop, simulated()).work(MONDAY)
        shop.hand_over(placed, "P1", key="left")
        shop.cancel(shop.place(order("A2")).order, key="off")
        Pump(shop, simulated()).work(MONDAY)
