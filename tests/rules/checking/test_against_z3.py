"""A solver agrees with the checks on random tables: gaps, unreachable rows, overlaps."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from ordinance.rules.checking import diagram, grid, pairs
from ordinance.rules.checking.diagram import FALSE
from ordinance.rules.checking.firing import nobody, winners
from ordinance.rules.checking.model import Model
from ordinance.rules.checking.setting import Setting
from ordinance.rules.point import Hit
from ordinance.rules.tree import RuleSet
from tests.part import part
from tests.rules.checking.tables import Solver, table

SEEDS = range(1, 1 + part(240))
MUTANT_SEEDS = range(1, 241)


def disagreement(tree: RuleSet) -> str | None:
    """Where the checks and z3 differ on a table; None where they agree."""
    model, solver = Model(Setting(tree)), Solver(tree)
    diagrams = model.diagrams
    answers = [
        ("gap", nobody(model) != FALSE, solver.has_gap()),
        ("unreached", _unreached(model), solver.unreached()),
        (
            "overlaps",
            [
                (first, second)
                for second in range(len(model.regions))
                for first in range(second)
                if diagrams.meet(model.regions[first].true, model.regions[second].true) != FALSE
            ],
            solver.overlaps(),
        ),
    ]
    return next(
        (f"{what}: {ours}, not {theirs}" for what, ours, theirs in answers if ours != theirs), None
    )


def _unreached(model: Model) -> list[int]:
    firing = model.diagrams.values(winners(model))
    return [
        row
        for row, region in enumerate(model.regions)
        if region.true != FALSE and row not in firing
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_z3_finds_the_same(seed: int) -> None:
    assert disagreement(table(seed, Hit.FIRST)) is None


def _no_neighbours(points: Callable[..., Any]) -> Callable[..., Any]:
    def mutated(self: Any, bounds: Any, low: Any, high: Any, **more: Any) -> Any:
        return [
            value
            for value in points(self, bounds, low, high, **more)
            if value in (*bounds, low, high)
        ]

    return mutated


def _no_bounds(points: Callable[..., Any]) -> Callable[..., Any]:
    def mutated(self: Any, bounds: Any, low: Any, high: Any, **more: Any) -> Any:
        found = points(self, bounds, None, None, **more)
        return found

    return mutated


def _off_the_grid(points: Callable[..., Any]) -> Callable[..., Any]:
    def mutated(self: Any, bounds: Any, low: Any, high: Any, **more: Any) -> Any:
        found = points(self, bounds, low, high, **more)
        more = [value + Fraction(1, 2) for value in found if isinstance(value, int)]
        return [*found, *more]

    return mutated


def _any_signs(partners: Callable[..., Any]) -> Callable[..., Any]:
    return lambda cell, other: {0b111: other.full}


def _meet_keeps_first(meet: Callable[..., Any]) -> Callable[..., Any]:
    def mutated(diagrams: Any, first: int, second: int) -> Any:
        return first if second != FALSE else meet(diagrams, first, second)

    return mutated


def _join_keeps_first(join: Callable[..., Any]) -> Callable[..., Any]:
    def mutated(diagrams: Any, first: int, second: int) -> Any:
        return first if first != FALSE else join(diagrams, first, second)

    return mutated


MUTANTS: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "values next to a bound are forgotten": (grid.Grid, "points", _no_neighbours),
    "the declared range is forgotten": (grid.Grid, "points", _no_bounds),
    "there is something between two whole numbers": (grid.Grid, "points", _off_the_grid),
    "an intersection keeps its first part": (diagram, "_meet", _meet_keeps_first),
    "any two values go with any sign": (pairs, "_partners", _any_signs),
    "a union keeps its first part": (diagram, "_join", _join_keeps_first),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_planted_mistake_in_the_algebra_is_caught(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, attribute, mutate = MUTANTS[name]
    monkeypatch.setattr(owner, attribute, mutate(getattr(owner, attribute)))

    assert any(disagreement(table(seed, Hit.FIRST)) for seed in MUTANT_SEEDS)
