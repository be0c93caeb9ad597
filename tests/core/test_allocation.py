"""Allocation: nearest, split, short; what is reserved is what was counted."""

from __future__ import annotations

from pathlib import Path

from ordinance.orders.states import OrderState
from tests.core.shop import Bench

TEN = [{"sku": "TEA", "quantity": 10, "unit_price": 10}]
FIFTEEN = [{"sku": "TEA", "quantity": 15, "unit_price": 10}]
THIRTY = [{"sku": "TEA", "quantity": 30, "unit_price": 10}]
BEIJING = {
    "name": "李四", "phone": "13800138000", "region": "110105", "address": "朝阳路1号",
    "latitude": 39.9, "longitude": 116.4,
}  # fmt: skip


def test_the_nearest_warehouse_that_fills_the_order_ships_it(bench: Bench) -> None:
    south = bench.record(bench.place(source_id="A1"))
    north = bench.record(bench.place(source_id="A2", receiver=BEIJING))

    assert south.parcels["P1"].warehouse == "HZ"
    assert north.parcels["P1"].warehouse == "BJ"


def test_g17_full_stock_is_reserved(bench: Bench) -> None:
    bench.place(lines=TEN)

    assert bench.free("TEA", "HZ") == 0


def test_u05_rejected_candidates_have_reasons(bench: Bench) -> None:
    placed = bench.place(lines=[{"sku": "COLD", "quantity": 1, "unit_price": 10}])

    told = bench.shop.explain(placed, "allocation.source")

    assert bench.record(placed).parcels["P1"].warehouse == "CD"
    assert "CD" in told


def test_an_order_that_no_warehouse_fills_is_split_over_two(bench: Bench) -> None:
    record = bench.record(bench.place(lines=FIFTEEN))

    assert [(p.warehouse, p.pieces[0].quantity) for p in record.parcels.values()] == [
        ("BJ", 5),
        ("HZ", 10),
    ]
    assert bench.decided(record.id)["allocation.shortage"] == "split"


def test_u07_two_of_three_shipped(bench: Bench) -> None:
    placed = bench.place(lines=FIFTEEN)

    assert bench.hand_over(placed, "P1").state is OrderState.PART_SHIPPED
    assert bench.hand_over(placed, "P2").state is OrderState.SHIPPED


def test_a_short_item_that_is_restocked_soon_waits_and_ships_whole(bench: Bench) -> None:
    placed = bench.place(lines=[{"sku": "CUP", "quantity": 7, "unit_price": 10}])
    assert [(h.code, h.blocks) for h in bench.record(placed).open_holds] == [("STOCK_SHORT", "all")]
    assert bench.free("CUP", "HZ") == 5

    bench.shop.receive_stock("HZ", "CUP", 2, cause="delivery-1")
    record = bench.record(placed)

    assert record.state is OrderState.FULFILLING and bench.free("CUP", "HZ") == 0


def test_most_of_it_ships_and_the_rest_follows_when_stock_arrives(bench: Bench) -> None:
    placed = bench.place(lines=THIRTY)
    record = bench.record(placed)
    assert sum(p.pieces[0].quantity for p in record.parcels.values()) == 20
    assert [(h.code, h.blocks) for h in record.open_holds] == [("STOCK_SHORT", "rest")]
    for parcel in record.parcels:
        bench.hand_over(placed, parcel)
    assert bench.record(placed).state is OrderState.PART_SHIPPED

    bench.shop.receive_stock("HZ", "TEA", 10, cause="delivery-1")
    bench.pump.effects(bench.clock.now())
    record = bench.record(placed)

    assert record.parcels["P3"].pieces[0].quantity == 10
    assert bench.hand_over(placed, "P3").state is OrderState.SHIPPED


def test_stock_that_never_comes_asks_the_buyer_and_never_cancels_by_itself(bench: Bench) -> None:
    placed = bench.place(lines=[{"sku": "CUP", "quantity": 7, "unit_price": 10}])

    bench.later(days=400)

    record = bench.record(placed)
    assert [hold.code for hold in record.open_holds] == ["SUPERVISOR"]
    assert len(record.offers) == 1 and record.offers["O1"].chosen == {}
    assert record.refunded == 0 and record.state is OrderState.AUDITED


def test_with_consent_the_short_part_is_refunded_and_the_rest_ships(bench: Bench) -> None:
    lines = [
        {"sku": "TEA", "quantity": 1, "unit_price": 10},
        {"sku": "COLD", "quantity": 6, "unit_price": 10},
    ]
    placed = bench.place(lines=lines)
    assert [hold.code for hold in bench.record(placed).open_holds] == ["CONSENT"]

    record = bench.do(bench.shop.answer_offer(placed, "cancel_short", key="c"))

    assert record.lines[2].cancelled == 1 and record.refunded == 10_00
    assert {p.warehouse for p in record.parcels.values()} == {"HZ", "CD"}


def test_with_consent_an_order_of_which_nothing_is_there_is_off(bench: Bench) -> None:
    placed = bench.place(lines=[{"sku": "ENGRAVED", "quantity": 1, "unit_price": 10}])

    record = bench.do(bench.shop.answer_offer(placed, "cancel_short", key="c"))

    assert record.state is OrderState.CANCELLED and record.refunded == 10_00


def test_cold_goods_ship_only_from_where_it_is_cold(tmp_path: Path) -> None:
    bench = Bench(tmp_path, stock={("HZ", "COLD"): 5})

    record = bench.record(bench.place(lines=[{"sku": "COLD", "quantity": 1, "unit_price": 10}]))

    assert record.status == "PARKED"
    bench.well()


def test_two_lines_of_one_item_share_its_stock(bench: Bench) -> None:
    lines = [{"sku": "CUP", "quantity": 3, "unit_price": 10}] * 2
    record = bench.record(bench.place(lines=lines))

    assert sum(line.reserved for line in record.goods) <= 5


def test_the_last_piece_goes_to_one_of_two_orders(tmp_path: Path) -> None:
    bench = Bench(tmp_path, stock={("HZ", "TEA"): 2})

    first = bench.record(bench.place(source_id="A1"))
    second = bench.record(bench.place(source_id="A2"))

    assert first.state is OrderState.FULFILLING
    assert second.status == "PARKED" and bench.free("TEA", "HZ") == 0
    bench.well()


def test_an_item_the_shelf_does_not_hold_is_found_elsewhere(bench: Bench) -> None:
    placed = bench.place(lines=TEN)

    record = bench.do(bench.shop.short_picked(placed, "P1", "TEA", 1, key="short"))

    live = [p for p in record.parcels.values() if p.state != "CANCELLED"]
    assert [p.warehouse for p in live] == ["BJ"]
    assert bench.free("TEA", "HZ") == 9
