"""Every recorded Olist order is sourced from the warehouse that a brute force finds nearest."""

from __future__ import annotations

import gzip
import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from math import hypot
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from ordinance.oms import Shop
from ordinance.orders import intake
from ordinance.orders.desk import Desk
from ordinance.orders.order import Order
from ordinance.orders.states import OrderState
from ordinance.profile import Item, Profile, Warehouse
from ordinance.releases.force import InForce
from ordinance.rules import Rulebook, Words, loads
from ordinance.stock import candidates, sourcing
from ordinance_adapters.clock import SystemClock
from ordinance_adapters.identity import SeededIds
from ordinance_adapters.readers.olist import read_olist
from ordinance_adapters.sqlite import open_storage
from tests.part import SOAK
from tests.readers.olist_orders import SHOP, ZONE, placed
from tests.sourcing.globe import Place, Stand, nearest

RULES = """
decisions:
  - decision: intake.line
    hit: first
    rules: [{id: L1, when: {line.quantity: {at_least: 1}}, then: {treat_as: goods}}]
    otherwise: {treat_as: goods}
    when_unknown: {treat_as: goods}
  - decision: allocation.source
    hit: rank
    prefer:
      - {id: P1, most: candidate.lines_filled, because: {zh: 库存充足, en: fills more of the order}}
      - {id: P2, least: candidate.distance_km, because: {zh: 就近, en: is nearer}}
    tie_break: [TIES]
    otherwise: {outcome: unassigned}
    when_unknown: {outcome: unassigned}
"""
FIRST_BY_PRIORITY = "candidate.priority, candidate.code"

PLENTY = 1_000_000
CENTRE = "DF"
"""The state whose warehouse has every article, so that one warehouse fills any order."""

EVERY = 1 if SOAK else 3
"""One of how many orders is sourced; all of them in `make soak`."""

SAMPLE = 500
"""So many orders are enough to catch each planted mistake."""


@dataclass(frozen=True)
class Known:
    """One order as its file says, read without our reader."""

    source_id: str
    articles: frozenset[str]
    receiver: Place | None


@dataclass(frozen=True)
class Market:
    """The orders, a network of warehouses at real sellers' places, and who has what."""

    orders: Sequence[Order]
    told: Sequence[Known]
    shop: Shop
    stands: Sequence[Stand]


def holds(code: str, article: str) -> bool:
    """Whether a warehouse has an article: about every second one, and the centre all."""
    return code.startswith(CENTRE) or crc32(f"{code} {article}".encode()) % 2 == 0


def _stands(orders: Sequence[dict[str, Any]]) -> list[Stand]:
    """Where the busiest seller of each state sits, and four warehouses under one roof.

    Of those four two are preferred, and of these two the codes decide.
    """
    sold: Counter[str] = Counter()
    sellers: dict[str, dict[str, Any]] = {}
    for order in orders:
        for item in order["items"]:
            sellers[item["seller"]["seller_id"]] = item["seller"]
            sold[item["seller"]["seller_id"]] += 1
    stands: dict[str, Stand] = {}
    roofs = Counter((one["lat"], one["lng"]) for one in sellers.values())
    crowded = min(roofs, key=lambda place: (-roofs[place], place))
    for code, priority in (("ROOF-A", 30), ("ROOF-C", 20), ("ROOF-B", 20), ("ROOF-D", 40)):
        stands[code] = Stand(code, crowded, priority)
    for name in sorted(sellers, key=lambda name: (-sold[name], name)):
        one = sellers[name]
        stands.setdefault(one["state"], Stand(one["state"], (one["lat"], one["lng"]), 50))
    return list(stands.values())


def _told(order: dict[str, Any]) -> Known:
    customer = order["customer"]
    known = None not in (customer["lat"], customer["lng"])
    return Known(
        order["order_id"],
        frozenset(item["product_id"] for item in order["items"]),
        (customer["lat"], customer["lng"]) if known else None,
    )


def _profile(stands: Sequence[Stand], articles: Sequence[str]) -> Profile:
    return replace(
        SHOP,
        warehouses=tuple(
            Warehouse(
                stand.code,
                Words(stand.code, stand.code),
                "BR",
                stand.place[0],
                stand.place[1],
                priority=stand.priority,
            )
            for stand in stands
        ),
        items={article: Item(article, article) for article in articles},
        stock={
            (stand.code, article): PLENTY
            for stand in stands
            for article in articles
            if holds(stand.code, article)
        },
    )


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    path = Path(os.environ["ORDINANCE_DATA"]) / "olist" / "dev" / "orders.jsonl.gz"
    if not path.exists():
        pytest.skip(f"the Olist orders are not here ({path}); set ORDINANCE_DATA to their folder")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        raw = [json.loads(line) for line in lines]
    stands = _stands(raw)
    articles = sorted({item["product_id"] for order in raw for item in order["items"]})
    shop = Shop(
        open_storage(tmp_path_factory.mktemp("market") / "shop.db"),
        _profile(stands, articles),
        _rules(),
        SystemClock(),
        SeededIds(1),
    )
    shop.open_stock(datetime(2016, 1, 1, tzinfo=UTC))
    orders = [placed(row)[0] for row in read_olist(path, SHOP, seed=7)]
    yield Market(orders, [_told(order) for order in raw], shop, stands)
    shop.close()


def _rules(ties: str = FIRST_BY_PRIORITY) -> Rulebook:
    return loads(RULES.replace("TIES", ties))


def choices(
    market: Market, orders: Sequence[Order], profile: Profile, rules: Rulebook
) -> dict[str, str]:
    """The warehouses that the engine reserves each order in, by the order's own number.

    Each order goes through intake and the stage of allocation, as if it had been approved.
    """
    chosen = {}
    with market.shop.storage.transaction() as tx:
        desk = Desk(profile, InForce(rules), tx, SeededIds(1), ZONE)
        for order in orders:
            now = order.placed_at
            change = intake.begin(order, desk, now=now, actor="test", cause=order.source_id)
            change.record = replace(change.record, state=OrderState.AUDITED)
            if sourcing.ready_to_allocate(change.record):
                sourcing.allocate(change, desk)
                held = {code for line in change.record.goods for code in line.held_at}
                chosen[order.source_id] = "+".join(sorted(held))
    return chosen


def disagreements(
    market: Market,
    *,
    orders: Sequence[Order] | None = None,
    every: int | None = None,
    profile: Profile | None = None,
    ties: str = FIRST_BY_PRIORITY,
) -> list[str]:
    """What the engine chose and the brute force did not, of the first orders or one of `every`."""
    part = slice(None, SAMPLE) if every is None else slice(None, None, every)
    orders = market.orders[part] if orders is None else orders
    chosen = choices(market, orders, profile or market.shop.profile, _rules(ties))
    found = []
    for known in market.told[part]:
        able = [
            stand
            for stand in market.stands
            if all(holds(stand.code, article) for article in known.articles)
        ]
        expected = nearest(able, known.receiver) if known.articles else None
        if chosen.get(known.source_id) != expected:
            found.append(f"{known.source_id}: {chosen.get(known.source_id)}, not {expected}")
    return found


def test_every_order_ships_from_the_nearest_warehouse_that_has_all_of_it(market: Market) -> None:
    assert disagreements(market, every=EVERY) == []

    assert len(market.orders) == len(market.told) == 9_818
    assert sum(known.receiver is None for known in market.told) == 10
    assert sum(not known.articles for known in market.told) == 38
    assert sum(len(known.articles) > 1 for known in market.told) == 310


def test_warehouses_with_latitude_and_longitude_swapped_are_noticed(market: Market) -> None:
    profile = market.shop.profile
    swapped = tuple(
        replace(one, latitude=one.longitude, longitude=one.latitude) for one in profile.warehouses
    )

    assert disagreements(market, profile=replace(profile, warehouses=swapped))


def test_orders_with_latitude_and_longitude_swapped_are_noticed(market: Market) -> None:
    swapped = [
        order.model_copy(
            update={
                "receiver": order.receiver.model_copy(
                    update={
                        "latitude": order.receiver.longitude,
                        "longitude": order.receiver.latitude,
                    }
                )
            }
        )
        for order in market.orders[:SAMPLE]
    ]

    assert disagreements(market, orders=swapped)


def test_a_distance_over_a_flat_earth_is_noticed(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flat(one: Place, other: Place) -> Decimal:
        return Decimal(round(111 * hypot(one[0] - other[0], one[1] - other[1])))

    monkeypatch.setattr(candidates, "great_circle_km", flat)

    assert disagreements(market)


def test_a_tie_that_the_code_alone_decides_is_noticed(market: Market) -> None:
    assert disagreements(market, ties="candidate.code")


def test_a_tie_that_the_last_priority_wins_is_noticed(market: Market) -> None:
    profile = market.shop.profile
    turned = tuple(replace(one, priority=-one.priority) for one in profile.warehouses)

    assert disagreements(market, profile=replace(profile, warehouses=turned))
