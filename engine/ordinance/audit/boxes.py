"""Boxes that several orders leave in: every parcel in one names the same others, and shares
their fate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ordinance.orders.record import OrderRecord, Parcel
from ordinance.orders.states import ParcelState


@dataclass
class Boxes:
    """The boxes of a shop, collected order by order."""

    parcels: dict[tuple[str, str], tuple[str, Parcel]] = field(default_factory=dict)
    """Every parcel that leaves with others, with the number of its order."""

    def add(self, record: OrderRecord) -> None:
        """Look at one order."""
        for parcel in record.parcels.values():
            if parcel.aboard and parcel.state is not ParcelState.CANCELLED:
                self.parcels[record.id, parcel.id] = (record.number, parcel)

    def faults(self) -> Iterator[tuple[str, str]]:
        """What does not fit together, with the order that it is about."""
        for place, (number, parcel) in self.parcels.items():
            if place not in parcel.aboard:
                yield number, f"parcel {parcel.id} is not in its own box"
            for other in parcel.aboard:
                if other not in self.parcels:
                    yield number, f"parcel {parcel.id} leaves with {other}, which is not packed so"
                    continue
                beside = self.parcels[other][1]
                if _fate(beside) != _fate(parcel):
                    yield number, f"parcel {parcel.id} and {other} are in one box but differ"


def _fate(parcel: Parcel) -> tuple[object, ...]:
    """What the parcels of one box have in common."""
    return (
        parcel.aboard,
        parcel.state,
        parcel.warehouse,
        parcel.carrier,
        parcel.waybill,
        parcel.shipped_at,
    )
