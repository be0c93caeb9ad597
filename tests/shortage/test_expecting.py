"""`ordinance stock expect | expected | receive --purchase`: what a buyer of goods types."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ordinance_adapters.cli.opening import remember
from tests.cli.terminal import here, refused
from tests.core.shop import Bench
from tests.stores import sqlite_alone

pytestmark = sqlite_alone


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the store of the test shop."""
    bench = Bench(tmp_path)
    remember(bench.shop.storage, "teashop", "CNY", "Asia/Shanghai")
    bench.shop.close()
    return tmp_path


def test_a_purchase_order_is_recorded_received_and_closed(folder: Path) -> None:
    said = here(
        "stock", "expect", "PO-1", "HZ", "CUP", "10", "--on", "2026-10-12", "--supplier", "ACME",
        cwd=folder,
    )  # fmt: skip
    assert said.out == "PO-1  CUP  HZ  2026-10-12  10 to come, 0 received  ACME\n"

    here("stock", "receive", "HZ", "CUP", "4", "--purchase", "PO-1", "--by", "lan", cwd=folder)
    told = here("stock", "expected", "CUP", "--lang", "zh", cwd=folder)
    assert told.out == "PO-1  CUP  HZ  2026-10-12  待到 6, 已到 4  ACME\n"

    here("stock", "expect", "PO-1", "HZ", "CUP", "4", cwd=folder)
    assert here("stock", "expected", cwd=folder).out == "nothing is on order\n"


def test_the_same_key_is_taken_once(folder: Path) -> None:
    first = here("stock", "expect", "PO-1", "HZ", "CUP", "10", "--key", "k", "--json", cwd=folder)
    here("stock", "expect", "PO-1", "HZ", "CUP", "10", "--key", "k", cwd=folder)

    assert json.loads(first.out)["open"] == 10
    other = here("stock", "expect", "PO-1", "HZ", "CUP", "11", "--key", "k", cwd=folder)
    refused(other, "error: key `k` was used before with another content; use a new key")


def test_a_slip_of_the_pen_expects_nothing(folder: Path) -> None:
    place = here("stock", "expect", "PO-1", "HZZ", "CUP", "10", cwd=folder)
    article = here("stock", "expect", "PO-1", "HZ", "CUPP", "10", "--lang", "zh", cwd=folder)
    nothing = here("stock", "expected", cwd=folder)
    new = here("stock", "expect", "PO-1", "HZ", "CUPP", "10", "--new", cwd=folder)

    refused(place, "nothing was ever booked in `HZZ`; did you mean `HZ`?", "use --new")
    refused(article, "商品 `CUPP` 从未记账", "--new")
    assert nothing.out == "nothing is on order\n"
    assert new.out == "PO-1  CUPP  HZ  no day  10 to come, 0 received\n"


def test_goods_for_an_unknown_purchase_order_are_not_booked(folder: Path) -> None:
    said = here(
        "stock", "receive", "HZ", "CUP", "4", "--purchase", "PO-9", "--by", "lan", cwd=folder
    )

    refused(said, "error: no purchase order `PO-9` is to bring `CUP` to `HZ`")
    level = json.loads(here("stock", "show", "CUP", "--json", cwd=folder).out)["levels"][0]
    assert level["on_hand"] == 5
