"""Areas and ways: which region lies in which, and how far two places are from one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0
"""The mean radius of the earth, rounded as the great-circle formula usually is."""

Point = tuple[float, float]
"""Latitude and longitude in degrees."""


def inside(region: str, area: str) -> bool:
    """Whether `region` is `area` or lies in it (`330106` in `33`, `BR-SP` in `BR`)."""
    if region == area:
        return True
    if area.isdigit():
        return region.startswith(area) and len(area) % 2 == 0
    return region.startswith(area + "-")


def serves(areas: Sequence[str], region: str | None) -> bool:
    """Whether a region lies in one of the areas; no areas means everywhere."""
    return not areas or (region is not None and any(inside(region, area) for area in areas))


def narrowest(table: Mapping[str, int], region: str | None) -> int | None:
    """What the table says of the narrowest area that the region lies in, or None."""
    if region is None:
        return None
    areas = [area for area in table if inside(region, area)]
    return table[max(areas, key=len)] if areas else None


def point_of(points: Mapping[str, Point], region: str | None) -> Point | None:
    """Where a region lies: its own seat, else that of the area around it, city or province."""
    while region:
        if region in points:
            return points[region]
        region = region[:-2] if region.isdigit() else region.rpartition("-")[0]
    return None


@lru_cache(maxsize=65_536)
def great_circle_km(one: Point, other: Point) -> Decimal:
    """The great-circle distance in whole tenths of a kilometre."""
    lat1, lat2 = radians(one[0]), radians(other[0])
    dlat, dlng = lat2 - lat1, radians(other[1] - one[1])
    chord = sin(dlat / 2) ** 2 + cos(lat1) * cos(lat2) * sin(dlng / 2) ** 2
    return Decimal(str(round(2 * EARTH_KM * asin(sqrt(chord)), 1)))
