"""The store in one SQLite file: one connection writes, another one reads."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from threading import RLock

from ordinance.inventory import Numbering, OnItsWay, PoolLevel
from ordinance.ports import (
    Movement,
    Presold,
    PurchaseOrder,
    Reservation,
    StockLevel,
    StoredDecision,
    StoredEntry,
    StoredEvent,
    StoredOrder,
    StoredRelease,
    StoredRules,
    StoredTrial,
    Waiting,
)
from ordinance_adapters.sqlite import queues, rows
from ordinance_adapters.sqlite.address import MEMORY, database_path
from ordinance_adapters.sqlite.connection import connect, connect_reader, set_up
from ordinance_adapters.sqlite.content import content_lines
from ordinance_adapters.sqlite.driver import sqlite3
from ordinance_adapters.sqlite.failure import FAILURES, storage_error
from ordinance_adapters.sqlite.schema import migrate, refuse_foreign
from ordinance_adapters.sqlite.transaction import SqliteTransaction
from ordinance_adapters.sqlite.writer import Writer

_ORDERS = f"SELECT {rows.ORDER} FROM orders WHERE shop = ?"
_EVENTS = f"SELECT {rows.EVENT} FROM events WHERE shop = ? AND order_id = ? ORDER BY version"
_DECISIONS = f"SELECT {rows.DECISION} FROM decisions WHERE shop = ? AND order_id = ? ORDER BY seq"
_FACTS = "SELECT snapshot FROM facts WHERE shop = ? AND facts_hash = ?"
_RULES = f"SELECT {rows.RULES} FROM rule_sources WHERE shop = ? AND rules_hash = ?"
_JOURNAL = f"SELECT {rows.ENTRY} FROM rule_journal WHERE shop = ? ORDER BY seq"
_RELEASES = f"SELECT {rows.RELEASE} FROM releases WHERE shop = ? ORDER BY version"
_RELEASE = f"SELECT {rows.RELEASE} FROM releases WHERE shop = ? AND version = ?"
_TEXT = "SELECT text FROM rule_texts WHERE shop = ? AND hash = ?"
_RULES_USED = (
    "SELECT published, point, rules_hash, count(*) FROM decisions WHERE shop = ?"
    " GROUP BY published, point, rules_hash"
)
_TRIALS = (
    f"SELECT {rows.TRIAL} FROM trials WHERE shop = ? AND version = ?"
    " AND (order_id, seq) > (?, ?) ORDER BY order_id, seq LIMIT ?"
)
_OUTCOMES = "SELECT point, outcome, count(*) FROM decisions WHERE shop = ? GROUP BY point, outcome"
_STATUSES = "SELECT status, count(*) FROM orders WHERE shop = ? GROUP BY status"
_STOCK = f"SELECT {rows.LEVEL} FROM stock WHERE shop = ? ORDER BY sku, warehouse"
_RESERVATIONS = (
    f"SELECT {rows.RESERVATION} FROM reservations WHERE shop = ?"
    " ORDER BY holder, sku, warehouse, pool"
)
_POOLS = f"SELECT {rows.POOL} FROM pools WHERE shop = ? ORDER BY sku, warehouse, channel"
_TRANSFERS = (
    f"SELECT {rows.ON_ITS_WAY} FROM transfers WHERE shop = ? ORDER BY transfer, sku, warehouse"
)
_LAST_MOVEMENTS = (
    f"SELECT {rows.MOVEMENT} FROM movements WHERE shop = ? AND warehouse = ? AND sku = ?"
    " ORDER BY seq DESC LIMIT ?"
)
_NUMBERINGS = (
    "SELECT warehouse, sku, count(seq), coalesce(max(seq), 0), coalesce(max(moves), 0) FROM ("
    "SELECT warehouse, sku, seq, NULL AS moves FROM movements WHERE shop = ?1"
    " UNION ALL SELECT warehouse, sku, NULL, moves FROM stock WHERE shop = ?1)"
    " GROUP BY sku, warehouse ORDER BY sku, warehouse"
)
_SETTING = "SELECT value FROM settings WHERE shop = ? AND name = ?"
_MOVEMENTS = (
    f"SELECT written, {rows.MOVEMENT} FROM movements"
    # The plus keeps SQLite from gathering all rows of the shop to sort them: the table is in
    # this order.
    " WHERE +shop = ? AND written > ? ORDER BY written LIMIT ?"
)
_MOVEMENTS_OF_ORDER = (
    f"SELECT written, {rows.MOVEMENT} FROM movements"
    " WHERE shop = ? AND order_id = ? AND written > ? ORDER BY written LIMIT ?"
)

_PAGE = 500
"""Rows fetched at once. No statement stays open between two pages: it would hold back the view of
every other read, and the log could not be cleared."""


def open_storage(
    address: str | os.PathLike[str], *, busy_timeout_ms: int = 10_000
) -> SqliteStorage:
    """Open (or create) the store at a path, `sqlite:///path` or `:memory:`.

    `busy_timeout_ms` is how long a command waits for another process that writes. Raises
    `StorageError` when the file cannot be used.
    """
    path = database_path(address)
    opened: list[sqlite3.Connection] = []
    try:
        writer = connect(path, busy_timeout_ms=busy_timeout_ms)
        opened.append(writer)
        refuse_foreign(writer, path)
        set_up(writer, path, busy_timeout_ms=busy_timeout_ms)
        migrate(writer)
        reader = writer if path == MEMORY else connect_reader(path, busy_timeout_ms)
        return SqliteStorage(writer, reader, path, busy_timeout_ms)
    except BaseException as error:
        _close(opened)
        if isinstance(error, FAILURES):
            raise storage_error(path, error) from error
        raise


def _close(connections: Sequence[sqlite3.Connection]) -> None:
    # The writer closes last, so that it is the one to fold the log into the file.
    for connection in reversed(connections):
        connection.close()


class SqliteStorage:
    """The `Storage` in one file, for all threads of a process.

    All writes go through one connection under a lock: SQLite is unfair to connections that wait
    for each other, a lock is not. Reads have a connection of their own, so that they see the last
    commit and do not wait for a long batch; it never writes or checkpoints. A thread that is
    inside its own transaction or batch reads what it has written there: what a command sees does
    not depend on where a batch ends.
    """

    def __init__(
        self,
        writer: sqlite3.Connection,
        reader: sqlite3.Connection,
        path: str,
        busy_timeout_ms: int,
    ) -> None:
        self._writer = Writer(writer, path, busy_timeout_ms)
        self._reader = reader
        self._path = path
        self._busy_timeout_ms = busy_timeout_ms
        # In memory there is one connection only, and a reader waits for the writer.
        self._reading = self._writer.lock if reader is writer else RLock()

    def transaction(self) -> AbstractContextManager[SqliteTransaction]:
        """One command; inside a batch or another transaction, a part of that."""
        return self._writer.block()

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Transactions that are committed together at the end.

        Each stays all-or-nothing: one that fails is undone alone when its exception is caught
        inside the batch. An exception that leaves the batch undoes all of them together.
        """
        with self._writer.block():
            yield

    def orders(
        self,
        shop: str,
        *,
        status: str | None = None,
        channel: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> Iterator[StoredOrder]:
        """Page by page, each as of the last commit; `limit` None means all."""
        sql = _ORDERS
        values: rows.Row = (shop,)
        for condition, value in ((" AND status = ?", status), (" AND channel = ?", channel)):
            if value is not None:
                sql, values = sql + condition, (*values, value)
        sql += " AND id > ? ORDER BY id LIMIT ?"
        last = after or ""
        left = limit
        while left is None or left > 0:
            size = _PAGE if left is None else min(left, _PAGE)
            page = [rows.order(row) for row in self._rows(sql, (*values, last, size))]
            yield from page
            if len(page) < size:
                return
            last = page[-1].id
            left = None if left is None else left - size

    def find(self, shop: str, text: str) -> StoredOrder | None:
        """An id goes before a number, a number before a source id."""
        for condition in (" AND id = ?", " AND number = ?", " AND source_id = ? LIMIT 2"):
            found = self._rows(_ORDERS + condition, (shop, text))
            if len(found) == 1:
                return rows.order(found[0])
        return None

    def events(self, shop: str, order_id: str) -> Sequence[StoredEvent]:
        return [rows.event(row) for row in self._rows(_EVENTS, (shop, order_id))]

    def decisions(self, shop: str, order_id: str) -> Sequence[StoredDecision]:
        return [rows.decision(row) for row in self._rows(_DECISIONS, (shop, order_id))]

    def facts(self, shop: str, facts_hash: str) -> str | None:
        found = self._rows(_FACTS, (shop, facts_hash))
        return found[0][0] if found else None

    def rules(self, shop: str, rules_hash: str) -> StoredRules | None:
        found = self._rows(_RULES, (shop, rules_hash))
        return rows.rules(found[0]) if found else None

    def journal(self, shop: str) -> Sequence[StoredEntry]:
        return [rows.entry(row) for row in self._rows(_JOURNAL, (shop,))]

    def releases(self, shop: str) -> Sequence[StoredRelease]:
        return [rows.release(row) for row in self._rows(_RELEASES, (shop,))]

    def release(self, shop: str, version: int) -> StoredRelease | None:
        found = self._rows(_RELEASE, (shop, version))
        return rows.release(found[0]) if found else None

    def rule_text(self, shop: str, text_hash: str) -> str | None:
        found = self._rows(_TEXT, (shop, text_hash))
        return found[0][0] if found else None

    def rules_used(self, shop: str) -> Mapping[tuple[int, str, str], int]:
        """In order of (entry, point, rules_hash)."""
        return {(row[0], row[1], row[2]): row[3] for row in self._rows(_RULES_USED, (shop,))}

    def decided(
        self, shop: str, points: Sequence[str]
    ) -> Iterator[tuple[StoredDecision, str | None]]:
        """Page by page, each as of the last commit."""
        marks = ", ".join("?" * len(points))
        names = ", ".join(f"decisions.{name}" for name in rows.DECISION.split(", "))
        sql = (
            f"SELECT {names}, facts.snapshot FROM decisions LEFT JOIN facts"
            " ON facts.shop = decisions.shop AND facts.facts_hash = decisions.facts_hash"
            f" WHERE decisions.shop = ? AND point IN ({marks}) AND (order_id, seq) > (?, ?)"
            " ORDER BY order_id, seq LIMIT ?"
        )
        last = ("", 0)
        while page := self._rows(sql, (shop, *points, *last, _PAGE)):
            for row in page:
                yield rows.decision(row[:-1]), row[-1]
            last = page[-1][1:3]

    def trials(self, shop: str, version: int) -> Iterator[StoredTrial]:
        """Page by page, each as of the last commit."""
        last = ("", 0)
        while page := self._rows(_TRIALS, (shop, version, *last, _PAGE)):
            for row in page:
                yield rows.trial(row)
            last = page[-1][1:3]

    def outcome_counts(self, shop: str) -> Mapping[tuple[str, str], int]:
        """In order of (point, outcome)."""
        return {(row[0], row[1]): row[2] for row in self._rows(_OUTCOMES, (shop,))}

    def status_counts(self, shop: str) -> Mapping[str, int]:
        """In order of the status."""
        return {row[0]: row[1] for row in self._rows(_STATUSES, (shop,))}

    def stock(self, shop: str) -> Sequence[StockLevel]:
        return [rows.level(row) for row in self._rows(_STOCK, (shop,))]

    def last_movements(self, shop: str, warehouse: str, sku: str, limit: int) -> Sequence[Movement]:
        found = self._rows(_LAST_MOVEMENTS, (shop, warehouse, sku, limit))
        return [rows.movement(row) for row in reversed(found)]

    def numberings(self, shop: str) -> Sequence[Numbering]:
        return [Numbering(*row) for row in self._rows(_NUMBERINGS, (shop,))]

    def all_reservations(self, shop: str) -> Sequence[Reservation]:
        return [rows.reservation(row) for row in self._rows(_RESERVATIONS, (shop,))]

    def pools(self, shop: str) -> Sequence[PoolLevel]:
        return [rows.pool(row) for row in self._rows(_POOLS, (shop,))]

    def transfers(self, shop: str) -> Sequence[OnItsWay]:
        return [rows.on_its_way(row) for row in self._rows(_TRANSFERS, (shop,))]

    def movements(self, shop: str, order_id: str | None = None) -> Iterator[Movement]:
        """Page by page, each as of the last commit."""
        sql = _MOVEMENTS
        values: rows.Row = (shop,)
        if order_id is not None:
            sql, values = _MOVEMENTS_OF_ORDER, (shop, order_id)
        last = 0
        while page := self._rows(sql, (*values, last, _PAGE)):
            for row in page:
                yield rows.movement(row[1:])
            last = page[-1][0]

    def queue(self, shop: str) -> Iterator[Waiting]:
        """Page by page, each as of the last commit."""
        sql = f"{queues.QUEUE} AND (order_id, sku) > (?, ?) ORDER BY order_id, sku LIMIT ?"
        last = ("", "")
        while page := self._rows(sql, (shop, *last, _PAGE)):
            found = [queues.waiting(row) for row in page]
            yield from found
            last = (found[-1].order_id, found[-1].sku)

    def purchases(self, shop: str) -> Sequence[PurchaseOrder]:
        sql = f"{queues.PURCHASES} ORDER BY number, warehouse, sku"
        return [queues.purchase_order(row) for row in self._rows(sql, (shop,))]

    def presold(self, shop: str) -> Sequence[Presold]:
        return [Presold(*row) for row in self._rows(queues.PRESOLD, (shop,))]

    def setting(self, shop: str, name: str) -> str | None:
        found = self._rows(_SETTING, (shop, name))
        return found[0][0] if found else None

    def keep_setting(self, shop: str, name: str, value: str) -> None:
        """A transaction of its own, or a part of the one that is open."""
        with self._writer.block() as transaction:
            transaction.keep_setting(shop, name, value)

    def content(self) -> Iterator[str]:
        """All of it as of one commit."""
        if self._writer.is_mine() or self._reader is self._writer.connection:
            with self._writer.lock:
                lines = list(content_lines(self._writer.connection))
            yield from lines
            return
        try:
            with closing(connect_reader(self._path, self._busy_timeout_ms)) as snapshot:
                snapshot.execute("BEGIN")
                yield from content_lines(snapshot)
        except FAILURES as error:
            raise storage_error(self._path, error) from error

    def close(self) -> None:
        """Let go of the file, with everything committed in it; closing twice does no harm."""
        with self._writer.lock, self._reading:
            _close([self._writer.connection, self._reader])

    def _rows(self, sql: str, values: rows.Row) -> list[rows.Row]:
        mine = self._writer.is_mine()
        connection = self._writer.connection if mine else self._reader
        try:
            with self._writer.lock if mine else self._reading:
                return connection.execute(sql, values).fetchall()
        except FAILURES as error:
            raise storage_error(self._path, error) from error
