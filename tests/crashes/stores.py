"""Where the store of a folder lies, on each of the two databases."""

from __future__ import annotations

from pathlib import Path


def on_sqlite(folder: Path) -> str:
    """A file in it."""
    return str(folder / "shop.db")


def on_postgres(folder: Path) -> str:
    """A schema of the tests' server."""
    from tests.postgres import url_of

    return url_of(folder)


ADDRESSES = {"sqlite": on_sqlite, "postgresql": on_postgres}
