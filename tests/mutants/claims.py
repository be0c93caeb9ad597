"""Claims: M16, what is held for somebody without asking whether it still is."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from ordinance.outside import PortError, PortFailed, PortRefused, PortUnknown
from ordinance.pump import Pump
from ordinance_adapters.sql import outbox
from ordinance_adapters.sql.transaction import SqlTransaction
from ordinance_adapters.sqlite import open_storage, schema
from tests.core.shop import MONDAY, order
from tests.mutants.mutant import Mutant, Patch
from tests.mutants.scene import Bank, at_once, bench_in, findings, lines
from tests.storage.test_sqlite_steps import before_holders, before_releases, before_states


def migrates_beside_others(patch: Patch) -> None:
    """What is to be done is looked up, and done without holding the store meanwhile."""

    def take_steps(connection: Any, database: Any, line: Any) -> None:
        time.sleep(0.05)
        schema._MIGRATIONS.apply(database)
        if line is not None:
            schema.seal_what_is_plain(line)

    patch.setattr(schema, "_take_steps", take_steps)


def opened_by_many(folder: Path, seed: int) -> list[str]:
    """Several open a store that an earlier version made: one brings it up to date, all have it."""
    chance = Random(seed)
    path = folder / "orders.db"
    chance.choice([before_releases, before_holders, before_states])(path)

    def opened() -> list[str]:
        storage = open_storage(path)
        try:
            return list(storage.content())
        finally:
            storage.close()

    contents = at_once([opened] * chance.randint(3, 6))
    wrong = [f"{one!r}" for one in contents if isinstance(one, Exception)]
    wrong += [] if all(one == contents[0] for one in contents) else ["they see different stores"]
    again = opened()
    return wrong if again == contents[0] else [*wrong, "it was changed by opening it once more"]


def honours_what_ran_out(patch: Patch) -> None:
    """Who was slow takes over what was held for him, however long ago that ended."""
    real = SqlTransaction.take_over

    def take_over(self: SqlTransaction, shop: str, token: str, now: datetime) -> int:
        return real(self, shop, token, now - timedelta(days=365))

    patch.setattr(SqlTransaction, "take_over", take_over)


def slow_checkout(folder: Path, seed: int) -> list[str]:
    """A checkout holds what there is; its order comes a moment before or after that ran out, and
    others who wait are served by the same rule."""
    chance = Random(seed)
    wrong: list[str] = []
    for number, in_time in enumerate(chance.sample([True, False] * 2, 4)):
        place = folder / str(number)
        with bench_in(place, stock={("HZ", "TEA"): 4}) as bench:
            bench.shop.reserve("slow", {"TEA": 3}, key="k", now=MONDAY)
            (held,) = bench.shop.storage.all_reservations("teashop")
            assert held.expires_at is not None
            moment = held.expires_at + timedelta(seconds=-1 if in_time else chance.randint(0, 30))
            bench.clock.set(moment)
            drafted = order("A1", lines=lines(("TEA", 3)), placed_at=moment)
            drafted["payments"][0]["paid_at"] = moment
            placed = bench.shop.place(drafted, reservation="slow", now=moment).order
            honoured = "checkout.taken_over" in bench.events(placed)
            if honoured != in_time:
                wrong.append(f"honoured at {moment}, held until {held.expires_at}: {honoured}")
            wrong += findings(bench)
    return wrong


def writes_over_what_was_done(patch: Patch) -> None:
    """A worker writes down how its try ended, whoever has done the effect meanwhile."""
    tried = outbox._TRIED.replace(" AND state IN ('waiting', 'unknown')", "")
    patch.setattr(outbox, "_TRIED", tried)


class Stalling(Bank):
    """Stalls in the middle of its first call for as long as `meanwhile` takes, then fails."""

    def __init__(self, error: PortError) -> None:
        super().__init__()
        self._error = error
        self.meanwhile: Callable[[], object] | None = None

    def refund(self, key: str, order_number: str, transaction: str, amount_minor: int) -> str:
        if self.meanwhile is None:
            return super().refund(key, order_number, transaction, amount_minor)
        meanwhile, self.meanwhile = self.meanwhile, None
        meanwhile()
        raise self._error


def stalled_worker(folder: Path, seed: int) -> list[str]:
    """A worker stalls at the bank; another one pays the refund meanwhile, then the first fails."""
    chance = Random(seed)
    bank = Stalling(chance.choice([PortFailed, PortRefused, PortUnknown])("late"))
    with bench_in(folder, bank) as bench:
        placed = bench.shop.place(order("A1", lines=lines(("TEA", 3)))).order
        bench.shop.cancel(placed, key="c", pieces=[("TEA", chance.randint(1, 2))])
        other = Pump(bench.shop, bench.outside)
        now = bench.clock.now()
        bank.meanwhile = lambda: other.effects(now)
        bench.pump.effects(now)
        wrong = [
            f"{one.effect.key} was done, and is {one.state}"
            for one in bench.shop.effects()
            if one.effect.kind == "refund"
        ]
        bench.later(hours=1)
        wrong += [*findings(bench), *(f"left: {one.effect.key}" for one in bench.shop.effects())]
        (refund,) = bench.record(placed).refunds.values()
        if refund.state != "SUCCESS" or len(bank.ledger) != 1:
            wrong.append(f"refund {refund.state}, paid {bank.ledger}")
        return wrong


MUTANTS = (
    Mutant("M16", "a try written over", writes_over_what_was_done, stalled_worker),
    Mutant("M16", "a migration beside others", migrates_beside_others, opened_by_many),
    Mutant("M16", "a claim that ran out", honours_what_ran_out, slow_checkout),
)
