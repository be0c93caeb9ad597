"""Cases in the hands of a person: none is hidden, each is decided, and nobody waits for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ordinance.orders.states import CaseState, OrderState
from ordinance.service.cases import NotReturnable
from ordinance.service.settling import CaseUndecided
from tests.core.shop import Bench


def test_a_hold_that_shows_an_undecided_case_is_not_lifted_by_hand(bench: Bench) -> None:
    placed = bench.received()
    bench.do(bench.shop.request_aftersale(placed, key="r", reason="OTHER"))

    with pytest.raises(CaseUndecided, match="shows case C1, which waits for a person"):
        bench.shop.release(placed, "CASE_REVIEW", key="x", by="li")


def test_deciding_one_case_leaves_the_hold_of_the_other(bench: Bench) -> None:
    placed = bench.received()
    for key in ("r1", "r2"):
        bench.do(bench.shop.request_aftersale(placed, key=key, reason="OTHER", pieces=[("TEA", 1)]))

    record = bench.do(bench.shop.settle_case(placed, "C1", "REFUSE", key="s", by="li"))

    assert [(hold.code, hold.part) for hold in record.open_holds] == [("CASE_REVIEW", "C2")]
    bench.do(bench.shop.settle_case(placed, "C2", "REFUSE", key="s2", by="li"))
    assert bench.record(placed).open_holds == ()


@pytest.mark.parametrize(("remedy", "refunded"), [("RETURN_REFUND", 100_00), ("REFUSE", 0)])
def test_a_person_ends_a_dispute(bench: Bench, remedy: str, refunded: int) -> None:
    placed = bench.received()
    bench.shop.request_aftersale(placed, key="r", reason="NO_REASON_7D")
    bench.do(bench.shop.goods_back(placed, "C1", "not_intact", key="b"))

    record = bench.do(bench.shop.settle_case(placed, "C1", remedy, key="s", by="li"))

    assert (record.cases["C1"].state, record.refunded) == (CaseState.DONE, refunded)
    assert record.open_holds == ()


def test_a_case_that_could_not_be_sent_again_is_decided_anew(bench: Bench) -> None:
    placed = bench.received(lines=[{"sku": "CUP", "quantity": 5, "unit_price": "10.00"}])
    bench.do(bench.shop.request_aftersale(placed, key="r", reason="OTHER"))
    record = bench.do(bench.shop.settle_case(placed, "C1", "RESEND", key="s", by="li"))
    assert [hold.part for hold in record.open_holds] == ["C1"]

    record = bench.do(bench.shop.settle_case(placed, "C1", "REFUND_ONLY", key="s2", by="li"))

    assert (record.refunded, record.open_holds) == (50_00, ())


def test_what_was_never_sent_or_is_back_already_is_no_case(bench: Bench) -> None:
    placed = bench.place()
    bench.do(bench.shop.cancel(placed, key="c"))
    with pytest.raises(NotReturnable, match="is CANCELLED, and nothing of it was sent"):
        bench.shop.request_aftersale(placed, key="r", reason="OTHER")
    came = bench.received(source_id="A2")
    bench.do(bench.shop.request_aftersale(came, key="r1", reason="NO_REASON_7D"))

    with pytest.raises(NotReturnable, match="has nothing left to ask about"):
        bench.shop.request_aftersale(came, key="r2", reason="NO_REASON_7D")


def test_nobody_waits_for_ever_for_goods_that_a_person_let_come_back(bench: Bench) -> None:
    placed = bench.received()
    bench.do(bench.shop.request_aftersale(placed, key="r", reason="OTHER"))
    bench.do(bench.shop.settle_case(placed, "C1", "RETURN_REFUND", key="s", by="li"))

    bench.later(days=31)

    assert bench.record(placed).cases["C1"].state is CaseState.CLOSED_TIMEOUT


def test_the_doctor_goes_by_the_order_of_events_and_not_by_the_clock(bench: Bench) -> None:
    placed = bench.received()
    bench.later(days=20)
    assert bench.record(placed).state is OrderState.COMPLETED

    bench.clock.set(bench.clock.now() - timedelta(days=19))
    bench.do(bench.shop.request_aftersale(placed, key="r", reason="OTHER"))

    bench.well()
