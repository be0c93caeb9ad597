"""A plan is the optimum of an integer program, on random problems; planted mistakes are caught."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from random import Random
from typing import Any

import pytest

from ordinance.splitting import Method, Problem, blocks, search, solve
from tests.splitting import problems, programs

SEED = os.environ.get("ORDINANCE_SEED", "1")
PLAIN = int(os.environ.get("ORDINANCE_SPLITS", "200"))
MIXED = PLAIN // 2


def _plain(number: int) -> Problem:
    rng = Random(f"plain {SEED} {number}")
    return problems.plain(rng, rng.randint(1, 10), rng.randint(1, 20), 4)


def _mixed(number: int) -> Problem:
    rng = Random(f"mixed {SEED} {number}")
    return problems.mixed(rng, rng.randint(1, 6), rng.randint(1, 10), 4)


def _fault(problem: Problem, least: programs.Best | None = None) -> str | None:
    """What is wrong with our plan of a problem, or None."""
    plan = solve(problem)
    flaws = programs.flaws(problem, plan)
    if flaws:
        return ", ".join(flaws)
    if plan.method is not Method.EXACT:
        return "the search was cut short"
    ours = programs.Best(sum(plan.short.values()), plan.cost)
    theirs = least or programs.best(problem)
    return None if ours == theirs else f"ours {ours}, HiGHS {theirs}"


def test_plans_of_the_bar_are_optimal() -> None:
    print(f"ORDINANCE_SEED={SEED} ORDINANCE_SPLITS={PLAIN}")
    faults = {number: fault for number in range(PLAIN) if (fault := _fault(_plain(number)))}

    assert faults == {}


def test_plans_with_bundles_sets_and_gifts_are_optimal() -> None:
    print(f"ORDINANCE_SEED={SEED} ORDINANCE_SPLITS={PLAIN}")
    faults = {number: fault for number in range(MIXED) if (fault := _fault(_mixed(number)))}

    assert faults == {}


def _saves_too_little(fill: Any, cost: int, room: int) -> int:
    return min(room, fill[0][1]) * (fill[0][0] - cost)


def _joins_in_front(fill: Any, cost: int, room: int) -> Any:
    moved = min(room, fill[0][1])
    return tuple(part for part in ((fill[0][0], fill[0][1] - moved), (cost, moved)) if part[1])


MISTAKES: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "a warehouse saves on the dearest units only": (search, "saving", _saves_too_little),
    "units that joined before are forgotten": (search, "joined", _joins_in_front),
    "what more warehouses save is not counted": (
        search,
        "_sums",
        lambda nets, count: [0] * (len(nets) + 1),
    ),
    "blocks that share stock are not seen": (search, "sharing", lambda blocks: []),
    "gifts go where they like": (
        search,
        "blocks_of",
        lambda problem: blocks.blocks_of(
            replace(problem, wants=tuple(replace(w, gift_of=None) for w in problem.wants))
        ),
    ),
    "sets are torn apart": (
        search,
        "blocks_of",
        lambda problem: blocks.blocks_of(
            replace(problem, wants=tuple(replace(w, together=None) for w in problem.wants))
        ),
    ),
    "a bundle needs just its first part": (
        blocks.Block,
        "room",
        lambda block, stock: min(block.units, stock.get(block.takes[0][0], 0) // block.takes[0][1]),
    ),
}


@lru_cache(maxsize=1)
def _tried() -> tuple[tuple[Problem, programs.Best], ...]:
    made = [make(number) for make in (_plain, _mixed) for number in range(40)]
    return tuple((problem, programs.best(problem)) for problem in made)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_is_caught(mistake: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = _tried()
    home, name, wrong = MISTAKES[mistake]
    monkeypatch.setattr(home, name, wrong)

    caught = [problem for problem, best in tried if _fault(problem, best)]

    assert caught, "no problem showed it"
