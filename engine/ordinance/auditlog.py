"""What a store keeps of the audit log: a part of the ports.

The log of a shop is a list of leaves, each in its place: one for each event of an order, each
movement of stock, each entry of the rule journal and each version of the rules. A sealer gives the
places, some time after the commit, so that no two commands ever wait for each other here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from ordinance.chain import instant_text, packed
from ordinance.inventory import Movement
from ordinance.stored import StoredDecision, StoredEntry, StoredEvent, StoredRelease


class LeafKind(StrEnum):
    """What a leaf stands for."""

    ORDER = "order"
    """An event: `subject` is its order, `number` its version."""
    STOCK = "stock"
    """A movement: `subject` is its sku, `part` its warehouse, `number` its place there."""
    RULES = "rules"
    """An entry of the rule journal: `number` is its place."""
    RELEASE = "release"
    """A version of the rules, as it was published: `number` is the version."""
    UNKNOWN = "unknown"
    """A leaf that nobody seals, so that somebody else has written it."""


class Leaf(NamedTuple):
    """What is sealed of one row: which row it is, and its hash as 64 hex digits."""

    kind: LeafKind
    subject: str
    part: str
    number: int
    leaf: str


class Placed(NamedTuple):
    """A leaf in its place of the log, from 0."""

    place: int
    leaf: Leaf


@dataclass(frozen=True, slots=True)
class LogHead:
    """How long a log is, and the hashes that it needs to grow; see `merkle.Frontier`."""

    size: int = 0
    frontier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """A signed note about the first `size` leaves of a log."""

    shop: str
    size: int
    at: datetime
    note: str


class EventInLog(NamedTuple):
    """An event with its place in the log, and what the row of its order says of its history."""

    event: StoredEvent
    place: int | None
    leaf: str | None
    last: int | None
    """The version that the order has reached; None where there is no such order."""
    head: str | None
    sealed: int | None


class MovementInLog(NamedTuple):
    """A movement with its number within its sku and warehouse, and its place in the log."""

    movement: Movement
    number: int
    place: int | None
    leaf: str | None
    last: int | None
    """The number that the counter has reached; None where there is none."""
    sealed: int | None


class RulesInLog(NamedTuple):
    """An entry of the rule journal or a version of the rules, and its place in the log."""

    kind: LeafKind
    number: int
    now: str
    """The leaf of the row as it is; empty for one that cannot be read."""
    place: int | None
    leaf: str | None


class AuditKeeping(Protocol):
    """What a transaction reads and writes of the log."""

    def log_head(self, shop: str) -> LogHead:
        """How long the log is by now."""
        ...

    def unsealed(self, shop: str, limit: int) -> Sequence[Leaf]:
        """Some of what was committed and has no place yet, those of one row's history in turn."""
        ...

    def seal(
        self, leaves: Sequence[Leaf], before: LogHead, after: LogHead, checkpoint: StoredCheckpoint
    ) -> bool:
        """Give the leaves the places from `before.size` on, and keep the checkpoint; False, with
        nothing written, when somebody else has sealed since the log was `before`."""
        ...


class AuditReading(Protocol):
    """What is read of the log outside of a transaction, page by page, each as of the last commit:
    what has a place never changes. A row that cannot be read comes as one that fits nothing."""

    def log(self, shop: str) -> Iterator[Placed]:
        """The whole log, by place."""
        ...

    def checkpoints(self, shop: str, after: int = -1) -> Iterator[StoredCheckpoint]:
        """The checkpoints over more than `after` leaves, by size."""
        ...

    def last_checkpoint(self, shop: str) -> StoredCheckpoint | None:
        """The one over most leaves, or None."""
        ...

    def events_in_log(self, shop: str, order_id: str | None = None) -> Iterator[EventInLog]:
        """Every event, or those of one order, by (order, version)."""
        ...

    def movements_in_log(
        self, shop: str, series: tuple[str, str] | None = None
    ) -> Iterator[MovementInLog]:
        """Every movement, or those of one (warehouse, sku), by (warehouse, sku, number)."""
        ...

    def rules_in_log(self, shop: str) -> Sequence[RulesInLog]:
        """Every entry of the rule journal, by number, then every version of the rules."""
        ...

    def all_decisions(self, shop: str, order_id: str | None = None) -> Iterator[StoredDecision]:
        """Every decision, or those of one order, by (order, seq)."""
        ...

    def strays(self, shop: str) -> Iterator[Placed]:
        """The leaves whose row is not there, by place."""
        ...

    def bare(self, shop: str) -> Iterator[tuple[LeafKind, str, str, int]]:
        """Orders without an event and counters without a movement that say they had some: the
        kind, the subject, the part and how many."""
        ...


_MOVEMENT = "ordinance movement 1"
_ENTRY = "ordinance rules 1"
_RELEASE = "ordinance release 1"


def movement_leaf(movement: Movement, number: int) -> str:
    """The leaf of a movement, which is the `number`-th of its sku and warehouse."""
    return _hashed(
        _MOVEMENT,
        movement.shop,
        movement.warehouse,
        movement.sku,
        str(number),
        movement.kind.value,
        str(movement.quantity),
        instant_text(movement.at),
        movement.actor,
        movement.cause,
        *_optional(movement.order_id),
        movement.pool,
        *_optional(movement.token),
        *_optional(movement.transfer),
        *_optional(movement.counterpart),
        movement.note,
    )


def entry_leaf(entry: StoredEntry) -> str:
    """The leaf of an entry of the rule journal."""
    return _hashed(
        _ENTRY,
        entry.shop,
        str(entry.seq),
        entry.kind.value,
        str(entry.version),
        entry.actor,
        entry.note,
        instant_text(entry.at),
        str(entry.live),
        str(entry.since),
        str(entry.shadow),
        str(int(entry.approval)),
    )


def release_leaf(release: StoredRelease) -> str:
    """The leaf of a version of the rules. Its files go in by the hashes of their texts."""
    return _hashed(
        _RELEASE,
        release.shop,
        str(release.version),
        release.hash,
        str(release.base),
        release.author,
        release.note,
        instant_text(release.at),
        release.files,
        release.rules,
    )


def _hashed(*fields: str) -> str:
    return hashlib.sha256(b"\x00" + packed(*fields)).hexdigest()


def _optional(value: str | None) -> tuple[str, ...]:
    """A text that may be missing: none is not the same as an empty one."""
    return ("0",) if value is None else ("1", value)
