"""The chain of an order's history: every event is bound to the one before it.

The hash of an event is SHA-256 over the hash of the event before it and over everything that the
event says, with the evidence of the decisions that were made on the way to it. Each field goes in
with its length, so that no two histories give the same bytes. Whoever alters, drops, inserts or
swaps an event has to make every later hash of the order anew; the audit log holds those.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache

from ordinance.stored import StoredDecision, StoredEvent

NOTHING = "0" * 64
"""What stands before the first event of an order."""

NO_EVIDENCE = ""
"""The evidence of an event that no decision led to."""

_EVENT = b"\x00ordinance event 1"
_EVIDENCE = b"\x02ordinance decisions 1"


def event_hash(previous: str, event: StoredEvent) -> str:
    """The hash of an event that follows one with the hash `previous`; 64 hex digits."""
    digest = hashlib.sha256(_EVENT)
    digest.update(
        packed(
            previous,
            event.shop,
            event.order_id,
            str(event.version),
            event.kind,
            instant_text(event.at),
            event.actor,
            event.cause,
            event.changes,
            event.data,
            event.evidence,
        )
    )
    return digest.hexdigest()


def evidence_of(decisions: Iterable[StoredDecision]) -> str:
    """What binds an event to the decisions made since the one before it: a digest of all that is
    recorded of them, in their order; `NO_EVIDENCE` for none."""
    told = [
        packed(
            str(each.seq),
            each.point,
            instant_text(each.at),
            each.outcome,
            each.rules_hash,
            each.facts_hash,
            each.record,
            str(each.published),
        )
        for each in decisions
    ]
    if not told:
        return NO_EVIDENCE
    return hashlib.sha256(_EVIDENCE + b"".join(told)).hexdigest()


def packed(*fields: str) -> bytes:
    """Texts in one piece, each with its length in bytes before it."""
    encoded = [field.encode() for field in fields]
    return b"".join([len(each).to_bytes(4, "big") + each for each in encoded])


def instant_text(at: datetime) -> str:
    """An instant as it is hashed: in UTC, with microseconds."""
    return _instant_text(at, at.fold)


@lru_cache(maxsize=64)
def _instant_text(at: datetime, fold: int) -> str:
    """Events of one command share an instant. `fold` tells apart those of a repeated hour."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
