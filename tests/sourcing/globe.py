"""The nearest warehouse by trying each one: no haversine, no rules, nothing of the engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import atan2, cos, floor, hypot, radians, sin

EARTH_KM = 6371

Place = tuple[float, float]
"""Latitude and longitude in degrees."""


@dataclass(frozen=True)
class Stand:
    """A warehouse as the brute force knows it."""

    code: str
    place: Place
    priority: int


@cache
def _arrow(place: Place) -> tuple[float, float, float]:
    """The unit vector from the middle of the earth to a place."""
    north, east = radians(place[0]), radians(place[1])
    return cos(north) * cos(east), cos(north) * sin(east), sin(north)


@cache
def tenths_of_km(one: Place, other: Place) -> int:
    """The way over the globe in whole tenths of a kilometre.

    The angle comes from cross and dot product of two vectors, which is exact for near and far
    places alike. A way that lies on the edge between two tenths would be rounded by chance, and
    is refused.
    """
    (a, b, c), (x, y, z) = _arrow(one), _arrow(other)
    across = hypot(b * z - c * y, c * x - a * z, a * y - b * x)
    tenths = 10 * EARTH_KM * atan2(across, a * x + b * y + c * z)
    if abs(tenths - floor(tenths) - 0.5) < 1e-6:
        raise ValueError(f"{one} to {other} is {tenths} tenths: too near the edge to be rounded")
    return floor(tenths + 0.5)


def nearest(stands: Iterable[Stand], receiver: Place | None) -> str:
    """The code of the nearest one; of equally near ones the lowest priority, then the first code.

    Without a known receiver all are equally near.
    """
    best = min(
        (0 if receiver is None else tenths_of_km(stand.place, receiver), stand.priority, stand.code)
        for stand in stands
    )
    return best[2]
