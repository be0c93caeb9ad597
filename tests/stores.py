"""The store that tests of the engine run on: SQLite, or PostgreSQL by `ORDINANCE_STORE`."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

from ordinance.ports import Storage
from ordinance_adapters import sqlite

ON_POSTGRES = os.environ.get("ORDINANCE_STORE") == "postgresql"

_UNNAMED = itertools.count()


def open_storage(path: str | Path) -> Storage:
    """The store that belongs to a path, the same one each time; `:memory:` is a new one."""
    if not ON_POSTGRES:
        return sqlite.open_storage(path)
    from ordinance_adapters.postgres import open_storage as open_postgres
    from tests.postgres import url_of

    name = Path(f"{os.getpid()}-{next(_UNNAMED)}") if path == ":memory:" else Path(path)
    return open_postgres(url_of(name))
