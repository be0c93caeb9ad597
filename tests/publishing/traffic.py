"""Many processes decide while rules are published all the time: what each did, and whether it may.

`python -m tests.publishing.traffic 60` does so for a minute and tells figures.
"""

from __future__ import annotations

import multiprocessing
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from ordinance.oms import Shop
from ordinance.ports import StorageError, StoredEntry
from ordinance.releases.office import Office, demand_fit
from ordinance.releases.release import Release, from_path
from ordinance.releases.said import NotPublished
from ordinance.rules import RuleFileError
from ordinance_adapters.identity import SeededIds
from tests import keyrings
from tests.core.shop import MONDAY, FixedClock, order, profile
from tests.publishing.editions import BAD, edition, texts, write
from tests.publishing.faults import FAULTS
from tests.stores import open_storage

EVERY_SECONDS = 0.1
REST_SECONDS = 0.1
"""What a process rests after each command: without it all of them do nothing but wait for the
store, and the publisher with them."""

EDITIONS = ("甲", "乙", "丙")
SHOP = "teashop"

together: Barrier
"""Where the processes wait for each other; each gets it when it starts."""


@dataclass(frozen=True, slots=True)
class Act:
    """What a process did, and the two instants between which it happened; all have one clock."""

    began: float
    ended: float
    what: str
    """The id of an order, the kind of an entry, `refused`, or `busy` for a store that was."""
    entry: int = 0
    version: int = 0
    decisions: int = 0
    """For an entry: the last decision that the store held when it was written."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """What all of them did, each in its order."""

    publishing: list[Act]
    commands: list[Act]


class MarkingOffice(Office):
    """Notes how far the decisions had come when an entry was written, under the same lock."""

    decisions = 0

    def _append(self, tx: Any, *entry: Any) -> StoredEntry:
        ((self.decisions,),) = tx._run("SELECT coalesce(max(rowid), 0) FROM decisions", ())
        return super()._append(tx, *entry)


def take_place(start: Barrier) -> None:
    global together
    together = start


def carry(path: Path, seconds: float, *, workers: int, seed: int, fault: str = "") -> Traffic:
    """Publish and decide for some seconds; what a process fails with is raised here."""
    storage = open_storage(path)
    _publish(Office(storage, SHOP), edition(EDITIONS[0]))
    storage.close()
    broken = write(path.parent / "broken", {**texts("丁"), "notify.yaml": "decision: [\n"})
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(workers + 1)
    with context.Pool(workers + 1, initializer=take_place, initargs=(start,)) as pool:
        publishing = pool.apply_async(publish, (str(path), str(broken), seconds, seed))
        deciding = [
            pool.apply_async(decide, (str(path), number, seconds, fault))
            for number in range(workers)
        ]
        commands = [act for one in deciding for act in one.get(timeout=seconds + 240)]
        return Traffic(publishing.get(timeout=240), commands)


def publish(path: str, broken: str, seconds: float, seed: int) -> list[Act]:
    """Publish, roll back, try something in the shadow or be refused, every tenth of a second."""
    chance = random.Random(seed)
    storage = open_storage(path)
    office = MarkingOffice(storage, SHOP)
    good = [edition(name) for name in EDITIONS]
    for release in good:
        # Checked once beforehand: the seconds below are for publishing, not for working out rules.
        demand_fit(release.book)
    bad: list[Callable[[], StoredEntry]] = [
        *(partial(_publish, office, kind("丁")) for kind in BAD),
        lambda: _publish(office, from_path(Path(broken))[0]),
    ]
    together.wait(timeout=200)
    beat = time.monotonic()
    until = beat + seconds
    acts: list[Act] = []
    while beat < until:
        acts.append(_timed(office, lambda: _something(office, good, bad, chance)))
        # A beat that was missed is not made up for.
        beat = max(beat + EVERY_SECONDS, time.monotonic())
        time.sleep(max(0.0, beat - time.monotonic()))
    storage.close()
    return acts


def _something(
    office: Office,
    good: list[Release],
    bad: list[Callable[[], StoredEntry]],
    chance: random.Random,
) -> StoredEntry:
    die = chance.random()
    if die < 0.3:
        return chance.choice(bad)()
    if die < 0.4:
        return office.rollback(by="Zhu", note="back", now=MONDAY)
    if die < 0.5:
        return office.start_shadow(chance.choice(good), by="Zhu", note="try", now=MONDAY)
    live = office.status().live
    assert live is not None
    others = [release for release in good if release.hash != live.hash]
    return _publish(office, chance.choice(others))


def _publish(office: Office, release: Release) -> StoredEntry:
    live = office.status().live
    return office.publish(
        release, author="Lan", note="next", now=MONDAY, base=live.version if live else 0
    )


def decide(path: str, number: int, seconds: float, fault: str) -> list[Act]:
    """Place one order after another; each is one command with a dozen decisions."""
    if fault:
        FAULTS[fault]()
    storage = open_storage(path)
    stock = {("HZ", "TEA"): 10_000_000}
    shop = Shop(storage, profile(stock=stock), None, FixedClock(MONDAY), SeededIds(number))
    shop.open_stock(MONDAY)
    together.wait(timeout=200)
    until = time.monotonic() + seconds
    acts: list[Act] = []
    while time.monotonic() < until:
        name = f"W{number}-{len(acts)}"
        placed = order(name, buyer={"id": name}, receiver=_receiver(number, len(acts)))
        began = time.monotonic()
        try:
            what = shop.place(placed, now=MONDAY).order
        except StorageError:
            what = "busy"
        acts.append(Act(began, time.monotonic(), what))
        time.sleep(REST_SECONDS)
    storage.close()
    return acts


def _receiver(number: int, count: int) -> dict[str, object]:
    """Somebody else for every order: none is taken for a repetition of another."""
    return {
        "name": f"W{number}",
        "phone": f"138{number:03}{count:05}",
        "region": "330106",
        "address": f"文一路{number}号{count}室",
        "latitude": 30.28,
        "longitude": 120.12,
    }


def _timed(office: MarkingOffice, do: Callable[[], StoredEntry]) -> Act:
    began = time.monotonic()
    try:
        entry = do()
    except (NotPublished, RuleFileError):
        return Act(began, time.monotonic(), "refused")
    ended = time.monotonic()
    return Act(began, ended, entry.kind.value, entry.seq, entry.version, office.decisions)


def main() -> None:
    """Let eight processes decide for the seconds given, and tell what came of it."""
    from tests.publishing.verdict import figures, wrong

    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shop.db"
        traffic = carry(path, seconds, workers=8, seed=seed)
        print(f"seed {seed}; {figures(path, traffic)}")
        found = wrong(path, traffic, replayed=500)
    for fault in found[:20]:
        print(fault)
    print(f"{len(found)} faults")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    keyrings.ready()
    main()
