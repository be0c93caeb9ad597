"""Every-step crash: a life of an order is broken off at each of its crash points, once more while
it recovers, and has to come to the same end.

Each step begins where the life without a crash had left the store, so that a crash costs one step
and not a whole life. When it is over, all that is stored has to be the same as without a crash, and
so has the ledger of the world outside: what comes after it is then the same too, which a part of
the crashes shows by going on to the end.
"""

from __future__ import annotations

import gc
import shutil
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from random import Random

from ordinance.audit.doctor import check
from ordinance.oms import Shop
from ordinance.ports import Storage
from ordinance.pump import Pump
from ordinance_adapters import sqlite
from ordinance_adapters.identity import SeededIds
from ordinance_adapters.sqlite.store import SqliteStorage
from tests.core.shop import FixedClock, profile, shipped_rules
from tests.crashes import forks
from tests.crashes.mutants import MUTANTS
from tests.crashes.points import POINTS, watch, watched
from tests.crashes.provider import Provider, calls
from tests.crashes.stories import STORIES, Step
from tests.crashes.warming import warm_up

SHOP = "teashop"

TO_THE_END = 12
"""Every so many-th crash goes on to the end of the life."""


@dataclass(frozen=True, slots=True)
class Place:
    """A store with the ledger of its world outside."""

    folder: Path
    address: str

    @property
    def ledger(self) -> Path:
        """What the world outside did."""
        return self.folder / "ledger.txt"

    def storage(self) -> Storage:
        """The store, opened anew."""
        if not self.address.startswith("postgresql"):
            return sqlite.open_storage(self.address)
        from ordinance_adapters.postgres import open_storage

        return open_storage(self.address, connections=2)


@dataclass(frozen=True, slots=True)
class Known:
    """How the life without a crash stands before or after a step."""

    content: frozenset[str]
    ledger: frozenset[tuple[str, str, str]]
    points: int = 0
    """Crash points of the step before it."""
    lasting: frozenset[int] = frozenset()
    """Those of them before which something happened that a crash does not take back."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of all the crashes of a life."""

    crashes: int
    second: int
    """How many of them were struck again while they recovered."""
    ended: int
    """How many went on to the end of the life."""
    faults: tuple[str, ...]

    def figures(self) -> str:
        """How much there was of everything."""
        return (
            f"{self.crashes} crashes, {self.second} of them with a second one, {self.ended} "
            f"carried on to the end, {len(self.faults)} faults"
        )

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(
            self.crashes + other.crashes,
            self.second + other.second,
            self.ended + other.ended,
            (*self.faults, *other.faults),
        )


@dataclass(frozen=True, slots=True)
class Life:
    """A life of orders, where it is tried, and the bug that strikes before the first crash."""

    folder: Path
    addresses: Callable[[Path], str]
    story: str
    mutant: str = ""

    @property
    def steps(self) -> Sequence[Step]:
        """What happens in it."""
        return STORIES[self.story]

    def place(self, name: str) -> Place:
        """A place of that name; nothing is there yet."""
        folder = self.folder / name
        folder.mkdir(parents=True)
        return Place(folder, self.addresses(folder))


@dataclass(frozen=True, slots=True)
class Sample:
    """Which of the points are tried: one in so many of those before which something was committed
    or done outside, and of the others, which leave the same behind as the one before them."""

    lasting: int = 1
    others: int = 1

    def takes(self, number: int, lasting: bool) -> bool:
        """Whether a point is one of them."""
        return number % (self.lasting if lasting else self.others) == 0


def crashes(life: Life, seed: int, sample: Sample, enough: int = 1_000_000) -> Outcome:
    """Break a life off at its crash points, and tell what came of it."""
    return forks.in_a_warm_process(_all, life, seed, sample, enough)


def _all(life: Life, seed: int, sample: Sample, enough: int) -> Outcome:
    warm_up()
    watch()
    gc.freeze()
    places, known = _without_a_crash(life)
    chance = Random(seed)
    outcome = Outcome(0, 0, 0, ())
    seen = {True: seed, False: seed}
    for turn, step in enumerate(life.steps):
        for deadly in range(1, known[turn + 1].points + 1):
            lasting = deadly in known[turn + 1].lasting
            seen[lasting] += 1
            if not sample.takes(seen[lasting], lasting):
                continue
            rest = life.steps[turn + 1 :] if outcome.crashes % TO_THE_END == 0 else ()
            one = _Crash(life, step, rest, deadly, chance.randint(1, known[turn + 1].points))
            outcome += one.happen(places[turn], known[turn + 1], known[-1])
            if len(outcome.faults) >= enough:
                return outcome
    return outcome


def _without_a_crash(life: Life) -> tuple[list[Place], list[Known]]:
    """Where the life stands before its first step and after each, when nothing goes wrong."""
    places, known = [life.place("0")], [Known(frozenset(), frozenset())]
    forks.apart(lambda: places[0].storage().close())
    places[0].ledger.touch()
    for number, step in enumerate(life.steps, 1):
        place = life.place(str(number))
        _copy(places[-1], place)

        def perform(place: Place = place, step: Step = step) -> Known:
            storage = place.storage()
            points, lasting = _perform(place, storage, [step])
            _demand_well(storage)
            known = _known(place, storage)
            storage.close()
            return replace(known, points=points, lasting=frozenset(lasting))

        places.append(place)
        known.append(forks.apart(perform))
    return places, known


@dataclass(frozen=True, slots=True)
class _Crash:
    """One crash, with the second one that strikes the recovery."""

    life: Life
    step: Step
    rest: Sequence[Step]
    deadly: int
    second: int

    def happen(self, before: Place, after: Known, end: Known) -> Outcome:
        """Break off, recover, break off again, recover, and compare."""
        place = self.life.place(f"{self.step.name} {self.deadly}")
        _copy(before, place)
        name = f"{self.step.name}, killed at point {self.deadly} and then at {self.second}"
        try:
            died = forks.wait(forks.fork(lambda: self._die(place)))
            if died != -signal.SIGKILL:
                return Outcome(1, 0, 0, (f"{name}: it ended with {died}",))
            again = forks.wait(forks.fork(lambda: self._recover(place)))
            found = forks.apart(lambda: self._finish(place, after, end))
            if again not in (0, -signal.SIGKILL):
                found.insert(0, f"the recovery ended with {again}")
        except forks.Failed as failed:
            again, found = 0, [str(failed).strip().splitlines()[-1]]
        finally:
            forks.apart(lambda: _drop(place))
        faults = tuple(f"{name}: {fault}" for fault in found)
        return Outcome(1, int(again == -signal.SIGKILL), int(bool(self.rest)), faults)

    def _die(self, place: Place) -> None:
        _perform(place, place.storage(), [self.step], self.deadly, self.life.mutant)

    def _recover(self, place: Place) -> None:
        storage = place.storage()
        _demand_well(storage)
        _perform(place, storage, [self.step], self.second)

    def _finish(self, place: Place, after: Known, end: Known) -> list[str]:
        storage = place.storage()
        _demand_well(storage)
        _perform(place, storage, [self.step])
        found = list(_differs(_known(place, storage), after))
        if self.rest:
            _perform(place, storage, self.rest)
            found += [f"in the end {one}" for one in _differs(_known(place, storage), end)]
        return found


def _perform(
    place: Place, storage: Storage, steps: Sequence[Step], deadly: int = 0, mutant: str = ""
) -> tuple[int, set[int]]:
    """Take some steps, and after each let the shop work until there is nothing to do; the points
    that were passed, and those that last."""
    clock = FixedClock(steps[0].at)
    shop = Shop(storage, profile(), shipped_rules(), clock, SeededIds(1))
    if mutant:
        MUTANTS[mutant](shop, lambda order, number, version: None)
    pump = Pump(shop, watched(Provider(place.ledger).outside))
    POINTS.arm(deadly)
    for step in steps:
        clock.set(step.at)
        step.do(shop, pump, step.at)
        _settle(pump, step.at)
    passed = POINTS.passed, POINTS.lasting
    POINTS.arm(0)
    return passed


def _settle(pump: Pump, now: datetime) -> None:
    for _ in range(20):
        if not pump.work(now):
            return
    raise AssertionError("the shop does not come to rest")


def _copy(before: Place, place: Place) -> None:
    """The same store, in another place."""
    if not place.address.startswith("postgresql"):
        shutil.copytree(before.folder, place.folder, dirs_exist_ok=True)
        return
    shutil.copy(before.ledger, place.ledger)
    forks.apart(lambda: place.storage().fill(before.storage().content()))


def _drop(place: Place) -> None:
    shutil.rmtree(place.folder)
    if place.address.startswith("postgresql"):
        import psycopg

        url, _, schema = place.address.rpartition("schema=")
        with psycopg.connect(url.rstrip("?&"), autocommit=True) as connection:
            connection.execute(f"DROP SCHEMA {schema} CASCADE")  # type: ignore[arg-type]


def _known(place: Place, storage: Storage) -> Known:
    return Known(frozenset(storage.content()), frozenset(calls(place.ledger)))


def _differs(found: Known, wanted: Known) -> Iterator[str]:
    """What is not as it is without a crash."""
    for line in sorted(found.content - wanted.content)[:3]:
        yield f"only after a crash: {line[:300]}"
    for line in sorted(wanted.content - found.content)[:3]:
        yield f"only without a crash: {line[:300]}"
    for call in sorted(found.ledger ^ wanted.ledger):
        yield f"outside it differs: {call}"


def _demand_well(storage: Storage) -> None:
    """Raise where a store is not well right after a restart."""
    found = list(map(str, check(storage, SHOP)))
    if isinstance(storage, SqliteStorage):
        found += sound(storage)
    if found:
        raise AssertionError(f"after the restart: {found[0]}")


def sound(storage: SqliteStorage) -> Iterator[str]:
    """What is wrong with a file of SQLite."""
    for (said,) in storage._rows("PRAGMA integrity_check", ()):
        if said != "ok":
            yield f"the file is damaged: {said}"
