"""Splits that are too large for the exact search, given to HiGHS within a limit of time.

HiGHS comes with `pip install 'ordinance[optimize]'` and is loaded when it is first needed; without
it the plan of the search stands, and says how far from the best it may be.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from math import ceil
from typing import Any

from ordinance.ports import Optimiser
from ordinance.splitting import Method, Plan, Problem
from ordinance.splitting.blocks import blocks_of, sent
from ordinance.splitting.plan import plan_of

SECONDS = 2.0
"""The time that one plan may take, half of it for each of two programs."""


def installed_optimiser() -> Optimiser | None:
    """HiGHS where it is installed, else None."""
    return Highs() if find_spec("highspy") is not None else None


@dataclass(frozen=True, slots=True)
class Highs:
    """Improves a plan by two integer programs: the fewest units short, then the least cost."""

    seconds: float = SECONDS

    def improve(self, problem: Problem, plan: Plan) -> Plan:
        """The plan that HiGHS finds, if it is better than `plan`; else `plan`, with what HiGHS
        has proved about it."""
        short = _Program(problem, self.seconds / 2).fewest_short()
        if short is None:
            return plan
        program = _Program(problem, self.seconds / 2)
        found = program.least_cost(short)
        if found is None or _rank(plan) <= _rank(found):
            return plan
        return found


def _rank(plan: Plan) -> tuple[int, int, int]:
    return sum(plan.short.values()), plan.cost, len(plan.sends)


class _Program:
    """One integer program: units of each block from each warehouse, and which warehouses send."""

    def __init__(self, problem: Problem, seconds: float) -> None:
        import highspy

        self.problem = problem
        self.blocks = blocks_of(problem)
        self.solved = highspy.HighsModelStatus.kOptimal
        self.highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self.highs.setOptionValue("output_flag", False)
        self.highs.setOptionValue("time_limit", seconds)
        self.highs.setOptionValue("mip_rel_gap", 0.0)
        self.highs.setOptionValue("mip_abs_gap", 0.5)
        self.used = [self.highs.addBinary() for _ in problem.sources]
        self.units = [
            [
                self.highs.addIntegral(lb=0, ub=max(block.room(source.stock), 0))
                for source in problem.sources
            ]
            for block in self.blocks
        ]
        self._limit()

    def _limit(self) -> None:
        add = self.highs.addConstr
        add(sum(self.used) <= self.problem.most_parcels)
        for block, row in zip(self.blocks, self.units, strict=True):
            add(sum(row) <= block.units)
            for used, units in zip(self.used, row, strict=True):
                add(units <= block.units * used)
        items = sorted({item for block in self.blocks for item, _ in block.takes})
        for place, source in enumerate(self.problem.sources):
            for item in items:
                taken = [
                    count * self.units[number][place]
                    for number, block in enumerate(self.blocks)
                    for name, count in block.takes
                    if name == item
                ]
                if len(taken) > 1:
                    add(sum(taken) <= source.stock.get(item, 0))

    def _short(self) -> Any:
        total = sum(block.units * block.weight for block in self.blocks)
        sent = sum(
            block.weight * sum(row) for block, row in zip(self.blocks, self.units, strict=True)
        )
        return total - sent

    def fewest_short(self) -> int | None:
        """How few units can be short, or None when the time was not enough to be sure."""
        self.highs.minimize(self._short())
        if self.highs.getModelStatus() != self.solved:
            return None
        fewest: float = self.highs.getInfo().objective_function_value
        return round(fewest)

    def least_cost(self, short: int) -> Plan | None:
        """The cheapest plan that leaves so few units short; None when none was found in time."""
        self.highs.addConstr(self._short() <= short)
        parcels = [
            (source.parcel + self.problem.extra_parcel) * used
            for source, used in zip(self.problem.sources, self.used, strict=True)
        ]
        inside = [
            block.unit_cost(source) * units
            for block, row in zip(self.blocks, self.units, strict=True)
            for source, units in zip(self.problem.sources, row, strict=True)
        ]
        self.highs.minimize(sum(parcels) + sum(inside))
        info = self.highs.getInfo()
        if info.primal_solution_status != 2:  # a plan that keeps to all limits
            return None
        back = self.problem.extra_parcel
        return self._plan(short, max(ceil(info.mip_dual_bound - 0.5) - back, 0))

    def _plan(self, short: int, least: int) -> Plan:
        values = self.highs.getSolution().col_value
        amounts = {
            number: [
                (place, count)
                for place, units in enumerate(row)
                if (count := round(values[units.index]))
            ]
            for number, row in enumerate(self.units)
        }
        return plan_of(self.problem, sent(self.blocks, amounts), Method.OPTIMISED, short, least)
