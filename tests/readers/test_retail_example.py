"""The retail example: it is complete, it can be made again, and its stock is a fair trial."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from ordinance.areas import serves
from ordinance.orders.money import minor_units
from ordinance.orders.order import Order
from ordinance.profile import Profile
from ordinance.story import AsideRow, PlacedRow, ReturnRow, Row
from ordinance_adapters.readers import read_rows
from ordinance_adapters.shopfile import ShopFolder, read_shop

PACKED = ("orders.csv.gz", "catalogue.csv.gz", "stock.csv.gz")


@pytest.fixture(scope="module")
def folder(root: Path) -> Path:
    return root / "examples" / "retail"


@pytest.fixture(scope="module")
def shop(folder: Path) -> ShopFolder:
    return read_shop(folder)


@pytest.fixture(scope="module")
def found(folder: Path, shop: ShopFolder) -> list[Row]:
    return list(read_rows(folder, shop.profile, seed=1))


@pytest.fixture(scope="module")
def orders(found: list[Row]) -> list[Order]:
    return [Order.model_validate(row.order) for row in found if isinstance(row, PlacedRow)]


@pytest.fixture(scope="module")
def full_data() -> Path:
    """The complete data set, where it lies beside the checkout."""
    path = Path(os.environ["ORDINANCE_DATA"]) / "uci_online_retail" / "online_retail.csv.gz"
    if not path.is_file():
        pytest.skip(f"the full data set is not at {path}; set ORDINANCE_DATA to its folder")
    return path


def test_the_readme_counts_what_the_reader_finds(folder: Path, found: list[Row]) -> None:
    kinds = Counter(type(row) for row in found)
    readme = (folder / "README.md").read_text(encoding="utf-8")

    assert kinds == {PlacedRow: 2084, ReturnRow: 405, AsideRow: 102}
    assert "2,591 invoices" in readme and kinds.total() == 2591
    assert "Returns that name no order (405), bookkeeping (3) and stock write-offs (99)" in readme


def test_the_odd_ones_are_in(found: list[Row]) -> None:
    by_number = {
        row.order["source_id"] if isinstance(row, PlacedRow) else row.source_id: row
        for row in found
    }

    mistaken, returned = by_number["541431"], by_number["C541433"]
    assert isinstance(mistaken, PlacedRow) and isinstance(returned, ReturnRow)
    assert returned.buyer_id == "12346"
    assert [piece.quantity for piece, _ in returned.pieces] == [74215]
    largest = by_number["581483"]
    assert isinstance(largest, PlacedRow)
    assert [str(one["amount"]) for one in largest.story.payments] == ["168469.60"]
    assert {"A563185", "A563186", "A563187", "C581484"} <= set(by_number)


def test_every_kind_of_odd_line_is_in(orders: list[Order]) -> None:
    lines = [line for order in orders for line in order.lines]

    assert {"POST", "DOT", "M", "C2", "AMAZONFEE", "BANK CHARGES"} <= {line.sku for line in lines}
    assert any(line.unit_price == 0 for line in lines)
    assert any(line.title is None for line in lines)
    assert any(order.buyer.id is None for order in orders)
    assert len({order.receiver.country for order in orders}) >= 15


def test_every_code_is_in_the_catalogue_and_what_is_no_goods_is_virtual(
    shop: ShopFolder, found: list[Row]
) -> None:
    items = shop.profile.items
    sold = {
        str(line["sku"])
        for row in found
        if isinstance(row, PlacedRow) and isinstance(row.order["lines"], list)
        for line in row.order["lines"]
    }
    returned = {piece.sku for row in found if isinstance(row, ReturnRow) for piece, _ in row.pieces}

    assert sold | returned <= set(items)
    assert {sku for sku, item in items.items() if "virtual" in item.traits} == {
        "AMAZONFEE", "B", "BANK CHARGES", "C2", "D", "DOT", "M", "PADS", "POST", "S",
    }  # fmt: skip
    assert all(item.weight_grams > 0 for item in items.values() if "virtual" not in item.traits)
    assert not any("virtual" in items[sku].traits for _, sku in shop.profile.stock)


def test_every_order_is_paid_in_full(found: list[Row]) -> None:
    for row in found:
        if not isinstance(row, PlacedRow):
            continue
        lines = Order.model_validate(row.order).lines
        due = sum(minor_units(line.unit_price * line.quantity) for line in lines)
        assert sum(minor_units(one["amount"]) for one in row.story.payments) == due


@dataclass
class Filled:
    """How the orders of a year fare when nothing is bought in."""

    asked: int = 0
    given: int = 0
    whole: int = 0
    split: int = 0
    short: int = 0


def fill(orders: list[Order], profile: Profile) -> Filled:
    """Each order from the first warehouse that has all of it, else from the fullest ones."""
    free = dict(profile.stock)
    filled = Filled()
    for order in orders:
        wanted = goods(order, profile)
        if not wanted or max(wanted.values()) > 10_000:
            continue
        codes = [w.code for w in profile.warehouses if serves(w.serves, order.receiver.region)]
        codes.sort(key=lambda code: -given_by(code, wanted, free))
        left, used = Counter(wanted), 0
        for code in codes:
            before = left.total()
            for sku in wanted:
                pieces = min(left[sku], free.get((code, sku), 0))
                left[sku] -= pieces
                free[code, sku] = free.get((code, sku), 0) - pieces
            used += left.total() < before
        filled.asked += wanted.total()
        filled.given += wanted.total() - left.total()
        filled.short += left.total() > 0
        filled.split += left.total() == 0 and used > 1
        filled.whole += left.total() == 0 and used == 1
    return filled


def goods(order: Order, profile: Profile) -> Counter[str]:
    wanted: Counter[str] = Counter()
    for line in order.lines:
        if line.unit_price > 0 and "virtual" not in profile.items[line.sku].traits:
            wanted[line.sku] += line.quantity
    return wanted


def given_by(code: str, wanted: Mapping[str, int], free: Mapping[tuple[str, str], int]) -> int:
    return sum(min(count, free.get((code, sku), 0)) for sku, count in wanted.items())


def test_opening_stock_fills_most_orders_from_one_place_splits_some_and_fails_a_few(
    orders: list[Order], shop: ShopFolder
) -> None:
    filled = fill(orders, shop.profile)

    assert 0.96 <= filled.given / filled.asked <= 0.99
    assert 0.05 <= filled.split / len(orders) <= 0.15
    assert 0.02 <= filled.short / len(orders) <= 0.10
    assert filled.whole / len(orders) >= 0.7


def test_every_region_of_an_order_has_a_carrier_for_the_heaviest(
    orders: list[Order], shop: ShopFolder
) -> None:
    items = shop.profile.items
    for order in orders:
        grams = sum(
            items[sku].weight_grams * count for sku, count in goods(order, shop.profile).items()
        )
        region = order.receiver.region
        assert region is None or any(
            serves(carrier.serves, region) and grams <= carrier.max_grams
            for carrier in shop.profile.carriers
        )


def test_the_files_are_small_and_packed_without_a_time(folder: Path) -> None:
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 3_000_000
    for name in PACKED:
        assert (folder / name).read_bytes()[4:8] == b"\0\0\0\0"


@pytest.mark.slow
def test_the_sample_can_be_made_again_from_the_full_data(
    folder: Path, full_data: Path, tmp_path: Path
) -> None:
    made = [sys.executable, folder / "make_sample.py", full_data, tmp_path]

    subprocess.run(made, check=True, capture_output=True)

    for name in PACKED:
        # The packed bytes may differ between builds of zlib; what they hold may not.
        assert gzip.decompress((tmp_path / name).read_bytes()) == gzip.decompress(
            (folder / name).read_bytes()
        ), name


@pytest.mark.slow
def test_the_full_data_is_read_to_the_last_line(full_data: Path, shop: ShopFolder) -> None:
    kinds: Counter[str] = Counter()
    lines = 0
    for row in read_rows(full_data, shop.profile, seed=1):
        kinds[type(row).__name__] += 1
        lines += size(row)

    assert kinds == {"PlacedRow": 20725, "ReturnRow": 3836, "AsideRow": 1339}
    assert lines == 541_909


def size(row: Row) -> int:
    """How many lines of the file a row stands for; these are single lines when set aside."""
    if isinstance(row, PlacedRow):
        lines = row.order["lines"]
        return len(lines) if isinstance(lines, list) else 0
    return len(row.pieces) if isinstance(row, ReturnRow) else 1


@pytest.mark.slow
def test_customers_are_in_the_sample_with_all_of_their_invoices(
    folder: Path, full_data: Path
) -> None:
    def by_customer(path: Path) -> dict[str, int]:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            next(lines)
            return Counter(line.rsplit(",", 2)[1] for line in lines)

    sample, full = by_customer(folder / "orders.csv.gz"), by_customer(full_data)
    del sample[""]

    assert len(sample) > 300
    assert {customer: full[customer] for customer in sample} == sample
