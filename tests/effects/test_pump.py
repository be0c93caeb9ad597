"""What becomes of an effect that fails, in each way that a port can fail."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ordinance.audit.doctor import check
from ordinance.orders.states import RefundState
from ordinance.outside import PortFailed, PortRefused, PortUnknown
from ordinance.ports import EffectState
from ordinance.retries import RETRIES
from ordinance.shop.effects import NotStuck, UnknownEffect
from tests.effects.desk import Desk

DOWN = PortFailed("connection refused")
LATE = PortUnknown("read timeout")
HOUR = timedelta(hours=1)


def findings(desk: Desk) -> list[str]:
    return [found.invariant for found in check(desk.shop.storage, "teashop")]


def test_a_failure_is_written_down_and_tried_again_by_the_schedule(desk: Desk) -> None:
    desk.carrier.say(DOWN, DOWN)
    placed = desk.place()
    desk.work()
    stored = desk.the("warehouse.push")
    pause = RETRIES["warehouse.push"].pause(stored.effect.key, 1)

    assert (stored.state, stored.attempts, stored.error) == ("waiting", 1, "connection refused")
    assert stored.next_try == desk.now + pause
    desk.work(seconds=pause.total_seconds() - 1)
    assert len(desk.carrier.keys) == 1
    desk.work(seconds=1)
    assert desk.the("warehouse.push").attempts == 2
    desk.work(hours=1)
    assert desk.of("warehouse.push") == []
    assert desk.shop.record(placed).parcel("P1").waybill == "W-3"
    assert len(set(desk.carrier.keys)) == 1


def test_the_other_side_is_left_alone_for_as_long_as_it_asks(desk: Desk) -> None:
    desk.carrier.say(PortFailed("429", retry_after=timedelta(minutes=50)))
    desk.place()
    desk.work()

    assert desk.the("warehouse.push").next_try == desk.now + timedelta(minutes=50)


def test_a_refusal_is_given_up_at_once(desk: Desk) -> None:
    desk.bank.say(PortRefused("account closed"))
    desk.place(cancelled=True)
    desk.work()
    stored = desk.the("refund")

    assert (stored.state, stored.next_try, stored.error) == ("dead", None, "account closed")
    assert findings(desk) == ["I11"]
    desk.work(days=30)
    assert len(desk.bank.keys) == 1


def test_an_effect_that_fails_too_often_is_given_up(desk: Desk) -> None:
    desk.messages.say(*[DOWN] * 1000)
    desk.place()
    for _ in range(RETRIES["notify"].attempts):
        desk.work(hours=3)
    first = desk.of("notify")[0]

    assert (first.state, first.attempts) == (EffectState.DEAD, RETRIES["notify"].attempts)


def test_an_unknown_outcome_is_asked_about_before_it_is_tried_again(desk: Desk) -> None:
    desk.bank.say(LATE)
    placed = desk.place(cancelled=True)
    desk.work()
    stored = desk.the("refund")
    assert stored.state is EffectState.UNKNOWN and stored.next_try is not None
    assert findings(desk) == []
    (key,) = desk.bank.keys
    desk.bank.known[key] = "R-77"
    desk.work(hours=1)

    assert desk.of("refund") == []
    assert (desk.bank.keys, desk.bank.asked) == ([key], [key])
    assert desk.shop.record(placed).refund("R1").state is RefundState.SUCCESS


def test_what_nobody_knows_of_is_tried_again(desk: Desk) -> None:
    desk.bank.say(LATE)
    desk.place(cancelled=True)
    desk.work()
    desk.work(hours=1)

    assert desk.of("refund") == []
    assert len(desk.bank.keys) == 2 and len(set(desk.bank.keys)) == 1


def test_while_the_question_is_not_answered_nothing_is_sent(desk: Desk) -> None:
    desk.bank.say(LATE)
    desk.bank.silent.extend([DOWN] * 1000)
    desk.place(cancelled=True)
    for _ in range(RETRIES["refund"].attempts + 3):
        desk.work(days=1)
    stored = desk.the("refund")

    assert len(desk.bank.keys) == 1
    assert (stored.state, stored.next_try) == (EffectState.UNKNOWN, None)
    assert findings(desk) == ["I7"]


def test_an_unknown_outcome_that_nobody_can_be_asked_about_waits_for_a_person(desk: Desk) -> None:
    desk.carrier.say(LATE)
    placed = desk.place()
    desk.work()
    desk.work(days=30)
    stored = desk.the("warehouse.push")
    assert (stored.state, stored.next_try) == (EffectState.UNKNOWN, None)
    assert len(desk.carrier.keys) == 1 and "I7" in findings(desk)

    desk.shop.settle_effect(stored.effect.key, "SF-1", by="Lan")

    assert desk.of("warehouse.push") == [] and len(desk.carrier.keys) == 1
    assert desk.shop.record(placed).parcel("P1").waybill == "SF-1"
    assert "a person says that warehouse.push was done outside: SF-1  (Lan)" in desk.shop.timeline(
        placed
    )


def test_a_message_of_unknown_outcome_is_sent_again_under_its_key(desk: Desk) -> None:
    desk.messages.say(LATE)
    desk.place()
    desk.work()
    desk.work(hours=1)

    assert desk.of("notify") == []
    assert sorted(desk.happened()[key] for key in set(desk.messages.keys))[-1] == 2


def test_a_defect_of_a_port_counts_as_an_unknown_outcome_and_stops_nobody_else(desk: Desk) -> None:
    desk.carrier.say(KeyError("no"))
    first = desk.place("A1")
    second = desk.place("A2")
    desk.work()

    assert desk.the("warehouse.push").effect.order_id == first
    assert desk.the("warehouse.push").state is EffectState.UNKNOWN
    assert desk.shop.record(second).parcel("P1").waybill is not None


def test_what_was_answered_at_an_earlier_try_is_not_asked_for_again(desk: Desk) -> None:
    desk.warehouse.say(DOWN)
    placed = desk.place()
    desk.work()
    desk.work(hours=1)

    assert len(desk.carrier.keys) == 1 and len(desk.warehouse.keys) == 2
    assert desk.shop.record(placed).parcel("P1").waybill == "W-1"


def test_effects_of_an_order_wait_for_each_other_in_their_lane_only(desk: Desk) -> None:
    desk.carrier.say(DOWN)
    placed = desk.place()
    desk.work()
    desk.shop.cancel(placed, key="c", now=desk.now)
    desk.work()
    waiting = [stored.effect.kind for stored in desk.shop.effects()]
    assert waiting[:2] == ["warehouse.push", "warehouse.cancel"]
    assert len(desk.bank.keys) == 1
    desk.work(hours=1)

    assert desk.shop.effects() == ()
    assert [key.split(":")[1] for key in desk.warehouse.keys] == ["push", "cancel"]


def test_a_dead_letter_can_be_tried_again_and_is_not_done_twice(desk: Desk) -> None:
    desk.bank.say(PortRefused("account closed"))
    placed = desk.place(cancelled=True)
    desk.work()
    key = desk.the("refund").effect.key
    first = desk.shop.redrive(key, by="Lan", now=desk.now)
    second = desk.shop.redrive(key, by="Mei", now=desk.now)
    assert (first.repeated, second.repeated) == (False, True)
    desk.work()

    assert desk.shop.effect(key).state is EffectState.DONE
    assert len(desk.bank.keys) == 2 and len(set(desk.bank.keys)) == 1
    with pytest.raises(NotStuck, match=r"was done at 2026-03-02 10:00 with the answer `R-2`"):
        desk.shop.redrive(key, by="Mei")
    assert desk.shop.settle_effect(key, "R-2").repeated
    with pytest.raises(NotStuck, match="that answer stays"):
        desk.shop.settle_effect(key, "R-3")
    desk.work(days=1)
    assert len(desk.bank.keys) == 2
    assert desk.shop.record(placed).refunded == 100_00
    desk.bench.well()


def test_only_what_is_stuck_is_decided_by_a_person(desk: Desk) -> None:
    desk.bank.say(DOWN)
    desk.place(cancelled=True)
    desk.work()
    key = desk.the("refund").effect.key

    with pytest.raises(NotStuck, match="waits for its next try"):
        desk.shop.redrive(key)
    with pytest.raises(NotStuck, match="goes on by itself"):
        desk.shop.settle_effect(key, "R-1")
    with pytest.raises(UnknownEffect, match="no effect has the key `nope`"):
        desk.shop.redrive("nope")


def test_an_answer_that_the_order_does_not_take_is_kept_for_a_person(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise ValueError("no such refund")

    monkeypatch.setattr("ordinance.shop.effects.take_in", refuses)
    desk.place(cancelled=True)
    desk.work()
    stored = desk.the("refund")

    assert stored.state is EffectState.DEAD
    assert stored.error == "done outside as `R-1`, but the order did not take that: no such refund"


def test_the_bank_may_call_back_before_it_answers_and_once_more(desk: Desk) -> None:
    placed = desk.place(cancelled=True)

    def calls_back(key: str, *_: object) -> str:
        for number in range(2):
            desk.shop.refund_paid(placed, "R1", "R-9", key=f"callback:{number}", now=desk.now)
        return "R-9"

    desk.bank.refund = calls_back  # type: ignore[method-assign]
    desk.work()
    desk.shop.refund_paid(placed, "R1", "R-9", key="callback:3", now=desk.now)

    record = desk.shop.record(placed)
    assert (record.refunded, record.refund("R1").state) == (100_00, RefundState.SUCCESS)
    assert desk.bench.events(placed).count("refund.success") == 1
    desk.bench.well()


def test_orders_come_in_while_every_adapter_is_down(desk: Desk) -> None:
    for port in (desk.bank, desk.carrier, desk.warehouse, desk.messages):
        port.say(*[DOWN] * 10_000)
    outside = desk.outside
    placed = []
    for number in range(5):
        placed.append(desk.place(f"A{number}", cancelled=number == 0))
        desk.now += timedelta(seconds=10)
        desk.shop.work(desk.now, outside)
    calls = sum(desk.happened().values())

    assert [desk.shop.record(one).state for one in placed[1:]] == ["FULFILLING"] * 4
    # Five failures open the circuit of an adapter for a minute.
    assert calls <= 3 * 5 + 2
    for port in (desk.bank, desk.carrier, desk.warehouse, desk.messages):
        port.then.clear()
    for _ in range(10):
        desk.now += HOUR
        desk.shop.work(desk.now, outside)
    assert desk.shop.effects() == ()
    desk.bench.well()
