"""Service: cancellations, cases and refunds, to the cent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordinance.oms import UnknownCode
from ordinance.orders.money import apportion
from ordinance.orders.record import RecordLine
from ordinance.orders.refunds import split_over
from ordinance.orders.shares import value_of
from ordinance.orders.states import CaseState, OrderState
from ordinance.service.cases import NotReturnable
from tests.core.shop import Bench, payment

THREE = [{"sku": "TEA", "quantity": 3, "unit_price": "33.34", "discount": "0.02"}]


@given(
    st.integers(-(10**9), 10**9),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=20),
)
def test_shares_add_up_and_none_is_more_than_its_part(total: int, weights: list[int]) -> None:
    parts = apportion(total, weights)

    assert sum(parts) == total and len(parts) == len(weights)
    if sum(weights):
        sign = -1 if total < 0 else 1
        last = max(place for place, weight in enumerate(weights) if weight)
        for place, (part, weight) in enumerate(zip(parts, weights, strict=True)):
            if place != last:
                assert part == sign * (abs(total) * weight // sum(weights))


def test_shares_of_the_catalogue_of_strategies() -> None:
    assert apportion(100_00, [1, 1, 1]) == [33_33, 33_33, 33_34]
    assert apportion(10_00, [50, 30, 20]) == [5_00, 3_00, 2_00]


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=6), st.data())
def test_a_refund_never_takes_more_from_a_payment_than_is_left(
    room: list[int], data: st.DataObject
) -> None:
    left = {f"M{number}": amount for number, amount in enumerate(room, start=1)}
    total = data.draw(st.integers(0, sum(room)))

    parts = dict(split_over(total, left))

    assert sum(parts.values()) == total
    assert all(0 < amount <= left[key] for key, amount in parts.items())


def test_a_refund_over_what_was_paid_is_refused() -> None:
    with pytest.raises(ValueError, match="more than"):
        split_over(101, {"M1": 100})


@given(st.integers(0, 10**7), st.lists(st.integers(1, 9), min_size=1, max_size=8))
def test_pieces_refunded_in_any_portions_give_back_the_line_exactly(
    amount: int, portions: list[int]
) -> None:
    line = RecordLine(1, "TEA", "tea", "goods", sum(portions), 1, amount)
    starts = [sum(portions[:place]) for place in range(len(portions))]

    back = [value_of(line, [run]) for run in zip(starts, portions, strict=True)]

    assert sum(back) == amount


def test_u07_refund_before_ship(bench: Bench) -> None:
    placed = bench.place(freight=8)

    record = bench.do(bench.shop.cancel(placed, key="c"))

    assert record.state is OrderState.CANCELLED and record.end_cause == "buyer_cancelled"
    assert record.refunded == record.paid == 108_00
    assert bench.free("TEA", "HZ") == 10


def test_a_cancellation_of_an_unpaid_order_refunds_nothing(bench: Bench) -> None:
    placed = bench.place(payments=[])

    record = bench.do(bench.shop.cancel(placed, key="c"))

    assert record.state is OrderState.CANCELLED and record.refunds == {}


def test_some_pieces_cancelled_before_shipping(bench: Bench) -> None:
    placed = bench.place(lines=THREE)

    record = bench.do(bench.shop.cancel(placed, key="c", pieces=[("TEA", 1)]))

    live = [p for p in record.parcels.values() if p.state != "CANCELLED"]
    assert record.refunded == 33_33 and live[0].pieces[0].quantity == 2
    assert bench.free("TEA", "HZ") == 8


def test_g02_close_shipped_refused(bench: Bench) -> None:
    placed = bench.place()
    bench.hand_over(placed)

    record = bench.do(bench.shop.cancel(placed, key="c"))

    assert record.state is OrderState.SHIPPED
    assert record.cases["C1"].state is CaseState.APPROVED_RETURN


def test_a_cancellation_twice_under_one_key_is_one(bench: Bench) -> None:
    placed = bench.place()
    first = bench.shop.cancel(placed, key="c")

    assert bench.shop.cancel(placed, key="c").version == first.version


def test_u07_partials_sum_to_line(bench: Bench) -> None:
    placed = bench.received(lines=THREE)
    amounts = []
    for number in range(3):
        key = f"r{number}"
        bench.shop.request_aftersale(placed, key=key, reason="NO_REASON_7D", pieces=[("TEA", 1)])
        case = f"C{number + 1}"
        record = bench.do(bench.shop.goods_back(placed, case, "good", key=f"b{number}"))
        amounts.append(record.refunds[f"R{number + 1}"].amount)

    assert sorted(amounts) == [33_33, 33_33, 33_34]
    assert bench.record(placed).refunded == bench.record(placed).paid


def test_g06_return_1_of_3_then_2(bench: Bench) -> None:
    placed = bench.received(lines=THREE)
    for number, count in enumerate((1, 2)):
        bench.shop.request_aftersale(
            placed, key=f"r{number}", reason="NO_REASON_7D", pieces=[("TEA", count)]
        )

    with pytest.raises(NotReturnable, match="0 of `TEA` left"):
        bench.shop.request_aftersale(placed, key="r3", reason="NO_REASON_7D", pieces=[("TEA", 1)])


def test_a_reason_that_is_none_is_refused_and_nothing_is_stored(bench: Bench) -> None:
    placed = bench.received(lines=THREE)
    before = bench.record(placed)

    for ask in (
        lambda: bench.shop.request_aftersale(placed, key="r", reason="NO_RAESON_7D"),
        lambda: bench.shop.request_aftersale(placed, key="r", reason="SIZE", demand="MONEY"),
        lambda: bench.shop.cancel(placed, key="c", reason="quality"),
        lambda: bench.shop.settle_case(placed, "C1", "EXCHANGE", key="s", by="clerk"),
        lambda: bench.shop.answer_review(placed, "yes", key="a", by="clerk"),
    ):
        with pytest.raises(UnknownCode, match="is not a"):
            ask()
    with pytest.raises(UnknownCode, match="did you mean `NO_REASON_7D`"):
        bench.shop.request_aftersale(placed, key="r", reason="NO_RAESON_7D")

    assert bench.record(placed) == before


def test_g10_two_partial_refunds_distinct_numbers(bench: Bench) -> None:
    placed = bench.received(lines=THREE)
    for number in range(2):
        bench.shop.request_aftersale(
            placed, key=f"r{number}", reason="NO_REASON_7D", pieces=[("TEA", 1)]
        )
        bench.do(bench.shop.goods_back(placed, f"C{number + 1}", "good", key=f"b{number}"))

    record = bench.record(placed)
    assert list(record.refunds) == ["R1", "R2"]
    assert len(bench.outside.payments.ledger) == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("days", "remedy"), [(7, "RETURN_REFUND"), (15, "RETURN_REFUND"), (16, "REFUSE")]
)
def test_g05_the_window_ends(bench: Bench, days: int, remedy: str) -> None:
    placed = bench.received()
    bench.later(days=days)

    record = bench.do(bench.shop.request_aftersale(placed, key="r", reason="NO_REASON_7D"))

    assert record.cases["C1"].remedy == remedy


def test_a_no_reason_return_asks_for_no_evidence(bench: Bench) -> None:
    placed = bench.received()

    bench.shop.request_aftersale(placed, key="r", reason="NO_REASON_7D")

    told = bench.shop.explain(placed, "aftersale.remedy", "en")
    assert "photo" not in told.split("\n")[0]


def test_goods_made_to_order_are_refused_and_the_way_to_a_person_stays(bench: Bench) -> None:
    lines = [{"sku": "ENGRAVED", "quantity": 1, "unit_price": 10}]
    bench.shop.receive_stock("HZ", "ENGRAVED", 1, cause="in")
    placed = bench.received(lines=lines)

    record = bench.do(bench.shop.request_aftersale(placed, key="r", reason="NO_REASON_7D"))

    assert record.cases["C1"].state is CaseState.REFUSED
    assert record.lines[1].returned == 0


def test_returned_good_pieces_go_back_to_the_shelf_that_sent_them(bench: Bench) -> None:
    placed = bench.received()
    bench.shop.request_aftersale(placed, key="r", reason="NO_REASON_7D", pieces=[("TEA", 1)])
    assert bench.free("TEA", "HZ") == 8

    bench.do(bench.shop.goods_back(placed, "C1", "good", key="b"))

    assert bench.free("TEA", "HZ") == 9


def test_damaged_pieces_go_to_quarantine_and_a_share_is_refunded(bench: Bench) -> None:
    placed = bench.received()
    bench.shop.request_aftersale(placed, key="r", reason="NO_REASON_7D", pieces=[("TEA", 1)])

    record = bench.do(bench.shop.goods_back(placed, "C1", "damaged", key="b"))

    assert record.refunded == 40_00 and bench.free("TEA", "HZ") == 8


def test_goods_that_are_not_intact_are_a_dispute_for_a_person(bench: Bench) -> None:
    placed = bench.received()
    bench.shop.request_aftersale(placed, key="r", reason="NO_REASON_7D")

    record = bench.do(bench.shop.goods_back(placed, "C1", "not_intact", key="b"))

    assert record.cases["C1"].state is CaseState.DISPUTE
    assert [hold.code for hold in record.open_holds] == ["DISPUTE"]


def test_an_open_case_keeps_the_order_from_completing(bench: Bench) -> None:
    placed = bench.received()
    bench.later(days=4)
    bench.shop.request_aftersale(placed, key="r", reason="NO_REASON_7D", pieces=[("TEA", 1)])

    bench.later(days=6)
    assert bench.record(placed).state is OrderState.SIGNED
    bench.do(bench.shop.goods_back(placed, "C1", "good", key="b"))
    bench.later(days=1)

    assert bench.record(placed).state is OrderState.COMPLETED


def test_goods_that_never_come_back_close_the_case_and_may_be_asked_about_again(
    bench: Bench,
) -> None:
    placed = bench.received()
    bench.shop.request_aftersale(placed, key="r", reason="NO_REASON_7D")

    bench.later(days=31)

    record = bench.record(placed)
    assert record.cases["C1"].state is CaseState.CLOSED_TIMEOUT
    assert record.lines[1].returned == 0


def test_a_refund_over_two_payments_is_split_by_what_each_paid(bench: Bench) -> None:
    payments = [payment("T1", "80.00"), payment("T2", "20.00")]
    placed = bench.received(payments=payments)

    bench.shop.request_aftersale(placed, key="r", reason="NO_REASON_7D", pieces=[("TEA", 1)])
    record = bench.do(bench.shop.goods_back(placed, "C1", "good", key="b"))

    assert dict(record.refunds["R1"].split) == {"M1": 40_00, "M2": 10_00}


def test_an_agreed_amount_goes_back_as_agreed_and_never_more_than_is_left(bench: Bench) -> None:
    placed = bench.received()
    for number, claimed in enumerate((30_00, 99_00)):
        bench.do(
            bench.shop.request_aftersale(
                placed, key=f"r{number}", reason="AGREED", demand="REFUND_ONLY",
                pieces=[("TEA", 1)], claimed_minor=claimed,
            )
        )  # fmt: skip

    assert bench.record(placed).refunded == 100_00


def test_g20_open_refund_visible(bench: Bench) -> None:
    placed = bench.received()
    receipt = bench.shop.request_aftersale(placed, key="r", reason="NO_REASON_7D")

    assert receipt.status == "REFUNDING"


def test_a_missing_part_is_sent_again_and_the_case_ends_when_it_arrives(bench: Bench) -> None:
    placed = bench.received()
    bench.do(
        bench.shop.request_aftersale(
            placed, key="r", reason="OTHER", demand="RESEND", pieces=[("TEA", 1)]
        )
    )

    record = bench.do(bench.shop.settle_case(placed, "C1", "RESEND", key="s", by="li"))
    assert record.cases["C1"].state is CaseState.RESHIPPED
    assert record.parcels["P2"].pieces[0].quantity == 1
    bench.hand_over(placed, "P2")
    record = bench.deliver(placed, "P2")

    assert record.cases["C1"].state is CaseState.DONE and record.state is OrderState.SIGNED
    assert record.refunds == {} and bench.free("TEA", "HZ") == 7


def test_a_case_that_a_person_must_decide_waits_for_one(bench: Bench) -> None:
    placed = bench.received()

    record = bench.do(bench.shop.request_aftersale(placed, key="r", reason="OTHER"))

    assert record.cases["C1"].state is CaseState.REVIEW
    assert [hold.code for hold in record.open_holds] == ["CASE_REVIEW"]
    refused = bench.do(bench.shop.settle_case(placed, "C1", "REFUSE", key="s", by="li"))
    assert refused.cases["C1"].state is CaseState.REFUSED and refused.lines[1].returned == 0


def test_calling_a_shipped_order_off_twice_claims_its_goods_once(bench: Bench) -> None:
    placed = bench.place()
    bench.hand_over(placed)
    bench.do(bench.shop.cancel(placed, key=bench.key()))

    record = bench.do(bench.shop.cancel(placed, key=bench.key()))

    assert len(record.cases) == 1
    assert [line.returned for line in record.goods] == [2]
