"""What the doctor checks of effects: things to be done outside.

I11: every message, parcel and refund that a decision asked for is in the outbox once, in its place,
and each effect goes on by itself or waits for a person who knows of it. I12: nothing was told that
did not happen, and nothing was told before what came before it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from ordinance.audit.finding import Finding
from ordinance.audit.seen import Seen
from ordinance.effects.doing import KINDS
from ordinance.orders.states import ParcelState
from ordinance.ports import EffectState, Storage, StoredEffect
from ordinance.service.notices import notice_of

_OPEN = (EffectState.WAITING, EffectState.UNKNOWN)


def places(seen: Seen) -> Iterator[Finding]:
    """I11: the effects of an order are numbered without a gap, and each row can be as it is."""
    number = seen.stored.number
    found = [stored.place for stored in seen.effects]
    if found != list(range(1, len(found) + 1)):
        yield Finding("I11", number, f"its effects have the places {found[:5]}..., one is missing")
    for stored in seen.effects:
        for fault in _row(stored):
            yield Finding("I11", number, f"effect `{stored.effect.key}` {fault}")


def _row(stored: StoredEffect) -> Iterator[str]:
    effect, done = stored.effect, stored.state is EffectState.DONE
    if effect.kind not in KINDS:
        yield f"is of a kind that does not exist: `{effect.kind}`"
    if not effect.key.startswith(f"{effect.order_id}:"):
        yield "has the key of another order"
    if done != (stored.done_at is not None) or done != (stored.result is not None):
        yield f"is {stored.state.value}, its answer says otherwise"
    if stored.state is EffectState.WAITING and stored.next_try is None:
        yield "waits but is never due; `ordinance effects retry` takes it up"
    if stored.state not in _OPEN and stored.next_try is not None:
        yield f"is {stored.state.value} and still due"
    if stored.attempts < 0 or stored.redriven < 0:
        yield "was tried less than never"


def notices(seen: Seen) -> Iterator[Finding]:
    """I11: every message that was decided on is in the outbox, once, and no other is.
    I12: each tells of something that happened at that event."""
    number = seen.stored.number
    decided: Counter[str] = Counter()
    for event in seen.events:
        if event.kind == "notice.decided":
            decided.update(set(json.loads(event.data)["messages"]))
    asked: Counter[str] = Counter()
    for stored, payload in seen.payloads:
        if stored.effect.kind != "notify":
            continue
        notice = payload.get("notice")
        asked[f"{notice}:{payload.get('channel')}"] += 1
        version = stored.effect.key.removeprefix(f"{seen.record.id}:notify:").partition(":")[0]
        at = int(version) if version.isdecimal() else 0
        at_it = seen.events[at - 1] if 0 < at <= len(seen.events) else None
        if at_it is None or notice_of(at_it) != notice:
            yield Finding(
                "I12",
                number,
                f"effect `{stored.effect.key}` tells `{notice}`, which did not happen",
            )
    for message in sorted({*decided, *asked}):
        if decided[message] != asked[message]:
            yield Finding(
                "I11",
                number,
                f"message `{message}` was decided on {decided[message]} times, "
                f"{asked[message]} are in the outbox",
            )


def in_turn(seen: Seen) -> Iterator[Finding]:
    """I12: of one lane, nothing was done while what was asked for before it is still open.

    What was given up lets those behind it pass, and may be done later by a person. When they were
    done says nothing: clocks differ, and are set back.
    """
    first_open: dict[str, StoredEffect] = {}
    for stored in sorted(seen.effects, key=lambda one: one.place):
        if stored.redriven or stored.state is EffectState.DEAD:
            continue
        if stored.state is not EffectState.DONE:
            first_open.setdefault(stored.effect.lane, stored)
        elif before := first_open.get(stored.effect.lane):
            yield Finding(
                "I12",
                seen.stored.number,
                f"effect `{stored.effect.key}` was done before `{before.effect.key}`, which was "
                "asked for first",
            )


def pushes(seen: Seen) -> Iterator[Finding]:
    """I11: what the warehouse was asked to send is a parcel, which learned of the answer."""
    number, parcels = seen.stored.number, seen.record.parcels
    for stored, payload in seen.payloads:
        if not stored.effect.kind.startswith("warehouse."):
            continue
        parcel = parcels.get(str(payload.get("parcel")))
        if parcel is None:
            yield Finding(
                "I11", number, f"effect `{stored.effect.key}` is about a parcel that is not there"
            )
        elif (
            stored.effect.kind == "warehouse.push"
            and stored.state is EffectState.DONE
            and parcel.state is ParcelState.WAIT_PUSH
        ):
            yield Finding(
                "I11", number, f"the warehouse took parcel {parcel.id}, the order does not know it"
            )


def strays(storage: Storage, shop: str, seen: int) -> Iterator[Finding]:
    """I11: no effect belongs to an order that is not there."""
    count = sum(storage.effect_counts(shop).values())
    if count != seen:
        yield Finding(
            "I11", "outbox", f"{count} effects are stored, {seen} belong to orders that are there"
        )
