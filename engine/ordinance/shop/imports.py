"""Importing: many orders at once, such as a file of them, a hundred to a commit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from ordinance.command import Receipt
from ordinance.orders.intake import RefusedOrder
from ordinance.orders.order import Order
from ordinance.ports import Contention, KeyReused
from ordinance.shop.buyer import BuyerCommands, InvalidOrder

BATCH = 100
"""Orders that share one commit. The commit is then a small part of the work, and little is done
again after a power cut."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one order of an import: its receipt, or why nothing of it was stored."""

    receipt: Receipt | None
    problem: str | None = None


class ImportCommands(BuyerCommands):
    """Commands for stores that import files of orders."""

    def place_many(
        self,
        orders: Iterable[Order | Mapping[str, object]],
        *,
        now: datetime | None = None,
        actor: str = "channel",
    ) -> Iterator[Taken]:
        """Take many orders in, one report each, in their order.

        Each order is stored whole or not at all: one that cannot be taken in is reported with its
        problem and leaves the others as they are. Reports come once their batch is committed, and
        only what has been asked for is taken in. After a failure of the store the batch at hand is
        undone; importing the same orders again goes on where it stopped. `now` is the clock's for
        each order unless it is given.
        """
        rest = iter(orders)
        while batch := list(islice(rest, BATCH)):
            try:
                with self.batch():
                    taken = [self._taken(order, now, actor) for order in batch]
            except Contention:
                # Many orders in one transaction hold many counters: alone, each gets through.
                taken = [self._taken(order, now, actor) for order in batch]
            yield from taken

    def _taken(
        self, order: Order | Mapping[str, object], now: datetime | None, actor: str
    ) -> Taken:
        try:
            return Taken(self.place(order, now=now, actor=actor))
        except (InvalidOrder, RefusedOrder, KeyReused) as error:
            return Taken(None, str(error))
