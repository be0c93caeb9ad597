"""What `ordinance.open` takes where a store gives nothing: one warehouse, one carrier, yuan."""

from __future__ import annotations

from ordinance.profile import Carrier, Profile, Warehouse
from ordinance.rules import Words


def plain_profile() -> Profile:
    """A shop with one warehouse and one carrier, in CNY and Shanghai time."""
    return Profile(
        shop="shop",
        name=Words("店铺", "shop"),
        currency="CNY",
        zone="Asia/Shanghai",
        warehouses=(Warehouse("MAIN", Words("主仓", "main warehouse"), region="31"),),
        carriers=(Carrier("CARRIER", Words("快递", "carrier")),),
    )
