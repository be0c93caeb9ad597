"""The power fails in the middle of a write: whatever is left of the log, a store opens as it was
after one of its commits, and everything in it adds up."""

from __future__ import annotations

import os
import shutil
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from ordinance.audit.doctor import check
from ordinance.orders.order import Payment
from ordinance.ports import StorageError
from ordinance_adapters.sqlite import open_storage
from ordinance_adapters.sqlite.writer import Writer
from tests.core.shop import Bench, payment
from tests.stores import sqlite_alone

pytestmark = [sqlite_alone, pytest.mark.slow]

SEED = int(os.environ.get("ORDINANCE_SEED", "20260302"))
FLIPS = int(os.environ.get("ORDINANCE_FLIPS", "200"))
CUTS = int(os.environ.get("ORDINANCE_CUTS", "8"))
"""Every so-many-th frame is cut in its middle too, and at its end; 1: all of them."""

HEADER, FRAME = 32, 24 + 8192
SHOP = "teashop"


def digest(path: Path) -> str:
    """Of everything in a store, which is opened as after a power cut."""
    storage = open_storage(path)
    try:
        return sha256("\n".join(storage.content()).encode()).hexdigest()
    finally:
        storage.close()


@dataclass
class Life:
    """The files of a store with one order's whole life in its log, and what it held after each
    commit, by the length that the log had then."""

    file: bytes = b""
    log: bytes = b""
    lengths: list[int] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    wholesome: set[str] = field(default_factory=set)

    def state_at(self, length: int) -> str:
        """What was committed in so much of the log."""
        return self.states[bisect_right(self.lengths, length) - 1]

    def open(self, folder: Path, log: bytes) -> str | None:
        """What a store with that log holds; None where it is refused. Everything adds up in it."""
        path = folder / "torn.db"
        for name in (path, Path(f"{path}-shm"), Path(f"{path}-wal")):
            name.unlink(missing_ok=True)
        path.write_bytes(self.file)
        Path(f"{path}-wal").write_bytes(log)
        try:
            found = digest(path)
        except StorageError as error:
            assert "restore a backup" in str(error)
            return None
        if found not in self.wholesome:
            storage = open_storage(path)
            assert check(storage, SHOP) == []
            storage.close()
            self.wholesome.add(found)
        return found


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    folder = tmp_path_factory.mktemp("life")
    bench = Bench(folder)
    path, log = folder / "shop.db", folder / "shop.db-wal"
    storage = bench.shop.storage
    writer: Writer = storage._writer  # type: ignore[attr-defined]
    writer.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    writer.connection.execute("PRAGMA wal_autocheckpoint = 0")
    made = Life(file=path.read_bytes())
    real = writer._execute

    def execute(sql: str) -> None:
        real(sql)
        if sql == "COMMIT":
            keep()

    def keep() -> None:
        made.lengths.append(log.stat().st_size)
        told = sha256("\n".join(_content(storage)).encode()).hexdigest()
        made.states.append(told)

    keep()
    writer._execute = execute  # type: ignore[method-assign]
    order_id = bench.place(payments=[])
    paid = Payment(**payment("T-A1", "100.00"))
    bench.do(bench.shop.pay(order_id, paid, key=bench.key()))
    bench.hand_over(order_id)
    bench.later(days=1)
    bench.deliver(order_id)
    bench.do(bench.shop.request_aftersale(order_id, key=bench.key(), reason="NO_REASON_7D"))
    bench.later(days=200)
    writer._execute = real  # type: ignore[method-assign]
    made.log = log.read_bytes()
    bench.shop.close()
    yield made


def _content(storage: object) -> Iterator[str]:
    """As others see it: what was committed."""
    path = storage._path  # type: ignore[attr-defined]
    copy = Path(f"{path}.copy")
    shutil.copy(path, copy)
    shutil.copy(f"{path}-wal", f"{copy}-wal")
    other = open_storage(copy)
    yield from other.content()
    other.close()
    copy.unlink()


def cuts(life: Life) -> Iterator[int]:
    """Lengths to which the log is cut: before, at and in each frame."""
    yield from (0, 1, HEADER - 1, HEADER)
    frames = (len(life.log) - HEADER) // FRAME
    for number in range(frames):
        begin = HEADER + number * FRAME
        yield begin + FRAME
        if number % CUTS == 0:
            yield from (begin + 10, begin + FRAME // 2, begin + FRAME - 1)


def wrong_cuts(life: Life, folder: Path, step: int = 1) -> list[int]:
    """The lengths at which a store holds something else than what was committed by then."""
    return [
        length
        for length in islice(cuts(life), None, None, step)
        if life.open(folder, life.log[:length]) != life.state_at(length)
    ]


def test_a_log_that_was_cut_anywhere_is_what_was_committed_by_then(
    tmp_path: Path, life: Life
) -> None:
    frames = (len(life.log) - HEADER) // FRAME
    assert (len(life.log) - HEADER) % FRAME == 0 and frames > 50
    assert len(set(life.states)) > 8

    assert wrong_cuts(life, tmp_path) == []
    assert set(life.states) == life.wholesome
    print(f"{frames} frames, {len(set(life.states))} states, {len(list(cuts(life)))} cuts")


def test_a_log_with_a_flipped_bit_is_what_was_committed_before_it(
    tmp_path: Path, life: Life
) -> None:
    print(f"ORDINANCE_SEED={SEED}")
    chance = Random(SEED)
    for _ in range(FLIPS):
        place, bit = chance.randrange(len(life.log)), chance.randrange(8)
        log = bytearray(life.log)
        log[place] ^= 1 << bit
        begin = HEADER + (place - HEADER) // FRAME * FRAME if place >= HEADER else 0

        # Where only a frame without a commit is lost, more of the log counts than up to there.
        assert life.open(tmp_path, bytes(log)) == life.state_at(begin), (place, bit)


def test_a_store_that_believes_its_log_is_found_out(
    tmp_path: Path, life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: what is written next lands in the file without its log."""
    real = Life.open
    monkeypatch.setattr(Life, "open", lambda self, folder, log: real(self, folder, self.log))

    assert wrong_cuts(life, tmp_path, 20)


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode = delete", "journal_mode"), ("synchronous = 1", "synchronous")],
)
def test_a_store_that_would_lose_commits_is_not_opened(
    tmp_path: Path, pragma: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ordinance_adapters.sqlite import connection

    real: Callable[..., None] = connection._insist

    def insist(target: object, sql: str, patience: int) -> None:
        real(target, f"PRAGMA {pragma}" if value in sql else sql, patience)

    monkeypatch.setattr(connection, "_insist", insist)

    with pytest.raises(StorageError, match=f"keeps the setting {value}"):
        open_storage(tmp_path / "shop.db")
