"""Persons: finding their orders, telling who they are to those who have a reason, erasing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ordinance.orders.change import Change, decode
from ordinance.orders.masking import without
from ordinance.orders.person import Person, mail_term, phone_term
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import TERMINAL, RefundState
from ordinance.ports import Storage, StoredOrder, Transaction
from ordinance.rules.decision import Plain
from ordinance.seen import order_of, person_of

SHOWN, ERASED, ERASED_AGAIN = "person.shown", "person.erased", "person.erased_again"
ABOUT_PERSONS = frozenset({SHOWN, ERASED, ERASED_AGAIN})


class NotErased(Exception):
    """An order still needs its person; says which and why."""


class NobodyFound(Exception):
    """Nothing to look for, or a person who was erased."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What became of one order when its person was erased."""

    order: str
    number: str
    erased: bool
    """False for one whose person had been erased before."""


def orders_of(
    storage: Storage, shop: str, *, phone: str | None = None, mail: str | None = None
) -> list[StoredOrder]:
    """The orders of whoever has this phone (as buyer or receiver) or this mail, by id.

    Raises `NobodyFound` when neither is given, or what is given is neither.
    """
    terms = [
        term
        for term in (phone_term(phone) if phone else "", mail_term(mail) if mail else "")
        if term
    ]
    if not terms:
        raise NobodyFound("give a phone with digits in it, or a mail")
    found = {person for term in terms for person in storage.persons_found(shop, term)}
    orders = (storage.find(shop, order_of(person)) for person in sorted(found))
    return [order for order in orders if order is not None]


def person_in(storage: Storage, order: StoredOrder) -> Person | None:
    """Who an order is of; None when they were erased."""
    document = storage.person(order.shop, person_of(order.id))
    return None if document is None else Person.from_json(document)


def shown(storage: Storage, order: StoredOrder, *, by: str, reason: str, now: datetime) -> Person:
    """Who an order is of, in clear text; that it was looked at is an event of the order.

    Nobody is told before that is stored. Raises `NobodyFound` for one who was erased, and
    `ValueError` without a name and a reason.
    """
    _demand(by, reason)

    def do(tx: Transaction) -> Person:
        document = tx.person(order.shop, person_of(order.id))
        if document is None:
            raise NobodyFound(f"order {order.number}: its person was erased")
        person = Person.from_json(document)
        note(tx, order, SHOWN, {"reason": without(person, reason)}, by=by, now=now)
        return person

    return storage.transact(do)


def erase(
    storage: Storage,
    orders: Sequence[StoredOrder],
    *,
    by: str,
    reason: str,
    now: datetime,
    forced: bool = False,
) -> list[Erasure]:
    """Destroy the keys of the persons of these orders: all of them, or none.

    The orders, their sums and their history stay, with an event that says who erased and why.
    Raises `NotErased` while an order still needs its person, unless `forced`.
    """
    _demand(by, reason)

    def do(tx: Transaction) -> list[Erasure]:
        needed = [f"order {order.number}: {why}" for order in orders if (why := needs(tx, order))]
        if needed and not forced:
            raise NotErased("; ".join(needed))
        return [_erased(tx, order, ERASED, by, reason, now, forced) for order in orders]

    return storage.transact(do)


def erase_again(storage: Storage, shop: str, *, by: str, now: datetime) -> list[Erasure]:
    """Erase once more whoever was erased and came back with an older backup that was restored."""
    back = storage.brought_back(shop)
    if not back:
        return []
    orders = [order for one in back if (order := storage.find(shop, order_of(one))) is not None]
    reason = "erased before the backup was restored"

    def do(tx: Transaction) -> list[Erasure]:
        return [_erased(tx, order, ERASED_AGAIN, by, reason, now, True) for order in orders]

    return storage.transact(do)


def needs(tx: Transaction, order: StoredOrder) -> str | None:
    """Why an order still needs its person; None when it does not."""
    stored = tx.order(order.shop, order.id)
    record: OrderRecord = decode((stored or order).document)
    if record.state not in TERMINAL:
        return f"it is not finished (`{record.status}`)"
    if record.open_cases:
        return "an after-sale case is open"
    if any(refund.state is not RefundState.SUCCESS for refund in record.refunds.values()):
        return "money is on its way back"
    return None


def note(
    tx: Transaction,
    order: StoredOrder,
    kind: str,
    data: dict[str, Plain],
    *,
    by: str,
    now: datetime,
) -> None:
    """An event of an order that changes nothing in it."""
    stored = tx.order(order.shop, order.id)
    if stored is None:
        return
    change = Change(
        decode(stored.document),
        stored.version,
        now=now,
        actor=by,
        cause=f"{kind}:{order.id}",
        head=stored.head,
    )
    change.happen(kind, data)
    tx.save_order(
        replace(stored, version=change.version, head=change.head), expected_version=stored.version
    )
    tx.append_events(change.events)


def _erased(
    tx: Transaction,
    order: StoredOrder,
    kind: str,
    by: str,
    reason: str,
    now: datetime,
    forced: bool,
) -> Erasure:
    document = tx.person(order.shop, person_of(order.id))
    if document is None:
        return Erasure(order.id, order.number, False)
    said: dict[str, Plain] = {"reason": without(Person.from_json(document), reason)}
    if forced and kind == ERASED:
        said["forced"] = True
    tx.erase_person(order.shop, person_of(order.id))
    note(tx, order, kind, said, by=by, now=now)
    return Erasure(order.id, order.number, True)


def _demand(by: str, reason: str) -> None:
    if not by.strip() or not reason.strip():
        raise ValueError("say who does it and why; neither can be empty")
