"""Negotiation: options per line, reminders, deadlines, substitutes, and the breach path."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ordinance.audit import figures
from ordinance.orders.states import OrderState
from ordinance.service.negotiation import NotOffered
from tests.core.shop import MONDAY, Bench, changed
from tests.shortage.scenes import ENGRAVED, MIXED, cups, holds, on_silence, with_items

REPLACED = with_items(
    ENGRAVED={"substitutes": ("CUP",)}, CUP={"price_minor": 25_00}, TEA={"price_minor": 50_00}
)
"""A plain cup may take the place of an engraved one."""


def notices(bench: Bench) -> list[str]:
    """What buyers were told, in order."""
    assert bench.shop.effects() == ()
    return [
        payload["notice"]
        for line in bench.shop.storage.content()
        for payload in [_payload(line)]
        if payload is not None and payload["channel"] == "inbox"
    ]


def _payload(line: str) -> dict[str, str] | None:
    row = json.loads(line)
    if row["table"] != "outbox" or row["kind"] != "notify":
        return None
    found: dict[str, str] = json.loads(row["payload"])
    return found


def test_a_buyer_is_asked_with_a_deadline_and_reminded_until_then(bench: Bench) -> None:
    placed = bench.place(lines=ENGRAVED)
    offer = bench.record(placed).open_offer
    assert offer is not None and offer.answer_by is not None
    assert (offer.answer_by - MONDAY).days == 3

    bench.later(days=10)

    kinds = bench.events(placed)
    # After 24 and 48 hours; at 72 the time is over.
    assert kinds.count("offer.reminded") == 2 and kinds.count("buyer.silent") == 1
    told = notices(bench)
    assert told.count("buyer_asked") == 1 and told.count("answer_reminder") == 2


def test_an_answer_ends_reminders_and_deadline(bench: Bench) -> None:
    placed = bench.place(lines=ENGRAVED)
    bench.later(hours=30)
    bench.do(bench.shop.answer_offer(placed, "wait", key="c"))
    bench.later(days=10)

    kinds = bench.events(placed)
    assert kinds.count("offer.reminded") == 1 and "buyer.silent" not in kinds
    assert holds(bench, placed) == ["STOCK_SHORT"]


def test_locks_are_kept_while_the_buyer_thinks(bench: Bench) -> None:
    placed = bench.place(lines=MIXED)

    assert bench.record(placed).lines[1].reserved == 1
    assert bench.free("TEA", "HZ") == 9


def test_the_rule_may_keep_no_locks_or_lock_every_piece(tmp_path: Path) -> None:
    old = "wait_days: 14, on_timeout: ask_buyer, keep_locks: whole_lines"
    free = {}
    for how in ("whole_lines", "all_pieces", "none"):
        folder = tmp_path / how
        folder.mkdir()
        rules = changed(folder, ("allocation.yaml", old, old.replace("whole_lines", how)))
        bench = Bench(folder, rules)
        bench.place(lines=[{"sku": "TEA", "quantity": 1, "unit_price": 10}, *cups(7)])
        free[how] = (bench.free("TEA", "HZ"), bench.free("CUP", "HZ"))
        bench.well()

    assert free == {"whole_lines": (9, 5), "all_pieces": (9, 0), "none": (10, 5)}


def test_lines_may_be_answered_one_by_one(tmp_path: Path) -> None:
    bench = Bench(tmp_path, items=with_items(CUP={"restock_days": None}))
    placed = bench.place(lines=[*ENGRAVED, *cups(7)])
    with pytest.raises(NotOffered, match="the lines 1, 2"):
        bench.shop.answer_offer(placed, lines={1: "cancel_short"}, key="c1")

    answers = {1: "cancel_short", 2: "ship_available"}
    record = bench.do(bench.shop.answer_offer(placed, lines=answers, key="c2"))

    assert record.lines[1].cancelled == 1 and record.lines[2].cancelled == 0
    assert record.refunding == 10_00
    assert record.parcels["P1"].pieces[0].quantity == 5
    assert holds(bench, placed) == ["STOCK_SHORT"]
    bench.well()


def test_a_cheaper_substitute_gives_the_difference_back(tmp_path: Path) -> None:
    bench = Bench(tmp_path, items=REPLACED)
    placed = bench.place(lines=MIXED)

    record = bench.do(bench.shop.answer_offer(placed, "substitute", key="c"))

    assert [(line.sku, line.quantity, line.amount) for line in record.goods] == [
        ("TEA", 1, 10_00), ("ENGRAVED", 0, 0), ("CUP", 2, 60_00),
    ]  # fmt: skip
    # Two engraved cups were paid with 30 each, a plain one costs 25.
    assert record.refunding == 10_00 and record.receivable == 70_00
    assert {piece.sku for p in record.parcels.values() for piece in p.pieces} == {"TEA", "CUP"}
    bench.hand_over(placed)
    bench.later(days=2)
    assert bench.deliver(placed).state is OrderState.SIGNED
    bench.well()


def test_a_substitute_that_was_returned_gives_back_what_is_left(tmp_path: Path) -> None:
    bench = Bench(tmp_path, items=REPLACED)
    placed = bench.place(lines=MIXED)
    bench.do(bench.shop.answer_offer(placed, "substitute", key="c"))

    record = bench.do(bench.shop.cancel(placed, key="x"))

    assert record.state is OrderState.CANCELLED and record.refunded == record.paid == 70_00
    bench.well()


def test_a_dearer_substitute_is_offered_only_as_far_as_the_shop_bears_it(tmp_path: Path) -> None:
    """Five are borne: 30 paid for one engraved cup allows 35, and not a cent more."""
    offered = {}
    for price in (35_00, 35_01):
        items = with_items(ENGRAVED={"substitutes": ("CUP",)}, CUP={"price_minor": price})
        folder = tmp_path / str(price)
        folder.mkdir()
        bench = Bench(folder, items=items)
        placed = bench.place(lines=[{"sku": "ENGRAVED", "quantity": 1, "unit_price": 30}])
        offer = bench.record(placed).open_offer
        offered[price] = offer is not None and "substitute" in offer.lines[0].options
        if offered[price]:
            record = bench.do(bench.shop.answer_offer(placed, "substitute", key="c"))
            assert record.refunds == {} and record.receivable == 30_00
        bench.well()

    assert offered == {35_00: True, 35_01: False}


def test_a_substitute_that_is_not_in_stock_is_not_offered(tmp_path: Path) -> None:
    bench = Bench(tmp_path, items=REPLACED)
    lines = [{"sku": "ENGRAVED", "quantity": 6, "unit_price": 30}]

    offer = bench.record(bench.place(lines=lines)).open_offer

    assert offer is not None and "substitute" not in offer.lines[0].options


def test_who_takes_nothing_of_it_is_passed_to_a_person(bench: Bench) -> None:
    placed = bench.place(lines=ENGRAVED)
    record = bench.do(bench.shop.answer_offer(placed, "decline", key="c"))

    assert holds(bench, placed) == ["SUPERVISOR"] and record.refunds == {}


def test_the_breach_path_refunds_compensates_tells_and_counts(tmp_path: Path) -> None:
    bench = Bench(tmp_path, on_silence(tmp_path, "breach"))
    placed = bench.place(lines=MIXED)

    bench.later(days=4)

    record = bench.record(placed)
    assert record.lines[2].cancelled == 2 and record.refunded == 60_00
    assert record.parcels["P1"].pieces[0].sku == "TEA" and record.breaches == 1
    kinds = bench.events(placed)
    assert kinds.index("contract.breached") < kinds.index("order.lines_cancelled")
    assert "service.compensated" in kinds
    assert "breach" in notices(bench) and "refunded" in notices(bench)
    assert figures.add_up(bench.shop.storage, "teashop").breaches == 1
    bench.well()


def test_an_order_that_is_breached_whole_ends_as_a_breach(tmp_path: Path) -> None:
    bench = Bench(tmp_path, on_silence(tmp_path, "breach"))
    placed = bench.place(lines=ENGRAVED)

    bench.later(days=4)

    record = bench.record(placed)
    assert record.state is OrderState.CANCELLED and record.end_cause == "breach"
    assert record.refunded == record.paid
    bench.well()


def test_law_l7_a_breach_without_compensation_is_held_and_nothing_is_called_off(
    tmp_path: Path,
) -> None:
    old = "on_silence: ask_person, wait_days: 30}"
    rules = changed(
        tmp_path,
        ("allocation.yaml", old, old.replace("ask_person", "breach")),
        (
            "service.yaml",
            "gesture: coupon, coupon: $breach_coupon",
            "gesture: none",
        ),
    )
    bench = Bench(tmp_path, rules)
    placed = bench.place(lines=ENGRAVED)

    bench.later(days=4)

    record = bench.record(placed)
    assert holds(bench, placed) == ["RULE_FAILED"]
    assert record.refunds == {} and record.lines[1].cancelled == 0
    bench.well()


def test_law_l7_a_wait_that_ends_in_a_breach_unasked_is_held(tmp_path: Path) -> None:
    old = "wait_days: 14, on_timeout: ask_buyer"
    rules = changed(tmp_path, ("allocation.yaml", old, old.replace("ask_buyer", "breach")))
    bench = Bench(tmp_path, rules)
    placed = bench.place(lines=cups(7))

    bench.later(days=30)

    record = bench.record(placed)
    assert holds(bench, placed) == ["RULE_FAILED"] and record.lines[1].cancelled == 0
    assert bench.decided(placed)["law.allocation.shortage"] == "breach"
    bench.well()


def test_a_person_who_lifts_the_hold_ends_the_negotiation(bench: Bench) -> None:
    """Nothing that the buyer was asked runs on: no reminder, no default after the deadline."""
    placed = bench.place(lines=ENGRAVED)
    bench.shop.receive_stock("HZ", "ENGRAVED", 1, cause="d1")
    assert holds(bench, placed) == ["CONSENT"]

    bench.do(bench.shop.release(placed, "CONSENT", key="r", by="wang"))
    bench.later(days=5)

    record = bench.record(placed)
    assert record.open_offer is None and record.open_holds == ()
    assert record.state is OrderState.FULFILLING
    assert not {"offer.reminded", "buyer.silent"} & set(bench.events(placed))
