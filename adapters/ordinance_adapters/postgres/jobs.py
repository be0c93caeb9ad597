"""The jobs of a store: put beside effects and timers, where PGQueuer finds them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder
from pgqueuer.domain.settings import DBSettings
from pgqueuer.domain.types import Channel
from psycopg import Connection

from ordinance.dispatching import Job, JobKind
from ordinance.ports import Clock
from ordinance.stored import Timer
from ordinance_adapters.sql import rows
from ordinance_adapters.sql.line import Line

_GATE = "SELECT name FROM steps WHERE name = 'gate' FOR UPDATE"
_FIRST_OPEN = "shop, key, next_try, redriven, attempts FROM outbox"
_OPEN = "state IN ('waiting', 'unknown')"
_HEADS_OF_ORDER = (
    f"SELECT DISTINCT ON (lane) {_FIRST_OPEN} WHERE shop = ? AND order_id = ? AND {_OPEN}"
    " ORDER BY lane, place"
)
_HEADS = (
    f"SELECT DISTINCT ON (shop, order_id, lane) {_FIRST_OPEN} WHERE {_OPEN}"
    " ORDER BY shop, order_id, lane, place"
)
_TIMERS = "SELECT shop, order_id, kind, name, due FROM timers WHERE due <= ?"

_SOON = timedelta(minutes=2)
"""What is due by then, and has lost its job, gets a new one."""


@dataclass(frozen=True, slots=True)
class Put:
    """A job with the instant when it is due, and what tells it from every other one: of those that
    are not over, one is kept."""

    job: Job
    due: datetime
    name: str


def timer_job(timer: Timer) -> Put:
    """The job of a timer as it is set; one that is moved gets another."""
    name = json.dumps(["timer", *_timer_texts(timer)], ensure_ascii=False)
    return Put(Job(JobKind.TIMER, timer.shop, timer), timer.due, name)


def entrypoint(kind: JobKind, shop: str) -> str:
    """What the workers of a shop take from the queue, and no others."""
    return f"{kind.value}:{shop}"


def written(job: Job) -> bytes:
    """A job as it lies in the queue."""
    about = _timer_texts(job.about) if isinstance(job.about, Timer) else [job.shop, job.about]
    return json.dumps(about, ensure_ascii=False).encode()


def read(kind: JobKind, payload: bytes) -> Job:
    """The job that was written."""
    shop, *about = json.loads(payload)
    if kind is JobKind.EFFECT:
        return Job(JobKind.EFFECT, shop, about[0])
    order_id, name, part, due = about
    return Job(JobKind.TIMER, shop, Timer(shop, order_id, name, part, rows.instant(due)))


class Jobs:
    """Puts jobs. An effect has one as long as it is open, is due at some time, and stands first in
    its lane, so that two workers never do the same at once, unless one is thought dead."""

    def __init__(self, schema: str, clock: Clock) -> None:
        self._clock = clock
        self.settings = DBSettings(db_schema=schema, channel=Channel(f"{schema}_jobs"))
        self._enqueue = QueryQueueBuilder(self.settings).build_enqueue_query("skip")

    def installed(self, connection: Connection[Any]) -> bool:
        """Whether the queue's tables are there."""
        name = f"{self.settings.db_schema}.{self.settings.queue_table}"
        row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", (name,)).fetchone()
        return bool(row and row[0])

    def install(self, connection: Connection[Any]) -> None:
        """Make the queue's tables, unless they are there; by one at a time."""
        with connection.transaction():
            connection.execute(_GATE)
            if not self.installed(connection):
                builder = QueryBuilderEnvironment(self.settings)
                connection.execute(builder.build_install_query(create_schema=False).encode())

    def put(self, line: Line, jobs: Sequence[Put]) -> None:
        """Put jobs, as a part of the transaction; those that are there already are left."""
        if not jobs:
            return
        now = self._clock.now()
        values = (
            [0] * len(jobs),
            [entrypoint(put.job.kind, put.job.shop) for put in jobs],
            [written(put.job) for put in jobs],
            [max(put.due - now, timedelta(0)) for put in jobs],
            [put.name for put in jobs],
            ["null"] * len(jobs),
        )
        line.write(self._enqueue, [values], "a job")

    def heads(self, line: Line, shop: str, order_id: str) -> list[Put]:
        """The jobs of the effects that stand first in the lanes of an order."""
        return _effects(line.run(_HEADS_OF_ORDER, (shop, order_id)))

    def missing(self, line: Line) -> list[Put]:
        """The jobs of everything that is due soon, whether or not it has one."""
        soon = self._clock.now() + _SOON
        effects = [put for put in _effects(line.run(_HEADS, ())) if put.due <= soon]
        timers = line.run(_TIMERS, (rows.instant_text(soon),))
        return [*effects, *(timer_job(rows.timer(row)) for row in timers)]


def _effects(found: Iterable[rows.Row]) -> list[Put]:
    return [
        Put(
            Job(JobKind.EFFECT, shop, key),
            rows.instant(next_try),
            json.dumps(["effect", shop, key, redriven, attempts], ensure_ascii=False),
        )
        for shop, key, next_try, redriven, attempts in found
        if next_try is not None
    ]


def _timer_texts(timer: Timer) -> list[str]:
    due = rows.instant_text(timer.due)
    return [timer.shop, timer.order_id, timer.kind, timer.name, due]
