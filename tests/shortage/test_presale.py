"""Presale: a day by which it ships, a cap that holds, and an order like any other afterwards."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

from ordinance.audit.doctor import check
from ordinance.orders.states import OrderState
from ordinance_adapters.sql import queues
from tests.core.shop import Bench
from tests.shortage.scenes import at, holds, with_items
from tests.stores import open_storage
from tests.tampering import tampered

NEW = with_items(ENGRAVED={"presale_by": date(2026, 3, 20), "presale_cap": 5})
"""An article that ships by the 20th, at most five pieces of which are sold before."""


def presale(count: int = 2) -> list[dict[str, Any]]:
    return [{"sku": "ENGRAVED", "quantity": count, "unit_price": 10}]


@pytest.fixture
def shop(tmp_path: Path) -> Bench:
    return Bench(tmp_path, items=NEW)


def test_st05_the_promise_of_a_presale_is_its_day(shop: Bench) -> None:
    placed = shop.place(lines=presale(), type="presale")

    assert holds(shop, placed) == ["PRESALE"]
    assert shop.record(placed).ship_by == at(21, 0)
    shop.well()


def test_after_its_day_an_article_is_no_presale_any_more(tmp_path: Path) -> None:
    items = with_items(ENGRAVED={"presale_by": date(2026, 3, 1), "presale_cap": 5})
    bench = Bench(tmp_path, items=items, stock={("HZ", "ENGRAVED"): 1})
    there = bench.place(source_id="A1", lines=presale(1))
    short = bench.place(source_id="A2", lines=presale(1))

    assert bench.record(there).ship_by == at(4, 10)
    assert holds(bench, short) == ["CONSENT"]
    bench.well()


def test_the_day_may_come_with_the_order(bench: Bench) -> None:
    lines = [{"sku": "ENGRAVED", "quantity": 1, "unit_price": 10, "presale_by": "2026-03-10"}]
    placed = bench.place(lines=lines)

    assert holds(bench, placed) == ["PRESALE"]
    assert bench.record(placed).ship_by == at(11, 0)


def test_what_is_in_stock_ships_before_the_presale(shop: Bench) -> None:
    placed = shop.place(lines=[{"sku": "TEA", "quantity": 1, "unit_price": 10}, *presale()])

    assert [piece.sku for piece in shop.record(placed).parcels["P1"].pieces] == ["TEA"]
    assert holds(shop, placed) == ["PRESALE"]
    shop.well()


def test_a_presale_becomes_an_order_like_any_other_when_the_goods_come(shop: Bench) -> None:
    placed = shop.place(lines=presale(), type="presale")
    shop.later(days=10)
    shop.shop.receive_stock("HZ", "ENGRAVED", 2, cause="d1")

    record = shop.record(placed)
    assert record.type == "normal" and record.state is OrderState.FULFILLING
    assert "presale.converted" in shop.events(placed) and record.ship_by == at(21, 0)
    shop.well()


def test_goods_that_do_not_come_by_the_day_are_asked_about(shop: Bench) -> None:
    placed = shop.place(lines=presale())
    shop.later(days=18)
    assert holds(shop, placed) == ["PRESALE"]

    shop.later(days=1)

    assert holds(shop, placed) == ["CONSENT"]
    assert shop.record(placed).refunds == {}
    shop.well()


def cap_holds(folder: Path) -> None:
    bench = Bench(folder, items=NEW)
    placed = [bench.place(source_id=f"A{number}", lines=presale(2)) for number in range(3)]

    assert [holds(bench, order) for order in placed] == [["PRESALE"], ["PRESALE"], ["CONSENT"]]
    assert [(one.taken, one.cap) for one in bench.shop.storage.presold("teashop")] == [(4, 5)]
    bench.well()


def test_no_more_is_presold_than_the_cap(tmp_path: Path) -> None:
    cap_holds(tmp_path)


def test_a_presale_without_a_cap_check_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "_PRESELL", queues._PRESELL.replace("?4", "(?4 + 1000)"))

    with pytest.raises(AssertionError):
        cap_holds(tmp_path)


def test_what_is_called_off_goes_back_to_the_presale(shop: Bench) -> None:
    first = shop.place(source_id="A1", lines=presale(5))
    shop.do(shop.shop.cancel(first, key="x1", pieces=[("ENGRAVED", 2)]))
    assert [one.taken for one in shop.shop.storage.presold("teashop")] == [3]
    second = shop.place(source_id="A2", lines=presale(2))
    assert holds(shop, second) == ["PRESALE"]

    shop.do(shop.shop.cancel(first, key="x2"))

    assert [one.taken for one in shop.shop.storage.presold("teashop")] == [2]
    shop.well()


def test_a_cap_over_two_lines_is_all_or_nothing(shop: Bench) -> None:
    placed = shop.place(lines=[*presale(3), *presale(3)])

    assert holds(shop, placed) == ["CONSENT"]
    assert [one.taken for one in shop.shop.storage.presold("teashop")] == [0]
    shop.well()


def test_many_at_once_never_presell_more_than_the_cap(tmp_path: Path) -> None:
    """Four connections, forty attempts, a cap of seven."""
    open_storage(tmp_path / "shop.db").close()
    start, won = Barrier(4), []

    def buy(number: int) -> None:
        storage = open_storage(tmp_path / "shop.db")
        start.wait()
        for _ in range(10):
            with storage.transaction() as tx:
                if tx.presell("teashop", "NEW", 1, 7):
                    won.append(number)
        storage.close()

    threads = [Thread(target=buy, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    storage = open_storage(tmp_path / "shop.db")
    assert len(won) == 7 and [one.taken for one in storage.presold("teashop")] == [7]
    storage.close()


def test_the_doctor_finds_a_counter_that_is_not_what_was_presold(
    shop: Bench, tmp_path: Path
) -> None:
    shop.place(lines=presale())
    tampered(tmp_path / "shop.db", "UPDATE presold SET taken = 3")

    (found,) = check(shop.shop.storage, "teashop")

    assert found.invariant == "I20" and "3 pieces are counted as presold" in found.text
