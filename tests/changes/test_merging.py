"""Merging by rule with its inverse (ST09): one box, and every order keeps its own money."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ordinance.audit.figures import add_up
from ordinance.command import Outcome
from ordinance.fulfilment import merging
from ordinance.oms import Shop
from ordinance.orders.record import OrderRecord, Parcel
from ordinance.rules import Rulebook
from ordinance_adapters.identity import SeededIds
from tests.changes.test_rejections import level
from tests.core.shop import ITEMS, MONDAY, Bench, order, payment, profile
from tests.stores import open_storage


def tea(pieces: int) -> dict[str, Any]:
    return {"lines": [{"sku": "TEA", "quantity": pieces, "unit_price": "1.00"}]}


def two(bench: Bench, **second: Any) -> tuple[str, str]:
    """Two orders of one buyer to one address."""
    return bench.place(source_id="B2"), bench.place(**{"source_id": "A1", **second})


def merged(bench: Bench, *orders: str) -> Outcome:
    outcome = bench.shop.merge(orders, key=bench.key())
    bench.pump.effects(bench.clock.now())
    return outcome


def blockers(bench: Bench, *orders: str) -> list[str]:
    return list(merged(bench, *orders).told["blockers"])


def box(bench: Bench, order_id: str) -> Parcel:
    return next(p for p in bench.record(order_id).parcels.values() if p.state != "CANCELLED")


def money(record: OrderRecord) -> tuple[object, ...]:
    return record.receivable, record.paid, record.refunding, record.payments, record.lines


class TestVectors:
    """The vectors of ST09, by name."""

    def test_equal_key_both_audited_not_pushed(self, waiting: Bench) -> None:
        first, second = two(waiting, freight="6.00")
        before = [waiting.record(item) for item in (first, second)]

        assert merged(waiting, second, first).told == {"merged": True, "blockers": []}

        after = [waiting.record(item) for item in (first, second)]
        boxes = [box(waiting, item) for item in (first, second)]
        assert [money(r) for r in after] == [money(r) for r in before]
        assert (
            boxes[0].aboard
            == boxes[1].aboard
            == tuple((item, box(waiting, item).id) for item, _ in boxes[0].aboard)
        )
        share = boxes[0].share + boxes[1].share
        assert share.amount + share.freight == sum(r.receivable for r in before)
        assert {b.carrier for b in boxes} == {"SLOW"}
        told = next(
            json.loads(event.data)
            for event in waiting.shop.storage.events("teashop", first)
            if event.kind == "parcel.merged"
        )
        assert told["sources"] == ["A1", "B2"], "sorted, unique"

    def test_cod_and_prepaid(self, waiting: Bench) -> None:
        assert blockers(waiting, *two(waiting, type="cash_on_delivery")) == ["payment"]

    def test_virtual_numbers_with_different_tails(self, waiting: Bench) -> None:
        receiver = order()["receiver"]
        first = waiting.place(source_id="A1", receiver={**receiver, "phone": "13800138000-1234"})
        second = waiting.place(
            source_id="A2", receiver={**receiver, "phone": "13800138000转9876", "name": " 张三"}
        )

        assert blockers(waiting, first, second) == []

    def test_one_of_the_two_has_asked_for_a_refund(self, waiting: Bench) -> None:
        first, second = two(waiting)
        waiting.shop.cancel(second, pieces=[("TEA", 1)], key=waiting.key())

        assert blockers(waiting, first, second) == ["refund"]
        assert blockers(waiting, first, second) == [], "it was paid back meanwhile"

    def test_over_the_weight_limit(self, tmp_path: Path, patient: Rulebook) -> None:
        items = {"TEA": replace(ITEMS["TEA"], weight_grams=10_000)}
        items["CUP"] = replace(ITEMS["CUP"], weight_grams=10_001)
        bench = Bench(tmp_path, patient, items=items)
        first, second = bench.place(source_id="A1", **tea(1)), bench.place(source_id="A2", **tea(1))
        cup = [{"sku": "CUP", "quantity": 1, "unit_price": "1.00"}]

        assert blockers(bench, first, bench.place(source_id="A3", lines=cup)) == ["weight"]
        assert blockers(bench, first, second) == []

    def test_the_inverse_gives_both_orders_back_as_before(self, waiting: Bench) -> None:
        orders = two(waiting)
        before = [snapshot(waiting, item) for item in orders]
        merged(waiting, *orders)
        assert [snapshot(waiting, item) for item in orders] != before

        outcome = waiting.shop.unmerge(orders[0], key="apart")

        assert sorted(outcome.told["apart"]) == sorted(orders)
        assert [snapshot(waiting, item) for item in orders] == before


def snapshot(bench: Bench, order_id: str) -> tuple[object, ...]:
    """All of an order that merging may not change for good: all but ids, decisions, history."""
    record = bench.record(order_id)
    boxes = [
        (p.warehouse, p.pieces, p.carrier, p.package, p.marks, p.inserts, p.weight_grams, p.share)
        for p in record.parcels.values()
        if p.state != "CANCELLED" and not p.aboard
    ]
    return *money(record), record.state, record.open_holds, record.ship_by, record.push_at, boxes


DIFFERENT: list[tuple[dict[str, Any], str]] = [
    ({"buyer": {"id": "u2"}}, "buyer"),
    ({"channel": "tmall"}, "channel"),
    ({"receiver": {**order()["receiver"], "name": "李四"}}, "receiver"),
    ({"receiver": {**order()["receiver"], "phone": "13800138001"}}, "receiver"),
    ({"receiver": {**order()["receiver"], "address": "文二路1号"}}, "address"),
    ({"lines": [{"sku": "COLD", "quantity": 1, "unit_price": "9.00"}]}, "warehouse"),
    ({"lines": [{"sku": "TEA", "quantity": 12, "unit_price": "9.00"}]}, "split"),
    ({"tags": ["发票:甲公司"]}, "invoice"),
    ({"type": "presale"}, "presale"),
    ({"payments": []}, "incomplete"),
]


@pytest.mark.parametrize(("second", "blocker"), DIFFERENT, ids=[b for _, b in DIFFERENT])
def test_what_differs_is_not_merged(waiting: Bench, second: dict[str, Any], blocker: str) -> None:
    orders = two(waiting, **second)
    before = list(waiting.shop.storage.content())

    found = blockers(waiting, *orders)

    assert blocker in found
    after = list(waiting.shop.storage.content())
    (answer,) = set(after) - set(before)
    assert len(after) == len(before) + 1 and json.loads(answer)["table"] == "commands", (
        "nothing but the answer"
    )


def test_what_is_with_the_warehouse_is_not_merged(bench: Bench) -> None:
    assert blockers(bench, *two(bench)) == ["pushed"]


def test_merging_needs_two_orders(waiting: Bench) -> None:
    first = waiting.place()

    with pytest.raises(merging.NotMerged, match="two orders"):
        merged(waiting, first, first)
    with pytest.raises(merging.NotMerged, match="no box"):
        waiting.shop.unmerge(first, key="apart")


def test_orders_that_wait_leave_together_when_the_time_is_over(waiting: Bench) -> None:
    first = waiting.place(source_id="A1")
    waiting.later(minutes=20)
    now = waiting.clock.now()
    second = waiting.place(source_id="A2", placed_at=now, payments=[payment("T2", "100.00", now)])
    other = waiting.place(
        source_id="A3", placed_at=now, buyer={"id": "u2"}, payments=[payment("T3", "100.00", now)]
    )
    assert not any(box(waiting, item).waybill for item in (first, second))

    waiting.later(minutes=10)

    boxes = [box(waiting, item) for item in (first, second)]
    assert boxes[0].waybill == boxes[1].waybill is not None
    assert not box(waiting, other).aboard and box(waiting, other).waybill is None
    waiting.later(minutes=20)
    assert box(waiting, other).waybill not in (None, boxes[0].waybill)


def test_one_waybill_one_hand_over_one_delivery(waiting: Bench) -> None:
    first, second = two(waiting)
    merged(waiting, first, second)
    waiting.later(minutes=30)

    waiting.hand_over(second, box(waiting, second).id)
    assert {waiting.record(item).state for item in (first, second)} == {"SHIPPED"}
    waiting.later(days=1)
    waiting.deliver(first, box(waiting, first).id)

    assert {waiting.record(item).state for item in (first, second)} == {"SIGNED"}
    assert level(waiting, "HZ", "TEA") == (6, 0, 0)
    assert add_up(waiting.shop.storage, "teashop").shipped_parcels == 1


def test_a_refund_after_merging_goes_to_the_orders_own_payment(waiting: Bench) -> None:
    first, second = two(waiting)
    merged(waiting, first, second)
    waiting.later(minutes=30)
    waiting.hand_over(first, box(waiting, first).id)
    waiting.later(days=1)
    waiting.deliver(first, box(waiting, first).id)

    record = waiting.do(
        waiting.shop.request_aftersale(second, reason="NO_REASON_7D", key=waiting.key())
    )
    case = next(iter(record.cases.values()))
    record = waiting.do(waiting.shop.goods_back(second, case.id, "good", key=waiting.key()))

    assert record.refunding == record.paid > 0
    assert [p.transaction for p in record.payments.values() if p.refunded] == ["T-A1"]
    assert waiting.record(first).refunding == 0


@pytest.mark.parametrize("pushed_first", [False, True])
def test_one_order_that_is_cancelled_leaves_the_other_in_a_box_of_its_own(
    waiting: Bench, pushed_first: bool
) -> None:
    first, second = two(waiting)
    merged(waiting, first, second)
    waiting.later(minutes=30 if pushed_first else 1)

    waiting.do(waiting.shop.cancel(first, key=waiting.key()))

    assert waiting.record(first).state == "CANCELLED"
    left = box(waiting, second)
    assert not left.aboard and [piece.quantity for piece in left.pieces] == [2]
    waiting.later(minutes=30)
    assert box(waiting, second).waybill is not None
    assert level(waiting, "HZ", "TEA") == (10, 2, 0)


def test_a_box_that_is_rejected_is_rejected_for_every_order_in_it(waiting: Bench) -> None:
    orders = two(waiting)
    merged(waiting, *orders)
    waiting.later(minutes=30)

    waiting.do(
        waiting.shop.warehouse_rejected(
            orders[0], box(waiting, orders[0]).id, "CLOSED", key=waiting.key()
        )
    )

    assert [box(waiting, item).warehouse for item in orders] == ["BJ", "BJ"]
    assert level(waiting, "HZ", "TEA") == (10, 0, 0)


def test_what_was_taken_apart_is_not_merged_again_by_itself(waiting: Bench) -> None:
    orders = two(waiting)
    merged(waiting, *orders)
    waiting.shop.unmerge(orders[1], key="apart")

    waiting.later(minutes=40)

    assert len({box(waiting, item).waybill for item in orders}) == 2
    assert not any(box(waiting, item).aboard for item in orders)


def test_two_workers_that_merge_the_same_orders_do_it_once(
    tmp_path: Path, patient: Rulebook
) -> None:
    bench = Bench(tmp_path, patient)
    first, second = two(bench)
    third = bench.place(source_id="C3")
    answers: list[dict[str, Any]] = []
    start = threading.Barrier(4)

    def work(name: int) -> None:
        storage = open_storage(tmp_path / "shop.db")
        shop = Shop(storage, profile(), patient, bench.clock, SeededIds(1))
        start.wait(timeout=20)
        pair = [first, second] if name % 2 else [second, third]
        answers.append(dict(shop.merge(pair, key=f"worker {name}", now=MONDAY).told))
        shop.close()

    workers = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)

    assert sorted(answer["merged"] for answer in answers) == [False, False, False, True]
    assert all("merged" in answer["blockers"] for answer in answers if not answer["merged"])
    bench.well()
    bench.shop.close()
