"""Purchasing: what suppliers are to bring, and what of it has come in.

It needs no rules and no profile, only the store.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from ordinance.keyed import done_before, fingerprint
from ordinance.ports import PurchaseOrder, Storage, StoredCommand, Transaction


class WrongPurchase(ValueError):
    """A purchase order that cannot be so, or goods against one that is not known."""


def expect(
    storage: Storage,
    shop: str,
    number: str,
    warehouse: str,
    sku: str,
    pieces: int,
    *,
    key: str,
    at: datetime,
    supplier: str = "",
    expected: date | None = None,
    lead: date | None = None,
) -> PurchaseOrder:
    """Record a purchase order of one stock item, or change one that is known, once per key.

    Without a day a known one keeps its own, and a new one is to come by `lead`. With no more pieces
    than were received it is closed. Raises `WrongPurchase` and `KeyReused`.
    """
    if pieces < 0:
        raise WrongPurchase("the pieces of a purchase order cannot be below zero")
    day = None if expected is None else expected.isoformat()
    body_hash = fingerprint(["expected", number, warehouse, sku, pieces, supplier, day])

    def do(tx: Transaction) -> PurchaseOrder:
        known = tx.purchase_order(shop, number, warehouse, sku)
        if done_before(tx, shop, key, body_hash) is not None and known is not None:
            return known
        order = PurchaseOrder(
            shop,
            number,
            warehouse,
            sku,
            supplier or (known.supplier if known else ""),
            pieces,
            known.received if known else 0,
            expected or (known.expected if known else lead),
        )
        tx.keep_purchase_order(order)
        tx.keep_command(StoredCommand(shop, key, body_hash, "{}", at))
        return order

    return storage.transact(do)


def arrived(tx: Transaction, shop: str, number: str, warehouse: str, sku: str, pieces: int) -> None:
    """So many pieces of a purchase order came in, and are no longer expected.

    More than it asked for are taken too. Raises `WrongPurchase` for one that is not known.
    """
    order = tx.purchase_order(shop, number, warehouse, sku)
    if order is None:
        raise WrongPurchase(f"no purchase order `{number}` is to bring `{sku}` to `{warehouse}`")
    tx.keep_purchase_order(replace(order, received=order.received + pieces))
