"""Traffic while backups are made: processes take orders and send what those want sent."""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.synchronize import Event, Semaphore
from pathlib import Path

from ordinance.door import open_storage
from ordinance.oms import Shop
from ordinance.outside import Outside
from tests.core.shop import MONDAY, order
from tests.races.attempts import fill
from tests.races.crew import open_shop

SHOP = "busy"
STOCK = 1_000_000
WRITERS = 4
SPAWN = multiprocessing.get_context("spawn")


class Book:
    """A provider of everything, which does what it is asked for as often as it is asked, and writes
    that down in a file which all processes share; it can be asked what became of a key."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def _do(self, key: str) -> str:
        line = json.dumps([key, f"A-{key}"]) + "\n"
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, line.encode())  # a short line is appended whole
        finally:
            os.close(file)
        return f"A-{key}"

    def refund(self, key: str, order_number: str, transaction: str, amount_minor: int) -> str:
        return self._do(key)

    def waybill(self, key: str, carrier: str, order_number: str, weight_grams: int) -> str:
        return self._do(f"{key}/waybill")

    def push(self, key: str, warehouse: str, document: Mapping[str, object]) -> str:
        return self._do(f"{key}/push")

    def send(self, key: str, channel: str, template: str, values: Mapping[str, object]) -> None:
        self._do(key)

    def done(self) -> Counter[str]:
        """How often each key was done."""
        if not self._path.exists():
            return Counter()
        return Counter(json.loads(line)[0] for line in self._path.read_text().splitlines())


class Asked(Book):
    """The same, for one port that can be asked."""

    def __init__(self, path: Path, part: str = "") -> None:
        super().__init__(path)
        self._part = part

    def lookup(self, key: str) -> str | None:
        name = f"{key}{self._part}"
        return f"A-{name}" if self.done()[name] else None


def world(path: Path) -> Outside:
    """Providers that write into one book, all of which can be asked."""
    return Outside(Asked(path), Asked(path, "/waybill"), Asked(path, "/push"), Asked(path))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a test runs: the store, what was acknowledged, what was done outside."""

    address: str
    acknowledged: Path
    """Lines of source id, order id and when that was told."""
    book: Path


def take(place: Place, number: int, buyers: Semaphore, enough: Event) -> None:
    """One process: it takes the orders of the buyers who come, and calls every fourth off. The
    first one sends what is to be sent: two would send the same now and then, on a file."""
    storage = open_storage(place.address)
    shop = open_shop(storage, SHOP, number)
    outside = world(place.book)
    count = 0
    with place.acknowledged.open("a") as told:
        while not enough.is_set():
            if not buyers.acquire(timeout=0.05):
                continue
            source = f"W{number}-{count}"
            _one(shop, source, number, count, told.write)
            told.flush()
            if number == 0 and count % 2:
                shop.work(MONDAY, outside)
            count += 1
    storage.close()


def _one(shop: Shop, source: str, number: int, count: int, tell: object) -> None:
    receiver = {**order()["receiver"], "phone": f"13{number}{count:08}", "address": f"{source}室"}
    lines = [{"sku": "TEA", "quantity": 1 + count % 3, "unit_price": "10.00"}]
    asked = order(source, buyer={"id": source}, receiver=receiver, lines=lines)
    receipt = shop.place(asked, key=source, now=MONDAY)
    assert callable(tell)
    tell(f"{source} {receipt.order} {datetime.now(UTC).isoformat()}\n")
    if count % 4 == 0:
        shop.cancel(receipt.order, key=f"cancel:{source}", now=MONDAY)


@dataclass(frozen=True, slots=True)
class Load:
    """Four processes that wait for buyers."""

    place: Place
    buyers: Semaphore

    def come(self, buyers: int) -> None:
        """So many buyers come at once; this comes back when the first of them has an order."""
        before = len(acknowledged(self.place))
        for _ in range(buyers):
            self.buyers.release()
        until = time.monotonic() + 120
        while len(acknowledged(self.place)) == before:
            assert time.monotonic() < until, "nobody takes an order"
            time.sleep(0.002)


@contextmanager
def load(place: Place) -> Iterator[Load]:
    """Four processes at work, until the end of the block; then what they did is complete."""
    storage = open_storage(place.address)
    fill(storage, SHOP, {("HZ", "TEA"): STOCK})
    storage.close()
    place.acknowledged.touch()
    enough, buyers = SPAWN.Event(), SPAWN.Semaphore(0)
    processes = [
        SPAWN.Process(target=take, args=(place, number, buyers, enough), daemon=True)
        for number in range(WRITERS)
    ]
    for process in processes:
        process.start()
    try:
        yield Load(place, buyers)
    finally:
        enough.set()
        for process in processes:
            process.join(timeout=60)
    assert [process.exitcode for process in processes] == [0] * WRITERS


def acknowledged(place: Place) -> dict[str, datetime]:
    """By order id, when it was told that the order is stored."""
    lines = [line.split() for line in place.acknowledged.read_text().split("\n")[:-1]]
    return {order_id: datetime.fromisoformat(at) for _, order_id, at in lines}
