"""Clocks that differ between workers, step, jump, and pass the days on which calendars stumble.

`ORDINANCE_CLOCKS=500` tries so many lives.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ordinance.fulfilment import tracking
from ordinance.outside import Outside, PortFailed
from ordinance.ports import EffectState
from ordinance.pump import Pump
from ordinance_adapters.simulator.outside import simulated
from tests.core.shop import MONDAY, Bench, FixedClock, order
from tests.crashes.clocks import Trial, WatchingPump
from tests.stores import open_storage

SEEDS = int(os.environ.get("ORDINANCE_CLOCKS", "48"))
SEED = int(os.environ.get("ORDINANCE_SEED", "0"))
ACTS = 40


def lives(seeds: int) -> Iterator[str]:
    """What is wrong after each of so many lives."""
    storage = open_storage(":memory:")
    for seed in range(SEED, SEED + seeds):
        trial = Trial(storage, seed)
        trial.live(ACTS)
        trial.end()
        yield from (f"ORDINANCE_SEED={seed}: {fault}" for fault in trial.faults())
    storage.close()


@pytest.mark.slow
def test_whatever_the_clocks_say_everything_adds_up_and_nothing_is_lost() -> None:
    assert list(lives(SEEDS)) == []


@pytest.mark.slow
def test_a_time_that_is_less_than_none_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracking, "elapsed", lambda since, now: now - since)

    assert any("days_in_transit is -" in fault for fault in lives(48))


@pytest.mark.slow
def test_a_timer_that_fires_too_early_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    timers = Pump.timers

    def early(self: Pump, now: datetime, limit: int = 1000) -> list[str]:
        return timers(self, now + timedelta(minutes=20), limit)

    monkeypatch.setattr(WatchingPump, "timers", early)

    assert any("I18" in fault for fault in lives(8))


def test_timers_of_an_order_fire_in_the_order_in_which_they_are_due(tmp_path: Path) -> None:
    """Nobody worked for nine days: what was due on the fifth comes before what was due on the
    seventh, although it was only set when that of the second day fired."""
    bench = Bench(tmp_path)
    lines = [{"sku": "TEA", "quantity": 14, "unit_price": "50.00"}]
    placed = bench.place(lines=lines)
    bench.hand_over(placed)
    bench.shop.cancel(placed, key="c", pieces=[("TEA", 3)])
    bench.pump.work(MONDAY + timedelta(days=9))
    fired = [event for event in bench.shop.storage.events("teashop", placed) if event.at > MONDAY]

    assert len({event.at for event in fired}) >= 4
    assert [event.at for event in fired] == sorted(event.at for event in fired)


class Late:
    """Warehouses, or whoever else, with whom another worker is quicker."""

    def __init__(self, world: Outside) -> None:
        self._world = world
        self.meanwhile: Pump | None = None

    def waybill(self, key: str, carrier: str, order_number: str, weight_grams: int) -> str:
        """The first worker is held up until the second one has done it, and fails then."""
        if self.meanwhile is None:
            return self._world.carriers.waybill(key, carrier, order_number, weight_grams)
        other, self.meanwhile = self.meanwhile, None
        other.effects(MONDAY + timedelta(hours=1))
        raise PortFailed("too late")

    def push(self, key: str, warehouse: str, document: Mapping[str, object]) -> str:
        return self._world.warehouses.push(key, warehouse, document)


def test_a_worker_that_was_held_up_takes_nothing_back(tmp_path: Path) -> None:
    """Its turn is over: another one has taken the effect, and what it reports does not count."""
    bench = Bench(tmp_path)
    world = simulated()
    late = Late(world)
    outside = Outside(world.payments, late, world.warehouses, world.notifier)
    slow, quick = Pump(bench.shop, outside), Pump(bench.shop, world)
    placed = bench.shop.place(order()).order
    late.meanwhile = quick
    slow.effects(MONDAY)

    assert bench.shop.effects() == ()
    pushed = bench.shop.effect(f"{placed}:push:P1")
    assert (pushed.state, pushed.attempts, pushed.error) == (EffectState.DONE, 0, None)


def test_a_checkout_that_another_clock_let_run_out_is_not_honoured(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    ahead = FixedClock(MONDAY + timedelta(minutes=6))
    bench.shop.reserve("cart", {"TEA": 8}, minutes=5, key="r")
    bench.shop.expire_reservations(ahead.now())
    other = bench.place(lines=[{"sku": "TEA", "quantity": 8, "unit_price": "50.00"}])
    late = bench.shop.place(order("A2", buyer={"id": "u2"}), reservation="cart").order
    bench.well()

    assert bench.record(other).parcels["P1"].warehouse == "HZ"
    assert "checkout.not_honoured" in bench.events(late)
