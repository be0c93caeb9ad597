"""Whatever is done to stock and orders, every shelf adds up; what is planted is found."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ordinance import several
from ordinance.fulfilment import handover, rejection
from ordinance.inventory import MovementKind
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import OrderState, ParcelState
from ordinance.service import cancel
from ordinance.stock import sourcing
from ordinance.stock.stockroom import Slip, Stockroom
from ordinance_adapters.sql import movements as sql
from tests.races.life import Broken, Life
from tests.races.trial import SEED

RUNS, STEPS = 10, 60


def first_fault(runs: int) -> str | None:
    """What the first life says in which something does not add up, with its seed."""
    for run in range(runs):
        seed = SEED * 1_000 + run
        with tempfile.TemporaryDirectory() as folder:
            life = Life(Path(folder), seed)
            try:
                for _ in range(STEPS):
                    life.step()
            except Broken as broken:
                return f"seed {seed}, step {life.number}: {broken}"
            finally:
                life.bench.shop.close()
    return None


@pytest.mark.slow
def test_whatever_is_done_to_stock_and_orders_every_shelf_adds_up() -> None:
    assert first_fault(RUNS) is None, f"ORDINANCE_SEED={SEED}"


Patch = pytest.MonkeyPatch


def a_called_back_parcel_leaves(patch: Patch) -> None:
    ours = handover.hand_over

    def leaves(change: Any, desk: Any, parcel_id: str) -> None:
        if change.record.parcel(parcel_id).state is ParcelState.CANCELLED:
            change.happen("parcel.shipped", {"parcel": parcel_id})
            return
        ours(change, desk, parcel_id)

    patch.setattr(handover, "hand_over", leaves)


def a_cancellation_forgets_the_stock(patch: Patch) -> None:
    patch.setattr(cancel, "release_stock", lambda change, desk: None)


def a_short_pick_is_not_booked(patch: Patch) -> None:
    patch.setattr(rejection, "book_loss", lambda *_: None)


def what_ships_stays_on_the_shelf(patch: Patch) -> None:
    text = sql.COUNTER[MovementKind.SHIPPED].replace("on_hand = on_hand - ?4, ", "")
    patch.setitem(sql.COUNTER, MovementKind.SHIPPED, text)


def a_transfer_leaves_and_is_not_on_its_way(patch: Patch) -> None:
    def send(self: Stockroom, source: str, target: str, sku: str, n: int, slip: Slip) -> object:
        return self.adjust(source, sku, -n, slip)

    patch.setattr(Stockroom, "send", send)


def what_a_warehouse_lacks_is_not_sourced_again(patch: Patch) -> None:
    """A paid order is short of a piece, and nobody looks for it or says so: O10."""

    def once(record: OrderRecord) -> bool:
        return record.state is OrderState.AUDITED and sourcing.ready_to_allocate(record)

    patch.setattr(
        several,
        "STAGES",
        tuple(
            replace(stage, ready=once) if stage.name == "allocate" else stage
            for stage in several.STAGES
        ),
    )


PLANTED = (
    a_called_back_parcel_leaves,
    a_cancellation_forgets_the_stock,
    a_short_pick_is_not_booked,
    what_ships_stays_on_the_shelf,
    a_transfer_leaves_and_is_not_on_its_way,
    what_a_warehouse_lacks_is_not_sourced_again,
)


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_planted_bug_is_found(plant: Callable[[Patch], None]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        plant(patch)
        assert first_fault(4 * RUNS) is not None
