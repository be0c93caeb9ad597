"""What one command does to one order: the new record, its events, decisions, timers, effects.

A change is filled by stages and stored whole or not at all. Every event carries the paths it
changed with the value before and after, so that folding the events gives the record.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, get_args, get_type_hints

import orjson
from pydantic import TypeAdapter

from ordinance.chain import NOTHING, event_hash, evidence_of
from ordinance.orders import upcasting
from ordinance.orders.copying import copied
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import ORDER_MOVES, PART_MOVES, check_move
from ordinance.ports import Effect, StoredDecision, StoredEvent, StoredTrial, Timer
from ordinance.rules.decision import Plain, canonical_json

COLLECTIONS = {
    "lines": "no",
    "payments": "id",
    "holds": "id",
    "parcels": "id",
    "refunds": "id",
    "cases": "id",
    "offers": "id",
}
"""The parts of a record that are kept by key, and the field that holds the key."""


@lru_cache(maxsize=1)
def _record_adapter() -> TypeAdapter[OrderRecord]:
    return TypeAdapter(OrderRecord)


@lru_cache(maxsize=64)
def _part_adapter(name: str) -> TypeAdapter[Any]:
    hint = get_type_hints(OrderRecord)[name]
    return TypeAdapter(get_args(hint)[1] if name in COLLECTIONS else hint)


def _plain(name: str, value: Any) -> Plain:
    """The value of a field of the record as it is stored."""
    if value is None or type(value) in (str, int, bool):
        return value  # type: ignore[no-any-return]
    plain: Plain = _part_adapter(name).dump_python(value, mode="json")
    return plain


def _document(record: OrderRecord) -> dict[str, Any]:
    """The record as it is stored; fields at their default are left out."""
    document: dict[str, Any] = _record_adapter().dump_python(
        record, mode="json", exclude_defaults=True
    )
    return document


def encode(record: OrderRecord) -> str:
    """The record as canonical JSON; fields at their default are left out."""
    return canonical_json(_document(record))


def decode(document: str) -> OrderRecord:
    """A record from its canonical JSON, also of an earlier version."""
    if upcasting.is_old(document):
        return _record_adapter().validate_python(upcasting.whole(json.loads(document)))
    return _record_adapter().validate_json(document)


class BrokenHistory(Exception):
    """An event that does not follow from the ones before it."""


def fold(events: Iterable[StoredEvent]) -> OrderRecord:
    """The record that an order's history adds up to.

    Raises `BrokenHistory` when an event changes something that was not as it says.
    """
    document: dict[str, Any] = {}
    for event in events:
        for path, before, after in orjson.loads(event.changes):
            name, _, key = path.partition("/")
            before, after = upcasting.part(name, before), upcasting.part(name, after)
            part = document.setdefault(name, {}) if key else document
            if (key or name) in part and part[key or name] != before:
                raise BrokenHistory(f"event {event.version} changes `{path}` from something else")
            part[key or name] = after
    return _record_adapter().validate_python(document)


def is_folded(record: OrderRecord, document: str) -> bool:
    """Whether a document is that of the record, whichever version wrote it."""
    told = encode(record)
    return told == document or (upcasting.is_old(document) and told == encode(decode(document)))


def decisions_by(events: Iterable[StoredEvent]) -> list[int]:
    """For each event of a history, how many decisions the order had made by then."""
    counts: list[int] = []
    count = 0
    for event in events:
        for path, _before, after in orjson.loads(event.changes):
            if path == "decisions":
                count = after
        counts.append(count)
    return counts


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision of a change, with the facts and the rules it was made from."""

    stored: StoredDecision
    snapshot: str
    fired: tuple[str, ...]
    trial: StoredTrial | None = None
    """What a candidate said to the same facts."""
    personal: dict[str, Plain] = field(default_factory=dict)
    """What it has seen of a person, and the snapshot leaves out."""


class Change:
    """Collects what a command does. `record` is always the newest version."""

    def __init__(
        self,
        record: OrderRecord,
        version: int,
        *,
        now: datetime,
        actor: str,
        cause: str,
        head: str = NOTHING,
    ) -> None:
        """`head` is the hash of the last event that is stored."""
        self.record = record
        self.before = record
        """The record as it was stored; of a new order, as it came in."""
        self.now = now
        self.actor = actor
        self.cause = cause
        self.base_version = version
        self.head = head
        """The hash of the last event so far."""
        self.events: list[StoredEvent] = []
        self.named: set[str] = set()
        """The paths that its events change."""
        self.decided: list[Decided] = []
        self.timers: list[Timer | tuple[str, str | None]] = []
        self.effects: list[Effect] = []
        self._witnessed = 0
        """How many of the decisions are bound to an event."""
        self.decisions = record.decisions
        """How many decisions were made; the record learns of it with the next event."""

    @property
    def version(self) -> int:
        """The version of the order after this change."""
        return self.base_version + len(self.events)

    def happen(self, kind: str, data: Mapping[str, Plain] | None = None, **parts: Any) -> None:
        """Record one event and apply it.

        `parts` are fields of the record; for a collection (`parcels`, `lines` ...) a sequence of
        its changed or new elements. A move of `state`, of the order or of a part, that is
        not in its table raises `IllegalMove`.
        """
        changes: list[list[Plain]] = []
        new: dict[str, Any] = {}
        for name, value in parts.items():
            if name in COLLECTIONS:
                new[name] = self._put(name, value, changes)
                continue
            before = getattr(self.record, name)
            if before == value:
                continue
            if name == "state":
                check_move("order", ORDER_MOVES, before, value)
            changes.append([name, _plain(name, before), _plain(name, value)])
            new[name] = value
        self._append(kind, changes, data or {}, new)

    def begin(self, data: Mapping[str, Plain]) -> None:
        """The first event of an order: everything the record holds so far."""
        changes: list[list[Plain]] = []
        self.record = copied(self.record, {"decisions": self.decisions})
        for name, value in _document(self.record).items():
            if name in COLLECTIONS:
                changes.extend([f"{name}/{key}", None, part] for key, part in value.items())
            else:
                changes.append([name, None, value])
        self._append("order.placed", changes, data)

    def _put(
        self, name: str, elements: Sequence[Any], changes: list[list[Plain]]
    ) -> dict[Any, Any]:
        adapter = _part_adapter(name)
        held = dict(getattr(self.record, name))
        for element in elements:
            key = getattr(element, COLLECTIONS[name])
            before = held.get(key)
            if before == element:
                continue
            if name in PART_MOVES:
                axis, moves = PART_MOVES[name]
                check_move(axis, moves, before.state if before else None, element.state)
            changes.append(
                [
                    f"{name}/{key}",
                    None
                    if before is None
                    else adapter.dump_python(before, mode="json", exclude_defaults=True),
                    adapter.dump_python(element, mode="json", exclude_defaults=True),
                ]
            )
            held[key] = element
        return held

    def _append(
        self,
        kind: str,
        changes: list[list[Plain]],
        data: Mapping[str, Plain],
        new: Mapping[str, Any] | None = None,
    ) -> None:
        """`new` are the fields of the record that are other than before."""
        fresh = dict(new or {})
        counted = self.record.decisions
        if self.decisions != counted:
            changes.append(["decisions", counted, self.decisions])
            fresh["decisions"] = self.decisions
        if fresh:
            self.record = copied(self.record, fresh)
        self.named.update(str(path) for path, _before, _after in changes)
        event = StoredEvent(
            shop=self.record.shop,
            order_id=self.record.id,
            version=self.version + 1,
            kind=kind,
            at=self.now,
            actor=self.actor,
            cause=self.cause,
            changes=canonical_json(changes),  # type: ignore[arg-type]
            data=canonical_json(dict(data)),
            evidence=evidence_of(each.stored for each in self.decided[self._witnessed :]),
            hash="",
        )
        self.head = event_hash(self.head, event)
        self._witnessed = len(self.decided)
        self.events.append(replace(event, hash=self.head))

    def schedule(self, kind: str, due: datetime, name: str = "") -> None:
        """Set (or move) a timer of this order."""
        self.timers.append(Timer(self.record.shop, self.record.id, kind, name, due))

    def unschedule(self, kind: str, name: str | None = None) -> None:
        """Drop timers of this order: all of a kind, or the one called `name`."""
        self.timers.append((kind, name))

    def withhold(self, kind: str) -> None:
        """Do not have done outside, for now, what this change asked for under a kind."""
        self.effects = [effect for effect in self.effects if effect.kind != kind]

    def effect(self, kind: str, key: str, payload: Mapping[str, Plain]) -> None:
        """Put something to be done outside into the outbox, under its own key."""
        self.effects.append(
            Effect(
                shop=self.record.shop,
                key=f"{self.record.id}:{key}",
                order_id=self.record.id,
                kind=kind,
                payload=canonical_json(dict(payload)),
                created=self.now,
            )
        )
