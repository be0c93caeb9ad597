"""The problem: what is wanted, who could send it at which cost, and the limits of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Want:
    """What one order line wants: so many units, each of which takes pieces of stock items."""

    line: int
    units: int
    """At least 1."""
    takes: tuple[tuple[str, int], ...]
    """Pieces by stock item that one unit takes: one entry, or several for a bundle."""
    whole: bool = False
    """Whether all of its units must leave one warehouse."""
    together: str | None = None
    """Wants with the same word leave one warehouse, all of them or none: a set."""
    gift_of: int | None = None
    """The line that it is a gift of: it leaves where at least one unit of that line leaves."""


@dataclass(frozen=True, slots=True)
class Source:
    """A warehouse that may send. Costs are integers in one unit of money of the caller's choice."""

    code: str
    stock: Mapping[str, int]
    """Pieces by stock item that it may give; what is absent it does not have."""
    parcel: int
    """What its parcel costs, whatever is inside; not negative."""
    unit: Mapping[int, int]
    """What one unit of a line adds to that, by line; not negative, nothing where absent."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Wants, and the warehouses that may fill them in the order in which they are preferred."""

    wants: tuple[Want, ...]
    sources: tuple[Source, ...]
    most_parcels: int
    extra_parcel: int = 0
    """What every parcel after the first one costs on top."""
