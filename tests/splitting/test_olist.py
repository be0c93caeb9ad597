"""Every recorded Olist order with several articles, with the market's sellers as warehouses."""

from __future__ import annotations

import gzip
import json
import os
from collections import Counter
from collections.abc import Iterator
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

import pytest

from ordinance.splitting import Method, Problem, Source, Want, solve
from tests.splitting import programs

SELLERS = 20
"""The nearest sellers that have an article of the order's categories; the one who sold it first."""


@pytest.fixture(scope="module")
def orders() -> list[dict[str, Any]]:
    path = Path(os.environ["ORDINANCE_DATA"]) / "olist" / "dev" / "orders.jsonl.gz"
    if not path.exists():
        pytest.skip(f"the Olist orders are not here ({path}); set ORDINANCE_DATA to their folder")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _kilometres(one: dict[str, Any], other: dict[str, Any]) -> int:
    """A great circle, in whole kilometres; a continent away where a place is not known."""
    if None in (one["lat"], one["lng"], other["lat"], other["lng"]):
        return 4000
    lat, lat2 = radians(one["lat"]), radians(other["lat"])
    half = sin((lat2 - lat) / 2) ** 2
    half += cos(lat) * cos(lat2) * sin(radians(other["lng"] - one["lng"]) / 2) ** 2
    return round(2 * 6371 * asin(sqrt(half)))


def _problems(orders: list[dict[str, Any]]) -> Iterator[Problem]:
    """A seller has of a category what it sold of it in all recorded orders.

    A parcel costs a base and its way; a unit, its weight on that way.
    """
    sold: Counter[tuple[str, str]] = Counter()
    sellers: dict[str, dict[str, Any]] = {}
    for order in orders:
        for item in order["items"]:
            sellers[item["seller"]["seller_id"]] = item["seller"]
            sold[item["seller"]["seller_id"], str(item["category_en"])] += 1
    for order in orders:
        units = Counter(item["product_id"] for item in order["items"])
        if len(units) < 2:
            continue
        kinds = {item["product_id"]: item for item in order["items"]}
        categories = {str(item["category_en"]) for item in order["items"]}
        own = {item["seller"]["seller_id"] for item in order["items"]}
        near = sorted(
            {seller for seller, category in sold if category in categories},
            key=lambda seller: (
                seller not in own,
                _kilometres(sellers[seller], order["customer"]),
                seller,
            ),
        )[:SELLERS]
        wants = tuple(
            Want(line, units[product], ((str(kinds[product]["category_en"]), 1),))
            for line, product in enumerate(sorted(units), start=1)
        )
        sources = []
        for seller in near:
            way = _kilometres(sellers[seller], order["customer"])
            unit = {
                want.line: (kinds[product]["weight_g"] or 300) * (200 + way) // 2000
                for want, product in zip(wants, sorted(units), strict=True)
            }
            stock = {category: sold[seller, category] for category in sorted(categories)}
            sources.append(Source(seller, stock, 500 + way, unit))
        yield Problem(wants, tuple(sources), most_parcels=4, extra_parcel=200)


def test_the_plan_of_every_order_with_several_articles_is_optimal(
    orders: list[dict[str, Any]],
) -> None:
    parcels: Counter[int] = Counter()
    for number, problem in enumerate(_problems(orders)):
        plan = solve(problem)
        parcels[len(plan.sends)] += 1
        assert programs.flaws(problem, plan) == [], number
        assert plan.method is Method.EXACT, number
        found = programs.Best(sum(plan.short.values()), plan.cost)
        assert found == programs.best(problem), number

    assert parcels.total() == 310
    assert parcels[1] and parcels[2], "some are split and some are not"
    print(f"parcels to orders: {dict(sorted(parcels.items()))}")
