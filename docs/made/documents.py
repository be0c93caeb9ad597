"""The documents, and how each is made anew."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from made import codes, demo, language, mistakes, points, records, refusals, states
from made.blocks import Block, blocks, with_texts
from made.markup import with_tables
from made.terminal import ROOT, furnish, quotes, requoted

PAGES = ROOT / "docs" / "points"
"""The pages that are made whole."""

TABLES = {**codes.TABLES, **language.TABLES, **mistakes.TABLES, **refusals.TABLES}
BLOCKS: Mapping[str, Callable[[], str]] = {
    "states.order": states.order,
    "states.parcel": states.parcel,
    "states.case": states.case,
    "states.refund": states.refund,
    "decision": records.decision,
}
"""The blocks that need no run of the retail example."""


def documents() -> list[Path]:
    """Every document that is written by hand, with or without made parts."""
    found = sorted((ROOT / "docs").rglob("*.md"))
    return [ROOT / "README.md", *(path for path in found if path.parent != PAGES)]


def of_demo(document: str) -> list[Block]:
    """The blocks that quote a run of the retail example."""
    return [
        block for block in blocks(document) if block.mark == "from" and block.value in demo.BLOCKS
    ]


def remade(document: str) -> str:
    """The document with everything made anew that needs no command."""
    document = with_tables(document, TABLES)
    texts = {
        block.start: BLOCKS[block.value]()
        for block in blocks(document)
        if block.mark == "from" and block.value not in demo.BLOCKS
    }
    return with_texts(document, texts)


def refreshed(document: str) -> str:
    """The document with everything made anew that needs no run of the retail example."""
    document = remade(document)
    if not prints(document):
        return document
    with tempfile.TemporaryDirectory() as folder:
        furnish(Path(folder))
        return requoted(document, Path(folder))


def with_demo(document: str, db: Path) -> str:
    """The document with what it quotes of the retail example made anew from a store."""
    texts = {block.start: demo.BLOCKS[block.value](db) for block in of_demo(document)}
    return with_texts(document, texts)


def prints(document: str) -> bool:
    """Whether a document says what some command prints."""
    return any(
        quote.printed
        for block in blocks(document)
        if block.kind == "console" and block.mark != "not run"
        for quote in quotes(block)
    )


def pages() -> dict[Path, str]:
    """The pages that are made whole, by their path."""
    return {PAGES / name: text for name, text in points.pages().items()}
