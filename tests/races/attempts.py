"""What one process of a race does: attempts to get pieces, each by one public way of booking."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ordinance.inventory import Movement, MovementKind, OutOfStock
from ordinance.oms import Shop
from ordinance.ports import Transaction
from ordinance.profile import Item
from ordinance.stock.stockroom import Slip
from tests.core.shop import ITEMS, MONDAY, order
from tests.races.crew import Tools

BUNDLES = {
    **ITEMS,
    "POT": Item("POT", "茶壶", "ware", 700, 1500),
    "TEASET": Item("TEASET", "茶具一", "ware", 900, 2000, bundle=(("TEA", 1), ("CUP", 1))),
    "POTSET": Item("POTSET", "茶具二", "ware", 900, 2000, bundle=(("POT", 1), ("CUP", 2))),
}
"""Two bundles that share a piece, which is also sold alone."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One buyer: how he buys, what he wants, and from which channel he comes."""

    name: str
    way: str
    wants: Mapping[str, int]
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an attempt: what it got by stock item, or what it was told there is."""

    name: str
    got: Mapping[str, int]
    told: Mapping[str, tuple[int, int]]
    """For one who got nothing: stock item to (wanted, available)."""


def movement(
    shop: str, kind: MovementKind, sku: str, quantity: int, warehouse: str = "HZ", **more: Any
) -> Movement:
    """A movement of the race."""
    return Movement(shop, warehouse, sku, kind, quantity, MONDAY, "race", "race", **more)


def fill(
    storage: Any, shop: str, stock: Mapping[tuple[str, str], int], aside: Mapping[str, int] = {}
) -> None:
    """Put pieces on the shelves of a new shop, some of them set aside by channel."""
    with storage.transaction() as tx:
        for (warehouse, sku), pieces in stock.items():
            tx.move(movement(shop, MovementKind.RECEIVED, sku, pieces, warehouse))
        for channel, pieces in aside.items():
            for warehouse, sku in stock:
                kind = MovementKind.SET_ASIDE
                tx.move(movement(shop, kind, sku, pieces, warehouse, pool=channel))


def race(tools: Tools, path: str, name: str, attempts: Sequence[Attempt]) -> list[Answer]:
    """Make the attempts, one after another."""
    shop = tools.shop(path, name, items=BUNDLES)
    return [_attempt(shop, attempt) for attempt in attempts]


def _attempt(shop: Shop, attempt: Attempt) -> Answer:
    try:
        return Answer(attempt.name, WAYS[attempt.way](shop, attempt), {})
    except OutOfStock as error:
        told = {lack.sku: (lack.wanted, lack.available) for lack in error.lacks}
        return Answer(attempt.name, {}, told)


def _moved(shop: Shop, attempt: Attempt) -> Mapping[str, int]:
    """The ledger itself, one movement for one piece after another, in one transaction."""

    def book(tx: Transaction) -> None:
        for sku, pieces in attempt.wants.items():
            tx.move(_reserving(shop, attempt, sku, pieces))
        tx.hold_until(shop.profile.shop, attempt.name, MONDAY + timedelta(hours=1))

    shop.storage.transact(book)
    return attempt.wants


def _moved_all(shop: Shop, attempt: Attempt) -> Mapping[str, int]:
    def book(tx: Transaction) -> None:
        tx.move_all([_reserving(shop, attempt, *want) for want in attempt.wants.items()])
        tx.hold_until(shop.profile.shop, attempt.name, MONDAY + timedelta(hours=1))

    shop.storage.transact(book)
    return attempt.wants


def _reserving(shop: Shop, attempt: Attempt, sku: str, pieces: int) -> Movement:
    return movement(
        shop.profile.shop,
        MovementKind.RESERVED,
        sku,
        pieces,
        token=attempt.name,
        pool=attempt.channel,
    )


def _reserved(shop: Shop, attempt: Attempt) -> Mapping[str, int]:
    """A checkout. Its key is its token, so that it is asked once."""
    held = shop.reserve(
        attempt.name,
        attempt.wants,
        channel=attempt.channel,
        key=f"reserve:{attempt.name}",
        now=MONDAY,
    )
    return _sum((one.sku, one.pieces) for one in held)


def _placed(shop: Shop, attempt: Attempt) -> Mapping[str, int]:
    """An order from the door to the shelf; one that found nothing is not refused, it waits."""
    receipt = shop.place(ordered(attempt), now=MONDAY)
    record = shop.record(receipt.order)
    assert record.open_holds or not any(line.waiting for line in record.goods), "silently short"
    return _sum(
        (item, pieces)
        for line in record.goods
        for item, pieces in line.takes(line.reserved).items()
        if pieces
    )


def _taken_over(shop: Shop, attempt: Attempt) -> Mapping[str, int]:
    """A checkout that becomes an order."""
    held = _reserved(shop, attempt)
    receipt = shop.place(ordered(attempt), reservation=attempt.name, now=MONDAY)
    lines = shop.record(receipt.order).goods
    assert _sum(
        (item, pieces) for line in lines for item, pieces in line.takes(line.reserved).items()
    ) == dict(held), "a checkout lost pieces on its way to the order"
    return held


def _adjusted(shop: Shop, attempt: Attempt) -> Mapping[str, int]:
    return _booked(shop, attempt, lambda room, sku, n, s: room.adjust("HZ", sku, -n, s))


def _withdrawn(shop: Shop, attempt: Attempt) -> Mapping[str, int]:
    return _booked(shop, attempt, lambda room, sku, n, s: room.withdraw("HZ", sku, n, s))


def _sent(shop: Shop, attempt: Attempt) -> Mapping[str, int]:
    return _booked(shop, attempt, lambda room, sku, n, s: room.send("HZ", "FAR", sku, n, s))


def _set_aside(shop: Shop, attempt: Attempt) -> Mapping[str, int]:
    return _booked(shop, attempt, lambda room, sku, n, s: room.set_aside("HZ", sku, n, "fair", s))


def _booked(shop: Shop, attempt: Attempt, do: Callable[..., object]) -> Mapping[str, int]:
    for number, (sku, pieces) in enumerate(attempt.wants.items()):
        do(shop.stockroom, sku, pieces, Slip(f"room:{attempt.name}:{number}", MONDAY, "race"))
    return attempt.wants


def _given_back(shop: Shop, attempt: Attempt) -> Mapping[str, int]:
    """A checkout that is given up again, and asked for once more by its changed cart."""
    _reserved(shop, attempt)
    shop.release_reservation(attempt.name, now=MONDAY)
    return {}


def _cancelled(shop: Shop, attempt: Attempt) -> Mapping[str, int]:
    """An order that is cancelled at once; one that waits with a hold is cancelled too."""
    receipt = shop.place(ordered(attempt), now=MONDAY)
    with suppress(ValueError):
        shop.cancel(receipt.order, key=f"cancel:{attempt.name}", now=MONDAY)
    lines = shop.record(receipt.order).goods
    return _sum((item, n) for line in lines for item, n in line.takes(line.reserved).items() if n)


def _received(shop: Shop, attempt: Attempt) -> Mapping[str, int]:
    """The other way round: pieces come in."""
    for sku, pieces in attempt.wants.items():
        shop.receive_stock("HZ", sku, pieces, cause=f"in:{attempt.name}:{sku}", now=MONDAY)
    return {sku: -pieces for sku, pieces in attempt.wants.items()}


TAKING: dict[str, Callable[[Shop, Attempt], Mapping[str, int]]] = {
    "move": _moved,
    "move_all": _moved_all,
    "reserve": _reserved,
    "place": _placed,
    "take_over": _taken_over,
    "adjust": _adjusted,
    "withdraw": _withdrawn,
    "send": _sent,
    "set_aside": _set_aside,
}
"""Every public way to take pieces off what may be promised."""

GIVING = {"give_back": _given_back, "cancel": _cancelled, "receive": _received}
"""The ways by which pieces come back in between."""

WAYS = {**TAKING, **GIVING}


def ordered(attempt: Attempt) -> dict[str, Any]:
    """The order of an attempt, paid, from a buyer of its own."""
    number = int("".join(filter(str.isdigit, attempt.name)) or 0)
    return order(
        attempt.name,
        channel=attempt.channel or "web",
        buyer={"id": attempt.name},
        receiver={
            "name": attempt.name,
            "phone": f"138{number:08}",
            "region": "330106",
            "address": f"文一路{number}号",
            "latitude": 30.28,
            "longitude": 120.12,
        },
        lines=[
            {"sku": sku, "quantity": pieces, "unit_price": "50.00"}
            for sku, pieces in attempt.wants.items()
        ],
    )


def _sum(pairs: Any) -> dict[str, int]:
    total: dict[str, int] = {}
    for sku, pieces in pairs:
        total[sku] = total.get(sku, 0) + pieces
    return total
