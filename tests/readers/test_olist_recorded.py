"""The recorded Olist orders, read whole: nothing is lost, no quirk is smoothed out."""

from __future__ import annotations

import gzip
import json
import os
from collections import Counter
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ordinance.orders.order import Order
from ordinance.story import Story
from ordinance_adapters.readers.olist import derive_profile, read_olist
from tests.readers.olist_orders import (
    SHOP,
    ZONE,
    placed,
)


@pytest.fixture(scope="module")
def recorded() -> Path:
    path = Path(os.environ["ORDINANCE_DATA"]) / "olist" / "dev" / "orders.jsonl.gz"
    if not path.exists():
        pytest.skip(f"the Olist orders are not here ({path}); set ORDINANCE_DATA to their folder")
    return path


@pytest.fixture(scope="module")
def rows(recorded: Path) -> list[tuple[Order, Story]]:
    return [placed(row) for row in read_olist(recorded, SHOP, seed=7)]


@pytest.fixture(scope="module")
def told(recorded: Path) -> dict[str, dict[str, Any]]:
    with gzip.open(recorded, "rt", encoding="utf-8") as lines:
        orders = [json.loads(line, parse_float=Decimal) for line in lines]
    return {one["order_id"]: one for one in orders}


def test_recorded_orders_are_all_read_to_the_cent(rows: list[tuple[Order, Story]]) -> None:
    lines = [line for message, _ in rows for line in message.lines]
    payments = [one.amount for message, _ in rows for one in message.payments]
    payments += [one["amount"] for _, story in rows for one in story.payments]

    assert len(rows) == 9_818
    assert (len(lines), sum(line.quantity for line in lines)) == (10_131, 11_285)
    assert sum(line.unit_price * line.quantity for line in lines) == Decimal("1341164.37")
    assert sum(message.freight for message, _ in rows) == Decimal("225339.01")
    # 10,216 payments, less one of nothing and twelve (2,844.86) that were never approved.
    assert (len(payments), sum(payments)) == (10_203, Decimal("1574291.93") - Decimal("2844.86"))


def test_recorded_quirks_survive(
    rows: list[tuple[Order, Story]], told: dict[str, dict[str, Any]]
) -> None:
    tags = Counter(tag for message, _ in rows for tag in message.tags)
    silent = [story for _, story in rows if story.ends_at is not None]

    assert tags == {"clock_quirk": 124, "unavailable": 26}
    assert sum(not message.lines for message, _ in rows) == 38
    assert sum(len(story.requests) for _, story in rows) == 36
    assert sum(story.survey_score is not None for _, story in rows) == 1_476
    assert len(silent) == 149
    assert sum(story.handed_over_at is not None for story in silent) == 59 + 2
    for message, story in rows:
        one = told[message.source_id]
        assert _text(story.handed_over_at) == one["handed_to_carrier_at"]
        assert _text(story.delivered_at) == one["delivered_at"]
        assert _text(message.placed_at) == one["purchased_at"]
        assert message.promised_at is not None
        day = date.fromisoformat(one["estimated_delivery"][:10])
        assert message.promised_at == datetime.combine(day, time(23, 59, 59), ZONE)


def _text(at: datetime | None) -> str | None:
    return None if at is None else f"{at:%Y-%m-%d %H:%M:%S}"


def test_recorded_sellers_had_what_they_sold(
    recorded: Path, rows: list[tuple[Order, Story]], told: dict[str, dict[str, Any]]
) -> None:
    profile = derive_profile(recorded, SHOP)

    sold = Counter(
        (item["seller"]["seller_id"][:12], item["product_id"])
        for one in told.values()
        if one["status"] != "unavailable"
        for item in one["items"]
    )
    assert (len(profile.warehouses), len(profile.items)) == (1_574, 6_545)
    assert profile.stock.keys() == sold.keys()
    assert all(0 <= profile.stock[key] - count <= 3 for key, count in sold.items())
    assert all(line.sku in profile.items for message, _ in rows for line in message.lines)
