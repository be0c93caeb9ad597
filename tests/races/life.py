"""A random life of a shop: stockroom, orders, parcels and time together, against a plain count.

After each step the doctor looks at I1 to I5, every shelf holds what was carried to and from it,
and no paid order is short of anything without saying so.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ordinance.audit.stockcheck import check_stock
from ordinance.inventory import MovementKind, OutOfStock
from ordinance.orders.order import Payment
from ordinance.orders.record import OrderRecord, Parcel
from ordinance.orders.states import IllegalMove, ParcelState
from ordinance.service.cases import NotReturnable
from ordinance.stock.stockroom import NothingOnItsWay, Slip
from tests.core.shop import Bench, order, payment
from tests.races.attempts import BUNDLES
from tests.races.test_known_bugs import lines, silent

WAREHOUSES = ("HZ", "BJ", "CD")
SOLD = ("TEA", "CUP", "TEASET", "POTSET")
KEPT = ("TEA", "CUP", "POT")

REFUSALS = (OutOfStock, IllegalMove, NotReturnable, NothingOnItsWay, ValueError)
"""What a command that cannot be may answer; it leaves nothing behind."""


class Broken(Exception):
    """Something that does not add up."""


class Life:
    """One shop, and what was carried to and from its shelves, counted by hand."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        stock = {(code, item): self.chance.randint(0, 9) for code in WAREHOUSES for item in KEPT}
        self.bench = Bench(folder, items=BUNDLES, stock=stock)
        self.shelf = Counter(stock)
        self.quarantine: Counter[tuple[str, str]] = Counter()
        self.way: Counter[tuple[str, str]] = Counter()
        self.left: Counter[tuple[str, int]] = Counter()
        """Units that left the house for the first time, by order and line."""
        self.orders: list[str] = []
        self.transfers: dict[str, tuple[str, str]] = {}
        self.number = 0

    def step(self) -> None:
        self.number += 1
        acts: list[Callable[[], None]] = [self.place, self.hand_over, self.receive]
        acts += [
            *acts,
            self.cancel,
            self.short_pick,
            self.scan,
            self.scan,
            self.back,
            self.answer,
            self.pay,
        ]
        acts += [self.adjust, self.quarantined, self.send, self.arrive, self.wait, self.set_aside]
        acts += [self.reject, self.stocktake, self.move_house, self.merge, self.unmerge]
        act = self.chance.choice(acts)
        try:
            act()
        except REFUSALS:
            pass
        except Exception as error:
            raise Broken(f"{act.__name__}: {type(error).__name__} {error}") from error
        self.bench.pump.effects(self.bench.clock.now())
        found = self.wrong()
        if found:
            raise Broken(f"{act.__name__}: {found[0]}")

    def wrong(self) -> list[str]:
        """What does not add up now."""
        storage = self.bench.shop.storage
        found = [str(one) for one in check_stock(storage, "teashop")]
        for level in storage.stock("teashop"):
            place = (level.warehouse, level.sku)
            for name, counted in (
                ("on hand", (level.on_hand, self.shelf[place])),
                ("in quarantine", (level.quarantine, self.quarantine[place])),
                ("on the way", (level.in_transit, self.way[place])),
            ):
                if counted[0] != counted[1]:
                    found.append(f"{place}: {counted[0]} {name}, counted by hand {counted[1]}")
        for record in self.bench.shop.orders():
            found += silent(record)
            for line in record.goods:
                if line.shipped != self.left[record.id, line.no]:
                    found.append(f"{record.number}: {line.shipped} of line {line.no} shipped")
        return found

    # What is done.

    def place(self) -> None:
        name = f"A{self.number}"
        wants = [
            (self.chance.choice(SOLD), self.chance.randint(1, 4))
            for _ in range(self.chance.randint(1, 3))
        ]
        more: dict[str, Any] = {"payments": []} if self.chance.random() < 0.2 else {}
        placed = order(name, buyer={"id": name}, lines=lines(*wants), **more)
        self.orders.append(self.bench.shop.place(placed, now=self.bench.clock.now()).order)

    def pay(self) -> None:
        record = self.any_order(lambda one: not one.payments)
        if record.payments:
            return
        amount = f"{record.receivable / 100:.2f}"
        money = Payment.model_validate(payment(f"T{self.number}", amount))
        self.bench.shop.pay(record.id, money, key=self.key())

    def receive(self) -> None:
        code, item = self.any_place()
        pieces = self.chance.randint(1, 6)
        self.bench.shop.receive_stock(code, item, pieces, cause=self.key())
        self.shelf[code, item] += pieces
        for order_id in self.orders:
            self.tried(lambda order_id=order_id: self._arrived(order_id))  # type: ignore[misc]

    def _arrived(self, order_id: str) -> None:
        self.bench.shop.stock_arrived(order_id, key=f"{self.key()}:{order_id}")

    def hand_over(self) -> None:
        """A parcel leaves; one that was called back, or left before, does not."""
        record, parcel = self.any_parcel()
        may_leave = parcel.state in (ParcelState.PUSHED, ParcelState.PICKING, ParcelState.PACKED)
        box = [(record, parcel)]
        for order_id, parcel_id in parcel.aboard:
            if order_id != record.id:
                other = self.bench.record(order_id)
                box.append((other, other.parcel(parcel_id)))
        try:
            self.bench.shop.hand_over(record.id, parcel.id, key=self.key())
        except IllegalMove:
            if may_leave:
                raise Broken(f"{parcel.id} of {record.number} could not leave") from None
            return
        if not may_leave:
            raise Broken(f"{parcel.id} of {record.number} left although it was {parcel.state}")
        for owner, one in box:
            for piece in one.pieces:
                if one.replaces is None:
                    self.left[owner.id, piece.line] += piece.quantity
                self.carry(owner, piece.line, piece.quantity, one.warehouse, -1)

    def short_pick(self) -> None:
        record, parcel = self.any_parcel()
        piece = self.chance.choice(parcel.pieces)
        items = record.lines[piece.line].takes(piece.quantity)
        item = self.chance.choice(sorted(items))
        missing = self.chance.randint(1, items[item])
        self.bench.shop.short_picked(record.id, parcel.id, item, missing, key=self.key())
        self.shelf[parcel.warehouse, item] -= missing

    def reject(self) -> None:
        """A warehouse does not ship a parcel; what is damaged goes into quarantine."""
        record, parcel = self.any_parcel()
        reason = self.chance.choice(["DAMAGED", "AT_CAPACITY", "CLOSED", "NO_DELIVERY_THERE"])
        item = None
        if reason == "DAMAGED":
            piece = self.chance.choice(parcel.pieces)
            item = self.chance.choice(sorted(record.lines[piece.line].takes(1)))
        self.bench.shop.warehouse_rejected(record.id, parcel.id, reason, sku=item, key=self.key())
        for piece in parcel.pieces:
            pieces = record.lines[piece.line].takes(piece.quantity).get(item or "", 0)
            self.shelf[parcel.warehouse, item or ""] -= pieces
            self.quarantine[parcel.warehouse, item or ""] += pieces

    def stocktake(self) -> None:
        """A shelf holds less than the books, and what was promised from it is found elsewhere."""
        place = self.any_place()
        found = max(self.shelf[place] - self.chance.randint(0, 4), 0)
        self.bench.shop.stocktake(place[0], {place[1]: found}, key=self.key())
        self.shelf[place] = found

    def move_house(self) -> None:
        region = self.chance.choice(["110105", "510107", "330106"])
        to = {"region": region, "address": f"{self.number}", "name": "李", "phone": "13900139000"}
        self.bench.shop.change_address(self.any_order().id, to, key=self.key())

    def merge(self) -> None:
        both = [self.any_order().id, self.any_order().id]
        self.bench.shop.merge(both, key=self.key())

    def unmerge(self) -> None:
        self.bench.shop.unmerge(self.any_order().id, key=self.key())

    def cancel(self) -> None:
        record = self.any_order()
        line = self.chance.choice(record.goods)
        pieces = [(line.sku, self.chance.randint(1, line.quantity))]
        self.bench.shop.cancel(
            record.id, key=self.key(), pieces=pieces if self.chance.random() < 0.5 else []
        )

    def scan(self) -> None:
        record, parcel = self.any_parcel(ParcelState.SHIPPED)
        if parcel.state is ParcelState.SHIPPED:
            often = ["DELIVERED_SELF", "DELIVERED_SELF", "REFUSED", "DAMAGED"]
            state = self.chance.choice(often)
            self.coming_back(
                record,
                lambda: self.bench.shop.track(record.id, parcel.id, state, key=self.key()),
            )

    def back(self) -> None:
        """The buyer sends back what he got."""
        record = self.any_order(lambda one: one.signed_at is not None)
        if record.signed_at is not None and not record.cases:
            self.bench.shop.request_aftersale(record.id, reason="NO_REASON_7D", key=self.key())
        for case_id in self.bench.record(record.id).cases:
            state = self.chance.choice(["good", "damaged"])
            self.coming_back(
                record,
                lambda case_id=case_id, state=state: self.bench.shop.goods_back(  # type: ignore[misc]
                    record.id, case_id, state, key=f"{self.key()}:{case_id}"
                ),
            )

    def answer(self) -> None:
        record = self.any_order(lambda one: one.open_offer is not None)
        choice = self.chance.choice(["wait", "cancel_short", "ship_available", "decline"])
        self.bench.shop.answer_offer(record.id, choice, key=self.key())

    def adjust(self) -> None:
        self.booked(lambda room, place, n, slip: room.adjust(*place, -n, slip), shelf=-1)

    def quarantined(self) -> None:
        if self.chance.random() < 0.5:
            self.booked(lambda room, place, n, slip: room.withdraw(*place, n, slip), -1, 1)
        elif self.chance.random() < 0.5:
            self.booked(lambda room, place, n, slip: room.clear(*place, n, slip), 1, -1)
        else:
            self.booked(lambda room, place, n, slip: room.scrap(*place, n, slip), 0, -1)

    def set_aside(self) -> None:
        pieces = self.chance.choice([1, 2, -1, -2])
        self.booked(lambda room, place, n, slip: room.set_aside(*place, pieces, "app", slip))

    def send(self) -> None:
        (source, item), target = self.any_place(), self.chance.choice(WAREHOUSES)
        pieces = self.chance.randint(1, 4)
        key = self.key()
        self.bench.shop.stockroom.send(source, target, item, pieces, self.slip(key))
        self.shelf[source, item] -= pieces
        self.way[target, item] += pieces
        self.transfers[key] = (target, item)

    def arrive(self) -> None:
        if not self.transfers:
            return
        key = self.chance.choice(sorted(self.transfers))
        pieces = self.chance.randint(1, 3)
        lost = self.chance.random() < 0.3
        room = self.bench.shop.stockroom
        (room.lose if lost else room.arrive)(key, self.slip(self.key()), pieces=pieces)
        self.way[self.transfers[key]] -= pieces
        self.shelf[self.transfers[key]] += 0 if lost else pieces

    def wait(self) -> None:
        def later() -> None:
            self.bench.later(days=self.chance.choice([1, 4, 16]))

        self.coming_back(None, later)

    # How it is done.

    def coming_back(self, record: OrderRecord | None, do: Callable[[], object]) -> None:
        """Count by hand what the carrier brings back: never more than had left."""
        storage = self.bench.shop.storage
        before = Counter(self.returned(storage))
        self.tried(do)
        for (order_id, kind, code, item), pieces in self.returned(storage).items():
            came = pieces - before[order_id, kind, code, item]
            if came and record is not None and order_id != record.id:
                raise Broken("goods of another order came back")
            (self.shelf if kind == "returned_to_stock" else self.quarantine)[code, item] += came
        for one in self.bench.shop.orders():
            out = sum(
                sum(one.lines[piece.line].takes(piece.quantity).values())
                for parcel in one.parcels.values()
                for piece in parcel.pieces
                if parcel.state is ParcelState.SHIPPED
            )
            home = sum(n for key, n in self.returned(storage).items() if key[0] == one.id)
            if home > out:
                raise Broken(f"{one.number}: {home} pieces came back of {out}")

    @staticmethod
    def returned(storage: Any) -> Mapping[tuple[str, str, str, str], int]:
        back: Counter[tuple[str, str, str, str]] = Counter()
        for one in storage.movements("teashop"):
            if one.order_id and one.kind in (MovementKind.RETURNED, MovementKind.QUARANTINED):
                back[one.order_id, str(one.kind), one.warehouse, one.sku] += one.quantity
        return back

    def booked(self, do: Callable[..., object], shelf: int = 0, quarantine: int = 0) -> None:
        place, pieces = self.any_place(), self.chance.randint(1, 4)
        do(self.bench.shop.stockroom, place, pieces, self.slip(self.key()))
        self.shelf[place] += shelf * pieces
        self.quarantine[place] += quarantine * pieces

    def carry(self, record: OrderRecord, no: int, units: int, code: str, sign: int) -> None:
        for item, pieces in record.lines[no].takes(units).items():
            self.shelf[code, item] += sign * pieces

    def tried(self, do: Callable[[], object]) -> None:
        try:
            do()
        except REFUSALS:
            return

    def any_order(self, able: Callable[[OrderRecord], object] = lambda one: True) -> OrderRecord:
        """One order, most often one that is able to do what is tried."""
        if not self.orders:
            raise ValueError("no order yet")
        found = [self.bench.record(order_id) for order_id in self.orders]
        wanted = [one for one in found if able(one)]
        return self.chance.choice(wanted if wanted and self.chance.random() < 0.8 else found)

    def any_parcel(self, state: ParcelState = ParcelState.PUSHED) -> tuple[OrderRecord, Parcel]:
        """One parcel, most often one that has something before it."""
        found = [
            (record, parcel)
            for record in self.bench.shop.orders()
            for parcel in record.parcels.values()
        ]
        if not found:
            raise ValueError("no parcel yet")
        wanted = [one for one in found if one[1].state is state]
        return self.chance.choice(wanted if wanted and self.chance.random() < 0.8 else found)

    def any_place(self) -> tuple[str, str]:
        return self.chance.choice(WAREHOUSES), self.chance.choice(KEPT)

    def key(self) -> str:
        return f"s{self.number}"

    def slip(self, key: str) -> Slip:
        return Slip(key, self.bench.clock.now(), "lan")
