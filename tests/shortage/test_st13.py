"""ST13: the vectors of the strategy for shortages and presales, by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ordinance.orders.states import OrderState
from ordinance.points.shortage import NEGOTIATE, ON_SILENCE, ON_TIMEOUT, PLANS, SHORTAGE
from ordinance.rules import RuleFileError
from ordinance.service import cancel, negotiation
from ordinance.service.negotiation import NotOffered
from tests.core.shop import Bench
from tests.shortage.scenes import ENGRAVED, MIXED, at, cups, holds, on_silence, rule_of


def asked(bench: Bench, *, now: tuple[int, int, int]) -> str:
    """An order to be shipped by 18:00 on the 4th, of which the shop learns at `now` only."""
    bench.clock.set(at(*now))
    return bench.place(
        channel="wechat_shop", placed_at=at(2, 18), lines=ENGRAVED,
        payments=[{"transaction": "T", "amount": "10", "paid_at": at(2, 18)}],
    )  # fmt: skip


def test_st13_more_than_four_hours_before_the_deadline_the_buyer_is_asked(bench: Bench) -> None:
    placed = asked(bench, now=(4, 13, 59))

    assert bench.record(placed).ship_by == at(4, 18)
    assert holds(bench, placed) == ["CONSENT"]


def test_st13_less_than_four_hours_before_the_deadline_nobody_is_asked(bench: Bench) -> None:
    placed = asked(bench, now=(4, 14, 1))

    assert holds(bench, placed) == ["SUPERVISOR"]
    assert "N3" in rule_of(bench, placed, "allocation.negotiate")


def test_st13_a_fourth_negotiation_is_refused(bench: Bench) -> None:
    placed = bench.place(lines=ENGRAVED)
    for _ in range(3):
        assert holds(bench, placed) == ["CONSENT"]
        bench.do(bench.shop.answer_offer(placed, "wait", key=bench.key()))
        assert holds(bench, placed) == ["STOCK_SHORT"]
        bench.later(days=30)

    assert holds(bench, placed) == ["SUPERVISOR"]
    assert len(bench.record(placed).offers) == 3
    assert "N2" in rule_of(bench, placed, "allocation.negotiate")


def test_st13_an_order_of_which_something_was_shipped_is_not_negotiated(bench: Bench) -> None:
    lines = [{"sku": "TEA", "quantity": 30, "unit_price": 10}]
    placed = bench.place(channel="wechat_shop", lines=lines)
    for parcel in bench.record(placed).parcels:
        bench.hand_over(placed, parcel)

    bench.later(days=30)

    assert "SUPERVISOR" in holds(bench, placed)
    assert "N1" in rule_of(bench, placed, "allocation.negotiate")
    assert bench.record(placed).offers == {}


def test_st13_a_silent_buyer_gets_what_is_there_when_the_rule_says_split(tmp_path: Path) -> None:
    bench = Bench(tmp_path, on_silence(tmp_path, "ship_available"))
    placed = bench.place(lines=MIXED)
    assert holds(bench, placed) == ["CONSENT"] and bench.record(placed).parcels == {}

    bench.later(hours=72)

    record = bench.record(placed)
    assert holds(bench, placed) == ["STOCK_SHORT"]
    assert [piece.sku for piece in record.parcels["P1"].pieces] == ["TEA"]
    assert record.refunds == {} and all(line.cancelled == 0 for line in record.goods)
    bench.well()


def test_st13_a_short_line_is_not_cancelled_without_consent(bench: Bench) -> None:
    waiting = bench.place(source_id="A1", lines=cups(7))
    with pytest.raises(NotOffered, match="no open offer"):
        bench.shop.answer_offer(waiting, "cancel_short", key="c1")

    placed = bench.place(source_id="A2", lines=MIXED)
    with pytest.raises(NotOffered, match="`substitute` was not offered for line 2"):
        bench.shop.answer_offer(placed, "substitute", key="c2")
    bench.later(days=400)

    for order_id in (waiting, placed):
        record = bench.record(order_id)
        assert record.refunds == {} and all(line.cancelled == 0 for line in record.goods)


def test_st13_no_rule_can_say_that_a_paid_order_is_cancelled_in_silence(tmp_path: Path) -> None:
    codes = {choice.code for choice in (*PLANS, *ON_TIMEOUT, *ON_SILENCE)}
    assert codes == {
        "split", "ship_available", "wait", "ask_buyer", "ask_person", "breach",
    }  # fmt: skip
    assert all("cancel" not in field.name for field in (*SHORTAGE.fields, *NEGOTIATE.fields))
    with pytest.raises(RuleFileError, match="cancel"):
        on_silence(tmp_path, "cancel_short")


def silence_is_kept(folder: Path) -> None:
    """Nobody answers for a year: the order is still whole."""
    bench = Bench(folder, on_silence(folder, "wait"))
    placed = bench.place(lines=MIXED)
    bench.later(days=365)
    bench.well()
    assert bench.record(placed).state is OrderState.AUDITED


def test_a_default_of_waiting_is_kept(tmp_path: Path) -> None:
    silence_is_kept(tmp_path)


def test_a_timeout_that_cancels_is_caught_by_the_doctor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cancels(change, desk, then, rule, wait_days):  # type: ignore[no-untyped-def]
        short = negotiation.still_short(change, desk)
        cancel.drop_pieces(change, desk, short, "OUT_OF_STOCK", cause="consent")

    monkeypatch.setattr(negotiation, "_by_default", cancels)

    with pytest.raises(AssertionError, match="on nobody's word"):
        silence_is_kept(tmp_path)


def test_every_answer_is_on_record(bench: Bench) -> None:
    placed = bench.place(lines=MIXED)
    bench.do(bench.shop.answer_offer(placed, lines={2: "ship_available"}, key="c"))

    record = bench.record(placed)
    told = [
        json.loads(event.data)
        for event in bench.shop.storage.events("teashop", placed)
        if event.kind == "buyer.answered"
    ]
    assert told[0]["choice"] == ["ship_available"] and told[0]["offer"] == "O1"
    assert record.offers["O1"].chosen == {"2": "ship_available"}
    assert record.parcels["P1"].pieces[0].sku == "TEA"
    assert holds(bench, placed) == ["STOCK_SHORT"]
