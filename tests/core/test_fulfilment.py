"""Fulfilment: parcels, the promise to ship, carriers, late, lost, damaged and refused parcels."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from ordinance.orders import promise
from ordinance.orders.states import OrderState
from ordinance.ports import Timer
from ordinance.pump import AGAIN
from tests.core.shop import Bench


def test_a_parcel_gets_package_marks_inserts_and_the_cheapest_carrier(bench: Bench) -> None:
    lines = [{"sku": "CUP", "quantity": 1, "unit_price": 10}]
    parcel = bench.record(bench.place(lines=lines)).parcels["P1"]

    assert (parcel.package, parcel.carrier) == ("carton_with_bubble", "SLOW")
    assert parcel.marks == ("fragile", "this_way_up")
    assert parcel.weight_grams == 400 + 300


def test_a_gift_shows_no_prices(bench: Bench) -> None:
    parcel = bench.record(bench.place(tags=["gift"])).parcels["P1"]

    assert parcel.inserts == ("packing_list_no_prices", "return_form")


def test_an_urgent_order_takes_the_fastest_carrier_and_a_shorter_promise(bench: Bench) -> None:
    record = bench.record(bench.place(tags=["urgent"]))

    assert record.parcels["P1"].carrier == "SWIFT"
    assert record.ship_by and (record.ship_by - record.placed_at).total_seconds() == 24 * 3600


def test_a_timer_set_again_for_the_instant_at_which_it_fired_fires_a_minute_later(
    bench: Bench,
) -> None:
    placed = bench.place()
    promised = bench.record(placed).ship_by
    assert promised is not None
    overdue = Timer("teashop", placed, promise.TIMER, "", promised)
    bench.pump.timers(promised)
    with bench.shop.storage.transaction() as tx:
        tx.schedule(overdue)

    def reminded_at() -> list[datetime]:
        events = bench.shop.storage.events("teashop", placed)
        return [event.at for event in events if event.kind == "order.ship_reminded"]

    assert bench.pump.timers(promised) == [placed]
    assert bench.pump.timers(promised) == []
    assert reminded_at() == [promised]
    assert bench.pump.timers(promised + AGAIN) == [placed]
    assert reminded_at() == [promised, promised + AGAIN]


def test_an_order_without_a_carrier_is_parked(tmp_path: Path) -> None:
    bench = Bench(tmp_path, carriers=())

    record = bench.record(bench.place())

    assert [hold.code for hold in record.open_holds] == ["CARRIER_UNREACHABLE"]


def test_goods_without_anything_to_ship_are_received_at_once(bench: Bench) -> None:
    record = bench.record(bench.place(lines=[{"sku": "CARD", "quantity": 1, "unit_price": 100}]))

    assert record.state is OrderState.SIGNED and not record.parcels


def test_what_is_not_shipped_in_time_is_reminded_then_parked_but_may_still_leave(
    bench: Bench,
) -> None:
    placed = bench.place()

    bench.later(hours=49)
    assert "order.ship_reminded" in bench.events(placed)
    bench.later(days=30)
    assert [hold.code for hold in bench.record(placed).open_holds] == ["NOT_SHIPPED"]

    assert bench.hand_over(placed).open_holds == ()


def test_a_late_parcel_earns_a_coupon_once(bench: Bench) -> None:
    placed = bench.place()
    bench.hand_over(placed)

    bench.later(days=13)

    record = bench.record(placed)
    assert record.parcels["P1"].anomalies[:1] == ("late",)
    assert bench.events(placed).count("service.compensated") == record.compensations <= 2


def test_a_lost_parcel_is_inquired_about_then_sent_again_and_not_refunded(bench: Bench) -> None:
    placed = bench.place()
    bench.hand_over(placed)

    bench.later(days=20)

    record = bench.record(placed)
    assert record.parcels["P1"].resolved == "reship"
    assert record.parcels["P2"].replaces == "P1" and record.refunds == {}
    bench.hand_over(placed, "P2")
    assert bench.deliver(placed, "P2").state is OrderState.SIGNED


def test_a_lost_parcel_without_stock_is_refunded_and_not_sent_again(tmp_path: Path) -> None:
    bench = Bench(tmp_path, stock={("HZ", "TEA"): 2})
    placed = bench.place(freight=8)
    bench.hand_over(placed)

    bench.later(days=20)

    record = bench.record(placed)
    assert record.parcels["P1"].resolved == "refund" and len(record.parcels) == 1
    assert record.state is OrderState.CANCELLED and record.end_cause == "fully_refunded"
    assert record.refunded == record.paid == 108_00
    bench.well()


def test_a_parcel_that_turns_up_after_all_stays_settled(bench: Bench) -> None:
    placed = bench.place()
    bench.hand_over(placed)
    bench.later(days=20)

    record = bench.deliver(placed, "P1")

    assert record.parcels["P1"].resolved == "reship" and record.parcels["P1"].delivered_at is None


def test_a_damaged_parcel_is_sent_again(bench: Bench) -> None:
    placed = bench.place()
    bench.hand_over(placed)

    record = bench.do(bench.shop.track(placed, "P1", "DAMAGED", key="d"))

    assert record.parcels["P1"].resolved == "reship" and "P2" in record.parcels


def test_a_refused_parcel_goes_back_to_the_shelf_and_the_money_to_the_buyer(bench: Bench) -> None:
    placed = bench.place()
    bench.hand_over(placed)
    assert bench.free("TEA", "HZ") == 8

    record = bench.do(bench.shop.track(placed, "P1", "REFUSED", key="r"))

    assert record.state is OrderState.CANCELLED and record.refunded == 100_00
    assert bench.free("TEA", "HZ") == 10


def test_the_same_scan_twice_and_a_scan_after_delivery_change_nothing(bench: Bench) -> None:
    placed = bench.received()
    before = bench.record(placed)

    after = bench.do(bench.shop.track(placed, "P1", "IN_TRANSIT", key="late"))

    assert after.parcels == before.parcels and after.state is before.state


@pytest.mark.parametrize(("state", "days"), [("DELIVERED_SELF", 8), ("DELIVERED_LOCKER", 15)])
def test_an_order_completes_after_the_days_of_the_rule(bench: Bench, state: str, days: int) -> None:
    placed = bench.place()
    bench.hand_over(placed)
    bench.deliver(placed, state=state)

    bench.later(days=days, seconds=-1)
    assert bench.record(placed).state is OrderState.SIGNED
    bench.later(seconds=1)

    assert bench.record(placed).state is OrderState.COMPLETED


def test_a_completed_order_is_archived_after_90_days_with_its_retention(bench: Bench) -> None:
    placed = bench.received()

    bench.later(days=8 + 89)
    assert not bench.record(placed).archived
    bench.later(days=1)

    record = bench.record(placed)
    assert record.archived and record.keep_years == 3 and record.status == "ARCHIVED"


def test_every_step_of_the_way_has_a_sentence_in_both_languages(bench: Bench) -> None:
    placed = bench.received()
    bench.later(days=100)

    english = bench.shop.timeline(placed, "en")
    chinese = bench.shop.timeline(placed, "zh")

    assert len(english.splitlines()) == len(chinese.splitlines()) == len(bench.events(placed)) + 1
    assert not any(f"  {kind}  (" in english for kind in bench.events(placed))
