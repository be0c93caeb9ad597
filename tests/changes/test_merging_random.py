"""Whatever is merged, taken apart, cancelled, rejected and counted: everything adds up."""

from __future__ import annotations

import os
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ordinance.audit.doctor import check
from ordinance.fulfilment import handover, together
from ordinance.orders.shares import whole_of
from ordinance.rules import Rulebook
from ordinance.service.cases import NotReturnable
from tests.core.shop import Bench


@contextmanager
def patient_bench(rules: Rulebook) -> Iterator[Bench]:
    """A bench of its own for each example."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), rules)
        try:
            yield bench
        finally:
            bench.shop.close()


SEED = int(os.environ.get("ORDINANCE_SEED", "1"))
RUNS, LENGTH = 20, 14

Step = tuple[str, Any, Any]


def some_steps(chance: random.Random) -> list[Step]:
    """Two orders that may be merged, then anything, what ends a box more often."""
    some: dict[str, Callable[[], tuple[Any, Any]]] = {
        "place": lambda: (chance.choice(["u1", "u1", "u2"]), chance.randint(1, 4)),
        "merge": lambda: (chance.randint(0, 4), chance.randint(0, 4)),
        "unmerge": lambda: (chance.randint(0, 4), 0),
        "wait": lambda: (chance.choice([5, 30]), 0),
        "ship": lambda: (chance.randint(0, 4), 0),
        "cancel": lambda: (chance.randint(0, 4), chance.randint(0, 1)),
        "reject": lambda: (chance.randint(0, 4), 0),
        "count": lambda: (chance.randint(0, 9), 0),
    }
    kinds = [*some, "place", "merge", "merge", "wait", "ship", "reject"]
    steps: list[Step] = [("place", "u1", chance.randint(1, 4)) for _ in range(2)]
    for _ in range(LENGTH):
        kind = chance.choice(kinds)
        steps.append((kind, *some[kind]()))
    return steps


def play(steps: list[Step], rules: Rulebook) -> set[str]:
    """Play the steps; after each, the doctor finds nothing and no order lost its money.

    Returns what happened to orders that were in a box with others.
    """
    happened: set[str] = set()
    with patient_bench(rules) as bench:
        orders: list[str] = []
        for kind, first, second in steps:
            # What is refused is refused whole; the doctor sees whether anything was left.
            before = [bench.record(item) for item in orders if boxed(bench, item)]
            with suppress(ValueError, NotReturnable):
                _play(bench, orders, kind, first, second)
            happened |= {kind for one in before if bench.record(one.id) != one}
            if kind == "merge" and len([item for item in orders if boxed(bench, item)]) > len(
                before
            ):
                happened.add(kind)
            found = check(bench.shop.storage, "teashop")
            assert found == [], f"{steps}: {[str(item) for item in found]}"
        bench.later(minutes=61)
        assert check(bench.shop.storage, "teashop") == []
        for item in orders:
            record = bench.record(item)
            assert (
                not any(line.waiting for line in record.goods)
                or record.open_holds
                or (record.state in ("CANCELLED", "WAIT_PAY"))
            )
            assert all(parcel.state != "WAIT_PUSH" for parcel in record.parcels.values())
    return happened


def boxed(bench: Bench, order_id: str) -> bool:
    """Whether a living parcel of the order is in one box with those of others."""
    parcels = bench.record(order_id).parcels.values()
    return any(parcel.aboard and parcel.state != "CANCELLED" for parcel in parcels)


def _play(bench: Bench, orders: list[str], kind: str, first: Any, second: Any) -> None:
    if kind == "place":
        lines = [{"sku": "TEA", "quantity": second, "unit_price": "10.00"}]
        orders.append(bench.place(source_id=f"A{len(orders)}", buyer={"id": first}, lines=lines))
    elif kind == "wait":
        bench.later(minutes=first)
    elif kind == "count":
        bench.shop.stocktake("HZ", {"TEA": first}, key=bench.key())
    elif orders:
        order_id = orders[first % len(orders)]
        if kind == "merge":
            bench.shop.merge([order_id, orders[second % len(orders)]], key=bench.key())
        elif kind == "unmerge":
            bench.shop.unmerge(order_id, key=bench.key())
        elif kind == "cancel":
            pieces = [("TEA", 1)] if second else []
            bench.shop.cancel(order_id, pieces=pieces, key=bench.key())
        else:
            for parcel in bench.record(order_id).parcels.values():
                if parcel.state == "PUSHED" and kind == "ship":
                    bench.hand_over(order_id, parcel.id)
                elif parcel.state == "PUSHED":
                    bench.shop.warehouse_rejected(
                        order_id, parcel.id, "AT_CAPACITY", key=bench.key()
                    )
        bench.pump.effects(bench.clock.now())


@pytest.mark.slow
def test_whatever_is_merged_and_taken_apart_everything_adds_up(patient: Rulebook) -> None:
    print(f"ORDINANCE_SEED={SEED}")
    happened: Counter[str] = Counter()
    for number in range(RUNS):
        happened.update(play(some_steps(random.Random(f"{SEED}/{number}")), patient))

    wanted = {"merge", "unmerge", "ship", "cancel"}
    assert wanted <= set(happened), f"too little happened to orders in a box: {happened}"


CANCELLED_IN_A_BOX = [
    ("place", "u1", 2),
    ("place", "u1", 2),
    ("merge", 0, 1),
    ("wait", 30, 0),
    ("cancel", 0, 0),
]
SHIPPED_IN_A_BOX = [*CANCELLED_IN_A_BOX[:-1], ("ship", 1, 0)]


@pytest.mark.parametrize(
    ("steps", "place", "name", "found"),
    [
        (CANCELLED_IN_A_BOX, handover, "take_apart", "which is not packed so"),
        (SHIPPED_IN_A_BOX, together, "_on", "are in one box but differ"),
    ],
    ids=["one order leaves the box", "one order is handed over"],
)
def test_what_is_done_to_one_order_of_a_box_alone_is_caught(
    patient: Rulebook,
    monkeypatch: pytest.MonkeyPatch,
    steps: list[Step],
    place: ModuleType,
    name: str,
    found: str,
) -> None:
    play(steps, patient)
    monkeypatch.setattr(place, name, lambda *_: None)

    with pytest.raises(AssertionError, match=found):
        play(steps, patient)


PRICES = st.sampled_from(["0.01", "3.33", "10.00", "99.99"])
DRAFTS = st.fixed_dictionaries(
    {
        "lines": st.lists(
            st.builds(
                lambda sku, count, price: {"sku": sku, "quantity": count, "unit_price": price},
                st.sampled_from(["TEA", "CUP"]),
                st.integers(1, 2),
                PRICES,
            ),
            min_size=1,
            max_size=3,
        ),
        "freight": st.sampled_from(["0", "6.00"]),
        "discount": st.sampled_from(["0", "0.01"]),
    }
)


def kept(bench: Bench, order_id: str) -> tuple[object, ...]:
    """What an order has, and how it is packed while it is packed alone."""
    record = bench.record(order_id)
    living = [p for p in record.parcels.values() if p.state != "CANCELLED"]
    packed = [
        (p.warehouse, p.pieces, p.carrier, p.package, p.marks, p.inserts, p.weight_grams, p.share)
        for p in living
        if not p.aboard
    ]
    return (
        record.lines,
        record.payments,
        record.refunds,
        record.receivable,
        record.holds,
        record.state,
        record.ship_by,
        packed,
    )


@pytest.mark.slow
def test_whatever_two_orders_hold_the_box_adds_up_and_its_inverse_gives_them_back(
    patient: Rulebook,
) -> None:
    met: list[bool] = []

    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(DRAFTS, DRAFTS)
    def holds(first: dict[str, Any], second: dict[str, Any]) -> None:
        with patient_bench(patient) as bench:
            orders = [
                bench.place(source_id=f"A{no}", **draft) for no, draft in enumerate((first, second))
            ]
            before = [kept(bench, item) for item in orders]
            met.append(bench.shop.merge(orders, key="merge").told["merged"])
            if not met[-1]:
                assert [kept(bench, item) for item in orders] == before
                return
            boxes = [
                parcel
                for item in orders
                for parcel in bench.record(item).parcels.values()
                if parcel.state != "CANCELLED"
            ]
            records = [bench.record(item) for item in orders]
            for total in ("amount", "discount", "freight", "fee", "tax"):
                assert sum(getattr(box.share, total) for box in boxes) == sum(
                    getattr(whole_of(record), total) for record in records
                )
            assert {box.aboard for box in boxes} == {boxes[0].aboard}
            bench.shop.unmerge(orders[0], key="apart")
            assert [kept(bench, item) for item in orders] == before
            bench.well()

    holds()
    assert any(met), "no two of them were merged: the test proves nothing"
