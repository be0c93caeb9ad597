"""Every fenced block of the documents is run, read or made; none is passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.checks import fault, missed, ran
from tests.docs.sources import ALL, BLOCKS, ROOT, Block

PYTHON = [(path, block) for path, block in BLOCKS if block.kind == "python"]


def named(value: object) -> str | None:
    """Documents by their path, blocks by their line."""
    return f"{value.line}" if isinstance(value, Block) else str(value)


@pytest.mark.parametrize("path", [path.relative_to(ROOT) for path in ALL], ids=str)
def test_every_block_of_a_document_is_right(path: Path) -> None:
    document = (ROOT / path).read_text("utf-8")
    found = [
        f"{path}:{block.line}: {problem}"
        for name, block in BLOCKS
        if name == path
        for problem in [fault(block, document)]
        if problem
    ]

    assert found == []
    assert missed(document) == 0


@pytest.mark.parametrize(("path", "block"), PYTHON, ids=named)
def test_a_python_block_runs_as_it_stands(path: Path, block: Block, folder: Path) -> None:
    assert ran(block.text, folder) is None


def test_there_are_blocks_of_every_kind_to_check() -> None:
    assert {block.kind for _, block in BLOCKS} == {
        "python", "console", "yaml", "json", "text", "mermaid", "diff"
    }  # fmt: skip
