"""A new master key in place of the old one: nobody is lost, whenever it is broken off."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from threading import Event, Thread

import pytest

from ordinance.audit.doctor import check
from ordinance.oms import Shop
from ordinance.orders.person import Person
from ordinance.ports import Storage, StorageError
from ordinance_adapters import sqlite
from ordinance_adapters.backups.making import back_up
from ordinance_adapters.backups.restoring import restore
from ordinance_adapters.identity import SeededIds
from ordinance_adapters.keyrotation import Rotation, rotate, rotations
from ordinance_adapters.keys import KEYS, Keyring, KeyringError
from tests.core.shop import MONDAY, FixedClock, order, profile, shipped_rules
from tests.persons.crowd import planted
from tests.stores import address, open_storage, ready

SHOP = "teashop"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a store with a dozen persons lies; its folder of keys is its own."""
    monkeypatch.setenv(KEYS, str(tmp_path / "keys"))
    with closing(open_storage(tmp_path / "shop.db")) as storage:
        place(storage, range(12))
    return tmp_path / "shop.db"


def opened(storage: Storage, seed: int = 1) -> Shop:
    return Shop(storage, profile(), shipped_rules(), FixedClock(MONDAY), SeededIds(seed))


def place(storage: Storage, numbers: range, seed: int = 1) -> None:
    shop = opened(storage, seed)
    shop.open_stock(MONDAY)
    for number in numbers:
        receiver = {n: planted(number)[n] for n in ("name", "phone", "address")}
        receipt = {**order()["receiver"], **receiver}
        shop.place({**order(f"A{number}"), "receiver": receipt})


def persons(path: Path) -> dict[str, str | None]:
    """Who each order is of, as somebody reads it who opens the store now; by source id."""
    with closing(open_storage(path)) as storage:
        return {
            one.source_id: Person.from_json(storage.person(SHOP, f"P-{one.id}")).receiver_phone
            for one in storage.orders(SHOP)
        }


def wanted(count: int) -> dict[str, str]:
    return {f"A{number}": planted(number)["phone"] for number in range(count)}


def turned(path: Path, keep_old: bool = False) -> Rotation:
    with closing(open_storage(path)) as storage:
        return rotate(storage, by="lan", reason="she left", now=MONDAY, keep_old=keep_old)


def wrapped(storage: Storage) -> list[str]:
    found = storage._rows("SELECT wrapped FROM persons ORDER BY id", ())  # type: ignore[attr-defined]
    return [row[0] for row in found]


def files(path: Path) -> list[str]:
    return sorted(each.name for each in (path.parent / "keys").iterdir())


def test_everybody_is_wrapped_anew_and_the_old_key_is_gone(path: Path) -> None:
    old = Keyring.open(address(path))
    before = old.master()
    with closing(open_storage(path)) as storage:
        closed = wrapped(storage)

    done = turned(path)

    assert persons(path) == wanted(12)
    with closing(open_storage(path)) as storage:
        assert not set(wrapped(storage)) & set(closed)
        assert check(storage, SHOP) == []
        assert len(storage.persons_found(SHOP, "phone:13970000004")) == 1
        assert rotations(storage) == [done]
    assert (done.persons, done.by, done.reason) == (12, "lan", "she left")
    assert done.before == old.fingerprint_of(before) != done.after
    assert before not in Keyring.open(address(path)).masters()
    assert files(path) == ["index.key", "master.key"]


def test_one_rotation_follows_another(path: Path) -> None:
    first, second = turned(path), turned(path)

    assert second.before == first.after and persons(path) == wanted(12)
    with closing(open_storage(path)) as storage:
        assert rotations(storage) == [first, second]


def test_a_store_without_persons_has_no_key_to_rotate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEYS, str(tmp_path / "keys"))
    with closing(open_storage(tmp_path / "new.db")) as storage:
        with pytest.raises(StorageError, match="nobody is sealed in this store yet"):
            rotate(storage, by="lan", reason="r", now=MONDAY)
        with pytest.raises(StorageError, match="say who"):
            rotate(storage, by=" ", reason="r", now=MONDAY)


KILLED = """
    import os, sys
    from datetime import datetime, UTC
    from ordinance.door import open_storage
    from ordinance_adapters import keyrotation, keys
    from ordinance_adapters.sql.persons import PersonRows

    def die(holder, name, when, count=1):
        real, left = getattr(holder, name), [count]
        def dying(*given, **more):
            left[0] -= 1
            if when == "before" and not left[0]:
                os._exit(9)
            found = real(*given, **more)
            if not left[0]:
                os._exit(9)
            return found
        setattr(holder, name, dying)

    storage = open_storage(sys.argv[1], create=False)
    {point}
    keyrotation.rotate(storage, by="lan", reason="r", now=datetime.now(UTC), keep_old={keep})
    os._exit(7)
"""
POINTS = {
    "the new key is half written": ('die(keys.os, "link", "before")', False),
    "the new key is there": ('die(keys, "put_once", "after")', False),
    "some are wrapped": ('die(PersonRows, "_write", "after", 1)', False),
    "all are wrapped": ('die(PersonRows, "rewrap", "after")', False),
    "it is stored": ('die(keys.Keyring, "put_next", "before")', False),
    "the old key is kept": ('die(keys, "put_once", "after", 2)', True),
    "the new key is in place": ('die(keys.os, "replace", "after")', False),
}


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
def test_a_rotation_that_is_killed_loses_nobody_and_is_brought_to_its_end(
    path: Path, point: str
) -> None:
    ready()
    planted_at, keep = POINTS[point]
    script = textwrap.dedent(KILLED).format(point=planted_at, keep=keep)
    killed = subprocess.run(
        [sys.executable, "-c", script, address(path)], env=dict(os.environ), timeout=120
    )
    assert killed.returncode == 9

    assert persons(path) == wanted(12)
    with closing(open_storage(path)) as storage:
        place(storage, range(12, 14), seed=2)
        assert check(storage, SHOP) == []
    turned(path)

    assert persons(path) == wanted(14)
    names = [each for each in files(path) if not each.startswith("master.old-")]
    assert names == ["index.key", "master.key"], "no key that is half written or old is left"
    assert len(files(path)) == len(names) + keep


def test_a_process_that_has_read_the_old_key_goes_on(path: Path) -> None:
    with closing(open_storage(path)) as storage:
        place(storage, range(12, 13), seed=2)
        turned(path)

        place(storage, range(13, 15), seed=3)
        assert {storage.person(SHOP, f"P-{one.id}") is None for one in storage.orders(SHOP)} == {
            False
        }
    assert persons(path) == wanted(15)


@pytest.mark.slow
def test_nobody_who_is_stored_meanwhile_is_lost(path: Path) -> None:
    """Two who place orders, and one who rotates again and again."""
    failures: list[BaseException] = []
    done = Event()

    def write(half: int) -> None:
        try:
            with closing(open_storage(path)) as storage:
                for number in range(12 + half, 36, 2):
                    place(storage, range(number, number + 1), seed=number)
        except BaseException as error:
            failures.append(error)
        finally:
            done.set()

    threads = [Thread(target=write, args=(half,)) for half in (0, 1)]
    for thread in threads:
        thread.start()
    count = 0
    while not done.is_set() or count < 3:
        turned(path)
        count += 1
    for thread in threads:
        thread.join(120)

    assert failures == []
    assert persons(path) == wanted(36)
    assert files(path) == ["index.key", "master.key"]


@pytest.fixture
def backup(path: Path, tmp_path: Path) -> Iterator[Path]:
    with closing(open_storage(path)) as storage:
        back_up(storage, tmp_path / "monday", lambda: MONDAY)
    yield tmp_path / "monday"


@pytest.mark.parametrize("keep", [True, False])
def test_a_backup_from_before_needs_the_old_key(
    path: Path, tmp_path: Path, backup: Path, keep: bool
) -> None:
    turned(path, keep_old=keep)
    keyring = Keyring.open(address(path))

    def brought() -> None:
        restore(
            backup,
            lambda: sqlite.open_storage(tmp_path / "again.db", keyring=keyring.of_store(None)),
            lambda: datetime.now(MONDAY.tzinfo),
            keyring=Keyring.open(address(path)),
        )

    if not keep:
        with pytest.raises(KeyringError, match="put back the folder of keys that belongs to it"):
            brought()
        return
    brought()
    with closing(sqlite.open_storage(tmp_path / "again.db", keyring=keyring)) as again:
        found = {storage.source_id for storage in again.orders(SHOP)}
        assert found == set(wanted(12))
        assert all(again.person(SHOP, f"P-{one.id}") for one in again.orders(SHOP))
        assert again.keyring.fingerprint() == keyring.fingerprint()


def test_another_store_with_the_same_folder_goes_on_with_the_key_that_was_kept(
    path: Path, tmp_path: Path
) -> None:
    with closing(open_storage(tmp_path / "other.db")) as other:
        place(other, range(3))
    turned(path, keep_old=True)
    assert persons(tmp_path / "other.db") == wanted(3)

    # It rotates for itself: the key in place is that of the first one, and is kept unasked.
    turned(tmp_path / "other.db")

    assert persons(tmp_path / "other.db") == wanted(3)
    assert persons(path) == wanted(12)
