"""The audit log in SQL: giving places to what was committed, and reading both side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from ordinance.auditlog import (
    EventInLog,
    Leaf,
    LeafKind,
    LogHead,
    MovementInLog,
    Placed,
    RulesInLog,
    StoredCheckpoint,
    entry_leaf,
    movement_leaf,
    release_leaf,
)
from ordinance.ports import Movement, MovementKind, StorageError, StoredDecision
from ordinance_adapters.sql import rows
from ordinance_adapters.sql.paging import paged
from ordinance_adapters.sql.statements import Statements, insert

_LEAF = "kind, subject, part, number, leaf"
_CHECKPOINT = "shop, size, at, note"


def _of(table: str, columns: str) -> str:
    return ", ".join(f"{table}.{name}" for name in columns.split(", "))


_HEAD = "SELECT size, frontier FROM audit_heads WHERE shop = ?"
_OPEN_HEAD = insert("audit_heads", "shop, size, frontier", "ON CONFLICT (shop) DO NOTHING")
_MOVE_HEAD = "UPDATE audit_heads SET size = ?, frontier = ? WHERE shop = ? AND size = ?"
_ADD_LEAF = insert("audit_log", f"shop, place, {_LEAF}")
_ADD_CHECKPOINT = insert("checkpoints", _CHECKPOINT)
_EVENTS_LEFT = (
    "SELECT e.order_id, e.version, e.hash FROM orders AS o JOIN events AS e"
    " ON e.shop = o.shop AND e.order_id = o.id AND e.version > o.sealed"
    " WHERE o.shop = ?1 AND o.sealed < o.version AND o.id IN ("
    "SELECT id FROM orders WHERE shop = ?1 AND sealed < version ORDER BY id LIMIT ?2)"
    " ORDER BY e.order_id, e.version LIMIT ?2"
)
_MOVEMENTS_LEFT = (
    f"SELECT {_of('m', rows.MOVEMENT)}, m.seq FROM stock AS s JOIN movements AS m"
    " ON m.shop = s.shop AND m.warehouse = s.warehouse AND m.sku = s.sku AND m.seq > s.sealed"
    " WHERE s.shop = ? AND s.sealed < s.moves"
    " ORDER BY m.warehouse, m.sku, m.seq LIMIT ?"
)
_ENTRIES_LEFT = (
    f"SELECT {rows.ENTRY} FROM rule_journal WHERE shop = ?1 AND seq > (SELECT coalesce(max(number),"
    " 0) FROM audit_log WHERE shop = ?1 AND kind = 'rules' AND subject = '' AND part = '')"
    " ORDER BY seq LIMIT ?2"
)
_RELEASES_LEFT = (
    f"SELECT {rows.RELEASE} FROM releases WHERE shop = ?1 AND version > (SELECT coalesce("
    "max(number), 0) FROM audit_log WHERE shop = ?1 AND kind = 'release' AND subject = ''"
    " AND part = '') ORDER BY version LIMIT ?2"
)
# Below what is there already, nothing is written: it was sealed by somebody else.
_ORDER_SEALED = "UPDATE orders SET sealed = ?1 WHERE shop = ?2 AND id = ?3 AND sealed < ?1"
_STOCK_SEALED = (
    "UPDATE stock SET sealed = ?1 WHERE shop = ?2 AND sku = ?3 AND warehouse = ?4 AND sealed < ?1"
)


class AuditRows(Statements):
    """The part of a transaction that is about the audit log."""

    def log_head(self, shop: str) -> LogHead:
        row = self._one(_HEAD, (shop,))
        return LogHead(row[0], tuple(row[1].split())) if row else LogHead()

    def unsealed(self, shop: str, limit: int) -> Sequence[Leaf]:
        """Events by (order, version), then movements, the journal and the versions of the rules.
        Raises `StorageError` for a row that cannot be read."""
        found = [
            Leaf(LeafKind.ORDER, order, "", version, hashed)
            for order, version, hashed in self._run(_EVENTS_LEFT, (shop, limit))
        ]
        try:
            for *row, number in self._run(_MOVEMENTS_LEFT, (shop, limit - len(found))):
                moved = rows.movement(tuple(row))
                leaf = movement_leaf(moved, number)
                found.append(Leaf(LeafKind.STOCK, moved.sku, moved.warehouse, number, leaf))
            for each in self._run(_ENTRIES_LEFT, (shop, limit - len(found))):
                entry = rows.entry(each)
                found.append(Leaf(LeafKind.RULES, "", "", entry.seq, entry_leaf(entry)))
            for each in self._run(_RELEASES_LEFT, (shop, limit - len(found))):
                release = rows.release(each)
                leaf = release_leaf(release)
                found.append(Leaf(LeafKind.RELEASE, "", "", release.version, leaf))
        except ValueError as error:
            raise StorageError(
                "the audit log cannot be sealed: a row cannot be read; `ordinance doctor` names it"
            ) from error
        return found

    def seal(
        self, leaves: Sequence[Leaf], before: LogHead, after: LogHead, checkpoint: StoredCheckpoint
    ) -> bool:
        """Two at once write the head of the log one after the other, and the second one finds
        another size. Orders and counters are held by the end only, in one order of all sealers."""
        shop = checkpoint.shop
        self._write(_OPEN_HEAD, (shop, 0, ""))
        moved = (after.size, " ".join(after.frontier), shop, before.size)
        if self._change(_MOVE_HEAD, moved, "the head of the audit log") == 0:
            return False
        added = [
            (shop, place, each.kind.value, *each[1:])
            for place, each in enumerate(leaves, before.size)
        ]
        self._write(_ADD_LEAF, *added, what="a leaf of the audit log")
        note = (shop, checkpoint.size, rows.instant_text(checkpoint.at), checkpoint.note)
        self._write(_ADD_CHECKPOINT, note, what="a checkpoint")
        ends = {(each.kind, each.subject, each.part): each.number for each in leaves}
        for (kind, subject, part), number in sorted(ends.items()):
            if kind is LeafKind.ORDER:
                self._write(_ORDER_SEALED, (number, shop, subject))
            elif kind is LeafKind.STOCK:
                self._write(_STOCK_SEALED, (number, shop, subject, part))
        return True


_LOG = f"SELECT place, {_LEAF} FROM audit_log WHERE shop = ? AND place > ? ORDER BY place LIMIT ?"
_CHECKPOINTS = (
    f"SELECT {_CHECKPOINT} FROM checkpoints WHERE shop = ? AND size > ? ORDER BY size LIMIT ?"
)
_LAST = f"SELECT {_CHECKPOINT} FROM checkpoints WHERE shop = ? ORDER BY size DESC LIMIT 1"
_EVENTS = (
    f"SELECT {_of('e', rows.EVENT)}, l.place, l.leaf, o.version, o.head, o.sealed FROM events AS e"
    " LEFT JOIN audit_log AS l ON l.shop = e.shop AND l.kind = 'order' AND l.subject = e.order_id"
    " AND l.part = '' AND l.number = e.version"
    " LEFT JOIN orders AS o ON o.shop = e.shop AND o.id = e.order_id WHERE e.shop = ?"
)
_EVENTS_AFTER = (
    f"{_EVENTS} AND (e.order_id, e.version) > (?, ?) ORDER BY e.order_id, e.version LIMIT ?"
)
_EVENTS_OF = f"{_EVENTS} AND e.order_id = ? ORDER BY e.version"
_MOVEMENTS = (
    f"SELECT {_of('m', rows.MOVEMENT)}, m.seq, l.place, l.leaf, s.moves, s.sealed"
    " FROM movements AS m LEFT JOIN audit_log AS l ON l.shop = m.shop AND l.kind = 'stock'"
    " AND l.subject = m.sku AND l.part = m.warehouse AND l.number = m.seq"
    " LEFT JOIN stock AS s ON s.shop = m.shop AND s.sku = m.sku AND s.warehouse = m.warehouse"
    " WHERE m.shop = ?"
)
_MOVEMENTS_AFTER = (
    f"{_MOVEMENTS} AND (m.warehouse, m.sku, m.seq) > (?, ?, ?)"
    " ORDER BY m.warehouse, m.sku, m.seq LIMIT ?"
)
_MOVEMENTS_OF = f"{_MOVEMENTS} AND m.warehouse = ? AND m.sku = ? ORDER BY m.seq"


def _of_rules(kind: LeafKind, table: str, columns: str, number: str) -> str:
    """The rows of a table of rules, each with its place in the log."""
    return (
        f"SELECT {_of('r', columns)}, l.place, l.leaf FROM {table} AS r LEFT JOIN audit_log"
        f" AS l ON l.shop = r.shop AND l.kind = '{kind.value}' AND l.subject = '' AND l.part = ''"
        f" AND l.number = r.{number} WHERE r.shop = ? ORDER BY r.{number}"
    )


_JOURNAL = _of_rules(LeafKind.RULES, "rule_journal", rows.ENTRY, "seq")
_RELEASES = _of_rules(LeafKind.RELEASE, "releases", rows.RELEASE, "version")
_ALL_DECISIONS = (
    f"SELECT {rows.DECISION} FROM decisions WHERE shop = ? AND (order_id, seq) > (?, ?)"
    " ORDER BY order_id, seq LIMIT ?"
)
_DECISIONS_OF = (
    f"SELECT {rows.DECISION} FROM decisions WHERE shop = ? AND order_id = ? ORDER BY seq"
)
_STRAYS = (
    f"SELECT place, {_of('l', _LEAF)} FROM audit_log AS l WHERE l.shop = ? AND CASE l.kind"
    " WHEN 'order' THEN NOT EXISTS (SELECT 1 FROM events AS e WHERE e.shop = l.shop"
    " AND e.order_id = l.subject AND e.version = l.number AND l.part = '')"
    " WHEN 'stock' THEN NOT EXISTS (SELECT 1 FROM movements AS m WHERE m.shop = l.shop"
    " AND m.warehouse = l.part AND m.sku = l.subject AND m.seq = l.number)"
    " WHEN 'rules' THEN NOT EXISTS (SELECT 1 FROM rule_journal AS r WHERE r.shop = l.shop"
    " AND r.seq = l.number AND l.subject = '' AND l.part = '')"
    " WHEN 'release' THEN NOT EXISTS (SELECT 1 FROM releases AS r WHERE r.shop = l.shop"
    " AND r.version = l.number AND l.subject = '' AND l.part = '')"
    " ELSE TRUE END AND place > ? ORDER BY place LIMIT ?"
)
_BARE_ORDERS = (
    "SELECT id, version FROM orders AS o WHERE o.shop = ? AND o.version > 0 AND NOT EXISTS"
    " (SELECT 1 FROM events AS e WHERE e.shop = o.shop AND e.order_id = o.id) ORDER BY id"
)
_BARE_COUNTERS = (
    "SELECT sku, warehouse, moves FROM stock AS s WHERE s.shop = ? AND s.moves > 0 AND NOT EXISTS"
    " (SELECT 1 FROM movements AS m WHERE m.shop = s.shop AND m.warehouse = s.warehouse"
    " AND m.sku = s.sku) ORDER BY sku, warehouse"
)


class AuditReads(Protocol):
    """The reads of the audit log; a database says how rows are fetched."""

    def _rows(self, sql: str, values: rows.Row) -> list[rows.Row]: ...

    def log(self, shop: str) -> Iterator[Placed]:
        return map(_placed, paged(self._rows, _LOG, (shop,), (-1,), _place))

    def checkpoints(self, shop: str, after: int = -1) -> Iterator[StoredCheckpoint]:
        found = paged(self._rows, _CHECKPOINTS, (shop,), (after,), lambda row: row[1:2])
        return map(_checkpoint, found)

    def last_checkpoint(self, shop: str) -> StoredCheckpoint | None:
        found = self._rows(_LAST, (shop,))
        return _checkpoint(found[0]) if found else None

    def events_in_log(self, shop: str, order_id: str | None = None) -> Iterator[EventInLog]:
        if order_id is not None:
            return map(_event_in_log, self._rows(_EVENTS_OF, (shop, order_id)))
        found = paged(self._rows, _EVENTS_AFTER, (shop,), ("", 0), _of_order)
        return map(_event_in_log, found)

    def movements_in_log(
        self, shop: str, series: tuple[str, str] | None = None
    ) -> Iterator[MovementInLog]:
        if series is not None:
            return map(_movement_in_log, self._rows(_MOVEMENTS_OF, (shop, *series)))
        found = paged(
            self._rows,
            _MOVEMENTS_AFTER,
            (shop,),
            ("", "", 0),
            lambda row: (row[1], row[2], row[_MOVED]),
        )
        return map(_movement_in_log, found)

    def rules_in_log(self, shop: str) -> Sequence[RulesInLog]:
        entries, releases = self._rows(_JOURNAL, (shop,)), self._rows(_RELEASES, (shop,))
        return [
            *(_rules_in_log(LeafKind.RULES, row, _entry_leaf) for row in entries),
            *(_rules_in_log(LeafKind.RELEASE, row, _release_leaf) for row in releases),
        ]

    def all_decisions(self, shop: str, order_id: str | None = None) -> Iterator[StoredDecision]:
        if order_id is not None:
            return map(_decision, self._rows(_DECISIONS_OF, (shop, order_id)))
        return map(_decision, paged(self._rows, _ALL_DECISIONS, (shop,), ("", 0), _of_order))

    def strays(self, shop: str) -> Iterator[Placed]:
        return map(_placed, paged(self._rows, _STRAYS, (shop,), (-1,), _place))

    def bare(self, shop: str) -> Iterator[tuple[LeafKind, str, str, int]]:
        for order, version in self._rows(_BARE_ORDERS, (shop,)):
            yield LeafKind.ORDER, order, "", version
        for sku, warehouse, moves in self._rows(_BARE_COUNTERS, (shop,)):
            yield LeafKind.STOCK, sku, warehouse, moves


_EVENT_WIDTH = rows.EVENT.count(",") + 1
_MOVED = rows.MOVEMENT.count(",") + 1


_KINDS = {kind.value: kind for kind in LeafKind}
_NEVER = "0001-01-01T00:00:00.000000Z"
_AT = rows.instant(_NEVER)


def _place(row: rows.Row) -> rows.Row:
    return row[:1]


def _of_order(row: rows.Row) -> rows.Row:
    """The order, and the number within it."""
    return row[1:3]


def _placed(row: rows.Row) -> Placed:
    place, kind, *rest = row
    return Placed(place, Leaf(_KINDS.get(kind, LeafKind.UNKNOWN), *rest))


def _checkpoint(row: rows.Row) -> StoredCheckpoint:
    shop, size, at, note = row
    try:
        return StoredCheckpoint(shop, size, rows.instant(at), note)
    except ValueError:
        return StoredCheckpoint(shop, size, _AT, note)


def _decision(row: rows.Row) -> StoredDecision:
    try:
        return rows.decision(row)
    except ValueError:
        return rows.decision((*row[:4], _NEVER, *row[5:]))


def _rules_in_log(kind: LeafKind, row: rows.Row, leaf_of: Callable[[rows.Row], str]) -> RulesInLog:
    *told, place, leaf = row
    try:
        now = leaf_of(tuple(told))
    except ValueError:
        now = ""
    return RulesInLog(kind, told[1], now, place, leaf)


def _entry_leaf(row: rows.Row) -> str:
    return entry_leaf(rows.entry(row))


def _release_leaf(row: rows.Row) -> str:
    return release_leaf(rows.release(row))


def _event_in_log(row: rows.Row) -> EventInLog:
    """A row that cannot be read comes as another one, so that whoever compares finds it altered."""
    try:
        event = rows.event(row[:_EVENT_WIDTH])
    except ValueError:
        event = rows.event((*row[:4], _NEVER, *row[5:_EVENT_WIDTH]))
    return EventInLog(event, *row[_EVENT_WIDTH:])


def _movement_in_log(row: rows.Row) -> MovementInLog:
    try:
        movement = rows.movement(row[:_MOVED])
    except ValueError:
        shop, warehouse, sku = row[:3]
        movement = Movement(shop, warehouse, sku, MovementKind.ADJUSTED, 0, _AT, "", "")
    return MovementInLog(movement, *row[_MOVED:])
