"""The machine: what can be done to a shop at any time, and what the model says must come of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from ordinance.audit.doctor import check
from ordinance.orders.order import Payment
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import TERMINAL, ParcelState
from ordinance.ports import KeyReused, OutOfStock
from ordinance.releases.release import Release
from ordinance.stock.stockroom import NothingOnItsWay, Slip
from tests.core.shop import order, payment
from tests.publishing.editions import edition
from tests.statemachine.model import PARTS, PRICES, Impossible, Line, Model, Order
from tests.statemachine.tables import Crash, Table

SKUS = st.sampled_from(sorted(PRICES))
LINES = st.lists(st.tuples(SKUS, st.integers(1, 4)), min_size=1, max_size=3)
KEYS = st.integers(0, 30)
"""A small pool, so that keys come again; each kind of command has its own."""
ITEMS = st.sampled_from(["TEA", "CUP"])
PLACES = st.sampled_from(["HZ", "BJ"])
TOKENS = st.sampled_from(["cart-1", "cart-2"])
PAYMENT_HOURS = 24


@lru_cache(maxsize=4)
def _edition(name: str) -> Release:
    return edition(name)


class ShopMachine(RuleBasedStateMachine):
    """A shop and the model of it."""

    orders: Bundle[str] = Bundle("orders")

    def __init__(self) -> None:
        super().__init__()
        self.done: dict[str, tuple[Any, Any]] = {}
        """What was asked under each key, and what was answered."""
        self.counted = 0
        self.fuse = -1

    @initialize(in_a_file=st.sampled_from([False, False, False, True]))
    def begin(self, in_a_file: bool) -> None:
        self.table = Table(in_a_file=in_a_file)
        stock = {place: count for place, count in self.table.profile.stock.items()}
        self.model = Model(stock)

    # Orders.

    @rule(target=orders, lines=LINES, paid=st.booleans(), key=KEYS)
    def place(self, lines: list[tuple[str, int]], paid: bool, key: int) -> Any:
        source = f"A{key}"
        body = (tuple(lines), paid)
        drafted = self._drafted(source, lines, paid)
        known = self.done.get(f"place:{key}")
        if known is not None and known[0] != body:
            self._refused(KeyReused, lambda: self._place(drafted, key))
            return multiple()
        receipt = self._send(f"place:{key}", body, lambda: self._place(drafted, key))
        if known is not None:
            return multiple()
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
        return receipt.order

    @rule(chosen=orders, key=KEYS)
    def pay(self, chosen: str, key: int) -> None:
        mine = self.model.orders[chosen]
        if mine.paid:
            return
        money = Payment.model_validate(payment(f"P-{chosen}", f"{mine.due / 100:.2f}", self.now))
        name = f"pay:{chosen}"
        self._send(name, None, lambda: self.table.shop.pay(chosen, money, key=name))
        mine.paid = mine.due
        self._settle()

    @rule(chosen=orders)
    def confirm(self, chosen: str) -> None:
        """A clerk reviews what the rules handed over, if they did."""
        record = self.table.shop.record(chosen)
        if any(hold.code == "MANUAL_REVIEW" for hold in record.open_holds):
            self._fresh(
                lambda key: self.table.shop.answer_review(chosen, "confirm", key=key, by="Lan")
            )
            self._settle()

    @rule(chosen=orders)
    def hand_over(self, chosen: str) -> None:
        record = self.table.shop.record(chosen)
        pushed = [one for one in record.parcels.values() if one.state is ParcelState.PUSHED]
        if not pushed:
            return
        parcel = pushed[0]
        key = f"ship:{chosen}:{parcel.id}"
        self._send(key, None, lambda: self.table.shop.hand_over(chosen, parcel.id, key=key))
        if parcel.replaces is None:
            for piece in parcel.pieces:
                self.model.ship(chosen, piece.line, parcel.warehouse, piece.quantity)
        self._settle()

    @rule(chosen=orders, late=st.booleans())
    def deliver(self, chosen: str, late: bool) -> None:
        record = self.table.shop.record(chosen)
        state = "IN_TRANSIT" if late else "DELIVERED_SELF"
        for parcel in record.parcels.values():
            if parcel.state is ParcelState.SHIPPED:
                self._fresh(
                    lambda key, code=parcel.id: self.table.shop.track(chosen, code, state, key=key)
                )
        self._settle()

    @rule(chosen=orders, count=st.integers(1, 4), line=st.integers(0, 2))
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

    @rule(chosen=orders)
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

    @rule(chosen=orders, count=st.integers(1, 3), line=st.integers(0, 2))
    def send_back(self, chosen: str, count: int, line: int) -> None:
        """A buyer who has everything sends some of it back, and it is found good."""
        record = self.table.shop.record(chosen)
        if record.signed_at is None or record.state in TERMINAL or record.open_cases:
            return
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

    @rule(chosen=orders, region=st.sampled_from(["330106", "110101"]))
    def edit(self, chosen: str, region: str) -> None:
        """Another address; whatever the rules make of it, no piece and no cent is lost."""
        receiver = {**order()["receiver"], "region": region}
        self._fresh(lambda key: self.table.shop.change_address(chosen, receiver, key=key))
        self._settle()

    @rule(chosen=orders)
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

    # Stock.

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

    # Time, rules, crashes.

    @rule(minutes=st.sampled_from([1, 10, 60, 600]))
    def time_passes(self, minutes: int) -> None:
        self.table.clock.set(self.now + timedelta(minutes=minutes))
        self.model.close_unpaid(self.now)
        self.model.forget_carts(self.now)
        self._settle()

    @rule(name=st.sampled_from("AB"))
    def reload_rules(self, name: str) -> None:
        office = self.table.shop.office
        live = office.status().live
        assert live is not None
        office.publish(_edition(name), author="Mei", note="other", now=self.now, base=live.version)

    @rule()
    def reopen(self) -> None:
        self.table.crash()

    @rule(statements=st.integers(0, 60))
    def die_soon(self, statements: int) -> None:
        """The process dies in the middle of the next command, which is then sent again."""
        self.fuse = statements

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
        for record in self.table.shop.orders():
            mine = self.model.orders[record.id]
            assert record.paid == mine.paid, record.number
            assert record.refunding == mine.refunded, record.number
            for no, line in mine.lines.items():
                theirs = record.lines[no]
                assert (theirs.shipped, theirs.cancelled) == (
                    line.shipped.total(),
                    theirs.cancelled if mine.off else line.cancelled,
                ), record.number

    def teardown(self) -> None:
        if hasattr(self, "table"):
            found = check(self.table.shop.storage, self.table.profile.shop)
            self.table.close()
            assert found == []

    # How a command is sent.

    @property
    def now(self) -> Any:
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
        for record in self.table.shop.orders():
            self._take_over(record)

    def _take_over(self, record: OrderRecord) -> None:
        held = {no: line.held_at for no, line in record.lines.items()}
        self.model.take_over(record.id, held, bool(record.open_holds))

    def _shelf(self) -> Counter[Any]:
        levels = self.table.shop.storage.stock(self.table.profile.shop)
        return Counter({(one.warehouse, one.sku): one.on_hand for one in levels})
