"""Regions of rules hold what the engine says: no input too many, no input too few."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from ordinance.rules.checking import linespace, space
from ordinance.rules.checking.diagram import Node
from ordinance.rules.checking.model import Model
from ordinance.rules.checking.setting import Setting
from ordinance.rules.deciding.conditions import Builder, Situation
from ordinance.rules.deciding.constants import Constants
from ordinance.rules.facts import Facts
from ordinance.rules.tree import RuleSet
from tests.part import part
from tests.rules.deciding.trees import facts_for, rule_sets

PATHS = 40


def together(model: Model) -> Node:
    """What every rule comes to (true, false or unknown) as one function of the input."""
    diagrams = model.diagrams
    whole = diagrams.leaf(())
    for region in model.regions:
        told = diagrams.choose(
            region.true,
            diagrams.leaf(True),
            diagrams.choose(region.false, diagrams.leaf(False), diagrams.leaf(None)),
        )
        whole = diagrams.combine("together", lambda row, verdict: (*row, verdict), whole, told)
    return whole


def said(model: Model, situation: Situation) -> tuple[bool | None, ...]:
    """What the engine itself says of every rule."""
    builder = Builder(model.vocabulary, Constants({}, {}))
    return tuple(builder.node(region.when).check(situation) for region in model.regions)


def too_many(tree: RuleSet) -> str | None:
    """An input of the diagrams that the engine sees otherwise."""
    model = Model(Setting(tree))
    for row, path in islice(model.diagrams.paths(together(model)), PATHS):
        for example in islice(model.space.examples(path), 1):
            found = said(model, model.facts(example).situation())
            if found != row:
                return f"{example} gives {found}, not {row}"
    return None


def too_few(tree: RuleSet, facts: dict[str, Any]) -> str | None:
    """Facts that come out in a way which the diagrams do not know."""
    model = Model(Setting(tree))
    situation = Facts.read(facts, tree.point).situation()
    found = said(model, situation)
    if None not in found and found not in model.diagrams.values(together(model)):
        return f"{facts} gives {found}, which no cell does"
    return None


@st.composite
def cases(draw: st.DrawFn) -> tuple[RuleSet, dict[str, Any]]:
    tree = draw(rule_sets())
    return tree, draw(facts_for(tree))


@given(cases())
@settings(max_examples=part(250), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_region_holds_exactly_the_inputs_that_the_engine_finds_true(
    case: tuple[RuleSet, dict[str, Any]],
) -> None:
    tree, facts = case

    assert too_many(tree) is None
    assert too_few(tree, facts) is None


def _no_lines(orders: Callable[..., Any]) -> Callable[..., Any]:
    def mutated(sorts: Any, caps: Any) -> Any:
        found = orders(sorts, caps)
        return [lines for lines in found if len(lines) != 1]

    return mutated


def _says_no(present: Callable[..., Any]) -> Callable[..., Any]:
    def mutated(self: Any, test: Any, inner: Any) -> Any:
        return inner

    return mutated


MUTANTS: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "orders of one line are forgotten": (linespace, "_orders", _no_lines),
    "what is missing counts as there": (space.Space, "_where_present", _says_no),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_planted_mistake_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, attribute, mutate = MUTANTS[name]
    monkeypatch.setattr(owner, attribute, mutate(getattr(owner, attribute)))

    find(
        cases(),
        lambda case: too_many(case[0]) is not None or too_few(*case) is not None,
        settings=settings(max_examples=3_000, derandomize=True, phases=[Phase.generate]),
    )
