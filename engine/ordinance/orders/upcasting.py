"""What an earlier version wrote about an order, said as this one says it.

Stored events are never changed, and a document is only replaced by the next change of its order.
So what a field once was is known here for good. A field that is new and left out needs nothing: it
is at its default.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def _line(line: dict[str, Any]) -> None:
    """How many units' money was given back; which ones was not written: the first ones."""
    if count := line.pop("given_back", 0):
        line.setdefault("back", [[0, count]])


def _case(case: dict[str, Any]) -> None:
    """The one parcel that sends the goods again."""
    if code := case.pop("parcel", None):
        case.setdefault("parcels", [code])


_PARTS: dict[str, tuple[str, Callable[[dict[str, Any]], None]]] = {
    "lines": ("given_back", _line),
    "cases": ("parcel", _case),
}
"""By part of a record, the word that only an earlier version wrote, and how it is said now."""

_WORDS = tuple(f'"{word}":' for word, _ in _PARTS.values())


def is_old(document: str) -> bool:
    """Whether a document may hold such a word."""
    return any(word in document for word in _WORDS)


def part(name: str, value: Any) -> Any:
    """A value of a path of an event, as it would be written now."""
    word, say = _PARTS.get(name, ("", None))
    if say is None or not isinstance(value, dict) or word not in value:
        return value
    said = dict(value)
    say(said)
    return said


def whole(document: dict[str, Any]) -> dict[str, Any]:
    """A document, as it would be written now."""
    return {
        name: {key: part(name, one) for key, one in value.items()} if name in _PARTS else value
        for name, value in document.items()
    }
