"""Exact sets of inputs as decision diagrams, and functions from inputs to values.

Every axis of a space has finitely many *cells* (classes of values that no condition tells apart),
so a set of cells of one axis is the bits of an integer. A diagram asks one axis after the other
and ends in a value: `True` and `False` for a set, anything hashable for a function. Equal
diagrams are the same node, so emptiness, equality and coverage are comparisons of two numbers.

This is box subtraction with the equal remainders shared: the sum of the points of thirty rules
has few values however many boxes lead to them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

Node: TypeAlias = int
"""A diagram of one `Diagrams`, by number."""
Path: TypeAlias = Mapping[int, int]
"""Which cells of an axis an example may have: axis to bits; an absent axis may have any."""

FALSE: Node = 0
TRUE: Node = 1
_WIDE = 8
"""A node with more edges is searched by cell, not edge by edge."""
_LEAF = 1 << 60
"""The level of a node that asks nothing: behind every axis."""


class Spent(Exception):
    """The budget is used up: what was asked is not decided."""


class Diagrams:
    """Diagrams over one sequence of axes."""

    def __init__(self, widths: Sequence[int], budget: int) -> None:
        """`widths` are the numbers of cells; `budget` is how many steps may be taken."""
        self._full = [(1 << width) - 1 for width in widths]
        self.budget = budget
        self._levels: list[int] = [_LEAF, _LEAF]
        self._edges: list[tuple[tuple[int, Node], ...]] = [(), ()]
        self._values: list[Any] = [False, True]
        self._leaves: dict[tuple[type, Hashable], Node] = {(bool, False): FALSE, (bool, True): TRUE}
        self._known: dict[tuple[int, tuple[tuple[int, Node], ...]], Node] = {}
        self._splits: dict[Node, tuple[dict[int, Node], tuple[tuple[int, Node], ...]]] = {}
        self._memo: dict[object, dict[tuple[Node, Node], Node]] = {}

    def leaf(self, value: Hashable) -> Node:
        """The function that is `value` everywhere."""
        key = (type(value), value)
        found = self._leaves.get(key)
        if found is None:
            found = self._leaves[key] = len(self._levels)
            self._levels.append(_LEAF)
            self._edges.append(())
            self._values.append(value)
        return found

    def cells(self, axis: int, mask: int) -> Node:
        """The inputs whose `axis` is in one of the cells of `mask`."""
        full = self._full[axis]
        mask &= full
        if mask == full:
            return TRUE
        return self._node(axis, {TRUE: mask, FALSE: full & ~mask})

    def meet(self, first: Node, second: Node) -> Node:
        """The inputs in both sets."""
        return self._apply("meet", _meet, first, second)

    def join(self, first: Node, second: Node) -> Node:
        """The inputs in either set."""
        return self._apply("join", _join, first, second)

    def minus(self, first: Node, second: Node) -> Node:
        """The inputs of `first` that are not in `second`."""
        return self._apply("minus", _minus, first, second)

    def opposite(self, node: Node) -> Node:
        """The inputs that are not in the set."""
        return self.minus(TRUE, node)

    def all_of(self, nodes: Sequence[Node]) -> Node:
        """The inputs in every set."""
        return self._folded(self.meet, nodes, TRUE)

    def any_of(self, nodes: Sequence[Node]) -> Node:
        """The inputs in at least one of the sets."""
        return self._folded(self.join, nodes, FALSE)

    def some_of(self, wanted: int, nodes: Sequence[Node]) -> Node:
        """The inputs in at least `wanted` of the sets."""
        reached = [TRUE] + [FALSE] * wanted
        for node in nodes:
            for count in range(wanted, 0, -1):
                reached[count] = self.join(reached[count], self.meet(node, reached[count - 1]))
        return reached[wanted]

    def choose(self, condition: Node, then: Node, other: Node) -> Node:
        """`then` where the condition holds, `other` elsewhere."""
        if condition == TRUE or then == other:
            return then
        if condition == FALSE:
            return other
        marked = self._apply("mark", _marked, condition, then)
        return self._apply("choose", _chosen, marked, other)

    def first_of(self, nodes: Sequence[Node], nothing: Node) -> Node:
        """What the first function says that does not say `nothing` (a leaf), input by input."""

        def early(_: Diagrams, first: Node, second: Node) -> Node | None:
            if first in (nothing, second):
                return second
            return first if self._levels[first] == _LEAF or second == nothing else None

        return self._folded(
            lambda first, second: self._apply(("first", nothing), early, first, second),
            nodes,
            nothing,
        )

    def combine(
        self, name: object, op: Callable[[Any, Any], Hashable], first: Node, second: Node
    ) -> Node:
        """`op` of two functions, input by input; `name` tells one `op` from another."""
        return self._apply((name, op), _leafwise(op), first, second)

    def mapped(self, name: object, op: Callable[[Any], Hashable], node: Node) -> Node:
        """`op` of a function, input by input."""
        return self._apply((name, "map"), _leafwise(lambda value, _: op(value)), node, TRUE)

    def value(self, node: Node) -> Any:
        """The value of a leaf."""
        return self._values[node]

    def values(self, node: Node) -> list[Any]:
        """Every value that a function takes, in the order of the first inputs that lead there."""
        return [self._values[leaf] for leaf, _ in self._ends(node)]

    def ends(self, node: Node) -> Iterator[tuple[Any, Path]]:
        """Each value that a function takes, with an input that leads there."""
        return ((self._values[leaf], path) for leaf, path in self._ends(node))

    def where(self, node: Node, wanted: Callable[[Any], bool]) -> Path | None:
        """An input that leads to a wanted value, as the cells that matter; None if none does."""
        return next((path for leaf, path in self._ends(node) if wanted(self._values[leaf])), None)

    def witness(self, node: Node) -> Path | None:
        """An input of a set, as the cells that matter; None for the empty set."""
        return self.where(node, bool)

    def paths(self, node: Node) -> Iterator[tuple[Any, dict[int, int]]]:
        """Each way through a diagram with the value at its end. They do not overlap."""
        if self._levels[node] == _LEAF:
            yield self._values[node], {}
            return
        axis = self._levels[node]
        for mask, child in self._edges[node]:
            for value, path in self.paths(child):
                yield value, {axis: mask, **path}

    def box(self, path: Path) -> Node:
        """The inputs with these cells."""
        return self.all_of([self.cells(axis, mask) for axis, mask in sorted(path.items())])

    def boxes(self, node: Node) -> Iterator[dict[int, int]]:
        """Boxes of a set that cannot be made larger, until they cover all of it."""
        left = node
        while left != FALSE:
            path = dict(self.witness(left) or {})
            for axis in sorted(path):
                path = self._widened(node, path, axis)
            yield path
            left = self.minus(left, self.box(path))

    def is_box(self, node: Node) -> bool:
        """Whether a set asks each axis by itself: one way through it leads to `True`."""
        while self._levels[node] != _LEAF:
            inside = [child for _, child in self._edges[node] if child != FALSE]
            if len(inside) != 1:
                return False
            node = inside[0]
        return node == TRUE

    def axes(self, node: Node) -> set[int]:
        """The axes that a diagram asks."""
        seen: set[Node] = set()
        found: set[int] = set()
        waiting = [node]
        while waiting:
            at = waiting.pop()
            if at in seen or self._levels[at] == _LEAF:
                continue
            seen.add(at)
            found.add(self._levels[at])
            waiting.extend(child for _, child in self._edges[at])
        return found

    def _widened(self, node: Node, path: dict[int, int], axis: int) -> dict[int, int]:
        """The box with every cell of one axis that still leaves it inside of the set."""
        rest = {other: mask for other, mask in path.items() if other != axis}
        # The cells for which nothing of the box lies outside.
        outside = self.minus(self.box(rest), node)
        mask = self._full[axis]
        for bit in range(mask.bit_length()):
            if self.meet(outside, self.cells(axis, 1 << bit)) != FALSE:
                mask &= ~(1 << bit)
        return rest if mask == self._full[axis] else {**rest, axis: mask}

    def _ends(self, node: Node) -> Iterator[tuple[Node, dict[int, int]]]:
        """Each leaf once, with one way to it; every node is visited once."""
        seen: set[Node] = set()

        def walk(at: Node, path: dict[int, int]) -> Iterator[tuple[Node, dict[int, int]]]:
            if at in seen:
                return
            seen.add(at)
            if self._levels[at] == _LEAF:
                yield at, path
                return
            for mask, child in self._edges[at]:
                yield from walk(child, {**path, self._levels[at]: mask})

        return walk(node, {})

    def _folded(self, op: Callable[[Node, Node], Node], nodes: Sequence[Node], empty: Node) -> Node:
        """Folded as a tree: the remainders of a long row stay small for longer."""
        row = list(nodes)
        while len(row) > 1:
            pairs = zip(row[::2], row[1::2], strict=False)
            row = [op(first, second) for first, second in pairs] + row[len(row) & ~1 :]
        return row[0] if row else empty

    def _node(self, level: int, parts: Mapping[Node, int]) -> Node:
        """The node with these children; one that asks in vain is its only child."""
        edges = tuple(
            sorted(
                ((mask, child) for child, mask in parts.items() if mask),
                key=lambda edge: edge[0] & -edge[0],
            )
        )
        if len(edges) == 1:
            return edges[0][1]
        key = (level, edges)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = len(self._levels)
            self._levels.append(level)
            self._edges.append(edges)
            self._values.append(None)
        return found

    def _split(self, node: Node) -> tuple[dict[int, Node], tuple[tuple[int, Node], ...]]:
        """The edges of a wide node: those of one cell, to be looked up, and the others."""
        known = self._splits.get(node)
        if known is None:
            single = {mask: child for mask, child in self._edges[node] if not mask & (mask - 1)}
            several = tuple(edge for edge in self._edges[node] if edge[0] & (edge[0] - 1))
            known = self._splits[node] = (single, several)
        return known

    def _apply(self, name: object, op: _Op, first: Node, second: Node) -> Node:
        memo = self._memo.setdefault(name, {})
        levels, edges, full, split = self._levels, self._edges, self._full, self._split

        def run(a: Node, b: Node) -> Node:
            done = op(self, a, b)
            if done is not None:
                return done
            known = memo.get((a, b))
            if known is not None:
                return known
            level = min(levels[a], levels[b])
            here = edges[a] if levels[a] == level else ((full[level], a),)
            there = edges[b] if levels[b] == level else ((full[level], b),)
            self.budget -= len(here) + len(there)
            if self.budget < 0:
                raise Spent
            parts: dict[Node, int] = {}
            single, several = split(b) if len(there) > _WIDE else ({}, there)
            # The edges of a node part its cells, so one side's rest runs out on the other side.
            for mask, child in here:
                neighbour = single.get(mask)
                if neighbour is not None:
                    end = run(child, neighbour)
                    parts[end] = parts.get(end, 0) | mask
                    continue
                rest = mask
                for other, neighbour in there if mask & (mask - 1) else several:
                    both = rest & other
                    if both:
                        end = run(child, neighbour)
                        parts[end] = parts.get(end, 0) | both
                        rest ^= both
                        if not rest:
                            break
            found = memo[(a, b)] = self._node(level, parts)
            return found

        return run(first, second)


_Op: TypeAlias = Callable[[Diagrams, Node, Node], "Node | None"]
"""What two nodes come to without looking below them; None where that does not say."""


def _meet(_: Diagrams, first: Node, second: Node) -> Node | None:
    if first == FALSE or second == FALSE:
        return FALSE
    if first in (TRUE, second):
        return second
    return first if second == TRUE else None


def _join(_: Diagrams, first: Node, second: Node) -> Node | None:
    if first == TRUE or second == TRUE:
        return TRUE
    if first in (FALSE, second):
        return second
    return first if second == FALSE else None


def _minus(_: Diagrams, first: Node, second: Node) -> Node | None:
    if first in (FALSE, second) or second == TRUE:
        return FALSE
    if second == FALSE:
        return first
    return FALSE if first == TRUE and second == TRUE else None


class _Nothing:
    """What a marked function holds where its condition does not."""


_NOTHING = _Nothing()


def _marked(diagrams: Diagrams, condition: Node, then: Node) -> Node | None:
    if condition == FALSE:
        return diagrams.leaf(_NOTHING)
    return then if condition == TRUE else None


def _chosen(diagrams: Diagrams, marked: Node, other: Node) -> Node | None:
    if diagrams._levels[marked] != _LEAF:
        return None
    return other if diagrams._values[marked] is _NOTHING else marked


def _leafwise(op: Callable[[Any, Any], Hashable]) -> _Op:
    def run(diagrams: Diagrams, first: Node, second: Node) -> Node | None:
        if diagrams._levels[first] == _LEAF == diagrams._levels[second]:
            return diagrams.leaf(op(diagrams._values[first], diagrams._values[second]))
        return None

    return run
