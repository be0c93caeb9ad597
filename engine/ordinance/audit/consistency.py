"""A proof that a log only grew between two checkpoints, which stands alone (RFC 6962, 2.1.2)."""

from __future__ import annotations

import json
from typing import Any

from ordinance.audit.checkpoint import (
    Checkpoint,
    Checks,
    NoCheckpoint,
    PublicKey,
    checked_note,
    origin_of,
    read_note,
)
from ordinance.audit.merkle import (
    NotProven,
    check_consistency,
    consistency_spans,
    hashes_told,
)
from ordinance.audit.proof import hashes_in
from ordinance.ports import Storage

FORMAT = "ordinance consistency 1"


def prove_growth(storage: Storage, shop: str, old: str, new: str) -> dict[str, Any]:
    """The proof that the log of a shop grew from one note to another, as plain values.

    Raises `NoCheckpoint` for a note of another log, and `NotProven` where it did not grow so.
    """
    before, after = read_note(old), read_note(new)
    for point in (before, after):
        if point.origin != origin_of(shop):
            raise NoCheckpoint(f"it is of `{point.origin}`, and this is `{origin_of(shop)}`")
    with storage.reading() as tx:
        size = tx.log_head(shop).size
    if after.size > size:
        raise NotProven(f"the log holds {size} leaves, and {after.size} were signed")
    spans = consistency_spans(before.size, after.size) if 0 < before.size < after.size else []
    hashes = hashes_in(storage, shop, after.size, spans) if spans else {}
    proof = [hashes[span] for span in spans]
    check_consistency(before.size, after.size, before.root, after.root, proof)
    return {"format": FORMAT, "old": old, "new": new, "proof": [each.hex() for each in proof]}


def check_growth(text: str, public: PublicKey, checks: Checks) -> tuple[Checkpoint, Checkpoint]:
    """The two checkpoints of a proof that holds, to whoever has the public key. Raises
    `NotProven`, `NoCheckpoint`."""
    try:
        told = json.loads(text)
        if told["format"] != FORMAT:
            raise NotProven(f"this is no `{FORMAT}` but `{told['format']}`")
        old, new, proof = str(told["old"]), str(told["new"]), hashes_told(told["proof"])
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise NotProven("this is no proof, or a part of it is missing") from error
    before, after = (checked_note(note, public, checks) for note in (old, new))
    check_consistency(before.size, after.size, before.root, after.root, proof)
    return before, after
