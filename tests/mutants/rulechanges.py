"""Rules: M15, and the test that finds it; the races of it are `tests/publishing/test_traffic`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ordinance.command import Runner
from ordinance.orders.desk import Desk
from ordinance.releases.force import RulesInForce
from ordinance.releases.office import Office
from tests.core.shop import Bench, order
from tests.mutants.mutant import Mutant, Patch
from tests.mutants.scene import bench_in, findings
from tests.publishing.editions import edition
from tests.publishing.faults import FAULTS

PLACES: tuple[tuple[Any, str], ...] = (
    (RulesInForce, "ready"),
    (Runner, "_with_rules"),
    (Desk, "decide"),
)
"""What the faults of publishing take the place of."""


def planted(name: str) -> Callable[[Patch], None]:
    """One of those faults, undone at the end."""

    def plant(patch: Patch) -> None:
        for owner, attribute in PLACES:
            patch.setattr(owner, attribute, getattr(owner, attribute))
        FAULTS[name]()

    return plant


EDITIONS = "甲乙丙丁"


class Publisher:
    """Publishes one edition after another, now and then one that is refused."""

    def __init__(self, bench: Bench, chance: Random) -> None:
        self._office: Office = bench.shop.office
        self._clock = bench.clock
        self._chance = chance
        self.entry = 0

    def publish(self) -> None:
        live = self._office.status().live
        base = live.version if live else 0
        name = EDITIONS[base % len(EDITIONS)]
        now = self._clock.now()
        entry = self._office.publish(
            edition(name), author="Lan", note=f"after {base}", base=base, now=now
        )
        self.entry = entry.seq

    @contextmanager
    def before_each_command(self, bench: Bench) -> Iterator[None]:
        """Publish just before a command has the store for itself, every other time."""
        storage = type(bench.shop.storage)
        real: Any = storage.transact
        busy: list[bool] = []

        def transact(asked: Any, work: Callable[[Any], Any]) -> Any:
            if not busy and work.__qualname__.startswith(_OF_COMMANDS):
                busy.append(True)
                if self._chance.random() < 0.6:
                    self.publish()
                busy.pop()
            return real(asked, work)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(storage, "transact", transact)
            yield


_OF_COMMANDS = ("Runner.", "looks_before_it_has_the_store.")


def published_while_deciding(folder: Path, seed: int) -> list[str]:
    """Every decision of a command is made by the release that was in force when it had the store,
    and by no other."""
    chance = Random(seed)
    wrong: list[str] = []
    with bench_in(folder) as bench:
        publisher = Publisher(bench, chance)
        publisher.publish()
        publisher.publish()
        with publisher.before_each_command(bench):
            for number in range(8):
                drafted = order(f"A{number}", buyer={"id": f"u{number}"})
                placed = bench.shop.place(drafted).order
                made = bench.shop.storage.decisions("teashop", placed)
                wrong += _made_by_others(bench, made, publisher.entry)
        wrong += findings(bench)
    return wrong


def _made_by_others(bench: Bench, made: Any, entry: int) -> list[str]:
    journal = bench.shop.storage.journal("teashop")
    hashes = bench.shop.office.release(journal[entry - 1].live).hashes()
    return [
        f"{one.point} by entry {one.published}, {entry} was in force"
        for one in made
        if one.published != entry or one.rules_hash != hashes[one.point]
    ]


MUTANTS = tuple(
    Mutant(
        "M15",
        name.replace("_", " "),
        planted(name),
        published_while_deciding,
        long=name != "looks_before_it_has_the_store",
    )
    for name in FAULTS
)
