"""ST11 and the strategies of docs/sourcing.md, each by an order that goes through a shop."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from ordinance.orders.states import OrderState
from ordinance.profile import Carrier, Item, Profile, Warehouse, Zone
from ordinance.rules import Rulebook, Words
from ordinance.stock.stockroom import Slip, Stockroom
from ordinance_adapters.shopfile import read_shop
from tests.core.shop import MONDAY, Bench
from tests.core.shop import profile as usual
from tests.sourcing.recipes import ranked_by, recipe, shipped_but, shop_file

ITEMS = {
    "A": Item("A", "甲", weight_grams=400),
    "B": Item("B", "乙", weight_grams=400),
    "MILK": Item("MILK", "牛奶", traits=frozenset({"perishable"})),
    "PAIR": Item("PAIR", "甲两件乙一件", bundle=(("A", 2), ("B", 1))),
}
A, B = ({"sku": sku, "quantity": 1, "unit_price": 10} for sku in ("A", "B"))
PLAIN = "prefer: [{id: P1, most: candidate.lines_filled}]"


def hall(code: str, priority: int = 10, **more: Any) -> Warehouse:
    """A warehouse in Zhejiang."""
    return Warehouse(code, Words(code, code), "3301", priority=priority, **more)


def shop(
    path: Path, halls: list[Warehouse], stock: dict[tuple[str, str], int], rules: Rulebook
) -> Bench:
    """A shop with these warehouses; every parcel costs nothing but its handling."""
    carrier = Carrier("SWIFT", Words("快", "Swift"), first_minor=0, step_minor=0, days=1)
    return Bench(
        path, rules, warehouses=tuple(halls), carriers=(carrier,), items=ITEMS, stock=stock
    )


def sources(bench: Bench, order: str) -> list[str]:
    """The warehouses that an order ships from, sorted."""
    lines = bench.record(order).lines.values()
    return sorted({code for line in lines for code in line.held_at})


def holds(bench: Bench, order: str) -> list[tuple[str, str]]:
    """The open holds of an order: code and rule."""
    return [(hold.code, hold.rule) for hold in bench.record(order).open_holds]


# -- the cost fixture ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("penalty", "codes"),
    [(3, ["WH1"]), (1, ["WH2", "WH3"]), (2, ["WH1"])],
    ids=["3: one parcel", "1: two parcels", "2: a tie is one parcel"],
)
def test_st11_one_dear_parcel_against_two_cheap_ones(
    tmp_path: Path, penalty: int, codes: list[str]
) -> None:
    rules = shipped_but(f"""
decisions:
  - decision: allocation.source
    hit: rank
    prefer: [{{id: P1, most: candidate.lines_filled}}, {{id: P2, least: candidate.cost}}]
    tie_break: [candidate.priority, candidate.code]
    otherwise: {{outcome: unassigned}}
    when_unknown: {{outcome: unassigned}}
  - decision: allocation.split
    hit: first
    rules:
      - id: S
        when: always
        then: {{strategy: least_cost, most_parcels: 4, extra_parcel: {penalty}}}
    otherwise: error
    when_unknown: {{strategy: whole_first, most_parcels: 1}}
""")  # fmt: skip
    halls = [
        hall("WH1", handling_minor=14_00),
        hall("WH2", handling_minor=6_00),
        hall("WH3", handling_minor=6_00),
    ]
    stock = {("WH1", "A"): 5, ("WH1", "B"): 5, ("WH2", "A"): 5, ("WH3", "B"): 5}
    bench = shop(tmp_path, halls, stock, rules)

    assert sources(bench, bench.place(lines=[A, B])) == codes
    bench.well()


def test_st11_whole_order_first_beats_a_nearer_warehouse(tmp_path: Path) -> None:
    near, far = hall("WH2", latitude=30.28, longitude=120.12), hall("WH1", latitude=40, longitude=1)
    stock = {("WH1", "A"): 5, ("WH1", "B"): 5, ("WH2", "A"): 5}
    bench = shop(tmp_path, [far, near], stock, recipe("The nearest (就近)"))

    assert sources(bench, bench.place(source_id="1", lines=[A, B])) == ["WH1"]
    assert sources(bench, bench.place(source_id="2", lines=[A])) == ["WH2"]


# -- exclusions ---------------------------------------------------------------------------------


def test_st11_a_must_that_removes_all_is_named_and_the_order_is_unassigned(tmp_path: Path) -> None:
    halls = [hall("WH1", serves=("11",)), hall("WH2", serves=("11",))]
    rules = recipe("The nearest (就近)")
    bench = shop(tmp_path, halls, {("WH1", "A"): 5, ("WH2", "A"): 5}, rules)

    placed = bench.place(lines=[A])

    assert [code for code, _ in holds(bench, placed)] == ["WAREHOUSE_UNASSIGNED"]
    assert "X2" in holds(bench, placed)[0][1]
    told = bench.shop.explain(placed, "allocation.source")
    assert "WH1: excluded by X2" in told and "WH2: excluded by X2" in told
    assert bench.free("A", "WH1") == 5
    bench.well()


NAMED = """exclude:
  - {{id: N, {must}when: {{candidate.code: {{is_not: HOME}}}}, because: {{zh: 不是默认仓, en: not the default}}}}
prefer: [{{id: P1, most: candidate.lines_filled}}]"""  # noqa: E501


def test_st11_a_default_warehouse_that_is_no_candidate_is_a_conflict_with_a_name(
    tmp_path: Path,
) -> None:
    rules = ranked_by(NAMED.format(must="must: true, "))
    bench = shop(tmp_path, [hall("WH1"), hall("WH2")], {("WH1", "A"): 5}, rules)

    assert holds(bench, bench.place(lines=[A])) == [("WAREHOUSE_UNASSIGNED", "allocation.source:N")]


def test_st11_without_must_the_candidates_are_those_that_the_filter_had_taken_out(
    tmp_path: Path,
) -> None:
    rules = ranked_by(NAMED.format(must=""))
    bench = shop(
        tmp_path, [hall("WH1"), hall("WH2", 20)], {("WH1", "A"): 5, ("WH2", "A"): 5}, rules
    )

    placed = bench.place(lines=[A])

    assert sources(bench, placed) == ["WH1"]
    told = bench.shop.explain(placed, "allocation.source")
    assert "N [skipped]" in told and "1. WH1" in told and "2. WH2" in told


def test_an_article_is_not_sent_from_where_it_is_blocked(tmp_path: Path) -> None:
    halls = [hall("WH1", 10, blocks=frozenset({"A"})), hall("WH2", 20)]
    stock = {(code, sku): 9 for code in ("WH1", "WH2") for sku in ("A", "B")}
    bench = Bench(tmp_path, warehouses=tuple(halls), items=ITEMS, stock=stock)

    assert sources(bench, bench.place(source_id="1", lines=[A])) == ["WH2"]
    assert sources(bench, bench.place(source_id="2", lines=[B])) == ["WH1"]
    pair = {"sku": "PAIR", "quantity": 1, "unit_price": 30}
    assert sources(bench, bench.place(source_id="3", lines=[pair])) == ["WH2"]


def test_a_warehouse_that_is_full_for_today_comes_last_until_tomorrow(tmp_path: Path) -> None:
    halls = [hall("WH1", 10, capacity=2), hall("WH2", 20, capacity=1)]
    stock = {("WH1", "A"): 9, ("WH2", "A"): 9}
    bench = shop(tmp_path, halls, stock, ranked_by(f"""exclude:
  - {{id: X1, when: {{candidate.at_capacity: true}}, because: {{zh: 满, en: full}}}}
{PLAIN}"""))  # fmt: skip

    placed = [bench.place(source_id=f"{number}", lines=[A]) for number in range(4)]
    bench.later(days=1)
    placed.append(bench.place(source_id="next", lines=[A]))

    assert [sources(bench, order) for order in placed] == [
        ["WH1"], ["WH1"], ["WH2"], ["WH1"], ["WH1"],
    ]  # fmt: skip


def test_a_warehouse_that_is_kept_to_its_capacity_by_must_gets_no_more(tmp_path: Path) -> None:
    bench = shop(tmp_path, [hall("WH1", capacity=1)], {("WH1", "A"): 9}, ranked_by(f"""exclude:
  - {{id: X1, must: true, when: {{candidate.at_capacity: true}}, because: {{zh: 满, en: full}}}}
{PLAIN}"""))  # fmt: skip

    bench.place(source_id="1", lines=[A])

    assert holds(bench, bench.place(source_id="2", lines=[A])) == [
        ("WAREHOUSE_UNASSIGNED", "allocation.source:X1")
    ]


def test_safety_stock_is_not_promised(tmp_path: Path) -> None:
    bench = shop(tmp_path, [hall("WH1", 10), hall("WH2", 20)],
                 {("WH1", "A"): 2, ("WH2", "A"): 2}, ranked_by(PLAIN))  # fmt: skip
    Stockroom(bench.shop.storage, "teashop").hold_back("WH1", "A", 2, Slip("s", MONDAY, "Lan"))

    placed = bench.place(lines=[A])

    assert sources(bench, placed) == ["WH2"]
    assert bench.shop.explain(placed, "allocation.source").endswith(
        "No candidates\n  WH1: could not promise one unit of it"
    )
    assert bench.shop.explain(placed, "allocation.source", "zh").endswith(
        "不是候选\n  WH1: 本单所需, 一件也不可售"
    )


def test_of_a_thousand_warehouses_without_goods_twenty_are_named(tmp_path: Path) -> None:
    halls = [hall(f"W{number:02}", 10) for number in range(26)]
    stock = {(one.code, "A" if one.code == "W00" else "B"): 1 for one in halls}
    bench = shop(tmp_path, halls, stock, ranked_by(PLAIN))

    told = bench.shop.explain(bench.place(lines=[A]), "allocation.source")

    assert "W01, W02" in told and "W20 and 5 more: could not promise one unit of it" in told
    assert "W21" not in told


# -- preferences --------------------------------------------------------------------------------


@pytest.mark.parametrize("turned", [False, True])
def test_st11_equal_rank_goes_by_priority_then_code(tmp_path: Path, turned: bool) -> None:
    halls = [hall("C", 10), hall("A", 20), hall("B", 10)]
    stock = {(one.code, "A"): 5 for one in halls}
    bench = shop(tmp_path, halls[::-1] if turned else halls, stock, ranked_by(PLAIN))

    assert sources(bench, bench.place(lines=[A])) == ["B"]


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


# -- bundles ------------------------------------------------------------------------------------


def test_a_bundle_is_not_put_together_from_two_warehouses(tmp_path: Path) -> None:
    stock = {("WH1", "A"): 9, ("WH2", "B"): 9}
    bench = shop(tmp_path, [hall("WH1"), hall("WH2")], stock, ranked_by(PLAIN))

    placed = bench.place(lines=[{"sku": "PAIR", "quantity": 1, "unit_price": 30}])

    assert sources(bench, placed) == []
    assert (bench.free("A", "WH1"), bench.free("B", "WH2")) == (9, 9)


def test_whole_units_of_a_bundle_may_come_from_two_warehouses(tmp_path: Path) -> None:
    stock = {("WH1", "A"): 3, ("WH1", "B"): 3, ("WH2", "A"): 4, ("WH2", "B"): 1}
    bench = shop(tmp_path, [hall("WH1"), hall("WH2")], stock, ranked_by(PLAIN))

    placed = bench.place(lines=[{"sku": "PAIR", "quantity": 2, "unit_price": 30}])

    assert bench.record(placed).lines[1].held_at == {"WH1": 1, "WH2": 1}
    assert (bench.free("A", "WH1"), bench.free("A", "WH2")) == (1, 2)
    bench.well()


def test_a_bundle_and_a_line_of_its_piece_are_counted_on_one_shelf(tmp_path: Path) -> None:
    stock = {("WH1", "A"): 2, ("WH1", "B"): 2, ("WH2", "A"): 3, ("WH2", "B"): 2}
    bench = shop(tmp_path, [hall("WH1", 10), hall("WH2", 20)], stock, ranked_by(PLAIN))

    placed = bench.place(lines=[A, {"sku": "PAIR", "quantity": 1, "unit_price": 30}])

    assert sources(bench, placed) == ["WH2"], "WH1 has two of A, and three are wanted"
    bench.well()


# -- the shop file of the document --------------------------------------------------------------


def test_the_shop_file_of_the_document_says_what_the_document_says(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(shop_file(), "utf-8")

    read: Profile = read_shop(tmp_path).profile

    hangzhou, beijing = read.warehouses
    assert (hangzhou.capacity, hangzhou.cutoff) == (300, time(16, 0))
    assert (hangzhou.ranks, hangzhou.blocks) == ({"33": 1, "32": 2}, frozenset({"MOON-CAKE"}))
    assert beijing.latitude is None and "110115" in read.points
    assert read.carriers[0].zones == (Zone(500, 100, ("33",), ("31", "32", "33")),)


def test_st11_all_lines_in_one_warehouse_are_reserved_and_the_ledger_balances(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path)
    placed = bench.place()

    assert bench.record(placed).state is OrderState.FULFILLING
    assert bench.free("TEA", "HZ") == usual().stock["HZ", "TEA"] - 2
    bench.well()
