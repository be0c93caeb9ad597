"""What the doctor checks of an order's history.

I9: versions without a gap add up to the order. I10: every move is allowed. I13: what came in twice
or late moved nothing back. I14: its decisions are numbered without a gap.
I17: every event says who did it. I20: the columns say what the order says.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ordinance.audit.finding import Finding
from ordinance.audit.seen import Seen
from ordinance.orders.change import BrokenHistory, fold, is_folded
from ordinance.orders.states import (
    CASE_CLOSED,
    ORDER_MOVES,
    PART_MOVES,
    SHOW_A_CASE,
    TERMINAL,
    OrderState,
    RefundState,
)

_CLOSED = frozenset({*CASE_CLOSED, RefundState.SUCCESS})


def history(seen: Seen) -> Iterator[Finding]:
    """I9: the events are numbered without a gap, and add up to the order."""
    stored = seen.stored
    versions = [event.version for event in seen.events]
    if versions != list(range(1, stored.version + 1)):
        yield Finding("I9", stored.number, f"versions are {versions[:3]}..., row {stored.version}")
        return
    try:
        if not is_folded(fold(seen.events), stored.document):
            yield Finding("I9", stored.number, "the history does not add up to the order")
    except BrokenHistory as error:
        yield Finding("I9", stored.number, str(error))


def columns(seen: Seen) -> Iterator[Finding]:
    """I20: what is kept to search by is what the order says."""
    stored, record = seen.stored, seen.record
    wanted = {
        "id": (stored.id, record.id),
        "number": (stored.number, record.number),
        "status": (stored.status, record.status),
        "order_state": (stored.order_state, str(record.state)),
        "receivable": (stored.receivable, record.receivable),
        "paid": (stored.paid, record.paid),
        "refunded": (stored.refunded, record.refunding),
        "channel": (stored.channel, record.channel),
        "source_id": (stored.source_id, record.source_id),
        "buyer_id": (stored.buyer_id, record.buyer_id),
        "placed_at": (stored.placed_at, record.placed_at),
    }
    for name, (row, document) in wanted.items():
        if row != document:
            yield Finding("I20", stored.number, f"`{name}` is {row}, the order says {document}")


def decided(seen: Seen) -> Iterator[Finding]:
    """I14: decisions are numbered without a gap, and as many as the order has counted."""
    numbers = [decision.seq for decision in seen.decisions]
    if numbers != list(range(1, seen.record.decisions + 1)):
        yield Finding(
            "I14",
            seen.stored.number,
            f"{len(numbers)} decisions are stored, the order counts {seen.record.decisions}",
        )


def moves(seen: Seen) -> Iterator[Finding]:
    """I10: the order and its parts moved only as their tables allow."""
    number = seen.stored.number
    state: OrderState | None = None
    going: set[str] = set()
    """Cases and refunds that are open, as far as the history was read."""
    for event, changes in seen.changes:
        for path, before, after in changes:
            name, _, key = path.partition("/")
            if path == "state":
                new = OrderState(after)
                if new not in ORDER_MOVES[state]:
                    yield Finding("I10", number, f"moved from {state} to {new}")
                if new is OrderState.COMPLETED and any(one.startswith("cases/") for one in going):
                    # One may be opened afterwards, and a late payment go back then.
                    yield Finding("I10", number, "was completed while a case was open")
                state = new
            elif path == "archived" and any(one.startswith("refunds/") for one in going):
                yield Finding("I10", number, "was archived while a refund was open")
            elif name in PART_MOVES:
                axis, table = PART_MOVES[name]
                if name in ("cases", "refunds"):
                    (going.discard if after["state"] in _CLOSED else going.add)(path)
                old, new_part = before["state"] if before else None, after["state"]
                if old != new_part and new_part not in table[old]:
                    yield Finding(
                        "I10",
                        number,
                        f"event {event.version}: {axis} {key} moved from {old} to {new_part}",
                    )
    record = seen.record
    asked_later = SHOW_A_CASE if record.open_cases else ()
    if record.state in TERMINAL and any(hold.code not in asked_later for hold in record.open_holds):
        # A case may be opened on a finished order, and a person be asked about it.
        yield Finding("I10", number, "is over but still on hold")
    if record.state in TERMINAL and record.open_offer is not None:
        yield Finding("I10", number, "is over but still asks the buyer")


_ONCE = ("delivered_at", "shipped_at")
"""What becomes true of a parcel once."""


def came_in(seen: Seen) -> Iterator[Finding]:
    """I13: a scan that came late or twice moved no parcel back, and a payment counts once."""
    number = seen.stored.number
    for event, changes in seen.changes:
        for path, before, after in changes:
            if not path.startswith("parcels/") or not before:
                continue
            for name in _ONCE:
                if before.get(name) and after.get(name) != before[name]:
                    yield Finding(
                        "I13",
                        number,
                        f"event {event.version}: `{name}` of parcel {path[8:]} was changed",
                    )
            if _instant(after) < _instant(before):
                yield Finding(
                    "I13",
                    number,
                    f"event {event.version}: parcel {path[8:]} was moved back by an older scan",
                )
    taken = [(one.method, one.transaction) for one in seen.record.payments.values()]
    for method, transaction in sorted({each for each in taken if taken.count(each) > 1}):
        yield Finding("I13", number, f"payment `{transaction}` by {method} counts twice")


def _instant(parcel: dict[str, Any]) -> float:
    at = parcel.get("last_scan_at")
    return datetime.fromisoformat(at).timestamp() if at else float("-inf")


def actors(seen: Seen) -> Iterator[Finding]:
    """I17: every event says who did it, and on which command."""
    for event in seen.events:
        for name, said in (("who did it", event.actor), ("on which command", event.cause)):
            if not said.strip():
                yield Finding(
                    "I17", seen.stored.number, f"event {event.version} does not say {name}"
                )
