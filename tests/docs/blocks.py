"""The fenced code blocks of the documents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(
    r"(?P<from><!-- from: (?P<name>\w+) -->\n)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.S | re.M
)


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its document, kind (the word after the fence), text, and what it is made from."""

    file: str
    line: int
    kind: str
    text: str
    source: str | None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def blocks(path: Path) -> list[Block]:
    """Every fenced block of a document."""
    text = path.read_text("utf-8")
    return [
        Block(
            path.name,
            text.count("\n", 0, found.start()) + 1,
            found["kind"],
            found["text"],
            found["name"],
        )
        for found in FENCE.finditer(text)
    ]
