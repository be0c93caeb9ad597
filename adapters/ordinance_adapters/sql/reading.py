"""Reading a store in SQL outside of a transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol, runtime_checkable

from ordinance.inventory import Numbering, OnItsWay, PoolLevel
from ordinance.ports import (
    EffectState,
    Movement,
    Presold,
    PurchaseOrder,
    Reservation,
    StockLevel,
    StoredDecision,
    StoredEffect,
    StoredEntry,
    StoredEvent,
    StoredOrder,
    StoredRelease,
    StoredRules,
    StoredTrial,
    Waiting,
)
from ordinance_adapters.keys import Keyring
from ordinance_adapters.sql import outbox, queues, rows
from ordinance_adapters.sql.auditlog import AuditReads
from ordinance_adapters.sql.paging import PAGE, paged
from ordinance_adapters.sql.persons import PersonReading
from ordinance_adapters.sql.sealing import Seals
from ordinance_adapters.sql.watching import WatchReads

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
    " UNION ALL SELECT warehouse, sku, NULL, moves FROM stock WHERE shop = ?1) AS numbered"
    " GROUP BY sku, warehouse ORDER BY sku, warehouse"
)
_SETTING = "SELECT value FROM settings WHERE shop = ? AND name = ?"
_MOVEMENTS = (
    f"SELECT {rows.MOVEMENT}, seq FROM movements WHERE shop = ?"
    " AND (warehouse, sku, seq) > (?, ?, ?) ORDER BY warehouse, sku, seq LIMIT ?"
)
_MOVEMENTS_OF_ORDER = (
    f"SELECT {rows.MOVEMENT}, seq FROM movements WHERE shop = ? AND order_id = ?"
    " AND (warehouse, sku, seq) > (?, ?, ?) ORDER BY warehouse, sku, seq LIMIT ?"
)


@runtime_checkable
class SqlReading(AuditReads, WatchReads, Protocol):
    """The reads of a `Storage`; a database says how rows are fetched."""

    _seals: Seals

    def _rows(self, sql: str, values: rows.Row) -> list[rows.Row]:
        """What a statement finds, as of the last commit, or as this thread's own block left it."""
        ...

    def person(self, shop: str, person_id: str) -> str | None:
        return self._persons().person(shop, person_id)

    def seen(self, shop: str, person_id: str) -> str | None:
        return self._persons().seen(shop, person_id)

    def persons_found(self, shop: str, term: str) -> Sequence[str]:
        return self._persons().persons_found(shop, term)

    def brought_back(self, shop: str) -> Sequence[str]:
        return self._persons().brought_back(shop)

    @property
    def keyring(self) -> Keyring:
        """The keys of this store."""
        return self._seals.keyring

    def store_name(self) -> str | None:
        """What the store is called in the notes of the keyring; None before it has a person."""
        return self._persons().store_name()

    def demand_keyring(self) -> None:
        """Raise `KeyringError` when the keys of this store are not there, or another one's are."""
        self._persons().belongs()

    def _persons(self) -> PersonReading:
        return PersonReading(self._rows, self._seals)

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
            size = PAGE if left is None else min(left, PAGE)
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
        if not points:
            return
        marks = ", ".join("?" * len(points))
        names = ", ".join(f"decisions.{name}" for name in rows.DECISION.split(", "))
        sql = (
            f"SELECT {names}, facts.snapshot FROM decisions LEFT JOIN facts"
            " ON facts.shop = decisions.shop AND facts.facts_hash = decisions.facts_hash"
            f" WHERE decisions.shop = ? AND point IN ({marks}) AND (order_id, seq) > (?, ?)"
            " ORDER BY order_id, seq LIMIT ?"
        )
        for row in paged(self._rows, sql, (shop, *points), ("", 0), lambda row: row[1:3]):
            yield rows.decision(row[:-1]), row[-1]

    def trials(self, shop: str, version: int) -> Iterator[StoredTrial]:
        """Page by page, each as of the last commit."""
        found = paged(self._rows, _TRIALS, (shop, version), ("", 0), lambda row: row[1:3])
        return map(rows.trial, found)

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
        for row in paged(
            self._rows, sql, values, ("", "", 0), lambda row: (row[1], row[2], row[-1])
        ):
            yield rows.movement(row[:-1])

    def queue(self, shop: str) -> Iterator[Waiting]:
        """Page by page, each as of the last commit."""
        sql = f"{queues.QUEUE} AND (order_id, sku) > (?, ?) ORDER BY order_id, sku LIMIT ?"
        found = paged(self._rows, sql, (shop,), ("", ""), lambda row: (row[4], row[1]))
        return map(queues.waiting, found)

    def purchases(self, shop: str) -> Sequence[PurchaseOrder]:
        sql = f"{queues.PURCHASES} ORDER BY number, warehouse, sku"
        return [queues.purchase_order(row) for row in self._rows(sql, (shop,))]

    def presold(self, shop: str) -> Sequence[Presold]:
        return [Presold(*row) for row in self._rows(queues.PRESOLD, (shop,))]

    def setting(self, shop: str, name: str) -> str | None:
        found = self._rows(_SETTING, (shop, name))
        return found[0][0] if found else None

    def effects(
        self,
        shop: str,
        states: Collection[EffectState],
        *,
        order_id: str | None = None,
        limit: int | None = None,
    ) -> Sequence[StoredEffect]:
        found = self._rows(*outbox.chosen(shop, states, order_id, limit))
        return [outbox.effect(row) for row in found]

    def effect_counts(self, shop: str) -> Mapping[tuple[str, EffectState], int]:
        found = self._rows(outbox.COUNTS, (shop,))
        return {(kind, EffectState(state)): count for kind, state, count in sorted(found)}
