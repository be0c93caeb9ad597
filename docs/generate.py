"""Refreshes what README.md quotes from a real run.

    ordinance run examples/retail --rules examples/retail/rules --db demo/shop.db
    python docs/generate.py demo/shop.db

A text block that follows `<!-- from: NAME -->` is what the function NAME here gives.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"(<!-- from: (\w+) -->\n```text\n)(.*?)(```)", re.S)
FIRST, LAST = 26, 22
"""Lines of the report that are quoted from its beginning and from its end."""


def said(*arguments: str) -> str:
    """What `ordinance` prints."""
    command = [sys.executable, "-c", "from ordinance_adapters.cli import main; main()", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def report(db: str) -> str:
    """The beginning of the demo's report, and the order it tells at the end."""
    lines = said("report", "--db", db).splitlines()
    return "\n".join([*lines[:FIRST], "...", *lines[-LAST:]]) + "\n"


def explain(db: str) -> str:
    """Why an invoice of 168,469.60 GBP was looked at by a person."""
    return said("explain", "581483", "--decision", "review.risk", "--db", db)


GENERATORS = {"report": report, "explain": explain}


def refreshed(text: str, db: str) -> str:
    """A document with its generated blocks made anew."""
    return BLOCK.sub(lambda found: found[1] + GENERATORS[found[2]](db) + found[4], text)


if __name__ == "__main__":
    readme = ROOT / "README.md"
    readme.write_text(
        refreshed(readme.read_text("utf-8"), str(Path(sys.argv[1]).resolve())), "utf-8"
    )
