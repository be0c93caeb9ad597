"""What the search leaves unproved HiGHS improves, within the words of the problem."""

from __future__ import annotations

from random import Random

import pytest

from ordinance.splitting import Method, Plan, Problem, Source, Want, solve
from ordinance_adapters import optimising
from ordinance_adapters.optimising import Highs, installed_optimiser
from tests.splitting import problems, programs

SEED = 5


def _cut_short(number: int) -> tuple[Problem, Plan]:
    """A problem with the plan of a search that was given no steps."""
    rng = Random(f"optimising {SEED} {number}")
    make = problems.plain if number % 2 else problems.mixed
    problem = make(rng, rng.randint(4, 8), rng.randint(8, 16), 4)
    return problem, solve(problem, steps=0)


def test_a_plan_that_was_cut_short_becomes_the_best_one() -> None:
    better = 0
    for number in range(24):
        problem, plan = _cut_short(number)
        found = Highs(seconds=20).improve(problem, plan)
        best = programs.best(problem)
        assert programs.flaws(problem, found) == [], number
        assert (sum(found.short.values()), found.cost) == (best.short, best.cost), number
        better += found.method is Method.OPTIMISED
    assert better, "the search without steps was the best every time"


def test_a_plan_that_is_the_best_already_stays() -> None:
    problem, _ = _cut_short(3)
    plan = solve(problem)

    assert Highs().improve(problem, plan) == plan


def test_without_time_the_plan_stays_as_it_is() -> None:
    problem, plan = _cut_short(1)

    assert Highs(seconds=0.0).improve(problem, plan) == plan


def test_without_highspy_there_is_no_optimiser(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(installed_optimiser(), Highs)
    monkeypatch.setattr(optimising, "find_spec", lambda name: None)
    assert installed_optimiser() is None


def test_nothing_to_send_from_is_no_failure() -> None:
    problem = Problem((Want(1, 1, (("A", 1),)),), (Source("W", {}, 5, {}),), 1)

    assert Highs().improve(problem, solve(problem)).short == {1: 1}
