"""The strategies of docs/sourcing.md, each by orders that go through a shop."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from ordinance.profile import Carrier, Item, Profile, Zone
from ordinance.rules import Words
from ordinance_adapters.shopfile import read_shop
from tests.core.shop import MONDAY, Bench
from tests.sourcing.halls import ITEMS, A, hall, shop, sources
from tests.sourcing.recipes import ranked_by, recipe, shop_file


def test_the_best_stocked_one_has_most_left_when_all_fill_the_order(tmp_path: Path) -> None:
    stock = {("WH1", "A"): 5, ("WH2", "A"): 50, ("WH3", "A"): 500}
    halls = [hall("WH1"), hall("WH2"), hall("WH3")]
    bench = shop(tmp_path, halls, stock, recipe("The best stocked (库存充足)"))

    assert sources(bench, bench.place(source_id="1", lines=[A])) == ["WH3"]


def test_the_cheapest_one_is_found_by_the_zone_of_its_carrier(tmp_path: Path) -> None:
    carrier = Carrier("S", Words("快", "S"), first_minor=900, step_minor=100,
                      zones=(Zone(400, 100, origins=("11",), regions=("33",)),))  # fmt: skip
    halls = (hall("HZ", 10), replace(hall("BJ", 20), region="1101"))
    bench = Bench(
        tmp_path, recipe("The cheapest (成本最优)"), warehouses=halls, carriers=(carrier,),
        items=ITEMS, stock={("HZ", "A"): 5, ("BJ", "A"): 5},
    )  # fmt: skip

    assert sources(bench, bench.place(lines=[A])) == ["BJ"]


def test_a_carrier_that_refuses_the_goods_makes_no_warehouse_cheap_or_fast(
    tmp_path: Path,
) -> None:
    """The carrier that is cheap from Beijing takes no milk; nor does it promise it for tomorrow."""
    picky = Carrier(
        "PICKY",
        Words("挑", "Picky"),
        first_minor=2000,
        step_minor=0,
        days=1,
        zones=(Zone(100, 0, origins=("11",)),),
        refuses=frozenset({"perishable"}),
    )
    any_goods = Carrier("ANY", Words("全", "Any"), first_minor=900, step_minor=0, days=3)
    halls = (hall("HZ", 10), replace(hall("BJ", 20), region="1101"))
    stock = {(one.code, sku): 5 for one in halls for sku in ("A", "MILK")}
    bench = Bench(
        tmp_path, recipe("The cheapest (成本最优)"), warehouses=halls, carriers=(picky, any_goods),
        items=ITEMS, stock=stock,
    )  # fmt: skip
    milk = [{"sku": "MILK", "quantity": 1, "unit_price": 10}]

    assert sources(bench, bench.place(source_id="1", lines=[A])) == ["BJ"]
    placed = bench.place(source_id="2", lines=milk)
    assert sources(bench, placed) == ["HZ"], "equal cost: the priority decides"


def test_the_region_table_of_the_shop_comes_before_the_distance(tmp_path: Path) -> None:
    first = ranked_by(
        "prefer: [{id: P1, least: candidate.region_rank}, {id: P2, least: candidate.distance_km}]"
    )
    near = hall("NEAR", latitude=30.28, longitude=120.12, ranks={"33": 2, "3302": 1})
    far = hall("FAR", latitude=39.9, longitude=116.4, ranks={"33": 1, "3302": 9})
    bench = shop(tmp_path, [near, far], {("NEAR", "A"): 5, ("FAR", "A"): 5}, first)
    ningbo = {"name": "张三", "phone": "13800138000", "region": "330203", "address": "文一路1号"}

    assert sources(bench, bench.place(source_id="1", lines=[A])) == ["FAR"]
    assert sources(bench, bench.place(source_id="2", lines=[A], receiver=ningbo)) == ["NEAR"]


@pytest.mark.parametrize(("region", "code"), [("330106", "HZ"), ("110105", "BJ"), ("440305", "SZ")])
def test_without_coordinates_the_seat_of_the_region_is_near(
    tmp_path: Path, region: str, code: str
) -> None:
    points = {"33": (30.3, 120.2), "110105": (39.92, 116.49), "4403": (22.54, 114.06)}
    halls = [
        hall("HZ", latitude=30.27, longitude=120.15),
        hall("BJ", latitude=39.9, longitude=116.4),
        replace(hall("SZ"), region="440305"),
    ]
    stock = {(one.code, "A"): 5 for one in halls}
    bench = Bench(
        tmp_path, recipe("The nearest (就近)"), warehouses=tuple(halls), items=ITEMS, stock=stock,
        points=points,
    )  # fmt: skip
    receiver = {"name": "张三", "phone": "13800138000", "region": region, "address": "文一路1号"}

    assert sources(bench, bench.place(lines=[A], receiver=receiver)) == [code]


def test_what_expires_first_goes_first(tmp_path: Path) -> None:
    bench = shop(tmp_path, [hall("WH1", 10), hall("WH2", 20)], {},
                 recipe("Capacity, promise, expiry"))  # fmt: skip
    soon, later = date(2026, 3, 20), date(2026, 6, 1)
    bench.shop.receive_stock("WH1", "MILK", 5, cause="d1", expires=later)
    bench.shop.receive_stock("WH2", "MILK", 1, cause="d2", expires=soon)
    bench.shop.receive_stock("WH2", "MILK", 5, cause="d3", expires=later + timedelta(days=1))
    milk = [{"sku": "MILK", "quantity": 1, "unit_price": 10}]

    first = bench.place(source_id="1", lines=milk)
    bench.hand_over(first)
    second = bench.place(source_id="2", lines=milk)

    assert sources(bench, first) == [] and bench.record(first).parcels["P1"].warehouse == "WH2"
    assert sources(bench, second) == ["WH1"], "the old pieces of WH2 have left"


def test_what_leaves_after_the_cutoff_arrives_a_day_later(tmp_path: Path) -> None:
    rules = ranked_by("prefer: [{id: P1, least: candidate.days}]")
    halls = [hall("EARLY", 10, cutoff=time(9, 0)), hall("LATE", 20, cutoff=time(16, 0))]
    bench = shop(tmp_path, halls, {("EARLY", "A"): 5, ("LATE", "A"): 5}, rules)

    assert MONDAY.time() == time(10, 0)
    assert sources(bench, bench.place(lines=[A])) == ["LATE"]


@pytest.mark.parametrize(("handling", "code"), [(1_50, "NEAR"), (50, "FAR")])
def test_weights_add_up_what_speaks_for_each(tmp_path: Path, handling: int, code: str) -> None:
    """Beijing is 1,122 km away, which at a fen a kilometre is worth 11.22 yuan of handling."""
    near = hall("NEAR", latitude=30.28, longitude=120.12, handling_minor=12_00)
    far = hall("FAR", latitude=39.9, longitude=116.4, handling_minor=handling)
    stock = {("NEAR", "A"): 5, ("FAR", "A"): 5}
    bench = shop(tmp_path, [near, far], stock, recipe("Weights"))

    assert sources(bench, bench.place(lines=[A])) == [code]


# -- a named warehouse --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"channel": "live"}, "LIVE"),
        ({"lines": [{"sku": "GIFT-BOX", "quantity": 1, "unit_price": 10}]}, "HZ"),
        ({"seller_memo": "客户急, 发北京仓"}, "BJ"),
        ({}, "AA"),
    ],
    ids=["channel", "article", "memo", "none"],
)
def test_a_warehouse_is_named_by_channel_article_or_memo(
    tmp_path: Path, changes: dict[str, Any], code: str
) -> None:
    halls = [hall(code) for code in ("AA", "BJ", "HZ", "LIVE")]
    items = {**ITEMS, "GIFT-BOX": Item("GIFT-BOX", "礼盒")}
    stock = {(one.code, sku): 5 for one in halls for sku in items}
    bench = Bench(
        tmp_path, recipe("A named warehouse (指定仓)"), warehouses=tuple(halls), items=items,
        stock=stock,
    )  # fmt: skip

    assert sources(bench, bench.place(**{"lines": [A], **changes})) == [code]


# -- the shop file of the document --------------------------------------------------------------


def test_the_shop_file_of_the_document_says_what_the_document_says(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(shop_file(), "utf-8")

    read: Profile = read_shop(tmp_path).profile

    hangzhou, beijing = read.warehouses
    assert (hangzhou.capacity, hangzhou.cutoff) == (300, time(16, 0))
    assert (hangzhou.ranks, hangzhou.blocks) == ({"33": 1, "32": 2}, frozenset({"MOON-CAKE"}))
    assert beijing.latitude is None and "110115" in read.points
    assert read.carriers[0].zones == (Zone(500, 100, ("33",), ("31", "32", "33")),)
