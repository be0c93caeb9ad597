"""Effects by four writers that commit when it suits them, and workers that die; in `make soak`
twenty thousand of them."""

from __future__ import annotations

import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from ordinance.ports import Effect, EffectState, Storage
from ordinance.testing.samples import order
from ordinance_adapters.clock import SystemClock
from ordinance_adapters.postgres import open_storage
from tests.postgres import url_of
from tests.workers.crew import SPAWN, crew
from tests.workers.ledger import Ledger
from tests.workers.test_workers import named

SEED = int(os.environ.get("ORDINANCE_SEED", "20260302"))
EVENTS = int(os.environ.get("ORDINANCE_EVENTS", "1000"))
WRITERS, WORKERS, ORDERS = 4, 3, 100
SLOWEST_COMMIT = 0.03
"""Seconds that a writer may take between its effect and its commit."""

SHOP = "teashop"


def write(url: str, writer: int, events: int) -> None:
    """One writer: effects for orders that others write for too, each committed in its own time."""
    chance = random.Random(f"{SEED}:{writer}")
    storage = open_storage(url)
    for number in range(events):
        order_id = f"o{chance.randrange(ORDERS)}"
        with storage.transaction() as tx:
            # As every command does: whoever changes an order holds it.
            tx.order(SHOP, order_id)
            at = SystemClock().now()
            key = f"{order_id}:notify:{writer}.{number}"
            tx.enqueue(Effect(SHOP, key, order_id, "notify", _PAYLOAD, at))
            time.sleep(chance.uniform(0, SLOWEST_COMMIT) if chance.random() < 0.3 else 0)
    storage.close()


_PAYLOAD = '{"channel":"sms","notice":"shipped","template":"t"}'


def write_all(url: str, events: int) -> list[object]:
    """Let all writers write; they are still at it when this comes back."""
    writers = [
        SPAWN.Process(target=write, args=(url, number, events // WRITERS), daemon=True)
        for number in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    return list(writers)


def prepared(url: str) -> Storage:
    """A store with the orders that the effects are for."""
    storage = open_storage(url)
    with storage.transaction() as tx:
        for number in range(ORDERS):
            id_ = f"o{number}"
            tx.save_order(
                order(id_, shop=SHOP, number=f"N{number}", source_id=f"S{number}"),
                expected_version=0,
            )
    return storage


def faults(storage: Storage, calls: list[tuple[str, str]], events: int) -> Iterator[str]:
    """What is not as it has to be when everything has been written and worked off."""
    stored = storage.effects(SHOP, list(EffectState))
    if len(stored) != events:
        yield f"{events - len(stored)} were never written"
    places = {one.effect.key: (one.effect.order_id, one.place) for one in stored}
    called = list(dict.fromkeys(key for key, _ in calls))
    lost = places.keys() - set(called)
    if lost:
        yield f"{len(lost)} of {events} were lost, as {min(lost)}"
    if unknown := set(called) - places.keys():
        yield f"{len(unknown)} were made up, as {min(unknown)}"
    last: defaultdict[str, int] = defaultdict(int)
    for key in called:
        order_id, place = places.get(key, ("", 0))
        if place < last[order_id]:
            yield f"{key} overtook place {last[order_id]} of its order"
        last[order_id] = max(place, last[order_id])
    if open_ := [one for one in stored if one.state is not EffectState.DONE]:
        yield f"{len(open_)} are not done, as {open_[0].effect.key}"


@pytest.mark.slow
def test_no_effect_is_lost_or_overtaken_when_workers_die(tmp_path: Path) -> None:
    url, table = url_of(tmp_path), named(tmp_path)
    print(f"ORDINANCE_SEED={SEED} ORDINANCE_EVENTS={EVENTS}")
    ledger = Ledger(table)
    ledger.make()
    storage = prepared(url)
    storage.use_jobs()  # type: ignore[attr-defined]
    began = time.monotonic()
    chance = random.Random(SEED)
    killed = 0
    with crew(url, table) as workers:
        for _ in range(WORKERS):
            workers.hire()
        writers = write_all(url, EVENTS)
        while any(writer.is_alive() for writer in writers) or _open(storage):  # type: ignore[attr-defined]
            time.sleep(chance.uniform(2, 4))
            assert time.monotonic() - began < 60 + EVENTS / 10
            if killed < 10 + EVENTS // 1000:
                workers.kill(chance.choice(sorted(workers.workers)))
                workers.hire()
                killed += 1
    calls = ledger.calls()
    seconds = time.monotonic() - began
    repeats = sum(count - 1 for count in Counter(key for key, _ in calls).values())
    print(f"{EVENTS} effects, {killed} kills, {repeats} repeats, {seconds:.0f} s")

    assert list(faults(storage, calls, EVENTS)) == []
    storage.close()


def _open(storage: Storage) -> bool:
    counts = storage.effect_counts(SHOP)
    return any(count for (_, state), count in counts.items() if state is not EffectState.DONE)


@pytest.mark.slow
def test_a_poller_with_a_cursor_loses_effects(tmp_path: Path) -> None:
    """The planted mistake: what was created before the newest that was seen is never seen."""
    url = url_of(tmp_path)
    storage = prepared(url)
    writers = write_all(url, EVENTS)
    calls: list[tuple[str, str]] = []
    cursor = datetime.min.isoformat()
    still = True
    while still:
        # The last look is made when everything has been committed.
        still = any(writer.is_alive() for writer in writers)  # type: ignore[attr-defined]
        sql = "SELECT key, created FROM outbox WHERE shop = ? AND created > ? ORDER BY created"
        for key, created in storage._rows(sql, (SHOP, cursor)):  # type: ignore[attr-defined]
            calls.append((key, "poller"))
            cursor = created
    found = [fault for fault in faults(storage, calls, EVENTS) if "lost" in fault]

    print(found)
    assert found != []
    storage.close()
