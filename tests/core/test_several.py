"""A command on several orders: all of them are stored together, or none is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ordinance import KeyReused
from ordinance.orders.desk import hold, release
from ordinance.several import Several, UnknownOrder
from tests.core.shop import MONDAY, Bench


def _on_many(bench: Bench, key: str, do: Any, body: Mapping[str, Any] | None = None) -> Any:
    return bench.shop._runner.run_on_many(key, body or {}, do, now=MONDAY, actor="test")


def test_two_orders_change_in_one_transaction_and_each_goes_on(bench: Bench) -> None:
    first, second = bench.place(source_id="A1"), bench.place(source_id="A2")

    def park(several: Several) -> dict[str, Any]:
        for order in (first, second):
            several.on(order, lambda change, desk: hold(change, "SUPERVISOR", "test"))
        return {"parked": 2}

    outcome = _on_many(bench, "park", park)

    assert outcome.told == {"parked": 2}
    assert [receipt.order for receipt in outcome.orders] == [first, second]
    for order in (first, second):
        assert [item.code for item in bench.record(order).open_holds] == ["SUPERVISOR"]

    def lift(several: Several) -> None:
        release(several.open(second), "SUPERVISOR")
        assert several.open(second) is several.open(second)
        several.open(first)

    outcome = _on_many(bench, "lift", lift)

    assert [receipt.order for receipt in outcome.orders] == [second], (
        "nothing happened to the first"
    )
    bench.well()


def test_a_command_on_several_orders_that_is_refused_stores_nothing(bench: Bench) -> None:
    first = bench.place(source_id="A1")
    before = list(bench.shop.storage.content())

    def park(several: Several) -> None:
        several.on(first, lambda change, desk: hold(change, "SUPERVISOR", "test"))
        several.open("nobody")

    with pytest.raises(UnknownOrder):
        _on_many(bench, "park", park)

    assert list(bench.shop.storage.content()) == before


def test_a_command_on_several_orders_is_done_once_under_its_key(bench: Bench) -> None:
    first = bench.place(source_id="A1")
    runs = []

    def park(several: Several) -> dict[str, Any]:
        runs.append(1)
        several.on(first, lambda change, desk: hold(change, "SUPERVISOR", "test"))
        return {"parked": 1}

    once = _on_many(bench, "park", park)
    again = _on_many(bench, "park", park)

    assert len(runs) == 1
    assert (again.told, again.repeated, once.repeated) == (once.told, True, False)
    assert again.orders[0].repeated
    with pytest.raises(KeyReused):
        _on_many(bench, "park", park, {"another": "body"})
