"""What the doctor checks of the audit log: that the chain of every order holds, and that all that
was sealed still is what it was (I16).

Against the checkpoints in the store alone, and without their signatures: those, and the checkpoints
that somebody outside holds, are for `ordinance audit verify`.
"""

from __future__ import annotations

from collections.abc import Iterator

from ordinance.audit.finding import Finding
from ordinance.audit.verdict import Row
from ordinance.audit.verifying import verify
from ordinance.auditlog import LeafKind
from ordinance.ports import Storage


def sealed(storage: Storage, shop: str) -> Iterator[Finding]:
    """I16: every event is bound to the one before it and to its decisions, and every row that has a
    place in the log is the one that was sealed there."""
    for fault in verify(storage, shop, [], None, _not_asked).faults:
        about, which = _about(storage, shop, fault.row)
        place = "" if fault.place is None else f"place {fault.place}, "
        yield Finding("I16", about, f"{which}{place}{fault.wrong}: {fault.text()}")


def _about(storage: Storage, shop: str, row: Row | None) -> tuple[str, str]:
    """What a finding is about, and which event of it: an order goes by the number that people know
    it by, as in other findings."""
    if row is None:
        return "the audit log", ""
    order = storage.find(shop, row.subject) if row.kind is LeafKind.ORDER else None
    return (row.told, "") if order is None else (order.number, f"event {row.number}, ")


def _not_asked(key: bytes, signature: bytes, signed: bytes) -> bool:
    raise AssertionError("no signature is looked at without a public key")
