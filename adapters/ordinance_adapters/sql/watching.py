"""What waits in a store, as plain SQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from ordinance.ports import EffectState, StoredCommand, Timer
from ordinance.watching import Backlog, EffectBacklog, QueueBacklog, TimerBacklog
from ordinance_adapters.sql import rows
from ordinance_adapters.sql.paging import paged

_COUNTED = (
    "SELECT kind, state, count(*), sum(CASE WHEN attempts > 0 THEN 1 ELSE 0 END), min(created),"
    " min(next_try), sum(CASE WHEN next_try IS NULL THEN 1 ELSE 0 END) FROM outbox"
    " WHERE shop = ?1 AND state IN {} GROUP BY kind, state"
)
# The two conditions as the indexes have them, so that what is done is not read.
_EFFECTS = " UNION ALL ".join(
    (
        _COUNTED.format("('waiting', 'unknown')"),
        _COUNTED.format("('unknown', 'dead') AND state = 'dead'"),
    )
)
_TIMERS = (
    "SELECT kind, count(*), sum(CASE WHEN due <= ? THEN 1 ELSE 0 END), min(due) FROM timers"
    " WHERE shop = ? GROUP BY kind"
)
_QUEUE = (
    "SELECT count(DISTINCT order_id), CAST(coalesce(sum(pieces), 0) AS BIGINT), min(since)"
    " FROM backorders WHERE shop = ?"
)
_FREED = "SELECT count(*) FROM arrivals WHERE shop = ? AND served < marks"
_EXPIRED = (
    "SELECT count(DISTINCT holder) FROM reservations WHERE shop = ? AND expires_at IS NOT NULL"
    " AND expires_at <= ?"
)
_ALL_TIMERS = (
    f"SELECT {rows.TIMER} FROM timers WHERE shop = ? AND (order_id, kind, name) > (?, ?, ?)"
    " ORDER BY order_id, kind, name LIMIT ?"
)
_ALL_COMMANDS = (
    f"SELECT {rows.COMMAND} FROM commands WHERE shop = ? AND key > ? ORDER BY key LIMIT ?"
)
_ALL_PAYMENTS = (
    "SELECT method, number, order_id FROM transactions WHERE shop = ? AND (method, number) > (?, ?)"
    " ORDER BY method, number LIMIT ?"
)


class WatchReads(Protocol):
    """The part of the reads of a `Storage` that is for those who watch over it."""

    def _rows(self, sql: str, values: rows.Row) -> list[rows.Row]:
        """What a statement finds."""
        ...

    def backlog(self, shop: str, now: datetime) -> Backlog:
        """Statement by statement, each as of the last commit."""
        at = rows.instant_text(now)
        orders, pieces, since = self._rows(_QUEUE, (shop,))[0]
        queue = QueueBacklog(
            orders,
            pieces,
            None if since is None else rows.instant(since),
            self._rows(_FREED, (shop,))[0][0],
            self._rows(_EXPIRED, (shop, at))[0][0],
        )
        return Backlog(
            tuple(_effects(row) for row in sorted(self._rows(_EFFECTS, (shop,)))),
            tuple(
                TimerBacklog(kind, count, late, rows.instant(due))
                for kind, count, late, due in sorted(self._rows(_TIMERS, (at, shop)))
            ),
            queue,
        )

    def timers(self, shop: str) -> Iterator[Timer]:
        """Page by page, each as of the last commit."""
        found = paged(self._rows, _ALL_TIMERS, (shop,), ("", "", ""), lambda row: row[1:4])
        return map(rows.timer, found)

    def commands(self, shop: str) -> Iterator[StoredCommand]:
        """Page by page, each as of the last commit."""
        found = paged(self._rows, _ALL_COMMANDS, (shop,), ("",), lambda row: row[1:2])
        return map(rows.command, found)

    def payments(self, shop: str) -> Iterator[tuple[str, str, str]]:
        """Page by page, each as of the last commit."""
        found = paged(self._rows, _ALL_PAYMENTS, (shop,), ("", ""), lambda row: row[:2])
        return ((row[0], row[1], row[2]) for row in found)


def _effects(row: rows.Row) -> EffectBacklog:
    kind, state, count, failing, oldest, due, stopped = row
    first = None if due is None else rows.instant(due)
    return EffectBacklog(
        kind, EffectState(state), count, failing, rows.instant(oldest), first, stopped
    )
