"""A file that is replaced, locked or read-only while a store has it open: one clear error."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ordinance.ports import StorageError
from ordinance.testing.samples import SHOP
from ordinance_adapters.sqlite import SqliteStorage, fence, open_storage
from tests.stores import sqlite_alone

pytestmark = sqlite_alone


def replaced(path: Path) -> None:
    other = path.with_name("other.db")
    open_storage(other).close()
    other.replace(path)


def moved(path: Path) -> None:
    path.rename(path.with_name("away.db"))


def restored_over(path: Path) -> None:
    """As somebody does who copies a backup over the file: the same name, other bytes."""
    copy = path.with_name("copy.db")
    shutil.copy(path, copy)
    path.unlink()
    copy.rename(path)


HARMS = [replaced, moved, restored_over, Path.unlink]


@pytest.mark.parametrize("harm", HARMS)
def test_nothing_is_written_where_nobody_would_find_it(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    path = tmp_path / "shop.db"
    store = open_storage(path)
    store.keep_setting(SHOP, "a", "b")
    harm(path)

    with pytest.raises(StorageError, match="was moved, replaced or removed while it was open"):
        store.keep_setting(SHOP, "a", "c")
    with pytest.raises(StorageError, match="start this process again"), store.batch():
        pass
    store.close()


def test_what_was_begun_before_is_not_stored_either(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    store = open_storage(path)
    with pytest.raises(StorageError, match="nothing was stored"), store.transaction() as tx:
        tx.keep_person(SHOP, "p", "{}")
        moved(path)
    (tmp_path / "away.db").rename(path)

    with store.transaction() as tx:
        assert tx.person(SHOP, "p") is None
    store.close()


def test_an_open_store_stops_when_a_newer_version_brings_it_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    store, newer = open_storage(path), open_storage(path)
    store.keep_setting(SHOP, "a", "b")
    upgrade(newer, "parcels_of_tomorrow")

    with pytest.raises(StorageError, match="newer version of ordinance"):
        store.keep_setting(SHOP, "a", "c")
    assert newer.setting(SHOP, "a") == "b"
    store.close()
    newer.close()


def upgrade(store: SqliteStorage, step: str) -> None:
    connection = store._writer.connection
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("CREATE TABLE tomorrow (id TEXT) STRICT")
    connection.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('ordinance', ?, '2027-01-01')",
        (step,),
    )
    connection.execute("COMMIT")


def test_an_index_of_the_operator_stops_nobody(tmp_path: Path) -> None:
    store, other = (open_storage(tmp_path / "shop.db") for _ in range(2))
    other._writer.connection.execute("CREATE INDEX mine ON orders (placed_at)")
    for _ in range(2):
        store.keep_setting(SHOP, "a", "b")
    store.close()
    other.close()


def test_a_store_that_turns_read_only_says_so(tmp_path: Path) -> None:
    store = open_storage(tmp_path / "shop.db")
    store._writer.connection.execute("PRAGMA query_only = 1")

    with pytest.raises(StorageError, match="give this user the right to write the file"):
        store.keep_setting(SHOP, "a", "b")
    store._writer.connection.execute("PRAGMA query_only = 0")
    store.keep_setting(SHOP, "a", "c")
    assert store.setting(SHOP, "a") == "c"
    store.close()


def test_without_the_fence_what_is_written_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug, which shows what the fence is for."""
    monkeypatch.setattr(fence.Fence, "demand", lambda self: None)
    path = tmp_path / "shop.db"
    store = open_storage(path)
    path.unlink()
    store.keep_setting(SHOP, "a", "b")  # acknowledged
    store.close()
    again = open_storage(path)

    assert again.setting(SHOP, "a") is None
    again.close()
