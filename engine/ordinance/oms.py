"""The one object a store holds: takes orders, carries them on, answers why."""

from __future__ import annotations

from ordinance.shop.buyer import InvalidOrder
from ordinance.shop.changes import ChangeCommands
from ordinance.shop.checkouts import CheckoutCommands
from ordinance.shop.codes import UnknownCode
from ordinance.shop.imports import ImportCommands
from ordinance.shop.looking import Looking
from ordinance.shop.stock import StockCommands
from ordinance.shop.world import WorldCommands

__all__ = ["InvalidOrder", "Shop", "UnknownCode"]


class Shop(ImportCommands, WorldCommands, StockCommands, CheckoutCommands, ChangeCommands, Looking):
    """One shop: its orders, stock, rules and store.

    Every command takes an idempotency key (`place` makes one from channel and source id) and
    answers with a `Receipt`; the same key again gives the same answer and does nothing.
    """
