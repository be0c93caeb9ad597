"""What a decision has seen of a person: kept with the person, so that it is gone with them.

A stored snapshot says of a personal fact that it was there, and not what it was (`null`). Its value
lies sealed beside the personal data of the order, from the decision on that saw it first.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from ordinance.ports import Storage
from ordinance.rules.decision import Plain, canonical_json

Seen = list[tuple[int, dict[str, Plain]]]
"""From the decision of this number on, these facts had these values."""


class NotSeen(Exception):
    """What a decision has seen of a person is not in the store, though the person is."""


class Erased(NotSeen):
    """What a decision has seen of a person is gone, for the person was erased."""


def person_of(order_id: str) -> str:
    """The id under which the personal data of an order is kept."""
    return f"P-{order_id}"


def order_of(person: str) -> str:
    """The order whose personal data is kept under an id."""
    return person.removeprefix(person_of(""))


def read_seen(text: str | None) -> Seen:
    """What is stored of it; nothing for a person who was erased."""
    return [(seq, values) for seq, values in json.loads(text or "[]")]


def written_seen(seen: Seen) -> str:
    """What is stored of it."""
    return canonical_json([[seq, values] for seq, values in seen])


def with_new(seen: Seen, shown: Sequence[tuple[int, dict[str, Plain]]]) -> Seen:
    """`seen` with what later decisions were shown that they had not seen before."""
    known: dict[str, Plain] = {}
    for _, values in seen:
        known.update(values)
    added = list(seen)
    for seq, values in shown:
        new = {name: value for name, value in values.items() if known.get(name) != value}
        if new:
            known.update(new)
            added.append((seq, new))
    return added


class Snapshots:
    """Stored facts as they were when they were decided on, as long as their person is there."""

    def __init__(self, storage: Storage, shop: str) -> None:
        self._storage = storage
        self._shop = shop
        self._last: tuple[str, Seen | None] = ("", None)

    def whole(self, order_id: str, seq: int, snapshot: str) -> dict[str, Plain]:
        """The facts that the decision `seq` of an order was made on. Raises `Erased`, `NotSeen`."""
        facts: dict[str, Plain] = json.loads(snapshot)
        hidden = [name for name, value in facts.items() if value is None]
        if not hidden:
            return facts
        seen = self._seen(order_id)
        if seen is None:
            raise Erased("the person of this order was erased, and what was decided on with them")
        known: dict[str, Plain] = {}
        for since, values in seen:
            if since <= seq:
                known |= values
        if any(name not in known for name in hidden):
            raise NotSeen("what it has seen of its person is not in the store")
        return facts | {name: known[name] for name in hidden}

    def _seen(self, order_id: str) -> Seen | None:
        if self._last[0] != order_id:
            text = self._storage.seen(self._shop, person_of(order_id))
            self._last = (order_id, None if text is None else read_seen(text))
        return self._last[1]
