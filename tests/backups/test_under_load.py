"""Backups made while four processes write: each is of one instant, whole, and comes back."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ordinance.audit.doctor import check
from ordinance.door import open_storage
from ordinance.ports import EffectState, Storage
from ordinance_adapters.backups import restoring
from ordinance_adapters.backups.making import Made, back_up
from ordinance_adapters.backups.restoring import Restored, restore
from ordinance_adapters.sql.content import TABLES
from tests.backups.traffic import SHOP, Book, Place, acknowledged, load, world
from tests.core.shop import MONDAY, order
from tests.postgres import url_of
from tests.races.attempts import fill
from tests.races.crew import open_shop

BACKUPS = int(os.environ.get("ORDINANCE_BACKUPS", "8"))


def now() -> datetime:
    return datetime.now(UTC)


def place(kind: str, folder: Path) -> Place:
    address = str(folder / "shop.db") if kind == "sqlite" else url_of(folder / "shop")
    return Place(address, folder / "acknowledged", folder / "book")


@contextmanager
def restored(made: Made, address: str) -> Iterator[tuple[Storage, Restored]]:
    storage = open_storage(address)
    done = restore(made.path, lambda: storage, now)
    yield storage, done
    storage.close()


def lost(there: set[str], made: datetime, told: dict[str, datetime]) -> list[str]:
    """What was acknowledged before a backup was begun and is not in it."""
    return [
        f"order {one} was acknowledged at {at}, the backup of {made} does not have it"
        for one, at in told.items()
        if at < made and one not in there
    ]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "backups"), [("sqlite", BACKUPS), ("postgresql", 3)])
def test_each_backup_under_load_comes_back_whole(tmp_path: Path, kind: str, backups: int) -> None:
    """Tells how much an accident right after the backup takes (RPO), and how long it takes to be
    back (RTO)."""
    at = place(kind, tmp_path)
    source = open_storage(at.address)
    sizes = []
    with load(at) as writers:
        for number in range(backups):
            writers.come(8)
            made = back_up(source, tmp_path / f"backup-{number}", now)
            named, began = now(), time.monotonic()
            other = ["sqlite", "postgresql"][number % 4 == 3]
            into = place(other, tmp_path / f"new-{number}").address
            (tmp_path / f"new-{number}").mkdir()
            with restored(made, into) as (storage, done):
                took = time.monotonic() - began
                there = {one.id for one in storage.orders(SHOP)}
            told, begun = acknowledged(at), made.manifest.made
            span = (named - begun).total_seconds()
            before = [one for one in told if told[one] < begun]
            after = [one for one, said in told.items() if said < named and one not in there]
            print(
                f"{kind} into {other}: {len(there)} orders; RPO {span:.2f} s, in which "
                f"{len(after)} orders came that are not in it; RTO {took:.2f} s"
            )
            assert before, "no order had come before the backup"
            assert lost(there, begun, told) == [] == [str(found) for found in done.findings]
            sizes.append(made.manifest.rows["orders"])
        writers.come(8)
    source.close()

    assert sizes == sorted(sizes) and sizes[0] < sizes[-1], "nobody wrote"
    assert lost(there, now(), acknowledged(at)), "a backup that says that it is newer than it is"


@pytest.mark.slow
@pytest.mark.parametrize("careless", [False, True])
def test_what_was_sent_after_the_backup_is_not_sent_again_by_what_comes_back(
    tmp_path: Path, careless: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if careless:  # a restore that believes that nothing was sent since
        monkeypatch.setattr(restoring, "_doubt", lambda *given: None)
    at = place("sqlite", tmp_path)
    source = open_storage(at.address)
    shop = open_shop(source, SHOP)
    with load(at) as writers:
        writers.come(20)
        until = time.monotonic() + 60
        while not source.effects(SHOP, [EffectState.WAITING], limit=1):
            assert time.monotonic() < until
        made = back_up(source, tmp_path / "backup", now)
    while shop.work(MONDAY, world(at.book)):
        pass
    source.close()
    before = Book(at.book).done()
    assert set(before.values()) == {1}

    with restored(made, str(tmp_path / "new.db")) as (storage, _):
        back = open_shop(storage, SHOP)
        known = {one.effect.key for one in storage.effects(SHOP, list(EffectState))}
        doubtful = {one.effect.key for one in back.effects() if one.restored}
        while back.work(MONDAY, world(at.book)):
            pass
        assert back.effects() == ()
        assert check(storage, SHOP) == []

    # What an order asks for once more after the restore goes out under the key that it had.
    done = Book(at.book).done()
    again = [key for key, count in done.items() if count > 1 and key.split("/")[0] in known]
    assert bool(again) == careless
    assert careless or doubtful


def by_table(real: Callable[[Storage], Iterator[str]], storage: Storage) -> Iterator[str]:
    for name in TABLES:
        yield from (line for line in real(storage) if f'"table":"{name}"' in line)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("careless", [False, True])
def test_a_backup_is_of_one_instant_whatever_is_written_while_it_is_read(
    tmp_path: Path, kind: str, careless: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = place(kind, tmp_path)
    source, other = open_storage(at.address), open_storage(at.address)
    fill(source, SHOP, {("HZ", "TEA"): 100})
    shop = open_shop(other, SHOP)
    shop.place(order("A1"), key="A1", now=MONDAY)
    real = type(source).content

    def content(storage: Storage) -> Iterator[str]:
        """The rows, while an order comes in between two tables by another process; `careless`, each
        table as it is when its turn comes."""
        came = storage is not source
        for line in by_table(real, storage) if careless else real(storage):
            if '"table":"events"' in line and not came:
                came = True
                shop.place(order("A2"), key="A2", now=MONDAY)
            yield line

    monkeypatch.setattr(type(source), "content", content)
    made = back_up(source, tmp_path / "backup", now)
    source.close()
    other.close()

    assert bool(made.findings) == careless
    assert made.manifest.rows["orders"] == 1 + careless
