"""A page as Markdown (with tables). What a merchant wrote is shown, never obeyed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ordinance.rules.page.blocks import Block, Code, Heading, Item, Items, Table, Terms
from ordinance.rules.page.characters import visible

_SPECIAL = re.compile(r"[\\`*\[\]<>|&~$#!]|(?<![^\W_])_|_(?![^\W_])")
"""Characters that Markdown reads; an underscore inside a word is none."""
_OPENING = re.compile(r"^([0-9]*)([-+](?=[\s-]|$)|[.)](?=\s|$))")
"""What would begin a list or draw a line."""
_SAFE_CODE = re.compile(r"[^`|\n]+")


def markdown(blocks: Sequence[Block]) -> str:
    """The text of the page; it ends with a line break."""
    return "\n\n".join("\n".join(_lines(block)) for block in blocks) + "\n"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, text):
            yield f"{'#' * level} {_escaped(text)}"
        case Items(items):
            yield from _items(items, "")
        case Terms(terms):
            for term in terms:
                yield f"- **{_escaped(term.label)}**: {_escaped(term.text)}".rstrip()
                yield from _items(term.items, "  ")
        case Table(headings, rows):
            yield _row(headings)
            yield _row(["---"] * len(headings), raw=True)
            for row in rows:
                yield _row(row)


def _items(items: Sequence[Item], indent: str) -> Iterator[str]:
    for item in items:
        yield f"{indent}- {_escaped(item.text)}"
        yield from _items(item.items, indent + "  ")


def _row(cells: Sequence[str], *, raw: bool = False) -> str:
    return f"| {' | '.join(cell if raw else _escaped(cell) for cell in cells)} |"


def _escaped(text: str) -> str:
    if isinstance(text, Code) and _SAFE_CODE.fullmatch(text):
        return f"`{text}`"
    one_line = " ".join(visible(text).split())
    return _OPENING.sub(r"\1\\\2", _SPECIAL.sub(r"\\\g<0>", one_line))
