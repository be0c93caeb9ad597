"""Channels on one shelf: what is set aside is sold by its channel, and none of it twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from ordinance.audit.stockcheck import check_stock
from ordinance.stock.stockroom import Slip
from tests.core.shop import MONDAY, Bench, order

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
