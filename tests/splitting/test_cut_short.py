"""A search that is cut short gives a plan that can be carried out and a bound that holds."""

from __future__ import annotations

import os
from random import Random

from ordinance.splitting import Method, Problem, Source, Want, search, solve
from tests.splitting import problems, programs

SEED = os.environ.get("ORDINANCE_SEED", "1")


def _faults(steps: int) -> list[str]:
    """What is wrong with plans that were cut short, against the ones that were not."""
    found, cut = [], 0
    for number in range(120):
        rng = Random(f"cut {SEED} {number}")
        make = problems.mixed if number % 2 else problems.plain
        problem = make(rng, rng.randint(3, 8), rng.randint(5, 14), 4)
        plan, best = solve(problem, steps=steps), solve(problem)
        found += [f"{number}: {flaw}" for flaw in programs.flaws(problem, plan)]
        short, least = sum(plan.short.values()), sum(best.short.values())
        cut += plan.method is Method.HEURISTIC
        if plan.least_short > least:
            found.append(f"{number}: at least {plan.least_short} short, and {least} are enough")
        if plan.least_short == least and plan.least_cost > best.cost:
            found.append(f"{number}: costs at least {plan.least_cost}, and {best.cost} is enough")
        if (short, plan.cost) < (least, best.cost):
            found.append(f"{number}: the exact plan is worse")
        if least == 0 and short > 0 and len(best.sends) == 1:
            found.append(f"{number}: {short} short, though one warehouse has all")
    assert cut > 20, "hardly any search was cut short"
    return found


def test_bounds_and_plans_of_searches_that_are_cut_short_hold() -> None:
    print(f"ORDINANCE_SEED={SEED}")
    assert [*_faults(0), *_faults(30)] == []


def test_a_bound_that_is_too_good_is_caught(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    written = search._Search._written

    def too_good(self: search._Search) -> object:
        self.open = self.best.cost
        return written(self)

    monkeypatch.setattr(search._Search, "_written", too_good)

    assert _faults(0)


def test_a_large_order_with_shared_stock_is_filled_although_it_cannot_be_proved() -> None:
    wants = (
        Want(1, 300, (("TEA", 1), ("CUP", 2))),
        Want(2, 400, (("CUP", 1), ("LID", 1))),
        Want(3, 200, (("LID", 2), ("TEA", 1))),
    )
    sources = tuple(
        Source(
            f"W{number}",
            {"TEA": 140 + number, "CUP": 300 - number, "LID": 260 + 3 * number},
            900 + 7 * number,
            {1: 40 + number, 2: 31 - number, 3: 20 + number % 3},
        )
        for number in range(8)
    )

    problem = Problem(wants, sources, 4)
    plan = solve(problem)

    assert programs.flaws(problem, plan) == []
    assert plan.method is Method.HEURISTIC
    assert 0 <= plan.least_short <= sum(plan.short.values()) < 150, "more than 750 of 900 leave"
