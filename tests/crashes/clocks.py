"""Clocks that differ, step and jump: four workers of one shop, each with a clock of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from ordinance.audit.doctor import check
from ordinance.oms import Shop
from ordinance.orders.desk import RULE_FAILED
from ordinance.orders.states import TERMINAL, OrderState
from ordinance.ports import Storage, Timer
from ordinance.pump import Pump
from ordinance_adapters.identity import SeededIds
from ordinance_adapters.simulator.outside import simulated
from tests.core.shop import order, profile, shipped_rules
from tests.crashes.hand import REFUSALS, do, what_next
from tests.crashes.journal import Asked

WORKERS = 4
SKEW = timedelta(minutes=5)
JUMPS = (timedelta(hours=-1), timedelta(days=1), timedelta(seconds=-30), timedelta(minutes=3))

BEGINNINGS = (
    ("Asia/Shanghai", datetime(2026, 3, 2, 10, 0)),
    ("America/New_York", datetime(2026, 3, 8, 1, 40)),  # an hour is left out
    ("America/New_York", datetime(2026, 11, 1, 0, 40)),  # an hour comes twice
    ("Europe/London", datetime(2026, 10, 25, 0, 30)),
    ("America/St_Johns", datetime(2026, 3, 8, 1, 50)),
    ("Asia/Shanghai", datetime(2028, 2, 28, 23, 50)),  # before a leap day
    ("Asia/Shanghai", datetime(2026, 12, 31, 23, 50)),
    ("UTC", datetime(2038, 1, 19, 3, 10)),  # before 32 bits of seconds are over
)

MAY_BE_NEGATIVE = ("days_past_promise", "time_left", "hours_left", "days_of_life")
"""Facts that say how far ahead something lies, or how long ago it was to be."""


class WorldClock:
    """The true time."""

    def __init__(self, now: datetime) -> None:
        self.time = now


@dataclass
class SkewedClock:
    """One worker's clock."""

    world: WorldClock
    skew: timedelta

    def now(self) -> datetime:
        """What it shows."""
        return self.world.time + self.skew


class WatchingPump(Pump):
    """Writes down when it fires which timer."""

    def __init__(self, shop: Shop, fired: list[tuple[Timer, datetime]]) -> None:
        super().__init__(shop, simulated())
        self._mine = shop
        self._fired = fired

    def _fire(self, timer: Timer) -> None:
        self._fired.append((timer, self._mine.clock.now()))
        super()._fire(timer)


class Trial:
    """A shop's life under clocks that cannot be trusted."""

    def __init__(self, storage: Storage, seed: int) -> None:
        self.chance = Random(seed)
        self.storage = storage
        self.name = f"clocks-{seed}"
        zone, local = BEGINNINGS[seed % len(BEGINNINGS)]
        self.world = WorldClock(local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC))
        self.began = self.world.time
        self.fired: list[tuple[Timer, datetime]] = []
        stock = {(place, sku): 40 for place in ("HZ", "BJ") for sku in ("TEA", "CUP")}
        world = profile(shop=self.name, zone=zone, stock=stock)
        self.clocks = [
            SkewedClock(self.world, self.chance.uniform(-1, 1) * SKEW) for _ in range(WORKERS)
        ]
        self.shops = [
            Shop(storage, world, shipped_rules(), clock, SeededIds(seed)) for clock in self.clocks
        ]
        self.pumps = [WatchingPump(shop, self.fired) for shop in self.shops]
        self.orders: list[str] = []
        self.count = 0
        self.shops[0].open_stock(self.world.time)

    def live(self, acts: int) -> None:
        """So many things happen, each in front of one worker, while time goes on and jumps."""
        for _ in range(acts):
            self.world.time += self.chance.choice([1, 10, 60, 600]) * timedelta(seconds=6)
            if self.chance.random() < 0.15:
                self.chance.choice(self.clocks).skew += self.chance.choice(JUMPS)
            self._act()

    def end(self) -> None:
        """The clocks are set right, and time goes on until nothing is left to do."""
        for clock in self.clocks:
            clock.skew = timedelta(0)
        until = self.world.time + timedelta(days=150)
        while self.world.time < until:
            with self.shops[0].batch():
                for _ in range(5):
                    if not self.pumps[0].work(self.world.time):
                        break
            self.world.time += timedelta(hours=30)

    def _act(self) -> None:
        worker = self.chance.randrange(WORKERS)
        shop = self.shops[worker]
        luck = self.chance.random()
        if luck < 0.4:
            self.pumps[worker].work(shop.clock.now())
        elif luck < 0.6 or not self.orders:
            self._place(shop)
        else:
            record = shop.record(self.chance.choice(self.orders))
            choices = list(what_next(record, self.chance))
            if choices:
                method, given = self.chance.choice(choices)
                self._ask(shop, method, {"order": record.id, **given})

    def _place(self, shop: Shop) -> None:
        name = f"{self.name}-{self.count}"
        at = shop.clock.now()
        receiver = {**order()["receiver"], "address": name}
        lines = [{"sku": self.chance.choice(["TEA", "CUP"]), "quantity": 2, "unit_price": "10.00"}]
        asked = order(name, buyer={"id": name}, receiver=receiver, lines=lines, placed_at=at)
        if self.chance.random() < 0.2:
            asked["payments"] = []
        for paid in asked["payments"]:
            paid["paid_at"] = at
        given: dict[str, Any] = {"order": asked}
        if self.chance.random() < 0.3:
            token = f"cart-{name}"
            self._ask(shop, "reserve", {"token": token, "pieces": {"TEA": 1}, "minutes": 5})
            # The till and the order may be in front of two workers.
            shop, given["reservation"] = self.chance.choice(self.shops), token
        self._ask(shop, "place", given)

    def _ask(self, shop: Shop, method: str, given: dict[str, Any]) -> None:
        self.count += 1
        with suppress(*REFUSALS):
            receipt = do(shop, Asked(0, f"{self.name}-{self.count}", method, given))
            if receipt is not None and receipt.order not in self.orders:
                self.orders.append(receipt.order)

    def faults(self) -> Iterator[str]:
        """Everything that should not be."""
        yield from map(str, check(self.storage, self.name))
        for timer, at in self.fired:
            if timer.due > at:
                yield f"I18 timer {timer.kind} of {timer.due} fired at {at}"
        with self.storage.reading() as tx:
            left = tx.due(self.name, self.world.time, 10)
        yield from (f"I18 timer {timer.kind} of {timer.due} was lost" for timer in left)
        for record in self.shops[0].orders():
            if any(hold.code == RULE_FAILED for hold in record.holds.values()):
                yield f"{record.number}: rules could not decide"
            unpaid = record.state is OrderState.WAIT_PAY
            if unpaid or (record.state in TERMINAL and record.open_holds):
                yield f"I19 {record.number} is still {record.state}"
            seen = self.storage.decisions(self.name, record.id)
            for facts in {decision.facts_hash for decision in seen}:
                yield from self._negative(record.number, facts)

    def _negative(self, number: str, facts_hash: str) -> Iterator[str]:
        snapshot = json.loads(self.storage.facts(self.name, facts_hash) or "{}")
        for name, value in _numbers(snapshot, ""):
            is_span = any(f".{each}" in name for each in ("days_", "hours_", "minutes_"))
            if value < 0 and is_span and not name.endswith(MAY_BE_NEGATIVE):
                yield f"{number}: {name} is {value}"


def _numbers(value: Any, name: str) -> Iterator[tuple[str, float]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _numbers(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from _numbers(one, name)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield name, value
    elif isinstance(value, str) and value.lstrip("-").isdigit():
        yield name, int(value)
