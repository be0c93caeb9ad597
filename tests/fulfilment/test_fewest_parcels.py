"""The fewest parcels that keep the limits: against trying every way there is."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from ordinance.fulfilment.splitters import limits
from ordinance.fulfilment.splitters.limits import EXACT, Limits, TooManyParcels, parcels_of
from ordinance.fulfilment.splitters.lot import Catalogue, Lot, Part, lots_of
from ordinance.orders.record import OrderRecord
from ordinance.profile import Item
from tests.fulfilment.goods import everything, line, order

Case = tuple[OrderRecord, dict[str, Item], Limits]


def random_case(chance: random.Random, most_pieces: int) -> Case:
    """A few lines with sizes that are hard to pack, and limits that none of them breaks."""
    items: dict[str, Item] = {}
    lines = []
    left = chance.randint(1, most_pieces)
    while left:
        no = len(lines) + 1
        count = chance.randint(1, min(left, 3 if most_pieces <= EXACT else 20))
        left -= count
        items[f"S{no}"] = Item(f"S{no}", "", "x", chance.randint(9, 60), chance.randint(9, 60))
        lines.append(line(no, f"S{no}", count, chance.randint(0, 6_000) * count))
    some = Limits(
        grams=chance.randint(60, 120),
        cm3=chance.choice([None, chance.randint(60, 120)]),
        value=chance.choice([None, chance.randint(6_001, 12_000)]),
        pieces=chance.choice([None, 4]),
    )
    return order(*lines), items, some


def size_of(box: Sequence[Lot], catalogue: Catalogue) -> tuple[int, int, int, int]:
    """Grams, volume, value and pieces of a parcel, counted unit by unit."""
    units = [unit for lot in box for unit in lot.singly()]
    return (
        sum(catalogue.grams(unit) for unit in units),
        sum(catalogue.cm3(unit) for unit in units),
        sum(catalogue.value(unit) for unit in units),
        len(units),
    )


def fits(box: Sequence[Lot], catalogue: Catalogue, some: Limits) -> bool:
    """Whether a parcel keeps the limits."""
    caps = (some.grams, some.cm3, some.value, some.pieces)
    sizes = size_of(box, catalogue)
    return all(cap is None or one <= cap for one, cap in zip(sizes, caps, strict=True))


def fewest_by_trying(units: Sequence[Lot], catalogue: Catalogue, some: Limits) -> int:
    """The least number of parcels: a table over all subsets of the units."""
    every = 1 << len(units)
    able = [
        fits([unit for at, unit in enumerate(units) if mask >> at & 1], catalogue, some)
        for mask in range(every)
    ]
    least = [0] + [len(units)] * (every - 1)
    for mask in range(1, every):
        first = mask & -mask
        rest = mask ^ first
        sub = rest
        while True:
            if able[sub | first]:
                least[mask] = min(least[mask], least[rest ^ sub] + 1)
            if not sub:
                break
            sub = (sub - 1) & rest
    return least[-1]


def test_up_to_ten_pieces_the_parcels_are_the_fewest_there_are() -> None:
    chance = random.Random(20261126)
    for number in range(400):
        record, items, some = random_case(chance, 9 if number % 8 else EXACT)
        catalogue = Catalogue(record, items)
        lots = lots_of(record, everything(record))
        units = [unit for lot in lots for unit in lot.singly()]

        boxes = parcels_of(lots, some, catalogue)

        assert len(boxes) == fewest_by_trying(units, catalogue, some), (number, some)
        assert all(fits(box, catalogue, some) for box in boxes), (number, some)


def test_first_fit_alone_would_take_a_parcel_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_fewest", lambda items, caps, known: known)

    with pytest.raises(AssertionError):
        test_up_to_ten_pieces_the_parcels_are_the_fewest_there_are()


def test_many_pieces_keep_the_limits_and_every_unit_is_in_one_parcel() -> None:
    chance = random.Random(7)
    for number in range(150):
        record, items, some = random_case(chance, 80)
        catalogue = Catalogue(record, items)
        boxes = parcels_of(lots_of(record, everything(record)), some, catalogue)

        assert all(fits(box, catalogue, some) for box in boxes), number
        assert catalogue.pieces([lot for box in boxes for lot in box]) == everything(record)


def test_the_same_goods_give_the_same_parcels_whatever_order_they_come_in() -> None:
    chance = random.Random(11)
    for _ in range(60):
        record, items, some = random_case(chance, 30)
        catalogue = Catalogue(record, items)
        lots = lots_of(record, everything(record))
        shuffled = chance.sample(lots, len(lots))

        assert parcels_of(shuffled, some, catalogue) == parcels_of(lots, some, catalogue)


def test_a_million_equal_pieces_are_few_lots_and_too_many_parcels_are_refused() -> None:
    record = order(line(1, "CARD", 1_000_000))
    catalogue = Catalogue(record, {"CARD": Item("CARD", "", weight_grams=5, volume_cm3=1)})
    lots = lots_of(record, everything(record))

    boxes = parcels_of(lots, Limits(grams=30_000), catalogue)

    assert len(boxes) == 167 and boxes[0] == [Lot(6_000, (Part(1, 0),))]
    with pytest.raises(TooManyParcels):
        parcels_of(lots, Limits(grams=30), catalogue)
    with pytest.raises(TooManyParcels):
        parcels_of(lots, Limits(grams=4), catalogue)
