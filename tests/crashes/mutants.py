"""Planted bugs that only a crash shows, each put into a process before it begins."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import ordinance.pump
from ordinance.effects.doing import carry_out
from ordinance.oms import Shop
from ordinance.ports import Attempt, Effect, Storage, StoredEffect, StoredEvent, Transaction
from ordinance_adapters.sql import rows
from ordinance_adapters.sql.transaction import SqlTransaction

Work = Callable[[Transaction], Any]
Tell = Callable[[str, str, int], None]
"""Writes down an acknowledgement: order, number and version."""


def event_after_commit(shop: Shop, tell: Tell) -> None:
    """M10: events are written in a transaction of their own, after that of their order."""
    append = SqlTransaction.append_events
    kept: list[Sequence[StoredEvent]] = []
    _replace(SqlTransaction, "append_events", lambda self, events: kept.append(events))

    def write(tx: Transaction) -> None:
        for events in kept:
            append(tx, events)  # type: ignore[arg-type]

    _afterwards(shop.storage, kept, write)


def outbox_outside(shop: Shop, tell: Tell) -> None:
    """M11: effects are put into the outbox in a transaction of their own."""
    kept: list[Effect] = []
    enqueue = SqlTransaction.enqueue
    _replace(SqlTransaction, "enqueue", lambda self, effect: kept.append(effect))

    def write(tx: Transaction) -> None:
        for effect in kept:
            enqueue(tx, effect)  # type: ignore[arg-type]

    _afterwards(shop.storage, kept, write)


def _afterwards(storage: Storage, kept: list[Any], write: Callable[[Transaction], None]) -> None:
    """After each transaction do another one with what was kept, if anything was."""
    transact = storage.transact

    def in_two(work: Work) -> Any:
        kept.clear()
        answer = transact(work)
        if kept:
            transact(write)
        return answer

    _replace(storage, "transact", in_two)


def told_before_commit(shop: Shop, tell: Tell) -> None:
    """A command is acknowledged while its transaction is still open."""
    transact = shop.storage.transact

    def early(work: Work) -> Any:
        def do(tx: Transaction) -> Any:
            answer = work(tx)
            told = answer[1][0] if isinstance(answer, tuple) else None
            if isinstance(told, dict) and "version" in told:
                tell(told["order"], told["number"], told["version"])
            return answer

        return transact(do)

    _replace(shop.storage, "transact", early)


def effect_without_key(shop: Shop, tell: Tell) -> None:
    """Each process asks the world outside under keys of its own."""

    def mine(stored: StoredEffect, *more: Any, **how: Any) -> str:
        key = f"{stored.effect.key}:{os.getpid()}"
        return carry_out(replace(stored, effect=replace(stored.effect, key=key)), *more, **how)

    _replace(ordinance.pump, "carry_out", mine)


def not_fenced(shop: Shop, tell: Tell) -> None:
    """A worker that comes late writes down its failure although another one has done the effect
    meanwhile."""
    sql = (
        "UPDATE outbox SET state = ?, attempts = ?, next_try = ?, tried_at = ?, error = ?,"
        " answers = ? WHERE shop = ? AND key = ?"
    )

    def mark_tried(self: Any, shop: str, key: str, attempt: Attempt) -> None:
        due = rows.instant_text(attempt.next_try) if attempt.next_try is not None else None
        at = rows.instant_text(attempt.at)
        told = (attempt.state.value, attempt.attempts, due, at, attempt.error, attempt.answers)
        self._write(sql, (*told, shop, key))

    _replace(SqlTransaction, "mark_tried", mark_tried)


def sealed_in_two(shop: Shop, tell: Tell) -> None:
    """The checkpoint is stored in a transaction of its own, after the leaves that it covers."""
    write = SqlTransaction._write
    kept: list[tuple[str, tuple[rows.Row, ...], str]] = []

    def without(self: SqlTransaction, sql: str, *written: rows.Row, what: str = "a row") -> None:
        if "INTO checkpoints" in sql:
            kept.append((sql, written, what))
        else:
            write(self, sql, *written, what=what)

    def later(tx: Transaction) -> None:
        for sql, written, what in kept:
            write(tx, sql, *written, what=what)  # type: ignore[arg-type]

    _replace(SqlTransaction, "_write", without)
    _afterwards(shop.storage, kept, later)


def _replace(owner: Any, name: str, new: object) -> None:
    """For good: the process ends with its hand."""
    setattr(owner, name, new)


MUTANTS: Mapping[str, Callable[[Shop, Tell], None]] = {
    "event after commit": event_after_commit,
    "outbox outside": outbox_outside,
    "told before commit": told_before_commit,
    "effect without key": effect_without_key,
    "not fenced": not_fenced,
    "sealed in two": sealed_in_two,
}
