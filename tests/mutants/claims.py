"""Claims: M16, what is held for somebody without asking whether it still is."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from ordinance_adapters.sql.transaction import SqlTransaction
from ordinance_adapters.sqlite import open_storage, schema, store
from tests.core.shop import MONDAY, order
from tests.mutants.mutant import Mutant, Patch
from tests.mutants.scene import at_once, bench_in, findings, lines
from tests.storage.test_sqlite_steps import before_holders, before_releases, before_states


def migrates_beside_others(patch: Patch) -> None:
    """What is to be done is looked up, and done without holding the store meanwhile."""

    def migrate(connection: Any) -> None:
        database = schema._database(connection)
        if schema._MIGRATIONS.pending(database):
            time.sleep(0.05)
            schema._MIGRATIONS.apply(database)

    for module in (schema, store):
        if hasattr(module, "migrate"):
            patch.setattr(module, "migrate", migrate)


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


MUTANTS = (
    Mutant("M16", "a migration beside others", migrates_beside_others, opened_by_many),
    Mutant("M16", "a claim that ran out", honours_what_ran_out, slow_checkout),
)
