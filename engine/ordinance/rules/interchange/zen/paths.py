"""Names of facts as paths of the expression language, and back."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ordinance.rules.interchange.expression import ExpressionError, Name
from ordinance.rules.interchange.zen.parsing import parse

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RESERVED = frozenset({"and", "or", "in", "not", "true", "false", "null"})


def path_name(path: Sequence[str]) -> str:
    """The name of the fact at a path; `$root` stands for the input as a whole."""
    parts = path[1:] if path[0] == "$root" else path
    return ".".join(parts)


def path_of(name: str, *, within: str = "") -> str | None:
    """The fact as a path (`a.b`, `$root["unit price"]`) from `within` on.

    None where the language has none, or where the fact lies outside `within`.
    """
    if within and not name.startswith(f"{within}."):
        return None
    first, *others = (name.removeprefix(f"{within}.") if within else name).split(".")
    text = first if _plain(first) else _keyed("$root", first)
    for part in others:
        if text is None:
            return None
        text = f"{text}.{part}" if _WORD.fullmatch(part) else _keyed(text, part)
    return text


def fact_of(field: str) -> str | None:
    """The name of the fact that the field of a column reads; None when it calculates."""
    try:
        found = parse(field)
    except ExpressionError:
        return None
    if not isinstance(found, Name) or "$" in found.path or "#" in found.path:
        return None
    return path_name(found.path) or None


def _plain(word: str) -> bool:
    return _WORD.fullmatch(word) is not None and word not in _RESERVED


def _keyed(before: str, key: str) -> str | None:
    quote = next((sign for sign in "\"'" if sign not in key), None)
    return None if quote is None or not key else f"{before}[{quote}{key}{quote}]"
