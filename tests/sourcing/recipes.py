"""Rules for sourcing: the shipped ones with some decisions replaced, as a merchant would."""

from __future__ import annotations

import sys

from ordinance.rules import Rulebook, loads
from tests.core.shop import ROOT, shipped_rules

sys.path.insert(0, str(ROOT / "docs"))

from made.blocks import blocks

DOCUMENT = (ROOT / "docs" / "sourcing.md").read_text("utf-8")

FRAME = """
decision: allocation.source
hit: rank
{body}
tie_break: [candidate.priority, candidate.code]
otherwise: {{outcome: unassigned}}
when_unknown: {{outcome: unassigned}}
"""


def shipped_but(text: str) -> Rulebook:
    """The shipped rules, with the decisions that `text` writes in the place of theirs."""
    own = loads(text)
    return Rulebook([own.sets.get(point, kept) for point, kept in shipped_rules().sets.items()])


def ranked_by(body: str) -> Rulebook:
    """The shipped rules, with this ranking of the warehouses."""
    return shipped_but(FRAME.format(body=body))


def recipe(heading: str) -> Rulebook:
    """The shipped rules with the first strategy of docs/sourcing.md under a heading."""
    _, _, section = DOCUMENT.partition(f"### {heading}\n")
    return shipped_but(next(block.text for block in blocks(section) if block.kind == "yaml"))


def shop_file() -> str:
    """The shop file that the document shows."""
    return next(block.text for block in blocks(DOCUMENT) if block.text.startswith("shop:"))
