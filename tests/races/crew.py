"""A crew of processes that are kept over many trials: all of them start each trial at once."""

from __future__ import annotations

import multiprocessing
import traceback
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from ordinance.oms import Shop
from ordinance.ports import Storage
from ordinance_adapters.identity import SeededIds
from tests.core.shop import ITEMS, MONDAY, FixedClock, profile, shipped_rules
from tests.stores import open_storage

HANDS = 8
PATIENCE = 120.0
"""Seconds after which a trial has hung."""

Work = Callable[..., Any]


class Tools:
    """What one process keeps open from one trial to the next."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._path = ""
        self._storage: Storage | None = None

    def storage(self, path: str) -> Storage:
        """The store at a path; it stays open until another one is wanted."""
        if self._storage is None or path != self._path:
            self.close()
            self._path, self._storage = path, open_storage(path)
        return self._storage

    def shop(self, path: str, name: str, **changes: Any) -> Shop:
        """The shop of that name in the store at a path, as this process sees it."""
        return open_shop(self.storage(path), name, self.number, **changes)

    def close(self) -> None:
        if self._storage is not None:
            self._storage.close()


def open_shop(storage: Storage, name: str, seed: int = 0, **changes: Any) -> Shop:
    """A shop of the test world; each trial has one of its own in the same file."""
    return Shop(
        storage,
        profile(**{"shop": name, "items": ITEMS, "stock": {}, **changes}),
        shipped_rules(),
        FixedClock(MONDAY),
        SeededIds(seed),
    )


def _labour(number: int, pipe: Connection, together: Barrier) -> None:
    tools = Tools(number)
    while (job := pipe.recv()) is not None:
        work, place, arguments = job
        try:
            tools.storage(place)
            together.wait(timeout=PATIENCE)
            pipe.send((True, work(tools, place, *arguments)))
        except BaseException:
            # A lock that nobody handled, or anything else, fails the trial by name.
            pipe.send((False, traceback.format_exc()))
    tools.close()


class Crew:
    """So many processes; `run` gives each its part of a trial and waits for all of them."""

    def __init__(self, hands: int = HANDS) -> None:
        context = multiprocessing.get_context("spawn")
        # Kept, for a barrier that nobody holds is gone before the processes have found it.
        self._together = context.Barrier(hands)
        self._pipes: list[Connection] = []
        self._processes = []
        for number in range(hands):
            here, there = context.Pipe()
            process = context.Process(
                target=_labour, args=(number, there, self._together), daemon=True
            )
            process.start()
            there.close()
            self._pipes.append(here)
            self._processes.append(process)

    def run(self, work: Work, path: Path, parts: Sequence[Sequence[Any]]) -> list[Any]:
        """What each process answers; what one of them raises fails here."""
        for pipe, part in zip(self._pipes, parts, strict=True):
            pipe.send((work, str(path), tuple(part)))
        answers, wrong = [], []
        for pipe in self._pipes:
            assert pipe.poll(PATIENCE), "a process hangs"
            done, answer = pipe.recv()
            (answers if done else wrong).append(answer)
        assert not wrong, wrong[0]
        return answers

    def share(
        self, work: Work, path: Path, attempts: Sequence[Any], *arguments: Any
    ) -> list[list[Any]]:
        """Deal the attempts out like cards and run them; the answers of each process."""
        hands = len(self._pipes)
        return self.run(
            work, path, [(*arguments, list(attempts[number::hands])) for number in range(hands)]
        )

    def close(self) -> None:
        for pipe in self._pipes:
            pipe.send(None)
        for process in self._processes:
            process.join(timeout=30)
            if process.is_alive():
                process.kill()
