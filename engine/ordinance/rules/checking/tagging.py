"""Comparisons of tags, tag by tag: each tag is an axis of its own."""

from __future__ import annotations

from collections.abc import Mapping

from ordinance.rules.checking.comparison import NEGATIVE, WHOLE, tags_of
from ordinance.rules.checking.diagram import Diagrams, Node
from ordinance.rules.tree import Comparator, Given, Test


def tagged(test: Test, has: Mapping[str, Node], diagrams: Diagrams) -> Node:
    """Where a comparison of tags is true. `has` says of every tag where it is there; a tag that
    no rule names stands for all others, where whole sets are compared."""
    if test.comparator in WHOLE:
        ways = [
            diagrams.all_of(
                [node if tag in wanted else diagrams.opposite(node) for tag, node in has.items()]
            )
            for wanted in (operand.value for operand in test.operands if isinstance(operand, Given))
            if isinstance(wanted, frozenset)
        ]
        true = diagrams.any_of(ways)
    elif test.comparator in (Comparator.CONTAINS, Comparator.CONTAINS_ALL):
        true = diagrams.all_of([has[tag] for tag in tags_of(test)])
    else:
        true = diagrams.any_of([has[tag] for tag in tags_of(test)])
    return diagrams.opposite(true) if test.comparator in NEGATIVE else true
