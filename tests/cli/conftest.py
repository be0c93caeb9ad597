"""Folders that commands are run in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.smallshop import ORDER, SHOP


@pytest.fixture
def shop(tmp_path: Path, root: Path) -> Path:
    """A folder with a small shop in good order, with the shipped rules."""
    (tmp_path / "shop.yaml").write_text(SHOP, "utf-8")
    (tmp_path / "orders.jsonl").write_text(ORDER % "TEA", "utf-8")
    (tmp_path / "catalogue.csv").write_text("sku,title\nTEA,tea\n", "utf-8")
    (tmp_path / "stock.csv").write_text("warehouse,sku,on_hand\nHZ,TEA,5\n", "utf-8")
    shutil.copytree(root / "rules", tmp_path / "rules")
    return tmp_path
