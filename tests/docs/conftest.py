"""Folders that the blocks of a document run in."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from tests.docs.sources import ROOT, terminal

SLICE = 900
"""Lines of the retail file that the demo store is made from; the invoices told of are added."""
TOLD = ("581483", "C581484")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as a reader has it: the shipped rules and the examples."""
    terminal.furnish(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store made from a small part of the retail orders."""
    place = tmp_path_factory.mktemp("demo")
    shop = place / "retail"
    shutil.copytree(ROOT / "examples" / "retail", shop)
    lines = gzip.decompress((shop / "orders.csv.gz").read_bytes()).decode().splitlines(True)
    told = [line for line in lines[SLICE:] if line.startswith(TOLD)]
    (shop / "orders.csv.gz").write_bytes(gzip.compress("".join([*lines[:SLICE], *told]).encode()))
    code, _, err = terminal.ordinance(["run", str(shop), "--db", str(place / "shop.db")])
    assert code == 0, err
    return place / "shop.db"
