"""The store: one connection behind a lock, transactions, batches, and the reads."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from ordinance.ports import (
    Movement,
    StockLevel,
    StorageError,
    StoredDecision,
    StoredEvent,
    StoredOrder,
    StoredRules,
)

from ordinance_adapters.sqlite import rows, schema
from ordinance_adapters.sqlite.transaction import SqliteTransaction

BUSY_MILLISECONDS = 10_000
PAGE = 500
"""Rows read at a time, so that a reader never holds the lock for a whole table."""


def wal_reset_risk() -> str | None:
    """A warning when this SQLite has the WAL-reset bug (3.7.0 to 3.51.2), else None.

    It can corrupt a file that several processes write at once; one process is safe.
    """
    if (3, 7, 0) <= sqlite3.sqlite_version_info < (3, 51, 3):
        return (
            f"SQLite {sqlite3.sqlite_version} has the WAL-reset bug: let one process write this "
            "store, or use SQLite 3.51.3 or newer"
        )
    return None


def open_storage(url: str | Path) -> SqliteStorage:
    """Open (or make) the store in a file; `sqlite:///path` and a bare path mean the same."""
    return SqliteStorage(Path(str(url).removeprefix("sqlite:///")))


class SqliteStorage:
    """Fulfils `ordinance.ports.Storage` on one SQLite file.

    One connection per process serves reads and writes under one lock: SQLite writes one at a
    time in any case, its own lock is unfair between connections, and a second connection in the
    process would only add waiting.
    """

    def __init__(self, path: Path) -> None:
        self._where = str(path)
        self._lock = threading.RLock()
        self._depth = 0
        if path.is_dir():
            raise StorageError(f"{path}: is a folder; give the name of a database file in it")
        if not path.parent.is_dir():
            raise StorageError(f"{path}: its folder does not exist; make it first")
        try:
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._settle()
            schema.migrate(self._db, self._where)
        except sqlite3.Error as error:
            raise self._told(error) from error

    def _settle(self) -> None:
        """Set and check what durability rests on."""
        self._db.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        self._db.execute("PRAGMA foreign_keys = ON")
        mode = self._db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        self._db.execute("PRAGMA synchronous = FULL")
        checked = {
            "journal_mode": mode,
            "synchronous": self._db.execute("PRAGMA synchronous").fetchone()[0],
            "foreign_keys": self._db.execute("PRAGMA foreign_keys").fetchone()[0],
        }
        if checked != {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}:
            raise StorageError(
                f"{self._where}: the file system does not allow a safe journal ({checked}); "
                "put the store on a local disk"
            )

    def _told(self, error: sqlite3.Error) -> StorageError:
        text = str(error)
        if "not a database" in text:
            help_ = "it is not a SQLite database; give another file"
        elif "unable to open" in text:
            help_ = "check that you may read and write it"
        elif "readonly" in text:
            help_ = "it may only be read; check its permissions"
        elif "locked" in text:
            help_ = "another process holds it; wait for it or stop it"
        elif "full" in text:
            help_ = "the disk is full; make room, nothing was half written"
        else:
            help_ = "the store cannot be used"
        return StorageError(f"{self._where}: {text}; {help_}")

    @contextmanager
    def transaction(self) -> Iterator[SqliteTransaction]:
        with self._lock:
            inner = self._depth > 0
            name = f"t{self._depth}"
            self._begin(f"SAVEPOINT {name}" if inner else "BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield SqliteTransaction(self._db)
            except BaseException as error:
                self._depth -= 1
                self._db.execute(f"ROLLBACK TO {name}" if inner else "ROLLBACK")
                if inner:
                    self._db.execute(f"RELEASE {name}")
                if isinstance(error, sqlite3.OperationalError):
                    raise self._told(error) from error
                raise
            self._depth -= 1
            self._begin(f"RELEASE {name}" if inner else "COMMIT")

    def _begin(self, statement: str) -> None:
        try:
            self._db.execute(statement)
        except sqlite3.OperationalError as error:
            if self._db.in_transaction and statement == "COMMIT":
                self._db.execute("ROLLBACK")
            raise self._told(error) from error

    @contextmanager
    def batch(self) -> Iterator[None]:
        with self._lock:
            if self._depth:
                yield
                return
            with self.transaction():
                yield

    def _rows(self, sql: str, values: Sequence[object]) -> list[tuple[object, ...]]:
        with self._lock:
            try:
                return self._db.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise self._told(error) from error

    def orders(
        self,
        shop: str,
        *,
        status: str | None = None,
        channel: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> Iterator[StoredOrder]:
        last, left = after or "", limit
        while left is None or left > 0:
            page = PAGE if left is None else min(PAGE, left)
            found = self._rows(
                f"SELECT {rows.ORDER} FROM orders WHERE shop = ? AND id > ? "
                "AND (?3 IS NULL OR status = ?3) AND (?4 IS NULL OR channel = ?4) "
                "ORDER BY id LIMIT ?5",
                (shop, last, status, channel, page),
            )
            for row in found:
                yield rows.order(row)
            if len(found) < page:
                return
            last = str(found[-1][1])
            left = None if left is None else left - len(found)

    def find(self, shop: str, text: str) -> StoredOrder | None:
        for column in ("id", "number", "source_id"):
            found = self._rows(
                f"SELECT {rows.ORDER} FROM orders WHERE shop = ? AND {column} = ? LIMIT 2",
                (shop, text),
            )
            if len(found) == 1:
                return rows.order(found[0])
        return None

    def events(self, shop: str, order_id: str) -> Sequence[StoredEvent]:
        found = self._rows(
            f"SELECT {rows.EVENT} FROM events WHERE shop = ? AND order_id = ? ORDER BY version",
            (shop, order_id),
        )
        return [rows.event(row) for row in found]

    def decisions(self, shop: str, order_id: str) -> Sequence[StoredDecision]:
        found = self._rows(
            f"SELECT {rows.DECISION} FROM decisions WHERE shop = ? AND order_id = ? ORDER BY seq",
            (shop, order_id),
        )
        return [rows.decision(row) for row in found]

    def facts(self, shop: str, facts_hash: str) -> str | None:
        found = self._rows(
            "SELECT snapshot FROM facts WHERE shop = ? AND facts_hash = ?", (shop, facts_hash)
        )
        return str(found[0][0]) if found else None

    def rules(self, shop: str, rules_hash: str) -> StoredRules | None:
        found = self._rows(
            "SELECT shop, rules_hash, point, file, source, first_used FROM rule_sources "
            "WHERE shop = ? AND rules_hash = ?",
            (shop, rules_hash),
        )
        return rows.rules(found[0]) if found else None

    def outcome_counts(self, shop: str) -> Mapping[tuple[str, str], int]:
        found = self._rows(
            "SELECT point, outcome, count(*) FROM decisions WHERE shop = ? "
            "GROUP BY point, outcome ORDER BY point, outcome",
            (shop,),
        )
        return {(str(row[0]), str(row[1])): int(str(row[2])) for row in found}

    def status_counts(self, shop: str) -> Mapping[str, int]:
        found = self._rows(
            "SELECT status, count(*) FROM orders WHERE shop = ? GROUP BY status ORDER BY status",
            (shop,),
        )
        return {str(row[0]): int(str(row[1])) for row in found}

    def stock(self, shop: str) -> Sequence[StockLevel]:
        found = self._rows(
            "SELECT warehouse, sku, on_hand, reserved, quarantine FROM stock WHERE shop = ? "
            "ORDER BY sku, warehouse",
            (shop,),
        )
        return [rows.level(row) for row in found]

    def movements(self, shop: str, order_id: str | None = None) -> Iterator[Movement]:
        found = self._rows(
            f"SELECT {rows.MOVEMENT} FROM movements WHERE shop = ? "
            "AND (?2 IS NULL OR order_id = ?2) ORDER BY sku, warehouse, seq",
            (shop, order_id),
        )
        for row in found:
            yield rows.movement(row)

    def setting(self, shop: str, name: str) -> str | None:
        found = self._rows("SELECT value FROM settings WHERE shop = ? AND name = ?", (shop, name))
        return str(found[0][0]) if found else None

    def keep_setting(self, shop: str, name: str, value: str) -> None:
        with self.transaction():
            self._db.execute(
                "INSERT INTO settings (shop, name, value) VALUES (?, ?, ?) "
                "ON CONFLICT (shop, name) DO UPDATE SET value = excluded.value",
                (shop, name, value),
            )

    def content(self) -> Iterator[str]:
        for table, key in schema.CONTENT.items():
            with self._lock:
                cursor = self._db.execute(f"SELECT * FROM {table} ORDER BY {key}")
                names = [column[0] for column in cursor.description]
                found = cursor.fetchall()
            for row in found:
                values = dict(zip(names, row, strict=True))
                yield json.dumps(
                    {"table": table, **values},
                    sort_keys=True,
                    ensure_ascii=False,
                    separators=(",", ":"),
                )

    def close(self) -> None:
        with self._lock:
            self._db.close()
