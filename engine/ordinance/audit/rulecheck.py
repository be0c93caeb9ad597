"""What the doctor checks of published rules.

I15: what is stored adds up, and every decision names rules that were in force. I17: nobody put
their own rules in force where a second person had to.
"""

from __future__ import annotations

from collections.abc import Iterator

from ordinance.audit.finding import Finding
from ordinance.ports import EntryKind, Storage
from ordinance.releases import integrity
from ordinance.releases.release import rule_hashes
from ordinance.releases.said import same_person


def rules(storage: Storage, shop: str) -> Iterator[Finding]:
    """I15 and I17."""
    for fault in integrity.faults(storage, shop):
        yield Finding("I15", fault.about, fault.text)
    yield from _trials(storage, shop)
    authors = {release.version: release.author for release in storage.releases(shop)}
    demanded = False
    for entry in storage.journal(shop):
        about = f"entry {entry.seq} of the rule journal"
        if not entry.actor.strip():
            yield Finding("I17", about, "does not say who did it")
        if entry.kind is EntryKind.APPROVED and same_person(
            entry.actor, authors.get(entry.version, "")
        ):
            yield Finding("I17", about, f"{entry.actor} approved rules of their own")
        if entry.kind is EntryKind.PUBLISHED and demanded:
            yield Finding("I17", about, "puts rules in force that a second person had to approve")
        demanded = entry.approval


def _trials(storage: Storage, shop: str) -> Iterator[Finding]:
    """What a candidate said was said by its own rules."""
    for release in storage.releases(shop):
        hashes = rule_hashes(release)
        for trial in storage.trials(shop, release.version):
            if hashes.get(trial.point) != trial.rules_hash:
                about = f"trial {trial.seq} of order {trial.order_id}"
                text = f"was made by other rules than those of version {release.version}"
                yield Finding("I15", about, text)
