"""A plan: which warehouse sends what, what it costs, and how good it is known to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Method(StrEnum):
    """How a plan was found."""

    EXACT = "exact"
    """Every other plan was ruled out: none is better."""
    OPTIMISED = "optimised"
    """A solver of integer programs found it within its time."""
    HEURISTIC = "heuristic"
    """The search was cut short; the plan is the best that it had seen."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What each warehouse sends, in the order of preference; warehouses without goods are left out.

    Of two plans the one that leaves fewer units short is better, then the cheaper one, then the one
    with fewer parcels, then the one whose warehouses are preferred.
    """

    sends: tuple[tuple[str, Mapping[int, int]], ...]
    """(warehouse, units by line)."""
    short: Mapping[int, int]
    """Units by line that no warehouse of the plan sends."""
    cost: int
    method: Method
    least_short: int
    """No plan leaves fewer units short than this."""
    least_cost: int
    """No plan that leaves as few units short costs less than this; equal to `cost` when exact."""

    @property
    def gap(self) -> int:
        """How much cheaper another plan could be at most; 0 when the plan is proved."""
        return self.cost - self.least_cost
