"""What can be done to orders at any time, and what the model says must come of it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import multiple, precondition, rule

from ordinance.orders.order import Payment
from ordinance.orders.states import TERMINAL, ParcelState
from ordinance.ports import KeyReused
from tests.core.shop import order, payment
from tests.statemachine.desk import KEYS, ORDERS, Desk
from tests.statemachine.model import PARTS, PRICES, Impossible, Line, Order

SKUS = st.sampled_from(sorted(PRICES))
LINES = st.lists(st.tuples(SKUS, st.integers(1, 4)), min_size=1, max_size=3)
PICKS = st.integers(0, 7)
PAYMENT_HOURS = 24


class OrderRules(Desk):
    """Buyers, clerks, warehouses and carriers."""

    @rule(target=ORDERS, lines=LINES, paid=st.booleans(), key=KEYS)
    def place(self, lines: list[tuple[str, int]], paid: bool, key: int) -> Any:
        """An order comes in, perhaps once more, perhaps with another content."""
        if f"place:{key}" not in self.done:
            return self.ordered(lines, paid, key)
        body = (tuple(lines), paid)
        drafted = self._drafted(f"A{key}", lines, paid)
        if self.done[f"place:{key}"][0] != body:
            self._refused(KeyReused, lambda: self._place(drafted, key))
        else:
            self._send(f"place:{key}", body, lambda: self._place(drafted, key))
        return multiple()

    def ordered(self, lines: list[tuple[str, int]], paid: bool, key: int) -> str:
        """A new order; what one warehouse has is reserved, or a hold says why not."""
        source = f"A{key}"
        body = (tuple(lines), paid)
        drafted = self._drafted(source, lines, paid)
        receipt = self._send(f"place:{key}", body, lambda: self._place(drafted, key))
        mine = Order({no: Line(sku, count) for no, (sku, count) in enumerate(lines, start=1)})
        self.model.orders[receipt.order] = mine
        if paid:
            mine.paid = mine.due
        else:
            mine.closes = self.now + timedelta(hours=PAYMENT_HOURS)
        fits = self.model.fits_in_one_place(mine.lines.values())
        self._settle()
        record = self.table.shop.record(receipt.order)
        if paid and fits and any(line.open != line.held.total() for line in mine.lines.values()):
            assert record.open_holds, "one warehouse has all of it, and it was not reserved"
        return str(receipt.order)

    @rule(chosen=ORDERS, key=KEYS)
    def pay(self, chosen: str, key: int) -> None:
        mine = self.model.orders[chosen]
        if mine.paid:
            return
        money = Payment.model_validate(payment(f"P-{chosen}", f"{mine.due / 100:.2f}", self.now))
        name = f"pay:{chosen}"
        self._send(name, None, lambda: self.table.shop.pay(chosen, money, key=name))
        mine.paid = mine.due
        self._settle()

    @rule(chosen=ORDERS)
    def confirm(self, chosen: str) -> None:
        """A clerk reviews what the rules handed over, if they did."""
        record = self.table.shop.record(chosen)
        if any(hold.code == "MANUAL_REVIEW" for hold in record.open_holds):
            self._fresh(
                lambda key: self.table.shop.answer_review(chosen, "confirm", key=key, by="Lan")
            )
            self._settle()

    @precondition(lambda self: self.pushed)
    @rule(pick=PICKS)
    def hand_over(self, pick: int) -> None:
        """One parcel leaves; where an order has several, it has then left in part."""
        chosen, code = self.pushed[pick % len(self.pushed)]
        parcel = self.table.shop.record(chosen).parcel(code)
        key = f"ship:{chosen}:{code}"
        self._send(key, None, lambda: self.table.shop.hand_over(chosen, code, key=key))
        if parcel.replaces is None:
            for piece in parcel.pieces:
                self.model.ship(chosen, piece.line, parcel.warehouse, piece.quantity)
        self._settle()

    @precondition(lambda self: self.on_their_way)
    @rule(pick=PICKS, state=st.sampled_from(["IN_TRANSIT", "DELIVERED_SELF", "DELIVERED_SELF"]))
    def track(self, pick: int, state: str) -> None:
        """A scan, of a parcel that has arrived too."""
        chosen, code = self.on_their_way[pick % len(self.on_their_way)]
        self._fresh(lambda key: self.table.shop.track(chosen, code, state, key=key))
        self._settle()

    @rule(chosen=ORDERS, count=st.integers(1, 4), line=st.integers(0, 2))
    def cancel_part(self, chosen: str, count: int, line: int) -> None:
        """Pieces of an order of which nothing has left are called off, as many as there are."""
        mine = self.model.orders[chosen]
        if mine.off or not mine.paid or any(one.shipped for one in mine.lines.values()):
            return
        sku = [*mine.lines.values()][line % len(mine.lines)].sku
        same = [one for one in mine.lines.values() if one.sku == sku]
        count = min(count, sum(one.open for one in same))
        if not count:
            return
        self._fresh(lambda key: self.table.shop.cancel(chosen, key=key, pieces=[(sku, count)]))
        left = count
        for one in same:
            here = min(one.open, left)
            one.cancelled += here
            left -= here
        mine.off = not any(one.open for one in mine.lines.values())
        self._settle()

    @rule(chosen=ORDERS)
    def cancel_whole(self, chosen: str) -> None:
        """All of an order is called off; what has left becomes a case, the rest does not leave."""
        mine = self.model.orders[chosen]
        record = self.table.shop.record(chosen)
        over = record.state in TERMINAL
        left = any(one.shipped for one in mine.lines.values())
        self._fresh(lambda key: self.table.shop.cancel(chosen, key=key))
        if over:
            pass
        elif not left:
            mine.off = True
        else:
            self._take_over_cancelled(chosen)
        self._settle()

    def _take_over_cancelled(self, chosen: str) -> None:
        record = self.table.shop.record(chosen)
        for no, line in self.model.orders[chosen].lines.items():
            more = record.lines[no].cancelled - line.cancelled
            if not 0 <= more <= line.open:
                raise Impossible(f"{more} of line {no} are called off, {line.open} are at home")
            line.cancelled += more

    @precondition(lambda self: self.received)
    @rule(pick=PICKS, count=st.integers(1, 3), line=st.integers(0, 2))
    def send_back(self, pick: int, count: int, line: int) -> None:
        """A buyer who has everything sends some of it back, and it is found good."""
        chosen = self.received[pick % len(self.received)]
        record = self.table.shop.record(chosen)
        lines = [*self.model.orders[chosen].lines.values()]
        mine = lines[line % len(lines)]
        same = sum(
            one.quantity - one.cancelled - one.returned
            for one in record.lines.values()
            if one.sku == mine.sku
        )
        count = min(count, same)
        if count < 1:
            return
        self._fresh(
            lambda key: self.table.shop.request_aftersale(
                chosen, key=key, reason="NO_REASON_7D", pieces=[(mine.sku, count)]
            )
        )
        for case in self.table.shop.record(chosen).open_cases:
            if case.state == "APPROVED_RETURN":
                before = self._shelf()
                self._fresh(
                    lambda key, code=case.id: self.table.shop.goods_back(
                        chosen, code, "good", key=key
                    )
                )
                self._take_back(chosen, Counter({p.line: p.quantity for p in case.pieces}), before)
        self._settle()

    def _take_back(self, chosen: str, pieces: Counter[int], before: Counter[Any]) -> None:
        """The shop says on which shelf they were laid; it has to be one that they left."""
        grown = +(self._shelf() - before)
        for no, count in pieces.items():
            line = self.model.orders[chosen].lines[no]
            item, each = next(iter(PARTS[line.sku].items()))
            for place in sorted(line.shipped):
                here = min(count, line.shipped[place], grown[place, item] // each)
                if here:
                    self.model.come_back(chosen, no, place, here)
                    count -= here
                    for part, n in PARTS[line.sku].items():
                        grown[place, part] -= n * here
            if count:
                raise Impossible(f"{count} pieces of line {no} came back to no shelf they left")

    @rule(chosen=ORDERS, region=st.sampled_from(["330106", "110101"]))
    def edit(self, chosen: str, region: str) -> None:
        """Another address; whatever the rules make of it, no piece and no cent is lost."""
        receiver = {**order()["receiver"], "region": region}
        self._fresh(lambda key: self.table.shop.change_address(chosen, receiver, key=key))
        self._settle()

    @rule(chosen=ORDERS)
    def move(self, chosen: str) -> None:
        """A warehouse does not ship a parcel: it is sourced anew, elsewhere, or says that it
        waits."""
        record = self.table.shop.record(chosen)
        pushed = [one for one in record.parcels.values() if one.state is ParcelState.PUSHED]
        if pushed:
            self._fresh(
                lambda key: self.table.shop.warehouse_rejected(
                    chosen, pushed[0].id, "AT_CAPACITY", key=key
                )
            )
            self._settle()
