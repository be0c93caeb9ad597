"""What the world outside does for a shop, once per key, and how it fails; a part of the ports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, runtime_checkable


class PortError(Exception):
    """A port did not do what it was asked for. The message is kept and shown to people: it names
    what the other side said, and nobody's name, phone or address."""

    def __init__(self, message: str = "", *, retry_after: timedelta | None = None) -> None:
        """`retry_after`: how long the other side asked to be left alone, if it did."""
        super().__init__(message)
        self.retry_after = retry_after


class PortFailed(PortError):
    """Nothing happened: no connection, too many requests, an error before anything was done. It is
    tried again."""


class PortRefused(PortError):
    """Nothing happened, and nothing will: the same request would be refused again."""


class PortUnknown(PortError):
    """It may have happened: the request went out, and no answer came that says what became of
    it."""


@runtime_checkable
class Lookup(Protocol):
    """A port that can be asked what became of a key. A port may offer it or not."""

    def lookup(self, key: str) -> str | None:
        """What was answered to this key; None when nothing was done under it.

        Raises `PortError` when that cannot be said now.
        """
        ...


class Payments(Protocol):
    """The payment channel. Every method may raise `PortError`."""

    def refund(self, key: str, order_number: str, transaction: str, amount_minor: int) -> str:
        """Pay back; returns the channel's refund number. The same key pays once."""
        ...


class Carriers(Protocol):
    """The carriers' booking systems. Every method may raise `PortError`."""

    def waybill(self, key: str, carrier: str, order_number: str, weight_grams: int) -> str:
        """Book a parcel; returns its waybill number. The same key books once."""
        ...


class Warehouses(Protocol):
    """The warehouse hands or their system. Every method may raise `PortError`."""

    def push(self, key: str, warehouse: str, document: Mapping[str, object]) -> str:
        """Hand over an outbound document; returns their number. The same key is taken once."""
        ...


class Notifier(Protocol):
    """Messages to buyers. Every method may raise `PortError`."""

    def send(self, key: str, channel: str, template: str, values: Mapping[str, object]) -> None:
        """Send one message. The same key is sent once."""
        ...


@dataclass(frozen=True, slots=True)
class Outside:
    """The adapters to the world."""

    payments: Payments
    carriers: Carriers
    warehouses: Warehouses
    notifier: Notifier
