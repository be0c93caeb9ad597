"""Which rules fire, as functions of the input, for each hit policy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from ordinance.rules.checking.diagram import FALSE, Node
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


def winners(model: Model) -> Node:
    """The rule that decides each input of a `first` set: its place, `NOBODY` or `UNKNOWN`."""
    if model.tree.most_specific is not None:
        best = most_specific(model)
        return model.diagrams.mapped("winner", _winner, best)
    diagrams = model.diagrams
    nobody, unknown = diagrams.leaf(NOBODY), diagrams.leaf(UNKNOWN)
    own = [
        diagrams.choose(
            region.true,
            diagrams.leaf(at),
            diagrams.choose(region.false, nobody, unknown),
        )
        for at, region in enumerate(model.regions)
    ]
    return diagrams.first_of(own, nobody)


def in_order(model: Model, rows: range) -> list[Node]:
    """The first true rule of `rows`, of `rows` without their first one, and so on."""
    diagrams = model.diagrams
    left = diagrams.leaf(NOBODY)
    found = [left]
    for at in reversed(rows):
        region = model.regions[at]
        left = diagrams.choose(region.false, left, diagrams.leaf(UNKNOWN))
        left = diagrams.choose(region.true, diagrams.leaf(at), left)
        found.append(left)
    return found[::-1]


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
    return _Best(rank, (row,), known)


def _better(first: _Best | None, second: _Best | None) -> _Best | None:
    if first is None or second is None:
        return first or second
    if first.rank != second.rank:
        return first if first.rank < second.rank else second
    if len(first.rules) > 1:
        return first
    return _Best(first.rank, first.rules + second.rules, first.known and second.known)


def _winner(best: _Best | None) -> int:
    if best is None:
        return NOBODY
    return best.rules[0] if best.known else UNKNOWN


def is_empty(node: Node) -> bool:
    """Whether a set holds nothing."""
    return node == FALSE
