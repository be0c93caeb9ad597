"""What is stored: plain frozen values that cross the ports. Every key leads with the shop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class StoredCommand:
    """One command by its idempotency key, with the body it came with and the answer it got."""

    shop: str
    key: str
    body_hash: str
    result: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredOrder:
    """The order row. `document` is canonical JSON of the record; the rest are columns to search."""

    shop: str
    id: str
    number: str
    channel: str
    source_id: str
    version: int
    status: str
    """The display status, a cache of what the document says."""
    order_state: str
    buyer_id: str | None
    placed_at: datetime
    receivable: int
    paid: int
    refunded: int
    """Money asked for, taken in, and given back or on its way back, in minor units."""
    document: str
    head: str
    """The hash of its last event."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One entry of an order's history. Versions of one order are 1..n without a gap.

    `changes` is canonical JSON: a list of `[path, before, after]`; folding all of them from an
    empty document gives the order's document. `data` holds the arguments of the sentence.
    """

    shop: str
    order_id: str
    version: int
    kind: str
    at: datetime
    actor: str
    cause: str
    """The idempotency key of the command."""
    changes: str
    data: str
    evidence: str
    """A digest of the decisions made since the event before it; empty when there were none."""
    hash: str
    """Of this event and the one before it; see `ordinance.chain`."""


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """One decision as recorded; `record` is its canonical JSON, `seq` counts within the order."""

    shop: str
    order_id: str
    seq: int
    point: str
    at: datetime
    outcome: str
    """The main outcome in one word, to search and count by."""
    rules_hash: str
    facts_hash: str
    record: str
    published: int = 0
    """The entry of the rule journal that put these rules in force; 0 for rules that the program
    brought along."""


@dataclass(frozen=True, slots=True)
class StoredRules:
    """A rule file as it stood when it was first used, under the hash of its meaning."""

    shop: str
    rules_hash: str
    point: str
    file: str
    source: str
    first_used: datetime


@dataclass(frozen=True, slots=True)
class StoredRelease:
    """A whole rulebook as somebody wrote it, under its version: 1, 2, 3 ... within the shop.

    `files` is canonical JSON, file name to the hash of its text; `rules` is canonical JSON,
    decision point to `[rules_hash, file name]`. Once stored it never changes.
    """

    shop: str
    version: int
    hash: str
    """SHA-256 of `files` and `rules`."""
    base: int
    """The version that it was made from; 0 for the first one."""
    author: str
    note: str
    at: datetime
    files: str
    rules: str


class EntryKind(StrEnum):
    """What can happen to the rules of a shop."""

    PROPOSED = "proposed"
    """Stored, and waiting for a second person."""
    PUBLISHED = "published"
    APPROVED = "approved"
    ROLLED_BACK = "rolled_back"
    SHADOW_STARTED = "shadow_started"
    SHADOW_STOPPED = "shadow_stopped"
    APPROVAL_DEMANDED = "approval_demanded"
    APPROVAL_WAIVED = "approval_waived"


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """One entry of a shop's rule journal, with how things stand after it.

    Entries are 1..n without a gap; the last one says which rules are in force.
    """

    shop: str
    seq: int
    kind: EntryKind
    version: int
    """The release that it is about; 0 where it is about none."""
    actor: str
    note: str
    at: datetime
    live: int
    """The version in force from here on; 0 while none is."""
    since: int
    """The entry that put it in force."""
    shadow: int
    """The version that is tried beside it; 0 while none is."""
    approval: bool
    """Whether every release needs a second person."""


@dataclass(frozen=True, slots=True)
class StoredTrial:
    """What a candidate said where the rules in force made a decision; nobody acted on it."""

    shop: str
    order_id: str
    seq: int
    """The decision of the order that it stands beside."""
    version: int
    """The candidate."""
    point: str
    at: datetime
    live: str
    """The outcome that counted, in one word."""
    outcome: str
    """The candidate's outcome in one word; `failed` when it had none."""
    same: bool
    """Whether both came to the same outcome, with all its arguments."""
    live_hash: str
    rules_hash: str
    facts_hash: str
    record: str
    """Canonical JSON of the candidate's decision, or of `{"failed": why}`."""


@dataclass(frozen=True, slots=True)
class PurchaseOrder:
    """Pieces of one stock item that a supplier is to bring; (number, warehouse, sku) is its key."""

    shop: str
    number: str
    warehouse: str
    sku: str
    supplier: str
    pieces: int
    received: int = 0
    expected: date | None = None
    """The day it is to arrive; None when nobody knows."""

    @property
    def open(self) -> int:
        """Pieces that are still to come."""
        return max(self.pieces - self.received, 0)


@dataclass(frozen=True, slots=True)
class Waiting:
    """That an order waits for a stock item, and its place in the queue: (rank, since, order)."""

    shop: str
    sku: str
    rank: int
    """Lower is served earlier."""
    since: datetime
    """When the order was placed."""
    order_id: str
    pieces: int
    takes: str
    """What is worth waking it for: `order` when all of it is there, `line` when these pieces are,
    `piece` for any piece, `nothing` while somebody else decides."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """That stock of an item was freed while orders waited for it; `marks` only ever grows."""

    shop: str
    sku: str
    marks: int


@dataclass(frozen=True, slots=True)
class Presold:
    """How many pieces of an item were sold before they were there, and the cap that held."""

    shop: str
    sku: str
    taken: int
    cap: int


@dataclass(frozen=True, slots=True)
class StoredBlock:
    """A stock item that a warehouse does not ship for the time being."""

    shop: str
    sku: str
    warehouse: str
    until: datetime | None
    """From then on it may be shipped again; None: when somebody lifts the block."""
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Timer:
    """Something that is due for an order. (shop, order, kind, name) is its key."""

    shop: str
    order_id: str
    kind: str
    name: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Effect:
    """Something to be done outside after the commit, at least once, under its own key."""

    shop: str
    key: str
    order_id: str
    kind: str
    """`notify`, `refund`, `warehouse.push`, `warehouse.cancel`."""
    payload: str
    """Canonical JSON."""
    created: datetime

    @property
    def lane(self) -> str:
        """What the kind begins with. Effects of an order go one after the other in a lane, and do
        not wait for those of another lane: no parcel waits for a text message."""
        return self.kind.partition(".")[0]


class EffectState(StrEnum):
    """Where an effect stands."""

    WAITING = "waiting"
    """For its first try, or for the next one."""
    UNKNOWN = "unknown"
    """Asked for, and nobody knows whether it happened."""
    DONE = "done"
    DEAD = "dead"
    """Given up: refused for good, or tried as often as its kind allows."""


@dataclass(frozen=True, slots=True)
class StoredEffect:
    """An effect with what came of it so far."""

    effect: Effect
    place: int
    """Its place among the effects of its order, from 1."""
    state: EffectState = EffectState.WAITING
    attempts: int = 0
    """How often it was tried since it was put in, or since it was last taken up again."""
    redriven: int = 0
    """How often a person had it tried again after it was given up."""
    next_try: datetime | None = None
    """When it is due; None: never by itself."""
    tried_at: datetime | None = None
    error: str | None = None
    """What the last failure said."""
    answers: str = "{}"
    """Canonical JSON: what those of its calls answered that succeeded, while others did not."""
    result: str | None = None
    """What the outside world answered."""
    done_at: datetime | None = None
    restored: bool = False
    """Whether it comes out of a backup, so that it may have been done since that was made."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try at an effect that did not succeed, and what it leaves behind."""

    state: EffectState
    attempts: int
    next_try: datetime | None
    at: datetime
    error: str
    answers: str = "{}"
    restored: bool = False
    """Whether it is still not known what was done after the backup was made."""


@dataclass(frozen=True, slots=True)
class BuyerHistory:
    """What the shop knows of a buyer before an order."""

    orders_90d: int
    paid_minor: int
    refunded_minor: int
