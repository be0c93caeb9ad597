"""What the doctor checks of the audit log: that all of it still is what was sealed (I16).

Against the checkpoints in the store alone, and without their signatures: those, and the checkpoints
that somebody outside holds, are for `ordinance audit verify`.
"""

from __future__ import annotations

from collections.abc import Iterator

from ordinance.audit.finding import Finding
from ordinance.audit.verifying import verify
from ordinance.ports import Storage


def sealed(storage: Storage, shop: str) -> Iterator[Finding]:
    """I16: every row that has a place in the log is the one that was sealed there."""
    for fault in verify(storage, shop, [], None, _not_asked).faults:
        about = fault.row.told if fault.row is not None else "the audit log"
        place = "" if fault.place is None else f"place {fault.place}, "
        yield Finding("I16", about, f"{place}{fault.wrong}: {fault.text()}")


def _not_asked(key: bytes, signature: bytes, signed: bytes) -> bool:
    raise AssertionError("no signature is looked at without a public key")
