"""When the file cannot be used: one line that says where, and what to do."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ordinance.ports import MovementKind, StorageError
from ordinance.testing.samples import SHOP, movement, order, write_one_of_each
from ordinance_adapters.sqlite import connection, open_storage
from ordinance_adapters.sqlite.driver import sqlite3

NOBODY = 65534


def said_by(action: Callable[[], object]) -> str:
    """The message of the `StorageError` that `action` raises, in one line."""
    with pytest.raises(StorageError) as caught:
        action()
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("address", "advice"),
    [
        ("", "give a path such as `orders.db`"),
        ("a\0b", "give a path such as `orders.db`"),
        ("sqlite:", "give a path such as `orders.db`"),
        ("sqlite://orders.db", "write three slashes, `sqlite:///orders.db`"),
        ("sqlite:///orders.db?mode=ro", "options are not supported; write `sqlite:///orders.db`"),
    ],
)
def test_an_address_without_a_file_is_refused(address: str, advice: str) -> None:
    assert said_by(lambda: open_storage(address)).endswith(advice)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    message = said_by(lambda: open_storage(tmp_path))

    assert message == f"`{tmp_path}` is a folder; give the path of a file in it"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    message = said_by(lambda: open_storage(tmp_path / "no" / "orders.db"))

    assert message.endswith(f"make the folder `{tmp_path / 'no'}` first")


@pytest.mark.parametrize("text", ["id,total\n" * 20, "x"])
def test_a_file_of_something_else_is_refused_and_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(text)
    message = said_by(lambda: open_storage(path))

    assert f"`{path}` is not a SQLite database; give the path of another file" in message
    assert path.read_text() == text


def test_the_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "bookmarks.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.close()
    before = path.read_bytes()
    message = said_by(lambda: open_storage(path))

    assert message == f"`{path}` holds the tables of another program; give the path of a new file"
    assert path.read_bytes() == before


def test_the_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "orders.db"
    open_storage(path).close()
    newer = sqlite3.connect(path)
    newer.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('ordinance', 'parcels')"
    )
    newer.commit()
    newer.close()
    message = said_by(lambda: open_storage(path))

    assert "newer version of ordinance (step `parcels`); install that version" in message


@pytest.mark.parametrize(
    ("file_mode", "folder_mode", "advice"),
    [
        (0o444, 0o777, "give this user the right to"),
        (0o000, 0o777, "give this user the right to"),
        (0o666, 0o555, "give this user the right to write the file and its folder"),
    ],
)
def test_a_file_without_permission_is_refused(
    file_mode: int, folder_mode: int, advice: str
) -> None:
    # Not below `tmp_path`, whose parents are closed to any other user.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "orders.db")
        store = open_storage(path)
        write_one_of_each(store)
        store.close()
        path.chmod(file_mode)
        Path(folder).chmod(folder_mode)
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            asked = pool.apply_async(open_without_privileges, (str(path),))
            message = asked.get(timeout=60)
        Path(folder).chmod(0o700)

    assert message.startswith(f"`{path}`")
    assert advice in message


def open_without_privileges(path: str) -> str:
    if os.geteuid() == 0:
        os.setuid(NOBODY)
    return said_by(lambda: open_storage(path))


def test_a_file_that_another_process_keeps_locked_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "orders.db"
    open_storage(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    message = said_by(lambda: open_storage(path, busy_timeout_ms=20))
    other.close()

    assert "is locked by another process; stop the other writer, or try again" in message


def test_opening_a_new_file_waits_for_the_process_that_is_making_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "orders.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        if other.in_transaction:
            other.execute("ROLLBACK")

    monkeypatch.setattr(connection, "sleep", wait)
    open_storage(path).close()
    other.close()

    assert len(waited) == 1


def test_a_command_gives_up_when_another_process_writes_for_too_long(tmp_path: Path) -> None:
    path = tmp_path / "orders.db"
    store = open_storage(path, busy_timeout_ms=20)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    message = said_by(lambda: store.keep_setting(SHOP, "a", "b"))
    other.execute("ROLLBACK")
    store.keep_setting(SHOP, "a", "c")

    assert "is locked by another process" in message
    assert store.setting(SHOP, "a") == "c"
    other.close()
    store.close()


def test_on_a_full_disk_nothing_is_half_stored(tmp_path: Path) -> None:
    store = open_storage(tmp_path / "orders.db")
    write_one_of_each(store)
    before = list(store.content())
    limit = store._writer.connection.execute
    (pages,) = limit("PRAGMA page_count").fetchone()

    def place(pieces: int) -> None:
        with store.transaction() as tx:
            tx.move(movement(MovementKind.RESERVED, 1))
            for number in range(pieces):
                tx.save_order(order(f"new-{number}", document="x" * 9000), expected_version=0)

    for spare in range(4):
        limit(f"PRAGMA max_page_count = {pages + spare}")
        message = said_by(lambda: place(20))
        assert "is on a full disk; free some space and try again" in message
        assert list(store.content()) == before
    limit("PRAGMA max_page_count = 1000000")
    place(20)

    assert len(list(store.orders(SHOP))) == 21
    store.close()


def test_a_batch_that_the_database_has_dropped_does_not_go_on_without_its_first_half(
    tmp_path: Path,
) -> None:
    store = open_storage(tmp_path / "orders.db")

    def batch() -> None:
        with store.batch():
            store.keep_setting(SHOP, "first", "half")
            # What SQLite does by itself on a full disk or a failing one.
            store._writer.connection.execute("ROLLBACK")
            inside.append(said_by(lambda: store.keep_setting(SHOP, "second", "half")))

    inside: list[str] = []
    message = said_by(batch)

    assert "an earlier failure has undone the whole batch; start it again" in message
    assert inside == [message]
    assert list(store.content()) == []
    store.keep_setting(SHOP, "later", "whole")
    assert store.setting(SHOP, "later") == "whole"
    store.close()


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "orders.db"
    store = open_storage(path)
    with store.transaction() as tx:
        for number in range(50):
            tx.save_order(order(f"o{number:02}", document="x" * 3000), expected_version=0)
    store.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))

    def read() -> None:
        list(open_storage(path).content())

    assert said_by(read).startswith(f"`{path}` is damaged; restore a backup")


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = open_storage(tmp_path / "orders.db")
    store.close()

    assert "closed database" in said_by(lambda: store.find(SHOP, "o1"))
    assert "closed database" in said_by(lambda: store.keep_setting(SHOP, "a", "b"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"document": "\ud800"}, "a text with a broken character"),
        ({"version": 2**63}, "a number of more than 64 bits"),
        ({"paid": 5, "refunded": 6}, "CHECK constraint failed"),
        ({"status": None}, "NOT NULL constraint failed: orders.status"),
    ],
)
def test_a_value_that_no_column_holds_is_refused(
    changes: dict[str, Any], said: str, tmp_path: Path
) -> None:
    store = open_storage(tmp_path / "orders.db")

    def save() -> None:
        with store.transaction() as tx:
            tx.keep_facts(SHOP, {"f1": "{}"})
            tx.save_order(order(**changes), expected_version=0)

    assert said in said_by(save)
    assert list(store.content()) == []
    store.close()
