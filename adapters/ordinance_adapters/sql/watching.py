"""What waits in a store, as plain SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from ordinance.ports import EffectState
from ordinance.watching import Backlog, EffectBacklog, QueueBacklog, TimerBacklog
from ordinance_adapters.sql import rows

Run = Callable[[str, rows.Row], list[rows.Row]]
"""Fetches the rows of a statement."""

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


def backlog(run: Run, shop: str, now: datetime) -> Backlog:
    """What waits at `now`."""
    at = rows.instant_text(now)
    orders, pieces, since = run(_QUEUE, (shop,))[0]
    return Backlog(
        tuple(_effects(row) for row in sorted(run(_EFFECTS, (shop,)))),
        tuple(
            TimerBacklog(kind, count, late, rows.instant(due))
            for kind, count, late, due in sorted(run(_TIMERS, (at, shop)))
        ),
        QueueBacklog(
            orders,
            pieces,
            None if since is None else rows.instant(since),
            run(_FREED, (shop,))[0][0],
            run(_EXPIRED, (shop, at))[0][0],
        ),
    )


def _effects(row: rows.Row) -> EffectBacklog:
    kind, state, count, failing, oldest, due, stopped = row
    first = None if due is None else rows.instant(due)
    return EffectBacklog(
        kind, EffectState(state), count, failing, rows.instant(oldest), first, stopped
    )


def timers(run: Run, shop: str, page: int) -> Iterator[rows.Row]:
    """The rows of the timers, page by page."""
    last = ("", "", "")
    while found := run(_ALL_TIMERS, (shop, *last, page)):
        yield from found
        last = found[-1][1:4]


def commands(run: Run, shop: str, page: int) -> Iterator[rows.Row]:
    """The rows of the commands, page by page."""
    last = ""
    while found := run(_ALL_COMMANDS, (shop, last, page)):
        yield from found
        last = found[-1][1]
