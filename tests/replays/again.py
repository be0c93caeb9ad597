"""Make stored decisions again in this process, and say whether every byte is the same.

python -m tests.replays.again STORE SHOP COUNT
"""

from __future__ import annotations

import codecs
import hashlib
import json
import locale
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from ordinance.audit.why import replay
from ordinance.ports import Storage, StoredDecision
from ordinance_adapters.sqlite import open_storage


@dataclass(frozen=True, slots=True)
class Made:
    """What one process found."""

    decisions: int
    points: int
    differing: list[str]
    """`order point seq` of each decision whose record came out otherwise."""
    records: str
    explanations: str
    """SHA-256 over all records, and over all explanations in both languages."""
    charset: str
    zone: str
    hashed: int
    """What the process finds around it: only to show that it is another one."""


def made_again(path: Path, shop: str, count: int) -> Made:
    """Decide `count` stored decisions again, taken evenly from all decision points."""
    storage = open_storage(path)
    records, explanations = hashlib.sha256(), hashlib.sha256()
    differing, points, number = [], set(), 0
    try:
        for decision in islice(spread(storage, shop), count):
            again = replay(decision, storage)
            if not again.same:
                differing.append(f"{decision.order_id} {decision.point} {decision.seq}")
            records.update(again.explanation.decision.to_json().encode())
            for lang in ("zh", "en"):
                explanations.update(again.explanation.text(lang).encode())
            points.add(decision.point)
            number += 1
    finally:
        storage.close()
    return Made(
        number,
        len(points),
        differing,
        records.hexdigest(),
        explanations.hexdigest(),
        codecs.lookup(locale.getpreferredencoding(False)).name,
        time.strftime("%z", time.localtime(1_782_864_000)),
        hash("ordinance"),
    )


def spread(storage: Storage, shop: str) -> Iterator[StoredDecision]:
    """All decisions of a shop, one of each point in turn, so that rare points come early."""
    by_point: dict[str, list[StoredDecision]] = defaultdict(list)
    for order in storage.orders(shop):
        for decision in storage.decisions(shop, order.id):
            by_point[decision.point].append(decision)
    lines = [iter(by_point[point]) for point in sorted(by_point)]
    while lines:
        left = []
        for line in lines:
            decision = next(line, None)
            if decision is not None:
                left.append(line)
                yield decision
        lines = left


def main() -> int:
    """Print what was found as JSON."""
    # The interpreter puts only one part of the locale in force by itself.
    locale.setlocale(locale.LC_ALL, "")
    store, shop, count = sys.argv[1:]
    print(json.dumps(asdict(made_again(Path(store), shop, int(count)))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
