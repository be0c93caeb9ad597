"""A rule file as units (map entries and list items) that know where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class Spot:
    """A position in the text: characters from its start, line and column, all from 0."""

    index: int
    line: int
    column: int


@dataclass(slots=True)
class Leaf:
    """A scalar. `style` is the quote or block sign it was written with, or nothing."""

    text: str
    style: str
    start: Spot
    end: Spot


@dataclass(slots=True)
class Unit:
    """A map entry, or a list item (then `key` is None), with the comments that go with it.

    An empty string among the lines `above` is a blank line.
    """

    key: Leaf | None
    value: Leaf | Branch
    start: Spot
    above: list[str] = field(default_factory=list)
    beside: str | None = None


@dataclass(slots=True)
class Branch:
    """A map or a list. `end` is only meaningful for one written in brackets (`flow`)."""

    is_map: bool
    flow: bool
    start: Spot
    end: Spot
    units: list[Unit] = field(default_factory=list)
    foot: list[str] = field(default_factory=list)
    """The lines after the last unit."""


Node: TypeAlias = Leaf | Branch


def outline(text: str) -> Node:
    """The outline of a text that passed the reader's guards and holds one document."""
    open_: list[Branch] = []
    keys: list[Leaf | None] = []
    root: Node | None = None
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionEndEvent):
            open_.pop().end = _spot(event.end_mark)
            keys.pop()
            continue
        node = _node(event)
        if node is None:
            continue
        if not open_:
            root = node
        elif open_[-1].is_map and keys[-1] is None:
            if not isinstance(node, Leaf):
                raise ValueError("a key of a map is a scalar")
            keys[-1] = node
            continue
        else:
            key, keys[-1] = keys[-1], None
            open_[-1].units.append(Unit(key, node, key.start if key else node.start))
        if isinstance(node, Branch):
            open_.append(node)
            keys.append(None)
    if root is None:
        raise ValueError("the text holds no document")
    return root


def walk(node: Node) -> Iterator[tuple[Unit, Branch]]:
    """Every unit below `node` with the branch it belongs to, in the order of the text."""
    if isinstance(node, Branch):
        for unit in node.units:
            yield unit, node
            yield from walk(unit.value)


def leaves(node: Node) -> Iterator[Leaf]:
    """Every scalar, keys too, in the order of the text."""
    if isinstance(node, Leaf):
        yield node
        return
    for unit in node.units:
        if unit.key is not None:
            yield unit.key
        yield from leaves(unit.value)


def content(node: Node) -> object:
    """What the outline says, without places, styles and comments; for comparing."""
    if isinstance(node, Leaf):
        return node.text
    if node.is_map:
        return {"map": [(unit.key and unit.key.text, content(unit.value)) for unit in node.units]}
    return [content(unit.value) for unit in node.units]


def _node(event: Any) -> Node | None:
    if isinstance(event, yaml.ScalarEvent):
        style = event.style or ""
        return Leaf(event.value, style, _spot(event.start_mark), _spot(event.end_mark))
    if isinstance(event, yaml.CollectionStartEvent):
        start = _spot(event.start_mark)
        is_map = isinstance(event, yaml.MappingStartEvent)
        return Branch(is_map, bool(event.flow_style), start, start)
    return None


def _spot(mark: Any) -> Spot:
    return Spot(mark.index, mark.line, mark.column)
