"""What FEEL has beside common expressions: `?`, and the tests of a cell."""

from __future__ import annotations

from dataclasses import dataclass

from ordinance.rules.interchange.expression import Expression, Name

COLUMN = Name(("?",))
COMPARISONS = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
"""Signs of FEEL with the operators that `Binary` has for them."""

KEYWORDS = frozenset(
    (
        *("and", "or", "not", "between", "in", "true", "false", "null", "if", "then", "else"),
        *("for", "return", "some", "every", "satisfies", "function"),
    )
)


@dataclass(frozen=True, slots=True)
class Tests:
    """The tests of a cell, of which one must pass; `-` has none, and always passes."""

    items: tuple[Expression, ...]
    negated: bool = False
    explicit: bool = False
    """Whether one of them names the column value itself, by `?`."""
