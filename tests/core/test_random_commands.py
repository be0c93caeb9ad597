"""Random commands in random order keep every invariant; a planted bug does not get through."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ordinance.orders.states import IllegalMove, ParcelState
from ordinance.service import cancel
from ordinance.service.cases import NotReturnable
from tests.core.shop import Bench, order, payment
from tests.part import part

SKUS = st.sampled_from(["TEA", "CUP", "COLD", "ENGRAVED", "CARD"])
LINES = st.lists(
    st.tuples(SKUS, st.integers(1, 7), st.sampled_from(["10.00", "33.33", "0.01", "1999.99"])),
    min_size=1,
    max_size=3,
)
PAID = st.sampled_from(["whole", "none", "short", "twice"])
STEPS = st.one_of(
    st.tuples(st.just("place"), LINES, PAID),
    st.tuples(st.just("ship"), st.integers(0, 5), st.integers(1, 3)),
    st.tuples(
        st.just("scan"),
        st.integers(0, 5),
        st.sampled_from(["DELIVERED_SELF", "IN_TRANSIT", "DAMAGED", "REFUSED"]),
    ),
    st.tuples(st.just("cancel"), st.integers(0, 5), st.integers(0, 2)),
    st.tuples(st.just("return"), st.integers(0, 5), st.integers(0, 3)),
    st.tuples(st.just("back"), st.integers(0, 5), st.sampled_from(["good", "damaged"])),
    st.tuples(
        st.just("agree"),
        st.integers(0, 5),
        st.sampled_from(["wait", "ship_available", "cancel_short", "substitute", "cancel_order"]),
    ),
    st.tuples(st.just("aside"), st.integers(0, 5), st.none()),
    st.tuples(st.just("answer"), st.integers(0, 5), st.sampled_from(["confirm", "deny"])),
    st.tuples(st.just("stock"), SKUS, st.integers(1, 9)),
    st.tuples(st.just("wait"), st.integers(1, 40), st.none()),
    st.tuples(
        st.just("reject"),
        st.integers(0, 5),
        st.sampled_from(["OUT_OF_STOCK", "DAMAGED", "ITEM_BLOCKED", "AT_CAPACITY"]),
    ),
    st.tuples(st.just("count"), SKUS, st.integers(0, 9)),
    st.tuples(st.just("move"), st.integers(0, 5), st.sampled_from(["330106", "110101", "33"])),
    st.tuples(st.just("merge"), st.integers(0, 5), st.integers(0, 5)),
    st.tuples(st.just("unmerge"), st.integers(0, 5), st.none()),
)


class Player:
    """Carries out steps on a bench; what an order is not ready for is refused, never half done."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.orders: list[str] = []

    def play(self, step: tuple[str, Any, Any]) -> None:
        kind, first, second = step
        if kind == "place":
            self._place(first, second)
        elif kind == "wait":
            self.bench.later(days=first)
        elif kind == "stock":
            self.bench.shop.receive_stock("HZ", first, second, cause=self.bench.key())
        elif kind == "count":
            self._refused_whole(
                lambda: self.bench.shop.stocktake("HZ", {first: second}, key=self.bench.key())
            )
        elif kind == "merge" and self.orders:
            pair = [self.orders[number % len(self.orders)] for number in (first, second)]
            self._refused_whole(lambda: self.bench.shop.merge(pair, key=self.bench.key()))
        elif self.orders:
            self._on(kind, self.orders[first % len(self.orders)], second)

    def _place(self, lines: list[tuple[str, int, str]], paid: str) -> None:
        number = f"A{len(self.orders)}"
        drafted = order(
            number,
            lines=[{"sku": sku, "quantity": n, "unit_price": price} for sku, n, price in lines],
            buyer={"id": f"u{len(self.orders) % 2}"},
        )
        if paid == "none":
            drafted["payments"] = []
        elif paid == "short":
            drafted["payments"] = [payment(f"T-{number}", "0.01")]
        elif paid == "twice":
            drafted["payments"].append(payment(f"U-{number}", "5.00"))
        self.orders.append(self.bench.shop.place(drafted).order)
        self.bench.pump.effects(self.bench.clock.now())

    def _on(self, kind: str, order_id: str, what: Any) -> None:
        shop, record = self.bench.shop, self.bench.record(order_id)
        if kind == "ship":
            parcel = record.parcels.get(f"P{what}")
            if parcel and parcel.state is ParcelState.PUSHED:
                self._do(shop.hand_over, order_id, parcel.id)
        elif kind == "scan":
            for parcel_id in record.parcels:
                self._do(shop.track, order_id, parcel_id, what)
        elif kind == "reject":
            for parcel in record.parcels.values():
                sku = None if what == "AT_CAPACITY" else parcel.pieces[0].sku
                self._do(shop.warehouse_rejected, order_id, parcel.id, what, sku=sku)
        elif kind == "move":
            receiver = {**order()["receiver"], "region": what}
            self._do(shop.change_address, order_id, receiver)
        elif kind == "unmerge":
            self._refused_whole(lambda: shop.unmerge(order_id, key=self.bench.key()))
        elif kind == "cancel":
            pieces = [(line.sku, what) for line in record.goods[:1]] if what else []
            self._do(shop.cancel, order_id, pieces=pieces)
        elif kind == "return":
            pieces = [(line.sku, what) for line in record.goods[:1]] if what else []
            self._do(shop.request_aftersale, order_id, reason="NO_REASON_7D", pieces=pieces)
        elif kind == "back":
            for case in record.cases.values():
                if case.state == "APPROVED_RETURN":
                    self._do(shop.goods_back, order_id, case.id, what)
        elif kind == "agree":
            self._do(shop.answer_offer, order_id, what)
        elif kind == "aside":
            self._do(shop.set_short, order_id, by="wang")
        else:
            self._do(shop.answer_review, order_id, what, by="wang")

    def _refused_whole(self, command: Any) -> None:
        """Refused whole, or done: the doctor sees whether anything was left behind."""
        with suppress(ValueError):
            command()
        self.bench.pump.effects(self.bench.clock.now())

    def _do(self, command: Any, *arguments: Any, **more: Any) -> None:
        try:
            self.bench.do(command(*arguments, key=self.bench.key(), **more))
        except (NotReturnable, ValueError, IllegalMove):
            # Refused whole: the doctor sees whether anything of it was left behind.
            return


@contextmanager
def benches() -> Iterator[Bench]:
    """A bench on a folder of its own for each example."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        try:
            yield bench
        finally:
            bench.shop.close()


def play(steps: list[tuple[str, Any, Any]]) -> None:
    """Play the steps and let the doctor look."""
    with benches() as bench:
        player = Player(bench)
        for step in steps:
            player.play(step)
        bench.well()


@pytest.mark.slow
@settings(max_examples=part(150), suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(STEPS, min_size=3, max_size=14))
def test_whatever_happens_everything_adds_up(steps: list[tuple[str, Any, Any]]) -> None:
    play(steps)


def test_a_cancellation_that_forgets_the_stock_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = [("place", [("TEA", 2, "10.00")], "whole"), ("cancel", 0, 0)]
    play(steps)

    monkeypatch.setattr(cancel, "call_back", lambda change, desk, parcel: None)
    monkeypatch.setattr(cancel, "release_stock", lambda change, desk: None)

    with pytest.raises(AssertionError, match="still holds stock"):
        play(steps)
