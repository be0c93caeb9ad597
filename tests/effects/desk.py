"""A shop whose ports do what a test says, call by call."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ordinance.outside import Outside
from ordinance.stored import StoredEffect
from tests.core.shop import MONDAY, Bench, order


class Port:
    """All four ports in one shape. `then` are failures of the next calls; None is none."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.then: deque[Exception | None] = deque()
        self.keys: list[str] = []

    def say(self, *failures: Exception | None) -> None:
        """What becomes of the next calls; after them all succeed."""
        self.then.extend(failures)

    def _called(self, key: str) -> str:
        self.keys.append(key)
        failure = self.then.popleft() if self.then else None
        if failure is not None:
            raise failure
        return f"{self.name}-{len(self.keys)}"

    def refund(self, key: str, order_number: str, transaction: str, amount_minor: int) -> str:
        return self._called(key)

    def waybill(self, key: str, carrier: str, order_number: str, weight_grams: int) -> str:
        return self._called(key)

    def push(self, key: str, warehouse: str, document: Mapping[str, object]) -> str:
        return self._called(key)

    def send(self, key: str, channel: str, template: str, values: Mapping[str, object]) -> None:
        self._called(key)


class Askable(Port):
    """A port that can be asked what became of a key."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.known: dict[str, str] = {}
        self.asked: list[str] = []
        self.silent: deque[Exception] = deque()

    def lookup(self, key: str) -> str | None:
        self.asked.append(key)
        if self.silent:
            raise self.silent.popleft()
        return self.known.get(key)


class Desk:
    """A shop with its ports, and a clock that a test moves."""

    def __init__(self, folder: Path, **changes: Any) -> None:
        self.bench = Bench(folder, **changes)
        self.shop = self.bench.shop
        self.bank, self.carrier = Askable("R"), Port("W")
        self.warehouse, self.messages = Port("H"), Port("M")
        self.now = MONDAY

    @property
    def outside(self) -> Outside:
        """A new one each time: what is known of circuits begins anew."""
        return Outside(self.bank, self.carrier, self.warehouse, self.messages)

    def work(self, **later: float) -> datetime:
        """Let some time go by, then work, as a process that has just been started."""
        self.now += timedelta(**later)
        self.bench.clock.set(self.now)
        self.shop.work(self.now, self.outside)
        return self.now

    def place(self, source_id: str = "A1", *, cancelled: bool = False) -> str:
        """An order that came in just now; its id."""
        placed = self.shop.place(order(source_id), now=self.now).order
        if cancelled:
            self.shop.cancel(placed, key=f"cancel:{source_id}", now=self.now)
        return placed

    def of(self, kind: str) -> list[StoredEffect]:
        """The effects of a kind that are not done."""
        return [stored for stored in self.shop.effects() if stored.effect.kind == kind]

    def the(self, kind: str) -> StoredEffect:
        """The one effect of a kind that is not done."""
        (found,) = self.of(kind)
        return found

    def happened(self) -> Mapping[str, int]:
        """How often each key was called, over all ports."""
        counts: defaultdict[str, int] = defaultdict(int)
        for port in (self.bank, self.carrier, self.warehouse, self.messages):
            for key in port.keys:
                counts[key] += 1
        return counts
