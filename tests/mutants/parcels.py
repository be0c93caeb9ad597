"""Parcels: M13, and the test that finds it; the whole of it is `tests/fulfilment/test_tracks`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from ordinance.fulfilment import tracking
from ordinance.orders.change import Change
from tests.fulfilment.tracks import ORDERS, PLACES, faults
from tests.mutants.mutant import Mutant, Patch
from tests.mutants.scene import bench_in


def the_last_to_come_in_counts(patch: Patch) -> None:
    """A scan is where the parcel is, whenever it was made."""

    def scan(change: Change, desk: Any, parcel_id: str, state: str, at: datetime) -> None:
        parcel = replace(change.record.parcel(parcel_id), tracking=state, last_scan_at=at)
        if state in tracking.DELIVERED:
            tracking.deliver(change, parcel_id, state, at)
        else:
            change.happen("parcel.scanned", {"parcel": parcel.id}, parcels=[parcel])

    patch.setattr(tracking, "scan", scan)


def delivered_again(patch: Patch) -> None:
    """What was delivered is delivered anew by each scan that says so."""
    real = tracking.scan

    def scan(change: Change, desk: Any, parcel_id: str, state: str, at: datetime) -> None:
        if state in tracking.DELIVERED and change.record.parcel(parcel_id).delivered_at:
            tracking.deliver(change, parcel_id, state, at)
        else:
            real(change, desk, parcel_id, state, at)

    patch.setattr(tracking, "scan", scan)


def out_of_order(folder: Path, seed: int) -> list[str]:
    """Forty tracks in any order, each with one scan twice."""
    chance = Random(seed)
    with bench_in(folder) as bench:
        placed = bench.place()
        record = bench.hand_over(placed)
        tracks = [[*chance.choice(ORDERS), chance.choice(PLACES)] for _ in range(40)]
        return [fault for places in tracks for fault in faults(record, places)]


MUTANTS = (
    Mutant("M13", "the last to come in counts", the_last_to_come_in_counts, out_of_order),
    Mutant("M13", "delivered again", delivered_again, out_of_order),
)
