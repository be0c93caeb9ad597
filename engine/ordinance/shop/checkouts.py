"""Reservations of a checkout, for stores that embed the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from ordinance.inventory import Reservation
from ordinance.ports import Transaction
from ordinance.rules.decision import Plain
from ordinance.several import Several
from ordinance.shop.workplace import Workplace
from ordinance.stock.checkout import Checkout
from ordinance.stock.stockroom import Stockroom

DEFAULT_MINUTES = 15
"""How long a reservation stays where the store does not say."""


class CheckoutCommands(Workplace):
    """Commands of a till."""

    @property
    def stockroom(self) -> Stockroom:
        """Where people receive, count, move and set aside the stock of this shop."""
        return Stockroom(self.storage, self.profile.shop)

    def reserve(
        self,
        token: str,
        pieces: Mapping[str, int],
        *,
        channel: str = "",
        minutes: int = DEFAULT_MINUTES,
        key: str,
        now: datetime | None = None,
    ) -> tuple[Reservation, ...]:
        """Hold these articles for a checkout, for so many minutes, all of them or none.

        `pieces` are articles as they are sold; bundles are taken apart. What `token` held before
        is exchanged, so that a changed cart is reserved by another call with another key. The
        same key again books nothing and gives what the token holds now. Raises `OutOfStock`,
        which says what there is, `TokenTaken`, `KeyReused`, and `ValueError` for pieces or
        minutes below one; then the token holds what it held before.
        """
        if minutes < 1 or not pieces or min(pieces.values()) < 1:
            raise ValueError("a reservation takes at least one piece and one minute")
        at = now or self.clock.now()
        wanted = self._stock_items(pieces)

        def do(several: Several) -> None:
            checkout = self._checkout(several.desk.tx, token, at, key, channel)
            checkout.hold(wanted, self._warehouses(), at + timedelta(minutes=minutes))

        body: dict[str, Plain] = {
            "reserve": token,
            "pieces": {sku: pieces[sku] for sku in sorted(pieces)},
            "channel": channel,
            "minutes": minutes,
        }
        self._runner.run_on_many(key, body, do, now=at, actor="channel")
        return self.reserved(token)

    def release_reservation(self, token: str, *, now: datetime | None = None) -> int:
        """Let go of what a checkout holds; returns how many pieces that was.

        Needs no key: a token that holds nothing, or whose reservation an order has, is left alone.
        """
        at = now or self.clock.now()
        return self.storage.transact(lambda tx: self._let_go(tx, token, at, f"release:{token}"))

    def reserved(self, token: str) -> tuple[Reservation, ...]:
        """What a checkout holds now, by (sku, warehouse, pool)."""
        with self.storage.reading() as tx:
            return tuple(self._checkout(tx, token, self.clock.now(), "", "").held())

    def available(self, sku: str, *, channel: str = "") -> int:
        """How many of an article a channel could be promised now, over all open warehouses.

        Something to show a buyer, and no promise: only `reserve` and an order hold pieces. Of a
        bundle as many as its pieces make, each out of one warehouse.
        """
        parts = self._stock_items({sku: 1})
        with self.storage.reading() as tx:
            levels = tx.levels(self.profile.shop, sorted(parts), channel=channel)
        free = {(level.warehouse, level.sku): level.available for level in levels}
        return sum(
            min(free.get((code, item), 0) // each for item, each in parts.items())
            for code in self._warehouses()
            if parts
        )

    def expire_reservations(self, now: datetime, *, limit: int = 1000) -> list[str]:
        """Release the reservations that ran out; returns their tokens. The pump does it.

        Each is looked at and released in one transaction, so that one which an order has just
        taken over, or whose time was prolonged, is left alone.
        """

        def do(tx: Transaction) -> Sequence[str]:
            due = tx.expired(self.profile.shop, now, 1)
            for token in due:
                self._let_go(tx, token, now, f"expired:{token}", actor="clock")
            return due

        released: list[str] = []
        while len(released) < limit and self._any_expired(now):
            due = self.storage.transact(do)
            if not due:
                break  # an order takes it over just now
            released += due
        return released

    def _any_expired(self, now: datetime) -> bool:
        with self.storage.reading() as tx:
            return bool(tx.expired(self.profile.shop, now, 1))

    def _let_go(
        self, tx: Transaction, token: str, at: datetime, cause: str, actor: str = "channel"
    ) -> int:
        checkout = Checkout(tx, self.profile.shop, token, at, actor, cause)
        if any(one.expires_at is None for one in checkout.held()):
            return 0
        return checkout.let_go()

    def _checkout(
        self, tx: Transaction, token: str, at: datetime, cause: str, channel: str
    ) -> Checkout:
        return Checkout(tx, self.profile.shop, token, at, "channel", cause, channel)

    def _warehouses(self) -> list[str]:
        """The warehouses that are open, the preferred ones first."""
        ranked = sorted(self.profile.warehouses, key=lambda place: (place.priority, place.code))
        return [place.code for place in ranked if place.open]

    def _stock_items(self, pieces: Mapping[str, int]) -> dict[str, int]:
        """The stock items in these articles, summed over all of them."""
        wanted: dict[str, int] = {}
        for sku, count in pieces.items():
            item = self.profile.items.get(sku)
            if item is not None and "virtual" in item.traits:
                continue
            for part, each in self.profile.parts_of(sku) or ((sku, 1),):
                wanted[part] = wanted.get(part, 0) + each * count
        return wanted
