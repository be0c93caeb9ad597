"""Waiting for one's turn to write, among processes that have the same file open.

SQLite waits by asking again after 1, 2, 5, 10 and up to 100 milliseconds. A process that writes
one transaction after another is back long before such a sleeper wakes, so that two or three
processes do all the work while the others wait until they give up: of eight that sold a thousand
pieces, six sold none. Short waits of random length give each the same chance at every gap, and the
file is idle for less of the time.
"""

from __future__ import annotations

from random import uniform
from time import monotonic, sleep

from ordinance_adapters.sqlite.driver import sqlite3

_LONGEST = 0.002
"""Seconds between two attempts, at most: little beside a transaction and its sync."""

_LONGEST_LATER = 0.02
"""The same for one who waits behind something long, a batch or a copy of the file."""

_LATER = 1.0


def take_turn(connection: sqlite3.Connection, patience_ms: int) -> None:
    """Begin a transaction that may write; raises `sqlite3.OperationalError` after the patience.

    It takes the write lock first: a transaction that reads and then asks for it would be refused
    at once whenever another process has written in between. The connection has no patience of its
    own (`PRAGMA busy_timeout = 0`).
    """
    began, patience = monotonic(), patience_ms / 1000
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError as error:
            waited = monotonic() - began
            if "locked" not in str(error) or waited >= patience:
                raise
        longest = _LONGEST if waited < _LATER else _LONGEST_LATER
        # Chance decides who writes first, never what is written.
        sleep(min(uniform(0, longest), patience - waited))
