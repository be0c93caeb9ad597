"""Patterns of foreign tables."""

from __future__ import annotations

import re2

from ordinance.rules.interchange.evidence import Untranslatable


def check_pattern(text: str) -> None:
    """Raises `Untranslatable` for a pattern that ours do not match, or not in linear time."""
    try:
        re2.compile(text)
    except re2.error:
        raise Untranslatable("the pattern is none that is matched in linear time") from None
