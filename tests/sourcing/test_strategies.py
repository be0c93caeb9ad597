"""ST11 by name, what excludes a warehouse, and bundles, each by orders through a shop."""

from __future__ import annotations

from pathlib import Path

import pytest

from ordinance.orders.states import OrderState
from ordinance.stock.stockroom import Slip, Stockroom
from tests.core.shop import MONDAY, Bench
from tests.core.shop import profile as usual
from tests.sourcing.halls import ITEMS, PLAIN, A, B, hall, holds, shop, sources
from tests.sourcing.recipes import ranked_by, recipe, shipped_but

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


# -- equals, and the ledger ---------------------------------------------------------------------


@pytest.mark.parametrize("turned", [False, True])
def test_st11_equal_rank_goes_by_priority_then_code(tmp_path: Path, turned: bool) -> None:
    halls = [hall("C", 10), hall("A", 20), hall("B", 10)]
    stock = {(one.code, "A"): 5 for one in halls}
    bench = shop(tmp_path, halls[::-1] if turned else halls, stock, ranked_by(PLAIN))

    assert sources(bench, bench.place(lines=[A])) == ["B"]


def test_st11_all_lines_in_one_warehouse_are_reserved_and_the_ledger_balances(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path)
    placed = bench.place()

    assert bench.record(placed).state is OrderState.FULFILLING
    assert bench.free("TEA", "HZ") == usual().stock["HZ", "TEA"] - 2
    bench.well()


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
