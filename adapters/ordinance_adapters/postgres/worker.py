"""A worker on PostgreSQL: PGQueuer hands out the jobs, and takes those of a worker that died."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from pgqueuer import PgQueuer
from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.errors import PgqException, RetryRequested
from pgqueuer.domain.models import Job as Picked
from pgqueuer.domain.models import Schedule
from psycopg import AsyncConnection

from ordinance.dispatching import Do, Job, JobKind
from ordinance.ports import StorageError
from ordinance_adapters.postgres.failure import FAILURES
from ordinance_adapters.postgres.jobs import entrypoint, read
from ordinance_adapters.postgres.queueline import QueueLine

if TYPE_CHECKING:
    from ordinance_adapters.postgres.store import PostgresStorage

_LOG = logging.getLogger(__name__)

_Answer = TypeVar("_Answer")

_NAME = "ordinance worker"
"""How its connection is called in the server's list."""

_EVERY_MINUTE = "* * * * *"
_EVERY_HOUR = "0 * * * *"


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """How a worker works."""

    at_once: int = 8
    """Jobs that it does at the same time, each in a thread."""
    dead_after: timedelta = timedelta(seconds=8)
    """A worker that has given no sign of life for so long is dead, and others take its jobs."""
    look_after: timedelta = timedelta(seconds=2)
    """How long it waits for word of new jobs before it looks by itself."""
    failed_pause: timedelta = timedelta(seconds=5)
    """When a job comes again that ended in an error that is none of its port's."""
    reconnect_pause: timedelta = timedelta(seconds=1)
    """How long it waits before it goes back to a database that was lost."""


class PgQueuerDispatcher:
    """The `Dispatcher` of a store on PostgreSQL: one worker process of a shop."""

    def __init__(
        self, storage: PostgresStorage, shop: str, settings: WorkerSettings | None = None
    ) -> None:
        self._storage = storage
        self._shop = shop
        self._settings = settings or WorkerSettings()
        self._stopped = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._queuer: PgQueuer | None = None

    def run(self, do: Do, sweep: Callable[[], None]) -> None:
        asyncio.run(self._run(do, sweep))

    def stop(self) -> None:
        self._stopped = True
        loop, queuer = self._loop, self._queuer
        if loop is not None and queuer is not None:
            loop.call_soon_threadsafe(queuer.shutdown.set)

    async def _run(self, do: Do, sweep: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(self._settings.at_once + 1, "job") as threads:
            while not self._stopped:
                try:
                    await self._connected(do, sweep, threads)
                except (*FAILURES, PgqException, StorageError, ConnectionError, OSError) as error:
                    if self._stopped:
                        return
                    said = str(error) or type(error).__name__
                    _LOG.warning("the queue is away, going back to it: %s", said)
                    await asyncio.sleep(self._settings.reconnect_pause.total_seconds())

    async def _connected(
        self, do: Do, sweep: Callable[[], None], threads: ThreadPoolExecutor
    ) -> None:
        """Work on one connection for as long as it holds."""
        jobs = await _apart(threads, self._storage.use_jobs)
        await _apart(threads, self._storage.put_missing_jobs)
        async with await self._line() as listening, await self._line() as asking:
            queries = Queries(
                QueueLine(listening, asking),
                QueryBuilderEnvironment(jobs.settings),
                QueryQueueBuilder(jobs.settings),
                QuerySchedulerBuilder(jobs.settings),
            )
            queuer = PgQueuer(queries.driver, channel=jobs.settings.channel, queries=queries)

            async def take(kind: JobKind, picked: Picked) -> None:
                await self._take(read(kind, picked.payload or b""), do, threads)

            async def look(schedule: Schedule) -> None:
                await _apart(threads, self._storage.put_missing_jobs)
                await _apart(threads, sweep)

            for kind in JobKind:
                name = entrypoint(kind, self._shop)
                queuer.entrypoint(name, accepts_context=False)(partial(take, kind))

            async def forget(schedule: Schedule) -> None:
                await clear_log(queries, self._shop)

            queuer.schedule(f"sweep:{self._shop}", _EVERY_MINUTE, accepts_context=False)(look)
            queuer.schedule(f"forget:{self._shop}", _EVERY_HOUR, accepts_context=False)(forget)
            self._queuer = queuer
            if self._stopped:
                return
            await queuer.run(
                dequeue_timeout=self._settings.look_after,
                batch_size=max(1, self._settings.at_once // 2),
                max_concurrent_tasks=max(2, self._settings.at_once),
                heartbeat_timeout=self._settings.dead_after,
                shutdown_on_listener_failure=True,
                # Nobody reads its statistics: what became of an effect stands in its row.
                log_aggregation_interval=timedelta(0),
            )

    async def _line(self) -> AsyncConnection[Any]:
        conninfo = self._storage.address.conninfo
        return await AsyncConnection.connect(conninfo, autocommit=True, application_name=_NAME)

    async def _take(self, job: Job, do: Do, threads: ThreadPoolExecutor) -> None:
        """Nothing but the end of its effect or timer ends a job."""
        try:
            again = await _apart(threads, partial(do, job))
        except Exception as error:
            _LOG.exception("a job failed and comes again: %s", job)
            raise RetryRequested(self._settings.failed_pause, type(error).__name__) from error
        if again is not None:
            now = await _apart(threads, self._storage.clock().now)
            raise RetryRequested(max(again - now, timedelta(milliseconds=100)))


async def clear_log(queries: Queries, shop: str) -> None:
    """Forget what PGQueuer wrote down of the jobs of a shop: two rows for each, which it keeps."""
    await queries.clear_queue_log([entrypoint(kind, shop) for kind in JobKind])


async def _apart(threads: ThreadPoolExecutor, work: Callable[[], _Answer]) -> _Answer:
    """Do it in a thread, so that signs of life go out meanwhile."""
    return await asyncio.get_running_loop().run_in_executor(threads, work)
