"""Whether every decision was made by the one version that was in force, judged from outside."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

from ordinance.audit.doctor import check
from ordinance.audit.why import replay
from ordinance.ports import Storage
from ordinance.releases.release import rule_hashes
from ordinance.releases.standing import TAKES_EFFECT
from tests.publishing.traffic import SHOP, Traffic
from tests.stores import open_storage


def wrong(path: Path, traffic: Traffic, *, replayed: int) -> list[str]:
    """Everything that should not be; `replayed` decisions are made again."""
    storage = open_storage(path)
    try:
        return [
            *_publishing(storage, traffic),
            *_decisions(storage, path, traffic),
            *_commands(storage, traffic),
            *_again(storage, traffic, replayed),
            *map(str, check(storage, SHOP)),
        ]
    finally:
        storage.close()


def _publishing(storage: Storage, traffic: Traffic) -> Iterator[str]:
    """The journal holds what was published and nothing of what was refused."""
    done = [act for act in traffic.publishing if act.entry]
    journal = storage.journal(SHOP)
    told = [(act.entry, act.what, act.version) for act in done]
    kept = [(entry.seq, entry.kind.value, entry.version) for entry in journal[1:]]
    if told != kept:
        yield f"the publisher did {len(told)} things, the journal holds {len(kept)} others"
    made = [act.version for act in done if act.what in ("published", "shadow_started")]
    if [item.version for item in storage.releases(SHOP)] != [1, *made]:
        yield "a version is there that nobody made, or one is missing"


def _decisions(storage: Storage, path: Path, traffic: Traffic) -> Iterator[str]:
    """Each names the entry that was in force when it was committed, and its rules."""
    journal = storage.journal(SHOP)
    hashes = {item.version: rule_hashes(item) for item in storage.releases(SHOP)}
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute(
            "SELECT rowid, published, point, rules_hash FROM decisions ORDER BY rowid"
        ).fetchall()
    came = {act.entry: act.decisions for act in traffic.publishing if act.entry}
    effective = [item.seq for item in journal if item.kind in TAKES_EFFECT]
    marks = [came.get(seq, 0) for seq in effective]
    for row, published, point, rules_hash in rows:
        wanted = effective[bisect_left(marks, row) - 1]
        if published != wanted:
            yield f"decision {row} names entry {published}, entry {wanted} was in force"
        if not 0 < published <= len(journal) or journal[published - 1].kind not in TAKES_EFFECT:
            yield f"{point} names entry {published}, which puts nothing in force"
        elif hashes[journal[published - 1].version][point] != rules_hash:
            yield f"{point} names entry {published}, and the rules of another version"


def _commands(storage: Storage, traffic: Traffic) -> Iterator[str]:
    """Each has one version, which came into force before it ended and was not replaced before it
    began."""
    came = {act.entry: act for act in traffic.publishing if act.entry}
    effective = [item.seq for item in storage.journal(SHOP) if item.kind in TAKES_EFFECT]
    next_one = dict(pairwise(effective))
    for act in traffic.commands:
        if act.what == "busy":
            continue
        used = {item.published for item in storage.decisions(SHOP, act.what)}
        if len(used) != 1:
            yield f"order {act.what} was decided by the entries {sorted(used)}"
            continue
        (entry,) = used
        made = came.get(entry)
        if made is not None and act.ended < made.began:
            yield f"order {act.what} was decided by entry {entry} before it was published"
        later = came.get(next_one.get(entry, 0))
        if later is not None and act.began > later.ended:
            yield f"order {act.what} was decided by entry {entry} after it was replaced"


def _again(storage: Storage, traffic: Traffic, most: int) -> Iterator[str]:
    """Made again, they come out the same."""
    placed = [act.what for act in traffic.commands if act.what != "busy"]
    step = max(1, 12 * len(placed) // most)
    for order_id in placed[::step]:
        for decision in storage.decisions(SHOP, order_id):
            if not replay(decision, storage).same:
                yield f"{decision.point} of order {order_id} comes out otherwise"


def figures(path: Path, traffic: Traffic) -> str:
    """How much there was of everything."""
    storage = open_storage(path)
    try:
        used = storage.rules_used(SHOP)
        entries: Counter[int] = Counter()
        for (entry, _, _), count in used.items():
            entries[entry] += count
        kinds = Counter(act.what for act in traffic.publishing)
        waits = sorted(act.ended - act.began for act in traffic.commands)
        trials = sum(
            1 for item in storage.releases(SHOP) for _ in storage.trials(SHOP, item.version)
        )
        busy = sum(act.what == "busy" for act in traffic.commands)
        return (
            f"{len(traffic.commands)} commands ({busy} found the store busy), "
            f"{sum(used.values())} decisions under {len(entries)} entries, {trials} trials; "
            f"publisher: {dict(sorted(kinds.items()))}; a command took "
            f"{1000 * waits[len(waits) // 2]:.0f} ms in the middle, {1000 * waits[-1]:.0f} at most"
        )
    finally:
        storage.close()
