"""The shop of the simulation: two warehouses with little stock, so that orders meet on it."""

from __future__ import annotations

from dataclasses import replace

from ordinance.profile import Item, Profile
from tests.core.shop import ITEMS, profile

SKUS = ("TEA", "TEA", "CUP", "SET", "CARD")
SOLD = {"TEA": 5000, "CUP": 3333, "SET": 12000, "CARD": 1}
"""Prices in minor units."""


def small_shop() -> Profile:
    """Tea, cups, sets of both, and a card that has no shelf."""
    items = {sku: ITEMS[sku] for sku in ("TEA", "CUP", "CARD")}
    items["SET"] = Item("SET", "茶具套装", "ware", 900, 2000, bundle=(("TEA", 1), ("CUP", 2)))
    whole = profile(
        items=items,
        stock={("HZ", "TEA"): 20, ("BJ", "TEA"): 10, ("HZ", "CUP"): 8, ("BJ", "CUP"): 2},
    )
    return replace(whole, warehouses=whole.warehouses[:2])
