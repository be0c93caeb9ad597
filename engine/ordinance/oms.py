"""The one object a store holds: takes orders, carries them on, answers why."""

from __future__ import annotations

from datetime import datetime

from ordinance.outside import Outside
from ordinance.pump import Pump
from ordinance.shop.buyer import InvalidOrder
from ordinance.shop.changes import ChangeCommands
from ordinance.shop.checkouts import CheckoutCommands
from ordinance.shop.codes import UnknownCode
from ordinance.shop.effects import EffectCommands
from ordinance.shop.imports import ImportCommands
from ordinance.shop.persons import PersonCommands
from ordinance.shop.stock import StockCommands

__all__ = ["InvalidOrder", "Shop", "UnknownCode"]


class Shop(
    ImportCommands,
    EffectCommands,
    StockCommands,
    CheckoutCommands,
    ChangeCommands,
    PersonCommands,
):
    """One shop: its orders, stock, rules and store.

    Every command takes an idempotency key (`place` makes one from channel and source id) and
    answers with a `Receipt`; the same key again gives the same answer and does nothing.
    """

    _pump: Pump | None = None

    def work(self, now: datetime | None, outside: Outside) -> list[str]:
        """Run what is due and do what is asked for outside, as `Pump.work` does.

        The same `outside` keeps the same pump, and so what is known of its circuits.
        """
        if self._pump is None or self._pump.outside is not outside:
            self._pump = Pump(self, outside)
        return self._pump.work(now or self.clock.now())
