"""The quick start of the README on both stores: the address is all that changes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.docs.sources import ROOT, blocks
from tests.postgres import url_of

PATH = 'ordinance.open("shop.db"'


def quick_start() -> str:
    """The Python of the README that opens a store."""
    document = (ROOT / "README.md").read_text("utf-8")
    (text,) = [one.text for one in blocks(document) if one.kind == "python" and PATH in one.text]
    return text


def said(text: str, folder: Path) -> str:
    """What a script prints, with the ids and moments that differ from run to run left out."""
    done = subprocess.run([sys.executable, "-c", text], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    differs = (
        r"\d{4}-\d\d-\d\d|\d\d:\d\d\S*|\b\w{3}-\w{3}-\w{4}\b"
        r"|(?:\d+ (?:h|min|s) )+too (?:late|early)"
    )
    return re.sub(differs, "*", done.stdout)


def test_the_quick_start_runs_on_both_stores_and_says_the_same(folder: Path) -> None:
    text = quick_start()
    url = url_of(folder)

    on_file = said(text, folder)
    on_server = said(text.replace(PATH, f'ordinance.open("{url}"'), folder)

    assert on_server == on_file != ""
    again = text.replace("print(", "print(receipt.repeated, ")
    assert said(again.replace(PATH, f'ordinance.open("{url}"'), folder).startswith("True ")
