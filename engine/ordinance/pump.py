"""The pump: runs what is due and sends what is pending, through the ports, once per key."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ordinance.oms import Shop
from ordinance.ports import Carriers, Effect, Notifier, Payments, Timer, Warehouses

AGAIN = timedelta(minutes=1)
"""How much later a timer fires that was set again for the instant at which it fired."""


class PortFailed(Exception):
    """The outside world did not answer; the effect stays pending and is tried again."""


@dataclass(frozen=True, slots=True)
class Outside:
    """The adapters to the world."""

    payments: Payments
    carriers: Carriers
    warehouses: Warehouses
    notifier: Notifier


class Pump:
    """Embedded worker: one per process. Every step is idempotent, so it may run again at will."""

    def __init__(self, shop: Shop, outside: Outside) -> None:
        self._shop = shop
        self._outside = outside

    def work(self, now: datetime, *, limit: int = 1000) -> list[str]:
        """Release checkouts that ran out, run what is due, serve who waits, do what is pending.

        Returns the orders it touched.
        """
        self._shop.expire_reservations(now, limit=limit)
        touched = self.timers(now, limit)
        touched += self.arrivals(now)
        touched += self.effects(now, limit)
        return touched

    def arrivals(self, now: datetime) -> list[str]:
        """Serve the orders that wait for stock that was freed, whatever freed it."""
        return [receipt.order for receipt in self._shop.resume_waiting(now=now)]

    def timers(self, now: datetime, limit: int = 1000) -> list[str]:
        """Fire the timers that are due, each at its own instant.

        One that was set again for the very instant at which it fired fires a minute later.
        """
        shop = self._shop.profile.shop
        with self._shop.storage.transaction() as tx:
            due = tx.due(shop, now, limit)
        for timer in due:
            key = f"timer:{timer.order_id}:{timer.kind}:{timer.name}:{timer.due.isoformat()}"
            told = self._shop.timer(timer.order_id, timer.kind, timer.name, key=key, now=timer.due)
            if told.repeated:
                self._put_off(timer, limit)
        return [timer.order_id for timer in due]

    def _put_off(self, timer: Timer, limit: int) -> None:
        """Another process fired it, unless it still stands: then its key would never fire again."""
        with self._shop.storage.transaction() as tx:
            if timer in tx.due(timer.shop, timer.due, limit):
                tx.schedule(replace(timer, due=timer.due + AGAIN))

    def effects(self, now: datetime, limit: int = 1000) -> list[str]:
        """Do pending effects. One that fails stays pending and does not stop the others."""
        shop = self._shop.profile.shop
        with self._shop.storage.transaction() as tx:
            pending = tx.pending(shop, limit)
        touched = []
        for effect in pending:
            try:
                result = self._do(effect, now)
            except PortFailed:
                continue
            with self._shop.storage.transaction() as tx:
                tx.mark_done(shop, effect.key, result, now)
            touched.append(effect.order_id)
        return touched

    def _do(self, effect: Effect, now: datetime) -> str:
        payload = json.loads(effect.payload)
        if effect.kind == "notify":
            self._outside.notifier.send(
                effect.key, payload["channel"], payload["template"], payload
            )
            return "sent"
        if effect.kind == "refund":
            references = [
                self._outside.payments.refund(
                    f"{effect.key}:{place}", effect.order_id, transaction, amount
                )
                for place, (transaction, amount) in enumerate(payload["split"])
            ]
            self._shop.refund_paid(
                effect.order_id, payload["refund"], ",".join(references), key=effect.key, now=now
            )
            return ",".join(references)
        if effect.kind == "warehouse.push":
            waybill = self._outside.carriers.waybill(
                effect.key, payload["carrier"], effect.order_id, payload["grams"]
            )
            self._outside.warehouses.push(effect.key, payload["warehouse"], payload)
            self._shop.parcel_pushed(
                effect.order_id, payload["parcel"], waybill, key=effect.key, now=now
            )
            return waybill
        if effect.kind == "warehouse.cancel":
            self._outside.warehouses.push(effect.key, "", payload)
            return "cancelled"
        raise ValueError(f"no such effect: {effect.kind}")
