"""Planted bugs that only a crash shows, each put into a hand before it begins."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ordinance.pump
from ordinance.effects.doing import carry_out
from ordinance.ports import Attempt, Effect, Storage, StoredEffect, StoredEvent, Transaction
from ordinance_adapters.sql import rows
from ordinance_adapters.sql.transaction import SqlTransaction
from tests.crashes.journal import Told

if TYPE_CHECKING:
    from tests.crashes.hand import Hand

Work = Callable[[Transaction], Any]


def event_after_commit(hand: Hand) -> None:
    """M10: events are written in a transaction of their own, after that of their order."""
    append = SqlTransaction.append_events
    kept: list[Sequence[StoredEvent]] = []
    _replace(SqlTransaction, "append_events", lambda self, events: kept.append(events))

    def write(tx: Transaction) -> None:
        for events in kept:
            append(tx, events)  # type: ignore[arg-type]

    _afterwards(hand.shop.storage, kept, write)


def outbox_outside(hand: Hand) -> None:
    """M11: effects are put into the outbox in a transaction of their own."""
    kept: list[Effect] = []
    enqueue = SqlTransaction.enqueue
    _replace(SqlTransaction, "enqueue", lambda self, effect: kept.append(effect))

    def write(tx: Transaction) -> None:
        for effect in kept:
            enqueue(tx, effect)  # type: ignore[arg-type]

    _afterwards(hand.shop.storage, kept, write)


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


def told_before_commit(hand: Hand) -> None:
    """A command is acknowledged while its transaction is still open."""
    storage, journal, number = hand.shop.storage, hand.journal, hand.number
    transact = storage.transact

    def early(work: Work) -> Any:
        def do(tx: Transaction) -> Any:
            answer = work(tx)
            told = answer[1][0] if isinstance(answer, tuple) else None
            if isinstance(told, dict) and "version" in told:
                key = hand.sent
                journal.told(Told(number, key, told["order"], told["number"], told["version"]))
            return answer

        return transact(do)

    _replace(storage, "transact", early)


def effect_without_key(hand: Hand) -> None:
    """Each process asks the world outside under keys of its own."""

    def mine(stored: StoredEffect, *more: Any) -> str:
        key = f"{stored.effect.key}:{os.getpid()}"
        return carry_out(replace(stored, effect=replace(stored.effect, key=key)), *more)

    _replace(ordinance.pump, "carry_out", mine)


def not_fenced(hand: Hand) -> None:
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


def _replace(owner: Any, name: str, new: object) -> None:
    """For good: the process ends with its hand."""
    setattr(owner, name, new)


MUTANTS: Mapping[str, Callable[[Hand], None]] = {
    "event after commit": event_after_commit,
    "outbox outside": outbox_outside,
    "told before commit": told_before_commit,
    "effect without key": effect_without_key,
    "not fenced": not_fenced,
}
