"""A shop with twelve warehouses, and paid orders as a channel hands them in."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ordinance.profile import Carrier, Item, Profile, Warehouse
from ordinance.rules import Words

SEED = 20260302
ZONE = ZoneInfo("Asia/Shanghai")
BEGIN = datetime(2026, 3, 2, 8, 0, tzinfo=ZONE)
ARTICLES = 400
SHELVES = 5
"""In how many of the warehouses an article lies."""
PLENTY = 100_000
BUYERS = 2_000

PLACES = (
    ("HZ", "杭州", "Hangzhou", "3301", 30.27, 120.15),
    ("BJ", "北京", "Beijing", "1101", 39.90, 116.40),
    ("CD", "成都", "Chengdu", "5101", 30.66, 104.06),
    ("GZ", "广州", "Guangzhou", "4401", 23.13, 113.26),
    ("WH", "武汉", "Wuhan", "4201", 30.59, 114.30),
    ("XA", "西安", "Xi'an", "6101", 34.34, 108.94),
    ("SY", "沈阳", "Shenyang", "2101", 41.80, 123.43),
    ("NJ", "南京", "Nanjing", "3201", 32.06, 118.80),
    ("CQ", "重庆", "Chongqing", "5001", 29.56, 106.55),
    ("JN", "济南", "Jinan", "3701", 36.65, 117.12),
    ("KM", "昆明", "Kunming", "5301", 25.04, 102.71),
    ("ZZ", "郑州", "Zhengzhou", "4101", 34.75, 113.62),
)


def profile() -> Profile:
    """The shop: each article lies in five of the twelve warehouses."""
    drawn = random.Random(SEED)
    items = {}
    stock = {}
    for number in range(ARTICLES):
        sku = f"SKU-{1000 + number}"
        traits = frozenset({"fragile"}) if number % 7 == 0 else frozenset()
        weight = drawn.randrange(50, 3_000)
        items[sku] = Item(sku, f"商品{number}", f"category-{number % 20}", weight, 900, traits)
        for place in drawn.sample(PLACES, SHELVES):
            stock[place[0], sku] = PLENTY
    return Profile(
        shop="bench",
        name=Words("十二仓", "twelve warehouses"),
        currency="CNY",
        zone="Asia/Shanghai",
        warehouses=tuple(
            Warehouse(code, Words(zh, en), region, lat, lon, priority=10 * place)
            for place, (code, zh, en, region, lat, lon) in enumerate(PLACES, start=1)
        ),
        carriers=(
            Carrier("SWIFT", Words("快", "Swift"), first_minor=1200, step_minor=600, days=1),
            Carrier("SLOW", Words("慢", "Slow"), first_minor=800, step_minor=300, days=3),
        ),
        items=items,
        stock=stock,
    )


def orders(count: int) -> list[dict[str, object]]:
    """Paid orders of one to four lines that one warehouse can fill, one every few seconds."""
    drawn = random.Random(SEED + 1)
    by_place: dict[str, list[str]] = {}
    for place, sku in profile().stock:
        by_place.setdefault(place, []).append(sku)
    made: list[dict[str, object]] = []
    at = BEGIN
    for number in range(count):
        at += timedelta(seconds=drawn.randrange(1, 10))
        home = drawn.choice(PLACES)
        skus = drawn.sample(by_place[home[0]], drawn.choice((1, 1, 2, 2, 3, 4)))
        lines = [
            {
                "sku": sku,
                "quantity": drawn.choice((1, 1, 1, 2, 3)),
                "unit_price": f"{drawn.randrange(500, 9900) / 100:.2f}",
            }
            for sku in skus
        ]
        due = sum(round(float(x["unit_price"]) * 100) * int(x["quantity"]) for x in lines)
        made.append(
            {
                "source_id": f"S{number:07d}",
                "channel": drawn.choice(("web", "app", "tmall")),
                "placed_at": at.isoformat(),
                "buyer": {"id": f"u{drawn.randrange(BUYERS)}"},
                "receiver": {
                    "name": "张三",
                    "phone": f"138{drawn.randrange(10**8):08d}",
                    "region": f"{home[3]}{drawn.randrange(1, 10):02d}",
                    "address": f"文一路{drawn.randrange(1, 900)}号{drawn.randrange(1, 30)}单元",
                    "latitude": home[4] + drawn.randrange(-40, 40) / 100,
                    "longitude": home[5] + drawn.randrange(-40, 40) / 100,
                },
                "lines": lines,
                "payments": [
                    {
                        "method": "card",
                        "transaction": f"T{number:07d}",
                        "amount": f"{due / 100:.2f}",
                        "paid_at": at.isoformat(),
                    }
                ],
            }
        )
    return made
