"""ordinance: an order management system that runs by rules you can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ordinance import rules
    from ordinance.command import Outcome, Receipt
    from ordinance.door import open
    from ordinance.oms import InvalidOrder, Shop, UnknownCode
    from ordinance.orders.money import Money
    from ordinance.orders.order import Buyer, Line, Order, Payment, Receiver
    from ordinance.ports import KeyReused, OutOfStock, StorageError
    from ordinance.profile import Carrier, Item, Profile, Warehouse
    from ordinance.several import UnknownOrder

__all__ = [
    "Buyer",
    "Carrier",
    "InvalidOrder",
    "Item",
    "KeyReused",
    "Line",
    "Money",
    "Order",
    "OutOfStock",
    "Outcome",
    "Payment",
    "Profile",
    "Receipt",
    "Receiver",
    "Shop",
    "StorageError",
    "UnknownCode",
    "UnknownOrder",
    "Warehouse",
    "open",
    "rules",
]

_HOMES = {
    "Buyer": "ordinance.orders.order",
    "Carrier": "ordinance.profile",
    "InvalidOrder": "ordinance.oms",
    "Item": "ordinance.profile",
    "KeyReused": "ordinance.ports",
    "Line": "ordinance.orders.order",
    "Money": "ordinance.orders.money",
    "Order": "ordinance.orders.order",
    "OutOfStock": "ordinance.ports",
    "Outcome": "ordinance.command",
    "Payment": "ordinance.orders.order",
    "Profile": "ordinance.profile",
    "Receipt": "ordinance.command",
    "Receiver": "ordinance.orders.order",
    "Shop": "ordinance.oms",
    "StorageError": "ordinance.ports",
    "UnknownCode": "ordinance.oms",
    "UnknownOrder": "ordinance.several",
    "Warehouse": "ordinance.profile",
    "open": "ordinance.door",
}
"""Where each public name lives; loaded when first asked for, so that a store that uses the rules
alone does not load the order core."""


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name == "rules":
        return import_module("ordinance.rules")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module `ordinance` has no `{name}`")
