"""`ordinance change`: what a clerk types when something is taken back, and what is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.terminal import Said, here, refused
from tests.conftest import ROOT
from tests.core.shop import Bench

SHOP = """\
shop: teashop
name: {zh: 茶铺, en: tea shop}
currency: CNY
zone: Asia/Shanghai
warehouses:
  - {code: HZ, name: {zh: 杭州, en: Hangzhou}, region: "3301"}
  - {code: BJ, name: {zh: 北京, en: Beijing}, region: "11"}
carriers:
  - {code: SLOW, name: {zh: 慢, en: Slow}, days: 3}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a shop file and a store with two orders in the warehouse."""
    from ordinance_adapters.cli.opening import remember

    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "shop.yaml").write_text(SHOP, encoding="utf-8")
    bench = Bench(tmp_path)
    bench.place(source_id="A1")
    bench.place(source_id="A2", buyer={"id": "u2"})
    remember(bench.shop.storage, "teashop", "CNY", "Asia/Shanghai")
    bench.shop.close()
    return tmp_path


def change(folder: Path, *arguments: str) -> Said:
    rules = str(ROOT / "rules")
    more = ("--by", "lan", "--shop", "shop", "--rules", rules, "--db", "shop.db")
    return here("change", *arguments, *more, cwd=folder)


def test_a_rejected_parcel_is_sourced_anew(folder: Path) -> None:
    said = change(folder, "reject", "A1", "P1", "closed", "--json")

    assert (said.code, json.loads(said.out)["status"]) == (0, "FULFILLING")
    told = here("show", "A1", cwd=folder).out
    assert "parcel P1 rejected by HZ: it is closed" in told and "parcel P2: from BJ" in told
    assert here("doctor", cwd=folder).code == 0


def test_a_slip_of_the_pen_counts_nothing(folder: Path) -> None:
    before = here("stock", "show", "--db", "shop.db", cwd=folder).out

    refused(change(folder, "count", "HZ", "TAE=3"), "no shelf holds `TAE`; did you mean `TEA`?")
    refused(change(folder, "count", "HX", "TEA=3"), "no warehouse `HX`; there is `HZ`, `BJ`")
    assert here("stock", "show", "--db", "shop.db", cwd=folder).out == before


def test_a_store_without_rules_is_told_to_give_them(folder: Path) -> None:
    said = here("change", "count", "HZ", "TEA=3", "--by", "lan", "--shop", "shop", cwd=folder)

    refused(said, "no rules are published in this store", "or give --rules")


def test_a_count_names_who_gave_up(folder: Path) -> None:
    said = change(folder, "count", "HZ", "TEA=3", "--lang", "zh")

    assert said.out.startswith("TEA  10 -> 3  让出: ")
    assert here("doctor", cwd=folder).code == 0


def test_what_cannot_be_merged_is_said_with_its_reasons(folder: Path) -> None:
    said = change(folder, "merge", "A1", "A2")

    assert said.code == 1
    assert said.out == "not merged: other buyers, given to the warehouse already\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("count", "HX", "TEA=3"), "there is no warehouse `HX`; there is `HZ`, `BJ`"),
        (("count", "HZ", "TEA"), "as `TEA=12`"),
        (("reject", "A1", "P9", "CLOSED"), "has no parcel `P9`"),
        (("reject", "A1", "P1", "DAMAGED"), "name its stock item as `sku`"),
        (("unmerge", "A1"), "is in no box with other orders"),
        (("lift", "HZ", "TEA"), "nothing keeps HZ from shipping `TEA`"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    folder: Path, arguments: tuple[str, ...], message: str
) -> None:
    said = change(folder, *arguments)

    assert said.code == 1
    assert said.err.startswith("error: ") and message in said.err
    assert len(said.err.splitlines()) == 1
