"""The line to a PostgreSQL server: statements on the connection of one transaction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import count
from typing import Any

from psycopg import Connection, RawCursor

from ordinance.ports import Conflict
from ordinance_adapters.postgres.failure import FAILURES, is_taken, storage_error
from ordinance_adapters.sql.rows import Row

_MARK = re.compile(r"\?(\d*)")


@lru_cache(maxsize=1024)
def numbered(sql: str) -> str:
    """The statement with `$1`, `$2` ... where it says `?` or `?1`, `?2` ..."""
    places = count(1)
    return _MARK.sub(lambda mark: f"${mark[1] or next(places)}", sql)


def fetched(connection: Connection[Any], sql: str, values: Row) -> list[Row]:
    """The rows of one statement; none, where it gives none."""
    cursor = RawCursor(connection)
    cursor.execute(numbered(sql), values)
    return cursor.fetchall() if cursor.description else []


class PostgresLine:
    """The `Line` of one connection, with failures said in our words."""

    def __init__(self, connection: Connection[Any], where: str) -> None:
        self.where = where
        self._connection = connection

    def run(self, sql: str, values: Row) -> list[Row]:
        try:
            return fetched(self._connection, sql, values)
        except FAILURES as error:
            if is_taken(error):
                raise Conflict("a row is stored already") from error
            raise storage_error(self.where, error) from error

    def add(self, sql: str, added: Sequence[Row], what: str) -> int:
        try:
            cursor = RawCursor(self._connection)
            if len(added) == 1:
                cursor.execute(numbered(sql), added[0])
            else:
                cursor.executemany(numbered(sql), added)
            return cursor.rowcount
        except FAILURES as error:
            if is_taken(error):
                raise Conflict(f"{what} is stored already") from error
            raise storage_error(self.where, error) from error
