"""The sealer: gives places in the audit log to what was committed, and signs checkpoints.

It runs beside the commands and costs them nothing. Any number of sealers may run: the log's size
decides which of two that meet is the one, and the other looks again. It signs only what goes on
from the last checkpoint that its own key has signed: a log that was altered is not signed anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from ordinance.audit.checkpoint import Checkpoint, NoCheckpoint, Signer, origin_of, read_note
from ordinance.audit.merkle import Frontier
from ordinance.auditlog import Leaf, LogHead, StoredCheckpoint
from ordinance.ports import Storage, StorageError, Transaction
from ordinance.telling import Happening, tell

EVERY = 100
"""Leaves under one checkpoint, at most: what a checkpoint does not cover yet is the window in which
somebody who can write to the store can take back what happened last."""

AFTER = timedelta(seconds=60)
"""How long a leaf waits for others to be sealed with."""


class NotSealed(StorageError):
    """The log is not what was signed last, and nothing was signed; the message says the way out."""


class Sealer:
    """Seals the log of one shop."""

    def __init__(
        self,
        storage: Storage,
        shop: str,
        signer: Signer,
        *,
        every: int = EVERY,
        new_key: bool = False,
    ) -> None:
        """`every`: leaves under one checkpoint, at most. `new_key`: another key may have signed the
        last one."""
        self._storage = storage
        self._shop = shop
        self._signer = signer
        self._every = every
        self._new_key = new_key
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
            tell(Happening.LOG_SEALED, shop=self._shop, size=count)
        self._sealed_at = now
        return sealed

    def _one(self, now: datetime) -> int:
        """One checkpoint; how many leaves of this or of another sealer it covers. Raises
        `NotSealed` where the log does not go on from the last one."""

        def do(tx: Transaction) -> int:
            before = tx.log_head(self._shop)
            leaves = tx.unsealed(self._shop, self._every)
            if not leaves:
                return 0
            try:
                kept = self._sound(before)
            except NotSealed:
                if tx.log_head(self._shop) != before:
                    return len(leaves)  # another sealer was quicker: looked at again
                raise
            after, checkpoint = self._grown(kept, leaves, now)
            tx.seal(leaves, before, after, checkpoint)
            return len(leaves)

        return self._storage.transact(do)

    def _sound(self, before: LogHead) -> Frontier:
        """What the log grows from, which is what was signed last."""
        try:
            kept = Frontier(before.size, tuple(bytes.fromhex(each) for each in before.frontier))
        except ValueError as error:
            raise self._altered() from error
        last = self._storage.last_checkpoint(self._shop)
        if last is None:
            if kept.size:
                raise self._altered()
            return kept
        try:
            point = read_note(last.note)
        except NoCheckpoint as error:
            raise self._altered() from error
        if (point.size, point.root) != (kept.size, kept.root()):
            raise self._altered()
        # A signature of ed25519 is the same each time, so that making it again checks it.
        if point.signed(self._signer) != last.note and not self._new_key:
            raise NotSealed(
                f"the last checkpoint of the audit log of `{self._shop}` was not signed by this "
                "key: put back the `signing.key` that belongs to it, or name its folder with "
                "ORDINANCE_KEYS; `ordinance audit seal --new-key` goes on with this one"
            )
        return kept

    def _altered(self) -> NotSealed:
        return NotSealed(
            f"the audit log of `{self._shop}` is not what was signed last, and nothing more is "
            "signed: `ordinance audit verify` says where, then restore a backup"
        )

    def _grown(
        self, kept: Frontier, leaves: Sequence[Leaf], now: datetime
    ) -> tuple[LogHead, StoredCheckpoint]:
        try:
            grown = kept.grown(bytes.fromhex(each.leaf) for each in leaves)
        except ValueError as error:
            raise self._altered() from error
        point = Checkpoint(origin_of(self._shop), grown.size, grown.root(), now, kept.size)
        head = LogHead(grown.size, tuple(each.hex() for each in grown.hashes))
        return head, StoredCheckpoint(self._shop, grown.size, now, point.signed(self._signer))
