"""What comes back to a shelf had left it, and comes back once."""

from __future__ import annotations

import pytest

from ordinance.orders.states import CaseState, IllegalMove, ParcelState
from tests.core.shop import Bench
from tests.races.test_known_bugs import lines

SPLIT = lines(("TEA", 15))
"""Ten from Hangzhou and five from Beijing, in two parcels."""


def on_hand(bench: Bench) -> int:
    return sum(one.on_hand for one in bench.shop.storage.stock("teashop") if one.sku == "TEA")


def test_a_cancelled_order_of_which_a_part_left_gives_back_only_that_part(bench: Bench) -> None:
    placed = bench.place(lines=SPLIT)
    bench.hand_over(placed, "P1")
    gone = sum(piece.quantity for piece in bench.record(placed).parcels["P1"].pieces)
    assert on_hand(bench) == 20 - gone

    record = bench.do(bench.shop.cancel(placed, key="c"))

    # What left is a return; what had not left is called off, and does not leave any more.
    (case,) = record.cases.values()
    assert sum(piece.quantity for piece in case.pieces) == gone
    assert record.parcels["P2"].state is ParcelState.CANCELLED
    assert (record.lines[1].cancelled, record.lines[1].reserved) == (15 - gone, 0)
    record = bench.do(bench.shop.goods_back(placed, case.id, "good", key="b"))
    assert on_hand(bench) == 20
    assert record.refunded == record.paid


@pytest.mark.parametrize("first", ["case", "carrier"])
def test_goods_that_the_buyer_and_the_carrier_bring_back_come_back_once(
    bench: Bench, first: str
) -> None:
    placed = bench.place()
    bench.hand_over(placed)
    record = bench.do(bench.shop.cancel(placed, key="c"))
    (case,) = record.cases.values()
    assert case.state is CaseState.APPROVED_RETURN

    steps = [
        lambda: bench.do(bench.shop.goods_back(placed, case.id, "good", key="b")),
        lambda: bench.do(bench.shop.track(placed, "P1", "REFUSED", key="r")),
    ]
    for step in steps if first == "case" else reversed(steps):
        step()

    assert on_hand(bench) == 20
    assert bench.record(placed).refunded == bench.record(placed).paid


def test_goods_that_are_claimed_before_they_left_do_not_leave_any_more(bench: Bench) -> None:
    placed = bench.place()

    record = bench.do(bench.shop.request_aftersale(placed, reason="NO_REASON_7D", key="a"))

    assert record.parcels["P1"].state is ParcelState.CANCELLED
    assert (record.cases, record.refunded) == ({}, record.paid)
    with pytest.raises(IllegalMove):
        bench.shop.hand_over(placed, "P1", key="h")
    assert bench.free("TEA", "HZ") == 10


def test_a_claim_about_a_part_that_left_is_a_case_about_that_part(bench: Bench) -> None:
    placed = bench.place(lines=SPLIT)
    bench.hand_over(placed, "P1")
    gone = sum(piece.quantity for piece in bench.record(placed).parcels["P1"].pieces)

    record = bench.do(bench.shop.request_aftersale(placed, reason="NO_REASON_7D", key="a"))

    (case,) = record.cases.values()
    assert sum(piece.quantity for piece in case.pieces) == gone
    assert record.lines[1].cancelled == 15 - gone
