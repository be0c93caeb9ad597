"""A shop in plain dictionaries: what lies where, what each order has, and whose money is where.

Which warehouse serves an order is the shop's own choice: the model takes the choice over and
demands that it was possible. Everything else it works out by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

PRICES = {"TEA": 5000, "CUP": 3333, "SET": 12000}
PARTS: Mapping[str, Mapping[str, int]] = {
    "TEA": {"TEA": 1},
    "CUP": {"CUP": 1},
    "SET": {"TEA": 1, "CUP": 2},
}
"""What one piece of an article takes off the shelf."""

Place = tuple[str, str]
"""A warehouse and a stock item."""


class Impossible(AssertionError):
    """The shop did what cannot be."""


@dataclass
class Line:
    """One line of an order, in pieces."""

    sku: str
    ordered: int
    held: Counter[str] = field(default_factory=Counter)
    """By warehouse."""
    shipped: Counter[str] = field(default_factory=Counter)
    """By the warehouse that it left."""
    cancelled: int = 0
    back: int = 0
    """Came back and was paid back."""

    @property
    def open(self) -> int:
        """Pieces that are still to leave."""
        return self.ordered - self.cancelled - self.shipped.total()


@dataclass
class Order:
    """One order."""

    lines: dict[int, Line]
    paid: int = 0
    off: bool = False
    """Called off as a whole, or closed unpaid."""
    closes: datetime | None = None
    """When it is closed unless it is paid."""

    @property
    def due(self) -> int:
        return sum(PRICES[line.sku] * line.ordered for line in self.lines.values())

    @property
    def refunded(self) -> int:
        """Money that has to have gone back."""
        if self.off:
            return self.paid
        if not self.paid:
            return 0
        return sum(PRICES[line.sku] * (line.cancelled + line.back) for line in self.lines.values())


class Model:
    """The whole shop."""

    def __init__(self, stock: Mapping[Place, int]) -> None:
        self.shelf: Counter[Place] = Counter(stock)
        self.way: dict[str, tuple[str, str, int]] = {}
        """Transfers: to which warehouse, of what, how many."""
        self.carts: dict[str, tuple[Counter[Place], datetime]] = {}
        """What checkouts hold, and until when."""
        self.orders: dict[str, Order] = {}

    def reserved(self) -> Counter[Place]:
        """What is promised, to whomever."""
        promised: Counter[Place] = Counter()
        for order in self.orders.values():
            for line in order.lines.values():
                for warehouse, pieces in line.held.items():
                    for item, each in PARTS[line.sku].items():
                        promised[warehouse, item] += each * pieces
        for held, _ in self.carts.values():
            promised.update(held)
        return +promised

    def free(self, item: str) -> int:
        """What may be promised, over all warehouses."""
        promised = self.reserved()
        return sum(self.shelf[place] - promised[place] for place in self.shelf if place[1] == item)

    def fits_in_one_place(self, lines: Iterable[Line]) -> bool:
        """Whether one warehouse alone has all that these lines need."""
        needs: Counter[str] = Counter()
        for line in lines:
            for item, each in PARTS[line.sku].items():
                needs[item] += each * line.open
        promised = self.reserved()
        return any(
            all(self.shelf[place, item] - promised[place, item] >= n for item, n in needs.items())
            for place in {place for place, _ in self.shelf}
        )

    def ship(self, order: str, line: int, warehouse: str, pieces: int) -> None:
        """Pieces leave."""
        gone = self.orders[order].lines[line]
        if gone.held[warehouse] < pieces:
            raise Impossible(f"{pieces} leave {warehouse}, which holds {gone.held[warehouse]}")
        gone.held[warehouse] -= pieces
        gone.shipped[warehouse] += pieces
        for item, each in PARTS[gone.sku].items():
            self.shelf[warehouse, item] -= each * pieces

    def come_back(self, order: str, line: int, warehouse: str, pieces: int) -> None:
        """Pieces are back on the shelf that they left, and their money goes back."""
        here = self.orders[order].lines[line]
        if (
            here.shipped[warehouse] - here.back < pieces
            and here.shipped.total() - here.back < pieces
        ):
            raise Impossible(f"{pieces} came back of {here.shipped}, {here.back} of them before")
        here.back += pieces
        for item, each in PARTS[here.sku].items():
            self.shelf[warehouse, item] += each * pieces

    def close_unpaid(self, now: datetime) -> None:
        """Who has not paid by now is closed."""
        for order in self.orders.values():
            if order.closes is not None and order.closes <= now and not order.paid:
                order.off = True

    def forget_carts(self, now: datetime) -> None:
        """What ran out is free again."""
        self.carts = {token: cart for token, cart in self.carts.items() if cart[1] > now}

    def take_over(self, order: str, held: Mapping[int, Mapping[str, int]], waits: bool) -> None:
        """Take over which pieces the shop holds for an order, if it may hold them."""
        mine = self.orders[order]
        for no, line in mine.lines.items():
            line.held = +Counter(held.get(no, {}))
            if line.held.total() > line.open:
                raise Impossible(f"{order} line {no} holds {line.held} for {line.open}")
        short = sum(line.open - line.held.total() for line in mine.lines.values())
        if (mine.off or not mine.paid) and any(line.held for line in mine.lines.values()):
            raise Impossible(f"{order} is off or unpaid and holds stock")
        if short and not waits and not mine.off and mine.paid:
            raise Impossible(f"{order} lacks {short} pieces, and nothing says so")

    def check_promises(self) -> None:
        """No shelf has promised more than lies on it."""
        for place, pieces in self.reserved().items():
            if pieces > self.shelf[place]:
                raise Impossible(f"{place} promised {pieces} of {self.shelf[place]}")
