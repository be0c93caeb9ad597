"""Foreign names that mean something else here, told apart by a prefix."""

from __future__ import annotations

from ordinance.rules.deciding.outcomes import POINTS
from ordinance.rules.deciding.vocabulary import CANDIDATES, LINES
from ordinance.rules.words import KEYS

PREFIX = "foreign."

_RESERVED = frozenset({LINES, CANDIDATES, KEYS[LINES], KEYS[CANDIDATES], POINTS})


def ours(name: str) -> str:
    """The name of a fact or a field here, for its name in the foreign file."""
    taken = name in _RESERVED or name.startswith((f"{CANDIDATES[:-1]}.", PREFIX))
    return PREFIX + name if taken else name


def theirs(name: str) -> str:
    """The name in a foreign file, for its name here."""
    return name.removeprefix(PREFIX)
