"""Workers on PostgreSQL do what the pump does, and take over from one that has died."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from ordinance.oms import Shop
from ordinance.ports import EffectState, StoredEffect
from ordinance_adapters.clock import SystemClock
from tests.core.shop import order
from tests.postgres import server_url, url_of
from tests.workers.crew import crew, shop_at, until
from tests.workers.ledger import Ledger

TAKEN_OVER = 30.0
"""Seconds within which another worker has to take over."""


def named(folder: Path) -> str:
    """A table of its own for the ledger of a test."""
    return "l" + hashlib.sha256(str(folder).encode()).hexdigest()[:16]


def paid(number: int, at: datetime) -> dict[str, object]:
    payments = [{"transaction": f"T{number}", "amount": "100.00", "paid_at": at, "method": "card"}]
    return order(f"A{number}", placed_at=at, payments=payments)


def _done(shop: Shop) -> tuple[StoredEffect, ...]:
    return shop.effects((EffectState.DONE,))


@pytest.mark.slow
def test_workers_do_what_commands_ask_for_once_each(tmp_path: Path) -> None:
    url, table = url_of(tmp_path), named(tmp_path)
    ledger = Ledger(table)
    ledger.make()
    shop = shop_at(url)
    shop.open_stock(SystemClock().now())
    # Before any worker was at the store: nobody puts jobs, and the first worker finds the effects.
    shop.place(paid(0, SystemClock().now()))
    with crew(url, table) as workers:
        for _ in range(2):
            workers.hire()
        until(lambda: not shop.effects(), 40)
        shop.close()
        shop = shop_at(url)
        placed = [shop.place(paid(number, SystemClock().now())).order for number in range(1, 5)]
        shop.cancel(placed[0], key="c")
        until(lambda: not shop.effects(), 20)
    done = [stored.effect.key for stored in _done(shop)]
    counted = Counter(key.removesuffix(":0") for key, _ in ledger.calls())

    # Two kinds do not call by their own key alone: a recall is only pushed.
    assert set(counted) == {key for key in done if ":cancel:" not in key}
    assert set(counted.values()) == {1}
    assert shop.record(placed[0]).refunded == 100_00
    shop.close()


@pytest.mark.slow
def test_a_worker_that_dies_in_the_middle_of_an_effect_is_replaced(tmp_path: Path) -> None:
    url, table = url_of(tmp_path), named(tmp_path)
    ledger = Ledger(table)
    ledger.make()
    shop = shop_at(url)
    shop.open_stock(SystemClock().now())
    with crew(url, table, slow=3600) as stuck, crew(url, table) as fresh:
        first = stuck.hire()
        shop.place(paid(0, SystemClock().now()))
        until(lambda: len(ledger.calls()) > 0, 40)
        fresh.hire()
        # It gives signs of life, so that it is left alone for as long as it takes.
        with pytest.raises(AssertionError):
            until(lambda: not shop.effects(), 12)
        calls = len(ledger.calls())
        stuck.kill(first)
        taken = until(lambda: not shop.effects(), TAKEN_OVER)
    print(f"taken over after {taken:.1f} s")

    again = [(key, worker) for key, worker in ledger.calls()[calls:]]
    assert {key for key, _ in again} <= {stored.effect.key for stored in _done(shop)}
    assert {worker for _, worker in again} == {"quick-1"}
    assert max(Counter(key for key, _ in ledger.calls()).values()) == 2
    shop.close()


@pytest.mark.slow
def test_a_timer_fires_at_its_time(tmp_path: Path) -> None:
    url, table = url_of(tmp_path), named(tmp_path)
    Ledger(table).make()
    shop = shop_at(url)
    now = SystemClock().now()
    shop.open_stock(now)
    with crew(url, table) as workers:
        workers.hire()
        until(
            lambda: shop.storage._blocks.jobs is not None or shop.storage.use_jobs() is not None, 40
        )  # type: ignore[attr-defined]
        unpaid = shop.place({**order("U1", placed_at=now), "payments": []}, now=now).order
        with shop.storage.transaction() as tx:
            due = tx.next_due("teashop")
        assert due is not None and shop.record(unpaid).state == "WAIT_PAY"
        with shop.storage.transaction() as tx:
            (timer,) = tx.due("teashop", due, 10)
            soon = SystemClock().now() + timedelta(seconds=4)
            tx.schedule(type(timer)(timer.shop, timer.order_id, timer.kind, timer.name, soon))
        until(lambda: shop.record(unpaid).state != "WAIT_PAY", 20)
        fired = [event.at for event in shop.storage.events("teashop", unpaid)][-1]
    assert fired >= soon
    shop.close()


@pytest.mark.slow
def test_workers_come_back_when_the_server_drops_them(tmp_path: Path) -> None:
    url, table = url_of(tmp_path), named(tmp_path)
    ledger = Ledger(table)
    ledger.make()
    shop = shop_at(url)
    shop.open_stock(SystemClock().now())
    with crew(url, table) as workers:
        for _ in range(2):
            workers.hire()
        shop.storage.use_jobs()  # type: ignore[attr-defined]
        for number in range(20):
            shop.place(paid(number, SystemClock().now()), now=SystemClock().now())
            if number % 4 == 3:
                _drop_everybody()
        # Shorter than the minute after which lost jobs would be looked for.
        until(lambda: not shop.effects(), 50)
    done = {stored.effect.key for stored in _done(shop)}

    assert {key for key, _ in ledger.calls()} <= done
    assert len(done) >= 40
    shop.close()


def _drop_everybody() -> None:
    """End every connection to the server but this one."""
    with psycopg.connect(server_url(), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
