"""The decision points that are installed, found by their entry points."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points
from types import MappingProxyType

from ordinance.rules.point import DecisionPoint

GROUP = "ordinance.points"


@cache
def points() -> Mapping[str, DecisionPoint]:
    """Every decision point of every installed package, by name, in the order of names.

    An entry point of the group `ordinance.points` names a sequence of `DecisionPoint`. Two
    different points of one name raise `ValueError`: a rule file could mean either.
    """
    found: dict[str, DecisionPoint] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value)):
        for point in entry.load():
            if found.setdefault(point.name, point) != point:
                raise ValueError(f"two packages declare the decision point `{point.name}`")
    return MappingProxyType(dict(sorted(found.items())))
