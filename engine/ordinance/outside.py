"""What the world outside does for a shop, once per key; a part of the ports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Payments(Protocol):
    """The payment channel."""

    def refund(self, key: str, order_number: str, transaction: str, amount_minor: int) -> str:
        """Pay back; returns the channel's refund number. The same key pays once."""
        ...


class Carriers(Protocol):
    """The carriers' booking systems."""

    def waybill(self, key: str, carrier: str, order_number: str, weight_grams: int) -> str:
        """Book a parcel; returns its waybill number. The same key books once."""
        ...


class Warehouses(Protocol):
    """The warehouse hands or their system."""

    def push(self, key: str, warehouse: str, document: Mapping[str, object]) -> str:
        """Hand over an outbound document; returns their number. The same key is taken once."""
        ...


class Notifier(Protocol):
    """Messages to buyers."""

    def send(self, key: str, channel: str, template: str, values: Mapping[str, object]) -> None:
        """Send one message. The same key is sent once."""
        ...
