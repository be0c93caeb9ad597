"""A plan: which warehouse sends what, what it costs, and how good it is known to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ordinance.splitting.problem import Problem


class Method(StrEnum):
    """How a plan was found."""

    EXACT = "exact"
    """Every other plan was ruled out: none is better."""
    OPTIMISED = "optimised"
    """A solver of integer programs found it, or proved a bound for it, within its time."""
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


def plan_of(
    problem: Problem,
    sends: Mapping[int, Mapping[int, int]],
    method: Method,
    least_short: int | None = None,
    least_cost: int | None = None,
) -> Plan:
    """The plan in which these places of `problem.sources` send these units by line.

    `least_cost` is a bound for plans that leave `least_short` units short, and so says nothing of
    one that leaves more; without bounds the plan is as good as any.
    """
    short = {want.line: want.units for want in problem.wants}
    cost = problem.extra_parcel * max(len(sends) - 1, 0)
    for place, units in sends.items():
        source = problem.sources[place]
        cost += source.parcel
        for line, count in units.items():
            short[line] -= count
            cost += source.unit.get(line, 0) * count
    short = {line: count for line, count in short.items() if count}
    total = sum(short.values())
    least_short = total if least_short is None else min(least_short, total)
    if least_cost is None:
        least_cost = cost
    elif least_short < total:
        least_cost = 0
    return Plan(
        sends=tuple((problem.sources[place].code, sends[place]) for place in sorted(sends)),
        short=short,
        cost=cost,
        method=method,
        least_short=least_short,
        least_cost=max(min(least_cost, cost), 0),
    )
