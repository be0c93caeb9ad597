"""What one process does while the database comes and goes: it takes orders, each until it is told
that the order is stored."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from multiprocessing.sharedctypes import SynchronizedArray
from multiprocessing.synchronize import Event

from ordinance.command import Receipt
from ordinance.oms import Shop
from ordinance.ports import StorageError
from ordinance_adapters.postgres import open_storage, store
from tests.core.shop import MONDAY, order
from tests.races.crew import open_shop

SHOP = "restarted"
STOCK = 1_000_000

PATIENCE_SECONDS = 1.0
"""How long a command waits for the server: less than some restarts take, so that processes meet
its failures and not only the waiting."""


@dataclass(frozen=True, slots=True)
class Day:
    """What a process was told: for each key the receipt, and how often it had to ask again."""

    receipts: dict[str, Receipt] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)
    """By the kind of failure."""


def take_orders(
    url: str, number: int, careless: bool, taken: SynchronizedArray[int], enough: Event
) -> Day:
    """Take one order after another until there are enough; `taken` counts them for the others.

    `careless` plants a fault: the server answers before a commit is on the disk.
    """
    # That connections break is what is tested.
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)
    if careless:
        options = store._options
        store._options = lambda *given: options(*given) + " -c synchronous_commit=off"
    day = Day()
    storage = open_storage(url, patience_seconds=PATIENCE_SECONDS)
    shop = open_shop(storage, SHOP, number)
    while not enough.is_set():
        name = f"W{number}-{len(day.receipts)}"
        day.receipts[name] = _taken(shop, name, number, day)
        taken[number] += 1
    storage.close()
    return day


def _taken(shop: Shop, name: str, number: int, day: Day) -> Receipt:
    count = len(day.receipts)
    receiver = {**order()["receiver"], "phone": f"13{number}{count:08}", "address": f"{name}室"}
    lines = [{"sku": "TEA", "quantity": 1 + count % 3, "unit_price": "10.00"}]
    asked = order(name, buyer={"id": name}, receiver=receiver, lines=lines)
    while True:
        try:
            return shop.place(asked, key=name, now=MONDAY)
        except StorageError as error:
            kind = type(error).__name__
            day.failures[kind] = day.failures.get(kind, 0) + 1
            time.sleep(0.05)
