"""Crash points: before every statement that writes, after every commit, and around every call of
the outside world. They are found in the drivers, so that nothing that is stored is left out."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Mapping
from typing import Any

from ordinance.outside import Outside
from ordinance_adapters.sqlite import connection as sqlite_connection
from ordinance_adapters.sqlite.driver import sqlite3

_WRITES = re.compile(
    r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|ALTER|DROP|COPY|WITH|SAVEPOINT|RELEASE|COMMIT)", re.I
)
_COMMIT = re.compile(r"\s*COMMIT", re.I)


class Points:
    """Counts the crash points of a process, and ends it at one of them. One for a process."""

    def __init__(self) -> None:
        self.passed = 0
        self.deadly = 0
        """The point at which the process dies, counted from the last `arm`; 0: at none."""
        self.lasting: set[int] = set()
        """The points right after something that a crash does not take back."""

    def arm(self, deadly: int) -> None:
        """Begin to count, and die at a point."""
        self.passed, self.deadly = 0, deadly
        self.lasting = set()

    def pass_(self, *, lasting: bool = False) -> None:
        """A crash point."""
        self.passed += 1
        if lasting:
            self.lasting.add(self.passed)
        if self.passed == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(self, sql: object) -> bool:
        """A statement is about to run; whether there is a point after it too."""
        text = sql if isinstance(sql, str) else sql.decode() if isinstance(sql, bytes) else ""
        if _WRITES.match(text):
            self.pass_()
        return _COMMIT.match(text) is not None


POINTS = Points()


def watch() -> None:
    """Find the points of this process and its forks, for good."""
    _watch_sqlite()
    try:
        import psycopg
    except ImportError:
        return
    _watch_postgres(psycopg.Cursor)


def _watch_sqlite() -> None:
    class Watched(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> Any:
            ends = POINTS.before(sql)
            found = super().execute(sql, *values)
            if ends:
                POINTS.pass_(lasting=True)
            return found

        def executemany(self, sql: str, *values: Any) -> Any:
            POINTS.before(sql)
            return super().executemany(sql, *values)

    class Driver:
        """The module with another `connect`."""

        def __getattr__(self, name: str) -> Any:
            return getattr(sqlite3, name)

        def connect(self, *given: Any, **named: Any) -> Any:
            return sqlite3.connect(*given, **named, factory=Watched)

    setattr(sqlite_connection, "sqlite3", Driver())  # noqa: B010


def _watch_postgres(cursor: Any) -> None:
    execute = cursor.execute

    def watched(self: Any, query: Any, *more: Any, **named: Any) -> Any:
        ends = POINTS.before(query)
        found = execute(self, query, *more, **named)
        if ends:
            POINTS.pass_(lasting=True)
        return found

    cursor.execute = watched


class _Watched:
    """A port with a point before and after each call."""

    def __init__(self, port: Any) -> None:
        self._port = port

    def _around(self, name: str, given: tuple[Any, ...]) -> Any:
        POINTS.pass_()
        answer = getattr(self._port, name)(*given)
        POINTS.pass_(lasting=True)
        return answer

    def refund(self, key: str, order_number: str, transaction: str, amount_minor: int) -> str:
        answer: str = self._around("refund", (key, order_number, transaction, amount_minor))
        return answer

    def waybill(self, key: str, carrier: str, order_number: str, weight_grams: int) -> str:
        answer: str = self._around("waybill", (key, carrier, order_number, weight_grams))
        return answer

    def push(self, key: str, warehouse: str, document: Mapping[str, object]) -> str:
        answer: str = self._around("push", (key, warehouse, document))
        return answer

    def send(self, key: str, channel: str, template: str, values: Mapping[str, object]) -> None:
        self._around("send", (key, channel, template, values))


def watched(outside: Outside) -> Outside:
    """The same ports, with a point before and after each call."""
    return Outside(
        _Watched(outside.payments),
        _Watched(outside.carriers),
        _Watched(outside.warehouses),
        _Watched(outside.notifier),
    )
