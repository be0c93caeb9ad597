"""Bundles and renamed articles: an order takes stock items, as they were at the purchase."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ordinance.inventory import MovementKind
from ordinance.profile import Item
from tests.core.shop import ITEMS, Bench

SET = Item("SET", "茶具套装", "ware", 900, 2000, bundle=(("TEA", 1), ("CUP", 2), ("CARD", 1)))
WITH_SET = {**ITEMS, "SET": SET}


def test_a_bundle_takes_what_is_in_it_off_the_shelf(tmp_path: Path) -> None:
    bench = Bench(tmp_path, items=WITH_SET)
    placed = bench.place(lines=[{"sku": "SET", "quantity": 2, "unit_price": 100}])

    assert bench.record(placed).lines[1].takes(2) == {"TEA": 2, "CUP": 4}
    assert (bench.free("TEA", "HZ"), bench.free("CUP", "HZ")) == (8, 1)
    bench.hand_over(placed, "P1")
    left = {level.sku: level for level in bench.shop.storage.stock("teashop")}
    assert (left["CUP"].on_hand, left["CUP"].reserved) == (1, 0)
    bench.well()


def test_a_bundle_and_a_line_of_what_is_in_it_share_the_stock(tmp_path: Path) -> None:
    bench = Bench(tmp_path, items=WITH_SET)
    placed = bench.place(
        lines=[
            {"sku": "SET", "quantity": 2, "unit_price": 100},
            {"sku": "CUP", "quantity": 2, "unit_price": 10},
        ]
    )

    lines = bench.record(placed).lines

    assert [line.reserved for line in lines.values()] != [2, 2], "5 cups are not 6"
    assert bench.free("CUP", "HZ") >= 0
    bench.well()


def test_a_bundle_is_not_filled_in_half_units(tmp_path: Path) -> None:
    stock = {("HZ", "TEA"): 10, ("HZ", "CUP"): 3}
    bench = Bench(tmp_path, items=WITH_SET, stock=stock)
    placed = bench.place(lines=[{"sku": "SET", "quantity": 2, "unit_price": 100}])

    held = bench.record(placed).lines[1].reserved

    assert bench.free("CUP", "HZ") == 3 - 2 * held
    assert bench.free("TEA", "HZ") == 10 - held
    bench.well()


def test_a_cancelled_bundle_gives_back_what_is_in_it(tmp_path: Path) -> None:
    bench = Bench(tmp_path, items=WITH_SET)
    placed = bench.place(lines=[{"sku": "SET", "quantity": 2, "unit_price": 100}])

    bench.shop.cancel(placed, key="c", reason="DONT_WANT", pieces=[], now=bench.clock.now())

    assert (bench.free("TEA", "HZ"), bench.free("CUP", "HZ")) == (10, 5)
    bench.well()


def test_o4_a_renamed_article_gives_back_to_the_shelf_that_it_came_from(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    placed = bench.place(lines=[{"sku": "TEA", "quantity": 2, "unit_price": 50}])
    renamed = {key: item for key, item in ITEMS.items() if key != "TEA"}
    renamed["TEA-2026"] = replace(ITEMS["TEA"], sku="TEA-2026", stock_item="TEA")
    bench.shop.profile = replace(bench.shop.profile, items=renamed)
    bench.shop._runner.profile = bench.shop.profile

    newer = bench.place(
        source_id="A2", lines=[{"sku": "TEA-2026", "quantity": 3, "unit_price": 50}]
    )
    assert bench.free("TEA", "HZ") == 5
    bench.shop.cancel(placed, key="c", reason="DONT_WANT", pieces=[], now=bench.clock.now())

    assert bench.free("TEA", "HZ") == 7
    moved = {move.sku for move in bench.shop.storage.movements("teashop", newer)}
    assert moved == {"TEA"}
    kinds = [move.kind for move in bench.shop.storage.movements("teashop", placed)]
    assert kinds == [MovementKind.RESERVED, MovementKind.RELEASED]
    bench.well()
