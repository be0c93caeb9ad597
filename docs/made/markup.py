"""Markdown that is made: tables, and the regions of a document that they stand in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

REGION = re.compile(
    r"(?P<open>^<!-- table: (?P<name>[\w.]+) -->\n)(?P<made>.*?)(?P<close>^<!-- end -->$)",
    re.S | re.M,
)
"""What stands between `<!-- table: NAME -->` and `<!-- end -->`."""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table, with a blank line before and after it."""
    lines = [heads, ["---"] * len(heads), *rows]
    body = "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)
    return f"\n{body}\n"


def code(text: str) -> str:
    """A word as it is written in a rule file or in the code."""
    return f"`{text}`"


def with_tables(document: str, makers: Mapping[str, Callable[[], str]]) -> str:
    """The document with its tables made anew. Raises `KeyError` for one that nobody makes."""
    return REGION.sub(
        lambda found: f"{found['open']}{makers[found['name']]()}{found['close']}", document
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
