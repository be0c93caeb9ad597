"""Intake: what is taken in, refused, parked, and how long it waits for its money."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from ordinance import KeyReused
from ordinance.oms import InvalidOrder
from ordinance.orders.intake import PaidAnother, RefusedOrder
from ordinance.orders.order import Payment
from ordinance.orders.states import OrderState, PayState
from ordinance.rules import Rulebook
from tests.core.shop import MONDAY, Bench, order, payment, shipped_rules


def test_a_paid_order_goes_to_the_warehouse_at_once(bench: Bench) -> None:
    record = bench.record(bench.place())

    assert record.state is OrderState.FULFILLING
    assert record.parcels["P1"].warehouse == "HZ"
    assert record.parcels["P1"].waybill


def test_the_same_order_twice_is_one_order(bench: Bench) -> None:
    first = bench.shop.place(order())
    content = list(bench.shop.storage.content())

    again = bench.shop.place(order())

    assert again.order == first.order and again.repeated
    assert list(bench.shop.storage.content()) == content


def test_the_same_source_id_under_another_key_is_the_same_order(bench: Bench) -> None:
    first = bench.shop.place(order())

    assert bench.shop.place(order(), key="another").order == first.order


def test_a_key_with_another_body_is_refused(bench: Bench) -> None:
    bench.shop.place(order("A1"), key="k")

    with pytest.raises(KeyReused, match="use a new key"):
        bench.shop.place(order("A2"), key="k")


def test_an_unpaid_order_waits_and_goes_on_when_the_money_comes(bench: Bench) -> None:
    placed = bench.place(payments=[])
    assert bench.record(placed).state is OrderState.WAIT_PAY

    money = Payment.model_validate(payment("T1", "100.00"))
    record = bench.do(bench.shop.pay(placed, money, key="pay"))

    assert record.state is OrderState.FULFILLING


def test_a_payment_event_twice_is_one_payment(bench: Bench) -> None:
    placed = bench.place(payments=[])
    money = Payment.model_validate(payment("T1", "100.00"))
    bench.shop.pay(placed, money, key="pay-1")

    record = bench.do(bench.shop.pay(placed, money, key="pay-2"))

    assert record.paid == 100_00


def test_an_order_that_nobody_pays_is_closed_after_the_time_of_the_rule(bench: Bench) -> None:
    placed = bench.place(payments=[])

    bench.later(minutes=1439)
    assert bench.record(placed).state is OrderState.WAIT_PAY
    bench.later(minutes=1)

    assert bench.record(placed).end_cause == "unpaid"


def test_u02_late_payment_refunded(bench: Bench) -> None:
    placed = bench.place(payments=[])
    now = bench.later(days=3)
    money = Payment.model_validate(payment("T1", "100.00", now))

    record = bench.do(bench.shop.pay(placed, money, key="late"))

    assert record.state is OrderState.CANCELLED
    assert (record.paid, record.refunded) == (100_00, 100_00)


def test_money_of_an_order_that_goes_on_is_not_given_back_for_a_closed_one(bench: Bench) -> None:
    paid = bench.place(payments=[payment("T1", "100.00")])
    closed = bench.place(source_id="A2", payments=[])
    now = bench.later(days=3)

    with pytest.raises(PaidAnother, match="`T1` was reported for another order"):
        bench.shop.pay(closed, Payment.model_validate(payment("T1", "100.00", now)), key="late")

    assert (bench.record(closed).paid, bench.record(closed).refunds) == (0, {})
    assert (bench.record(paid).paid, bench.record(paid).refunded) == (100_00, 0)


def test_a_payment_in_two_parts_goes_on_when_both_are_there(bench: Bench) -> None:
    placed = bench.place(payments=[])
    first = Payment.model_validate(payment("T1", "40.00"))
    second = Payment.model_validate(payment("T2", "60.00"))

    assert bench.do(bench.shop.pay(placed, first, key="1")).pay_state is PayState.PART_PAID
    assert bench.do(bench.shop.pay(placed, second, key="2")).state is OrderState.FULFILLING


def test_three_faults_give_three_reasons_in_the_order_of_the_rules(bench: Bench) -> None:
    receiver = {"name": "张三", "phone": "12800138000", "region": "3301", "address": "文一路"}
    placed = bench.place(receiver=receiver, payments=[payment("T1", "99.99")])

    record = bench.record(placed)

    assert record.exceptions == ("AMOUNT_MISMATCH", "ADDRESS_INCOMPLETE", "PHONE_INVALID")
    assert record.status == "PARKED"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"payments": [payment("T1", "99.99")]}, "AMOUNT_MISMATCH"),
        ({"payments": [payment("T1", "100.01")]}, "AMOUNT_MISMATCH"),
        ({"payments": [payment("T1", "100", MONDAY - timedelta(minutes=1))]}, "PAYMENT_INVALID"),
        ({"lines": [{"sku": "NEW", "quantity": 1, "unit_price": 1}]}, "SKU_UNMAPPED"),
        ({"lines": [{"sku": "OLD", "quantity": 1, "unit_price": 1}]}, "SKU_DISCONTINUED"),
    ],
)
def test_what_is_wrong_parks_the_order_with_its_reason(
    bench: Bench, changes: dict[str, object], reason: str
) -> None:
    record = bench.record(bench.place(**changes))

    assert [hold.code for hold in record.open_holds] == [reason]


def test_a_transaction_number_of_another_order_is_noticed(bench: Bench) -> None:
    bench.place(source_id="A1", payments=[payment("SAME", "100.00")])

    second = bench.record(bench.place(source_id="A2", payments=[payment("SAME", "100.00")]))

    assert second.exceptions == ("DUPLICATE_PAYMENT",)


def test_a_person_lets_a_parked_order_through(bench: Bench) -> None:
    placed = bench.place(payments=[payment("T1", "99.99")])

    record = bench.do(bench.shop.release(placed, "AMOUNT_MISMATCH", key="r", by="li"))

    assert record.state is OrderState.FULFILLING
    assert record.holds["H1"].closed_by == "li"


def test_lines_without_price_or_pieces_are_no_sale(bench: Bench) -> None:
    lines = [
        {"sku": "TEA", "quantity": 1, "unit_price": 10},
        {"sku": "CUP", "quantity": 1, "unit_price": 0},
        {"sku": "CUP", "quantity": -1, "unit_price": 5},
    ]
    record = bench.record(bench.place(lines=lines, payments=[payment("T1", "10")]))

    assert [line.kind for line in record.lines.values()] == ["goods", "set_aside", "set_aside"]
    assert record.receivable == 10_00


def test_an_order_without_a_sale_is_refused_and_says_why(bench: Bench) -> None:
    lines = [{"sku": "TEA", "quantity": 1, "unit_price": 0}]
    record = bench.record(bench.place(lines=lines, payments=[]))

    assert record.state is OrderState.REFUSED
    assert record.exceptions == ("NOTHING_TO_SELL",)


def test_an_order_below_nothing_is_no_order(bench: Bench) -> None:
    lines = [{"sku": "TEA", "quantity": 1, "unit_price": 10}]

    with pytest.raises(RefusedOrder, match="after-sale request"):
        bench.shop.place(order(lines=lines, discount=20, payments=[]))


def test_a_discount_of_the_order_is_apportioned_to_the_cent(bench: Bench) -> None:
    lines = [{"sku": "TEA", "quantity": 1, "unit_price": price} for price in (50, 30, 20)]
    record = bench.record(bench.place(lines=lines, discount=10))

    assert [line.amount for line in record.lines.values()] == [45_00, 27_00, 18_00]


def test_a_float_is_read_as_it_is_written(bench: Bench) -> None:
    lines = [{"sku": "TEA", "quantity": 3, "unit_price": 19.9}]
    record = bench.record(bench.place(lines=lines, payments=[payment("T1", "59.70")]))

    assert record.receivable == 59_70


def test_a_bad_order_names_every_field_and_stores_nothing(bench: Bench) -> None:
    before = list(bench.shop.storage.content())
    bad = order(
        colour="red", lines=[{"sku": "", "quantity": "two", "unit_price": "x"}], payments=[]
    )

    with pytest.raises(InvalidOrder) as error:
        bench.shop.place(bad)

    for field in ("colour", "lines.0.sku", "lines.0.quantity", "lines.0.unit_price"):
        assert field in str(error.value)
    assert list(bench.shop.storage.content()) == before


@pytest.mark.parametrize(
    ("point", "state"),
    [
        ("intake.line", None),
        ("intake.validate", OrderState.PRE),
        ("review.risk", OrderState.WAIT_AUDIT),
        ("allocation.source", OrderState.AUDITED),
        ("shipping.carrier", OrderState.AUDITED),
    ],
)
def test_a_question_without_an_answer_holds_the_order_until_the_rules_can_decide(
    tmp_path: Path, point: str, state: OrderState | None
) -> None:
    lacking = Rulebook([s for n, s in shipped_rules().sets.items() if n != point])
    bench = Bench(tmp_path, rules=lacking)

    held = bench.record(bench.place())

    assert [hold.code for hold in held.open_holds] == ["RULE_FAILED"]
    assert held.state is state and held.status == "PARKED"
    bench.well()
    bench.shop.close()
    mended = Bench(tmp_path)
    record = mended.do(mended.shop.release(held.id, "RULE_FAILED", key="r", by="li"))
    assert record.state is OrderState.FULFILLING
    mended.well()


def test_an_order_that_another_process_took_in_meanwhile_is_that_order(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bench.shop.place(order())
    kind = type(bench.shop.storage)
    real = kind.transaction
    blind = iter([True, False])

    @contextmanager
    def transaction(storage: object) -> Iterator[object]:
        with real(storage) as tx:  # type: ignore[arg-type]
            if next(blind, False):
                monkeypatch.setattr(tx, "order_by_source", lambda *_: None, raising=False)
            yield tx

    monkeypatch.setattr(kind, "transaction", transaction)

    assert bench.shop.place(order(), key="other").order == first.order


def test_an_order_that_is_closed_unpaid_keeps_no_hold(bench: Bench) -> None:
    placed = bench.place(payments=[])
    bench.do(bench.shop.set_short(placed, by="wang", key=bench.key()))

    bench.later(days=1)

    record = bench.record(placed)
    assert (record.state, record.open_holds) == ("CANCELLED", ())
