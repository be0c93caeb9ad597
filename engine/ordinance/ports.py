"""The Protocols that adapters fulfil, and the plain values that cross them.

Every stored key leads with the shop. Nothing here knows of a database, a network or a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol, TypeVar

from ordinance.auditlog import AuditKeeping, AuditReading
from ordinance.inventory import (
    Movement,
    MovementKind,
    OutOfStock,
    Reservation,
    StockLevel,
)
from ordinance.outbox import OutboxKeeping, OutboxReading
from ordinance.outside import Carriers, Notifier, Payments, Warehouses
from ordinance.personkeeping import PersonKeeping, PersonsRead
from ordinance.queueing import QueueKeeping, QueueReading
from ordinance.splitting import Plan, Problem
from ordinance.stockbooks import StockBooks, StockViews
from ordinance.stored import (
    Arrival,
    Attempt,
    BuyerHistory,
    Effect,
    EffectState,
    EntryKind,
    Presold,
    PurchaseOrder,
    StoredBlock,
    StoredCommand,
    StoredDecision,
    StoredEffect,
    StoredEntry,
    StoredEvent,
    StoredOrder,
    StoredRelease,
    StoredRules,
    StoredTrial,
    Timer,
    Waiting,
)
from ordinance.warehousing import WarehouseBooks

__all__ = [
    "Arrival",
    "Attempt",
    "BuyerHistory",
    "Carriers",
    "Clock",
    "Conflict",
    "Contention",
    "Effect",
    "EffectState",
    "EntryKind",
    "Ids",
    "KeyReused",
    "Movement",
    "MovementKind",
    "Notifier",
    "Optimiser",
    "OutOfStock",
    "OutcomeUnknown",
    "Payments",
    "Presold",
    "PurchaseOrder",
    "Reservation",
    "StockBooks",
    "StockLevel",
    "StockViews",
    "Storage",
    "StorageError",
    "StoredBlock",
    "StoredCommand",
    "StoredDecision",
    "StoredEffect",
    "StoredEntry",
    "StoredEvent",
    "StoredOrder",
    "StoredRelease",
    "StoredRules",
    "StoredTrial",
    "Timer",
    "Transaction",
    "Waiting",
    "Warehouses",
]


Answer = TypeVar("Answer")


class Conflict(Exception):
    """Another command changed the same order since it was read; load it again and retry."""


class KeyReused(Exception):
    """An idempotency key came back with another body; nothing was done."""


class StorageError(Exception):
    """The store cannot be used; the message says where it is and what to do."""


class NoStore(StorageError):
    """There is no store at the address, and none was to be made."""


class Contention(StorageError):
    """Other transactions were in the way; nothing was stored, and it may be done again."""


class OutcomeUnknown(StorageError):
    """The connection broke while a transaction was being committed: it is stored, or it is not.

    A command that is sent again under its key is done once, whichever it was.
    """


class Clock(Protocol):
    """Where `now` comes from."""

    def now(self) -> datetime:
        """The current instant, zone-aware."""
        ...


class Ids(Protocol):
    """Where ids come from: sortable, without meaning, and the same for the same seed and cause."""

    def order_id(self, at: datetime, cause: str) -> str:
        """A new order id; `cause` (the idempotency key) makes a seeded id repeatable."""
        ...

    def order_number(self, at: datetime, cause: str) -> str:
        """The public order number; not guessable from another one."""
        ...


class Transaction(
    StockBooks, WarehouseBooks, QueueKeeping, OutboxKeeping, AuditKeeping, PersonKeeping, Protocol
):
    """What one command reads and writes; all of it is stored, or nothing."""

    def command(self, shop: str, key: str) -> StoredCommand | None:
        """The command stored under `key`, or None."""
        ...

    def keep_command(self, command: StoredCommand) -> None:
        """Store a command with its answer."""
        ...

    def order(self, shop: str, order_id: str) -> StoredOrder | None:
        """The order row, or None."""
        ...

    def order_by_source(self, shop: str, channel: str, source_id: str) -> StoredOrder | None:
        """The order that a channel knows as `source_id`, or None."""
        ...

    def order_by_number(self, shop: str, number: str) -> StoredOrder | None:
        """The order with this public number, or None."""
        ...

    def save_order(self, order: StoredOrder, *, expected_version: int) -> None:
        """Insert (`expected_version` 0) or replace the row; raises `Conflict` if it moved on."""
        ...

    def orders_of_buyer(self, shop: str, buyer_id: str) -> Sequence[StoredOrder]:
        """All orders of one buyer, by (placed_at, id)."""
        ...

    def buyer_history(
        self, shop: str, buyer_id: str, until: datetime, since: datetime, *, besides: str
    ) -> BuyerHistory:
        """What one buyer's orders placed up to `until` come to, without the order `besides`; how
        many are counted from `since` on."""
        ...

    def transaction_owner(self, shop: str, method: str, transaction: str) -> str | None:
        """The id of the order that a payment transaction was first seen on, or None."""
        ...

    def keep_transaction(self, shop: str, method: str, transaction: str, order_id: str) -> None:
        """Remember which order a payment transaction belongs to; the first one stays."""
        ...

    def append_events(self, events: Sequence[StoredEvent]) -> None:
        """Append to the history; (shop, order, version) is unique."""
        ...

    def append_decisions(self, decisions: Sequence[StoredDecision]) -> None:
        """Append decision records."""
        ...

    def keep_facts(self, shop: str, snapshots: Mapping[str, str]) -> None:
        """Store snapshots of facts by their hashes, each once; the first one stays."""
        ...

    def keep_rules(self, rules: StoredRules) -> None:
        """Store a rule source once under the hash of its meaning."""
        ...

    def journal_end(self, shop: str) -> StoredEntry | None:
        """The last entry of the rule journal, which says what is in force; None without any."""
        ...

    def append_entry(self, entry: StoredEntry) -> None:
        """Append to the rule journal; raises `Conflict` when (shop, seq) is there already."""
        ...

    def add_release(self, release: StoredRelease, texts: Mapping[str, str]) -> None:
        """Store a release with the texts of its files by their hash, each kept once.

        Raises `Conflict` when (shop, version) is there already.
        """
        ...

    def append_trials(self, trials: Sequence[StoredTrial]) -> None:
        """Append what a candidate said; never read by a command."""
        ...

    def block(self, block: StoredBlock) -> None:
        """Keep a stock item from being shipped by a warehouse; the newest block counts."""
        ...

    def lift_block(self, shop: str, sku: str, warehouse: str) -> bool:
        """Let a warehouse ship a stock item again; False when nothing kept it from that."""
        ...

    def blocks(self, shop: str, now: datetime) -> Sequence[StoredBlock]:
        """What is blocked at `now`, by (sku, warehouse)."""
        ...

    def schedule(self, timer: Timer) -> None:
        """Set (or move) a timer."""
        ...

    def unschedule(self, shop: str, order_id: str, kind: str | None, name: str | None) -> None:
        """Drop the timers of an order, all of them or those of one kind (and name)."""
        ...

    def timer(self, shop: str, order_id: str, kind: str, name: str) -> Timer | None:
        """One timer as it is set, or None."""
        ...

    def due(self, shop: str, now: datetime, limit: int) -> Sequence[Timer]:
        """Timers that are due at `now`, by (due, order, kind, name)."""
        ...

    def next_due(self, shop: str) -> datetime | None:
        """When the next timer is due, or None."""
        ...


class Storage(StockViews, QueueReading, OutboxReading, AuditReading, PersonsRead, Protocol):
    """A store of shops. Reads outside a transaction see the last commit."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """One write transaction; commits at the end of the block, rolls back on an exception.

        Inside `batch` it is a savepoint of the batch.
        """
        ...

    def transact(self, work: Callable[[Transaction], Answer]) -> Answer:
        """Do `work` in one write transaction, and answer what it answers.

        Where another transaction got in the way, all of it is undone and `work` is done again in a
        new one, so that it may do nothing but read and write the store. Raises what `work` raises,
        and `StorageError` when others are in the way again and again.
        """
        ...

    def reading(self) -> AbstractContextManager[Transaction]:
        """Several reads of one instant, which lock nothing and nobody; not to be written in.

        Inside `transaction` or `batch` they see what that sees.
        """
        ...

    def batch(self) -> AbstractContextManager[None]:
        """Group many transactions of this process into one commit; each stays all-or-nothing."""
        ...

    def orders(
        self,
        shop: str,
        *,
        status: str | None = None,
        channel: str | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> Iterator[StoredOrder]:
        """Orders by id, filtered; `after` is the last id of the page before."""
        ...

    def find(self, shop: str, text: str) -> StoredOrder | None:
        """An order by id, public number, or source id (when only one channel knows it)."""
        ...

    def events(self, shop: str, order_id: str) -> Sequence[StoredEvent]:
        """The history of an order, by version."""
        ...

    def decisions(self, shop: str, order_id: str) -> Sequence[StoredDecision]:
        """The decisions of an order, by seq."""
        ...

    def facts(self, shop: str, facts_hash: str) -> str | None:
        """The snapshot stored under a hash, or None."""
        ...

    def rules(self, shop: str, rules_hash: str) -> StoredRules | None:
        """The rule source stored under a hash, or None."""
        ...

    def journal(self, shop: str) -> Sequence[StoredEntry]:
        """The rule journal, by seq."""
        ...

    def releases(self, shop: str) -> Sequence[StoredRelease]:
        """Every release, by version."""
        ...

    def release(self, shop: str, version: int) -> StoredRelease | None:
        """One release, or None."""
        ...

    def rule_text(self, shop: str, text_hash: str) -> str | None:
        """The text of a rule file of a release by its hash, or None."""
        ...

    def rules_used(self, shop: str) -> Mapping[tuple[int, str, str], int]:
        """How many decisions each (entry that put the rules in force, point, rules_hash) made."""
        ...

    def decided(
        self, shop: str, points: Sequence[str]
    ) -> Iterator[tuple[StoredDecision, str | None]]:
        """The decisions of these points with the facts they were made on, by (order, seq)."""
        ...

    def trials(self, shop: str, version: int) -> Iterator[StoredTrial]:
        """What a candidate said, by (order, seq)."""
        ...

    def outcome_counts(self, shop: str) -> Mapping[tuple[str, str], int]:
        """How often each (decision point, outcome) was decided."""
        ...

    def status_counts(self, shop: str) -> Mapping[str, int]:
        """How many orders stand in each display status."""
        ...

    def setting(self, shop: str, name: str) -> str | None:
        """A small named value of the shop (its profile, its last report ...), or None."""
        ...

    def keep_setting(self, shop: str, name: str, value: str) -> None:
        """Store a small named value of the shop."""
        ...

    def content(self) -> Iterator[str]:
        """Every stored row as a line of canonical JSON, by key; equal content gives equal lines,
        whatever the store is made of."""
        ...

    def fill(self, lines: Iterable[str]) -> int:
        """Write the lines that another store gave as its `content`; how many.

        All of them or none. Raises `StorageError` when this store holds anything already, or for a
        line that is none.
        """
        ...

    def close(self) -> None:
        """Let go of the store."""
        ...


class Optimiser(Protocol):
    """A solver for splits that are too large to be proved by the search that comes with us."""

    def improve(self, problem: Problem, plan: Plan) -> Plan:
        """The best plan it finds in its time, `plan` itself when it finds none that is better."""
        ...
