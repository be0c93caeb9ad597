"""One write transaction on SQLite: what a command reads and writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from ordinance.ports import (
    Conflict,
    Effect,
    Movement,
    MovementKind,
    StockLevel,
    StoredCommand,
    StoredDecision,
    StoredEvent,
    StoredOrder,
    StoredRules,
    Timer,
)

from ordinance_adapters.sqlite import rows
from ordinance_adapters.sqlite.rows import text_of

_STEP = {
    MovementKind.RECEIVED: ("on_hand = on_hand + :n", "1"),
    MovementKind.RETURNED: ("on_hand = on_hand + :n", "1"),
    MovementKind.QUARANTINED: ("quarantine = quarantine + :n", "1"),
    MovementKind.RESERVED: ("reserved = reserved + :n", "on_hand - reserved >= :n"),
    MovementKind.RELEASED: ("reserved = reserved - :n", "reserved >= :n"),
    MovementKind.SHIPPED: (
        "on_hand = on_hand - :n, reserved = reserved - :n",
        "reserved >= :n AND on_hand >= :n",
    ),
    MovementKind.ADJUSTED: ("on_hand = on_hand + :n", "on_hand + :n >= reserved"),
}
"""What a movement does to the counter row, and the condition under which it may."""

_UPDATE = {
    kind: (
        f"UPDATE stock SET {step}, moves = moves + 1 "
        f"WHERE shop = :shop AND sku = :sku AND warehouse = :warehouse AND {condition}"
    )
    for kind, (step, condition) in _STEP.items()
}
_CREATES = frozenset({MovementKind.RECEIVED, MovementKind.RETURNED, MovementKind.QUARANTINED})


class SqliteTransaction:
    """Fulfils `ordinance.ports.Transaction` on an open connection inside BEGIN IMMEDIATE."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def command(self, shop: str, key: str) -> StoredCommand | None:
        row = self._db.execute(
            "SELECT shop, key, body_hash, result, at FROM commands WHERE shop = ? AND key = ?",
            (shop, key),
        ).fetchone()
        return rows.command(row) if row else None

    def keep_command(self, command: StoredCommand) -> None:
        self._db.execute(
            "INSERT INTO commands (shop, key, body_hash, result, at) VALUES (?, ?, ?, ?, ?)",
            (command.shop, command.key, command.body_hash, command.result, text_of(command.at)),
        )

    def order(self, shop: str, order_id: str) -> StoredOrder | None:
        return self._one_order("id = ?", shop, order_id)

    def order_by_source(self, shop: str, channel: str, source_id: str) -> StoredOrder | None:
        return self._one_order("channel = ? AND source_id = ?", shop, channel, source_id)

    def order_by_number(self, shop: str, number: str) -> StoredOrder | None:
        return self._one_order("number = ?", shop, number)

    def _one_order(self, where: str, *values: str) -> StoredOrder | None:
        row = self._db.execute(
            f"SELECT {rows.ORDER} FROM orders WHERE shop = ? AND {where}", values
        ).fetchone()
        return rows.order(row) if row else None

    def save_order(self, order: StoredOrder, *, expected_version: int) -> None:
        values = (
            order.number,
            order.channel,
            order.source_id,
            order.version,
            order.status,
            order.order_state,
            order.buyer_id,
            text_of(order.placed_at),
            order.receivable,
            order.paid,
            order.refunded,
            order.document,
            order.shop,
            order.id,
        )
        if expected_version == 0:
            try:
                self._db.execute(
                    "INSERT INTO orders (number, channel, source_id, version, status, order_state, "
                    "buyer_id, placed_at, receivable, paid, refunded, document, shop, id) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    values,
                )
            except sqlite3.IntegrityError as error:
                if "UNIQUE" not in str(error):
                    raise
                raise Conflict(f"order `{order.source_id}` was taken in meanwhile") from error
            return
        done = self._db.execute(
            "UPDATE orders SET number = ?, channel = ?, source_id = ?, version = ?, status = ?, "
            "order_state = ?, buyer_id = ?, placed_at = ?, receivable = ?, paid = ?, "
            "refunded = ?, document = ? WHERE shop = ? AND id = ? AND version = ?",
            (*values, expected_version),
        )
        if done.rowcount != 1:
            raise Conflict(f"order `{order.id}` was changed meanwhile")

    def orders_of_buyer(self, shop: str, buyer_id: str) -> Sequence[StoredOrder]:
        found = self._db.execute(
            f"SELECT {rows.ORDER} FROM orders WHERE shop = ? AND buyer_id = ? "
            "ORDER BY placed_at, id",
            (shop, buyer_id),
        )
        return [rows.order(row) for row in found]

    def transaction_owner(self, shop: str, method: str, transaction: str) -> str | None:
        row = self._db.execute(
            "SELECT order_id FROM transactions WHERE shop = ? AND method = ? AND number = ?",
            (shop, method, transaction),
        ).fetchone()
        return None if row is None else str(row[0])

    def keep_transaction(self, shop: str, method: str, transaction: str, order_id: str) -> None:
        self._db.execute(
            "INSERT OR IGNORE INTO transactions (shop, method, number, order_id) "
            "VALUES (?, ?, ?, ?)",
            (shop, method, transaction, order_id),
        )

    def append_events(self, events: Sequence[StoredEvent]) -> None:
        self._db.executemany(
            f"INSERT INTO events ({rows.EVENT}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    e.shop,
                    e.order_id,
                    e.version,
                    e.kind,
                    text_of(e.at),
                    e.actor,
                    e.cause,
                    e.changes,
                    e.data,
                )
                for e in events
            ],
        )

    def append_decisions(self, decisions: Sequence[StoredDecision]) -> None:
        self._db.executemany(
            f"INSERT INTO decisions ({rows.DECISION}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    d.shop,
                    d.order_id,
                    d.seq,
                    d.point,
                    text_of(d.at),
                    d.outcome,
                    d.rules_hash,
                    d.facts_hash,
                    d.record,
                )
                for d in decisions
            ],
        )

    def keep_facts(self, shop: str, facts_hash: str, snapshot: str) -> None:
        self._db.execute(
            "INSERT OR IGNORE INTO facts (shop, facts_hash, snapshot) VALUES (?, ?, ?)",
            (shop, facts_hash, snapshot),
        )

    def keep_rules(self, rules: StoredRules) -> None:
        self._db.execute(
            "INSERT OR IGNORE INTO rule_sources (shop, rules_hash, point, file, source, first_used)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                rules.shop,
                rules.rules_hash,
                rules.point,
                rules.file,
                rules.source,
                text_of(rules.first_used),
            ),
        )

    def keep_person(self, shop: str, person_id: str, document: str) -> None:
        self._db.execute(
            "INSERT INTO persons (shop, id, document) VALUES (?, ?, ?) "
            "ON CONFLICT (shop, id) DO UPDATE SET document = excluded.document",
            (shop, person_id, document),
        )

    def person(self, shop: str, person_id: str) -> str | None:
        row = self._db.execute(
            "SELECT document FROM persons WHERE shop = ? AND id = ?", (shop, person_id)
        ).fetchone()
        return None if row is None else str(row[0])

    def levels(self, shop: str, skus: Sequence[str]) -> Sequence[StockLevel]:
        found: list[StockLevel] = []
        for sku in sorted(set(skus)):
            found += [
                rows.level(row)
                for row in self._db.execute(
                    "SELECT warehouse, sku, on_hand, reserved, quarantine FROM stock "
                    "WHERE shop = ? AND sku = ? ORDER BY warehouse",
                    (shop, sku),
                )
            ]
        return found

    def move(self, movement: Movement) -> bool:
        if movement.quantity <= 0 and movement.kind is not MovementKind.ADJUSTED:
            raise ValueError(f"a movement of {movement.quantity} pieces makes no sense")
        values = {
            "n": movement.quantity,
            "shop": movement.shop,
            "sku": movement.sku,
            "warehouse": movement.warehouse,
        }
        if movement.kind in _CREATES:
            self._db.execute(
                "INSERT OR IGNORE INTO stock (shop, sku, warehouse) "
                "VALUES (:shop, :sku, :warehouse)",
                values,
            )
        if self._db.execute(_UPDATE[movement.kind], values).rowcount != 1:
            return False
        self._db.execute(
            "INSERT INTO movements (shop, sku, warehouse, seq, kind, quantity, at, actor, cause, "
            "order_id) SELECT shop, sku, warehouse, moves, ?, ?, ?, ?, ?, ? FROM stock "
            "WHERE shop = ? AND sku = ? AND warehouse = ?",
            (
                movement.kind.value,
                movement.quantity,
                text_of(movement.at),
                movement.actor,
                movement.cause,
                movement.order_id,
                movement.shop,
                movement.sku,
                movement.warehouse,
            ),
        )
        return True

    def schedule(self, timer: Timer) -> None:
        self._db.execute(
            "INSERT INTO timers (shop, order_id, kind, name, due) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (shop, order_id, kind, name) DO UPDATE SET due = excluded.due",
            (timer.shop, timer.order_id, timer.kind, timer.name, text_of(timer.due)),
        )

    def unschedule(self, shop: str, order_id: str, kind: str | None, name: str | None) -> None:
        self._db.execute(
            "DELETE FROM timers WHERE shop = ? AND order_id = ? "
            "AND (?3 IS NULL OR kind = ?3) AND (?4 IS NULL OR name = ?4)",
            (shop, order_id, kind, name),
        )

    def due(self, shop: str, now: datetime, limit: int) -> Sequence[Timer]:
        found = self._db.execute(
            "SELECT shop, order_id, kind, name, due FROM timers WHERE shop = ? AND due <= ? "
            "ORDER BY due, order_id, kind, name LIMIT ?",
            (shop, text_of(now), limit),
        )
        return [rows.timer(row) for row in found]

    def next_due(self, shop: str) -> datetime | None:
        row = self._db.execute("SELECT min(due) FROM timers WHERE shop = ?", (shop,)).fetchone()
        return rows.instant(row[0]) if row and row[0] else None

    def enqueue(self, effect: Effect) -> None:
        self._db.execute(
            "INSERT OR IGNORE INTO outbox (shop, key, order_id, kind, payload, created) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (
                effect.shop,
                effect.key,
                effect.order_id,
                effect.kind,
                effect.payload,
                text_of(effect.created),
            ),
        )

    def pending(self, shop: str, limit: int) -> Sequence[Effect]:
        found = self._db.execute(
            "SELECT shop, key, order_id, kind, payload, created FROM outbox "
            "WHERE shop = ? AND done_at IS NULL ORDER BY created, key LIMIT ?",
            (shop, limit),
        )
        return [rows.effect(row) for row in found]

    def mark_done(self, shop: str, key: str, result: str, at: datetime) -> None:
        self._db.execute(
            "UPDATE outbox SET done_at = ?, result = ? "
            "WHERE shop = ? AND key = ? AND done_at IS NULL",
            (text_of(at), result, shop, key),
        )
