"""Persons who are gone: each was erased by somebody who said so, and none has come back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ordinance.orders.persons import ERASED, ERASED_AGAIN
from ordinance.ports import Storage
from ordinance.seen import order_of, person_of
from ordinance.stored import StoredEvent, StoredOrder


def gone_unsaid(
    stored: StoredOrder, events: Sequence[StoredEvent], storage: Storage
) -> Iterator[str]:
    """A person whose data is not there although no event of the order says that it was erased."""
    said = any(event.kind in (ERASED, ERASED_AGAIN) for event in events)
    if not said and storage.person(stored.shop, person_of(stored.id)) is None:
        yield "its person is gone, and no event says who erased them"


def come_back(storage: Storage, shop: str) -> Iterator[tuple[str, str]]:
    """Persons who were erased and are there again."""
    for person in storage.brought_back(shop):
        order = storage.find(shop, order_of(person))
        yield (
            order_of(person) if order is None else order.number,
            "its person was erased and came back with an older backup; "
            "`ordinance person erase --again` erases them",
        )
