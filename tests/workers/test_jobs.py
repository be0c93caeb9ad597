"""The store keeps all of its promises when it puts jobs, and which jobs it puts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from pgqueuer.adapters.drivers.psycopg import PsycopgDriver
from pgqueuer.adapters.persistence.qb import QueryQueueBuilder
from pgqueuer.adapters.persistence.queries import Queries

from ordinance.ports import Attempt, Effect, EffectState, Storage, Timer
from ordinance.testing import StorageContract
from ordinance.testing.samples import AT, OTHER_SHOP, SHOP, effect, order, timer
from ordinance_adapters.postgres import PostgresStorage, open_storage
from ordinance_adapters.postgres.worker import clear_log
from tests.postgres import url_of

NEVER = AT + timedelta(days=40_000)


class TestPostgresWithWorkers(StorageContract):
    def make(self, tmp_path: Path) -> Storage:
        storage = open_storage(url_of(tmp_path))
        storage.use_jobs()
        return storage


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PostgresStorage]:
    opened = open_storage(url_of(tmp_path))
    opened.use_jobs()
    with opened.transaction() as tx:
        for shop in (SHOP, OTHER_SHOP):
            tx.save_order(order("o1", shop=shop), expected_version=0)
    yield opened
    opened.close()


def enqueue(store: PostgresStorage, *effects: Effect) -> None:
    with store.transaction() as tx:
        for one in effects:
            tx.enqueue(one)


def tried(store: PostgresStorage, key: str, state: EffectState, attempts: int = 1) -> None:
    due = NEVER if state is EffectState.WAITING else None
    with store.transaction() as tx:
        tx.mark_tried(SHOP, key, Attempt(state, attempts, due, AT, "no answer"))


def jobs(store: PostgresStorage) -> list[str]:
    """What the jobs are about that nobody has taken yet, in the order in which they were put."""
    with psycopg.connect(store.address.conninfo, autocommit=True) as connection:
        sql = f"SELECT entrypoint, payload FROM {store.address.schema}.pgqueuer ORDER BY id"
        found = connection.execute(sql.encode()).fetchall()
    return [f"{entry} {json.loads(payload)[1]}" for entry, payload in found]


def test_a_job_is_put_for_the_first_effect_of_a_lane_only(store: PostgresStorage) -> None:
    enqueue(store, effect("n1"), effect("n2"), effect("r1", kind="refund"))
    assert jobs(store) == [f"effect:{SHOP} n1", f"effect:{SHOP} r1"]

    with store.transaction() as tx:
        tx.mark_done(SHOP, "n1", "sent", AT)

    assert jobs(store)[2:] == [f"effect:{SHOP} n2"]


def test_a_job_is_put_once(store: PostgresStorage) -> None:
    enqueue(store, effect("n1"))
    enqueue(store, effect("n1"), effect("n2"))
    store.put_missing_jobs()

    assert jobs(store) == [f"effect:{SHOP} n1"]


def test_every_try_has_a_job_of_its_own(store: PostgresStorage) -> None:
    enqueue(store, effect("n1"))
    tried(store, "n1", EffectState.WAITING)
    tried(store, "n1", EffectState.UNKNOWN, 2)

    assert jobs(store) == [f"effect:{SHOP} n1"] * 2


def test_a_dead_effect_lets_the_next_one_pass_and_comes_back_when_it_is_redriven(
    store: PostgresStorage,
) -> None:
    enqueue(store, effect("n1"), effect("n2"))
    tried(store, "n1", EffectState.DEAD)
    assert jobs(store) == [f"effect:{SHOP} n1", f"effect:{SHOP} n2"]

    with store.transaction() as tx:
        assert tx.redrive_effect(SHOP, "n1", AT)

    assert jobs(store)[2:] == [f"effect:{SHOP} n1"]


def test_what_is_undone_leaves_no_job(store: PostgresStorage) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction() as tx:
        tx.enqueue(effect("n1"))
        with store.transaction() as inner:
            inner.schedule(timer())
        raise ZeroDivisionError
    with store.batch():
        with pytest.raises(ZeroDivisionError), store.transaction() as tx:
            tx.enqueue(effect("n2"))
            raise ZeroDivisionError
        enqueue(store, effect("n3"))

    assert jobs(store) == [f"effect:{SHOP} n3"]


def test_a_timer_has_a_job_for_each_instant_that_it_was_set_to(store: PostgresStorage) -> None:
    one = timer(due=AT)
    with store.transaction() as tx:
        tx.schedule(one)
        tx.schedule(one)
    with store.transaction() as tx:
        tx.schedule(Timer(one.shop, one.order_id, one.kind, one.name, NEVER))

    assert jobs(store) == [f"timer:{SHOP} o1"] * 2


def test_shops_have_workers_of_their_own(store: PostgresStorage) -> None:
    enqueue(store, effect("n1"), effect("n1", shop=OTHER_SHOP))

    assert jobs(store) == [f"effect:{SHOP} n1", f"effect:{OTHER_SHOP} n1"]


def test_what_was_written_without_jobs_is_found(tmp_path: Path) -> None:
    unaware = open_storage(url_of(tmp_path))
    with unaware.transaction() as tx:
        tx.save_order(order("o1"), expected_version=0)
        tx.enqueue(effect("n1"))
        tx.enqueue(effect("n2"))
        tx.schedule(timer(due=AT))
        tx.schedule(timer("o2", due=NEVER))
    aware = open_storage(url_of(tmp_path))
    aware.use_jobs()
    aware.put_missing_jobs()

    assert sorted(jobs(aware)) == [f"effect:{SHOP} n1", f"timer:{SHOP} o1"]
    later = open_storage(url_of(tmp_path))
    with later.transaction() as tx:
        tx.enqueue(effect("r1", kind="refund"))
    assert f"effect:{SHOP} r1" in jobs(later)
    for one in (unaware, aware, later):
        one.close()


def test_what_the_queue_wrote_down_is_forgotten_shop_by_shop(store: PostgresStorage) -> None:
    enqueue(store, effect("n1"), effect("n1", shop=OTHER_SHOP))
    log = f"SELECT entrypoint FROM {store.address.schema}.pgqueuer_log".encode()
    settings = store.use_jobs().settings

    async def clear() -> None:
        connection = await psycopg.AsyncConnection.connect(store.address.conninfo, autocommit=True)
        async with connection:
            queries = Queries(PsycopgDriver(connection), qbq=QueryQueueBuilder(settings))
            await clear_log(queries, SHOP)

    asyncio.run(clear())

    with psycopg.connect(store.address.conninfo, autocommit=True) as connection:
        assert connection.execute(log).fetchall() == [(f"effect:{OTHER_SHOP}",)]
    assert len(jobs(store)) == 2
