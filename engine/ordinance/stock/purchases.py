"""Purchase orders, as goods come in against them."""

from __future__ import annotations

from dataclasses import replace

from ordinance.ports import Transaction


class WrongPurchase(ValueError):
    """A purchase order that cannot be so, or goods against one that is not known."""


def receive_against(
    tx: Transaction, shop: str, number: str, warehouse: str, sku: str, pieces: int
) -> None:
    """Count pieces as received against a purchase order; more than it asked for are taken too.

    Raises `WrongPurchase`.
    """
    order = tx.purchase_order(shop, number, warehouse, sku)
    if order is None:
        raise WrongPurchase(f"no purchase order `{number}` is to bring `{sku}` to `{warehouse}`")
    tx.keep_purchase_order(replace(order, received=order.received + pieces))
