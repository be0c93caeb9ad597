"""A proof about one order that stands alone: its events, and that they are in the signed log."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from ordinance.audit.checkpoint import Checkpoint, Checks, PublicKey, checked_note
from ordinance.audit.merkle import (
    NotProven,
    Span,
    check_inclusion,
    hashes_of,
    hashes_told,
    inclusion_spans,
)
from ordinance.chain import NOTHING, event_hash, instant_text
from ordinance.orders.change import BrokenHistory, fold
from ordinance.orders.record import OrderRecord
from ordinance.ports import Storage
from ordinance.stored import StoredEvent, StoredOrder

FORMAT = "ordinance proof 1"


class NothingSealed(Exception):
    """An order of which nothing is in the log yet."""


@dataclass(frozen=True, slots=True)
class Proven:
    """What a proof proves."""

    record: OrderRecord
    """The order as the events leave it."""
    events: tuple[StoredEvent, ...]
    checkpoint: Checkpoint


def prove(storage: Storage, order: StoredOrder) -> dict[str, Any]:
    """The proof of an order, as plain values; raises `NothingSealed`, and `NotProven` where leaves
    of the log are gone.

    Events that are not sealed yet are left out, and counted.
    """
    shop = order.shop
    last = storage.last_checkpoint(shop)
    size = last.size if last is not None else 0
    rows = list(storage.events_in_log(shop, order.id))
    sealed = [row for row in rows if row.place is not None and row.place < size]
    if last is None or not sealed:
        raise NothingSealed(
            f"nothing of order {order.number} is sealed yet: run `ordinance audit seal` first"
        )
    places = [row.place for row in sealed if row.place is not None]
    spans = {place: inclusion_spans(place, size) for place in places}
    hashes = hashes_in(storage, shop, size, {span for found in spans.values() for span in found})
    return {
        "format": FORMAT,
        "shop": shop,
        "order": order.id,
        "number": order.number,
        "unsealed": len(rows) - len(sealed),
        "events": [
            {
                **_plain(row.event),
                "place": row.place,
                "proof": [hashes[span].hex() for span in spans[row.place or 0]],
            }
            for row in sealed
        ],
        "checkpoint": last.note,
    }


def hashes_in(
    storage: Storage, shop: str, size: int, spans: Collection[Span]
) -> Mapping[Span, bytes]:
    """The hashes of subtrees over the first `size` leaves of a log. Raises `NotProven` where leaves
    are gone or are none."""
    places = (each for each in storage.log(shop) if each.place < size)
    try:
        found = hashes_of((bytes.fromhex(each.leaf.leaf) for each in places), spans)
    except ValueError:
        found = {}
    if not found.keys() >= set(spans):
        raise NotProven("leaves of the log are gone or were altered: `ordinance audit verify`")
    return found


def check_proof(text: str, public: PublicKey, checks: Checks) -> Proven:
    """What a proof proves to whoever has the public key. Raises `NotProven`, `NoCheckpoint`."""
    try:
        told = json.loads(text)
        if told["format"] != FORMAT:
            raise NotProven(f"this is no `{FORMAT}` but `{told['format']}`")
        events = [_event(told["shop"], told["order"], each) for each in told["events"]]
        places = [(int(each["place"]), hashes_told(each["proof"])) for each in told["events"]]
        order, number, note = str(told["order"]), str(told["number"]), str(told["checkpoint"])
    except (json.JSONDecodeError, RecursionError):
        raise NotProven(
            "this is no proof; give the file as `ordinance audit proof` wrote it"
        ) from None
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise NotProven("a part of it is missing or of another kind") from error
    point = checked_note(note, public, checks)
    if not events:
        raise NotProven("it holds no event")
    previous = NOTHING
    for expected, (event, (place, proof)) in enumerate(zip(events, places, strict=True), 1):
        if event.version != expected:
            raise NotProven(f"event {expected} is missing")
        if not _is_sound(previous, event):
            raise NotProven(f"event {expected} was altered")
        try:
            check_inclusion(bytes.fromhex(event.hash), place, point.size, proof, point.root)
        except NotProven as error:
            raise NotProven(f"event {expected}: {error}") from error
        previous = event.hash
    try:
        record = fold(events)
    except (BrokenHistory, LookupError, TypeError, ValueError) as error:
        raise NotProven(f"its events do not add up to an order: {error}") from error
    if (record.id, record.number) != (order, number):
        raise NotProven(f"its events are those of order {record.number}, not of {number}")
    return Proven(record, tuple(events), point)


def _is_sound(previous: str, event: StoredEvent) -> bool:
    try:
        return event_hash(previous, event) == event.hash
    except UnicodeEncodeError:
        # Half of a character: nothing that was ever hashed.
        return False


def _plain(event: StoredEvent) -> dict[str, Any]:
    found = asdict(event)
    del found["shop"], found["order_id"]
    return {**found, "at": instant_text(event.at)}


def _event(shop: str, order: str, told: Mapping[str, Any]) -> StoredEvent:
    names = ("kind", "actor", "cause", "changes", "data", "evidence", "hash")
    texts = {name: told[name] for name in names}
    if not all(isinstance(each, str) for each in (shop, order, *texts.values())):
        raise TypeError("a field of an event is no text")
    at = datetime.fromisoformat(told["at"])
    if at.tzinfo is None or instant_text(at) != told["at"]:
        raise ValueError("an instant is written in another way")
    return StoredEvent(shop=shop, order_id=order, version=int(told["version"]), at=at, **texts)
