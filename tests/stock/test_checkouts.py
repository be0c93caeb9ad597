"""Reservations of a checkout: held for a time, taken over by the order, released when they end."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ordinance import KeyReused, OutOfStock
from ordinance.audit.doctor import check
from ordinance.inventory import MovementKind, Reservation
from ordinance.profile import Item
from ordinance.stock.checkout import TokenTaken
from ordinance.stock.stockroom import Slip
from tests.core.shop import ITEMS, MONDAY, Bench, order, payment

LATER = MONDAY + timedelta(minutes=14)
TOO_LATE = MONDAY + timedelta(minutes=15)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def slip(key: str) -> Slip:
    return Slip(key, MONDAY, "lan")


def available(bench: Bench, sku: str = "TEA") -> dict[str, int]:
    return {
        level.warehouse: level.available
        for level in bench.shop.storage.stock("teashop")
        if level.sku == sku
    }


def held(bench: Bench, token: str = "cart") -> list[tuple[str, str, int]]:
    return [(one.warehouse, one.sku, one.pieces) for one in bench.shop.reserved(token)]


def sound(bench: Bench) -> None:
    assert check(bench.shop.storage, "teashop") == []


def place(bench: Bench, now: datetime, source_id: str = "A1", **changes: object) -> str:
    receipt = bench.shop.place(order(source_id, **changes), reservation="cart", now=now)
    return receipt.order


def kinds(bench: Bench, order_id: str) -> list[str]:
    return [event.kind for event in bench.shop.storage.events("teashop", order_id)]


def test_a_checkout_holds_pieces_that_nobody_else_can_have(bench: Bench) -> None:
    bench.shop.reserve("cart", {"TEA": 8}, key="r1", now=MONDAY)

    assert held(bench) == [("HZ", "TEA", 8)]
    assert bench.shop.reserved("cart")[0].expires_at == TOO_LATE
    assert available(bench) == {"HZ": 2, "BJ": 10}
    with pytest.raises(OutOfStock, match=r"`TEA` in all warehouses: 13 wanted .*, 12 there"):
        bench.shop.reserve("other", {"TEA": 13}, key="r2", now=MONDAY)
    sound(bench)


def test_an_order_takes_over_what_its_checkout_holds_even_the_last_piece(bench: Bench) -> None:
    bench.shop.reserve("cart", {"TEA": 20}, key="r1", now=MONDAY)
    lines = [{"sku": "TEA", "quantity": 20, "unit_price": "5.00"}]
    taken = place(bench, LATER, lines=lines)
    record = bench.shop.record(taken)

    assert kinds(bench, taken)[1:3] == ["payment.received", "checkout.taken_over"]
    assert record.lines[1].held_at == {"HZ": 10, "BJ": 10}
    assert record.checkout is None
    assert held(bench) == []
    assert available(bench) == {"HZ": 0, "BJ": 0}
    sound(bench)


def test_the_order_may_be_sourced_elsewhere_and_what_it_left_is_free_again(bench: Bench) -> None:
    # The till takes the preferred warehouse; the rules take the one that is near.
    bench.shop.reserve("cart", {"TEA": 2}, key="r1", now=MONDAY)
    beijing = {**order()["receiver"], "region": "110105", "latitude": 39.92, "longitude": 116.44}
    taken = place(bench, LATER, receiver=beijing)

    assert bench.shop.record(taken).lines[1].held_at == {"BJ": 2}
    assert "checkout.finished" in kinds(bench, taken)
    assert available(bench) == {"HZ": 10, "BJ": 8}
    sound(bench)


def test_an_expired_reservation_is_not_honoured_but_the_order_competes_normally(
    bench: Bench,
) -> None:
    bench.shop.reserve("cart", {"TEA": 2}, key="r1", now=MONDAY)
    taken = place(bench, TOO_LATE)

    assert "checkout.not_honoured" in kinds(bench, taken)
    assert bench.shop.record(taken).lines[1].held_at == {"HZ": 2}
    assert available(bench) == {"HZ": 8, "BJ": 10}
    sound(bench)


@pytest.mark.parametrize("pump_first", [True, False])
@pytest.mark.parametrize("now", [LATER, TOO_LATE])
def test_expiry_and_order_race_to_the_same_end_whoever_comes_first(
    bench: Bench, now: datetime, pump_first: bool
) -> None:
    bench.shop.reserve("cart", {"TEA": 10}, key="r1", now=MONDAY)
    if pump_first:
        bench.pump.work(now)
    taken = place(bench, now)
    bench.pump.work(now)
    bench.pump.work(now + timedelta(days=1))

    honoured = "checkout.taken_over" in kinds(bench, taken)
    assert honoured == (now < TOO_LATE)
    assert bench.shop.record(taken).lines[1].held_at == {"HZ": 2}
    assert available(bench) == {"HZ": 8, "BJ": 10}
    assert bench.shop.storage.all_reservations("teashop") == [
        Reservation(taken, "TEA", "HZ", "", 2)
    ]
    sound(bench)


def test_an_unpaid_order_keeps_the_pieces_past_the_hour_of_its_checkout(bench: Bench) -> None:
    bench.shop.reserve("cart", {"TEA": 20}, key="r1", now=MONDAY)
    lines = [{"sku": "TEA", "quantity": 20, "unit_price": "5.00"}]
    taken = place(bench, LATER, lines=lines, payments=[])
    bench.pump.work(TOO_LATE)
    rival = bench.shop.place(order("B1"), now=TOO_LATE).order
    bench.shop.pay(taken, _payment("T1", "100.00"), key="p1", now=TOO_LATE + timedelta(minutes=1))

    assert bench.shop.record(taken).lines[1].held_at == {"HZ": 10, "BJ": 10}
    assert bench.shop.record(rival).lines[1].held_at == {}
    sound(bench)


def test_an_order_that_is_never_paid_gives_the_pieces_back(bench: Bench) -> None:
    bench.shop.reserve("cart", {"TEA": 20}, key="r1", now=MONDAY)
    taken = place(bench, LATER, payments=[])
    bench.pump.work(MONDAY + timedelta(days=9))

    assert bench.shop.record(taken).end_cause == "unpaid"
    assert available(bench) == {"HZ": 10, "BJ": 10}
    sound(bench)


def test_two_orders_with_one_token_cannot_both_have_it(bench: Bench) -> None:
    bench.shop.reserve("cart", {"TEA": 20}, key="r1", now=MONDAY)
    first = place(bench, LATER, payments=[])
    second = place(bench, LATER, "A2")

    assert "checkout.taken_over" in kinds(bench, first)
    assert "checkout.not_honoured" in kinds(bench, second)
    assert bench.shop.record(second).lines[1].held_at == {}
    with pytest.raises(TokenTaken, match="use a new token"):
        bench.shop.reserve("cart", {"TEA": 1}, key="r2", now=LATER)
    assert bench.shop.release_reservation("cart") == 0
    sound(bench)


def test_a_changed_cart_is_exchanged_without_putting_its_pieces_up(bench: Bench) -> None:
    bench.shop.reserve("cart", {"TEA": 10, "CUP": 1}, key="r1", now=MONDAY)
    # From now on nothing may be promised in Hangzhou; what the cart holds stays promised.
    bench.shop.stockroom.hold_back("HZ", "TEA", 10, slip("s1"))
    bench.shop.reserve("cart", {"TEA": 10}, key="r2", now=MONDAY)
    with pytest.raises(OutOfStock):
        bench.shop.reserve("cart", {"TEA": 21}, key="r3", now=MONDAY)

    assert held(bench) == [("HZ", "TEA", 10)]
    assert available(bench, "CUP") == {"HZ": 5}
    sound(bench)


def test_a_reservation_is_made_once_per_key(bench: Bench) -> None:
    for _ in range(3):
        bench.shop.reserve("cart", {"TEA": 3}, key="r1", now=MONDAY)
    with pytest.raises(KeyReused):
        bench.shop.reserve("cart", {"TEA": 4}, key="r1", now=MONDAY)

    assert held(bench) == [("HZ", "TEA", 3)]
    assert len(list(bench.shop.storage.movements("teashop"))) == 5


def test_releasing_a_checkout_frees_all_of_it_and_again_frees_nothing(bench: Bench) -> None:
    bench.shop.reserve("cart", {"TEA": 15}, key="r1", now=MONDAY)

    assert bench.shop.release_reservation("cart", now=LATER) == 15
    assert bench.shop.release_reservation("cart", now=LATER) == 0
    assert available(bench) == {"HZ": 10, "BJ": 10}
    sound(bench)


def test_bundles_that_share_a_piece_are_held_against_the_same_shelf(tmp_path: Path) -> None:
    items = {
        **ITEMS,
        "SET": Item("SET", "套装", bundle=(("TEA", 2), ("CUP", 1))),
        "DUO": Item("DUO", "双杯", bundle=(("CUP", 2),)),
    }
    bench = Bench(tmp_path, items=items)
    with pytest.raises(OutOfStock) as refused:
        bench.shop.reserve("cart", {"SET": 4, "DUO": 1, "TEA": 13}, key="r1", now=MONDAY)

    assert [(one.sku, one.wanted, one.available) for one in refused.value.lacks] == [
        ("CUP", 6, 5),
        ("TEA", 21, 20),
    ]
    assert held(bench) == []
    bench.shop.reserve("cart", {"SET": 3, "DUO": 1, "CARD": 2}, key="r2", now=MONDAY)
    assert held(bench) == [("HZ", "CUP", 5), ("HZ", "TEA", 6)]
    sound(bench)


def test_a_channel_sells_what_is_set_aside_for_it_first_and_nobody_else_can(bench: Bench) -> None:
    bench.shop.stockroom.set_aside("HZ", "TEA", 6, "live", slip("s1"))
    bench.shop.stockroom.set_aside("BJ", "TEA", 10, "live", slip("s2"))
    with pytest.raises(OutOfStock, match=r"5 wanted .*, 4 there"):
        bench.shop.reserve("web", {"TEA": 5}, channel="web", key="r1", now=MONDAY)
    bench.shop.reserve("cart", {"TEA": 7}, channel="live", key="r2", now=MONDAY)

    assert [(one.pool, one.pieces) for one in bench.shop.reserved("cart")] == [("", 1), ("live", 6)]
    taken = place(bench, LATER, channel="live")
    moves = [
        (one.kind, one.pool, one.quantity) for one in bench.shop.storage.movements("teashop", taken)
    ]
    assert moves == [(MovementKind.RESERVED, "", 1), (MovementKind.RESERVED, "live", 1)]
    sound(bench)
    # What the order did not need went back to the pool that it came from.
    pools = bench.shop.storage.pools("teashop")
    assert [(one.warehouse, one.pieces) for one in pools] == [("BJ", 10), ("HZ", 5)]


def _payment(transaction: str, amount: str) -> object:
    from ordinance.orders.order import Payment

    return Payment.model_validate(payment(transaction, amount))


def test_an_order_that_comes_twice_takes_its_checkout_over_once(bench: Bench) -> None:
    bench.shop.reserve("cart", {"TEA": 3}, key="r1", now=MONDAY)
    first = bench.shop.place(order(), reservation="cart", now=LATER)
    again = bench.shop.place(order(), reservation="cart", now=TOO_LATE)

    assert (again.repeated, again.order) == (True, first.order)
    with pytest.raises(KeyReused):
        bench.shop.place(order(), reservation="another", now=LATER)
    assert available(bench) == {"HZ": 8, "BJ": 10}
    sound(bench)


def test_the_timeline_tells_what_became_of_the_checkout(bench: Bench) -> None:
    bench.shop.reserve("cart", {"TEA": 3}, key="r1", now=MONDAY)
    taken, late = place(bench, LATER), place(bench, TOO_LATE, "A2")

    assert "接管结账时锁定的 3 件" in bench.shop.timeline(taken, "zh")
    assert "the checkout is done, 1 pieces released" in bench.shop.timeline(taken, "en")
    assert "结账锁定无效: 已过期或不存在" in bench.shop.timeline(late, "zh")
