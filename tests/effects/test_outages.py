"""Providers that are away for a day, or go away and come back one by one: orders still come in,
nobody is pestered, and afterwards everything has happened once."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ordinance import pump
from ordinance.effects import doing
from ordinance.effects.circuit import Circuits
from ordinance.ports import EffectState, StoredEffect
from ordinance.retries import CIRCUITS
from tests.core.shop import MONDAY
from tests.effects.provider import Provider
from tests.effects.storm import Seen, Storm, faults, recorded

SEED = int(os.environ.get("ORDINANCE_SEED", "20260302"))

Patch = pytest.MonkeyPatch

STEP = timedelta(minutes=5)
ORDERS_EVERY = timedelta(minutes=30)
BEFORE = timedelta(hours=6)
"""How long all is well first: the steady rate."""
AWAY = timedelta(hours=24)
ROUNDS = 4
"""How often each of them goes away and comes back."""


class Outage(Storm):
    """Orders that come in steadily, and providers of which each is away for some spans of time."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, SEED, 0.0)
        self.number = 0

    def go_on(self, until: datetime) -> None:
        """Time passes, an order comes in now and then, a worker works."""
        while self.now < until:
            if (self.now - MONDAY) % ORDERS_EVERY == timedelta():
                self._come_in(self.number)
                self.number += 1
            self._work(STEP)

    def end(self, seen: Seen) -> None:
        """No more orders come in; a person sees to what was given up."""
        until = self.now + timedelta(days=5)
        while self.shop.effects() and self.now < until:
            self._work(STEP)
            self._person(seen)

    def calls(self, provider: Provider, since: datetime, until: datetime) -> int:
        """How often it was called in that time."""
        return sum(since <= at < until for at, _ in provider.calls)


def everybody_away(folder: Path, patch: Patch) -> tuple[Outage, Seen, list[str]]:
    """All of them are away for a day; what is wrong in it and after it."""
    print(f"ORDINANCE_SEED={SEED}")
    with recorded(patch) as seen:
        outage = Outage(folder)
        outage.go_on(MONDAY + BEFORE)
        gone, back = outage.now, outage.now + AWAY
        for provider in outage.providers.all:
            provider.plan.down.append((gone, back))
        outage.go_on(back)
        waiting = len(outage.shop.effects())
        outage.end(seen)
    wrong = faults(outage, seen)
    for provider in outage.providers.all:
        name = type(provider).__name__
        steady = outage.calls(provider, MONDAY, gone) / (BEFORE / AWAY)
        away = outage.calls(provider, gone, back)
        after = outage.calls(provider, back, outage.now)
        print(f"{name}: {steady:.0f} calls a day, {away} while away, {after} afterwards")
        # What was asked for in that day is made up for; each call that is not needed is a storm.
        if after > 2 * steady:
            wrong.append(f"{name} was called {after} times afterwards, {steady:.0f} a day before")
        # One call finds out each time that a worker works, and no effect calls for itself.
        if away > AWAY / STEP + CIRCUITS["payments"].failures:
            wrong.append(f"{name} was called {away} times while it was away")
    if waiting < AWAY / ORDERS_EVERY:
        wrong.append(f"only {waiting} effects waited for somebody who was away")
    return outage, seen, wrong


@pytest.mark.slow
def test_a_day_without_anybody_outside_is_made_up_for_without_a_storm(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    outage, _, wrong = everybody_away(tmp_path, monkeypatch)

    assert wrong == []
    assert outage.number == (BEFORE + AWAY) / ORDERS_EVERY, "orders came in all the time"


@pytest.mark.slow
def test_every_provider_goes_away_and_comes_back_in_another_order(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    print(f"ORDINANCE_SEED={SEED}")
    chance = Random(SEED)
    with recorded(monkeypatch) as seen:
        outage = Outage(tmp_path)
        for round_ in range(ROUNDS):
            began = MONDAY + round_ * timedelta(hours=8)
            goes, comes = (chance.sample(outage.providers.all, 4) for _ in range(2))
            for place, provider in enumerate(goes):
                back = 4 + comes.index(provider)
                provider.plan.down.append(
                    (began + place * timedelta(hours=1), began + back * timedelta(hours=1))
                )
        outage.go_on(MONDAY + ROUNDS * timedelta(hours=8))
        outage.end(seen)

    assert faults(outage, seen) == []
    assert all(provider.met["connect timeout"] for provider in outage.providers.all)
    assert outage.shop.effects((EffectState.DONE,))


def no_circuit(patch: Patch) -> None:
    """Nobody is ever left alone."""
    patch.setattr(Circuits, "closed", lambda self, adapters, now: True)
    patch.setattr(Circuits, "enter", lambda self, adapters, now: True)


def thrice(patch: Patch) -> None:
    """What failed once is asked for three times, to be on the safe side."""
    carry_out = doing.carry_out

    def again_and_again(stored: StoredEffect, *given: Any, **how: Any) -> str:
        times = 3 if stored.attempts else 1
        return [carry_out(stored, *given, **how) for _ in range(times)][-1]

    patch.setattr(pump, "carry_out", again_and_again)


def gives_up(patch: Patch) -> None:
    """What is given up is dropped, and nobody is told."""
    patch.setattr(Outage, "_person", lambda self, seen: None)


MUTANTS = {no_circuit: "while it was away", thrice: "times afterwards", gives_up: "left: "}


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.__name__)
def test_a_planted_mistake_is_found(
    mutant: Callable[[Patch], None], tmp_path: Path, monkeypatch: Patch
) -> None:
    mutant(monkeypatch)

    _, _, wrong = everybody_away(tmp_path, monkeypatch)

    assert any(MUTANTS[mutant] in one for one in wrong), wrong
