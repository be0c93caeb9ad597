"""Providers with a ledger of their own, which fail by a seeded plan."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from ordinance.outside import Outside, PortFailed, PortRefused, PortUnknown

NOTHING_HAPPENED = ("connect timeout", "reset before", "429", "503")
MAY_HAVE_HAPPENED = ("read timeout before", "read timeout after", "reset after", "500")
HAPPENED = ("garbage", "wrong id", "defect")
PERMANENT = "permanent"

FAULTS = (*NOTHING_HAPPENED * 2, *MAY_HAVE_HAPPENED * 2, *HAPPENED, PERMANENT, PERMANENT)
"""What a faulty call meets, each as likely as the others that are named as often."""


@dataclass
class Plan:
    """Which call meets which fault. `down` are spans of time in which nothing gets through."""

    random: Random
    share: float
    down: list[tuple[datetime, datetime]] = field(default_factory=list)

    def fault(self, now: datetime) -> str | None:
        if any(since <= now < until for since, until in self.down):
            return "connect timeout"
        return self.random.choice(FAULTS) if self.random.random() < self.share else None


class Provider:
    """One provider: what it really did (`ledger`), and when it was called under which key.

    It does not know a key again: who asks twice gets it twice, unless `knows_keys`.
    """

    def __init__(self, plan: Plan, *, knows_keys: bool) -> None:
        self.plan = plan
        self.knows_keys = knows_keys
        self.now = datetime.min
        self.ledger: defaultdict[str, list[str]] = defaultdict(list)
        self.amounts: Counter[str] = Counter()
        self.calls: list[tuple[datetime, str]] = []
        self.met: Counter[str] = Counter()
        self.refuses: set[str] = set()
        self.call_back: Callable[[str, str], None] = lambda key, answer: None

    def answer(self, key: str, amount: int = 0) -> str:
        """Do what is asked for under a key, or fail."""
        self.calls.append((self.now, key))
        fault = PERMANENT if key in self.refuses else self.plan.fault(self.now)
        self.met[fault or "none"] += 1
        if fault in NOTHING_HAPPENED:
            self._nothing(fault)
        if fault == PERMANENT:
            self.refuses.add(key)
            raise PortRefused("permanent: the account is closed")
        happened = fault != "read timeout before" and (fault != "500" or self._luck(2))
        answer = self._do(key, amount) if happened else ""
        if fault is None:
            return answer
        if happened and self._luck(3):
            self.call_back(key, answer)
        if fault == "defect":
            raise KeyError("id")
        raise PortUnknown(fault)

    def look_up(self, key: str) -> str | None:
        """What was answered to a key; that may fail too."""
        fault = self.plan.fault(self.now)
        if fault in NOTHING_HAPPENED:
            self._nothing(fault)
        return self.ledger[key][0] if self.ledger.get(key) else None

    def _nothing(self, fault: str) -> None:
        if fault == "429":
            raise PortFailed(fault, retry_after=timedelta(seconds=self.plan.random.randint(1, 90)))
        raise PortFailed(fault)

    def _do(self, key: str, amount: int) -> str:
        if not (self.knows_keys and self.ledger.get(key)):
            self.ledger[key].append(f"{len(self.ledger)}-{len(self.ledger[key])}")
            self.amounts[key] += amount
        answer = self.ledger[key][0]
        for _ in range(self.plan.random.randint(0, 2)):
            self.call_back(key, answer)
        return answer

    def _luck(self, of: int) -> bool:
        return self.plan.random.randrange(of) == 0


class Bank(Provider):
    """Pays as often as it is asked; it can be asked what became of a key."""

    def refund(self, key: str, order_number: str, transaction: str, amount_minor: int) -> str:
        return self.answer(key, amount_minor)

    def lookup(self, key: str) -> str | None:
        return self.look_up(key)


class Carrier(Provider):
    """Books as often as it is asked, and cannot be asked what became of a key."""

    def waybill(self, key: str, carrier: str, order_number: str, weight_grams: int) -> str:
        return self.answer(key)


class Warehouse(Provider):
    """Knows a key again, and cannot be asked."""

    def push(self, key: str, warehouse: str, document: Mapping[str, object]) -> str:
        return self.answer(key)


class Messages(Provider):
    """Knows a key again, and cannot be asked."""

    def send(self, key: str, channel: str, template: str, values: Mapping[str, object]) -> None:
        self.answer(key)


@dataclass(frozen=True)
class Providers:
    """The whole world outside."""

    bank: Bank
    carrier: Carrier
    warehouse: Warehouse
    messages: Messages

    @classmethod
    def failing(cls, seed: int, share: float) -> Providers:
        """Providers that fail this share of their calls."""
        plans = [Plan(Random(f"{seed}:{name}"), share) for name in "bcwm"]
        return cls(
            Bank(plans[0], knows_keys=False),
            Carrier(plans[1], knows_keys=False),
            Warehouse(plans[2], knows_keys=True),
            Messages(plans[3], knows_keys=True),
        )

    @property
    def all(self) -> tuple[Provider, ...]:
        return self.bank, self.carrier, self.warehouse, self.messages

    @property
    def outside(self) -> Outside:
        return Outside(self.bank, self.carrier, self.warehouse, self.messages)

    def at(self, now: datetime) -> None:
        """Set the clock of all of them."""
        for provider in self.all:
            provider.now = now
