"""Two facts that are compared with each other: which of their values go with which sign."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ordinance.rules.checking.axis import ABSENT, Axis, bounds_of
from ordinance.rules.checking.diagram import Diagrams, Node
from ordinance.rules.checking.example import PAIR
from ordinance.rules.kinds import Value
from ordinance.rules.point import Fact
from ordinance.rules.tree import Test

Key = tuple[str, ...]
_SIGNS = "<=>"


def near(
    name: str,
    by_fact: Mapping[str, Sequence[Test]],
    compared: Mapping[str, Collection[str]],
    facts: Mapping[str, Fact],
) -> list[Value] | None:
    """The values at which facts that are compared with this one are cut; None without such facts.

    Cut at the same places, two values of each gap show every way in which they can lie.
    """
    others = sorted(compared.get(name, ()))
    if not others:
        return None
    found: list[Value] = []
    for other in others:
        found.extend(bounds_of(by_fact[other]))
        ends = (facts[other].at_least, facts[other].at_most)
        found.extend(end for end in ends if end is not None)
    return found


def lone_pairs(keys: Iterable[Key]) -> set[Key]:
    """The pairs of facts that are compared with each other and with no third one.

    Of three facts a sign of each two may not go together; that is not looked into.
    """
    pairs = {key for key in keys if key[1] == PAIR}
    count = Counter(name for key in pairs for name in key[2:])
    return {key for key in pairs if all(count[name] == 1 for name in key[2:])}


def pairs_domain(pairs: Collection[Key], axes: Sequence[Axis], diagrams: Diagrams) -> Node:
    """The inputs in which the sign between two facts agrees with their values."""
    place = {axis.key: at for at, axis in enumerate(axes)}
    parts = []
    for key in sorted(pairs):
        left, right = (axes[place[name,]] for name in key[2:])
        ways = []
        for bit, cell in enumerate(left.cells):
            for signs, mask in _partners(cell, right).items():
                ways.append(
                    diagrams.all_of(
                        [
                            diagrams.cells(place[left.key], 1 << bit),
                            diagrams.cells(place[right.key], mask),
                            diagrams.cells(place[key], signs),
                        ]
                    )
                )
        parts.append(diagrams.any_of(ways))
    return diagrams.all_of(parts)


def _partners(cell: Sequence[Any], other: Axis) -> dict[int, int]:
    """The cells of the other fact by the signs that are possible with a cell of this one."""
    found: dict[int, int] = {}
    for bit, partner in enumerate(other.cells):
        signs = 0b111
        if cell[0] is not ABSENT and partner[0] is not ABSENT:
            low, high = min(cell), max(cell)
            below, above = min(partner), max(partner)
            common = any(value in partner for value in cell)
            signs = (low < above) | (common << 1) | ((high > below) << 2)
        found[signs] = found.get(signs, 0) | (1 << bit)
    return found
