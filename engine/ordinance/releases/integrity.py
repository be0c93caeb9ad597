"""Whether what is stored about published rules adds up, and every decision names what decided."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ordinance.ports import Storage, StoredEntry, StoredRelease
from ordinance.releases.release import rule_hashes, text_hash
from ordinance.releases.standing import TAKES_EFFECT, follow
from ordinance.rules.decision import sha256_of


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not add up: what it is about, and what differs."""

    about: str
    text: str


def faults(storage: Storage, shop: str) -> Iterator[Fault]:
    """Everything about the releases, the journal and the decisions that does not add up."""
    journal = storage.journal(shop)
    releases = {item.version: item for item in storage.releases(shop)}
    yield from _journal(journal, releases)
    for release in releases.values():
        yield from _release(storage, release)
    yield from _decisions(storage, shop, journal, releases)


def _journal(
    journal: Sequence[StoredEntry], releases: Mapping[int, StoredRelease]
) -> Iterator[Fault]:
    """Each entry follows from the one before, and is about a version that is there."""
    before: StoredEntry | None = None
    for number, entry in enumerate(journal, start=1):
        about = f"entry {entry.seq} of the rule journal"
        wanted = follow(
            before,
            entry.kind,
            shop=entry.shop,
            version=entry.version,
            actor=entry.actor,
            note=entry.note,
            at=entry.at,
        )
        if entry.seq != number:
            yield Fault(about, f"stands where entry {number} should")
        elif entry != replace(wanted, seq=entry.seq):
            yield Fault(about, "does not follow from the entry before it")
        if entry.version and entry.version not in releases:
            yield Fault(about, f"is about version {entry.version}, which is not there")
        before = entry


def _release(storage: Storage, release: StoredRelease) -> Iterator[Fault]:
    """Its texts are the ones that were stored, and its hash covers them."""
    about = f"version {release.version} of the rules"
    files = json.loads(release.files)
    if sha256_of([files, json.loads(release.rules)]) != release.hash:
        yield Fault(about, "is not what its hash says")
    for name, wanted in files.items():
        text = storage.rule_text(release.shop, wanted)
        if text is None or text_hash(text) != wanted:
            yield Fault(about, f"has another text of `{name}` than was stored")


def _decisions(
    storage: Storage,
    shop: str,
    journal: Sequence[StoredEntry],
    releases: Mapping[int, StoredRelease],
) -> Iterator[Fault]:
    """Each names the rules of the version that its entry put in force."""
    hashes = {version: rule_hashes(item) for version, item in releases.items()}
    for (seq, point, rules_hash), count in storage.rules_used(shop).items():
        if not seq:
            # Made by rules that the program brought along.
            continue
        about = f"{count} decisions of {point}"
        entry = journal[seq - 1] if 0 < seq <= len(journal) else None
        if entry is None or entry.kind not in TAKES_EFFECT:
            yield Fault(about, f"name entry {seq}, which put no rules in force")
        elif hashes.get(entry.version, {}).get(point) != rules_hash:
            yield Fault(about, f"name other rules than those of version {entry.version}")
