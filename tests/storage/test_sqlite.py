"""The SQLite store keeps the promises of the port, and those of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest
from sqlite_utils import Database

from ordinance.ports import EffectState, MovementKind, Storage, Timer
from ordinance.testing import StorageContract
from ordinance.testing.samples import AT, SHOP, movement, order, write_one_of_each
from ordinance_adapters.sql.content import TABLES
from ordinance_adapters.sqlite import SqliteStorage, driver, open_storage, wal_reset_risk
from ordinance_adapters.sqlite.tables import WRITTEN


class TestSqlite(StorageContract):
    def make(self, tmp_path: Path) -> Storage:
        return open_storage(str(tmp_path / "orders.db"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStorage]:
    opened = open_storage(tmp_path / "orders.db")
    yield opened
    opened.close()


def pragma(store: SqliteStorage, name: str) -> object:
    return store._writer.connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_the_settings_that_keep_orders_safe_are_on(store: SqliteStorage) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}

    assert {name: pragma(store, name) for name in wanted} == wanted
    # Whoever writes waits for its turn by `take_turn`, which tests/races hold to be fair.
    assert store._reader.execute("PRAGMA busy_timeout").fetchone()[0] == 10_000


def test_the_reading_connection_cannot_write(store: SqliteStorage) -> None:
    assert store._reader.execute("PRAGMA query_only").fetchone()[0] == 1


def test_a_reading_stops_no_writer_and_sees_one_commit(store: SqliteStorage) -> None:
    with store.reading() as before:
        assert before.next_due(SHOP) is None
        with store.transaction() as tx:
            tx.schedule(Timer(SHOP, "o1", "payment.close", "", AT))
        assert before.next_due(SHOP) is None
        assert list(store.timers(SHOP)) == []

    with store.reading() as after:
        assert after.next_due(SHOP) == AT
    with store.transaction() as tx:
        tx.unschedule(SHOP, "o1", None, None)
        with store.reading() as mine:
            assert mine.next_due(SHOP) is None


def test_every_table_is_strict_keyed_by_shop_and_part_of_the_content(store: SqliteStorage) -> None:
    database = Database(store._writer.connection)
    tables = {table.name: table for table in database.tables}
    bookkeeping = {"_sqlite_migrations", "keyring", "person_index"}

    assert set(tables) - bookkeeping == set(TABLES)
    for name, table in TABLES.items():
        key = table.key
        keys = [tuple(tables[name].pks), *(tuple(i.columns) for i in tables[name].indexes)]
        assert tables[name].strict, name
        assert key[0] == "shop", name
        assert key in keys, name
        columns = {column.name for column in tables[name].columns}
        assert columns - {WRITTEN} == set(table.stored), name


def test_the_database_itself_refuses_counts_that_cannot_be(store: SqliteStorage) -> None:
    with store.transaction() as tx:
        tx.move(movement(MovementKind.RECEIVED, 5))
        tx.move(movement(MovementKind.RESERVED, 2))
    write = store._writer.connection.execute
    for wrong in (
        "on_hand = -1",
        "reserved = -1",
        "reserved = 6",
        "on_hand = 1",
        "quarantine = -1",
    ):
        with pytest.raises(Exception, match="CHECK constraint failed"):
            write(f"UPDATE stock SET {wrong}")


def test_a_transaction_inside_another_is_a_part_of_it(store: SqliteStorage) -> None:
    with store.transaction() as outer:
        outer.save_order(order("o1"), expected_version=0)
        with suppress(KeyError), store.transaction() as inner:
            inner.save_order(order("o2"), expected_version=0)
            raise KeyError
        with store.transaction() as inner:
            inner.save_order(order("o3"), expected_version=0)
        outer.save_order(order("o4"), expected_version=0)

    assert [found.id for found in store.orders(SHOP)] == ["o1", "o3", "o4"]


def test_a_reader_does_not_wait_for_the_batch_of_another_thread(store: SqliteStorage) -> None:
    seen: list[object] = []
    with store.batch():
        with store.transaction() as tx:
            tx.save_order(order(), expected_version=0)
        reader = Thread(target=lambda: seen.append(store.find(SHOP, "o1")))
        reader.start()
        reader.join(timeout=10)

        assert seen == [None]


def test_content_is_read_as_of_one_commit(store: SqliteStorage) -> None:
    write_one_of_each(store)
    lines = store.content()
    first = next(lines)
    store.keep_setting(SHOP, "later", "{}")
    rest = list(lines)

    assert len([first, *rest]) == 27
    assert len(list(store.content())) == 28


def test_a_store_in_memory_needs_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = open_storage(":memory:")
    write_one_of_each(store)

    assert store.find(SHOP, "o1") is not None
    assert len(list(store.content())) == 27
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ["a b.db", "sqlite:///a%20b.db", "sqlite:a b.db"])
def test_a_path_and_an_url_name_the_same_file(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    open_storage(address).close()

    assert [path.name for path in tmp_path.iterdir()] == ["a b.db"]


def test_an_url_with_four_slashes_is_absolute(tmp_path: Path) -> None:
    open_storage(f"sqlite:///{tmp_path}/a.db").close()

    assert (tmp_path / "a.db").exists()


def test_a_closed_store_leaves_one_file_behind(tmp_path: Path) -> None:
    store = open_storage(tmp_path / "orders.db")
    write_one_of_each(store)
    store.close()
    store.close()

    assert [path.name for path in tmp_path.iterdir()] == ["orders.db"]


@pytest.mark.parametrize(
    ("version", "risky"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
    ],
)
def test_the_versions_with_the_log_bug_are_named(
    version: tuple[int, int, int], risky: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver.sqlite3, "sqlite_version_info", version)
    monkeypatch.setattr(driver.sqlite3, "sqlite_version", ".".join(map(str, version)))
    warning = wal_reset_risk()

    assert (warning is not None) == risky
    assert warning is None or ".".join(map(str, version)) in warning


def test_no_read_or_change_goes_through_a_whole_table(store: SqliteStorage) -> None:
    said: list[str] = []
    connections = (store._writer.connection, store._reader)
    for one in connections:
        one.set_trace_callback(said.append)
    write_one_of_each(store)
    with store.transaction() as tx:
        tx.save_order(order(version=2), expected_version=1)
        tx.order_by_number(SHOP, "N-o1")
        tx.order_by_source(SHOP, "web", "S-o1")
        tx.orders_of_buyer(SHOP, "b1")
        tx.levels(SHOP, ["TEA", "POT"])
        tx.levels(SHOP, ["TEA", "POT"], channel="web", token="cart")
        tx.move(movement(MovementKind.RESERVED, 1, token="cart", pool="web"))
        tx.move(movement(MovementKind.RESERVED, 1, token="cart", order_id="o1"))
        tx.move(movement(MovementKind.SHIPPED, 2))
        tx.move(movement(MovementKind.TRANSFERRED_IN, 2))
        tx.reservations(SHOP, "o1")
        tx.hold_until(SHOP, "cart", AT)
        tx.take_over(SHOP, "cart", AT)
        tx.expired(SHOP, AT, 10)
        tx.on_its_way(SHOP, "t1")
        tx.due(SHOP, AT, 10)
        tx.next_due(SHOP)
        tx.due_effects(SHOP, AT, 10)
        tx.due_effects(SHOP, AT, 10, besides=["refund"])
        tx.ready_effect(SHOP, "e1", AT)
        tx.effect(SHOP, "e1")
        tx.redrive_effect(SHOP, "e1", AT)
        tx.unschedule(SHOP, "o1", "payment", None)
    store.find(SHOP, "nothing")
    list(store.orders(SHOP, status="NEW"))
    list(store.movements(SHOP))
    list(store.movements(SHOP, "o1"))
    store.effects(SHOP, [EffectState.UNKNOWN, EffectState.DEAD])
    store.effects(SHOP, [EffectState.WAITING], order_id="o1")
    store.all_reservations(SHOP)
    store.pools(SHOP)
    store.transfers(SHOP)
    store.outcome_counts(SHOP)
    store.status_counts(SHOP)
    for one in connections:
        one.set_trace_callback(None)
    looked = [sql for sql in said if sql.split()[0] in ("SELECT", "UPDATE", "DELETE")]
    plans = {
        sql: [row[3] for row in connections[0].execute(f"EXPLAIN QUERY PLAN {sql}")]
        for sql in looked
    }
    slow = {sql: plan for sql, plan in plans.items() if any("SCAN" in step for step in plan)}

    assert len(plans) > 20
    assert slow == {}
