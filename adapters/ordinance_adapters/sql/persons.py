"""The rows of personal data: sealed under a key per person, found by a keyed index."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

from ordinance.orders.person import sought
from ordinance_adapters.keys import KeyringError
from ordinance_adapters.sql.rows import Row
from ordinance_adapters.sql.sealing import Seals
from ordinance_adapters.sql.statements import Statements, insert

_PERSON = "SELECT wrapped, document, seen FROM persons WHERE shop = ? AND id = ?"
_IS_THERE = "SELECT 1 FROM persons WHERE shop = ? AND id = ?"
_ADD = insert("persons", "shop, id, wrapped, document, seen")
_REPLACE = "UPDATE persons SET document = ? WHERE shop = ? AND id = ?"
_SEE = "UPDATE persons SET seen = ? WHERE shop = ? AND id = ?"
_ERASE = "DELETE FROM persons WHERE shop = ? AND id = ?"
ADD_TO_INDEX = insert(
    "person_index",
    "shop, digest, person",
    "ON CONFLICT (shop, digest, person) DO NOTHING",
)
_UNINDEX = "DELETE FROM person_index WHERE shop = ? AND person = ?"
_FOUND = "SELECT person FROM person_index WHERE shop = ? AND digest = ? ORDER BY person"
_KEYRING = "SELECT fingerprint, store FROM keyring WHERE name = 'persons'"
_WRAPPED = (
    "SELECT shop, id, wrapped FROM persons WHERE (shop, id) > (?, ?) ORDER BY shop, id LIMIT 500"
)
_REWRAP = "UPDATE persons SET wrapped = ? WHERE shop = ? AND id = ?"
_RECLAIM = "UPDATE keyring SET fingerprint = ? WHERE name = 'persons'"
_CLAIM = insert("keyring", "name, fingerprint, store", "ON CONFLICT (name) DO NOTHING")

NOTHING_SEEN = "[]"
DOCUMENT, SEEN = "document", "seen"
"""The columns that are sealed; they go into the seal."""


class PersonReading:
    """Reading personal data; `run` gives the rows of a statement."""

    def __init__(self, run: Callable[[str, Row], list[Row]], seals: Seals) -> None:
        self._run_this = run
        self._with = seals

    def person(self, shop: str, person_id: str) -> str | None:
        row = self.sealed(shop, person_id)
        if row is None:
            return None
        key = self._with.unwrapped(row[0], shop, person_id)
        return self._with.open(key, row[1], shop, person_id, DOCUMENT)

    def seen(self, shop: str, person_id: str) -> str | None:
        row = self.sealed(shop, person_id)
        if row is None:
            return None
        key = self._with.unwrapped(row[0], shop, person_id)
        return self._with.open(key, row[2], shop, person_id, SEEN)

    def persons_found(self, shop: str, term: str) -> list[str]:
        if not self.belongs():
            return []
        digest = self._with.digest(shop, term)
        return [row[0] for row in self._run_this(_FOUND, (shop, digest))]

    def store_name(self) -> str | None:
        """What the store is called in the notes of the keyring; None before it has a person."""
        claim = self._run_this(_KEYRING, ())
        return claim[0][1] if claim else None

    def brought_back(self, shop: str) -> list[str]:
        claim = self._run_this(_KEYRING, ())
        if not claim:
            return []
        noted = {
            person
            for store, of, person in self._with.keyring.erased()
            if (store, of) == (claim[0][1], shop)
        }
        return sorted(person for person in noted if self._run_this(_IS_THERE, (shop, person)))

    def sealed(self, shop: str, person_id: str, lock: str = "") -> Row | None:
        """Wrapped key, document and what was seen, as they are stored."""
        found = self._run_this(_PERSON + lock, (shop, person_id))
        return found[0] if found else None

    def belongs(self) -> bool:
        """Whether the store was claimed; raises `KeyringError` when it was by another keyring."""
        if not self._with.is_known:
            row = self._run_this(_KEYRING, ())
            if not row:
                return False
            demand_same(self._with, row[0][0])
            self._with.is_known = True
        return True


class PersonRows(Statements):
    """The personal part of a transaction. Raises `KeyringError` when the keys do not fit."""

    has_erased = False
    """Whether somebody was erased in it, so that what is left of their key is to be swept."""

    def keep_person(self, shop: str, person_id: str, document: str) -> None:
        seals = self.claim_keyring()
        row = self._persons().sealed(shop, person_id, self.LOCK)
        if row is None:
            key = seals.drawn()
            self._write(_ADD, sealed_row(seals, key, (shop, person_id, document, NOTHING_SEEN)))
        else:
            key = seals.unwrapped(row[0], shop, person_id)
            sealed = seals.seal(key, document, shop, person_id, DOCUMENT)
            self._write(_REPLACE, (sealed, shop, person_id))
            self._write(_UNINDEX, (shop, person_id))
        self._write(ADD_TO_INDEX, *index_rows(seals, shop, person_id, document))

    def person(self, shop: str, person_id: str) -> str | None:
        return self._persons().person(shop, person_id)

    def keep_seen(self, shop: str, person_id: str, seen: str) -> None:
        row = self._persons().sealed(shop, person_id)
        if row is not None:
            seals = self._line.seals
            key = seals.unwrapped(row[0], shop, person_id)
            sealed = seals.seal(key, seen, shop, person_id, SEEN)
            self._write(_SEE, (sealed, shop, person_id))

    def seen(self, shop: str, person_id: str) -> str | None:
        return self._persons().seen(shop, person_id)

    def persons_found(self, shop: str, term: str) -> Sequence[str]:
        return self._persons().persons_found(shop, term)

    def erase_person(self, shop: str, person_id: str) -> bool:
        claim = self._one(_KEYRING, ())
        if claim is None or self._persons().sealed(shop, person_id, self.LOCK) is None:
            return False
        # Noted first: what is noted and still there is erased once more, never the other way.
        self._line.seals.keyring.note_erased(claim[1], shop, person_id)
        self._write(_UNINDEX, (shop, person_id))
        self.has_erased = True
        return self._change(_ERASE, (shop, person_id), "a person") > 0

    def claim_keyring(self) -> Seals:
        """The seals, once the store is known to belong to their keyring; a new one is claimed.

        It is asked each time, and stays so until the end of the transaction: nothing may be sealed
        under a master key that somebody is just taking away.
        """
        seals = self._line.seals
        claim = self._one(_KEYRING + self.SHARE, ())
        if claim is None:
            mine = seals.keyring.fingerprint()
            name = seals.keyring.claims or secrets.token_hex(8)
            self._write(_CLAIM, ("persons", mine, name))
            # Another process may have been quicker.
            claim = self._one(_KEYRING + self.SHARE, ())
        if claim is not None:
            demand_same(seals, claim[0])
        return seals

    def rewrap(self, master: bytes) -> int | None:
        """Wrap the key of every person under another master key, and let the store belong to the
        keyring with it, which has claimed it. How many; None where it does already. Nobody is
        stored meanwhile."""
        seals = self._line.seals
        claim = self._one(_KEYRING + self.LOCK, ())
        assert claim is not None
        demand_same(seals, claim[0])
        wanted = seals.keyring.fingerprint_of(master)
        if claim[0] == wanted:
            return None
        count, last = 0, ("", "")
        while page := self._run(_WRAPPED + self.LOCK, last):
            anew: list[Row] = []
            for shop, person, wrapped in page:
                key = seals.unwrapped(wrapped, shop, person)
                anew.append((seals.wrapped(key, shop, person, master), shop, person))
            self._write(_REWRAP, *anew)
            count, last = count + len(page), page[-1][:2]
        self._write(_RECLAIM, (wanted,))
        self.has_erased = True  # the log still has what the old key opens
        return count

    def _persons(self) -> PersonReading:
        return PersonReading(self._run, self._line.seals)


def demand_same(seals: Seals, fingerprint: str) -> None:
    """Raise `KeyringError` when the keyring is not the one that a store was sealed with."""
    keyring = seals.keyring
    keyring.demand_place()
    # Asked first: a keyring that went missing is not to be made anew.
    if not keyring.is_there():
        raise KeyringError(
            f"`{seals.where}`: its personal data is sealed, and its keys are not in "
            f"`{keyring.folder or 'memory'}`; put that folder back, or name the right one with "
            "ORDINANCE_KEYS"
        )
    if not keyring.settle(fingerprint):
        raise KeyringError(
            f"`{seals.where}` belongs to another keyring than the one in "
            f"`{keyring.folder or 'memory'}` ({fingerprint} instead of {keyring.fingerprint()}); "
            "put back the folder of keys that belongs to it, or name it with ORDINANCE_KEYS"
        )


def sealed_row(seals: Seals, key: bytes, row: Row) -> Row:
    """A row of `persons` as it is stored: shop, id, wrapped key, document, what was seen."""
    shop, person, document, seen = row
    return (
        shop,
        person,
        seals.wrapped(key, shop, person),
        seals.seal(key, document, shop, person, DOCUMENT),
        seals.seal(key, seen, shop, person, SEEN),
    )


def opened_row(seals: Seals, row: tuple[str, str, str, str, str]) -> tuple[str, str, str, str]:
    """The row again as it was before `sealed_row`."""
    shop, person, wrapped, document, seen = row
    key = seals.unwrapped(wrapped, shop, person)
    return (
        shop,
        person,
        seals.open(key, document, shop, person, DOCUMENT),
        seals.open(key, seen, shop, person, SEEN),
    )


def index_rows(seals: Seals, shop: str, person: str, document: str) -> list[Row]:
    """What the index holds of a person."""
    return [(shop, seals.digest(shop, term), person) for term in sought(document)]
