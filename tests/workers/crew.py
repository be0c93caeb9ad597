"""Worker processes that a test starts, kills and stops."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from multiprocessing.process import BaseProcess
from types import FrameType

from ordinance.dispatching import Job
from ordinance.oms import Shop
from ordinance.pump import Pump
from ordinance_adapters.clock import SystemClock
from ordinance_adapters.identity import RandomIds
from ordinance_adapters.postgres import open_storage
from tests.core.shop import profile, shipped_rules
from tests.workers.ledger import Ledger

SPAWN = multiprocessing.get_context("spawn")


def shop_at(url: str) -> Shop:
    """The test shop on a store of PostgreSQL."""
    return Shop(open_storage(url), profile(), shipped_rules(), SystemClock(), RandomIds())


def work(url: str, table: str, name: str, seconds: float) -> None:
    """One worker process, until it is told to stop."""
    shop = shop_at(url)
    pump = Pump(shop, Ledger(table, name, seconds=seconds).outside)
    dispatcher = shop.storage.dispatcher(shop.profile.shop)  # type: ignore[attr-defined]

    def do(job: Job) -> datetime | None:
        return pump.job(job, shop.clock.now())

    def stop(_: int, __: FrameType | None) -> None:
        dispatcher.stop()

    signal.signal(signal.SIGTERM, stop)
    dispatcher.run(do, lambda: pump.sweep(shop.clock.now()))
    shop.close()


class Crew:
    """Workers at one store; `slow` is how many seconds each call outside takes."""

    def __init__(self, url: str, table: str, slow: float) -> None:
        self._url = url
        self._table = table
        self._slow = slow
        self._count = 0
        self.workers: dict[str, BaseProcess] = {}

    def hire(self) -> str:
        """Start one more worker; its name."""
        self._count += 1
        name = f"{'slow' if self._slow else 'quick'}-{self._count}"
        arguments = (self._url, self._table, name, self._slow)
        self.workers[name] = SPAWN.Process(target=work, args=arguments, name=name, daemon=True)
        self.workers[name].start()
        return name

    def kill(self, name: str) -> None:
        """As a machine that goes away."""
        worker = self.workers.pop(name)
        worker.kill()
        worker.join()

    def dismiss(self) -> None:
        """Let every worker finish what it has begun."""
        for worker in self.workers.values():
            worker.terminate()
        for worker in self.workers.values():
            worker.join(20)
            worker.kill()


@contextmanager
def crew(url: str, table: str, slow: float = 0.0) -> Iterator[Crew]:
    """A crew that is dismissed at the end."""
    hired = Crew(url, table, slow)
    try:
        yield hired
    finally:
        hired.dismiss()


def until(true: Callable[[], bool], seconds: float) -> float:
    """Wait until something is true; how long that took. Fails after so many seconds."""
    began = time.monotonic()
    while not true():
        waited = time.monotonic() - began
        assert waited < seconds, f"not within {seconds} seconds"
        time.sleep(0.1)
    return time.monotonic() - began
