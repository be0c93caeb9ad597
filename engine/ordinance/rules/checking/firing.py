"""Which rules fire, as functions of the input, for each hit policy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from ordinance.rules.checking.diagram import Node
from ordinance.rules.checking.model import Model, Region
from ordinance.rules.deciding.policies import RulePolicy
from ordinance.rules.deciding.readiness import Ready
from ordinance.rules.deciding.specificity import generality

NOBODY = -1
"""No rule is true."""
UNKNOWN = -2
"""A rule that would have come first is unknown."""

Rank: TypeAlias = tuple[bool, int]
"""How general a rule is for an input; the least general one wins."""


@dataclass(frozen=True, slots=True)
class _Best:
    """The rules that lead so far: the least general ones, two of them at most."""

    rank: Rank
    rules: tuple[int, ...]
    known: bool
    """Whether the first of them is true, not unknown."""
    certain: bool
    """Whether all of them are."""


def winners(model: Model) -> Node:
    """The rule that decides each input of a `first` set: its place, `NOBODY` or `UNKNOWN`."""
    if model.tree.most_specific is not None:
        best = most_specific(model)
        return model.diagrams.mapped("winner", _winner, best)
    return model.diagrams.first_of(alone(model), model.diagrams.leaf(NOBODY))


def in_turn(model: Model) -> Node:
    """The first two rules that are true for each input, in file order; `UNKNOWN` stands for one
    that is unknown, and nothing comes after it."""
    diagrams = model.diagrams
    single = [diagrams.mapped("single", _single, node) for node in alone(model)]
    return diagrams.combined("in turn", _two, single, diagrams.leaf(()))


def alone(model: Model) -> list[Node]:
    """Each rule as a function: its place where it is true, `NOBODY` where it is false."""
    diagrams = model.diagrams
    return [
        diagrams.choose(
            region.true,
            diagrams.leaf(at),
            diagrams.choose(region.false, diagrams.leaf(NOBODY), diagrams.leaf(UNKNOWN)),
        )
        for at, region in enumerate(model.regions)
    ]


def _single(row: int) -> tuple[int, ...]:
    return () if row == NOBODY else (row,)


def _two(first: tuple[int, ...], second: tuple[int, ...]) -> tuple[int, ...]:
    return first if first[-1:] == (UNKNOWN,) else (first + second)[:2]


def most_specific(model: Model) -> Node:
    """Who leads each input where the most specific rule wins (`_Best`, or None for nobody)."""
    diagrams = model.diagrams
    nobody = diagrams.leaf(None)
    best = nobody
    for at, region in enumerate(model.regions):
        ranks = generalities(model, at)
        true = diagrams.mapped(("leads", at), partial(_leads, at, True), ranks)
        maybe = diagrams.mapped(("may", at), partial(_leads, at, False), ranks)
        own = diagrams.choose(region.true, true, diagrams.choose(region.false, nobody, maybe))
        best = diagrams.combine("best", _better, best, own)
    return best


def generalities(model: Model, row: int) -> Node:
    """How general a rule is, by the region of the input."""
    name = model.tree.most_specific or ""
    space, diagrams = model.space, model.diagrams
    policy = model.decider.program(model.period.day).policy
    ready = policy.rules[row]
    assert isinstance(policy, RulePolicy)
    at = space.place_of(name)
    if at is None:
        return diagrams.leaf(_rank(policy, ready, None, name))
    found = diagrams.leaf(_rank(policy, ready, None, name))
    for bit, cell in enumerate(space.axes[at].cells):
        value = cell[0] if isinstance(cell[0], str) else None
        rank = diagrams.leaf(_rank(policy, ready, value, name))
        found = diagrams.choose(diagrams.cells(at, 1 << bit), rank, found)
    return found


def certain(model: Model, regions: list[Region]) -> Node:
    """The inputs on which every one of the rules is true or false."""
    diagrams = model.diagrams
    return diagrams.all_of([diagrams.join(region.true, region.false) for region in regions])


def nobody(model: Model) -> Node:
    """The inputs on which no rule is true."""
    return model.diagrams.all_of([region.false for region in model.regions])


def _rank(policy: RulePolicy, ready: Ready, value: str | None, name: str) -> Rank:
    return generality(policy, ready, {} if value is None else {name: value})


def _leads(row: int, known: bool, rank: Rank) -> _Best:
    return _Best(rank, (row,), known, known)


def _better(first: _Best | None, second: _Best | None) -> _Best | None:
    if first is None or second is None:
        return first or second
    if first.rank != second.rank:
        return first if first.rank < second.rank else second
    if len(first.rules) > 1:
        return first
    rules = first.rules + second.rules
    return _Best(first.rank, rules, first.known, first.certain and second.certain)


def _winner(best: _Best | None) -> int:
    if best is None:
        return NOBODY
    return best.rules[0] if best.known else UNKNOWN
