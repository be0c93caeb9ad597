"""Makes a store as each closed issue left them: `python -m tests.migrations.make_fixtures`.

The commit is checked out into a folder of its own, and carries the tea shop of its own examples
with its own code. Nothing is installed: the packages of this environment do. The tea shop's buyers
were made up.
"""

from __future__ import annotations

import contextlib
import lzma
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

FIXTURES = Path(__file__).parent / "fixtures"
ROOT = Path(__file__).parents[2]

CLOSED = {
    2: "83b98a6",  # the whole life of an order
    3: "5a99b9b",  # the rule language, complete
    4: "6f4da06",  # rules at speed, checked, published
    5: "544b1a4",  # stock, sourcing, splits
    6: "6e7915c",  # one store or many machines
}
"""The last commit of each issue that was closed."""

PUBLISHES = 4
"""The first issue whose stores hold published rules."""

EXAMPLE = "examples/chashop"

_ITEM = "\n- source_id:"
_COMMAND = "from ordinance_adapters.cli import main; main()"


def fixture(issue: int) -> Path:
    """The file of an issue's store."""
    return FIXTURES / f"issue-{issue}.db.xz"


def unpacked(issue: int, folder: Path) -> Path:
    """A store as that issue left it, to be opened."""
    path = folder / f"issue-{issue}.db"
    path.write_bytes(lzma.decompress(fixture(issue).read_bytes()))
    return path


def make(issue: int, commit: str) -> None:
    """One fixture, anew."""
    with tempfile.TemporaryDirectory() as folder, checked_out(commit, Path(folder)) as source:
        db = Path(folder) / "shop.db"
        example = source / EXAMPLE
        if issue >= PUBLISHES:
            told = ("--shop", example, "--author", "Lan", "--note", "the first rules")
            ordinance(source, "rules", "publish", example / "rules", "--db", db, *told)
        shorten(example / "orders.yaml")
        ordinance(source, "run", example, "--db", db, "--quiet")
        settle(db)
        FIXTURES.mkdir(exist_ok=True)
        packed = lzma.compress(db.read_bytes(), preset=9 | lzma.PRESET_EXTREME)
        fixture(issue).write_bytes(packed)


@contextlib.contextmanager
def checked_out(commit: str, folder: Path):  # type: ignore[no-untyped-def]
    """The sources of a commit."""
    source = folder / "source"
    git = ("git", "-C", str(ROOT), "worktree")
    subprocess.run([*git, "add", "--quiet", "--detach", str(source), commit], check=True)
    try:
        yield source
    finally:
        subprocess.run([*git, "remove", "--force", str(source)], check=True)


def ordinance(source: Path, *arguments: str | Path) -> None:
    """The command line of those sources."""
    path = os.pathsep.join(str(source / root) for root in ("engine", "adapters"))
    env = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run(
        [sys.executable, "-c", _COMMAND, *map(str, arguments)],
        cwd=source,
        env=env,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def shorten(orders: Path) -> None:
    """Leave every fourth order of the tea shop."""
    head, *items = orders.read_text("utf-8").split(_ITEM)
    orders.write_text(_ITEM.join([head, *items[::4]]), "utf-8")


def settle(db: Path) -> None:
    """One file, without free pages."""
    connection = sqlite3.connect(db)
    connection.execute("PRAGMA journal_mode = delete")
    connection.execute("VACUUM")
    connection.close()


def main() -> None:
    """Make those that are named, or all."""
    for issue in map(int, sys.argv[1:] or map(str, CLOSED)):
        make(issue, CLOSED[issue])
        print(f"issue {issue}: {fixture(issue).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
