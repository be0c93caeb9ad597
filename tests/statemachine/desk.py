"""The machine without its rules: how a command is sent, and what has to hold at any time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant

from ordinance.audit.doctor import check
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import TERMINAL, ParcelState
from tests.core.shop import order, payment
from tests.statemachine.model import PRICES, Model
from tests.statemachine.tables import Crash, Table

ORDERS: Bundle[str] = Bundle("orders")
KEYS = st.integers(0, 30)
"""A small pool, so that keys come again; each kind of command has its own."""


class Desk(RuleBasedStateMachine):
    """Where commands are sent."""

    table: Table
    model: Model

    def __init__(self) -> None:
        super().__init__()
        self.done: dict[str, tuple[Any, Any]] = {}
        """What was asked under each key, and what was answered."""
        self.counted = 0
        self.pushed: list[tuple[str, str]] = []
        """Parcels that may leave, as (order, parcel)."""
        self.on_their_way: list[tuple[str, str]] = []
        """Parcels that left, some of which have arrived."""
        self.received: list[str] = []
        """Orders of which something may come back."""
        self.fuse = -1

    # What holds at any time.

    @invariant()
    def the_shop_is_as_the_model(self) -> None:
        if not hasattr(self, "table"):
            return
        self.model.check_promises()
        levels = self.table.shop.storage.stock(self.table.profile.shop)
        shelf = {(one.warehouse, one.sku): one.on_hand for one in levels}
        assert +Counter(shelf) == +self.model.shelf
        reserved = {(one.warehouse, one.sku): one.reserved for one in levels}
        assert +Counter(reserved) == self.model.reserved()
        there = {record.id: record for record in self.table.shop.orders()}
        assert there.keys() == self.model.orders.keys()
        for name, record in there.items():
            mine = self.model.orders[name]
            assert record.paid == mine.paid, record.number
            assert record.refunding == record.refunded == mine.refunded, record.number
            for no, line in mine.lines.items():
                theirs = record.lines[no]
                assert (theirs.shipped, theirs.cancelled) == (
                    line.shipped.total(),
                    theirs.cancelled if mine.off else line.cancelled,
                ), record.number

    def teardown(self) -> None:
        if hasattr(self, "table"):
            try:
                found = check(self.table.shop.storage, self.table.profile.shop)
            finally:
                self.table.close()
            assert found == []

    # How a command is sent.

    @property
    def now(self) -> datetime:
        return self.table.clock.now()

    def _drafted(self, source: str, lines: list[tuple[str, int]], paid: bool) -> dict[str, Any]:
        due = sum(PRICES[sku] * count for sku, count in lines)
        money = [payment(f"T-{source}", f"{due / 100:.2f}")] if paid else []
        return order(
            source,
            buyer={"id": source},
            receiver={**order()["receiver"], "phone": f"139{int(source[1:]):08}"},
            lines=[
                {"sku": sku, "quantity": count, "unit_price": f"{PRICES[sku] / 100:.2f}"}
                for sku, count in lines
            ],
            payments=money,
        )

    def _place(self, drafted: dict[str, Any], key: int) -> Any:
        return self.table.shop.place(drafted, key=f"place:{key}")

    def _key(self) -> str:
        self.counted += 1
        return f"k{self.counted}"

    def _fresh(self, do: Callable[[str], Any]) -> Any:
        """Send a command under a key of its own."""
        key = self._key()
        return self._send(key, None, lambda: do(key), compare=False)

    def _send(self, key: str, body: Any, do: Callable[[], Any], *, compare: bool = True) -> Any:
        """Send a command; whose process dies sends it again, to the next one."""
        known = self.done.get(key)
        told = self._surviving(do)
        if known is not None and compare:
            assert told.repeated
            assert (told.order, told.number, told.version) == known[1], "another answer"
        if known is None:
            kept = (told.order, told.number, told.version) if compare else None
            self.done[key] = (body, kept)
        return told

    def _surviving(self, do: Callable[[], Any]) -> Any:
        self.table.light_fuse(self.fuse)
        self.fuse = -1
        try:
            return do()
        except Crash:
            self.table.crash()
            return do()
        finally:
            self.table.put_out()

    def _refused(self, error: type[Exception], do: Callable[[], Any]) -> None:
        """It is refused, and the invariant sees that nothing of it was done."""
        try:
            self._surviving(do)
        except error:
            return
        raise AssertionError(f"{error.__name__} was to be raised")

    def _settle(self) -> None:
        """Let the worker work, and take over which pieces the shop now holds for whom."""
        self._surviving(lambda: self.table.pump.work(self.now))
        self.pushed, self.on_their_way, self.received = [], [], []
        for record in self.table.shop.orders():
            self._take_over(record)

    def _take_over(self, record: OrderRecord) -> None:
        held = {no: line.held_at for no, line in record.lines.items()}
        self.model.take_over(record.id, held, bool(record.open_holds))
        for parcel in record.parcels.values():
            if parcel.state is ParcelState.PUSHED:
                self.pushed.append((record.id, parcel.id))
            elif parcel.state is ParcelState.SHIPPED:
                self.on_their_way.append((record.id, parcel.id))
        if record.signed_at and record.state not in TERMINAL and not record.open_cases:
            self.received.append(record.id)

    def _shelf(self) -> Counter[Any]:
        levels = self.table.shop.storage.stock(self.table.profile.shop)
        return Counter({(one.warehouse, one.sku): one.on_hand for one in levels})
