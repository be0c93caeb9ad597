"""What one command reads and writes, as plain SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from ordinance.ports import (
    BuyerHistory,
    Conflict,
    Reservation,
    StoredBlock,
    StoredCommand,
    StoredDecision,
    StoredEntry,
    StoredEvent,
    StoredOrder,
    StoredRelease,
    StoredRules,
    StoredTrial,
    Timer,
)
from ordinance_adapters.sql import rows
from ordinance_adapters.sql.auditlog import AuditRows
from ordinance_adapters.sql.booking import StockBooking
from ordinance_adapters.sql.outbox import OutboxRows
from ordinance_adapters.sql.persons import PersonRows
from ordinance_adapters.sql.queues import QueueRows
from ordinance_adapters.sql.statements import insert
from ordinance_adapters.sql.warehousing import WarehouseRows

_COMMAND = f"SELECT {rows.COMMAND} FROM commands WHERE shop = ? AND key = ?"
_ORDERS = f"SELECT {rows.ORDER} FROM orders WHERE shop = ?"
_TIMERS = f"SELECT {rows.TIMER} FROM timers WHERE shop = ?"


# The index on buyers holds all that is summed up, so that no order has to be fetched.
_HISTORY = (
    "SELECT count(*) FILTER (WHERE placed_at >= ?4), CAST(coalesce(sum(paid), 0) AS BIGINT),"
    " CAST(coalesce(sum(refunded), 0) AS BIGINT) FROM orders"
    " WHERE shop = ?1 AND buyer_id = ?2 AND placed_at <= ?3 AND id <> ?5"
)
_ADD_COMMAND = insert("commands", rows.COMMAND)
_ADD_ORDER = insert("orders", rows.ORDER)
_REPLACED = rows.ORDER.removeprefix("shop, id, ")
_REPLACE_ORDER = (
    f"UPDATE orders SET ({_REPLACED}) ="
    " (?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
    " WHERE shop = ?1 AND id = ?2 AND version = ?16"
)
_ADD_EVENT = insert("events", rows.EVENT)
_ADD_DECISION = insert("decisions", rows.DECISION)
# "OR IGNORE" would also swallow a missing value; naming the key ignores just the repetition.
_KEEP_FACTS = insert(
    "facts", "shop, facts_hash, snapshot", "ON CONFLICT (shop, facts_hash) DO NOTHING"
)
_KEEP_RULES = insert("rule_sources", rows.RULES, "ON CONFLICT (shop, rules_hash) DO NOTHING")
_JOURNAL_END = f"SELECT {rows.ENTRY} FROM rule_journal WHERE shop = ? ORDER BY seq DESC LIMIT 1"
_ADD_ENTRY = insert("rule_journal", rows.ENTRY)
_ADD_RELEASE = insert("releases", rows.RELEASE)
_KEEP_TEXT = insert("rule_texts", "shop, hash, text", "ON CONFLICT (shop, hash) DO NOTHING")
_ADD_TRIAL = insert("trials", rows.TRIAL)
_KEEP_PAYMENT = insert(
    "transactions",
    "shop, method, number, order_id",
    "ON CONFLICT (shop, method, number) DO NOTHING",
)
_KEEP_SETTING = insert(
    "settings",
    "shop, name, value",
    "ON CONFLICT (shop, name) DO UPDATE SET value = excluded.value",
)
_SCHEDULE = insert(
    "timers",
    rows.TIMER,
    "ON CONFLICT (shop, order_id, kind, name) DO UPDATE SET due = excluded.due",
)
_HOLDERS = (
    f"SELECT {rows.RESERVATION} FROM reservations"
    " WHERE shop = ? AND sku = ? AND warehouse = ? ORDER BY holder, pool"
)
_BLOCK = insert(
    "stock_blocks",
    rows.BLOCK,
    "ON CONFLICT (shop, sku, warehouse) DO UPDATE SET until = excluded.until,"
    " reason = excluded.reason, by = excluded.by, at = excluded.at",
)
_LIFT_BLOCK = "DELETE FROM stock_blocks WHERE shop = ? AND sku = ? AND warehouse = ? RETURNING sku"
_BLOCKS = (
    f"SELECT {rows.BLOCK} FROM stock_blocks"
    " WHERE shop = ? AND (until IS NULL OR until > ?) ORDER BY sku, warehouse"
)


class SqlTransaction(StockBooking, WarehouseRows, QueueRows, OutboxRows, AuditRows, PersonRows):
    """The `Transaction` of a store in SQL; of use inside its `with` block only.

    Every method may raise `StorageError`. After an exception the block should be left, except
    after `OutOfStock`, which has written nothing.
    """

    def command(self, shop: str, key: str) -> StoredCommand | None:
        row = self._one(_COMMAND, (shop, key))
        return rows.command(row) if row else None

    def keep_command(self, command: StoredCommand) -> None:
        """Raises `Conflict` when the key is stored already."""
        self._write(_ADD_COMMAND, rows.command_row(command), what=f"command `{command.key}`")

    def order(self, shop: str, order_id: str) -> StoredOrder | None:
        return self._order(" AND id = ?", (shop, order_id))

    def order_by_source(self, shop: str, channel: str, source_id: str) -> StoredOrder | None:
        return self._order(" AND source_id = ? AND channel = ?", (shop, source_id, channel))

    def order_by_number(self, shop: str, number: str) -> StoredOrder | None:
        return self._order(" AND number = ?", (shop, number))

    def save_order(self, order: StoredOrder, *, expected_version: int) -> None:
        """Raises `Conflict` too when the id, number or source id belongs to another order."""
        row = rows.order_row(order)
        what = f"order `{order.id}` (`{order.channel}` `{order.source_id}`)"
        if expected_version == 0:
            self._write(_ADD_ORDER, row, what=what)
        elif self._change(_REPLACE_ORDER, (*row, expected_version), what) == 0:
            raise Conflict(f"order `{order.id}` is no longer at version {expected_version}")

    def orders_of_buyer(self, shop: str, buyer_id: str) -> Sequence[StoredOrder]:
        sql = f"{_ORDERS} AND buyer_id = ? ORDER BY placed_at, id"
        return [rows.order(row) for row in self._run(sql, (shop, buyer_id))]

    def buyer_history(
        self, shop: str, buyer_id: str, until: datetime, since: datetime, *, besides: str
    ) -> BuyerHistory:
        values = (shop, buyer_id, rows.instant_text(until), rows.instant_text(since), besides)
        row = self._one(_HISTORY, values)
        return BuyerHistory(*row) if row else BuyerHistory(0, 0, 0)

    def transaction_owner(self, shop: str, method: str, transaction: str) -> str | None:
        sql = "SELECT order_id FROM transactions WHERE shop = ? AND method = ? AND number = ?"
        return self._text(sql, (shop, method, transaction))

    def keep_transaction(self, shop: str, method: str, transaction: str, order_id: str) -> None:
        self._write(_KEEP_PAYMENT, (shop, method, transaction, order_id))

    def append_events(self, events: Sequence[StoredEvent]) -> None:
        """Raises `Conflict` when the order has an event of the same version."""
        self._write(_ADD_EVENT, *rows.event_rows(events), what="a version of the history")

    def append_decisions(self, decisions: Sequence[StoredDecision]) -> None:
        """Raises `Conflict` when the order has a decision of the same seq."""
        self._write(_ADD_DECISION, *rows.decision_rows(decisions), what="a decision")

    def keep_facts(self, shop: str, snapshots: Mapping[str, str]) -> None:
        self._write(_KEEP_FACTS, *((shop, *item) for item in snapshots.items()))

    def keep_rules(self, rules: StoredRules) -> None:
        self._write(_KEEP_RULES, rows.rules_row(rules))

    def journal_end(self, shop: str) -> StoredEntry | None:
        row = self._one(_JOURNAL_END, (shop,))
        return rows.entry(row) if row else None

    def append_entry(self, entry: StoredEntry) -> None:
        what = f"entry {entry.seq} of the rule journal"
        self._write(_ADD_ENTRY, rows.entry_row(entry), what=what)

    def add_release(self, release: StoredRelease, texts: Mapping[str, str]) -> None:
        what = f"version {release.version} of the rules"
        self._write(_ADD_RELEASE, rows.release_row(release), what=what)
        for text_hash, text in texts.items():
            self._write(_KEEP_TEXT, (release.shop, text_hash, text))

    def append_trials(self, trials: Sequence[StoredTrial]) -> None:
        """Raises `Conflict` when the candidate was asked about the same decision before."""
        self._write(_ADD_TRIAL, *rows.trial_rows(trials), what="what a candidate said")

    def keep_setting(self, shop: str, name: str, value: str) -> None:
        """Store or replace a small named value of the shop."""
        self._write(_KEEP_SETTING, (shop, name, value))

    def holders(self, shop: str, sku: str, warehouse: str) -> Sequence[Reservation]:
        return [rows.reservation(row) for row in self._run(_HOLDERS, (shop, sku, warehouse))]

    def block(self, block: StoredBlock) -> None:
        self._write(_BLOCK, rows.block_row(block))

    def lift_block(self, shop: str, sku: str, warehouse: str) -> bool:
        return self._one(_LIFT_BLOCK, (shop, sku, warehouse)) is not None

    def blocks(self, shop: str, now: datetime) -> Sequence[StoredBlock]:
        return [rows.block(row) for row in self._run(_BLOCKS, (shop, rows.instant_text(now)))]

    def schedule(self, timer: Timer) -> None:
        self._write(_SCHEDULE, rows.timer_row(timer))

    def unschedule(self, shop: str, order_id: str, kind: str | None, name: str | None) -> None:
        self._write(
            "DELETE FROM timers WHERE shop = ?1 AND order_id = ?2"
            " AND (CAST(?3 AS TEXT) IS NULL OR kind = ?3)"
            " AND (CAST(?4 AS TEXT) IS NULL OR name = ?4)",
            (shop, order_id, kind, name),
        )

    def timer(self, shop: str, order_id: str, kind: str, name: str) -> Timer | None:
        sql = f"{_TIMERS} AND order_id = ? AND kind = ? AND name = ?"
        row = self._one(sql, (shop, order_id, kind, name))
        return rows.timer(row) if row else None

    def due(self, shop: str, now: datetime, limit: int) -> Sequence[Timer]:
        sql = f"{_TIMERS} AND due <= ? ORDER BY due, order_id, kind, name LIMIT ?"
        found = self._run(sql, (shop, rows.instant_text(now), limit))
        return [rows.timer(row) for row in found]

    def next_due(self, shop: str) -> datetime | None:
        text = self._text("SELECT min(due) FROM timers WHERE shop = ?", (shop,))
        return rows.instant(text) if text else None

    def _order(self, condition: str, values: rows.Row) -> StoredOrder | None:
        row = self._one(_ORDERS + condition + self.LOCK, values)
        return rows.order(row) if row else None
