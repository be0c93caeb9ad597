"""A track as a carrier should tell it, and as carriers do: late, twice, out of order, or not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations
from typing import Any, cast

from ordinance.fulfilment import tracking
from ordinance.orders.change import Change
from ordinance.orders.record import OrderRecord
from tests.core.shop import MONDAY

LEFT = MONDAY + timedelta(hours=3)
TRACK = (
    "PICKED_UP",
    "IN_TRANSIT",
    "ARRIVED_CITY",
    "OUT_FOR_DELIVERY",
    "AT_LOCKER",
    "DELIVERED_LOCKER",
)
"""The canonical track, one scan every five hours."""

PLACES = range(len(TRACK))
ORDERS = list(permutations(PLACES))
"""Every order in which the scans may come in."""

SUBSETS = [[place for place in PLACES if bits >> place & 1] for bits in range(1 << len(TRACK))]
"""What may be left when some scans are lost."""

AT = [LEFT + timedelta(hours=5 * (place + 1)) for place in PLACES]
"""When each scan was made, whenever it comes in."""


def faults(record: OrderRecord, places: Sequence[int], parcel: str = "P1") -> list[str]:
    """What is wrong after these scans have come in on an order whose parcel has left: the end is
    that of the same scans in their own order, and nothing went back on the way."""
    # No scan of the track is an anomaly, so that no rule is asked.
    desk = cast(Any, None)
    change = Change(record, 1, now=AT[-1], actor="carrier", cause="scan")
    wrong: list[str] = []
    seen: int | None = None
    for place in places:
        tracking.scan(change, desk, parcel, TRACK[place], AT[place])
        seen = place if seen is None else max(seen, place)
        found = change.record.parcels[parcel]
        if (found.tracking, found.last_scan_at) != (TRACK[seen], AT[seen]):
            wrong.append(f"{places}: {found.tracking} of {found.last_scan_at} after {place}")
        if found.delivered_at != (AT[-1] if seen == PLACES[-1] else None):
            wrong.append(f"{places}: delivered at {found.delivered_at} after {place}")
    delivered = sum(event.kind == "parcel.delivered" for event in change.events)
    if delivered != (seen == PLACES[-1]):
        wrong.append(f"{places}: delivered {delivered} times")
    return wrong
