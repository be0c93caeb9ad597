"""Texts that are the same but for upper and lower case, as `str.lower` sees it, by a pattern."""

from __future__ import annotations

import re

MOST_CHARACTERS = 200

_OTHERS = {"k": "\u212a", "å": "\u212b", "ß": "\u1e9e", "θ": "\u03f4", "ω": "\u2126"}
"""Letters that become this one, beside its own upper case and title case."""

_DEPENDENT = re.compile("[σς]|i\u0307")
"""What `str.lower` makes of a letter by its neighbours, or of one letter alone."""

_PART = re.compile(r"\[(?P<letters>[^\]]+)\]|\\(?P<sign>.)|(?P<char>[^\\])", re.DOTALL)


def has_case(text: str) -> bool:
    """Whether any other text is the same but for case."""
    lower = text.lower()
    return _DEPENDENT.search(lower) is not None or any(len(_same(char)) > 1 for char in lower)


def pattern(text: str) -> str | None:
    """An RE2 pattern for exactly the texts whose `lower()` is that of `text`; None where no
    pattern says it, because it is too long or a letter depends on its neighbours."""
    lower = text.lower()
    if len(lower) > MOST_CHARACTERS or _DEPENDENT.search(lower):
        return None
    return rf"\A{''.join(_any_of(_same(char)) for char in lower)}\z"


def text_of(pattern_text: str) -> str | None:
    """The text in lower case that `pattern` was made for; None for every other pattern."""
    inner = pattern_text.removeprefix(r"\A").removesuffix(r"\z")
    parts = (found["letters"] or found["sign"] or found["char"] for found in _PART.finditer(inner))
    text = "".join(part[0] for part in parts)
    return text if pattern(text) == pattern_text else None


def _same(lower: str) -> str:
    """The letters that become this one, which is in lower case, itself first."""
    others = (lower.upper(), lower.title(), _OTHERS.get(lower, ""))
    return "".join(dict.fromkeys((lower, *(char for char in others if len(char) == 1))))


def _any_of(chars: str) -> str:
    if len(chars) > 1:
        return f"[{chars}]"
    return f"\\{chars}" if chars.isascii() and not (chars.isalnum() or chars in "_ ") else chars
