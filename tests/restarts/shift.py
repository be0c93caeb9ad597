"""A shift: processes take orders, and the server is stopped and started so many times."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.pool import AsyncResult
from multiprocessing.sharedctypes import SynchronizedArray
from multiprocessing.synchronize import Event
from pathlib import Path
from random import Random

from ordinance.audit.doctor import check
from ordinance.ports import Storage
from ordinance_adapters.postgres import open_storage
from tests.postgres import restart, started, url_of
from tests.races.attempts import fill
from tests.restarts.counter import SHOP, STOCK, Day, take_orders

WORKERS = 4
COMES_BACK = 60.0
"""Seconds within which each process has to take an order after a restart."""

_shared: tuple[SynchronizedArray[int], Event]


@dataclass(frozen=True, slots=True)
class Shift:
    """What each process was told, and how long they took to come back, in seconds by restart."""

    url: str
    days: list[Day]
    back: list[float]

    def figures(self) -> str:
        """How much there was of everything."""
        failures: Counter[str] = Counter()
        for day in self.days:
            failures.update(day.failures)
        slow = sorted(self.back)
        return (
            f"{sum(len(day.receipts) for day in self.days)} orders by {len(self.days)} processes, "
            f"{len(self.back)} restarts, asked again after {dict(sorted(failures.items()))}; all "
            f"were back {slow[len(slow) // 2]:.1f} s after a stop in the middle, "
            f"{slow[-1]:.1f} s at most"
        )


def work(folder: Path, restarts: int, seed: int, *, careless: bool = False) -> Shift:
    """Take orders while the server is stopped hard and started again, at random moments."""
    chance = Random(seed)
    server = started({"fsync": "on", "full_page_writes": "on"})
    url = url_of(folder, str(server.get_uri()))
    storage = open_storage(url)
    fill(storage, SHOP, {("HZ", "TEA"): STOCK})
    storage.close()
    context = multiprocessing.get_context("spawn")
    taken, enough = context.Array("l", WORKERS), context.Event()
    back = []
    with context.Pool(WORKERS, initializer=_share, initargs=(taken, enough)) as pool:
        days = [pool.apply_async(_take, (url, number, careless)) for number in range(WORKERS)]
        _all_took_one(taken, days, [0] * WORKERS)
        for _ in range(restarts):
            time.sleep(chance.uniform(0.05, 0.6))
            stopped = time.monotonic()
            restart(server)
            _all_took_one(taken, days, list(taken))
            back.append(time.monotonic() - stopped)
        enough.set()
        return Shift(url, [day.get(timeout=COMES_BACK) for day in days], back)


def _share(taken: SynchronizedArray[int], enough: Event) -> None:
    global _shared
    _shared = taken, enough


def _take(url: str, number: int, careless: bool) -> Day:
    return take_orders(url, number, careless, *_shared)


def _all_took_one(
    taken: SynchronizedArray[int], days: list[AsyncResult[Day]], before: list[int]
) -> None:
    until = time.monotonic() + COMES_BACK
    while any(now <= then for now, then in zip(taken, before, strict=True)):
        for day in days:
            if day.ready():
                day.get()
        assert time.monotonic() < until, f"nobody came back: {before} orders, then {list(taken)}"
        time.sleep(0.02)


def wrong(shift: Shift) -> list[str]:
    """Everything that should not be after a shift."""
    storage = open_storage(shift.url)
    try:
        return [*_orders(storage, shift.days), *map(str, check(storage, SHOP))]
    finally:
        storage.close()


def _orders(storage: Storage, days: list[Day]) -> Iterator[str]:
    """Every order that was acknowledged is there, once and as it was said, and no other one."""
    stored = {one.id: one for one in storage.orders(SHOP)}
    told = {name: receipt for day in days for name, receipt in day.receipts.items()}
    for name, receipt in told.items():
        found = stored.get(receipt.order)
        if found is None or (found.source_id, found.number) != (name, receipt.number):
            yield f"{name} was acknowledged and is not there"
    sources = Counter(one.source_id for one in stored.values())
    yield from (f"{name} is there {count} times" for name, count in sources.items() if count != 1)
    if len(stored) != len(told):
        yield f"{len(told)} orders were acknowledged, {len(stored)} are there"
