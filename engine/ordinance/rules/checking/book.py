"""The checks of a whole rulebook: each rule set, and each against the law of the same book."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, tzinfo

from ordinance.rules.checking.inspection import findings
from ordinance.rules.checking.lawful import contradictions
from ordinance.rules.law import PREFIX
from ordinance.rules.problem import Problem, gravity
from ordinance.rules.tree import RuleSet


def book_findings(sets: Mapping[str, RuleSet], *, zone: tzinfo = UTC) -> dict[str, list[Problem]]:
    """Every finding on each set by the name of its decision point, in the order of `sets`.

    `zone` is the shop's. A set that contradicts the law in `sets` has an error for it.
    """
    found: dict[str, list[Problem]] = {}
    for name, tree in sets.items():
        law = sets.get(PREFIX + name)
        against: list[Problem] = [] if law is None else [*contradictions(tree, law, zone=zone)]
        found[name] = sorted([*against, *findings(tree, zone=zone)], key=gravity)
    return found
