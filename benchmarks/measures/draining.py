"""Draining: how many effects a second one, two and four worker processes do on PostgreSQL."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from types import FrameType

import psycopg

from benchmarks.agreement import Disagreement
from benchmarks.measures.server import schema_url, server
from benchmarks.measures.storing import ROOT
from benchmarks.results import Results
from benchmarks.workloads import shop as workload
from ordinance.dispatching import Job
from ordinance.oms import Shop
from ordinance.outside import Outside
from ordinance.ports import Effect, EffectState, StoredOrder
from ordinance.pump import Pump
from ordinance.rules import load
from ordinance_adapters.clock import SystemClock
from ordinance_adapters.identity import SeededIds
from ordinance_adapters.postgres import PostgresStorage, open_storage

WORKERS = (1, 2, 4)
ANSWERS = (("at once", 0.0), ("in 50 ms", 0.05))
"""How soon the port answers, in seconds: what the work alone costs, and what a request takes."""

PATIENCE = 600
"""Seconds after which a run has failed."""

_PAYLOAD = '{"channel":"sms","notice":"shipped","template":"t"}'
_SPAWN = multiprocessing.get_context("spawn")


class _Messages:
    """Takes every message, and its time."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def send(self, key: str, channel: str, template: str, values: Mapping[str, object]) -> None:
        """Take one message."""
        if self._seconds:
            time.sleep(self._seconds)


def measure(results: Results, say: Callable[[str], None], *, count: int = 2000) -> None:
    """Add the effects a second, by the number of workers and by how soon the port answers."""
    with server() as url:
        for name, seconds in ANSWERS:
            for workers in WORKERS:
                say(f"draining: {workers} workers, {count} effects, answered {name}")
                place = f"draining_{workers}_{int(seconds * 1000)}"
                rate = count / _drained(schema_url(url, place), url, workers, seconds, count)
                results.figures[f"draining, answered {name}, {workers} workers, a second"] = rate


def _drained(url: str, plain_url: str, workers: int, seconds: float, count: int) -> float:
    """Seconds from the commit of the effects until the last one is done."""
    storage = open_storage(url)
    storage.use_jobs()
    crew = [_SPAWN.Process(target=_work, args=(url, seconds), daemon=True) for _ in range(workers)]
    for one in crew:
        one.start()
    try:
        _until(lambda: _listening(plain_url) == workers)
        _write(storage, count)
        start = time.perf_counter()
        _until(lambda: _left(storage) == 0)
        return time.perf_counter() - start
    finally:
        for one in crew:
            one.terminate()
        for one in crew:
            one.join()
        storage.close()


def _write(storage: PostgresStorage, count: int) -> None:
    """An effect each for so many orders, in one transaction."""
    now = SystemClock().now()
    with storage.transaction() as tx:
        for number in range(count):
            order = f"o{number}"
            tx.save_order(
                StoredOrder("bench", order, f"N{number}", "web", f"S{number}", 1, "NEW", "OPEN",
                            None, now, 0, 0, 0, "{}", ""),
                expected_version=0,
            )  # fmt: skip
            tx.enqueue(Effect("bench", f"{order}:notify", order, "notify", _PAYLOAD, now))


def _left(storage: PostgresStorage) -> int:
    counts = storage.effect_counts("bench")
    if any(state in (EffectState.DEAD, EffectState.UNKNOWN) for _, state in counts):
        raise Disagreement("an effect failed although its port did not")
    return sum(count for (_, state), count in counts.items() if state is not EffectState.DONE)


def _listening(url: str) -> int:
    """Workers that wait for word of new jobs."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE application_name = 'ordinance worker' AND query LIKE 'LISTEN%'"
        ).fetchone()
    return int(row[0]) if row else 0


def _until(true: Callable[[], bool]) -> None:
    for _ in range(PATIENCE * 20):
        if true():
            return
        time.sleep(0.05)
    raise TimeoutError(f"not within {PATIENCE} seconds")


def _work(url: str, seconds: float) -> None:
    """One worker process, until it is told to stop."""
    storage = open_storage(url)
    shop = Shop(
        storage, workload.profile(), load(ROOT / "rules"), SystemClock(), SeededIds(workload.SEED)
    )
    messages = _Messages(seconds)
    pump = Pump(shop, Outside(messages, messages, messages, messages))  # type: ignore[arg-type]
    dispatcher = storage.dispatcher("bench")

    def do(job: Job) -> datetime | None:
        return pump.job(job, shop.clock.now())

    def stop(_: int, __: FrameType | None) -> None:
        dispatcher.stop()

    signal.signal(signal.SIGTERM, stop)
    dispatcher.run(do, lambda: pump.sweep(shop.clock.now()))
    storage.close()
