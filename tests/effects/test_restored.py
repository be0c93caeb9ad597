"""What becomes of effects that come out of a backup, which may have been done since."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ordinance.audit.doctor import check
from ordinance.orders.states import RefundState
from ordinance.outside import Outside, PortFailed, PortUnknown
from ordinance.ports import EffectState
from tests.effects.desk import Askable, Desk


def restore(desk: Desk) -> None:
    """As `ordinance restore` leaves the effects."""
    with desk.shop.storage.transaction() as tx:
        assert tx.doubt_effects("teashop", desk.now, "restored")


def test_who_can_be_asked_is_asked_first_and_nothing_is_paid_twice(desk: Desk) -> None:
    placed = desk.place(cancelled=True)
    refund = desk.the("refund")
    restore(desk)
    desk.bank.known[f"{refund.effect.key}:0"] = "R-77"
    desk.work()

    assert (desk.bank.keys, desk.bank.asked) == ([], [f"{refund.effect.key}:0"])
    assert desk.shop.record(placed).refund("R1").state is RefundState.SUCCESS
    assert desk.of("refund") == []


def test_what_nobody_knows_of_is_done(desk: Desk) -> None:
    desk.place(cancelled=True)
    restore(desk)
    desk.work()

    assert len(desk.bank.keys) == 1 and desk.of("refund") == []


def test_while_the_question_is_not_answered_nothing_is_sent(desk: Desk) -> None:
    desk.place(cancelled=True)
    restore(desk)
    desk.bank.silent.append(PortFailed("connection refused"))
    desk.work()
    assert desk.bank.keys == [] and desk.the("refund").restored
    desk.work(hours=1)

    assert len(desk.bank.keys) == 1 and desk.of("refund") == []


def test_what_would_cost_something_and_nobody_can_say_waits_for_a_person(desk: Desk) -> None:
    placed = desk.place()
    restore(desk)
    desk.work()
    desk.work(days=30)
    stuck = desk.the("warehouse.push")

    assert desk.carrier.keys == []
    assert (stuck.state, stuck.next_try) == (EffectState.UNKNOWN, None)
    assert "comes out of a backup" in str(stuck.error)
    assert "I7" in [found.invariant for found in check(desk.shop.storage, "teashop")]
    desk.shop.redrive(stuck.effect.key, by="Lan")
    desk.work(hours=1)
    assert desk.carrier.keys == [stuck.effect.key]
    assert desk.shop.record(placed).parcel("P1").waybill is not None


def test_a_message_is_sent_again_under_its_key(desk: Desk) -> None:
    desk.place()
    (message, *_) = desk.of("notify")
    restore(desk)
    desk.work()

    assert message.effect.key in desk.messages.keys


@pytest.mark.parametrize("known", [True, False])
def test_a_later_call_of_an_effect_is_in_doubt_when_the_first_one_was_made(
    desk: Desk, known: bool
) -> None:
    """The carrier can be asked and the warehouse cannot."""
    carrier = Askable("W")
    outside = Outside(desk.bank, carrier, desk.warehouse, desk.messages)
    desk.place()
    restore(desk)
    key = desk.the("warehouse.push").effect.key
    if known:
        carrier.known[key] = "W-9"
    desk.shop.work(desk.now, outside)

    assert carrier.asked == [key]
    assert carrier.keys == ([] if known else [key])
    # Where the carrier had never been called, the warehouse had not either.
    assert desk.warehouse.keys == ([] if known else [key])


def test_a_call_that_fails_after_the_question_is_an_ordinary_failure(desk: Desk) -> None:
    desk.place(cancelled=True)
    restore(desk)
    desk.bank.say(PortUnknown("read timeout"))
    desk.work()
    found = desk.the("refund")

    assert (found.state, found.restored) == (EffectState.UNKNOWN, False)
    assert found.next_try is not None and found.next_try > desk.now + timedelta(seconds=1)
