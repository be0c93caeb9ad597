"""A storm: orders that come in while every port fails a part of its calls, on a virtual clock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from ordinance.audit.doctor import check
from ordinance.orders.states import RefundState
from ordinance.ports import Attempt, EffectState
from ordinance.retries import RetryPolicy
from ordinance.shop.effects import NotStuck
from ordinance_adapters.sql.transaction import SqlTransaction
from tests.core.shop import MONDAY, Bench, order
from tests.effects.provider import Providers

TICK = timedelta(seconds=20)
QUIET = timedelta(minutes=5)
"""How far the clock goes while orders come in, and after that."""

ENOUGH = timedelta(days=20)
"""By then everything has to be done."""


@dataclass
class Seen:
    """What was written down of the storm besides what is stored."""

    attempts: list[tuple[str, str, Attempt]] = field(default_factory=list)
    """Key, kind and attempt of each try that failed."""
    done_again: list[str] = field(default_factory=list)
    """What somebody had done again although it was done."""
    redriven: int = 0
    settled: int = 0


@contextmanager
def recorded(patch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """Write down every try that fails."""
    seen = Seen()
    mark = SqlTransaction.mark_tried

    def marked(self: SqlTransaction, shop: str, key: str, attempt: Attempt) -> None:
        found = self.effect(shop, key)
        assert found is not None
        seen.attempts.append((key, found.effect.kind, attempt))
        mark(self, shop, key, attempt)

    patch.setattr(SqlTransaction, "mark_tried", marked)
    yield seen


class Storm:
    """Orders, half of them cancelled at once, with providers that fail."""

    def __init__(self, folder: Path, seed: int, share: float) -> None:
        folder.mkdir(exist_ok=True)
        self.random = Random(seed)
        stock = {("HZ", "TEA"): 100_000}
        self.bench = Bench(folder, stock=stock)
        self.shop = self.bench.shop
        self.providers = Providers.failing(seed, share)
        self.outside = self.providers.outside
        self.now = MONDAY
        self.callbacks = 0
        self.providers.bank.call_back = self._paid

    def run(self, seen: Seen, orders: int) -> None:
        """Take in so many orders, then go on until nothing is left to do."""
        for number in range(orders):
            self._come_in(number)
            self._work(TICK)
            if number % 10 == 0:
                self._person(seen)
        while self.shop.effects() and self.now < MONDAY + ENOUGH:
            self._work(QUIET)
            self._person(seen)

    def _come_in(self, number: int) -> None:
        at = self.now
        payments = [{"transaction": f"T{number}", "amount": "100.00", "paid_at": at}]
        placed = self.shop.place(order(f"A{number}", placed_at=at, payments=payments), now=at)
        if self.random.random() < 0.6:
            self.shop.cancel(placed.order, key=f"cancel:{number}", now=at)

    def _work(self, step: timedelta) -> None:
        self.now += step
        self.bench.clock.set(self.now)
        self.providers.at(self.now)
        self.shop.work(self.now, self.outside)

    def _paid(self, key: str, answer: str) -> None:
        """The bank calls back, in its own time, as often as it likes."""
        order_id, _, refund, _ = key.split(":")
        self.callbacks += 1
        self.shop.refund_paid(
            order_id, refund, answer, key=f"callback:{self.callbacks}", now=self.now
        )

    def _person(self, seen: Seen) -> None:
        """Somebody sees to what is stuck: rings up, settles or has it tried again, and clicks
        twice."""
        for stored in self.shop.effects((EffectState.UNKNOWN, EffectState.DEAD)):
            if stored.next_try is not None:
                continue
            key = stored.effect.key
            for provider in self.providers.all:
                provider.refuses = {one for one in provider.refuses if not one.startswith(key)}
            booked = self.providers.carrier.ledger.get(key)
            pushed = self.providers.warehouse.ledger.get(key)
            if stored.effect.kind == "warehouse.push" and booked and pushed:
                self.shop.settle_effect(key, booked[0], by="Lan", now=self.now)
                seen.settled += 1
            elif not (stored.effect.kind == "warehouse.push" and booked):
                self._twice(key, seen)
            else:
                # Booked, and not with the warehouse: the clerk brings it there, and says so.
                self.providers.warehouse.ledger[key].append("by hand")
                self.shop.settle_effect(key, booked[0], by="Lan", now=self.now)
                seen.settled += 1

    def _twice(self, key: str, seen: Seen) -> None:
        self.shop.redrive(key, by="Lan", now=self.now)
        self.shop.redrive(key, by="Lan", now=self.now)
        self.shop.work(self.now, self.outside)
        done = self.shop.effect(key)
        if done.state is EffectState.DONE:
            calls = self._calls(key)
            with suppress(NotStuck):
                self.shop.redrive(key, by="Mei", now=self.now)
            self.shop.work(self.now, self.outside)
            if self.shop.effect(key) != done or self._calls(key) != calls:
                seen.done_again.append(key)
        seen.redriven += 1

    def _calls(self, key: str) -> int:
        """How often any provider was called for an effect."""
        return sum(one.startswith(key) for each in self.providers.all for _, one in each.calls)


def faults(storm: Storm, seen: Seen) -> list[str]:
    """What is not as it has to be after a storm; empty when all is."""
    found = [str(finding) for finding in check(storm.shop.storage, "teashop")]
    open_ = [stored.effect.key for stored in storm.shop.effects()]
    found += [f"left: {len(open_)}, as {open_[0]}"] if open_ else []
    found += [f"{key} was done again" for key in seen.done_again]
    return [*found, *_ledgers(storm), *_schedule(storm, seen)]


def _ledgers(storm: Storm) -> Iterator[str]:
    """The providers' ledgers say the same as ours, and everything happened once."""
    ours: dict[str, int] = {}
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    done = storm.shop.effects((EffectState.DONE,))
    for stored in done:
        wanted[stored.effect.kind].add(stored.effect.key)
    for record in storm.shop.orders():
        for refund in record.refunds.values():
            if refund.state is not RefundState.SUCCESS:
                yield f"refund {refund.id} of {record.number} is {refund.state}"
            for place, (_, amount) in enumerate(refund.split):
                ours[f"{record.id}:refund:{refund.id}:{place}"] = amount
    theirs = storm.providers
    if ours != dict(theirs.bank.amounts):
        wrong = {key for key in ours.keys() | theirs.bank.amounts.keys()
                 if ours.get(key, 0) != theirs.bank.amounts.get(key, 0)}  # fmt: skip
        yield f"{len(wrong)} refunds were not paid once, as {min(wrong)}"
    push, cancel = wanted["warehouse.push"], wanted["warehouse.cancel"]
    for name, keys, provider in (
        ("booked", push, theirs.carrier),
        ("taken by the warehouse", push | cancel, theirs.warehouse),
        ("sent", wanted["notify"], theirs.messages),
    ):
        happened = {key: len(times) for key, times in provider.ledger.items() if times}
        if happened != dict.fromkeys(keys, 1):
            wrong = {key for key in happened.keys() | keys if happened.get(key) != 1}
            yield f"{len(wrong)} were not {name} once, as {min(wrong)}"


def _schedule(storm: Storm, seen: Seen) -> Iterator[str]:
    """Pauses follow the schedule of their kind, within its jitter and spread over it."""
    lucks = []
    for key, kind, attempt in seen.attempts:
        if attempt.next_try is None or "429" in attempt.error:
            continue
        policy = storm.shop.profile.retries[kind]
        usual = _plain_pause(policy, attempt.attempts)
        luck = ((attempt.next_try - attempt.at) / usual - 1) * 100
        lucks.append(luck)
        if abs(luck) > policy.jitter_percent + 1e-6:
            yield f"{key} waits {attempt.next_try - attempt.at} after {attempt.attempts} tries"
    low, high = min(lucks, default=0), max(lucks, default=0)
    if len(lucks) > 30 and (low > -15 or high < 15):
        yield f"pauses are not spread: from {low:.0f} % to {high:.0f} %"


def _plain_pause(policy: RetryPolicy, attempt: int) -> timedelta:
    """The pause without its jitter, worked out in another way than the engine does."""
    seconds = policy.first.total_seconds() * policy.factor ** (attempt - 1)
    return timedelta(seconds=min(seconds, policy.longest.total_seconds()))
