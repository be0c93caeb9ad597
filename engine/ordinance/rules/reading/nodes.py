"""A YAML file as scalars, sequences and maps with their places; every scalar is still text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from ordinance.rules.tree import Place


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text; `plain` when it stood without quotes."""

    text: str
    place: Place
    plain: bool = True


@dataclass(frozen=True, slots=True)
class Seq:
    place: Place
    items: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Entry:
    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True)
class Map:
    place: Place
    entries: list[Entry] = field(default_factory=list)


Node: TypeAlias = Scalar | Seq | Map


def is_cut(entry: Entry) -> bool:
    """True for a key without a value, as the rest of a text after a comma becomes in `{...}`."""
    return isinstance(entry.value, Scalar) and entry.value.plain and not entry.value.text


def described(node: Node) -> str:
    """What stands there, in a merchant's words."""
    if isinstance(node, Scalar):
        return "a single value" if node.text else "nothing"
    return "a list" if isinstance(node, Seq) else "a map of `key: value`"
