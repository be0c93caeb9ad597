"""Shares: what the units of an order carry of its money, and what planted bugs would lose."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import astuple, replace

import pytest

from ordinance.audit import lineage as audited
from ordinance.orders import lineage, refunds, shares
from ordinance.orders.record import OrderRecord, Parcel, Piece, RecordLine, Share
from ordinance.orders.shares import share_of, value_of, whole_of
from ordinance.orders.states import ParcelState
from ordinance.orders.units import Run, joined
from tests.fulfilment.goods import everything, line, order

GONE = (ParcelState.SHIPPED, ParcelState.CANCELLED)


def of(record: OrderRecord, *parcels: tuple[tuple[int, int, int], ...]) -> list[Share]:
    """The shares of parcels of (line, first unit, units)."""
    return [
        share_of(record, [Piece(no, "", count, first) for no, first, count in parcel])
        for parcel in parcels
    ]


def test_st10_100_over_three_equal_lines_in_three_parcels() -> None:
    amounts = shares.apportion(100_00, [1, 1, 1])
    record = order(*(line(no, "TEA", 1, amount) for no, amount in enumerate(amounts, 1)))

    parts = of(record, ((1, 0, 1),), ((2, 0, 1),), ((3, 0, 1),))

    assert [part.amount for part in parts] == [33_33, 33_33, 33_34]


def test_st10_100_over_one_line_of_three_in_three_parcels() -> None:
    parts = of(order(line(1, "TEA", 3, 100_00)), ((1, 0, 1),), ((1, 1, 1),), ((1, 2, 1),))

    assert [part.amount for part in parts] == [33_33, 33_33, 33_34]


def test_st10_a_discount_of_10_over_lines_of_50_30_and_20() -> None:
    less = shares.apportion(10_00, [50_00, 30_00, 20_00])
    lines = [
        line(no, "TEA", 1, paid - off, discount=off)
        for no, paid, off in zip((1, 2, 3), (50_00, 30_00, 20_00), less, strict=True)
    ]

    parts = of(order(*lines), ((1, 0, 1),), ((2, 0, 1),), ((3, 0, 1),))

    assert [part.discount for part in parts] == [5_00, 3_00, 2_00]
    assert [part.amount for part in parts] == [45_00, 27_00, 18_00]


def test_freight_fees_and_tax_follow_what_was_paid_and_the_last_takes_the_remainder() -> None:
    record = order(
        line(1, "TEA", 2, 20_00),
        line(2, "CUP", 1, 10_00),
        charges={"freight": 10_00, "fee": 1, "tax": 3_01},
    )

    parts = of(record, ((1, 0, 1),), ((1, 1, 1), (2, 0, 1)))

    assert [astuple(part) for part in parts] == [
        (10_00, 0, 3_33, 0, 1_00),
        (20_00, 0, 6_67, 1, 2_01),
    ]
    assert sum(parts, Share()) == whole_of(record)


class Walk:
    """One order, packed, shipped, called back, cancelled, lost and refunded at random."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        lines = []
        for no in range(1, chance.randint(2, 5)):
            quantity, off = chance.choice([1, 2, 3, 7, 12]), chance.choice([0, 1, 3_33])
            paid = chance.choice([0, 1, 99, 33_33, 100_00, 1_999_99])
            lines.append(line(no, "TEA", quantity, paid, discount=off))
        charges = {
            kind: chance.choice([1, 5_00, 10_01])
            for kind in ("freight", "fee", "tax")
            if chance.random() < 0.7
        }
        self.record = order(*lines, charges=charges)
        self.refunded = 0

    def line(self, able: Callable[[RecordLine], int]) -> tuple[RecordLine, int] | None:
        """A line of which some units can do it, and how many of them."""
        found = [item for item in self.record.goods if able(item) > 0]
        if not found:
            return None
        picked = self.chance.choice(found)
        return picked, self.chance.randint(1, able(picked))

    def put(self, *lines: RecordLine, parcel: Parcel | None = None) -> None:
        """The order with these lines and this parcel changed."""
        held = {**self.record.lines, **{item.no: item for item in lines}}
        parcels = {**self.record.parcels, **({parcel.id: parcel} if parcel else {})}
        self.record = replace(self.record, lines=held, parcels=parcels)

    def plan(self, pieces: Iterable[Piece], replaces: str | None = None) -> None:
        """A parcel of some pieces."""
        pieces = tuple(pieces)
        code = f"P{len(self.record.parcels) + 1}"
        share = share_of(self.record, pieces)
        state = ParcelState.WAIT_PUSH
        self.put(parcel=Parcel(code, "HZ", pieces, state, 1, replaces=replaces, share=share))

    def parcel(self, state: ParcelState) -> Parcel | None:
        """A parcel in a state, on its first way."""
        found = [p for p in self.record.parcels.values() if p.state is state and not p.replaces]
        return self.chance.choice(found) if found else None

    def reserve_and_pack(self) -> None:
        pieces: list[Piece] = []
        for _ in range(self.chance.randint(1, 3)):
            if picked := self.line(lambda item: item.waiting):
                some, count = picked
                held = replace(some, held_at={"HZ": some.reserved + count})
                if any(piece.line == some.no for piece in pieces):
                    continue
                pieces += lineage.unpacked_units(self.record, some, count)
                self.put(held)
        if pieces:
            self.plan(pieces)

    def ship(self) -> None:
        if parcel := self.parcel(ParcelState.WAIT_PUSH):
            for piece in parcel.pieces:
                some = self.record.lines[piece.line]
                left = {"HZ": some.reserved - piece.quantity}
                self.put(replace(some, shipped=some.shipped + piece.quantity, held_at=left))
            self.put(parcel=replace(parcel, state=ParcelState.SHIPPED))

    def call_back(self) -> None:
        if parcel := self.parcel(ParcelState.WAIT_PUSH):
            for piece in parcel.pieces:
                some = self.record.lines[piece.line]
                self.put(replace(some, held_at={"HZ": some.reserved - piece.quantity}))
            self.put(parcel=replace(parcel, state=ParcelState.CANCELLED))

    def cancel(self) -> None:
        if picked := self.line(lambda item: item.waiting):
            some, count = picked
            units = lineage.unpacked_units(self.record, some, count)
            self.put(replace(some, cancelled=some.cancelled + count))
            self.refund(units)

    def lose(self) -> None:
        if parcel := self.parcel(ParcelState.SHIPPED):
            if self.chance.random() < 0.5 and lineage.still_owed(self.record, parcel.pieces):
                self.plan(lineage.still_owed(self.record, parcel.pieces), replaces=parcel.id)
                return
            owed = refunds.due_for(self.record, parcel.pieces)
            if all(not self.record.lines[piece.line].back for piece in parcel.pieces):
                assert owed == parcel.share.amount
            self.refund(parcel.pieces)

    def complain(self) -> None:
        if picked := self.line(lambda item: item.shipped - item.returned):
            some, count = picked
            units = lineage.claimable_units(self.record, some, count)
            assert sum(piece.quantity for piece in units) == count
            self.put(replace(some, returned=some.returned + count))
            self.refund(units)

    def refund(self, pieces: Iterable[Piece]) -> None:
        pieces = list(pieces)
        self.refunded += refunds.due_for(self.record, pieces)
        for piece in lineage.still_owed(self.record, pieces):
            some = self.record.lines[piece.line]
            self.put(replace(some, back=joined([*some.back, *piece.runs])))

    def check(self) -> None:
        """The parcels and the rest are the order; the refunds are the shares of their units."""
        assert list(audited.faults(self.record)) == []
        assert whole_of(self.record).amount == sum(item.amount for item in self.record.goods)
        assert self.refunded == sum(value_of(item, item.back) for item in self.record.goods)
        if all(item.given_back == item.quantity for item in self.record.goods):
            assert self.refunded == whole_of(self.record).amount

    def run(self) -> None:
        steps = [
            self.reserve_and_pack, self.reserve_and_pack, self.ship, self.ship,
            self.call_back, self.cancel, self.lose, self.complain,
        ]  # fmt: skip
        for _ in range(self.chance.randint(3, 14)):
            self.chance.choice(steps)()
            self.check()


def walks(count: int, seed: int = 20261126) -> None:
    """Many orders, each by its own seed, which a failure names."""
    for number in range(count):
        try:
            Walk(random.Random(seed + number)).run()
        except AssertionError as error:
            raise AssertionError(f"seed {seed + number}: {error}") from error


def test_parcels_and_what_is_in_none_are_the_order_in_every_field_always() -> None:
    walks(3_000)


def _each_rounded(total: int, quantity: int, runs: Iterable[Run]) -> int:
    return sum(count for _, count in runs) * round(total / quantity)


def _remainder_dropped(total: int, quantity: int, runs: Iterable[Run]) -> int:
    return sum(count for _, count in runs) * (total // quantity)


def _child_rounded(total: int, quantity: int, runs: Iterable[Run]) -> int:
    return round(total * sum(count for _, count in runs) / quantity)


@pytest.mark.parametrize("bug", [_each_rounded, _remainder_dropped, _child_rounded])
def test_a_share_that_rounds_for_itself_is_caught(
    bug: Callable[[int, int, Iterable[Run]], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "spread", bug)

    with pytest.raises(AssertionError, match="carry"):
        walks(100)


def test_a_discount_counted_twice_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    real = shares.share_of

    def twice(record: OrderRecord, pieces: Iterable[Piece]) -> Share:
        right = real(record, pieces)
        return replace(right, amount=right.amount - right.discount)

    monkeypatch.setattr(audited, "share_of", twice)
    monkeypatch.setitem(globals(), "share_of", twice)

    with pytest.raises(AssertionError, match="carry amount"):
        walks(100)


def test_freight_that_every_parcel_carries_whole_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def whole(record: OrderRecord) -> dict[int, tuple[int, ...]]:
        return {item.no: astuple(whole_of(record))[2:] for item in record.goods}

    monkeypatch.setattr(shares, "charges_of", whole)

    with pytest.raises(AssertionError, match="carry"):
        walks(100)


def test_a_refund_by_count_and_not_by_unit_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def by_count(record: OrderRecord, pieces: Iterable[Piece]) -> int:
        total = 0
        for piece in pieces:
            some = record.lines[piece.line]
            upto = min(some.given_back + piece.quantity, some.quantity)
            total += value_of(some, [(some.given_back, upto - some.given_back)])
        return total

    monkeypatch.setattr(refunds, "due_for", by_count)

    with pytest.raises(AssertionError):
        walks(100)


def test_units_packed_twice_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        lineage,
        "unpacked_units",
        lambda record, some, count: [Piece(some.no, some.sku, count, 0)],
    )

    with pytest.raises(AssertionError, match="two parcels"):
        walks(100)


def test_every_unit_alone_adds_up_whatever_the_amount() -> None:
    chance = random.Random(3)
    for _ in range(2_000):
        quantity, total = chance.randint(1, 40), chance.randint(-10_000, 10_000)
        units = [shares.spread(total, quantity, [(first, 1)]) for first in range(quantity)]

        assert sum(units) == total and max(units) - min(units) <= 1


def test_an_order_of_gifts_alone_carries_its_freight_on_the_last_line() -> None:
    record = order(line(1, "TEA", 1, 0), line(2, "CUP", 2, 0), charges={"freight": 9_01})

    assert share_of(record, everything(record)) == whole_of(record) == Share(freight=9_01)
    assert share_of(record, [Piece(2, "CUP", 1, 1)]) == Share(freight=4_51)
