"""The sealer: who seals what and when, several at once, and a verifier beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from time import sleep

import pytest

from ordinance.audit import sealer
from ordinance.audit.checkpoint import PublicKey, read_note
from ordinance.audit.merkle import Frontier
from ordinance.audit.sealer import AFTER, EVERY, NotSealed, Sealer
from ordinance.audit.verdict import Wrong
from ordinance.audit.verifying import verify
from ordinance.oms import Shop
from ordinance.ports import Storage, StorageError
from ordinance.pump import Pump
from ordinance_adapters.signing import checks
from ordinance_adapters.simulator.outside import simulated
from ordinance_adapters.sql import auditlog
from tests.auditlog.books import OTHER_SIGNER, PUBLIC, opened
from tests.auditlog.mutants import planted
from tests.core.shop import MONDAY, order
from tests.stores import open_storage
from tests.tampering import tampered
from tests.tenants.twins import MINE, SIGNER, lines


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with closing(open_storage(tmp_path / "shop.db")) as made:
        yield made


@pytest.fixture
def shop(storage: Storage) -> Shop:
    made = opened(storage)
    made.open_stock(MONDAY)
    return made


def place(shop: Shop, name: str) -> str:
    return shop.place(order(name, lines=lines(("TEA", 1, "19.90")))).order


def holds(storage: Storage) -> bool:
    last = storage.last_checkpoint(MINE)
    notes = [last.note] if last is not None else []
    return verify(storage, MINE, notes, PUBLIC, checks).holds


def test_an_empty_store_is_verified_and_nothing_is_sealed(storage: Storage) -> None:
    assert Sealer(storage, MINE, SIGNER).seal(MONDAY) == 0
    assert storage.last_checkpoint(MINE) is None
    assert holds(storage)


def test_checkpoints_follow_each_other_by_a_hundred_leaves(shop: Shop, storage: Storage) -> None:
    for number in range(12):
        place(shop, f"A{number}")
    sealed = Sealer(storage, MINE, SIGNER).seal(MONDAY)

    points = [read_note(each.note) for each in storage.checkpoints(MINE)]
    assert [each.size for each in points] == [*range(EVERY, sealed, EVERY), sealed]
    assert [each.after for each in points] == [0, *(each.size for each in points[:-1])]
    assert {each.at for each in points} == {MONDAY}
    assert holds(storage)


def test_sealing_again_adds_what_came_since_and_nothing_twice(shop: Shop, storage: Storage) -> None:
    first = Sealer(storage, MINE, SIGNER)
    place(shop, "A1")
    count = first.seal(MONDAY)
    assert count > 0 and first.seal(MONDAY) == 0
    place(shop, "A2")

    more = Sealer(storage, MINE, SIGNER).seal(MONDAY)

    assert 0 < more < count + 5
    assert len({each.leaf[:4] for each in storage.log(MINE)}) == count + more
    assert holds(storage)


def test_a_few_leaves_wait_a_minute_and_many_do_not(shop: Shop, storage: Storage) -> None:
    sealing = Sealer(storage, MINE, SIGNER)
    place(shop, "A1")
    assert sealing.seal_due(MONDAY) > 0
    place(shop, "A2")

    assert sealing.seal_due(MONDAY + AFTER - timedelta(seconds=1)) == 0
    assert sealing.seal_due(MONDAY + AFTER) > 0
    for number in range(12):
        place(shop, f"B{number}")
    assert sealing.seal_due(MONDAY + AFTER) >= EVERY
    assert sealing.seal_due(MONDAY + 5 * AFTER) == 0


def test_a_clock_that_is_set_back_stops_no_sealing(shop: Shop, storage: Storage) -> None:
    sealing = Sealer(storage, MINE, SIGNER)
    place(shop, "A1")
    sealing.seal_due(MONDAY)
    place(shop, "A2")

    assert sealing.seal_due(MONDAY - timedelta(days=1)) > 0
    assert holds(storage)


def test_a_batch_that_is_taken_back_leaves_nothing_in_the_log(shop: Shop, storage: Storage) -> None:
    class Undone(Exception):
        pass

    with pytest.raises(Undone), storage.batch():
        place(shop, "A1")
        Sealer(storage, MINE, SIGNER).seal(MONDAY)
        raise Undone
    place(shop, "A2")
    Sealer(storage, MINE, SIGNER).seal(MONDAY)

    assert holds(storage)


ALTERED = (
    "UPDATE audit_heads SET frontier = 'odd'",
    "UPDATE audit_heads SET frontier = ''",
    "UPDATE audit_heads SET frontier = replace(frontier, substr(frontier, 1, 4), '0000')",
    "DELETE FROM audit_heads",
    "DELETE FROM checkpoints",
    "DELETE FROM checkpoints WHERE size = (SELECT max(size) FROM checkpoints)",
    "UPDATE checkpoints SET note = 'x'",
)


@pytest.mark.parametrize("sql", ALTERED)
def test_a_log_that_was_altered_is_not_signed_anew(tmp_path: Path, sql: str) -> None:
    path = tmp_path / "shop.db"
    with closing(open_storage(path)) as made:
        shop = opened(made)
        shop.open_stock(MONDAY)
        for number in range(3):
            place(shop, f"A{number}")
            Sealer(made, MINE, SIGNER, every=7).seal(MONDAY)
        place(shop, "B1")
    tampered(path, sql)

    with closing(open_storage(path)) as again:
        before = list(again.content())
        with pytest.raises(NotSealed, match="is not what was signed last"):
            Sealer(again, MINE, SIGNER).seal(MONDAY)
        assert list(again.content()) == before


def test_a_sealer_with_another_key_signs_nothing(shop: Shop, storage: Storage) -> None:
    place(shop, "A1")
    Sealer(storage, MINE, SIGNER).seal(MONDAY)
    place(shop, "A2")

    with pytest.raises(NotSealed, match="was not signed by this key"):
        Sealer(storage, MINE, OTHER_SIGNER).seal(MONDAY)
    assert Sealer(storage, MINE, SIGNER).seal(MONDAY) > 0

    place(shop, "A3")
    assert Sealer(storage, MINE, OTHER_SIGNER, new_key=True).seal(MONDAY) > 0
    place(shop, "A4")
    assert Sealer(storage, MINE, OTHER_SIGNER).seal(MONDAY) > 0
    both = [PUBLIC, PublicKey(PUBLIC.name, OTHER_SIGNER.public())]
    assert verify(storage, MINE, [], both, checks).holds
    for one in both:
        wrongs = {fault.wrong for fault in verify(storage, MINE, [], [one], checks).faults}
        assert wrongs == {Wrong.SIGNATURE}


def raced(
    storage: Storage, kind: type[Sealer], orders: Iterable[int] = range(12)
) -> list[BaseException]:
    """Several sealers at once beside one who writes, and a verifier who looks meanwhile; what went
    wrong."""
    failures: list[BaseException] = []
    looked = 0
    done = Event()
    shop = opened(storage)

    def kept(work: object) -> Thread:
        def run() -> None:
            try:
                assert callable(work)
                work()
            except BaseException as error:
                failures.append(error)

        return Thread(target=run)

    def seal() -> None:
        mine = kind(storage, MINE, SIGNER, every=7)
        while not done.is_set():
            mine.seal(MONDAY)

    def look() -> None:
        nonlocal looked
        while not done.is_set():
            found = verify(storage, MINE, [], PUBLIC, checks)
            assert found.holds, found.first
            looked += 1

    def write() -> None:
        try:
            for number in orders:
                place(shop, f"A{number}")
                Pump(shop, simulated()).work(MONDAY + timedelta(days=number % 3))
        finally:
            done.set()

    threads = [kept(each) for each in (seal, seal, look, write)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)
    assert looked or failures, "nobody looked"
    return failures


@pytest.mark.slow
def test_two_sealers_and_a_verifier_beside_the_work_find_nothing_wrong(
    shop: Shop, storage: Storage
) -> None:
    assert raced(storage, Sealer) == []

    Sealer(storage, MINE, SIGNER).seal(MONDAY)
    places = [each.place for each in storage.log(MINE)]
    assert places == list(range(len(places)))
    assert len({each.leaf[:4] for each in storage.log(MINE)}) == len(places)
    found = verify(storage, MINE, [], PUBLIC, checks)
    assert found.holds and not any(found.unsealed.values())


class Unfenced(Sealer):
    """Looks at the log first, and seals in another transaction whatever has happened meanwhile."""

    def _one(self, now: datetime) -> int:
        before, leaves = self._storage.transact(
            lambda tx: (tx.log_head(self._shop), tx.unsealed(self._shop, self._every))
        )
        sleep(0.005)
        if leaves:
            kept = Frontier(before.size, tuple(bytes.fromhex(each) for each in before.frontier))
            after, checkpoint = self._grown(kept, leaves, now)
            self._storage.transact(lambda tx: tx.seal(leaves, before, after, checkpoint))
        return len(leaves)


@pytest.mark.slow
def test_the_size_of_the_log_is_what_keeps_two_sealers_apart(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert raced(storage, Unfenced) == [], "the one that comes late seals nothing"
    anyhow = auditlog._MOVE_HEAD.replace("AND size = ?", "AND ? IS NOT NULL")
    assert anyhow != auditlog._MOVE_HEAD
    monkeypatch.setattr(auditlog, "_MOVE_HEAD", anyhow)

    assert raced(storage, Unfenced, orders=range(12, 24)), "nobody noticed"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Checkpoint(self._shop, grown.size,", "Checkpoint(self._shop, grown.size + 1,"),
        ("grown.size, grown.root(), now, kept.size", "grown.size, kept.root(), now, kept.size"),
        ("tuple(each.hex() for each in grown.hashes)", "tuple(each.hex() for each in kept.hashes)"),
        ("each.leaf) for each in leaves)", "each.leaf) for each in leaves[::-1])"),
    ],
)  # fmt: skip
def test_a_sealer_with_a_fault_is_found_out(
    before: str, after: str, shop: Shop, storage: Storage
) -> None:
    blind = planted(sealer, before, after)
    for number in range(2):
        place(shop, f"A{number}")
    with pytest.raises((AssertionError, ValueError, StorageError)):
        blind.Sealer(storage, MINE, SIGNER, every=7).seal(MONDAY)
        assert verify(storage, MINE, [], PUBLIC, checks).holds
