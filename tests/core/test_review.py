"""Review: who looks at an order, and that nothing paid is cancelled without consent (law L7)."""

from __future__ import annotations

import pytest

from ordinance.orders.states import OrderState
from tests.core.shop import MONDAY, Bench

LARGE = [{"sku": "TEA", "quantity": 2, "unit_price": 2500}]


def test_an_ordinary_order_passes_and_says_that_no_rule_fired(bench: Bench) -> None:
    placed = bench.place()

    assert bench.decided(placed)["review.risk"] == "approve"
    assert "no rule" in bench.shop.explain(placed, "review.risk") or "0" in bench.shop.explain(
        placed, "review.risk"
    )


def test_the_threshold_is_inclusive(bench: Bench) -> None:
    at = [{"sku": "TEA", "quantity": 1, "unit_price": "5000.00"}]
    below = [{"sku": "TEA", "quantity": 1, "unit_price": "4999.99"}]

    held = bench.record(bench.place(source_id="A1", lines=at, buyer={"id": "b1"}))
    passed = bench.record(bench.place(source_id="A2", lines=below, buyer={"id": "b2"}))

    assert [hold.code for hold in held.open_holds] == ["MANUAL_REVIEW"]
    assert passed.state is OrderState.FULFILLING


def test_a_confirmed_order_goes_on(bench: Bench) -> None:
    placed = bench.place(lines=LARGE)

    record = bench.do(bench.shop.answer_review(placed, "confirm", key="a", by="wang"))

    assert record.state is OrderState.FULFILLING


def test_a_denied_order_is_cancelled_only_with_the_buyers_consent(bench: Bench) -> None:
    placed = bench.place(lines=LARGE)
    denied = bench.do(bench.shop.answer_review(placed, "deny", key="a", by="wang"))
    assert denied.state is OrderState.WAIT_AUDIT
    assert [hold.code for hold in denied.open_holds] == ["CONSENT"]

    record = bench.do(bench.shop.answer_offer(placed, "cancel_order", key="c"))

    assert record.state is OrderState.CANCELLED and record.end_cause == "consent"
    assert record.refunded == record.paid == 5000_00


def test_a_buyer_who_does_not_consent_is_not_cancelled(bench: Bench) -> None:
    placed = bench.place(lines=LARGE)
    bench.shop.answer_review(placed, "deny", key="a", by="wang")

    record = bench.do(bench.shop.answer_offer(placed, "decline", key="c"))

    assert record.state is OrderState.WAIT_AUDIT
    assert [hold.code for hold in record.open_holds] == ["SUPERVISOR"]


def test_three_times_unreachable_goes_to_a_supervisor_and_is_never_cancelled(bench: Bench) -> None:
    placed = bench.place(lines=LARGE)
    for _ in range(3):
        bench.shop.answer_review(placed, "unreachable", key=bench.key(), by="wang")

    bench.later(days=400)

    record = bench.record(placed)
    assert [hold.code for hold in record.open_holds] == ["SUPERVISOR"]
    assert record.state is OrderState.WAIT_AUDIT and record.refunded == 0


def test_orders_of_the_buyer_in_90_days_count(bench: Bench) -> None:
    lines = [{"sku": "TEA", "quantity": 1, "unit_price": 1000}]
    night = MONDAY.replace(hour=1)
    new = bench.record(bench.place(source_id="A1", lines=lines, placed_at=night))
    known = bench.record(bench.place(source_id="A2", lines=lines, placed_at=MONDAY))

    assert "R2" in new.holds["H1"].rule if new.holds else True
    assert known.state is OrderState.FULFILLING


def test_a_clerk_cannot_answer_an_order_that_waits_for_none(bench: Bench) -> None:
    placed = bench.place()

    with pytest.raises(ValueError, match="does not wait for a review"):
        bench.shop.answer_review(placed, "confirm", key="a", by="wang")
