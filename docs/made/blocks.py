"""The fenced blocks of a document, each with the mark that may stand before it.

A mark is one HTML comment on the line above the block:

    <!-- from: NAME -->        the generator NAME makes what follows
    <!-- file: PATH -->        the block is the file PATH, and what follows may use it
    <!-- refused: PATH -->     the same, a rule file that is refused
    <!-- change: PATH -->      changes the file PATH: `-` lines become `+` lines
    <!-- exit 1 -->            the command below ends with exit code 1
    <!-- not run: REASON -->   nothing checks the block
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_FENCE = re.compile(
    r"(?:^<!-- (?P<mark>from|file|refused|change|exit|not run):? (?P<value>.+?) -->\n)?"
    r"^(?P<open>```(?P<kind>[\w-]*)\n)(?P<text>.*?)^```$",
    re.S | re.M,
)


@dataclass(frozen=True, slots=True)
class Block:
    """One block: where it stands, its kind (the word after the fence), its text and its mark."""

    line: int
    start: int
    """Where its text begins in the document, in characters."""
    kind: str
    text: str
    mark: str | None = None
    value: str = ""
    """What the mark says after its word."""


def blocks(document: str) -> list[Block]:
    """Every fenced block of a document, in order."""
    return [
        Block(
            document.count("\n", 0, found.start("open")) + 1,
            found.start("text"),
            found["kind"],
            found["text"],
            found["mark"],
            found["value"] or "",
        )
        for found in _FENCE.finditer(document)
    ]


def with_texts(document: str, texts: Mapping[int, str]) -> str:
    """The document with other texts in the blocks that begin at these places."""
    for block in reversed(blocks(document)):
        if block.start in texts:
            end = block.start + len(block.text)
            document = document[: block.start] + texts[block.start] + document[end:]
    return document
