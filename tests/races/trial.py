"""One trial of a race: shelves, attempts in random order, and what has to be true afterwards."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from ordinance.audit.stockcheck import check_stock
from ordinance.ports import Storage
from tests.races.attempts import Answer, Attempt, fill, race
from tests.races.crew import Crew, Work
from tests.stores import open_storage

TRIALS = int(os.environ.get("ORDINANCE_RACES", "100"))
"""How often each race is run; before a release far more often."""

SEED = int(os.environ.get("ORDINANCE_SEED", "1"))

PER_FILE = 100
"""Trials that share a store; a new one has to be opened by every process."""


@dataclass(frozen=True, slots=True)
class Race:
    """What lies where, who may have it, and who wants it."""

    stock: Mapping[str, int]
    attempts: Sequence[Attempt]
    aside: Mapping[str, int] = field(default_factory=dict)


class Track:
    """Where races are run: a store, and the crew that runs in it."""

    def __init__(self, crew: Crew, folder: Path, work: Work = race) -> None:
        self.crew = crew
        self.work = work
        self._folder = folder
        self._runs = 0
        self._path = folder / "races-0.db"
        self._storage: Storage | None = None

    def run(self, given: Race) -> tuple[list[Answer], Storage, str]:
        """Run one race in a shop of its own; the answers, and where to look at the books."""
        if self._runs % PER_FILE == 0:
            self.close()
            self._path = self._folder / f"races-{self._runs // PER_FILE}.db"
            self._storage = open_storage(self._path)
        assert self._storage is not None
        shop = f"shop-{self._runs}"
        self._runs += 1
        shelves = {("HZ", sku): pieces for sku, pieces in given.stock.items()}
        fill(self._storage, shop, shelves, given.aside)
        answers = self.crew.share(self.work, self._path, given.attempts, shop)
        return [answer for each in answers for answer in each], self._storage, shop

    def close(self) -> None:
        if self._storage is not None:
            self._storage.close()


def complaints(given: Race, answers: Iterable[Answer], storage: Storage, shop: str) -> list[str]:
    """What is wrong after a race whose attempts only took pieces; nothing, if all is well."""
    answers = list(answers)
    wrong = [str(found) for found in check_stock(storage, shop)]
    gone = Counter[str]()
    for answer in answers:
        gone.update(answer.got)
    left = {level.sku: level.unbound for level in storage.stock(shop) if level.warehouse == "HZ"}
    for sku, pieces in given.stock.items():
        aside = sum(one.pieces for one in storage.pools(shop) if one.sku == sku and given.aside)
        if gone[sku] + left[sku] + aside != pieces:
            wrong.append(f"{gone[sku]} of {pieces} {sku} were given away, {left[sku]} are left")
    wants = {attempt.name: attempt for attempt in given.attempts}
    for answer in answers:
        if answer.got:
            continue
        for sku, (wanted, there) in answer.told.items():
            # Pieces only go: what is left now was there when he asked, unless it is for a channel.
            least = 0 if given.aside else left[sku]
            if not least <= there < wanted:
                wrong.append(f"{answer.name} wanted {wanted} {sku} and was told of {there}")
        if wants[answer.name].way != "place" and not answer.told:
            wrong.append(f"{answer.name} got nothing and was told nothing")
    return wrong


def shuffled(attempts: Iterable[Attempt], chance: Random) -> list[Attempt]:
    """The attempts in a random order."""
    mixed = list(attempts)
    chance.shuffle(mixed)
    return mixed
