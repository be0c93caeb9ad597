"""Channels on one shelf: what is set aside is sold by its channel, and none of it twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from ordinance.audit.stockcheck import check_stock
from ordinance.ports import Waiting
from ordinance.profile import Item
from ordinance.shop import backorders
from ordinance.stock.stockroom import Slip
from tests.core.shop import ITEMS, MONDAY, Bench, order

SHOP = "teashop"


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Ten pieces in one warehouse, six of them for the live channel."""
    bench = Bench(tmp_path, stock={("HZ", "TEA"): 10})
    bench.shop.stockroom.set_aside("HZ", "TEA", 6, "live", Slip("s1", MONDAY, "lan"))
    return bench


def place(bench: Bench, source_id: str, channel: str, pieces: int) -> str:
    lines = [{"sku": "TEA", "quantity": pieces, "unit_price": "9.00"}]
    return bench.shop.place(order(source_id, channel=channel, lines=lines)).order


def held(bench: Bench, order_id: str) -> list[tuple[str, int]]:
    found = bench.shop.storage.all_reservations(SHOP)
    return [(one.pool, one.pieces) for one in found if one.holder == order_id]


def test_two_channels_on_one_shelf_sell_each_piece_once(bench: Bench) -> None:
    web = [place(bench, f"W{number}", "web", 1) for number in range(6)]
    live = [place(bench, f"L{number}", "live", 1) for number in range(8)]

    assert [held(bench, one) for one in web] == [[("", 1)]] * 4 + [[]] * 2
    assert [held(bench, one) for one in live] == [[("live", 1)]] * 6 + [[]] * 2
    assert [bench.shop.record(one).open_holds[0].code for one in web[4:] + live[6:]] == [
        "STOCK_SHORT"
    ] * 4
    assert check_stock(bench.shop.storage, SHOP) == []


def test_an_order_of_the_channel_takes_shared_pieces_after_its_own(bench: Bench) -> None:
    live = place(bench, "L1", "live", 8)

    assert held(bench, live) == [("", 2), ("live", 6)]
    assert held(bench, place(bench, "W1", "web", 2)) == [("", 2)]
    assert held(bench, place(bench, "W2", "web", 1)) == []
    assert check_stock(bench.shop.storage, SHOP) == []


def test_a_pool_is_less_by_what_a_short_pick_did_not_find(bench: Bench) -> None:
    live = place(bench, "L1", "live", 8)
    place(bench, "W1", "web", 2)
    bench.pump.work(MONDAY)
    # Everything on the shelf is promised; the two that are not there were the order's own.
    bench.shop.short_picked(live, "P1", "TEA", 2, key="s2", now=MONDAY)

    (level,) = bench.shop.storage.stock(SHOP)
    assert (level.on_hand, level.available) == (8, 0)
    assert check_stock(bench.shop.storage, SHOP) == []


def test_what_a_channel_can_be_promised_is_told(tmp_path: Path) -> None:
    items = {**ITEMS, "SET": Item("SET", "套装", bundle=(("TEA", 2), ("CUP", 1)))}
    bench = Bench(tmp_path, items=items)
    bench.shop.stockroom.set_aside("HZ", "TEA", 6, "live", Slip("s1", MONDAY, "lan"))
    bench.shop.reserve("cart", {"CUP": 1}, key="r1", now=MONDAY)

    assert bench.shop.available("TEA") == 14
    assert bench.shop.available("TEA", channel="live") == 20
    # In Hangzhou there are four shared pieces of tea and four cups, in Beijing no cup.
    assert bench.shop.available("SET") == 2
    assert bench.shop.available("SET", channel="live") == 4
    assert bench.shop.available("NOTHING") == 0
    assert bench.shop.available("CARD") == 0


def test_an_order_that_waits_is_served_from_what_is_set_aside_for_its_channel(
    bench: Bench,
) -> None:
    place(bench, "L1", "live", 10)
    web, live = place(bench, "W1", "web", 2), place(bench, "L2", "live", 2)
    bench.shop.stockroom.receive("HZ", "TEA", 2, Slip("d1", MONDAY, "lan"))
    bench.shop.stockroom.set_aside("HZ", "TEA", 2, "live", Slip("s2", MONDAY, "lan"))
    bench.pump.work(MONDAY)

    assert held(bench, web) == []
    assert held(bench, live) == [("live", 2)]
    assert check_stock(bench.shop.storage, SHOP) == []


def test_an_order_that_waits_is_served_when_its_checkout_and_a_delivery_have_enough(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path, stock={("HZ", "TEA"): 5})
    bench.shop.reserve("cart", {"TEA": 5}, key="r1", now=MONDAY)
    lines = [{"sku": "TEA", "quantity": 8, "unit_price": "9.00"}]
    waits = bench.shop.place(order("A1", lines=lines), reservation="cart").order
    rival = bench.shop.place(order("A2")).order
    bench.shop.stockroom.receive("HZ", "TEA", 3, Slip("d1", MONDAY, "lan"))
    bench.pump.work(MONDAY)

    assert bench.shop.record(waits).lines[1].reserved == 8
    assert held(bench, rival) == []
    assert check_stock(bench.shop.storage, SHOP) == []


def test_what_a_checkout_holds_is_worth_waking_its_order_for_and_no_other(tmp_path: Path) -> None:
    bench = Bench(tmp_path, stock={("HZ", "TEA"): 5})
    bench.shop.reserve("cart", {"TEA": 5}, key="r1", now=MONDAY)
    unpaid = bench.shop.place(order("A1", payments=[]), reservation="cart").order
    rival = bench.shop.place(order("A2")).order
    with bench.shop.storage.transaction() as tx:
        for order_id, worth in ((unpaid, True), (rival, False)):
            waits = Waiting(SHOP, "TEA", 0, MONDAY, order_id, 5, "line")
            assert backorders._worth_waking(tx, waits, bench.shop.stored(order_id)) == worth


def test_the_opening_safety_stock_is_held_back_from_the_first_order_on(tmp_path: Path) -> None:
    opening = {("HZ", "TEA"): 10}
    bench = Bench(tmp_path, stock=opening, safety={("HZ", "TEA"): 9})
    bench.shop.open_stock(MONDAY)
    first, second = place(bench, "W1", "web", 1), place(bench, "W2", "web", 1)

    assert (held(bench, first), held(bench, second)) == ([("", 1)], [])
    assert check_stock(bench.shop.storage, SHOP) == []
