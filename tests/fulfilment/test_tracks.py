"""Scans that come late, twice, out of order or not at all: a parcel never goes back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from ordinance.orders.record import OrderRecord, UnknownPart
from tests.core.shop import Bench
from tests.fulfilment.tracks import AT, ORDERS, PLACES, SUBSETS, TRACK, faults
from tests.part import SOAK


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> OrderRecord:
    """An order whose one parcel has left."""
    bench = Bench(tmp_path_factory.mktemp("left"))
    placed = bench.place()
    record = bench.hand_over(placed)
    bench.shop.close()
    return record


def test_all_720_orders_of_six_scans_end_alike(left: OrderRecord) -> None:
    assert len(ORDERS) == 720
    assert [fault for places in ORDERS for fault in faults(left, places)] == []


def test_each_order_with_each_scan_twice_ends_alike(left: OrderRecord) -> None:
    """4,320 tracks; the second of the two comes in at any later place."""
    wrong = []
    for number, places in enumerate(ORDERS):
        chance = Random(number)
        for twice in PLACES:
            again = list(places)
            again.insert(chance.randint(places.index(twice) + 1, len(places)), twice)
            wrong += faults(left, again)

    assert wrong == []


def test_whatever_is_lost_the_rest_ends_alike(left: OrderRecord) -> None:
    assert len(SUBSETS) == 64
    wrong = []
    for number, places in enumerate(ORDERS):
        chosen = SUBSETS if SOAK else SUBSETS[number % 8 :: 8]
        for kept in chosen:
            wrong += faults(left, [place for place in places if place in kept])

    assert wrong == []


@pytest.mark.parametrize("seed", range(4))
def test_in_the_store_each_notice_goes_out_once_and_the_order_arrives(
    bench: Bench, seed: int
) -> None:
    chance = Random(seed)
    placed = bench.place()
    bench.hand_over(placed)
    places = [*chance.choice(ORDERS), chance.choice(PLACES)]
    for number, place in enumerate(places):
        bench.do(bench.shop.track(placed, "P1", TRACK[place], key=f"s{number}", now=AT[place]))

    parcel = bench.record(placed).parcels["P1"]
    assert (parcel.tracking, parcel.delivered_at) == (TRACK[-1], AT[-1])
    assert bench.record(placed).state == "SIGNED"
    kinds = bench.events(placed)
    assert kinds.count("parcel.delivered") == kinds.count("order.received") == 1
    notices = [key for key in _keys(bench, placed) if ":notify:" in key]
    assert len(notices) == len(set(notices)) == len({key.rsplit(".", 1)[0] for key in notices})
    bench.well()


def _keys(bench: Bench, placed: str) -> list[str]:
    from ordinance.ports import EffectState

    return [one.effect.key for one in bench.shop.effects(tuple(EffectState), order=placed)]


def test_a_scan_before_the_parcel_has_left_moves_nothing(bench: Bench, tmp_path: Path) -> None:
    placed = bench.place()
    bench.shop.track(placed, "P1", "IN_TRANSIT", key="early", now=AT[0] - timedelta(days=1))

    assert bench.record(placed).parcels["P1"].tracking == "NO_TRACE"
    with pytest.raises(UnknownPart):
        bench.shop.track(placed, "P9", "IN_TRANSIT", key="whose", now=AT[0])
    bench.hand_over(placed)
    bench.shop.track(placed, "P1", "IN_TRANSIT", key="then", now=AT[1])
    assert bench.record(placed).parcels["P1"].tracking == "IN_TRANSIT"
