"""PGQueuer's driver on two connections: one listens, on the other one it asks.

On one alone, whoever asks waits for up to a second until the listener lets go of it, and a listener
that hands on one word at a time falls behind when many jobs are put.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Any, Self

from pgqueuer.adapters.drivers.psycopg import PsycopgDriver
from pgqueuer.core.tm import TaskManager, cancel_and_wait
from pgqueuer.ports.driver import Driver, NotifyCallback
from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier

_LOOK_UP = 1.0
"""Seconds after which the listener sees whether it is to end."""


class QueueLine(Driver):
    """What PGQueuer reaches the database by. The connections belong to the caller."""

    def __init__(self, listening: AsyncConnection[Any], asking: AsyncConnection[Any]) -> None:
        self._listening = listening
        self._asking = PsycopgDriver(asking)
        self._callbacks: defaultdict[str, list[NotifyCallback]] = defaultdict(list)
        self._listener: asyncio.Task[None] | None = None
        self._shutdown = asyncio.Event()
        self._tasks = TaskManager()
        self._turn = asyncio.Lock()
        self._entered = 0

    @property
    def shutdown(self) -> asyncio.Event:
        return self._shutdown

    @property
    def tm(self) -> TaskManager:
        return self._tasks

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        return await self._asking.fetch(query, *args)

    async def execute(self, query: str, *args: object) -> str:
        return await self._asking.execute(query, *args)

    async def notify(self, channel: str, payload: str) -> None:
        # What is said before anybody listens is lost, and PGQueuer's first word is whether it
        # hears itself.
        async with self._turn:
            await self._asking.notify(channel, payload)

    async def add_listener(self, channel: str, callback: NotifyCallback) -> None:
        async with self._turn:
            if channel not in self._callbacks:
                await self._listening.execute(SQL("LISTEN {}").format(Identifier(channel)))
        self._callbacks[channel].append(callback)
        if self._listener is None:
            self._listener = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        while not self._shutdown.is_set():
            async for said in self._listening.notifies(timeout=_LOOK_UP):
                for callback in self._callbacks[said.channel]:
                    callback(said.payload)

    async def __aenter__(self) -> Self:
        self._entered += 1
        return self

    async def __aexit__(self, *_: object) -> None:
        # It is entered by the queue and by its schedule; the last one to leave ends the listening.
        self._entered -= 1
        if self._entered == 0:
            self._shutdown.set()
            if self._listener is not None:
                await cancel_and_wait(self._listener)
            await self._tasks.gather_tasks()
