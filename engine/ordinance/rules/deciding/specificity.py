"""Hits where the most specific of the true rules wins: by scope, then by region."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from ordinance.rules.deciding.conditions import Node, Situation
from ordinance.rules.deciding.policies import First, RulePolicy, Speaking, Unique
from ordinance.rules.deciding.readiness import Ready
from ordinance.rules.deciding.regions import depth, inside
from ordinance.rules.tree import AllOf, Comparator, FactRef, Test


class MostSpecificFirst(First):
    """Rules with a scope before those without, then the narrowest region, then file order."""

    # The narrowest rule may stand last, so all of them are asked.
    judge = RulePolicy.judge

    def choose(self, true: Sequence[Speaking], situation: Situation) -> Speaking:
        # `min` keeps the first of equals, which is the one that stands first in the file.
        return min(true, key=lambda rule: generality(self, cast(Ready, rule), situation))


class MostSpecificUnique(Unique):
    """The one most specific rule; two that are equally specific contradict each other."""

    def choose(self, true: Sequence[Speaking], situation: Situation) -> Sequence[Speaking]:
        ranks = [generality(self, cast(Ready, rule), situation) for rule in true]
        return [ready for ready, rank in zip(true, ranks, strict=True) if rank == min(ranks)]


def generality(policy: RulePolicy, ready: Ready, situation: Situation) -> tuple[bool, int]:
    """Sorts the most specific rule first: unscoped ones last, then by the matched region."""
    fact = policy.tree.most_specific or ""
    region = situation.get(fact)
    depths = [0]
    for value in _regions(policy, ready.when, fact, situation):
        if region is not None and inside(region, (value,)):
            depths.append(depth(value))
    return (not ready.scope, -max(depths))


def _regions(policy: RulePolicy, node: Node, fact: str, situation: Situation) -> list[str]:
    """The regions that a rule asks for."""
    condition = node.condition
    if isinstance(condition, AllOf):
        return [value for part in node.parts for value in _regions(policy, part, fact, situation)]
    if (
        not isinstance(condition, Test)
        or condition.fact != fact
        or condition.comparator not in (Comparator.IS, Comparator.ONE_OF)
    ):
        return []
    values: list[str] = []
    for operand in condition.operands:
        if isinstance(operand, FactRef):
            if operand.name in situation:
                values.append(situation[operand.name])
        else:
            values.extend(str(value) for value in policy.constants.operand(operand) or ())
    return values
