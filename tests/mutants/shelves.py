"""Stock: M1 to M5 and M9, and the test that finds each of them.

M1 and M2 are counters of another make, which race in processes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ordinance.inventory import Lack, Movement, MovementKind, OutOfStock
from ordinance.ports import StorageError
from ordinance.service import cancel
from ordinance.stock import sourcing
from ordinance.stock.ledger import book_line
from ordinance_adapters.sql import movements as sql
from ordinance_adapters.sql.booking import StockBooking
from ordinance_adapters.sql.transaction import SqlTransaction
from ordinance_adapters.sqlite import SqliteStorage
from ordinance_adapters.sqlite.writer import Writer
from tests.core.shop import Bench, order
from tests.mutants.mutant import Mutant, Patch
from tests.mutants.scene import bench_in, findings, lines
from tests.races.attempts import race
from tests.races.crew import Crew, Work
from tests.races.naive import NAIVE
from tests.races.test_known_bugs import batch_faults
from tests.races.test_oversell import STOCK, one_article
from tests.races.trial import Track, complaints

# M1, M2: the counter is read, compared and written; the ledger is added up, compared and written.


@lru_cache(maxsize=1)
def crew() -> Crew:
    """Eight processes, for all races of a run; they end with it."""
    return Crew()


WORKS: list[Work] = [race]
"""How the processes take pieces: the last one counts."""


def counts_as(work: Work) -> Callable[[Patch], None]:
    def plant(patch: Patch) -> None:
        patch.setattr(f"{__name__}.WORKS", [work])

    return plant


def hundred_of_four_hundred(folder: Path, seed: int) -> list[str]:
    track = Track(crew(), folder, WORKS[-1])
    given = one_article(Random(f"mutants/{seed}"), ("move",))
    try:
        answers, storage, shop = track.run(given)
        wrong = complaints(given, answers, storage, shop)
        sold = sum(answer.got.get("TEA", 0) for answer in answers)
        return [*wrong, *([f"{sold} of {STOCK} were sold"] if sold != STOCK else [])]
    finally:
        track.close()


def unguarded(patch: Patch) -> None:
    """Take the condition out of the counter and the checks out of its table."""
    no_condition = sql._change("reserved = reserved + ?4", "1")
    for name in ("SHARED_ALONE", "RESERVE_SHARED"):
        patch.setattr(sql, name, no_condition)
    begin = Writer._begin

    def unchecked(self: Writer) -> None:
        self.connection.execute("PRAGMA ignore_check_constraints = 1")
        begin(self)

    patch.setattr(Writer, "_begin", unchecked)


def on_hand(bench: Bench, sku: str) -> int:
    return sum(level.on_hand for level in bench.shop.storage.stock("teashop") if level.sku == sku)


# M3: every line of a batch is held against the same number.


def each_for_itself(patch: Patch) -> None:
    unguarded(patch)

    def move_all(self: StockBooking, movements: Sequence[Movement]) -> None:
        for one in movements:
            level = self._level(one)
            if level is None or level.available < one.quantity:
                raise OutOfStock([Lack.of(one, 0)])
        for one in movements:
            self.move(one)

    patch.setattr(StockBooking, "move_all", move_all)


def batch(folder: Path, seed: int) -> list[str]:
    folder.mkdir(exist_ok=True)
    return batch_faults(folder / "batch.db", seed)


# M4: pieces move to another warehouse without asking whether it has any to give.


def what_lies_there(patch: Patch) -> None:
    """Take what lies on the shelf for what may be promised."""
    levels = sourcing.levels

    def all_of_it(*asked: Any) -> Any:
        return [replace(level, reserved=0, set_aside=0, safety=0) for level in levels(*asked)]

    patch.setattr(sourcing, "levels", all_of_it)


def to_anywhere(patch: Patch) -> None:
    unguarded(patch)
    what_lies_there(patch)


def sourced_anew(folder: Path, seed: int) -> list[str]:
    chance = Random(seed)
    wanted = chance.randint(5, 9)
    with bench_in(folder) as bench:
        placed = bench.place(lines=lines(("TEA", wanted)))
        free = bench.free("TEA", "HZ") + bench.free("TEA", "BJ")
        bench.shop.reserve("others", {"TEA": free}, key="k", now=bench.clock.now())
        missing = chance.randint(1, wanted)
        bench.do(bench.shop.short_picked(placed, "P1", "TEA", missing, key="s"))
        return findings(bench)


# M5: a cancellation gives back what has left the house.


def gives_back_what_left(kind: MovementKind) -> Callable[[Patch], None]:
    def plant(patch: Patch) -> None:
        drop = cancel.drop_pieces

        def too_much(change: Any, desk: Any, *wanted: Any, **more: Any) -> None:
            for parcel in change.record.parcels.values():
                for piece in parcel.pieces:
                    line = change.record.lines[piece.line]
                    if line.shipped:
                        book_line(change, desk, kind, parcel.warehouse, line, piece.quantity)
            drop(change, desk, *wanted, **more)

        patch.setattr(cancel, "drop_pieces", too_much)

    return plant


def cancelled_after_shipping(folder: Path, seed: int) -> list[str]:
    chance = Random(seed)
    there, missing = chance.randint(6, 10), chance.randint(1, 4)
    with bench_in(folder, stock={("HZ", "TEA"): there}) as bench:
        placed = bench.place(lines=lines(("TEA", there + missing)))
        bench.hand_over(placed)
        # A neighbour has pieces reserved: what is released too much would be theirs.
        bench.shop.receive_stock("HZ", "CUP", 5, cause="in")
        bench.place(source_id="B1", buyer={"id": "u2"}, lines=lines(("CUP", 2)))
        bench.deliver(placed)
        bench.later(days=31)
        try:
            bench.do(bench.shop.answer_offer(placed, "cancel_short", key="yes"))
        except OutOfStock as refused:
            return [f"the ledger refused: {refused}"]
        wrong = findings(bench)
        line = bench.record(placed).lines[1]
        if (line.shipped, line.cancelled) != (there, missing):
            wrong.append(f"{line.shipped} shipped and {line.cancelled} cancelled")
        if on_hand(bench, "TEA") != 0:
            wrong.append(f"{on_hand(bench, 'TEA')} lie on a shelf that is empty")
        return wrong


# M9: a command that fails leaves its reservation behind.


def keeps_the_half(patch: Patch) -> None:
    def commits(self: Writer) -> None:
        self._execute("RELEASE block" if self._depth else "COMMIT")

    patch.setattr(Writer, "_undo", commits)


def failed_in_the_middle(folder: Path, seed: int) -> list[str]:
    chance = Random(seed)
    steps = ["save_order", "append_events", "append_decisions", "keep_command"]
    step = chance.choice(steps)
    in_batch = chance.random() < 0.5
    with bench_in(folder) as bench, pytest.MonkeyPatch.context() as patch:
        bench.place(source_id="A1")
        storage = bench.shop.storage
        assert isinstance(storage, SqliteStorage)

        before = list(storage.content())

        def fails(*_: object, **__: object) -> None:
            raise StorageError("planted")

        patch.setattr(SqlTransaction, step, fails)
        failed = order("A2", buyer={"id": "u2"})
        if in_batch:
            with bench.shop.batch(), suppress(StorageError):
                bench.shop.place(failed)
        else:
            with suppress(StorageError):
                bench.shop.place(failed)
        patch.undo()
        wrong = [f"{step}, {in_batch=}: {found}" for found in findings(bench)]
        if list(storage.content()) != before:
            wrong.append(f"{step}, {in_batch=}: the failed order left something behind")
        return wrong


MUTANTS = (
    Mutant(
        "M1",
        "read, then write",
        counts_as(NAIVE["read, then write"]),
        hundred_of_four_hundred,
        long=True,
    ),
    Mutant(
        "M2",
        "the sum of the ledger",
        counts_as(NAIVE["the sum of the ledger"]),
        hundred_of_four_hundred,
        long=True,
    ),
    Mutant("M3", "each line for itself", each_for_itself, batch),
    Mutant("M4", "to a full warehouse", to_anywhere, sourced_anew),
    Mutant(
        "M5",
        "shipped pieces released",
        gives_back_what_left(MovementKind.RELEASED),
        cancelled_after_shipping,
    ),
    Mutant(
        "M5",
        "shipped pieces returned",
        gives_back_what_left(MovementKind.RETURNED),
        cancelled_after_shipping,
    ),
    Mutant("M9", "half a rollback", keeps_the_half, failed_in_the_middle),
)
