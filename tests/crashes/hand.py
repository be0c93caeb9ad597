"""A hand: one process that is a client and a worker at once, and may be killed at any moment.

It places orders and does to them what buyers, clerks, warehouses and carriers do, each command
under a key; in between it fires timers, does effects and seals the audit log. Every command is
written down before it is sent, and its acknowledgement after it came. What its predecessor left
without an answer it sends again, under the same key.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

from ordinance.command import Receipt
from ordinance.inventory import OutOfStock
from ordinance.oms import Shop
from ordinance.orders.order import Payment
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import OrderState, ParcelState
from ordinance.ports import Conflict, Contention, OutcomeUnknown, Storage
from ordinance.pump import Pump
from ordinance.service.cases import NotReturnable
from ordinance_adapters import sqlite
from ordinance_adapters.identity import RandomIds
from tests.core.shop import MONDAY, order, payment, profile, shipped_rules
from tests.crashes.auditor import Auditor
from tests.crashes.journal import Asked, Journal, Told, read
from tests.crashes.provider import Provider

SHOP = "killed"
PLACES = ("HZ", "BJ")
PIECES = 60
"""What lies in each place of each article in the beginning: enough to run out now and then."""

HASTE = 20_000
"""Seconds of the shop's time in a real one, so that timers and retries come due meanwhile."""

REFUSALS = (OutOfStock, NotReturnable, ValueError)
"""What a command that cannot be may answer; it leaves nothing behind."""

IN_THE_WAY = (Conflict, Contention, OutcomeUnknown)
"""What a client answers to by sending the same again."""


@dataclass(frozen=True, slots=True)
class HastyClock:
    """The shop's time, the same in every process of a machine."""

    began: float
    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        """The time since `began`, much faster."""
        return MONDAY + self.ahead + timedelta(seconds=(time.monotonic() - self.began) * HASTE)


@dataclass(frozen=True, slots=True)
class Scene:
    """What all processes of a run share: where everything lies, and when it began."""

    folder: Path
    address: str
    seed: str
    began: float
    mutant: str = ""
    sealing: float = 0.06
    """How often a hand seals the audit log, as a share of what it does."""

    @property
    def journal(self) -> Path:
        """What the clients wrote down."""
        return self.folder / "journal.jsonl"

    @property
    def auditor(self) -> Auditor:
        """Who seals and verifies."""
        return Auditor(self.folder / "checkpoints.jsonl", SHOP, self.seed)

    @property
    def ledger(self) -> Path:
        """What the world outside did."""
        return self.folder / "ledger.txt"

    def storage(self) -> Storage:
        """The store, opened anew."""
        if not self.address.startswith("postgresql"):
            return sqlite.open_storage(self.address)
        from ordinance_adapters.postgres import open_storage

        return open_storage(self.address)

    def shop(self, clock: HastyClock | None = None) -> Shop:
        """The shop, opened anew."""
        stock = {(place, sku): PIECES for place in PLACES for sku in ("TEA", "CUP")}
        world = profile(shop=SHOP, stock=stock)
        return Shop(
            self.storage(), world, shipped_rules(), clock or HastyClock(self.began), RandomIds()
        )


class Hand:
    """One life of a hand."""

    def __init__(self, scene: Scene, number: int, life: int) -> None:
        self.number = number
        self.life = life
        self.chance = Random(f"{scene.seed}:{number}:{life}")
        self.shop = scene.shop()
        self.journal = Journal(scene.journal)
        self.auditor = scene.auditor
        self.sealing = scene.sealing
        provider = Provider(scene.ledger, Random(f"{scene.seed}:{number}:{life}:provider"))
        self.pump = Pump(self.shop, provider.outside)
        found = read(scene.journal, tail=True)
        self.left = found.unanswered(number)
        self.orders = [told.order for told in found.told.values() if told.order]
        self.count = 0
        self.sent = ""
        """The key of the command that is under way."""

    def work(self) -> None:
        """Until it is killed, or its parent is gone."""
        parent = os.getppid()
        for asked in self.left:
            self._send(asked)
        while os.getppid() == parent:
            self._act()

    def tell(self, order: str, number: str, version: int) -> None:
        """The command that is under way is acknowledged."""
        self.journal.told(Told(self.number, self.sent, order, number, version))

    def _act(self) -> None:
        if self.chance.random() < self.sealing:
            with suppress(*IN_THE_WAY):
                self.auditor.seal(self.shop.storage, self.shop.clock.now())
        luck = self.chance.random()
        if luck < 0.3:
            settle(self.pump, self.shop.clock.now(), limit=8)
        elif luck < 0.6 or not self.orders:
            self._place()
        elif luck < 0.64:
            place, sku = self.chance.choice(PLACES), self.chance.choice(["TEA", "CUP"])
            given = {"warehouse": place, "sku": sku, "quantity": self.chance.randint(5, 30)}
            self._ask("receive_stock", given)
        elif luck < 0.68:
            self._reserve()
        else:
            record = self.shop.record(self.chance.choice(self.orders[-40:]))
            choices = list(self._next(record))
            if choices:
                method, given = self.chance.choice(choices)
                self._ask(method, {"order": record.id, **given})

    def _place(self, **more: Any) -> None:
        name = f"{self.number}-{self.life}-{self.count}"
        receiver = {
            **order()["receiver"],
            "phone": f"13{crc32(name.encode()) % 10**9:09}",
            "address": name,
        }
        wants = self.chance.choice([["TEA"], ["TEA"], ["CUP"], ["TEA", "CUP"]])
        lines = [
            {"sku": sku, "quantity": self.chance.randint(1, 3), "unit_price": "10.00"}
            for sku in wants
        ]
        unpaid: dict[str, Any] = {"payments": []} if self.chance.random() < 0.15 else {}
        at = self.shop.clock.now()
        asked = order(name, buyer={"id": name}, receiver=receiver, lines=lines, placed_at=at)
        if unpaid:
            asked.update(unpaid)
        for paid in asked["payments"]:
            paid["paid_at"] = at.isoformat()
        asked["placed_at"] = at.isoformat()
        self._ask("place", {"order": asked, **more})

    def _reserve(self) -> None:
        token = f"cart-{self.number}-{self.life}-{self.count}"
        pieces = {"TEA": self.chance.randint(1, 2)}
        minutes = self.chance.choice([5, 240])
        self._ask("reserve", {"token": token, "pieces": pieces, "minutes": minutes})
        if self.chance.random() < 0.7:
            self._place(reservation=token)

    def _next(self, record: OrderRecord) -> Iterable[tuple[str, dict[str, Any]]]:
        """What may come next for an order; some of it may be refused."""
        if record.state is OrderState.WAIT_PAY:
            yield "pay", {"payment": f"{record.receivable / 100:.2f}"}
        for hold in record.open_holds:
            if record.state is OrderState.WAIT_AUDIT:
                yield "answer_review", {"answer": "confirm", "by": "lan"}
            else:
                yield "release", {"code": hold.code, "by": "lan"}
        for parcel in record.parcels.values():
            if parcel.state is ParcelState.PUSHED:
                yield "hand_over", {"parcel": parcel.id}
                yield "hand_over", {"parcel": parcel.id}
            elif parcel.state is ParcelState.SHIPPED and not parcel.settled:
                state = self.chance.choice(["DELIVERED_SELF", "DELIVERED_SELF", "REFUSED"])
                yield "track", {"parcel": parcel.id, "state": state}
        if record.signed_at is not None and not record.cases:
            yield "request_aftersale", {"reason": "NO_REASON_7D"}
        for case in record.open_cases:
            yield "goods_back", {"case": case.id, "inspection": "good"}
        if record.open_offer is not None:
            yield "answer_offer", {"choice": self.chance.choice(["wait", "cancel_short"])}
        if self.chance.random() < 0.3:
            yield "cancel", {}

    def _ask(self, method: str, given: Mapping[str, Any]) -> None:
        """Write a new command down, and send it."""
        self.count += 1
        asked = Asked(self.number, f"{self.number}-{self.life}-{self.count}", method, given)
        self.journal.asked(asked)
        self._send(asked)

    def _send(self, asked: Asked) -> None:
        self.sent = asked.key
        told = send(self.shop, self.journal, asked)
        if told is not None and told.order and told.order not in self.orders[-40:]:
            self.orders.append(told.order)


def send(shop: Shop, journal: Journal, asked: Asked) -> Told | None:
    """Send a command until there is an answer, and write that down; None where it was refused.

    A command that others are in the way of for too long is left without an answer.
    """
    for _ in range(20):
        try:
            told = _told(asked, _do(shop, asked))
        except IN_THE_WAY:
            continue
        except REFUSALS as error:
            journal.refused(asked.who, asked.key, f"{type(error).__name__}: {error}")
            return None
        journal.told(told)
        return told
    return None


def _told(asked: Asked, answer: Receipt | None) -> Told:
    if answer is None:
        return Told(asked.who, asked.key, "", "", 0)
    return Told(asked.who, asked.key, answer.order, answer.number, answer.version)


def _do(shop: Shop, asked: Asked) -> Receipt | None:
    given = dict(asked.given)
    call: Callable[..., Any] = getattr(shop, asked.method)
    if asked.method == "receive_stock":
        call(**given, cause=asked.key)
        return None
    if asked.method == "reserve":
        call(**given, key=asked.key)
        return None
    if asked.method == "pay":
        money = payment(asked.key, given["payment"])
        given["payment"] = Payment.model_validate(money)
    receipt: Receipt = call(**given, key=asked.key)
    return receipt


def settle(pump: Pump, now: datetime, limit: int) -> None:
    """Work, and leave what others were in the way of for the next time."""
    with suppress(*IN_THE_WAY):
        pump.work(now, limit=limit)
