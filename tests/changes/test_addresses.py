"""Another address: by how far the order is, and sourced anew only when the ranking says so."""

from __future__ import annotations

from typing import Any

import pytest

from ordinance import InvalidOrder
from ordinance.orders.record import OrderRecord
from ordinance.ports import MovementKind
from ordinance.service import address
from ordinance.stock.sourcing import Sourced
from tests.changes.test_rejections import level, living
from tests.core.shop import Bench, order

HOME = order()["receiver"]
NEXT_DOOR = {**HOME, "address": "文一路2号"}
BEIJING = {
    **HOME,
    "region": "110101",
    "address": "东长安街1号",
    "latitude": 39.90,
    "longitude": 116.40,
}


def moved(bench: Bench, order_id: str, receiver: dict[str, Any]) -> OrderRecord:
    return bench.do(bench.shop.change_address(order_id, receiver, key=bench.key()))


def waybills(record: OrderRecord) -> list[str | None]:
    return [parcel.waybill for parcel in record.parcels.values() if parcel.state != "CANCELLED"]


def person(bench: Bench, order_id: str) -> str:
    with bench.shop.storage.transaction() as tx:
        return tx.person("teashop", bench.record(order_id).person) or ""


def test_a_near_address_is_changed_and_nothing_is_sourced_anew(bench: Bench) -> None:
    placed = bench.place()
    before = bench.record(placed)
    booked = list(bench.shop.storage.movements("teashop"))

    record = moved(bench, placed, NEXT_DOOR)

    assert living(record) == ["HZ"]
    assert list(bench.shop.storage.movements("teashop")) == booked, "the reservation stays"
    assert record.lines == before.lines and record.ship_by == before.ship_by
    assert waybills(record) != waybills(before), "it is labelled anew"
    assert "文一路2号" in person(bench, placed) and "文一路1号" not in person(bench, placed)
    assert not any(
        "文一路" in event.data + event.changes
        for event in bench.shop.storage.events("teashop", placed)
    ), "no address in the history"
    bench.well()


def test_a_far_address_is_shipped_from_a_nearer_warehouse(bench: Bench) -> None:
    placed = bench.place()
    promised = bench.record(placed).ship_by

    record = moved(bench, placed, BEIJING)

    assert living(record) == ["BJ"]
    assert (record.region, record.ship_by) == ("110101", promised)
    assert (level(bench, "HZ", "TEA"), level(bench, "BJ", "TEA")) == ((10, 0, 0), (10, 2, 0))
    bench.well()


def test_an_order_keeps_its_last_pieces_when_it_moves(bench: Bench) -> None:
    placed = bench.place(lines=[{"sku": "CUP", "quantity": 5, "unit_price": "1.00"}])

    record = moved(bench, placed, BEIJING)

    assert living(record) == ["HZ"], "no other warehouse has any"
    assert not record.open_holds


def test_without_counting_its_own_pieces_it_would_lose_them(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = address.sourcing.find

    def forgets(change: Any, desk: Any, wanted: Any, mine: Any = None) -> Sourced:
        return Sourced((), None) if mine else find(change, desk, wanted)

    monkeypatch.setattr(address.sourcing, "find", forgets)
    placed = bench.place(lines=[{"sku": "CUP", "quantity": 5, "unit_price": "1.00"}])
    moved(bench, placed, NEXT_DOOR)
    kinds = [entry.kind for entry in bench.shop.storage.movements("teashop", placed)]

    assert MovementKind.RELEASED in kinds, "the planted bug"


def test_what_has_left_can_be_forwarded_and_is_not_changed(bench: Bench) -> None:
    placed = bench.place()
    before = bench.hand_over(placed)
    known = person(bench, placed)

    record = moved(bench, placed, BEIJING)

    assert (record.region, living(record)) == (before.region, living(before))
    assert person(bench, placed) == known
    assert "the carrier can forward it" in bench.shop.explain(placed, "service.address")
    assert bench.decided(placed)["service.address"] == "forward"
    bench.well()


@pytest.mark.parametrize(
    "wrong",
    [{"address": " "}, {"phone": "12"}, {"region": "33"}],
    ids=["no street", "no phone", "no district"],
)
def test_an_address_that_cannot_be_used_is_refused(bench: Bench, wrong: dict[str, Any]) -> None:
    placed = bench.place()
    known = person(bench, placed)

    moved(bench, placed, {**HOME, **wrong})

    assert bench.decided(placed)["service.address"] == "refuse"
    assert person(bench, placed) == known


def test_an_address_that_cannot_be_read_is_told(bench: Bench) -> None:
    with pytest.raises(InvalidOrder, match="latitude"):
        moved(bench, bench.place(), {**HOME, "latitude": 91})


def test_an_order_that_was_parked_for_its_address_goes_on(bench: Bench) -> None:
    placed = bench.place(receiver={**HOME, "address": ""})
    assert [hold.code for hold in bench.record(placed).open_holds] == ["ADDRESS_INCOMPLETE"]

    record = moved(bench, placed, HOME)

    assert not record.open_holds and living(record) == ["HZ"]
    assert bench.events(placed).count("order.checked") == 2, "checked again"
    bench.well()


def test_it_is_changed_three_times_at_most(bench: Bench) -> None:
    placed = bench.place()
    for _ in range(4):
        moved(bench, placed, NEXT_DOOR)
    answers = [
        item.outcome
        for item in bench.shop.storage.decisions("teashop", placed)
        if item.point == "service.address"
    ]

    assert answers == ["intercept"] * 3 + ["refuse"]
    assert bench.record(placed).address_changes == 3


def test_a_finished_order_has_no_other_address(bench: Bench) -> None:
    placed = bench.place()
    bench.do(bench.shop.cancel(placed, key=bench.key()))

    moved(bench, placed, BEIJING)

    assert bench.events(placed)[-1] == "address.too_late"
