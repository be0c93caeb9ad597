"""Personal data, apart from the orders; a part of the ports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class PersonReading(Protocol):
    """What a store knows of persons. Their data is sealed under a key of each person; reading may
    raise `StorageError` where the keys are not there."""

    def person(self, shop: str, person_id: str) -> str | None:
        """The personal data stored under `person_id`; None when it was erased, or never there."""
        ...

    def seen(self, shop: str, person_id: str) -> str | None:
        """What decisions have seen of a person, or None."""
        ...

    def persons_found(self, shop: str, term: str) -> Sequence[str]:
        """The ids of those who can be found by a term of `orders.person.sought`, sorted."""
        ...


class PersonsRead(PersonReading, Protocol):
    """What is read of persons outside of a transaction; of erasures a note is kept beside the
    store, where an older backup of it does not reach."""

    def brought_back(self, shop: str) -> Sequence[str]:
        """The ids of persons who were erased and are here again, sorted: an older backup was
        restored."""
        ...


class PersonKeeping(PersonReading, Protocol):
    """The personal part of a transaction."""

    def keep_person(self, shop: str, person_id: str, document: str) -> None:
        """Store or replace personal data (name, phone, mail, address), apart from the order."""
        ...

    def keep_seen(self, shop: str, person_id: str, seen: str) -> None:
        """Store or replace what decisions have seen of a person, beside the personal data; of one
        who was erased nothing is kept."""
        ...

    def erase_person(self, shop: str, person_id: str) -> bool:
        """Destroy the key of a person, with all that it opens and what finds it; False when there
        was none."""
        ...
