"""How the rules of a shop stand, and how that came about."""

from __future__ import annotations

from dataclasses import dataclass

from ordinance.ports import Storage, StorageError, StoredEntry, StoredRelease
from ordinance.releases import standing


@dataclass(frozen=True, slots=True)
class Status:
    """How things stand."""

    live: StoredRelease | None
    entry: StoredEntry | None
    """The entry that put it in force."""
    waiting: tuple[StoredRelease, ...]
    """Proposed, and not approved yet; only what may still take effect."""
    shadow: StoredRelease | None
    approval: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of the history: what it replaced, and how many decisions followed from it."""

    entry: StoredEntry
    release: StoredRelease | None
    replaced: int
    decisions: int


def status(storage: Storage, shop: str) -> Status:
    """What is in force, what waits, what is tried."""
    journal = storage.journal(shop)
    last = journal[-1] if journal else None
    if last is None:
        return Status(None, None, (), None, False)

    def stored(version: int) -> StoredRelease:
        found = storage.release(shop, version)
        if found is None:
            raise StorageError(
                f"version {version} of the rules is not in the store; restore a backup"
            )
        return found

    waiting = tuple(
        release
        for release in map(stored, standing.unapproved(journal))
        if release.base == last.live
    )
    return Status(
        live=stored(last.live) if last.live else None,
        entry=journal[last.since - 1] if last.since else None,
        waiting=waiting,
        shadow=stored(last.shadow) if last.shadow else None,
        approval=last.approval,
    )


def history(storage: Storage, shop: str) -> list[Told]:
    """The journal from the first entry to the last."""
    releases = {item.version: item for item in storage.releases(shop)}
    decisions: dict[int, int] = {}
    for (seq, _point, _hash), count in storage.rules_used(shop).items():
        decisions[seq] = decisions.get(seq, 0) + count
    live = 0
    told = []
    for entry in storage.journal(shop):
        took_effect = entry.kind in standing.TAKES_EFFECT
        told.append(
            Told(
                entry,
                releases.get(entry.version),
                live if took_effect else 0,
                decisions.get(entry.seq, 0) if took_effect else 0,
            )
        )
        live = entry.live
    return told
