"""The sealer: gives places in the audit log to what was committed, and signs checkpoints.

It runs beside the commands and costs them nothing. Any number of sealers may run: the log's size
decides which of two that meet is the one, and the other looks again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from ordinance.audit.checkpoint import Checkpoint, Signer, origin_of
from ordinance.audit.merkle import Frontier
from ordinance.auditlog import Leaf, LogHead, StoredCheckpoint
from ordinance.ports import Storage, Transaction

EVERY = 100
"""Leaves under one checkpoint, at most: what a checkpoint does not cover yet is the window in which
somebody who can write to the store can take back what happened last."""

AFTER = timedelta(seconds=60)
"""How long a leaf waits for others to be sealed with."""


class Sealer:
    """Seals the log of one shop."""

    def __init__(self, storage: Storage, shop: str, signer: Signer, *, every: int = EVERY) -> None:
        """`every`: leaves under one checkpoint, at most."""
        self._storage = storage
        self._shop = shop
        self._signer = signer
        self._every = every
        self._sealed_at: datetime | None = None

    def seal_due(self, now: datetime) -> int:
        """Seal when a whole checkpoint's worth waits, or anything has waited for long enough; how
        many leaves."""
        waited = self._sealed_at is None or not timedelta() <= now - self._sealed_at < AFTER
        with self._storage.reading() as tx:
            due = len(tx.unsealed(self._shop, self._every if not waited else 1))
        if due < (1 if waited else self._every):
            return 0
        return self.seal(now)

    def seal(self, now: datetime) -> int:
        """Seal all there is, one checkpoint after the other; how many leaves."""
        sealed = 0
        while count := self._one(now):
            sealed += count
        self._sealed_at = now
        return sealed

    def _one(self, now: datetime) -> int:
        """One checkpoint; how many leaves of this or of another sealer it covers."""

        def do(tx: Transaction) -> int:
            before = tx.log_head(self._shop)
            leaves = tx.unsealed(self._shop, self._every)
            if not leaves:
                return 0
            after, checkpoint = self._grown(before, leaves, now)
            tx.seal(leaves, before, after, checkpoint)
            return len(leaves)

        return self._storage.transact(do)

    def _grown(
        self, before: LogHead, leaves: Sequence[Leaf], now: datetime
    ) -> tuple[LogHead, StoredCheckpoint]:
        kept = Frontier(before.size, tuple(bytes.fromhex(each) for each in before.frontier))
        grown = kept.grown(bytes.fromhex(each.leaf) for each in leaves)
        point = Checkpoint(origin_of(self._shop), grown.size, grown.root(), now, before.size)
        head = LogHead(grown.size, tuple(each.hex() for each in grown.hashes))
        return head, StoredCheckpoint(self._shop, grown.size, now, point.signed(self._signer))
