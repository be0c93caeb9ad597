"""Makes anew what the documents do not write by hand: tables, diagrams, what commands print.

python docs/generate.py                     carries the retail example first (about a minute)
python docs/generate.py --db demo/shop.db   takes a store that `make demo` has made
python docs/generate.py --check             changes nothing; exit code 1 when one is stale
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from made import demo
from made.documents import PAGES, documents, of_demo, pages, refreshed, with_demo
from made.terminal import ROOT


def made(db: Path) -> dict[Path, str]:
    """Every document and page as it should be, given a store with a run of the retail example."""
    texts = {path: refreshed(path.read_text("utf-8")) for path in documents()}
    texts |= {path: with_demo(text, db) for path, text in texts.items() if of_demo(text)}
    return texts | pages()


def main() -> None:
    """Write what is stale, and say so."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--db", type=Path, help="a store with a run of the retail example")
    asked.add_argument("--check", action="store_true", help="change nothing, exit 1 if stale")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        db = given.db.resolve() if given.db else Path(folder) / "shop.db"
        if not given.db:
            demo.carry(db)
        texts = made(db)
    stale = [
        path for path, text in texts.items() if not path.exists() or path.read_text("utf-8") != text
    ]
    gone = sorted(set(PAGES.glob("*.md")) - set(texts))
    for path in [*stale, *gone]:
        print(f"{'stale' if given.check else 'wrote'} {path.relative_to(ROOT)}")
    if given.check:
        raise SystemExit(bool(stale or gone))
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(texts[path], "utf-8")
    for path in gone:
        path.unlink()


if __name__ == "__main__":
    main()
