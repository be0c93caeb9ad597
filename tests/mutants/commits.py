"""Commits: M10 and M11. Whatever a commit leaves is sound, and all of it is done after a crash."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ordinance.orders.states import ParcelState, RefundState
from ordinance.ports import EffectState
from ordinance_adapters.sqlite import SqliteStorage
from ordinance_adapters.sqlite.writer import Writer
from tests.core.shop import Bench, order
from tests.mutants.mutant import Mutant, Patch
from tests.mutants.scene import Bank, bench_in, findings, lines


def apart(method: str) -> Callable[[Patch], None]:
    """What a command asks of its transaction by this method is done in one of its own, after it."""

    def plant(patch: Patch) -> None:
        real: Any = SqliteStorage.transact

        def transact(self: SqliteStorage, work: Callable[[Any], Any]) -> Any:
            later: list[Any] = []

            def without(tx: Any) -> Any:
                setattr(tx, method, later.append)
                return work(tx)

            answer = real(self, without)
            for one in later:
                real(self, lambda tx, one=one: getattr(tx, method)(one))
            return answer

        patch.setattr(SqliteStorage, "transact", transact)

    return plant


@dataclass(frozen=True, slots=True)
class Left:
    """What one commit left on the disk, and what the bank had paid by then."""

    folder: Path
    ledger: dict[str, tuple[str, int]]


@contextmanager
def kept(folder: Path, bank: Bank) -> Iterator[list[Left]]:
    """Keep what each commit leaves, as a crash right after it would."""
    found: list[Left] = []
    end = Writer._end

    def ended(self: Writer, transaction: Any, *, keep: bool) -> None:
        changes = self.connection.total_changes
        end(self, transaction, keep=keep)
        if keep and self._depth == 0 and changes != last[0]:
            last[0] = changes
            place = folder / f"commit-{len(found)}"
            place.mkdir()
            with (
                closing(sqlite3.connect(folder / "shop.db")) as source,
                closing(sqlite3.connect(place / "shop.db")) as target,
            ):
                source.backup(target)
            found.append(Left(place, dict(bank.ledger)))

    last = [-1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Writer, "_end", ended)
        yield found


def every_commit(folder: Path, seed: int) -> list[str]:
    """A few orders on their way; what each commit left is looked at, and carried to its end."""
    chance = Random(seed)
    bank = Bank()
    with bench_in(folder, bank) as bench, kept(folder, bank) as left:
        _some_orders(bench, chance)
    for one in left:
        wrong = [f"{one.folder.name}: {fault}" for fault in _afterwards(one)]
        if wrong:
            return wrong
    return [] if len(left) > 10 else [f"only {len(left)} commits"]


def _some_orders(bench: Bench, chance: Random) -> None:
    shop, ids = bench.shop, []
    for number in range(3):
        drafted = order(f"A{number}", buyer={"id": f"u{number}"}, lines=lines(("TEA", 3)))
        ids.append(shop.place(drafted).order)
    shop.cancel(ids[0], key="one", pieces=[("TEA", chance.randint(1, 2))])
    if chance.random() < 0.5:
        bench.pump.effects(bench.clock.now())
    shop.cancel(ids[1], key="all")
    bench.pump.effects(bench.clock.now())
    bench.hand_over(ids[2])


def _afterwards(left: Left) -> list[str]:
    bank = Bank(left.ledger)
    with bench_in(left.folder, bank) as bench:
        wrong = findings(bench)
        if not wrong:
            for _ in range(2):
                bench.later(hours=2)
            wrong = findings(bench)
        paid = 0
        for record in bench.shop.orders():
            paid += record.refunded
            wrong += [
                f"{record.number}: refund {refund.id} is {refund.state}"
                for refund in record.refunds.values()
                if refund.state is not RefundState.SUCCESS
            ]
            wrong += [
                f"{record.number}: nobody was told of parcel {parcel.id}"
                for parcel in record.parcels.values()
                if parcel.state is ParcelState.WAIT_PUSH
            ]
        if sum(bank.paid().values()) != paid:
            wrong.append(f"the bank paid {dict(bank.paid())}, the orders say {paid}")
        open_ = bench.shop.effects((EffectState.WAITING, EffectState.UNKNOWN, EffectState.DEAD))
        return [*wrong, *(f"left: {one.effect.key}" for one in open_)]


MUTANTS = (
    Mutant("M10", "the event after the commit", apart("append_events"), every_commit),
    Mutant("M11", "the outbox after the commit", apart("enqueue"), every_commit),
)
