"""The part of a transaction that is about effects and timers, where workers take their jobs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ordinance.ports import Attempt, Effect, Timer
from ordinance_adapters.sql.line import Line
from ordinance_adapters.sql.transaction import SqlTransaction

if TYPE_CHECKING:
    from ordinance_adapters.postgres.jobs import Jobs

_ORDER_OF = "SELECT order_id FROM outbox WHERE shop = ? AND key = ?"
_LOCK = "SELECT 1 FROM orders WHERE shop = ? AND id = ? FOR UPDATE"


class DispatchedWork(SqlTransaction):
    """Effects and timers that are put, tried or closed leave jobs at the end of the block.

    Whoever changes the effects of an order holds its row, so that of two who do so at once the
    later one sees what the other did, and knows which effect stands first. Without `jobs` nothing
    of this is done.
    """

    def __init__(self, line: Line, jobs: Jobs | None = None) -> None:
        super().__init__(line)
        self._jobs = jobs
        self._orders: dict[tuple[str, str], None] = {}
        self._timers: list[Timer] = []

    def put_jobs(self) -> None:
        """Put what the block leaves to be done."""
        if self._jobs is None:
            return
        from ordinance_adapters.postgres.jobs import timer_job

        found = [timer_job(timer) for timer in self._timers]
        for shop, order_id in self._orders:
            found += self._jobs.heads(self._line, shop, order_id)
        self._jobs.put(self._line, found)

    def schedule(self, timer: Timer) -> None:
        super().schedule(timer)
        self._timers.append(timer)

    def enqueue(self, effect: Effect) -> None:
        super().enqueue(effect)
        self._orders[effect.shop, effect.order_id] = None

    def mark_done(self, shop: str, key: str, result: str, at: datetime) -> None:
        self._touch(shop, key)
        super().mark_done(shop, key, result, at)

    def mark_tried(self, shop: str, key: str, attempt: Attempt) -> None:
        self._touch(shop, key)
        super().mark_tried(shop, key, attempt)

    def redrive_effect(self, shop: str, key: str, at: datetime) -> bool:
        self._touch(shop, key)
        return super().redrive_effect(shop, key, at)

    def _touch(self, shop: str, key: str) -> None:
        order_id = self._text(_ORDER_OF, (shop, key)) if self._jobs is not None else None
        if order_id is not None:
            self._run(_LOCK, (shop, order_id))
            self._orders[shop, order_id] = None
