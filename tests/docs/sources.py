"""The documents of the checkout, and the program in `docs/` that makes their parts."""

from __future__ import annotations

import sys

from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "docs"))

from made import demo, documents, terminal
from made.blocks import Block, blocks

__all__ = ["ALL", "BLOCKS", "ROOT", "Block", "blocks", "demo", "documents", "terminal"]

ALL = [*documents.documents(), *sorted(documents.PAGES.glob("*.md"))]
"""Every document, by hand or made."""

BLOCKS = [
    (path.relative_to(ROOT), block) for path in ALL for block in blocks(path.read_text("utf-8"))
]
"""Every fenced block with the document that it stands in."""
