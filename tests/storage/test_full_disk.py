"""A disk that is full, or fails: one clear error, nothing half written, and on with it later."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ordinance.audit.checkpoint import PublicKey, origin_of
from ordinance.audit.doctor import check
from ordinance.audit.sealer import Sealer
from ordinance.audit.verdict import Verdict
from ordinance.audit.verifying import verify
from ordinance.oms import Shop
from ordinance.ports import NoSpace, Storage, StorageError
from ordinance_adapters import sqlite
from ordinance_adapters.backups.making import NotBackedUp, back_up
from ordinance_adapters.postgres import line as postgres_line
from ordinance_adapters.signing import checks
from tests.cli.terminal import here
from tests.core.shop import MONDAY, order
from tests.postgres import url_of
from tests.races.attempts import fill
from tests.races.crew import open_shop
from tests.stores import sqlite_alone
from tests.tenants.twins import SIGNER

pytestmark = sqlite_alone

SHOP = "teashop"
BUDGETS = 41
FULL = "is on a full disk; free some space and try again, nothing half done was stored"


def opened(storage: Storage) -> Shop:
    fill(storage, SHOP, {("HZ", "TEA"): 100_000})
    return open_shop(storage, SHOP)


def place(shop: Shop, name: str) -> bool:
    """Take an order; whether it was taken before."""
    asked = order(name, buyer={"id": name}, lines=[_TEA])
    return shop.place(asked, key=name, now=MONDAY).repeated


_TEA = {"sku": "TEA", "quantity": 1, "unit_price": "10.00"}


def until_full(shop: Shop, names: Iterator[str]) -> tuple[str, NoSpace]:
    """Take orders until there is no space left: the one that was not taken, and what was said."""
    while True:
        name = next(names)
        before = list(shop.storage.content())
        try:
            place(shop, name)
        except NoSpace as error:
            assert list(shop.storage.content()) == before, f"{name} is half written"
            return name, error


def named() -> Iterator[str]:
    yield from (f"A{number}" for number in range(10_000))


@pytest.mark.slow
def test_whatever_space_is_left_an_order_is_stored_whole_or_not(tmp_path: Path) -> None:
    for budget in range(BUDGETS):
        storage = sqlite.open_storage(tmp_path / f"shop-{budget}.db")
        shop, names = opened(storage), named()
        limit = storage._writer.connection.execute
        (pages,) = limit("PRAGMA page_count").fetchone()
        limit(f"PRAGMA max_page_count = {pages + budget}")
        name, said = until_full(shop, names)
        assert FULL in str(said) and "\n" not in str(said)
        assert storage.find(SHOP, name) is None
        assert check(storage, SHOP) == []
        with pytest.raises(NoSpace):  # it says so again, and does no harm by it
            place(shop, name)
        limit("PRAGMA max_page_count = 1000000000")

        assert not place(shop, name) and place(shop, name)
        assert check(storage, SHOP) == []
        storage.close()


@pytest.mark.slow
def test_whatever_space_is_left_the_audit_log_is_sealed_whole_or_not(tmp_path: Path) -> None:
    """Nothing of it is passed over: what could not be sealed waits, is counted, and is sealed as
    soon as there is space."""
    storage = sqlite.open_storage(tmp_path / "shop.db")
    shop, met = opened(storage), 0
    for number in range(15):
        place(shop, f"A{number}")
    storage.close()
    for budget in range(8):
        storage = sqlite.open_storage(shutil.copy(tmp_path / "shop.db", tmp_path / f"{budget}.db"))
        limit = storage._writer.connection.execute
        (pages,) = limit("PRAGMA page_count").fetchone()
        limit(f"PRAGMA max_page_count = {pages + budget}")
        sealer, before = Sealer(storage, SHOP, SIGNER, every=20), unsealed(storage)
        said = None
        try:
            sealer.seal(MONDAY)
        except NoSpace as error:
            met, said = met + 1, str(error)
        left = unsealed(storage)
        assert verdict(storage).holds
        assert (said is None) == (left == 0) and left <= before
        assert said is None or FULL in said
        limit("PRAGMA max_page_count = 1000000000")

        assert sealer.seal(MONDAY) == left
        assert verdict(storage).holds and unsealed(storage) == 0
        storage.close()
    assert met >= 3


def verdict(storage: Storage) -> Verdict:
    last = storage.last_checkpoint(SHOP)
    public = PublicKey(origin_of(SHOP), SIGNER.public())
    return verify(storage, SHOP, [last.note] if last else [], public, checks)


def unsealed(storage: Storage) -> int:
    return sum(verdict(storage).unsealed.values())


@contextmanager
def largest(size: int) -> Iterator[None]:
    """No file may grow beyond this size; what lies further fails to be written."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


@pytest.mark.slow
def test_a_write_that_fails_at_any_byte_is_undone(tmp_path: Path) -> None:
    """The log of the store may grow so far and no further: the n-th write of an order fails."""
    storage = sqlite.open_storage(tmp_path / "shop.db")
    shop, names = opened(storage), named()
    log = tmp_path / "shop.db-wal"
    place(shop, next(names))
    met = 0
    for step in range(20):
        name = next(names)
        before = list(storage.content())
        storage._writer.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with largest(1 + step * 5_000):
            try:
                place(shop, name)
            except StorageError as error:
                met += 1
                assert "disk" in str(error)
                assert not isinstance(error, NoSpace)
            else:
                continue
        assert list(storage.content()) == before
        assert not place(shop, name)
    assert met >= 5 and log.exists()
    assert check(storage, SHOP) == []
    storage.close()


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    """A disk of that size; the test is left out where none may be made."""
    place_ = folder / "disk"
    place_.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", place_], capture_output=True
    )
    if made.returncode:
        pytest.skip("no disk may be made here: mount is not permitted")
    try:
        yield place_
    finally:
        subprocess.run(["umount", place_], check=True)


@pytest.mark.slow
def test_a_real_disk_that_is_full(tmp_path: Path) -> None:
    with small_disk(tmp_path, 2048) as disk:
        storage = sqlite.open_storage(disk / "shop.db")
        shop, names = opened(storage), named()
        taken = 0
        name, said = until_full(shop, names)
        taken = len(list(storage.orders(SHOP)))
        assert FULL in str(said) and taken > 3
        assert check(storage, SHOP) == []
        with pytest.raises(StorageError, match=r"cannot be written|full disk"):
            back_up(storage, disk / "backup", lambda: datetime.now(UTC))
        assert not [each.name for each in disk.iterdir() if "backup" in each.name]
        made = back_up(storage, tmp_path / "backup", lambda: datetime.now(UTC))
        assert made.manifest.rows["orders"] == taken

        subprocess.run(["mount", "-o", "remount,size=16m", disk], check=True)
        assert not place(shop, name)
        assert len(list(storage.orders(SHOP))) == taken + 1
        assert check(storage, SHOP) == []
        storage.close()


def test_a_backup_whose_disk_fails_leaves_nothing(tmp_path: Path) -> None:
    storage = sqlite.open_storage(tmp_path / "shop.db")
    place(opened(storage), "A1")
    for size in (1, 10_000, 100_000):
        with largest(size), pytest.raises(StorageError) as said:
            back_up(storage, tmp_path / "backup", lambda: datetime.now(UTC))
        assert "\n" not in str(said.value)
        assert [each.name for each in tmp_path.iterdir() if "backup" in each.name] == []
    storage.close()


def test_a_manifest_that_cannot_be_written_leaves_no_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ordinance_adapters.backups import making

    def full(*given: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    storage = sqlite.open_storage(tmp_path / "shop.db")
    place(opened(storage), "A1")
    monkeypatch.setattr(making, "write_through", full)

    with pytest.raises(NotBackedUp, match="no space left on device; no backup was made"):
        back_up(storage, tmp_path / "backup", lambda: datetime.now(UTC))
    assert [each.name for each in tmp_path.iterdir() if "backup" in each.name] == []
    storage.close()


def failing(number: int) -> Callable[..., Any]:
    """A driver whose n-th statement meets a full disk, as the server says it."""
    real, left = psycopg.RawCursor.execute, [number]

    def execute(self: Any, *given: Any, **named: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise psycopg.errors.DiskFull('could not extend file "base/1/2": No space left')
        return real(self, *given, **named)

    return execute


@pytest.mark.slow
def test_a_server_whose_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ordinance_adapters.postgres import open_storage

    storage = open_storage(url_of(tmp_path))
    shop, names = opened(storage), named()
    place(shop, next(names))
    met = 0
    for number in range(1, 40, 3):
        name = next(names)
        before = list(storage.content())
        with monkeypatch.context() as patched:
            patched.setattr(postgres_line.RawCursor, "execute", failing(number))
            try:
                place(shop, name)
            except NoSpace as error:
                met += 1
                assert FULL in str(error)
            else:
                continue
        assert list(storage.content()) == before
        assert not place(shop, name)
    assert met >= 4
    assert check(storage, SHOP) == []
    storage.close()


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_what_is_printed_onto_a_full_disk_is_told(tmp_path: Path, more: tuple[str, ...]) -> None:
    storage = sqlite.open_storage(tmp_path / "shop.db")
    opened(storage)
    storage.close()
    script = "from ordinance_adapters.cli import main; main()"
    with Path("/dev/full").open("w") as full:
        said = subprocess.run(
            [sys.executable, "-c", script, "points", *more],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )

    assert said.returncode == 1
    assert "the disk is full; free some space and run this again" in said.stderr
    assert "Traceback" not in said.stderr and "should not happen" not in said.stderr


def test_a_file_that_is_exported_onto_a_full_disk_is_told(tmp_path: Path, root: Path) -> None:
    rules = root / "examples" / "chashop" / "rules" / "review.yaml"
    said = here("rules", "export", rules, "--format", "jdm", "--output", "/dev/full", cwd=tmp_path)

    assert said.code == 1
    assert "/dev/full" in said.err and "full" in said.err
    assert "should not happen" not in said.err
