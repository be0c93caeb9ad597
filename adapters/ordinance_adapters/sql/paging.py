"""Reading many rows a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ordinance_adapters.sql.rows import Row

PAGE = 500
"""Rows fetched at once. No statement stays open between two pages: it would hold back the view of
every other read, and the log could not be cleared."""

Run = Callable[[str, Row], list[Row]]


def paged(run: Run, sql: str, values: Row, start: Row, key: Callable[[Row], Row]) -> Iterator[Row]:
    """The rows of a statement that takes `values`, then what it goes on after, then how many.

    `start` comes before every row, and `key` says of a row what comes right after it. Each page is
    as of the last commit.
    """
    while page := run(sql, (*values, *start, PAGE)):
        yield from page
        start = key(page[-1])
