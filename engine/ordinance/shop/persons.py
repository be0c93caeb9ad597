"""Commands about persons: find their orders, see who they are for a reason, erase them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ordinance.orders import persons
from ordinance.orders.change import decode
from ordinance.orders.masking import masked
from ordinance.orders.person import Person
from ordinance.orders.persons import Erasure
from ordinance.orders.record import OrderRecord
from ordinance.shop.looking import Looking


class PersonCommands(Looking):
    """Personal data is sealed, and masked for whoever gives no reason."""

    def orders_of_person(
        self, *, phone: str | None = None, mail: str | None = None
    ) -> list[OrderRecord]:
        """The orders of whoever has this phone, as buyer or receiver, or this mail.

        Raises `NobodyFound` when neither can be looked for.
        """
        found = persons.orders_of(self.storage, self.profile.shop, phone=phone, mail=mail)
        return [decode(stored.document) for stored in found]

    def masked_person(self, order: str) -> dict[str, str] | None:
        """What is known of the person of an order, masked; None when they were erased."""
        person = persons.person_in(self.storage, self.stored(order))
        return None if person is None else masked(person)

    def unmask(self, order: str, *, by: str, reason: str, now: datetime | None = None) -> Person:
        """Who an order is of, in clear text. Who looked, when and why is an event of the order.

        Raises `NobodyFound` for somebody who was erased.
        """
        stored = self.stored(order)
        return persons.shown(
            self.storage, stored, by=by, reason=reason, now=now or self.clock.now()
        )

    def erase_persons(
        self,
        orders: Sequence[str],
        *,
        by: str,
        reason: str,
        forced: bool = False,
        now: datetime | None = None,
    ) -> list[Erasure]:
        """Destroy the keys of the persons of these orders; the orders stay, without them.

        Raises `NotErased` while one of them still needs its person, unless `forced`.
        """
        return persons.erase(
            self.storage,
            [self.stored(order) for order in orders],
            by=by,
            reason=reason,
            now=now or self.clock.now(),
            forced=forced,
        )

    def erase_again(self, *, by: str = "system", now: datetime | None = None) -> list[Erasure]:
        """Erase whoever was erased and came back with an older backup that was restored."""
        return persons.erase_again(
            self.storage, self.profile.shop, by=by, now=now or self.clock.now()
        )
