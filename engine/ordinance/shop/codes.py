"""Codes that a command takes: a reason, a remedy, an answer."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from ordinance.rules import Choice


class UnknownCode(ValueError):
    """A command names a reason, a remedy or an answer that there is not."""


def known(code: str, choices: Iterable[Choice], what: str) -> None:
    """Raise `UnknownCode`, with the nearest one, unless `code` is one of the choices."""
    codes = [choice.code for choice in choices]
    if code not in codes:
        near = get_close_matches(code.upper(), codes, n=1) or get_close_matches(code, codes, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(codes)}"
        raise UnknownCode(f"`{code}` is not {what}; {hint}")
