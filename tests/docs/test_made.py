"""What is made is current: `python docs/generate.py` would change nothing."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from ordinance_adapters.cli import COMMANDS
from tests.docs.sources import ROOT, demo, documents, terminal
from tests.stores import open_storage

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
@pytest.mark.longest
def test_what_is_quoted_of_the_demo_is_what_it_prints(tmp_path: Path) -> None:
    made = demo.carry(tmp_path / "shop.db")
    first = made.splitlines()[0].split()
    orders, final = int(first[0]), int(first[2])

    assert orders >= 2000 and final >= 0.85 * orders
    assert len(QUOTING) == 2
    for path in QUOTING:
        text = path.read_text("utf-8")
        assert documents.with_demo(text, tmp_path / "shop.db") == text


@pytest.mark.slow
def test_the_demo_again_changes_nothing(demo_store: Path) -> None:
    def kept() -> list[str]:
        with closing(open_storage(demo_store)) as storage:
            return list(storage.content())

    before = kept()

    code, _, told = terminal.ordinance(
        ["run", str(demo_store.parent / "retail"), "--db", str(demo_store)]
    )
    assert code == 0 and "0 new orders" in told
    assert kept() == before
