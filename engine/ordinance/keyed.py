"""Idempotency: one key, one content; what was done under a key is not done again."""

from __future__ import annotations

import hashlib

from ordinance.ports import KeyReused, StoredCommand, Transaction
from ordinance.rules.decision import Plain, canonical_json


def fingerprint(body: dict[str, Plain] | list[Plain]) -> str:
    """What tells the content of one command from that of another."""
    return hashlib.sha256(canonical_json(body).encode()).hexdigest()


def done_before(tx: Transaction, shop: str, key: str, body_hash: str) -> StoredCommand | None:
    """The command stored under the key, or None; raises `KeyReused` when it had another body."""
    known = tx.command(shop, key)
    if known is not None and known.body_hash != body_hash:
        raise KeyReused(f"key `{key}` was used before with another content; use a new key")
    return known
