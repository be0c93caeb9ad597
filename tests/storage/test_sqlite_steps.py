"""A store made by an earlier step is brought up to date with everything in it."""

from __future__ import annotations

import multiprocessing
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database, Migrations

from ordinance.audit.accounts import Ledger, kept
from ordinance.ports import EffectState, Reservation
from ordinance.testing.samples import SHOP, decision, entry
from ordinance_adapters.sqlite import open_storage, ruletables, tables


def before_releases(path: Path) -> None:
    """A store as the first step made it, with decisions in it."""
    connection = sqlite3.connect(path)
    steps = Migrations("ordinance")
    steps()(tables.orders_and_stock)
    steps.apply(Database(connection))
    with connection:
        connection.executemany(
            "INSERT INTO decisions VALUES (?, 'o1', ?, 'review.risk',"
            " '2026-03-01T08:00:00.000000Z', 'pass', 'r1', 'f1', '{}')",
            [(SHOP, seq) for seq in range(1, 50)],
        )
    connection.close()


def before_holders(path: Path) -> None:
    """A store as the first two steps made it, with orders that reserved, shipped and released."""
    connection = sqlite3.connect(path)
    steps = Migrations("ordinance")
    steps()(tables.orders_and_stock)
    steps()(ruletables.published_rules)
    steps.apply(Database(connection))
    moves = [
        ("received", 9, None),
        ("reserved", 4, "o1"),
        ("shipped", 3, "o1"),
        ("reserved", 2, "o2"),
        ("released", 2, "o2"),
    ]
    with connection:
        connection.execute("INSERT INTO stock VALUES (?, 'TEA', 'east', 6, 1, 0, 5)", (SHOP,))
        connection.executemany(
            "INSERT INTO movements (shop, warehouse, sku, seq, kind, quantity, at, actor, cause,"
            " order_id) VALUES (?, 'east', 'TEA', ?, ?, ?, '2026-03-01T08:00:00.000000Z', 'system',"
            " 'k1', ?)",
            [(SHOP, seq, *move) for seq, move in enumerate(moves, start=1)],
        )
    connection.close()


def before_states(path: Path) -> None:
    """A store as the first step made it, with an effect that was done and one that was not."""
    connection = sqlite3.connect(path)
    steps = Migrations("ordinance")
    steps()(tables.orders_and_stock)
    steps.apply(Database(connection))
    with connection:
        connection.executemany(
            "INSERT INTO outbox (shop, key, order_id, kind, payload, created, result, done_at)"
            " VALUES (?, ?, 'o1', 'warehouse.push', '{}', '2026-03-01T08:00:00.000000Z', ?, ?)",
            [(SHOP, "e1", "W1", "2026-03-01T09:00:00.000000Z"), (SHOP, "e2", None, None)],
        )
    connection.close()


def opened(path: str) -> int:
    storage = open_storage(path)
    found = len(storage.decisions(SHOP, "o1"))
    storage.close()
    return found


def test_decisions_made_before_there_were_releases_name_none(tmp_path: Path) -> None:
    path = tmp_path / "orders.db"
    before_releases(path)
    storage = open_storage(path)
    with storage.transaction() as tx:
        tx.append_entry(entry(1))
        tx.append_decisions([decision(50, published=1)])

    assert storage.decisions(SHOP, "o1")[:2] == [decision(1), decision(2)]
    assert storage.rules_used(SHOP) == {(0, "review.risk", "r1"): 49, (1, "review.risk", "r1"): 1}
    storage.close()


def test_processes_that_open_an_earlier_store_at_once_bring_it_up_to_date_once(
    tmp_path: Path,
) -> None:
    path = tmp_path / "orders.db"
    before_releases(path)
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        found = pool.map(opened, [str(path)] * 8, chunksize=1)

    assert found == [49] * 8


def test_what_orders_held_before_there_were_holders_is_theirs(tmp_path: Path) -> None:
    path = tmp_path / "orders.db"
    before_holders(path)
    storage = open_storage(path)

    assert storage.all_reservations(SHOP) == [Reservation("o1", "TEA", "east", "", 1)]
    (level,) = storage.stock(SHOP)
    ledger = Ledger.of(storage.movements(SHOP)).accounts
    assert kept(storage, SHOP) == ledger
    assert level.available == 5
    storage.close()


def test_effects_that_were_waiting_before_there_were_states_are_due(tmp_path: Path) -> None:
    path = tmp_path / "orders.db"
    before_states(path)
    storage = open_storage(path)
    with storage.transaction() as tx:
        (due,) = tx.due_effects(SHOP, datetime(2026, 3, 1, 8, tzinfo=UTC), 9)
        done = tx.effect(SHOP, "e1")

    assert (due.effect.key, due.state, due.place) == ("e2", EffectState.WAITING, 2)
    assert done is not None
    assert (done.state, done.next_try, done.result) == (EffectState.DONE, None, "W1")
    storage.close()
