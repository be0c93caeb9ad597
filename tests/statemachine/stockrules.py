"""What can be done to stock at any time, and what the model says must come of it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from ordinance.ports import KeyReused, OutOfStock
from ordinance.stock.stockroom import NothingOnItsWay, Slip
from tests.statemachine.desk import KEYS, Desk
from tests.statemachine.model import Impossible

ITEMS = st.sampled_from(["TEA", "CUP"])
PLACES = st.sampled_from(["HZ", "BJ"])
TOKENS = st.sampled_from(["cart-1", "cart-2"])


class StockRules(Desk):
    """Deliveries, losses, transfers, checkouts."""

    @rule(place=PLACES, item=ITEMS, pieces=st.integers(1, 6), key=KEYS)
    def receive(self, place: str, item: str, pieces: int, key: int) -> None:
        cause, body = f"in:{key}", (place, item, pieces)
        known = self.done.get(cause)

        def do() -> Any:
            return self.table.shop.receive_stock(place, item, pieces, cause=cause)

        if known is not None and known[0] != body:
            self._refused(KeyReused, do)
            return
        self._send(cause, body, do, compare=False)
        if known is None:
            self.model.shelf[place, item] += pieces
        self._settle()

    @rule(place=PLACES, item=ITEMS, pieces=st.integers(1, 4))
    def lose(self, place: str, item: str, pieces: int) -> None:
        """Pieces are missing: booked where nobody was promised them, refused else."""
        free = self.model.shelf[place, item] - self.model.reserved()[place, item]

        def do(key: str) -> Any:
            slip = Slip(key, self.now, "Lan")
            return self.table.shop.stockroom.adjust(place, item, -pieces, slip)

        if pieces > free:
            self._refused(OutOfStock, lambda: do(self._key()))
            return
        self._fresh(do)
        self.model.shelf[place, item] -= pieces
        self._settle()

    @rule(there=st.booleans(), item=ITEMS, pieces=st.integers(1, 4))
    def transfer(self, there: bool, item: str, pieces: int) -> None:
        source, target = ("HZ", "BJ") if there else ("BJ", "HZ")
        free = self.model.shelf[source, item] - self.model.reserved()[source, item]
        key = self._key()

        def do() -> Any:
            slip = Slip(key, self.now, "Lan")
            return self.table.shop.stockroom.send(source, target, item, pieces, slip)

        if pieces > free:
            self._refused(OutOfStock, do)
            return
        self._send(key, None, do, compare=False)
        self.model.shelf[source, item] -= pieces
        self.model.way[key] = (target, item, pieces)
        self._settle()

    @precondition(lambda self: self.model.way)
    @rule()
    def arrive(self) -> None:
        transfer = min(self.model.way)
        target, item, pieces = self.model.way.pop(transfer)

        def do(key: str) -> Any:
            return self.table.shop.stockroom.arrive(transfer, Slip(key, self.now, "Lan"))

        self._fresh(do)
        self.model.shelf[target, item] += pieces
        self._refused(NothingOnItsWay, lambda: do(self._key()))
        self._settle()

    @rule(token=TOKENS, item=ITEMS, pieces=st.integers(1, 6), minutes=st.integers(1, 30))
    def reserve(self, token: str, item: str, pieces: int, minutes: int) -> None:
        own = self.model.carts.get(token, (Counter(), self.now))[0]
        has = sum(count for (_, held), count in own.items() if held == item)

        def do(key: str) -> Any:
            return self.table.shop.reserve(token, {item: pieces}, minutes=minutes, key=key)

        if pieces > self.model.free(item) + has:
            self._refused(OutOfStock, lambda: do(self._key()))
            return
        held = self._fresh(do)
        places = Counter({(one.warehouse, one.sku): one.pieces for one in held})
        if {sku for _, sku in places} != {item} or places.total() != pieces:
            raise Impossible(f"{pieces} of {item} were asked for, and {places} are held")
        self.model.carts[token] = (places, self.now + timedelta(minutes=minutes))
        self._settle()
