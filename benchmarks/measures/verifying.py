"""How long it takes to verify an audit log: a store of real histories, copied under new ids.

    python -m benchmarks.measures.verifying SOURCE TARGET EVENTS

SOURCE is a SQLite store, such as `make demo` leaves; TARGET is a new one, which is made, sealed and
verified. EVENTS is how many events it is to hold.
"""

from __future__ import annotations

import json
import resource
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ordinance.audit.checkpoint import PublicKey, origin_of
from ordinance.audit.sealer import Sealer
from ordinance.audit.verifying import verify
from ordinance.chain import NOTHING, event_hash
from ordinance.door import open_storage
from ordinance.ports import Storage
from ordinance.stored import StoredEvent, StoredOrder
from ordinance_adapters.signing import Ed25519Signer, checks

ORDERS_AT_ONCE = 400
"""Orders that are stored in one commit."""


def rehung(events: list[StoredEvent], order_id: str) -> list[StoredEvent]:
    """A history under another order, with its hashes made anew."""
    previous, found = NOTHING, []
    for event in events:
        moved = replace(event, order_id=order_id, hash="")
        previous = event_hash(previous, moved)
        found.append(replace(moved, hash=previous))
    return found


def copies(source: Storage, shop: str, wanted: int) -> Iterator[tuple[StoredOrder, str]]:
    """Orders under new ids, with the id they had, until they have so many events."""
    known = [(order, len(source.events(shop, order.id))) for order in source.orders(shop)]
    made = 0
    for again in range(10**9):
        for order, events in known:
            if made >= wanted:
                return
            made += events
            name = f"{again:06}-{order.id}"
            yield replace(order, id=name, number=name, source_id=name), order.id


def fill(source: Storage, target: Storage, shop: str, wanted: int) -> int:
    """Store copies of the orders of a shop; how many events."""
    histories = {
        order.id: (source.events(shop, order.id), source.decisions(shop, order.id))
        for order in source.orders(shop)
    }
    count = 0
    orders = copies(source, shop, wanted)
    while part := [each for each, _ in zip(orders, range(ORDERS_AT_ONCE), strict=False)]:
        with target.transaction() as tx:
            for order, was in part:
                events, decisions = histories[was]
                hung = rehung(list(events), order.id)
                tx.save_order(replace(order, head=hung[-1].hash), expected_version=0)
                tx.append_events(hung)
                tx.append_decisions([replace(each, order_id=order.id) for each in decisions])
                count += len(hung)
    return count


def main(source_path: str, target_path: str, events: int) -> None:
    signer = Ed25519Signer(Ed25519PrivateKey.generate())
    with closing(open_storage(source_path)) as source, closing(open_storage(target_path)) as target:
        shop = json.loads(source.setting("", "shop") or "{}")["shop"]
        began = time.perf_counter()
        count = fill(source, target, shop, events)
        filled = time.perf_counter()
        print(f"{count} events stored in {filled - began:.1f} s", flush=True)
        Sealer(target, shop, signer).seal(datetime.now(UTC))
        sealed = time.perf_counter()
        print(f"sealed in {sealed - filled:.1f} s", flush=True)
        last = target.last_checkpoint(shop)
        assert last is not None
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began, used = time.perf_counter(), time.process_time()
        public = PublicKey(origin_of(shop), signer.public())
        found = verify(target, shop, [last.note], public, checks)
        seconds, used = time.perf_counter() - began, time.process_time() - used
        more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert found.holds and found.covered == count, found.first
    with closing(sqlite3.connect(target_path)) as connection:
        decisions = connection.execute("SELECT count(*) FROM decisions").fetchone()[0]
    megabytes = Path(target_path).stat().st_size / 1e6
    print(
        f"{count} events with {decisions} decisions ({megabytes:.0f} MB) verified in "
        f"{seconds:.1f} s ({used:.1f} s of processor), {more / 1024:.0f} MB more memory"
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
