"""Recorded shops: thousands of real orders of a marketplace and of a Tmall shop, where present."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ordinance.audit import timeline
from ordinance.audit.doctor import check
from ordinance.audit.figures import add_up
from ordinance.oms import Shop
from ordinance.rules import load
from ordinance_adapters.clock import SystemClock
from ordinance_adapters.identity import SeededIds
from ordinance_adapters.readers import read_rows
from ordinance_adapters.readers.olist_profile import derive_profile
from ordinance_adapters.shopfile import read_shop
from ordinance_adapters.simulator.run import Run
from tests.core.shop import ROOT
from tests.stores import open_storage

DATA = Path(os.environ.get("ORDINANCE_DATA") or ROOT.parent / "shared" / "data")
OLIST = DATA / "olist" / "dev" / "orders.jsonl.gz"
TMALL = DATA / "tmall_orders" / "tmall_order_report.csv"
EVERY = int(os.environ.get("ORDINANCE_EVERY", "10"))
"""One of how many recorded orders is carried through; all of them in `make soak`."""


def shop_of(name: str, orders: Path, path: Path) -> Shop:
    """The example shop `name` on a store of its own, with what its order file adds."""
    profile = read_shop(ROOT / "examples" / name).profile
    if name == "olist":
        profile = derive_profile(orders, profile)
    rules = load(ROOT / "examples" / name / "rules")
    return Shop(open_storage(path), profile, rules, SystemClock(), SeededIds(7))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "orders", "count"), [("olist", OLIST, 9_818), ("tmall", TMALL, 14_013)]
)
def test_every_recorded_order_ends_or_says_why_not_and_its_money_adds_up(
    tmp_path: Path, name: str, orders: Path, count: int
) -> None:
    if not orders.is_file():
        pytest.skip(f"the recorded orders are not at {orders}; set ORDINANCE_DATA to their folder")
    shop = shop_of(name, orders, tmp_path / "shop.db")
    recorded = list(read_rows(orders, shop.profile, seed=7))
    assert len(recorded) == count
    rows = recorded[::EVERY]
    count = len(rows)

    result = Run(shop, 7).run(rows)

    figures = add_up(shop.storage, name)
    assert result.new == figures.orders == count and result.reports == []
    assert figures.money.balanced, figures.money.unequal_orders[:5]
    assert check(shop.storage, name) == []
    assert figures.final + figures.statuses["PARKED"] == count
    assert figures.final >= 0.95 * count
    for record in shop.orders():
        if record.open_holds or record.end_cause == "refused":
            stored = shop.stored(record.id)
            english = timeline.text(stored, shop.storage, shop.zone, "en")
            chinese = timeline.text(stored, shop.storage, shop.zone, "zh")
            assert "held" in english or "refused" in english
            assert "挂起" in chinese or "不予接收" in chinese

    version = sum(order.version for order in shop.storage.orders(name))
    again = Run(shop, 7).run(rows)
    assert (again.new, again.known) == (0, count)
    assert sum(order.version for order in shop.storage.orders(name)) == version
