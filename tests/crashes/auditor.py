"""An auditor: seals what was committed, keeps the checkpoints outside of the store, and verifies
the log against all that were ever handed out."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ordinance.audit.checkpoint import PublicKey, origin_of
from ordinance.audit.sealer import Sealer
from ordinance.audit.verifying import verify
from ordinance.ports import Storage
from ordinance_adapters.signing import Ed25519Signer, checks


class Auditor:
    """One shop's. Every process has one of its own, with the same key."""

    def __init__(self, path: Path, shop: str, seed: str) -> None:
        """Checkpoints are kept in the file `path`, a line each."""
        self.path = path
        self._shop = shop
        secret = hashlib.sha256(seed.encode()).digest()
        self._signer = Ed25519Signer(Ed25519PrivateKey.from_private_bytes(secret))

    def seal(self, storage: Storage, now: datetime) -> None:
        """Seal what there is, and hand the checkpoint out."""
        Sealer(storage, self._shop, self._signer).seal(now)
        found = storage.last_checkpoint(self._shop)
        if found is not None:
            self.hand_out(found.note)

    def hand_out(self, note: str) -> None:
        """Keep a checkpoint where the store's owner cannot take it back."""
        file = os.open(self.path, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        os.write(file, (json.dumps(note) + "\n").encode())
        os.close(file)

    def notes(self) -> list[str]:
        """Every checkpoint that was handed out, each once."""
        if not self.path.exists():
            return []
        return list(dict.fromkeys(json.loads(line) for line in self.path.read_text().splitlines()))

    def alarms(self, storage: Storage, *, all_sealed: bool = False) -> Iterator[str]:
        """What the log is blamed for; of a store that was killed and nothing worse, nothing."""
        public = PublicKey(origin_of(self._shop), self._signer.public())
        found = verify(storage, self._shop, self.notes(), public, checks)
        for fault in found.faults:
            yield f"I16 {fault.wrong} at {fault.place}: {fault.text()}"
        if all_sealed and (sum(found.unsealed.values()) or not found.covered):
            yield f"I16 not all is sealed: {found}"
