"""An import of many orders: batches by itself, all or nothing for each order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ordinance.oms import Shop
from ordinance.orders.change import Change
from ordinance.orders.intake import RefusedOrder
from ordinance.shop import imports
from ordinance.stock import sourcing
from ordinance_adapters.clock import SystemClock
from ordinance_adapters.identity import SeededIds
from tests.core.shop import MONDAY, order, payment, profile, shipped_rules
from tests.stores import open_storage, sqlite_alone


class Broken(Exception):
    """A defect in the middle of an order."""


def _shop(path: Path) -> Shop:
    made = Shop(open_storage(path), profile(), shipped_rules(), SystemClock(), SeededIds(1))
    made.open_stock(MONDAY)
    return made


def _orders() -> list[dict[str, object]]:
    unreadable = {**order("A2"), "lines": "none"}
    below_nothing = order(
        "A4", lines=[{"sku": "TEA", "quantity": 1, "unit_price": "5", "discount": "50"}]
    )
    other_content = order("A1", payments=[payment("T-A1", "1.00")])
    return [
        order("A1"),
        unreadable,
        order("A3"),
        below_nothing,
        other_content,
        order("late"),
        order("A5"),
    ]


def test_an_order_that_cannot_be_taken_in_leaves_the_others_stored_and_itself_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sourcing, "find", _refusing("late"))
    with _shop(tmp_path / "alone.db") as alone, _shop(tmp_path / "all.db") as together:
        for good in (order("A1"), order("A3"), order("A5")):
            alone.place(good, now=MONDAY)
        taken = list(together.place_many(_orders(), now=MONDAY))
        stored = [one.receipt is not None for one in taken]
        assert stored == [True, False, True, False, False, False, True]
        assert "lines" in (taken[1].problem or "")
        assert "less than nothing" in (taken[3].problem or "")
        assert "used before" in (taken[4].problem or "")
        assert taken[5].problem == "late"
        # Nothing at all of the others, in any table.
        assert list(together.storage.content()) == list(alone.storage.content())


@sqlite_alone
@pytest.mark.parametrize("count, batch, commits", [(5, 2, 3), (4, 2, 2), (0, 2, 0)])
def test_so_many_orders_share_one_commit(
    count: int, batch: int, commits: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "BATCH", batch)
    with _shop(tmp_path / "shop.db") as shop:
        seen = _commits(shop)
        taken = list(shop.place_many([order(f"B{number}") for number in range(count)], now=MONDAY))
        assert len(taken) == count
        assert seen() == commits


def test_importing_again_after_a_defect_goes_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [order(f"C{number}") for number in range(5)]
    monkeypatch.setattr(imports, "BATCH", 2)
    with _shop(tmp_path / "shop.db") as shop, _shop(tmp_path / "whole.db") as whole:
        list(whole.place_many(orders, now=MONDAY))
        with monkeypatch.context() as broken:
            real, calls = sourcing.find, iter(range(9))

            def fails_once(*given: object) -> object:
                if next(calls) == 3:
                    raise Broken
                return real(*given)  # type: ignore[arg-type]

            broken.setattr(sourcing, "find", fails_once)
            with pytest.raises(Broken):
                list(shop.place_many(orders, now=MONDAY))
        assert len(list(shop.storage.orders("teashop"))) == 2
        again = [one.receipt.repeated for one in shop.place_many(orders, now=MONDAY) if one.receipt]
        assert again == [True, True, False, False, False]
        assert list(shop.storage.content()) == list(whole.storage.content())


def _refusing(source_id: str) -> Callable[..., object]:
    """Sourcing that refuses one order when its person, payment and events are written already."""
    real = sourcing.find

    def find(change: Change, *given: object) -> object:
        if change.record.source_id == source_id:
            raise RefusedOrder(source_id)
        return real(change, *given)  # type: ignore[arg-type]

    return find


def _commits(shop: Shop) -> Callable[[], int]:
    """How many commits the store has made since now."""
    made: list[str] = []
    shop.storage._writer.connection.set_trace_callback(  # type: ignore[attr-defined]
        lambda sql: made.append(sql) if sql == "COMMIT" else None
    )
    return lambda: len(made)
