"""What only this language has: its words for the column and for an item, and joined tests."""

from __future__ import annotations

from dataclasses import dataclass

from ordinance.rules.interchange.expression import Expression, Name

COLUMN = Name(("$",))
ITEM = Name(("#",))
COMPARISONS = frozenset({"==", "!=", ">", ">=", "<", "<=", "in", "not in"})


@dataclass(frozen=True, slots=True)
class Joined:
    """One test of a cell, with the word (`and`, `or`, `,`) that joins it to those before it."""

    word: str
    test: Expression
