"""What the doctor checks of timers, and of what keeps an order going.

I18: none is missing that a state needs, none is left for an order that is over, none fired early.
I19: every order that is not over has something that moves it on, or somebody who was asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ordinance.audit.finding import Finding
from ordinance.audit.seen import Seen
from ordinance.fulfilment import tracking
from ordinance.orders.completion import ARCHIVE, COMPLETE
from ordinance.orders.queue import waits_of
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import PARCEL_OVER, TERMINAL, OrderState, ParcelState
from ordinance.ports import EffectState
from ordinance.service.cases import RETURN_DAYS_KIND

PAYMENT = "payment.close"
SILENCE = "offer.silence"
_BEFORE_THE_END = (PAYMENT, SILENCE, "offer.remind", "stock.wait")
"""Timers that an order which is over has no use for, and that nothing else would stop."""


def timers(seen: Seen) -> Iterator[Finding]:
    """I18: the timers of an order are those that its state needs."""
    number, record = seen.stored.number, seen.record
    kinds = {(timer.kind, timer.name): timer for timer in seen.timers}
    left = sorted({kind for kind, name in kinds if not _for_a_case(record, kind, name)})
    if record.archived and left:
        yield Finding("I18", number, f"is archived and still has a timer: {', '.join(left)}")
    elif record.state in TERMINAL:
        for kind, _ in sorted(kinds):
            if kind in _BEFORE_THE_END:
                yield Finding("I18", number, f"is over and still has the timer {kind}")
    for kind, name in sorted(kinds):
        if kind == RETURN_DAYS_KIND and not _for_a_case(record, kind, name):
            yield Finding("I18", number, f"still waits for the goods of {name}, which is closed")
    for kind, name, due in _needed(seen):
        timer = kinds.get((kind, name))
        if timer is None:
            yield Finding("I18", number, f"has no timer {kind}, so that nobody ends it")
        elif due is not None and timer.due < due:
            yield Finding("I18", number, f"its timer {kind} fires before it is due")


def _for_a_case(record: OrderRecord, kind: str, name: str) -> bool:
    """Whether a timer belongs to an after-sale case, which may be opened on an archived order: it
    waits for the goods, or watches the parcel that was sent again."""
    if kind == RETURN_DAYS_KIND:
        return any(case.id == name for case in record.open_cases)
    if kind in (tracking.CHECK, tracking.RESOLVE):
        parcel = record.parcels.get(name.partition(":")[0])
        return parcel is not None and parcel.replaces is not None and not parcel.settled
    return False


def _needed(seen: Seen) -> Iterator[tuple[str, str, datetime | None]]:
    record = seen.record
    if record.state is OrderState.WAIT_PAY:
        yield PAYMENT, "", None
    if record.state is OrderState.SIGNED and record.complete_at is not None:
        yield COMPLETE, "", record.complete_at
    if record.state in TERMINAL and not record.archived and record.archive_at is not None:
        yield ARCHIVE, "", record.archive_at
    offer = record.open_offer
    if offer is not None and offer.answer_by is not None:
        yield SILENCE, offer.id, None


def fired(seen: Seen) -> Iterator[Finding]:
    """I18: nothing that a timer did was done before its time."""
    for event in seen.events:
        kind, _, rest = event.cause.partition(":")
        if kind != "timer" or event.actor != "clock":
            continue
        due = rest[-32:] if len(rest) > 32 else rest
        at = _ending(rest)
        if at is not None and event.at < at:
            yield Finding(
                "I18", seen.stored.number, f"event {event.version} was done before its timer: {due}"
            )


def _ending(cause: str) -> datetime | None:
    """The instant at the end of a timer's key."""
    parts = cause.split(":")
    for count in range(1, len(parts)):
        try:
            at = datetime.fromisoformat(":".join(parts[-count:]))
        except ValueError:
            continue
        if at.tzinfo is not None:
            return at
    return None


def goes_on(seen: Seen) -> Iterator[Finding]:
    """I19: something moves the order on, or somebody knows that it waits."""
    record = seen.record
    if record.state in TERMINAL:
        return
    moved_by = (
        seen.timers,
        record.open_holds,
        record.open_cases,
        record.open_offer,
        waits_of(record),
        [one for one in seen.effects if one.state is not EffectState.DONE],
        [
            parcel
            for parcel in record.parcels.values()
            # In a box with others it goes where they go; what is sent again is with the warehouse,
            # which no promise to the buyer watches.
            if (parcel.aboard and parcel.state is not ParcelState.CANCELLED)
            or (parcel.replaces and parcel.state not in PARCEL_OVER)
        ],
    )
    if not any(moved_by):
        yield Finding(
            "I19",
            seen.stored.number,
            f"is {record.state} without a timer, an effect, a hold or a wait: nothing moves it on; "
            "look at it with `ordinance show`, and settle it by hand",
        )
