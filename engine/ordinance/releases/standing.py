"""The journal of a shop's rules: what an entry does, and what follows from the entries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ordinance.ports import EntryKind, StoredEntry

TAKES_EFFECT = (EntryKind.PUBLISHED, EntryKind.APPROVED, EntryKind.ROLLED_BACK)
"""The entries that put their version in force."""


def follow(
    last: StoredEntry | None,
    kind: EntryKind,
    *,
    shop: str,
    version: int,
    actor: str,
    note: str,
    at: datetime,
) -> StoredEntry:
    """The entry after `last`, with how things stand after it."""
    seq = 1 if last is None else last.seq + 1
    live, since = (0, 0) if last is None else (last.live, last.since)
    shadow = 0 if last is None else last.shadow
    approval = False if last is None else last.approval
    match kind:
        case EntryKind.PUBLISHED | EntryKind.APPROVED | EntryKind.ROLLED_BACK:
            live, since = version, seq
        case EntryKind.SHADOW_STARTED:
            shadow = version
        case EntryKind.SHADOW_STOPPED:
            shadow = 0
        case EntryKind.APPROVAL_DEMANDED:
            approval = True
        case EntryKind.APPROVAL_WAIVED:
            approval = False
        case EntryKind.PROPOSED:
            pass
    return StoredEntry(shop, seq, kind, version, actor, note, at, live, since, shadow, approval)


def live_of(last: StoredEntry | None) -> int:
    """The version in force; 0 while none is."""
    return 0 if last is None else last.live


def was_in_force(journal: Sequence[StoredEntry], version: int) -> bool:
    """Whether a version was in force at some time."""
    return any(entry.live == version for entry in journal)


def before(journal: Sequence[StoredEntry], version: int) -> int:
    """The version that `version` replaced when it first took effect; 0 when there was none.

    So one rollback after another walks back, version by version, and never to and fro.
    """
    live = 0
    for entry in journal:
        if entry.kind in TAKES_EFFECT and entry.version == version:
            return live
        live = entry.live
    return 0


def unapproved(journal: Sequence[StoredEntry]) -> list[int]:
    """The versions that were proposed and that no second person has approved, in order."""
    proposed = {entry.version for entry in journal if entry.kind is EntryKind.PROPOSED}
    approved = {entry.version for entry in journal if entry.kind is EntryKind.APPROVED}
    return sorted(proposed - approved)


def waiting(journal: Sequence[StoredEntry], version: int) -> bool:
    """Whether a version was proposed and no second person has approved it."""
    return version in unapproved(journal)
