"""One seed: the storm in which anything fails, then the calm in which all comes to an end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import orjson

from ordinance.ports import EffectState
from ordinance.profile import Profile
from ordinance_adapters.sql.rows import instant, instant_text
from tests.core.shop import ZONE
from tests.simulation.clients import Clients
from tests.simulation.promises import faults
from tests.simulation.shelf import small_shop
from tests.simulation.world import Asked, Broken, World

STEPS = 60
"""Steps of the storm; what happens in the calm comes on top."""

ROUNDS = 150
"""Rounds of the calm by which all has to be over; each goes on to the next thing that is due."""

QUIET = 2
"""Rounds in which nothing is due any more, so that people have seen what the last one brought."""

SEALED = 3
"""A worker that begins at every so many-th step of the storm seals the audit log afterwards."""

MINUTES = (0, 0, 1, 5, 40, 300, 1500)


@dataclass(frozen=True)
class Told:
    """What came of a seed."""

    seed: int
    fault: str | None
    hash: str
    events: int
    movements: int
    tries: int
    crashes: int
    steps: int

    @property
    def entries(self) -> int:
        """Entries of the log: stored events, stock movements, and tries of an effect."""
        return self.events + self.movements + self.tries


class Simulation:
    """The scheduler: it picks who goes next until the storm is over, and then lets all end."""

    def __init__(self, seed: int, profile: Callable[[], Profile] = small_shop) -> None:
        self.world = World(seed, profile)
        self.clients = Clients(self.world)
        self.chance = self.world.chance
        self.world.next_step = self.clients.act
        self.world.after_crash = self._look
        self.steps = 0

    def run(self, steps: int = STEPS) -> Told:
        """Play the seed; the first promise that was not kept is in what it tells."""
        fault: str | None = None
        try:
            for _ in range(steps):
                self._step()
            self._calm()
            self._seal()
            self._demand(at_the_end=True)
        except Broken as broken:
            fault = str(broken)
        except Exception as error:
            fault = f"{type(error).__name__}: {error}"
        return self._told(fault)

    def _step(self) -> None:
        self.steps += 1
        kind = self.chance.randrange(10)
        if kind < 6:
            self.clients.act()
        elif kind < 8:
            self._work()
        elif kind < 9:
            self._one_effect()
        else:
            self._pass_time()

    def _work(self) -> None:
        """A worker does everything that is due."""
        self.world.run("work", lambda process: process.pump.work(self.world.now))
        if self.world.stormy and self.steps % SEALED == 0:
            self._seal()

    def _seal(self) -> None:
        told = self.world.run("seal", lambda process: process.seal(self.world.now))
        if isinstance(told, str):
            self.world.checkpoints.append(told)

    def _one_effect(self) -> None:
        """A worker does one thing that was asked for outside, whichever."""
        keys = [key for (key,) in self.world.sql(
            "SELECT key FROM outbox WHERE next_try IS NOT NULL ORDER BY written"
        )]  # fmt: skip
        if keys:
            key = self.chance.choice(keys)
            self.world.run(
                f"effect {key}", lambda process: process.pump.effect(key, self.world.now)
            )

    def _pass_time(self) -> None:
        """Time goes by, or the clock jumps: to the next thing that is due, a day on, an hour
        back."""
        kind = self.chance.randrange(12)
        if kind == 0:
            self.world.later(timedelta(hours=-1))
        elif kind == 1:
            self.world.later(timedelta(days=self.chance.randint(1, 9)))
        elif kind < 5:
            self._go_on_to_what_is_due()
        else:
            self.world.later(timedelta(minutes=self.chance.choice(MINUTES)))
        self.world.outside.at(self.world.now)

    def _go_on_to_what_is_due(self) -> bool:
        """Go on to the next instant at which something is due; False when nothing will be."""
        now = instant_text(self.world.now)
        later: list[str] = []
        for table, column in (
            ("timers", "due"),
            ("outbox", "next_try"),
            ("reservations", "expires_at"),
        ):
            sql = f"SELECT min({column}) FROM {table} WHERE {column} > ?"
            later += [text for (text,) in self.world.sql(sql, (now,)) if text is not None]
        if later:
            self.world.clock.set(instant(min(later)).astimezone(ZONE))
            return True
        # What is due and was not done waits for an adapter that is left alone for a while.
        self.world.later(timedelta(minutes=1))
        left = "SELECT (SELECT count(*) FROM timers) + count(next_try) FROM outbox"
        return bool(self.world.sql(left).fetchone()[0])

    def _look(self) -> None:
        self._demand(at_the_end=False)

    def _demand(self, *, at_the_end: bool) -> None:
        found = faults(self.world, at_the_end=at_the_end)
        if found:
            raise Broken("; ".join(found[:3]))

    # The calm: nothing fails any more, and people do their work.

    def _calm(self) -> None:
        self.world.stormy = False
        self.world.plan.share = 0.0
        while self.world.unanswered:
            self.clients.again()
        quiet = 0
        for _ in range(ROUNDS):
            self._people()
            self._work()
            quiet = 0 if self._go_on_to_what_is_due() else quiet + 1
            if quiet == QUIET:
                return
        raise Broken(f"I19: not over after {ROUNDS} rounds, at {self.world.now}")

    def _people(self) -> None:
        """Warehouses hand over, carriers deliver, and somebody sees to what is stuck."""
        rows = self.world.sql(
            "SELECT id, document FROM orders WHERE order_state IN "
            "('FULFILLING', 'PART_SHIPPED', 'SHIPPED', 'SIGNED', 'COMPLETED') "
            "AND (document LIKE '%\"PUSHED\"%' OR document LIKE '%\"SHIPPED\"%') ORDER BY id"
        ).fetchall()
        for order, document in rows:
            for parcel, told in sorted(orjson.loads(document).get("parcels", {}).items()):
                if told["state"] == "PUSHED":
                    self._do("hand over", order, parcel)
                elif told["state"] == "SHIPPED" and "delivered_at" not in told:
                    self._do("deliver", order, parcel)
        process = self.world.processes[0]
        for stored in process.shop.effects((EffectState.UNKNOWN, EffectState.DEAD)):
            if stored.next_try is None:
                for provider in self.world.outside.all:
                    provider.refuses.clear()
                self.world.run(
                    "redrive", lambda process, key=stored.effect.key: process.shop.redrive(key)
                )

    def _do(self, name: str, order: str, parcel: str) -> None:
        key = f"{name}:{order}:{parcel}:{self.world.now.isoformat()}"
        self.world.ask(
            Asked(
                name,
                key,
                lambda shop: (
                    shop.hand_over(order, parcel, key=key)
                    if name == "hand over"
                    else shop.track(order, parcel, "DELIVERED_SELF", key=key)
                ),
            )
        )

    def _told(self, fault: str | None) -> Told:
        world = self.world
        events, movements = (
            world.sql(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("events", "movements")
        )
        for table, columns in (
            ("events", "order_id, version, kind, at, actor, cause, changes, data"),
            ("movements", "warehouse, sku, seq, kind, quantity, cause, order_id"),
            ("outbox", "key, payload, state, attempts, result"),
            ("commands", "key, body_hash, result"),
        ):
            for row in world.sql(f"SELECT {columns} FROM {table} ORDER BY rowid"):
                world.log.update(repr(row).encode())
        tries = world.tries + sum(process.pump.tries for process in world.processes)
        told = Told(
            world.seed,
            fault,
            world.log.hexdigest(),
            events,
            movements,
            tries,
            world.crashes,
            self.steps,
        )
        world.disk.close()
        return told
