"""Every command in a document is run, and prints what the document says."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.docs.checks import problems
from tests.docs.sources import BLOCKS, ROOT, terminal

COMMANDS = [(path, block) for path, block in BLOCKS if block.kind == "console"]
DEMO = "demo/shop.db"


@pytest.mark.parametrize("path", list(dict.fromkeys(path for path, _ in COMMANDS)), ids=str)
def test_the_commands_of_a_document_do_what_it_says(
    path: Path, folder: Path, request: pytest.FixtureRequest
) -> None:
    text = (ROOT / path).read_text("utf-8")
    if DEMO in text:
        (folder / "demo").mkdir()
        (folder / DEMO).symlink_to(request.getfixturevalue("demo_store"))

    assert problems(text, folder) == []


def test_every_target_of_make_that_is_named_is_there() -> None:
    targets = {
        quote.command.removeprefix("make ")
        for _, block in COMMANDS
        for quote in terminal.quotes(block)
        if quote.command.startswith("make ")
    }

    assert {"demo", "test"} <= targets
    for target in sorted(targets):
        done = subprocess.run(
            ["make", "-n", *target.split()], cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
