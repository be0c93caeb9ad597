"""A warehouse that does not ship: stock and order follow by rule, and nobody is asked twice."""

from __future__ import annotations

import pytest

from ordinance import UnknownCode
from ordinance.fulfilment import rejection
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import IllegalMove
from ordinance.ports import Movement, MovementKind
from ordinance.stock.standing import Standing
from tests.core.shop import MONDAY, Bench


def rejected(bench: Bench, order: str, parcel: str, reason: str, **more: object) -> OrderRecord:
    return bench.do(
        bench.shop.warehouse_rejected(order, parcel, reason, key=bench.key(), **more)  # type: ignore[arg-type]
    )


def living(record: OrderRecord) -> list[str]:
    return [p.warehouse for p in record.parcels.values() if p.state != "CANCELLED"]


def level(bench: Bench, warehouse: str, sku: str) -> tuple[int, int, int]:
    for found in bench.shop.storage.stock("teashop"):
        if (found.warehouse, found.sku) == (warehouse, sku):
            return found.on_hand, found.reserved, found.quarantine
    return 0, 0, 0


@pytest.mark.parametrize("reason", ["AT_CAPACITY", "CLOSED", "NO_DELIVERY_THERE"])
def test_an_order_that_a_warehouse_rejects_is_sourced_from_another(
    bench: Bench, reason: str
) -> None:
    order = bench.place()

    record = rejected(bench, order, "P1", reason)

    assert living(record) == ["BJ"]
    assert level(bench, "HZ", "TEA") == (10, 0, 0)
    assert "cannot ship it: another one" in bench.shop.explain(order, "allocation.rejected")
    bench.well()


def test_a_warehouse_that_rejected_is_not_asked_again_for_the_same_order(bench: Bench) -> None:
    order, other = bench.place(source_id="A1"), bench.place(source_id="A2")
    rejected(bench, order, "P1", "CLOSED")

    record = rejected(bench, order, "P2", "CLOSED")

    assert living(record) == []
    assert [hold.code for hold in record.open_holds] == ["STOCK_SHORT"]
    assert living(bench.record(other)) == ["HZ"], "another order may still be given to it"
    told = bench.shop.explain(order, "allocation.source")
    assert "it rejected this order before" in told
    bench.well()


def test_without_the_rejection_it_would_be_asked_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Standing, "of", lambda *_: Standing(frozenset(), frozenset()))
    order = bench.place()

    assert living(rejected(bench, order, "P1", "CLOSED")) == ["HZ"], "the planted bug"


def test_a_person_decides_after_the_third_rejection(bench: Bench) -> None:
    order = bench.place()
    for parcel in ("P1", "P2", "P3"):
        record = rejected(bench, order, parcel, "SHORT_PICKED", sku="TEA", pieces=1)

    assert [hold.code for hold in record.open_holds] == ["WAREHOUSE_REJECTED"]
    bench.well()
    bench.do(bench.shop.release(order, "WAREHOUSE_REJECTED", key=bench.key(), by="wang"))
    assert living(bench.record(order)) == ["HZ"]


def test_what_a_warehouse_does_not_have_is_written_off(bench: Bench) -> None:
    order = bench.place()

    record = rejected(bench, order, "P1", "OUT_OF_STOCK", sku="TEA")

    assert level(bench, "HZ", "TEA") == (8, 0, 0)
    assert living(record) == ["BJ"]
    bench.well()


def test_what_is_damaged_goes_into_quarantine(bench: Bench) -> None:
    order = bench.place()

    rejected(bench, order, "P1", "DAMAGED", sku="TEA", pieces=1)

    assert level(bench, "HZ", "TEA") == (9, 0, 1)
    bench.well()


def test_a_blocked_article_is_not_asked_for_there_until_the_block_ends(bench: Bench) -> None:
    rejected(bench, bench.place(source_id="A1"), "P1", "ITEM_BLOCKED", sku="TEA")

    second = bench.record(bench.place(source_id="A2"))
    cup = bench.place(source_id="A3", lines=[{"sku": "CUP", "quantity": 1, "unit_price": "9.00"}])

    assert living(second) == ["BJ"], "for other orders too"
    assert living(bench.record(cup)) == ["HZ"], "but only that article"
    assert [(item.warehouse, item.sku) for item in bench.shop.blocked()] == [("HZ", "TEA")]
    bench.later(hours=72)
    assert living(bench.record(bench.place(source_id="A4"))) == ["HZ"]
    bench.well()


def test_a_person_lifts_a_block(bench: Bench) -> None:
    rejected(bench, bench.place(source_id="A1"), "P1", "ITEM_BLOCKED", sku="TEA")

    assert bench.shop.lift_block("HZ", "TEA", key="lift")
    assert not bench.shop.lift_block("HZ", "TEA", key="lift again")
    assert living(bench.record(bench.place(source_id="A2"))) == ["HZ"]


def test_a_rejected_replacement_is_sent_from_elsewhere(bench: Bench) -> None:
    order = bench.place()
    bench.hand_over(order)
    bench.later(days=1)
    bench.deliver(order, state="DAMAGED")
    replacement = next(p for p in bench.record(order).parcels.values() if p.replaces)

    record = rejected(bench, order, replacement.id, "CLOSED")

    assert replacement.warehouse == "HZ"
    assert living(record)[-1] == "BJ"
    bench.well()


def test_pieces_that_were_set_aside_for_the_channel_can_be_written_off(bench: Bench) -> None:
    with bench.shop.storage.transaction() as tx:
        tx.move(
            Movement(
                "teashop", "HZ", "TEA", MovementKind.SET_ASIDE, 10, MONDAY, "t", "t", pool="web"
            )
        )
    order = bench.place()

    rejected(bench, order, "P1", "OUT_OF_STOCK", sku="TEA")

    assert level(bench, "HZ", "TEA") == (8, 0, 0)
    bench.well()


def test_a_rejection_that_cannot_be_is_refused_whole(bench: Bench) -> None:
    order = bench.place()
    before = list(bench.shop.storage.content())

    for reason, more, error in (
        ("AT_CAPACTY", {}, UnknownCode),
        ("DAMAGED", {}, ValueError),
        ("DAMAGED", {"sku": "CUP"}, ValueError),
        ("DAMAGED", {"sku": "TEA", "pieces": 3}, ValueError),
    ):
        with pytest.raises(error):
            rejected(bench, order, "P1", reason, **more)
    assert list(bench.shop.storage.content()) == before
    bench.hand_over(order)
    with pytest.raises(IllegalMove):
        rejected(bench, order, "P1", "CLOSED")


def test_a_rejection_that_keeps_the_stock_reserved_is_caught(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = bench.place()
    monkeypatch.setattr(rejection, "call_back", lambda change, desk, parcel: None)
    rejected(bench, order, "P1", "CLOSED")

    assert living(bench.record(order)) == ["HZ"], "the planted bug: nobody looked elsewhere"
