"""Catalogue and stock: what the tables give, and what they say when a row is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from ordinance.profile import Profile
from ordinance_adapters.shopfile import ShopFileError, read_shop
from tests.readers.shops import SHOP, WAREHOUSES, write

HEADER = "sku,title,category,weight_grams,volume_cm3,traits,price,bundle,restock_days\n"
STOCK = "warehouse,sku,on_hand\n"


def read(folder: Path, catalogue: str | bytes, stock: str | bytes = STOCK) -> Profile:
    write(folder / "catalogue.csv", catalogue)
    write(folder / "stock.csv", stock)
    text = SHOP + WAREHOUSES + "catalogue: catalogue.csv\nstock: stock.csv\n"
    return read_shop(write(folder / "shop.yaml", text)).profile


def told(folder: Path, catalogue: str | bytes, stock: str | bytes = STOCK) -> list[str]:
    """Every problem as `file:line: message`."""
    with pytest.raises(ShopFileError) as caught:
        read(folder, catalogue, stock)
    return [
        f"{Path(problem.place.file).name}:{problem.place.line}: {problem.message}"
        for problem in caught.value.problems
        if problem.place
    ]


def test_an_article_is_read_with_all_of_its_columns(tmp_path: Path) -> None:
    rows = '0123,"Mug, blue",kitchen,350,900,fragile hygiene,12.50,,7\nSET,Gift set,,,,,,0123*2,\n'

    items = read(tmp_path, HEADER + rows).items

    mug = items["0123"]
    assert (mug.title, mug.category, mug.weight_grams, mug.volume_cm3) == (
        "Mug, blue",
        "kitchen",
        350,
        900,
    )
    assert (mug.traits, mug.price_minor, mug.restock_days) == ({"fragile", "hygiene"}, 1250, 7)
    assert items["SET"].bundle == (("0123", 2),)
    assert (items["SET"].category, items["SET"].price_minor) == ("general", None)


def test_only_sku_and_title_are_needed(tmp_path: Path) -> None:
    assert read(tmp_path, "title,sku\nTea,T1\n").items["T1"].weight_grams == 500


def test_stock_is_by_warehouse_and_sku(tmp_path: Path) -> None:
    stock = read(tmp_path, "sku,title\nT1,Tea\n", STOCK + "LON,T1,40\n").stock

    assert stock == {("LON", "T1"): 40}


def test_safety_stock_may_stand_beside_it(tmp_path: Path) -> None:
    rows = "warehouse,sku,on_hand,safety\nLON,T1,40,5\nLON,T2,3,\n"
    found = read(tmp_path, "sku,title\nT1,Tea\nT2,Pot\n", rows)

    assert found.stock == {("LON", "T1"): 40, ("LON", "T2"): 3}
    assert found.safety == {("LON", "T1"): 5}
    wrong = told(tmp_path, "sku,title\nT1,Tea\nT2,Pot\n", rows.replace(",5", ",-5"))
    assert wrong == ["stock.csv:2: `safety` must lie from 0 to 1000000000"]


def test_tables_may_be_packed(tmp_path: Path) -> None:
    write(tmp_path / "c.csv.gz", "sku,title\nT1,Tea\n")
    shop = write(tmp_path / "shop.yaml", SHOP + "catalogue: c.csv.gz\n")

    assert list(read_shop(shop).profile.items) == ["T1"]


def test_every_wrong_row_is_told_with_its_line(tmp_path: Path) -> None:
    rows = (
        "T1,Tea,,heavy,,,,,\n"
        "T1,Tea,,,,,,,\n"
        ",Nameless,,,,,,,\n"
        "T2,Set,,,,,,T9*1 T1*x,\n"
        "T3,Tea,,,,,1.999,,-1\n"
        "T4,Tea\n"
    )

    assert told(tmp_path, HEADER + rows) == [
        "catalogue.csv:2: `weight_grams`: `heavy` is not a whole number",
        "catalogue.csv:3: `T1` again; it is already on line 2",
        "catalogue.csv:4: `sku` needs a text of at most 200 characters",
        "catalogue.csv:5: `T1*x` is not a part of a bundle",
        "catalogue.csv:5: the bundle `T2` holds `T9`, which is not in the catalogue",
        "catalogue.csv:6: `price`: `1.999` has more than 2 decimals",
        "catalogue.csv:6: `restock_days` must lie from 0 to 1000000000",
        "catalogue.csv:7: the row has 2 cells, the header has 9",
    ]


def test_a_bundle_holds_no_bundle(tmp_path: Path) -> None:
    rows = "T1,Tea,,,,,,,\nS1,Set,,,,,,T1*2,\nS2,Sets,,,,,,S1*2,\n"

    assert told(tmp_path, HEADER + rows) == [
        "catalogue.csv:4: the bundle `S2` holds `S1`, which is a bundle itself"
    ]


def test_stock_of_what_nobody_knows_is_told(tmp_path: Path) -> None:
    stock = STOCK + "LON,T9,1\nLND,T1,1\nLON,T1,1.5\nLON,T1,\nLON,T1,2\nLON,T1,3\n"

    assert told(tmp_path, "sku,title\nT1,Tea\n", stock) == [
        "stock.csv:2: `T9` is not in the catalogue",
        "stock.csv:3: unknown warehouse `LND`",
        "stock.csv:4: `on_hand`: `1.5` is not a whole number",
        "stock.csv:5: `on_hand` is empty",
        "stock.csv:7: `T1` in `LON` is counted twice",
    ]


def test_a_broken_catalogue_does_not_drown_its_one_error_in_stock_errors(tmp_path: Path) -> None:
    found = told(tmp_path, "sku,title\nT1,Tea,more\n", STOCK + "LON,T1,1\nLON,T2,1\n")

    assert found == ["catalogue.csv:2: the row has 3 cells, the header has 2"]


@pytest.mark.parametrize(
    ("catalogue", "message"),
    [
        ("", "catalogue.csv:1: the file is empty"),
        ("T1,Tea\n", "catalogue.csv:1: the column `sku` is missing"),
        ("sku,title,prise\n", "catalogue.csv:1: unknown column `prise`"),
        ("sku,title,sku\n", "catalogue.csv:1: the column `sku` is there twice"),
        ('sku,title\nT1,"Tea\n', "catalogue.csv:2: this is not CSV: unexpected end of data"),
        (b"sku,title\nT1,\xff\n", "catalogue.csv:2: the line is not UTF-8"),
        (b"\x89PNG\0\0\0", "catalogue.csv:1: the file is not a text file"),
        (b"\x1f\x8b\x08\0broken", "catalogue.csv:1: the file is a damaged gzip file"),
        ("sku,title\n".encode("utf-16"), "catalogue.csv:1: the file is UTF-16 text"),
    ],
)
def test_a_table_that_is_none_is_told(tmp_path: Path, catalogue: str | bytes, message: str) -> None:
    assert any(problem.startswith(message) for problem in told(tmp_path, catalogue))


def test_a_line_number_counts_lines_inside_quotes(tmp_path: Path) -> None:
    rows = 'T1,"Tea\nfrom Assam"\nT1,Tea\n'

    assert told(tmp_path, "sku,title\n" + rows) == [
        "catalogue.csv:4: `T1` again; it is already on line 2"
    ]


def test_a_byte_order_mark_windows_line_ends_and_blank_rows_change_nothing(tmp_path: Path) -> None:
    windows = b"\xef\xbb\xbfsku,title\r\n\r\nT1,Tea\r\n,\r\n"

    assert read(tmp_path, windows).items == read(tmp_path, "sku,title\nT1,Tea\n").items


def test_the_chinese_region_table_is_known_by_name(tmp_path: Path) -> None:
    regions = read_shop(write(tmp_path / "shop.yaml", SHOP + "regions: cn\n")).profile.regions

    assert {"33", "3301", "330106"} <= regions
    assert all(not code.endswith("00") or len(code) < 4 for code in regions)
