"""Rotating the master key of a store: a new one wraps the keys of its persons, the old one goes.

The new key is on the disk before anything is wrapped with it, all persons are wrapped anew in one
transaction, and the old key goes last, so that the store opens after a crash at any step; the next
rotation then goes on with the same new key.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from ordinance.ports import Storage, StorageError, Transaction
from ordinance_adapters.sql.reading import SqlReading
from ordinance_adapters.sql.transaction import SqlTransaction

SETTING = "keys.rotated"
"""The setting of a store, under no shop, that tells every rotation."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """One rotation as it is kept in the store."""

    at: str
    by: str
    reason: str
    persons: int
    """How many keys were wrapped anew."""
    before: str
    """The fingerprint of the keyring before, and after it."""
    after: str


def rotations(storage: Storage) -> list[Rotation]:
    """Every rotation of a store, in their order."""
    return [Rotation(**each) for each in json.loads(storage.setting("", SETTING) or "[]")]


def rotate(
    storage: Storage, *, by: str, reason: str, now: datetime, keep_old: bool = False
) -> Rotation:
    """Wrap the key of every person under a new master key, and put that in place of the old one.

    With `keep_old` the old one stays in the folder, for backups and other stores that were sealed
    with it. A rotation that was broken off is brought to its end. New orders wait meanwhile. Raises
    `StorageError`.
    """
    if not by.strip() or not reason.strip():
        raise StorageError("say who rotates the key and why; neither can be empty")
    if not isinstance(storage, SqlReading):
        raise StorageError("this store keeps its keys in its own way; rotate them there")
    if storage.store_name() is None:
        raise StorageError("nobody is sealed in this store yet, and no key is in use to be rotated")
    keyring = storage.keyring
    new = keyring.next_master()

    def do(tx: Transaction) -> None:
        assert isinstance(tx, SqlTransaction)
        tx.claim_keyring()
        before = keyring.fingerprint()
        count = tx.rewrap(new)
        if count is not None:
            after = keyring.fingerprint_of(new)
            told = Rotation(now.isoformat(), by, reason, count, before, after)
            kept = [asdict(each) for each in (*rotations(storage), told)]
            tx.keep_setting("", SETTING, json.dumps(kept, ensure_ascii=False, sort_keys=True))

    storage.transact(do)
    done = rotations(storage)[-1]
    in_place = keyring.fingerprint_of(keyring.masters()[0])
    # The one in place may be that of another store, which shares the folder.
    keyring.put_next(keep_old=keep_old or in_place not in (done.before, done.after))
    return done
