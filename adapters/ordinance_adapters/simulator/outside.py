"""Simulated payment channel, carriers, warehouses and messages; each keeps a ledger of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from ordinance.outside import Outside


def _reference(prefix: str, key: str) -> str:
    return prefix + hashlib.sha256(key.encode()).hexdigest()[:12].upper()


class SimulatedPayments:
    """Pays refunds back, once per key; `ledger` is what really went out."""

    def __init__(self) -> None:
        self.ledger: dict[str, int] = {}

    def refund(self, key: str, order_number: str, transaction: str, amount_minor: int) -> str:
        """Pay back and return the channel's number."""
        self.ledger.setdefault(key, amount_minor)
        return _reference("R", key)


class SimulatedCarriers:
    """Books parcels, once per key."""

    def waybill(self, key: str, carrier: str, order_number: str, weight_grams: int) -> str:
        """Book a parcel and return its waybill number."""
        return _reference(carrier[:2].upper(), key)


class SimulatedWarehouses:
    """Takes outbound documents, once per key."""

    def push(self, key: str, warehouse: str, document: Mapping[str, object]) -> str:
        """Take a document and return their number."""
        return _reference("W", key)


class SimulatedNotifier:
    """Takes messages and sends none."""

    def send(self, key: str, channel: str, template: str, values: Mapping[str, object]) -> None:
        """Take one message."""


def simulated() -> Outside:
    """The whole simulated outside."""
    return Outside(
        SimulatedPayments(), SimulatedCarriers(), SimulatedWarehouses(), SimulatedNotifier()
    )
