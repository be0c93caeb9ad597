"""Made-up Olist orders, one a line, with only what matters written out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ordinance.orders.order import Order
from ordinance.profile import Profile
from ordinance.rules.kinds import Words
from ordinance.story import PlacedRow, Row, Story
from ordinance_adapters.readers.olist import read_olist

ZONE = ZoneInfo("America/Sao_Paulo")
SHOP = Profile("olist", Words("集市", "market"), "BRL", str(ZONE), (), ())


def seller(seller_id: str = "seller-a", **changes: object) -> dict[str, object]:
    return {"seller_id": seller_id, "city": "osasco", "state": "SP", "lat": -23.5, "lng": -46.8} | (
        changes
    )


def piece(product_id: str = "lamp", price: object = 10.0, **changes: object) -> dict[str, object]:
    return {
        "product_id": product_id,
        "category_en": "toys",
        "price": price,
        "freight_value": 5.0,
        "weight_g": 300,
        "length_cm": 10,
        "height_cm": 20,
        "width_cm": 30,
        "seller": seller(),
    } | changes


def payment(value: float = 15.0, **changes: object) -> dict[str, object]:
    return {"sequential": 1, "type": "boleto", "installments": 1, "value": value} | changes


def order(**changes: object) -> dict[str, object]:
    """Delivered: bought on the 2nd, approved on the 3rd, sent on the 4th, there on the 9th."""
    return {
        "order_id": "order-1",
        "status": "delivered",
        "purchased_at": "2017-05-02 10:00:00",
        "approved_at": "2017-05-03 11:00:00",
        "handed_to_carrier_at": "2017-05-04 12:00:00",
        "delivered_at": "2017-05-09 13:00:00",
        "estimated_delivery": "2017-05-20 00:00:00",
        "customer": {
            "customer_unique_id": "buyer-1",
            "zip_prefix": "01310",
            "city": "sao paulo",
            "state": "SP",
            "lat": -23.56,
            "lng": -46.65,
        },
        "items": [piece()],
        "payments": [payment()],
        "reviews": None,
    } | changes


STUCK = {"handed_to_carrier_at": None, "delivered_at": None}


def write(folder: Path, *orders: Mapping[str, object] | bytes) -> Path:
    lines = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in orders]
    path = folder / "orders.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def read(folder: Path, *orders: Mapping[str, object] | bytes, seed: int = 1) -> list[Row]:
    return list(read_olist(write(folder, *orders), SHOP, seed=seed))


def placed(row: Row) -> tuple[Order, Story]:
    assert isinstance(row, PlacedRow), row
    return Order.model_validate(row.order), row.story


def read_one(folder: Path, **changes: object) -> tuple[Order, Story]:
    (row,) = read(folder, order(**changes))
    return placed(row)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)
