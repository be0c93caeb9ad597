"""A buyer is asked once to do without what is short; the answer fits what can be shipped."""

from __future__ import annotations

from pathlib import Path

from ordinance.profile import Warehouse
from ordinance.rules import Words
from tests.core.shop import Bench


def test_a_split_that_is_too_wide_is_nothing_to_ask_the_buyer_about(tmp_path: Path) -> None:
    places = [
        Warehouse(code, Words(code, code), "3301", 30.0 + place, 120.0, priority=place)
        for place, code in enumerate("ABCD")
    ]
    bench = Bench(
        tmp_path, warehouses=tuple(places), stock={(place.code, "TEA"): 1 for place in places}
    )
    placed = bench.place(lines=[{"sku": "TEA", "quantity": 4, "unit_price": "50.00"}])

    record = bench.record(placed)
    assert [hold.code for hold in record.open_holds] == ["SUPERVISOR"]
    assert record.refunds == {} and record.lines[1].cancelled == 0
    bench.well()


def test_what_no_warehouse_may_ship_there_is_what_the_buyer_does_without(tmp_path: Path) -> None:
    cold = Warehouse(
        "CD", Words("成都", "Chengdu"), "5101", serves=("51",), traits=frozenset({"cold_chain"})
    )
    warm = Warehouse("HZ", Words("杭州", "Hangzhou"), "3301")
    bench = Bench(tmp_path, warehouses=(warm, cold), stock={("HZ", "TEA"): 5, ("CD", "COLD"): 5})
    lines = [
        {"sku": "COLD", "quantity": 1, "unit_price": "30.00"},
        {"sku": "TEA", "quantity": 1, "unit_price": "50.00"},
    ]
    placed = bench.place(lines=lines)
    assert [hold.code for hold in bench.record(placed).open_holds] == ["CONSENT"]

    bench.shop.answer_offer(placed, "cancel_short", key="yes", now=bench.clock.now())

    record = bench.record(placed)
    assert (record.lines[1].cancelled, record.lines[2].reserved) == (1, 1)
    assert record.refunding == 30_00
    bench.well()
