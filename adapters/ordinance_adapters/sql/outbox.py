"""Effects: the outbox of a store, and how far each effect is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from ordinance.ports import Attempt, Effect, EffectState, StoredEffect
from ordinance_adapters.sql import rows
from ordinance_adapters.sql.statements import Statements

_EFFECT = (
    "shop, key, order_id, kind, payload, created, place, state, attempts, redriven, next_try,"
    " tried_at, error, answers, result, done_at, restored"
)
_ENQUEUE = (
    "INSERT INTO outbox (shop, key, order_id, kind, payload, created, lane, state, next_try, place)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'waiting', ?6,"
    " (SELECT coalesce(max(place), 0) + 1 FROM outbox WHERE shop = ?1 AND order_id = ?3))"
    " ON CONFLICT (shop, key) DO NOTHING"
)
_ONE = f"SELECT {_EFFECT} FROM outbox WHERE shop = ? AND key = ?"
_DUE = f"SELECT {_EFFECT} FROM outbox WHERE shop = ? AND next_try <= ?"
_OPEN_BEFORE = (
    "EXISTS (SELECT 1 FROM outbox AS other WHERE other.shop = outbox.shop"
    " AND other.order_id = outbox.order_id AND other.lane = outbox.lane"
    " AND other.place < outbox.place AND other.state IN ('waiting', 'unknown'){})"
)
_BLOCKED = _OPEN_BEFORE.format("")
_BLOCKED_BY_ONE_NOT_DUE = _OPEN_BEFORE.format(" AND (other.next_try IS NULL OR other.next_try > ?)")
_DONE = (
    "UPDATE outbox SET state = 'done', next_try = NULL, result = ?, done_at = ?"
    " WHERE shop = ? AND key = ? AND done_at IS NULL"
)
_TRIED = (
    "UPDATE outbox SET state = ?, attempts = ?, next_try = ?, tried_at = ?, error = ?, answers = ?,"
    " restored = ? WHERE shop = ? AND key = ? AND state IN ('waiting', 'unknown')"
)
_REDRIVE = (
    "UPDATE outbox SET state = 'waiting', attempts = 0, redriven = redriven + 1, next_try = ?,"
    " restored = 0 WHERE shop = ? AND key = ? AND state IN ('dead', 'unknown') RETURNING key"
)
_DOUBT = (
    "UPDATE outbox SET state = 'unknown', restored = 1, tried_at = ?, error = ?"
    " WHERE shop = ? AND state IN ('waiting', 'unknown')"
)
COUNTS = "SELECT kind, state, count(*) FROM outbox WHERE shop = ? GROUP BY kind, state"


class OutboxRows(Statements):
    """The part of a transaction that is about effects."""

    def enqueue(self, effect: Effect) -> None:
        self._write(
            _ENQUEUE,
            (
                effect.shop,
                effect.key,
                effect.order_id,
                effect.kind,
                effect.payload,
                rows.instant_text(effect.created),
                effect.lane,
            ),
        )

    def due_effects(
        self, shop: str, now: datetime, limit: int, *, besides: Collection[str] = ()
    ) -> Sequence[StoredEffect]:
        """By (created, order, place)."""
        at = rows.instant_text(now)
        sql, values = _DUE, (shop, at, *besides)
        if besides:
            sql += f" AND kind NOT IN ({', '.join('?' * len(besides))})"
        sql += f" AND NOT {_BLOCKED_BY_ONE_NOT_DUE} ORDER BY created, order_id, place LIMIT ?"
        return [effect(row) for row in self._run(sql, (*values, at, limit))]

    def ready_effect(self, shop: str, key: str, now: datetime) -> StoredEffect | None:
        sql = f"{_ONE} AND next_try <= ? AND NOT {_BLOCKED}"
        row = self._one(sql, (shop, key, rows.instant_text(now)))
        return effect(row) if row else None

    def effect(self, shop: str, key: str) -> StoredEffect | None:
        row = self._one(_ONE, (shop, key))
        return effect(row) if row else None

    def mark_done(self, shop: str, key: str, result: str, at: datetime) -> None:
        """The first result stays: an effect that was done twice was answered once."""
        self._write(_DONE, (result, rows.instant_text(at), shop, key))

    def mark_tried(self, shop: str, key: str, attempt: Attempt) -> None:
        due = rows.instant_text(attempt.next_try) if attempt.next_try is not None else None
        self._write(
            _TRIED,
            (
                attempt.state.value,
                attempt.attempts,
                due,
                rows.instant_text(attempt.at),
                attempt.error,
                attempt.answers,
                int(attempt.restored),
                shop,
                key,
            ),
        )

    def redrive_effect(self, shop: str, key: str, at: datetime) -> bool:
        return self._one(_REDRIVE, (rows.instant_text(at), shop, key)) is not None

    def doubt_effects(self, shop: str, at: datetime, why: str) -> int:
        return self._change(_DOUBT, (rows.instant_text(at), why, shop), "an effect")


def chosen(
    shop: str, states: Collection[EffectState], order_id: str | None, limit: int | None
) -> tuple[str, rows.Row]:
    """The statement, with its values, that finds effects in these states."""
    # Written out, so that a database can tell that its index of the stuck ones holds them all.
    named = ", ".join(f"'{EffectState(state).value}'" for state in states)
    sql = f"SELECT {_EFFECT} FROM outbox WHERE shop = ? AND state IN ({named})"
    values: rows.Row = (shop,)
    if order_id is not None:
        sql, values = f"{sql} AND order_id = ?", (*values, order_id)
    sql += " ORDER BY created, order_id, place"
    return (sql, values) if limit is None else (f"{sql} LIMIT ?", (*values, limit))


def effect(row: rows.Row) -> StoredEffect:
    shop, key, order_id, kind, payload, created, place, state, attempts, redriven, *rest = row
    next_try, tried_at, error, answers, result, done_at, restored = rest
    return StoredEffect(
        Effect(shop, key, order_id, kind, payload, rows.instant(created)),
        place,
        EffectState(state),
        attempts,
        redriven,
        _maybe(next_try),
        _maybe(tried_at),
        error,
        answers,
        result,
        _maybe(done_at),
        bool(restored),
    )


def _maybe(text: str | None) -> datetime | None:
    return rows.instant(text) if text is not None else None
