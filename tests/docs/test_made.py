"""What is made is current: `python docs/generate.py` would change nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from ordinance_adapters.cli import COMMANDS
from tests.docs.sources import ROOT, demo, documents

QUOTING = [path for path in documents.documents() if documents.of_demo(path.read_text("utf-8"))]


@pytest.mark.parametrize(
    "path", [path.relative_to(ROOT) for path in documents.documents()], ids=str
)
def test_what_a_document_quotes_of_the_code_is_current(path: Path) -> None:
    # What its commands print is compared by test_commands, which runs them.
    text = (ROOT / path).read_text("utf-8")

    assert documents.remade(text) == text


def test_the_pages_of_the_decision_points_are_current() -> None:
    there = {path: path.read_text("utf-8") for path in documents.PAGES.glob("*.md")}

    assert there == documents.pages()


@pytest.mark.parametrize("name", [*COMMANDS])
def test_every_command_has_a_section(name: str) -> None:
    text = (ROOT / "docs" / "commands.md").read_text("utf-8")

    assert f"## ordinance {name}" in text


@pytest.mark.slow
def test_what_is_quoted_of_the_demo_is_what_it_prints(tmp_path: Path) -> None:
    made = demo.carry(tmp_path / "shop.db")
    first = made.splitlines()[0].split()
    orders, final = int(first[0]), int(first[2])

    assert orders >= 2000 and final >= 0.85 * orders
    assert demo.carry(tmp_path / "shop.db") == made
    assert len(QUOTING) == 2
    for path in QUOTING:
        text = path.read_text("utf-8")
        assert documents.with_demo(text, tmp_path / "shop.db") == text
