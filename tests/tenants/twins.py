"""Two shops of one store that share ids, keys, articles, buyers, numbers and source ids.

A shop that is alone in its store is the judge: what a call answers and what it changes there, it
has to answer and change beside a neighbour too, and nothing of the neighbour's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ordinance.audit.sealer import Sealer
from ordinance.oms import Shop
from ordinance.orders.order import Payment
from ordinance.ports import Storage, StoredBlock, Transaction
from ordinance.pump import Pump
from ordinance.stock.stockroom import Slip
from ordinance_adapters.identity import SeededIds
from ordinance_adapters.signing import Ed25519Signer
from ordinance_adapters.simulator.outside import simulated
from tests.core.shop import MONDAY, FixedClock, order, payment, profile
from tests.publishing.editions import edition
from tests.publishing.test_office import publish
from tests.stores import open_storage

MINE, OTHER = "lan", "zhu"
SIGNER = Ed25519Signer(Ed25519PrivateKey.from_private_bytes(bytes(32)))
LATER = MONDAY + timedelta(hours=2)


class Undone(Exception):
    """Takes back what a case has done."""


def shop_in(storage: Storage, name: str, **changes: Any) -> Shop:
    """The shop of that name; both draw the same ids for the same keys."""
    return Shop(storage, profile(shop=name, **changes), None, FixedClock(MONDAY), SeededIds(1))


def lines(*wants: tuple[str, int, str]) -> list[dict[str, Any]]:
    return [{"sku": sku, "quantity": count, "unit_price": price} for sku, count, price in wants]


def live(shop: Shop, price: str, more: Iterable[str]) -> None:
    """A life that leaves a row in every table; `more` are orders that the twin does not have."""
    publish(shop.office, "甲")
    shop.office.start_shadow(edition("乙"), by="Zhu", note="try", now=MONDAY)
    shop.open_stock(MONDAY)
    pump = Pump(shop, simulated())
    room = shop.stockroom
    shop.place(order("A1", lines=lines(("TEA", 2, price))))
    shop.place(order("A2", lines=lines(("CUP", 1, price))))
    shop.place(order("A3", lines=lines(("TEA", 1, price)), payments=[]))
    shop.place(order("A4", lines=lines(("CUP", 6, price))))
    shop.place(order("A5", lines=lines(("ENGRAVED", 1, price))))
    Sealer(shop.storage, shop.profile.shop, SIGNER).seal(MONDAY)
    for name in more:
        shop.place(order(name, lines=lines(("TEA", 1, price))))
    pump.work(MONDAY)
    shipped = _id(shop, "A2")
    shop.hand_over(shipped, "P1", key="hand", now=LATER)
    shop.track(shipped, "P1", "DELIVERED_SELF", key="track", now=LATER)
    shop.request_aftersale(shipped, key="case", reason="NO_REASON_7D", now=LATER)
    room.set_aside("HZ", "TEA", 2, "live", Slip("s1", MONDAY, "lan"))
    room.hold_back("HZ", "TEA", 1, Slip("s2", MONDAY, "lan"))
    room.send("BJ", "CD", "TEA", 3, Slip("t1", MONDAY, "lan"))
    room.receive("CD", "COLD", 4, Slip("b1", MONDAY, "lan"), expires=MONDAY.date())
    shop.reserve("cart", {"TEA": 1}, channel="live", key="r1", now=MONDAY)
    shop.expect_stock("PO-1", "HZ", "CUP", 10, key="po", now=MONDAY)

    def rest(tx: Transaction) -> None:
        tx.block(StoredBlock(shop.profile.shop, "COLD", "CD", None, "CLOSED", "wang", MONDAY))
        # By hand, for an article that nobody ordered: the doctor says so.
        tx.presell(shop.profile.shop, "OLD", 2, 5)
        tx.add_load(shop.profile.shop, "HZ", MONDAY.date())

    shop.storage.transact(rest)
    shop.storage.keep_setting(shop.profile.shop, "note", price)


def _id(shop: Shop, source: str) -> str:
    return next(one.id for one in shop.orders() if one.source_id == source)


@dataclass(frozen=True)
class Twins:
    """The shop alone in a store, and beside its neighbour in another one."""

    alone: Storage
    joint: Storage

    def complaints(self, name: str, call: Callable[[Storage], Any]) -> list[str]:
        """What is wrong with one call; what it did is taken back in both stores."""
        alone, joint = _done(self.alone, call), _done(self.joint, call)
        wrong = []
        if joint.answer != alone.answer:
            wrong.append(f"{name} answers {joint.answer[:200]} and not {alone.answer[:200]}")
        if joint.mine != alone.mine:
            wrong.append(f"{name} leaves other rows of its own shop than when it is alone")
        if joint.other != joint.other_before:
            wrong.append(f"{name} changes rows of the other shop")
        return wrong

    def changes(self, call: Callable[[Storage], Any]) -> bool:
        """Whether a call stores anything at all."""
        done = _done(self.joint, call)
        return done.mine != done.mine_before

    def close(self) -> None:
        self.alone.close()
        self.joint.close()


def twins(folder: Path) -> Twins:
    """Both stores, with the same life of the same shop in them."""
    alone, joint = open_storage(folder / "alone.db"), open_storage(folder / "joint.db")
    live(shop_in(joint, OTHER, stock={("HZ", "TEA"): 30, ("BJ", "TEA"): 9, ("HZ", "CUP"): 5,
                                      ("CD", "COLD"): 7}), "70.00", ["Z1", "Z2"])  # fmt: skip
    for storage in (alone, joint):
        live(shop_in(storage, MINE), "50.00", [])
    return Twins(alone, joint)


@dataclass(frozen=True)
class _Done:
    answer: str
    mine_before: list[str]
    other_before: list[str]
    mine: list[str]
    other: list[str]


def _done(storage: Storage, call: Callable[[Storage], Any]) -> _Done:
    before = _rows(storage)
    after, answer = before, ""
    with suppress(Undone), storage.batch():
        answer = _told(lambda: call(storage))
        after = _rows(storage)
        raise Undone
    return _Done(
        answer,
        before.get(MINE, []),
        before.get(OTHER, []),
        after.get(MINE, []),
        after.get(OTHER, []),
    )


def _told(call: Callable[[], Any]) -> str:
    try:
        return _plain(call())
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _plain(answer: Any) -> str:
    if isinstance(answer, Mapping):
        return repr({str(key): _plain(answer[key]) for key in sorted(answer, key=str)})
    if isinstance(answer, Iterable) and not isinstance(answer, str):
        return repr([_plain(item) for item in answer])
    return repr(answer)


def _rows(storage: Storage) -> dict[str, list[str]]:
    """The rows of each shop."""
    rows: dict[str, list[str]] = {}
    for line in storage.content():
        rows.setdefault(_shop(line), []).append(line)
    return rows


def _shop(line: str) -> str:
    stack = [json.loads(line)]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            if "shop" in value:
                return str(value["shop"])
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
    raise AssertionError(f"a row of no shop: {line}")


def pay(shop: Shop, order_id: str) -> Any:
    """The payment of an order that has none yet."""
    money = Payment.model_validate(payment("T-late", "50.00"))
    return shop.pay(order_id, money, key="late", now=LATER)
