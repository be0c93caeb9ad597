"""The store that tests of the engine run on: SQLite, or PostgreSQL by `ORDINANCE_STORE`."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest

from ordinance.ports import Storage
from ordinance_adapters import sqlite

ON_POSTGRES = os.environ.get("ORDINANCE_STORE") == "postgresql"

sqlite_alone = pytest.mark.skipif(ON_POSTGRES, reason="about the SQLite file alone")
"""For tests of what only the SQLite store has."""

_UNNAMED = itertools.count()


def open_storage(path: str | Path) -> Storage:
    """The store that belongs to a path, the same one each time; `:memory:` is a new one."""
    if not ON_POSTGRES:
        return sqlite.open_storage(path)
    from ordinance_adapters.postgres import open_storage as open_postgres

    name = f"{os.getpid()}-{next(_UNNAMED)}" if path == ":memory:" else path
    return open_postgres(address(name))


def address(path: str | Path) -> str:
    """What a shop opens that store by."""
    if not ON_POSTGRES:
        return str(path)
    from tests.postgres import url_of

    return url_of(Path(path))


def ready() -> None:
    """Have the server there before the first process of a test asks for it."""
    if ON_POSTGRES:
        from tests.postgres import server_url

        server_url()
