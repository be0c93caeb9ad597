"""The simulated world: a virtual clock, processes that share a disk, and who goes next by seed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from ordinance.command import Outcome, Receipt
from ordinance.oms import Shop
from ordinance.ports import Conflict, KeyReused, OutOfStock
from ordinance.profile import Profile
from ordinance.releases.said import NotPublished
from ordinance.service.cases import NotReturnable
from ordinance.shop.effects import NotStuck
from ordinance.stock.stockroom import Booked
from tests.core.shop import MONDAY, FixedClock
from tests.simulation.disk import Crash, Disk, Wire, image, storage_on
from tests.simulation.outside import providers
from tests.simulation.process import Process

PROCESSES = 2
"""Two processes at once show everything that more of them can: SQLite lets one write at a time."""

REFUSED = (NotReturnable, ValueError, OutOfStock, KeyReused, NotStuck, NotPublished, Conflict)
"""What a client may be told instead of an answer; then nothing of it was done."""

LONGEST_FUSE = 60
"""Statements that a process which is to die still does, at most; most commands take fewer."""

Do = Callable[[Shop], Any]


class Broken(Exception):
    """A promise that was not kept."""


class NoAnswer:
    """What a client gets whose process died, or where none was free."""


NO_ANSWER = NoAnswer()


@dataclass(frozen=True)
class Asked:
    """A command as a client sent it: it may be sent again, under its key."""

    name: str
    key: str
    do: Do


class World:
    """Everything of one seed."""

    def __init__(self, seed: int, profile: Callable[[], Profile]) -> None:
        self.seed = seed
        self.chance = Random(seed)
        self.clock = FixedClock(MONDAY)
        self.profile = profile()
        self.name = self.profile.shop
        # By a chance of its own, so that what a seed draws besides is what it drew before.
        self.patient = Random(f"{seed} rules").random() < 0.5
        """Whether parcels wait for others; then buyers stay where they live, so that some come."""
        self.disk = Disk(image(profile, patient=self.patient))
        self.sql = self.disk.connection.execute
        self.stormy = True
        """Whether anything fails at all."""
        share = self.chance.choice((0.0, 0.1, 0.3))
        self.outside, self.plan = providers(self.chance, share, self._under_way)
        self.outside.bank.call_back = self._called_back
        self.crash_share = self.chance.choice((0.0, 0.02, 0.06))
        self.aside_share = self.chance.choice((0.0, 0.02, 0.05))
        self.log = hashlib.sha256()
        self.listener: Callable[[str], object] = lambda line: None
        """Who is told each line of the log."""
        self.tries = 0
        self.crashes = 0
        self.acknowledged: dict[str, Any] = {}
        """What was answered to each key."""
        self.checkpoints: list[str] = []
        """What somebody outside keeps of the audit log."""
        self.asked: list[Asked] = []
        """What was answered and may be sent once more."""
        self.unanswered: list[Asked] = []
        """What nobody answered: whether it was done is not known."""
        self.next_step: Callable[[], None] = lambda: None
        self.after_crash: Callable[[], None] = lambda: None
        self._aside_now = False
        self._running: list[Process] = []
        self.processes = [self._started() for _ in range(PROCESSES)]
        self.observer = storage_on(Wire(self.disk, lambda: None))
        """The store as those see it who check it."""

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def later(self, by: timedelta) -> None:
        """Let time go by; a clock that is set back goes back."""
        self.clock.set(self.now + by)

    def note(self, text: str) -> None:
        """Write a line into the log of the run."""
        line = f"{self.now.isoformat()} {text}"
        self.log.update(line.encode())
        self.listener(line)

    def run(self, name: str, work: Callable[[Process], Any]) -> Any:
        """Let a process that is free do something, and perhaps die of it."""
        index = self._free()
        if index is None:
            return NO_ANSWER
        process = self.processes[index]
        self._light_fuse()
        process.busy = True
        self._running.append(process)
        try:
            told = work(process)
            self.note(f"{name} {told}")
            return told
        except REFUSED as refused:
            self.note(f"{name} refused: {refused}")
            return refused
        except Crash:
            self.note(f"{name} crashed")
            self._crashed(process)
            return NO_ANSWER
        finally:
            self._running.pop()
            process.busy = False
            self.disk.fuse = -1

    def ask(self, asked: Asked) -> Any:
        """A client sends a command; one that gets no answer remembers to send it again."""
        told = self.run(f"{asked.name} {asked.key}", lambda process: asked.do(process.shop))
        if told is NO_ANSWER:
            self.unanswered.append(asked)
        elif isinstance(told, Exception):
            if asked.key in self.acknowledged:
                raise Broken(f"{asked.name} `{asked.key}` was answered, then refused: {told}")
        else:
            answer = _answer(told)
            known = self.acknowledged.setdefault(asked.key, answer)
            if known != answer:
                raise Broken(f"`{asked.key}` was answered {known}, and then {answer}")
        return told

    def _started(self) -> Process:
        return Process(
            self.disk, self.profile, self.clock, self.seed, self.outside.outside, self._let_others
        )

    def _free(self) -> int | None:
        free = [number for number, one in enumerate(self.processes) if not one.busy]
        return self.chance.choice(free) if free else None

    def _crashed(self, process: Process) -> None:
        """Start a process anew; where the power failed, all of them."""
        process.wire.die()
        process.busy = False
        self.disk.fuse = -1
        self.crashes += 1
        if self.chance.randrange(4) == 0:
            for other in self.processes:
                other.wire.die()
        for number, one in enumerate(self.processes):
            if one.wire.dead and not one.busy:
                self.tries += one.pump.tries
                self.processes[number] = self._started()
        self.after_crash()

    def _light_fuse(self) -> None:
        if self.stormy and self.chance.random() < self.crash_share:
            self.disk.fuse = self.chance.randrange(LONGEST_FUSE)

    def _let_others(self) -> None:
        """Another process gets in first, wherever this one begins a transaction."""
        if self.stormy and self.chance.random() < self.aside_share:
            self._aside()

    def _under_way(self, key: str) -> None:
        """A call to a provider is under way: the rest of the world goes on, or the caller dies."""
        if not self.stormy or not self._running:
            return
        process = self._running[-1]
        if not process.wire.dead and self.chance.random() < self.aside_share:
            self._aside()
        if self.chance.random() < self.crash_share:
            process.wire.die()
        if process.wire.dead:
            raise Crash

    def _aside(self) -> None:
        if self._aside_now:
            return
        fuse, self.disk.fuse = self.disk.fuse, -1
        self._aside_now = True
        try:
            self.next_step()
        finally:
            self._aside_now = False
            self.disk.fuse = fuse

    def _called_back(self, key: str, answer: str) -> None:
        """The bank says that it paid, when it likes and as often as it likes."""
        order, _, refund, _ = key.split(":")
        told = f"callback:{self.chance.randrange(10**9)}"
        self.ask(
            Asked("bank", told, lambda shop: shop.refund_paid(order, refund, answer, key=told))
        )


def _answer(told: Any) -> Any:
    """What of an answer has to be the same when the command is sent again."""
    if isinstance(told, Receipt):
        return (told.order, told.number, told.status, told.version, told.created)
    if isinstance(told, Outcome):
        return (dict(told.told), tuple(_answer(one) for one in told.orders))
    if isinstance(told, Booked | tuple):
        # They say how the books stand by now.
        return None
    return told
