"""A shift: four hands under load, of which one after the other is killed and started again."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from ordinance.oms import Shop
from ordinance.pump import Pump
from ordinance_adapters import sqlite
from ordinance_adapters.identity import RandomIds
from ordinance_adapters.simulator.outside import simulated
from tests.core.shop import MONDAY, FixedClock, order, profile, shipped_rules
from tests.crashes import forks
from tests.crashes.hand import Hand, Scene
from tests.crashes.inspector import Inspector
from tests.crashes.mutants import MUTANTS
from tests.crashes.reckoning import reckon

HANDS = 4
GROUP = 25
"""Kills of one store, before all of it is looked at and a new one begins."""

LONGEST_MS = 60

A_FEW = 1200
"""Bytes that the hands write down between two kills, one or two orders and what is done to them."""

PATIENCE = 2.0
"""Seconds after which a hand is killed even if they have not."""


@dataclass
class Outcome:
    """What became of a shift."""

    seed: int
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def figures(self) -> str:
        """How much there was of everything."""
        said = ", ".join(f"{count} {name}" for name, count in sorted(self.counts.items()))
        return f"ORDINANCE_SEED={self.seed}: {said}"


def shift(
    folder: Path,
    addresses: Callable[[Path], str],
    kills: int,
    seed: int,
    mutant: str = "",
    enough: int = 1_000_000,
) -> Outcome:
    """Kill so many times, in groups of their own; a shift ends early with so many faults.

    `addresses` says by which address a store is opened that belongs to a folder.
    """
    groups = []
    for number in range(-(-kills // GROUP)):
        place = folder / f"group-{number}"
        place.mkdir(parents=True)
        wanted = min(GROUP, kills - number * GROUP)
        groups.append((place, addresses(place), wanted, f"{seed}:{number}", mutant))
    return forks.in_a_warm_process(_all, seed, groups, enough)


def _all(seed: int, groups: Sequence[tuple[Path, str, int, str, str]], enough: int) -> Outcome:
    warm_up()
    outcome = Outcome(seed)
    for number, one in enumerate(groups):
        counts, faults = group(*one)
        outcome.counts += counts
        outcome.faults += [f"group {number}: {fault}" for fault in faults]
        if len(outcome.faults) >= enough:
            break
    return outcome


def warm_up() -> None:
    """Have everything at hand that a process works out once, so that its forks need not.

    The store in memory has neither a file nor a lock that a fork could break.
    """
    with suppress(ImportError):
        import ordinance_adapters.postgres  # noqa: F401

    rehearsed = Shop(
        sqlite.open_storage(":memory:"),
        profile(),
        shipped_rules(),
        FixedClock(MONDAY),
        RandomIds(),
    )
    with rehearsed as shop:
        shop.open_stock(MONDAY)
        placed = shop.place(order()).order
        Pump(shop, simulated()).work(MONDAY)
        shop.hand_over(placed, "P1", key="left")
        shop.cancel(shop.place(order("A2")).order, key="off")
        Pump(shop, simulated()).work(MONDAY)


def group(
    folder: Path, address: str, kills: int, seed: str, mutant: str = ""
) -> tuple[Counter[str], list[str]]:
    """One store from its making to the last look at it; counts and faults."""
    scene = Scene(folder, address, seed, time.monotonic(), mutant)
    forks.apart(lambda: scene.shop().open_stock(MONDAY))
    crew = _Crew(scene)
    for number in range(HANDS):
        crew.start(number)
    with Inspector(scene) as inspector:
        for _ in range(kills):
            crew.wait_for_work()
            crew.wait()
            victim = crew.chance.randrange(HANDS)
            crew.kill(victim)
            inspector.look()
            crew.start(victim)
            crew.faults += inspector.found()
        crew.swizzle()
        crew.wait()
        crew.leave()
        inspector.look()
        crew.faults += inspector.found()
    counts, faults = forks.apart(lambda: reckon(scene))
    counts["kills"] = crew.kills
    return counts, crew.faults + faults


class _Crew:
    """The hands, as their parent knows them."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.chance = Random(scene.seed)
        self.hands: dict[int, int] = {}
        self.lives: Counter[int] = Counter()
        self.faults: list[str] = []
        self.kills = 0
        self.seen = 0

    def start(self, number: int) -> None:
        life = self.lives[number]
        self.lives[number] += 1

        def work() -> None:
            hand = Hand(self.scene, number, life)
            if self.scene.mutant:
                MUTANTS[self.scene.mutant](hand)
            hand.work()

        self.hands[number] = forks.fork(work)

    def kill(self, number: int) -> None:
        self.kills += 1
        ended = forks.end(self.hands.pop(number))
        if ended != -signal.SIGKILL:
            self.faults.append(f"hand {number} ended by itself with {ended}")

    def wait(self) -> None:
        time.sleep(self.chance.uniform(1, LONGEST_MS) / 1000)

    def wait_for_work(self) -> None:
        """On a machine that is slow just now a hand could be killed before it has begun: wait
        until they have written down a few commands, though not for long."""
        until = time.monotonic() + PATIENCE
        while self._written() < self.seen + A_FEW and time.monotonic() < until:
            time.sleep(0.001)
        self.seen = self._written()

    def _written(self) -> int:
        journal = self.scene.journal
        return journal.stat().st_size if journal.exists() else 0

    def swizzle(self) -> None:
        """Stop all of them one by one, and start them again in another order."""
        for number in self.chance.sample(sorted(self.hands), HANDS):
            self.wait()
            self.kill(number)
        for number in self.chance.sample(range(HANDS), HANDS):
            self.start(number)
            self.wait()

    def leave(self) -> None:
        """Kill all of them at once."""
        for number in sorted(self.hands):
            self.kill(number)
