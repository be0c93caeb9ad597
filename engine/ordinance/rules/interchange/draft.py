"""A foreign table while it is read: cells that know where they stand and how to be translated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeAlias

from ordinance.rules.interchange.evidence import Evidence
from ordinance.rules.interchange.imported import PLAIN, Frame
from ordinance.rules.interchange.truth import Truth
from ordinance.rules.kinds import Kind, Value, Words
from ordinance.rules.point import Hit, Merge, Missing
from ordinance.rules.tree import Place

Constant: TypeAlias = Decimal | str | bool | date | datetime | time | timedelta
Given: TypeAlias = "Constant | tuple[Given, ...] | Mapping[str, Given]"
"""A value as a foreign file writes it: every number is a decimal."""

_KINDS: tuple[tuple[type, Kind], ...] = (
    (bool, Kind.BOOLEAN),
    (Decimal, Kind.DECIMAL),
    (int, Kind.DECIMAL),
    (datetime, Kind.INSTANT),
    (date, Kind.DATE),
    (time, Kind.TIME_OF_DAY),
    (timedelta, Kind.DURATION),
)
"""Types of values with their kinds; everything else is a text."""


def kind_of(value: Given | int) -> Kind:
    """The kind of facts that hold such a value, or are compared with it."""
    return next((kind for known, kind in _KINDS if isinstance(value, known)), Kind.TEXT)


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition cell."""

    where: str
    """The cell in words, for reports."""
    column: str
    """The field of its column as the file writes it; empty where it has none."""
    text: str
    read: Callable[[Evidence], Truth]
    """Raises `Untranslatable`."""


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all, or one, must be true."""

    all: bool
    items: tuple[Clause | Group, ...]


@dataclass(frozen=True, slots=True)
class Absence:
    """What it means that a fact is absent."""

    missing: Missing
    default: Value | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One outcome cell."""

    where: str
    field: str
    text: str
    read: Callable[[], Given | None]
    """None leaves the field out. Raises `Untranslatable`."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: all of its clauses must be true."""

    id: str
    place: Place
    clauses: tuple[Clause | Group, ...]
    results: tuple[Result, ...]
    title: Words | None = None


@dataclass(slots=True)
class Draft:
    """One table."""

    name: str
    format: str
    """The language of its cells, for writing back what was not translated."""
    hit: Hit
    place: Place
    facts: list[str] = field(default_factory=list)
    """The names of the columns' facts, in order; further ones come up in the cells."""
    calculated: dict[str, str] = field(default_factory=dict)
    """Facts that stand for the calculation of a column, which whoever decides gives."""
    kinds: dict[str, Kind] = field(default_factory=dict)
    """The kinds of facts that the file declares, by their names here."""
    fields: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    otherwise: list[Result] = field(default_factory=list)
    fails: bool = False
    """Whether deciding fails where no row is true (`otherwise: error`)."""
    merge: Merge = Merge.LIST
    """How `collect` fills a field."""
    frame: Frame = PLAIN
    strict: bool = False
    """Whether a text such as `7` or `true` is no number and no truth value there."""
    keeps_nulls: bool = False
    """Whether a field that a row sets to nothing is in the output all the same."""
    repeats: bool = False
    """Whether a row may give a field several times: each one is an item of a list."""
    absences: Mapping[Kind, Absence] = field(default_factory=dict)
    """What the absence of a fact means, where it is more than that nothing matches."""
    lost: list[tuple[str, str]] = field(default_factory=list)
    """What is not translated beside cells: where, and why."""
    warnings: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    """What makes the table as a whole untranslatable: where, and why."""
