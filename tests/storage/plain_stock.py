"""Stock books in plain dictionaries, as slow and simple as can be, to hold a store against."""

from __future__ import annotations

import copy
import random
from collections import Counter
from dataclasses import dataclass, field, replace

from ordinance.inventory import SIGNED, Movement, MovementKind
from ordinance.testing.samples import movement

WAREHOUSES = ("east", "west")
CHANNELS = ("", "web", "live")
ORDERS = ("o1", "o2")
TOKENS = ("cart", "till")
TRANSFERS = ("t1", "t2")


class Refused(Exception):
    """Not to be had; `args[0]` says how many pieces could have been."""


@dataclass
class PlainStock:
    """The books of one article in two warehouses."""

    shelf: Counter[str] = field(default_factory=Counter)
    quarantine: Counter[str] = field(default_factory=Counter)
    safety: Counter[str] = field(default_factory=Counter)
    aside: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By warehouse and channel."""
    held: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """By warehouse, holder and pool."""
    way: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By warehouse and transfer."""

    def copied(self) -> PlainStock:
        return copy.deepcopy(self)

    def bound(self, place: str) -> int:
        """Pieces on the shelf that somebody was promised."""
        promised = sum(count for (where, _, _), count in self.held.items() if where == place)
        return promised + sum(count for (where, _), count in self.aside.items() if where == place)

    def unbound(self, place: str) -> int:
        return self.shelf[place] - self.bound(place)

    def free(self, place: str) -> int:
        """Shared pieces that may be promised anew."""
        return max(self.unbound(place) - self.safety[place], 0)

    def book(self, move: Movement) -> None:
        """Book a movement; raises `Refused`."""
        place, count = move.warehouse, move.quantity
        match move.kind.value:
            case "received" | "returned_to_stock":
                self.shelf[place] += count
            case "quarantined":
                self.quarantine[place] += count
            case "adjusted":
                _demand(self.unbound(place), -count)
                self.shelf[place] += count
            case "withdrawn":
                _demand(self.unbound(place), count)
                self.shelf[place] -= count
                self.quarantine[place] += count
            case "cleared":
                _demand(self.quarantine[place], count)
                self.quarantine[place] -= count
                self.shelf[place] += count
            case "scrapped":
                _demand(self.quarantine[place], count)
                self.quarantine[place] -= count
            case "transferred_out":
                _demand(self.unbound(place), count)
                self.shelf[place] -= count
            case "on_its_way":
                self.way[place, str(move.transfer)] += count
            case "transferred_in":
                _demand(self.way[place, str(move.transfer)], count)
                self.way[place, str(move.transfer)] -= count
                self.shelf[place] += count
            case "lost_on_its_way":
                _demand(self.way[place, str(move.transfer)], count)
                self.way[place, str(move.transfer)] -= count
            case "set_aside":
                _demand(self.free(place), count)
                self.aside[place, move.pool] += count
            case "given_back":
                _demand(self.aside[place, move.pool], count)
                self.aside[place, move.pool] -= count
            case "safety_changed":
                _demand(self.safety[place], -count)
                self.safety[place] += count
            case "reserved":
                self._reserve(place, move)
            case "released":
                for pool, part in self._taken(place, str(move.holder), count, shared_first=True):
                    if pool:
                        self.aside[place, pool] += part
            case "shipped":
                for _, part in self._taken(place, str(move.holder), count, shared_first=False):
                    self.shelf[place] -= part
            case other:
                raise AssertionError(other)

    def _reserve(self, place: str, move: Movement) -> None:
        left, holder = move.quantity, str(move.holder)
        checkout = f"checkout:{move.token}"
        passed_on = move.order_id is not None and move.token is not None
        own = sum(self.held[place, checkout, pool] for pool in CHANNELS) if passed_on else 0
        pooled = self.aside[place, move.pool] if move.pool else 0
        _demand(own + pooled + self.free(place), left)
        for pool, part in self._taken(place, checkout, min(own, left), shared_first=True):
            self.held[place, holder, pool] += part
            left -= part
        part = min(pooled, left)
        if part:
            self.aside[place, move.pool] -= part
            self.held[place, holder, move.pool] += part
        self.held[place, holder, ""] += left - part

    def _taken(
        self, place: str, holder: str, count: int, *, shared_first: bool
    ) -> list[tuple[str, int]]:
        """Take pieces from a holder, by pool."""
        pools = ["", "live", "web"] if shared_first else ["live", "web", ""]
        _demand(sum(self.held[place, holder, pool] for pool in pools), count)
        parts = []
        for pool in pools:
            part = min(self.held[place, holder, pool], count)
            self.held[place, holder, pool] -= part
            count -= part
            if part:
                parts.append((pool, part))
        return parts


def _demand(there: int, wanted: int) -> None:
    if wanted > 0 and there < wanted:
        raise Refused(there)


LIKELY = {
    MovementKind.RECEIVED: 8,
    MovementKind.RESERVED: 20,
    MovementKind.RELEASED: 14,
    MovementKind.SHIPPED: 8,
    MovementKind.SET_ASIDE: 10,
}
"""How often a kind is drawn for each time that another one is."""

KINDS = [kind for kind in MovementKind for _ in range(LIKELY.get(kind, 2))]


def drawn(chance: random.Random, sku: str) -> Movement:
    """A random movement of an article, mostly such that something holds the pieces."""
    kind = chance.choice(KINDS)
    count = chance.randint(1, 4)
    if kind in SIGNED and chance.random() < 0.6:
        count = -count
    place = chance.choice([*WAREHOUSES, *WAREHOUSES[:1] * 4])
    move = movement(kind, count, sku=sku, warehouse=place)
    orders, tokens = [*ORDERS, *ORDERS[:1] * 2], [*TOKENS, *TOKENS[:1] * 2]
    match kind:
        case MovementKind.RECEIVED:
            return replace(move, quantity=count + 3)
        case MovementKind.RESERVED:
            token = chance.choice([None, *tokens])
            order_id = chance.choice([*orders, None] if token else orders)
            return replace(move, order_id=order_id, token=token, pool=chance.choice(CHANNELS))
        case MovementKind.RELEASED:
            token = chance.choice([None, *tokens])
            return replace(move, order_id=None if token else chance.choice(orders), token=token)
        case MovementKind.SHIPPED:
            return replace(move, order_id=chance.choice(orders))
        case MovementKind.SET_ASIDE | MovementKind.GIVEN_BACK:
            return replace(move, pool=chance.choice(CHANNELS[1:]))
    return replace(move, transfer=chance.choice(TRANSFERS)) if move.transfer else move
