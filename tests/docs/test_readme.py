"""Every code block of the README is run, or compared with what is really printed."""

from __future__ import annotations

import gzip
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ordinance.rules import loads
from tests.cli.terminal import ordinance
from tests.docs.blocks import Block, blocks

ROOT = Path(os.environ.get("ORDINANCE_ROOT") or Path(__file__).resolve().parents[2])
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "docs" / "architecture.md",
    ROOT / "docs" / "embedding.md",
    ROOT / "docs" / "zh" / "README.md",
]
BLOCKS = [block for document in DOCUMENTS for block in blocks(document)]
KINDS = {"python", "console", "yaml", "text", ""}
"""A block without a kind is a drawing, not something to run."""
SLICE = 900
"""Lines of the retail file that the console blocks run on; the last customers are added."""


def of(kind: str) -> list[Block]:
    """The blocks of a kind."""
    return [block for block in BLOCKS if block.kind == kind]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as a reader has it: the shipped rules and nothing else."""
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    return tmp_path


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a demo store made from a small part of the retail orders."""
    place = tmp_path_factory.mktemp("demo")
    shop = place / "retail"
    shutil.copytree(ROOT / "examples" / "retail", shop)
    lines = gzip.decompress((shop / "orders.csv.gz").read_bytes()).decode().splitlines(True)
    told = [line for line in lines[SLICE:] if line.startswith(("581483", "C581484"))]
    text = "".join([*lines[:SLICE], *told])
    (shop / "orders.csv.gz").write_bytes(gzip.compress(text.encode()))
    (place / "demo").mkdir()
    made = ordinance("run", "retail", "--db", "demo/shop.db", cwd=place)
    assert made.code == 0, made.err
    return place


def test_every_block_is_of_a_kind_that_is_run() -> None:
    assert {block.kind for block in BLOCKS} <= KINDS
    assert all(block.source for block in of("text")), "a text block needs `<!-- from: NAME -->`"


@pytest.mark.parametrize("block", of("python"), ids=str)
def test_a_python_block_runs_as_it_stands(block: Block, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", block.text], cwd=folder, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("block", of("console"), ids=str)
def test_a_console_block_runs_as_it_stands(block: Block, store: Path) -> None:
    for line in block.text.splitlines():
        assert line.startswith("$ "), f"{block}: `{line}` is no command"
        command = shlex.split(line[2:])
        if command[0] == "make":
            done = subprocess.run(
                ["make", "-n", *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
            continue
        assert command[0] == "ordinance"
        said = ordinance(*command[1:], cwd=store)
        assert said.code == 0, f"{line}: {said.err}"
        assert said.out.strip(), f"{line} printed nothing"


@pytest.mark.parametrize("block", of("yaml"), ids=str)
def test_a_rule_in_the_readme_is_read_where_rules_stand(block: Block) -> None:
    rules = "".join(f"  {line}" for line in block.text.splitlines(True))
    whole = (
        "decision: review.risk\nhit: score\nrules:\n"
        f"{rules}"
        "bands: [{below: 30, outcome: approve}, {at_least: 30, outcome: hold}]\n"
        "otherwise: {points: 0}\nwhen_unknown: {outcome: manual_review}\n"
        "params: {large_order: {unit: CNY, value: 5000}}\n"
    )

    assert loads(whole)["review.risk"].tree.rules


@pytest.mark.slow
def test_what_is_quoted_is_what_is_printed(tmp_path: Path) -> None:
    sys.path.insert(0, str(ROOT / "docs"))
    from generate import refreshed  # type: ignore[import-not-found]

    db = tmp_path / "shop.db"
    rules = ROOT / "examples" / "retail" / "rules"
    made = ordinance(
        "run", "examples/retail", "--rules", "examples/retail/rules", "--db", db, cwd=ROOT
    )
    assert made.code == 0 and rules.is_dir(), made.err
    again = ordinance(
        "run", "examples/retail", "--rules", "examples/retail/rules", "--db", db, cwd=ROOT
    )

    assert again.out == made.out
    first = made.out.splitlines()[0].split()
    orders, final = int(first[0]), int(first[2])
    assert orders >= 2000 and final >= 0.85 * orders
    for document in DOCUMENTS:
        text = document.read_text("utf-8")
        assert refreshed(text, str(db)) == text
