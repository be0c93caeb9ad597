"""What a page is made of, before it is written as Markdown or HTML. Texts are not escaped yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


class Code(str):
    """A name as it is written in rule files: of a fact, a rule, a parameter."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the widest."""

    level: int
    text: str
    anchor: str = ""
    """What a link names it by; it is there once on the page."""


@dataclass(frozen=True, slots=True)
class Item:
    """One point of a list, with the points below it."""

    text: str
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A label and what stands under it: a text, a list below it, or both."""

    label: str
    text: str
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """Labels with what stands under them."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Headings, and rows of as many cells."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block: TypeAlias = Heading | Items | Terms | Table
