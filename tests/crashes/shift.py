"""A shift: four hands under load, of which one after the other is killed and started again."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.core.shop import MONDAY
from tests.crashes import forks
from tests.crashes.hand import Hand, Scene
from tests.crashes.inspector import Inspector
from tests.crashes.mutants import MUTANTS
from tests.crashes.reckoning import reckon
from tests.crashes.warming import warm_up

HANDS = 4
GROUP = 25
"""Kills of one store, before all of it is looked at and a new one begins."""

AUDITED = 8
"""The audit log is verified after each so many kills, while the others write."""

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


def restarts(
    folder: Path, addresses: Callable[[Path], str], runs: int, seed: int, mutant: str = ""
) -> Outcome:
    """So many times: some hands write and seal, all of them are killed at once, and whoever comes
    next verifies the audit log against every checkpoint that was handed out."""
    return forks.in_a_warm_process(_restarts, folder, addresses, runs, seed, mutant)


def _restarts(
    folder: Path, addresses: Callable[[Path], str], runs: int, seed: int, mutant: str
) -> Outcome:
    warm_up()
    outcome = Outcome(seed)
    for number in range(runs):
        if number % GROUP == 0:
            place = folder / f"store-{number}"
            place.mkdir(parents=True)
            began = time.monotonic()
            scene = Scene(place, addresses(place), f"{seed}:{number}", began, mutant, 0.3)
            forks.apart(lambda scene=scene: scene.shop().open_stock(MONDAY))  # type: ignore[misc]
            crew = _Crew(scene)
        outcome.faults += [f"run {number}: {alarm}" for alarm in _restart(crew)]
        outcome.counts += Counter(runs=1)
        if number % GROUP == GROUP - 1 or number == runs - 1:
            handed_out = len(crew.scene.auditor.notes())
            outcome.counts += Counter(kills=crew.kills, checkpoints=handed_out)
    return outcome


def _restart(crew: _Crew) -> list[str]:
    """Some hands work for a while and are killed; what the audit log says then."""
    for hand in range(crew.chance.randint(1, 3)):
        crew.start(hand)
    crew.wait_for_work()
    crew.wait()
    crew.leave()
    faults, crew.faults = crew.faults, []
    scene = crew.scene
    return [*faults, *forks.apart(lambda: list(scene.auditor.alarms(scene.storage())))]


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
        for kill in range(kills):
            crew.wait_for_work()
            crew.wait()
            victim = crew.chance.randrange(HANDS)
            crew.kill(victim)
            inspector.look(audit=kill % AUDITED == 0)
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
                MUTANTS[self.scene.mutant](hand.shop, hand.tell)
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
