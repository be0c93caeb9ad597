"""Replenishment: no piece is promised twice, and what nobody knows is not guessed."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from ordinance.ports import KeyReused
from ordinance.stock.purchasing import WrongPurchase
from ordinance.stock.replenishment import Supply, expected_on, lead_date
from ordinance_adapters.sql.transaction import SqlTransaction
from ordinance_adapters.workdaytable import known_calendar
from tests.core.shop import ITEMS, Bench
from tests.shortage.scenes import cups, nth, rule_of, with_items

TODAY = date(2026, 3, 2)


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def served_in_turn(demands: list[int], free: int, incoming: list[tuple[date, int]]) -> list[date]:
    """When each of a queue is served, found by handing out piece after piece as it comes."""
    pieces = [TODAY] * free
    for at, count in sorted(incoming):
        pieces += [at] * count
    served = []
    for wanted in demands:
        mine, pieces = pieces[:wanted], pieces[wanted:]
        served.append(max(mine) if len(mine) == wanted else date.max)
    return served


def differences(estimate: object, *, rounds: int = 300) -> int:
    """How often an estimate differs from handing out piece after piece."""
    seed = 20260302
    luck = random.Random(seed)
    wrong = 0
    for _ in range(rounds):
        demands = [luck.randint(1, 5) for _ in range(luck.randint(1, 5))]
        free = luck.randint(0, 4)
        incoming = [
            (day(luck.randint(1, 9)), luck.randint(1, 6)) for _ in range(luck.randint(0, 4))
        ]
        supply = Supply(free, incoming, None)
        told = [
            estimate(wanted, sum(demands[:place]), supply, TODAY) or date.max  # type: ignore[operator]
            for place, wanted in enumerate(demands)
        ]
        wrong += told != served_in_turn(demands, free, incoming)
    print(f"seed {seed}")
    return wrong


def test_the_estimate_is_what_handing_out_in_turn_comes_to() -> None:
    assert differences(expected_on) == 0


def test_an_estimate_that_ignores_the_demand_ahead_is_caught() -> None:
    def careless(pieces: int, ahead: int, supply: Supply, today: date) -> date | None:
        return expected_on(pieces, 0, supply, today)

    assert differences(careless) > 100


def test_what_is_not_on_its_way_has_to_be_ordered_anew() -> None:
    supply = Supply(0, [(day(2), 3)], day(10))

    assert expected_on(3, 0, supply, TODAY) == day(2)
    assert expected_on(4, 0, supply, TODAY) == day(10)
    assert expected_on(1, 3, supply, TODAY) == day(10)


def test_a_lead_time_in_working_days_needs_a_calendar_that_knows_the_year() -> None:
    item = with_items(CUP={"restock_days": None, "restock_workdays": 3})["CUP"]
    china = known_calendar("cn")

    assert lead_date(item, date(2025, 9, 30), china) == date(2025, 10, 11)
    assert lead_date(item, date(2026, 12, 31), china) is None
    assert lead_date(item, TODAY, None) is None
    assert lead_date(ITEMS["CUP"], TODAY, None) == day(2)
    assert lead_date(None, TODAY, china) is None


def second_is_not_promised_the_firsts_pieces(folder: Path) -> None:
    """Seven cups are wanted twice, five are there; the incoming two serve the first one only."""
    bench = Bench(folder, items=with_items(CUP={"restock_days": None}))
    bench.shop.expect_stock("PO-1", "HZ", "CUP", 2, key="e1", expected=day(3))
    first = bench.place(**nth(1), lines=cups(7))
    second = bench.place(**nth(2), lines=cups(7))

    assert "S3" in rule_of(bench, first, "allocation.shortage")
    # Nobody knows when it is served: the buyer is asked.
    assert bench.decided(second)["allocation.shortage"].startswith("ask_buyer")
    bench.well()


def test_the_second_waiting_order_is_not_promised_the_same_pieces(tmp_path: Path) -> None:
    second_is_not_promised_the_firsts_pieces(tmp_path)


def test_a_shop_that_ignores_who_waits_ahead_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SqlTransaction, "pieces_ahead", lambda self, place: 0)

    with pytest.raises(AssertionError):
        second_is_not_promised_the_firsts_pieces(tmp_path)


def test_goods_against_a_purchase_order_are_no_longer_expected(bench: Bench) -> None:
    bench.shop.expect_stock("PO-1", "HZ", "CUP", 10, key="e1", supplier="ACME", expected=day(3))
    bench.shop.receive_stock("HZ", "CUP", 4, cause="d1", purchase="PO-1")
    bench.shop.receive_stock("HZ", "CUP", 4, cause="d1", purchase="PO-1")

    (order,) = bench.shop.storage.purchases("teashop")
    assert (order.received, order.open, order.supplier) == (4, 6, "ACME")


def test_a_delivery_under_a_known_cause_is_taken_once_and_another_one_refused(
    bench: Bench,
) -> None:
    bench.shop.receive_stock("HZ", "CUP", 4, cause="d1")
    assert bench.shop.receive_stock("HZ", "CUP", 4, cause="d1") == ()
    for other in (("HZ", "CUP", 5), ("HZ", "TEA", 4), ("BJ", "CUP", 4)):
        with pytest.raises(KeyReused, match="`d1` was used before with another content"):
            bench.shop.receive_stock(*other, cause="d1")

    assert (bench.free("CUP", "HZ"), bench.free("CUP", "BJ"), bench.free("TEA", "HZ")) == (9, 0, 10)


def test_a_purchase_order_may_be_changed_and_closed(bench: Bench) -> None:
    bench.shop.expect_stock("PO-1", "HZ", "CUP", 10, key="e1")
    bench.shop.receive_stock("HZ", "CUP", 4, cause="d1", purchase="PO-1")
    closed = bench.shop.expect_stock("PO-1", "HZ", "CUP", 4, key="e2")

    # Without a day it is the lead time from the day of ordering.
    assert (closed.open, closed.expected) == (0, day(2))


def test_what_cannot_be_expected_is_refused(bench: Bench) -> None:
    with pytest.raises(WrongPurchase, match="warehouse"):
        bench.shop.expect_stock("PO-1", "MOON", "CUP", 1, key="e1")
    with pytest.raises(WrongPurchase, match="below zero"):
        bench.shop.expect_stock("PO-1", "HZ", "CUP", -1, key="e2")
    with pytest.raises(WrongPurchase, match="PO-9"):
        bench.shop.receive_stock("HZ", "CUP", 1, cause="d1", purchase="PO-9")
    assert bench.free("CUP", "HZ") == 5


def test_an_overdue_purchase_order_promises_nothing(tmp_path: Path) -> None:
    bench = Bench(tmp_path, items=with_items(CUP={"restock_days": None}))
    bench.shop.expect_stock("PO-1", "HZ", "CUP", 9, key="e1", expected=day(-1))

    placed = bench.place(lines=cups(7))

    assert bench.decided(placed)["allocation.shortage"].startswith("ask_buyer")
    bench.well()
