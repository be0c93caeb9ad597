"""Which sets of inputs meet each other: pairs of many, found by halves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ordinance.rules.checking.diagram import FALSE, Diagrams, Node


class Meetings:
    """The pairs among some sets that have an input in common.

    Two halves whose unions do not meet hold no pair, so a thousand sets that exclude each other
    are a thousand comparisons, not half a million.
    """

    def __init__(self, diagrams: Diagrams, nodes: Sequence[Node]) -> None:
        self._diagrams = diagrams
        self._nodes = nodes
        self._unions: dict[tuple[int, int], Node] = {}

    def pairs(self) -> Iterator[tuple[int, int, Node]]:
        """Each pair by the places of its sets, with what they have in common; by the second."""
        for second in range(1, len(self._nodes)):
            yield from self._before(0, len(self._nodes), second)

    def some(self) -> bool:
        """Whether there is a pair."""
        return self._some(0, len(self._nodes))

    def _some(self, start: int, end: int) -> bool:
        if end - start < 2:
            return False
        half = (start + end) // 2
        left, right = self._union(start, half), self._union(half, end)
        return (
            self._diagrams.meet(left, right) != FALSE
            or self._some(start, half)
            or self._some(half, end)
        )

    def _before(self, start: int, end: int, second: int) -> Iterator[tuple[int, int, Node]]:
        """The pairs of one set with those before it among some."""
        if start >= second:
            return
        if end <= second:
            both = self._diagrams.meet(self._union(start, end), self._nodes[second])
            if both == FALSE:
                return
            if end - start == 1:
                yield start, second, both
                return
        half = (start + end) // 2
        yield from self._before(start, half, second)
        yield from self._before(half, end, second)

    def _union(self, start: int, end: int) -> Node:
        known = self._unions.get((start, end))
        if known is None:
            if end - start == 1:
                return self._nodes[start]
            half = (start + end) // 2
            known = self._diagrams.join(self._union(start, half), self._union(half, end))
            self._unions[start, end] = known
        return known
