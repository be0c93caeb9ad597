"""The doctor: every invariant of what is stored, checked by one function.

Units: see `stockcheck`. Money: what came in is what is kept and what went back, per order. History:
folding the events gives the order, version after version. Lineage: every unit is in one parcel, or
in none for a reason, and the parcels carry the order's money. Rules: every decision names rules
that were in force. Outside: nothing that was asked for was given up or is of unknown outcome.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence

from ordinance.audit import lineage
from ordinance.audit.absent import come_back, gone_unsaid
from ordinance.audit.backorders import Expected, open_waits, silent_cancels
from ordinance.audit.boxes import Boxes
from ordinance.audit.figures import kept_minor
from ordinance.audit.finding import Finding
from ordinance.audit.outbox import stuck_effects
from ordinance.audit.stockcheck import Claims, check_stock
from ordinance.audit.why import NotExplained, PersonErased, remade
from ordinance.chain import breaks
from ordinance.orders.change import BrokenHistory, decisions_by, decode, encode, fold
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import (
    CASE_CLOSED,
    ORDER_MOVES,
    SHOW_A_CASE,
    TERMINAL,
    OrderState,
    RefundState,
)
from ordinance.ports import Storage
from ordinance.releases import integrity
from ordinance.stored import StoredDecision, StoredEvent, StoredOrder

_CLOSED = frozenset({*CASE_CLOSED, RefundState.SUCCESS})


def check(storage: Storage, shop: str, *, replay_decisions: bool = False) -> list[Finding]:
    """Check every invariant of a shop's store; an empty list means that everything adds up.

    `replay_decisions` also makes every stored decision again and compares the bytes.
    """
    findings: list[Finding] = []
    boxes = Boxes()
    claims = Claims()
    expected = Expected()
    for stored in storage.orders(shop):
        record = decode(stored.document)
        events = storage.events(shop, stored.id)
        findings += _history(stored, record, events)
        findings += _chain(stored, events, storage.decisions(shop, stored.id))
        findings += _money(stored, record)
        findings += _states(record, events)
        findings += [
            Finding("S12", stored.number, text) for text in gone_unsaid(stored, events, storage)
        ]
        claims.see(record)
        findings += [Finding("C2", stored.number, text) for text in silent_cancels(events)]
        findings += [Finding("I10", stored.number, text) for text in open_waits(record)]
        expected.add(record)
        findings += [Finding("I21", stored.number, fault) for fault in lineage.faults(record)]
        boxes.add(record)
        if replay_decisions:
            findings += _decisions(stored, storage)
    findings += [Finding("S12", *back) for back in come_back(storage, shop)]
    findings += check_stock(storage, shop, claims)
    findings += [Finding("I20", *fault) for fault in expected.faults(storage, shop)]
    findings += [Finding("I4", about, text) for about, text in boxes.faults()]
    findings += [Finding(*stuck) for stuck in stuck_effects(storage, shop)]
    findings += [Finding("I15", item.about, item.text) for item in integrity.faults(storage, shop)]
    return findings


def _history(
    stored: StoredOrder, record: OrderRecord, events: Sequence[StoredEvent]
) -> Iterator[Finding]:
    versions = [event.version for event in events]
    if versions != list(range(1, stored.version + 1)):
        yield Finding("I9", stored.number, f"versions are {versions[:3]}..., row {stored.version}")
        return
    try:
        if encode(fold(events)) != stored.document:
            yield Finding("I9", stored.number, "the history does not add up to the order")
    except BrokenHistory as error:
        yield Finding("I9", stored.number, str(error))
    columns = {
        "status": (stored.status, record.status),
        "order_state": (stored.order_state, str(record.state)),
        "receivable": (stored.receivable, record.receivable),
        "paid": (stored.paid, record.paid),
        "refunded": (stored.refunded, record.refunding),
        "channel": (stored.channel, record.channel),
        "source_id": (stored.source_id, record.source_id),
    }
    for name, (row, document) in columns.items():
        if row != document:
            yield Finding("I20", stored.number, f"`{name}` is {row}, the order says {document}")


def _chain(
    stored: StoredOrder, events: Sequence[StoredEvent], decisions: Sequence[StoredDecision]
) -> Iterator[Finding]:
    for broken in breaks(events, decisions, decisions_by(events)):
        yield Finding("I16", stored.number, f"event {broken.version}: {broken.text}")
    if events and stored.head != events[-1].hash:
        yield Finding("I16", stored.number, "its last event is not the one that the order names")


def _money(stored: StoredOrder, record: OrderRecord) -> Iterator[Finding]:
    kept = kept_minor(record)
    if record.paid != kept + record.refunding:
        yield Finding(
            "I6", stored.number, f"paid {record.paid}, kept {kept}, refunded {record.refunding}"
        )
    if sum(line.amount for line in record.lines.values()) != record.receivable:
        yield Finding("I6", stored.number, "the lines do not add up to the receivable")
    back: Counter[str] = Counter()
    for refund in record.refunds.values():
        for payment_id, amount in refund.split:
            back[payment_id] += amount
        if sum(amount for _, amount in refund.split) != refund.amount:
            yield Finding("I6", stored.number, f"refund {refund.id} is not what its parts are")
    for payment in record.payments.values():
        if back[payment.id] != payment.refunded:
            yield Finding("I6", stored.number, f"payment {payment.id} counts another refund")
        if payment.refunded > payment.amount:
            yield Finding("I6", stored.number, f"payment {payment.id} gave back more than it is")


def _states(record: OrderRecord, events: Sequence[StoredEvent]) -> Iterator[Finding]:
    state: OrderState | None = None
    going: set[str] = set()
    """Cases and refunds that are open, as far as the history was read."""
    for event in events:
        for path, _before, after in json.loads(event.changes):
            if path.startswith(("cases/", "refunds/")):
                (going.discard if after["state"] in _CLOSED else going.add)(path)
            elif path == "archived" and any(one.startswith("refunds/") for one in going):
                yield Finding("I10", record.number, "was archived while a refund was open")
            elif path == "state":
                new = OrderState(after)
                if new not in ORDER_MOVES[state]:
                    yield Finding("I10", record.number, f"moved from {state} to {new}")
                if new is OrderState.COMPLETED and any(one.startswith("cases/") for one in going):
                    # One may be opened afterwards, and a late payment go back then.
                    yield Finding("I10", record.number, "was completed while a case was open")
                state = new
    for line in record.goods:
        if line.returned > line.quantity or line.refunded > max(line.amount, 0):
            yield Finding("I4", record.number, f"line {line.no} gave back more than it is")
    asked_later = SHOW_A_CASE if record.open_cases else ()
    if record.state in TERMINAL and any(hold.code not in asked_later for hold in record.open_holds):
        # A case may be opened on a finished order, and a person be asked about it.
        yield Finding("I10", record.number, "is over but still on hold")


def _decisions(stored: StoredOrder, storage: Storage) -> Iterator[Finding]:
    for decision in storage.decisions(stored.shop, stored.id):
        try:
            if remade(decision, storage).to_json() != decision.record:
                yield Finding("I14", stored.number, f"{decision.point} {decision.seq} differs")
        except PersonErased:
            continue  # what it was made on is gone with the person, as it has to be
        except NotExplained as error:
            yield Finding("I14", stored.number, str(error))
