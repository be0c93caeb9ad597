"""Freight: what a carrier takes for a parcel, by its weight, where it begins and where it ends."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from ordinance.areas import serves
from ordinance.profile import Carrier


def freight_minor(
    carrier: Carrier, grams: int, origin: str | None = None, region: str | None = None
) -> int:
    """A carrier's tariff for a weight between two regions, in minor units."""
    first, step = tariff(carrier, origin, region)
    if grams <= carrier.first_grams:
        return first
    return first + step * ceil((grams - carrier.first_grams) / carrier.step_grams)


def tariff(carrier: Carrier, origin: str | None, region: str | None) -> tuple[int, int]:
    """What the first weight and each step more cost: in the first zone that fits, else at all."""
    for zone in carrier.zones:
        if serves(zone.origins, origin) and serves(zone.regions, region):
            return zone.first_minor, zone.step_minor
    return carrier.first_minor, carrier.step_minor


def least_minor(
    carriers: Iterable[Carrier], grams: int, origin: str | None, region: str | None
) -> int:
    """What such a parcel costs with the cheapest carrier, in minor units; 0 without any."""
    return min((freight_minor(carrier, grams, origin, region) for carrier in carriers), default=0)


def cheapest(
    carriers: Iterable[Carrier], grams: int, origin: str | None, region: str | None
) -> Carrier | None:
    """The carrier that takes the least for such a parcel; of equal ones the first."""
    return min(
        carriers, key=lambda carrier: freight_minor(carrier, grams, origin, region), default=None
    )
