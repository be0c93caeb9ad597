"""`shop.yaml`: what it gives, and what it says when it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordinance.rules.problem import Problem
from ordinance_adapters.shopfile import ShopFileError, ShopFolder, read_shop
from tests.readers.shops import SHOP, WAREHOUSES, write


def read(folder: Path, text: str | bytes) -> ShopFolder:
    return read_shop(write(folder / "shop.yaml", text))


def problems(folder: Path, text: str | bytes) -> tuple[Problem, ...]:
    with pytest.raises(ShopFileError) as caught:
        read(folder, text)
    return caught.value.problems


def places(found: tuple[Problem, ...]) -> list[str]:
    return [f"{p.place.line}:{p.place.column} {p.code}" for p in found if p.place]


def test_the_smallest_shop_has_the_defaults_of_a_profile(tmp_path: Path) -> None:
    shop = read(tmp_path, SHOP)

    assert (shop.profile.shop, shop.profile.name.zh, shop.profile.name.en) == (
        "tea",
        "茶店",
        "Tea shop",
    )
    assert (shop.profile.reader, shop.profile.minor_digits) == ("orders", 2)
    assert (shop.profile.items, shop.profile.stock, shop.profile.regions) == ({}, {}, frozenset())
    assert (shop.orders, shop.rules) == (None, None)


def test_a_folder_gives_its_shop_its_orders_and_its_rules(tmp_path: Path) -> None:
    write(tmp_path / "shop.yaml", SHOP + "orders: may.jsonl\n")
    write(tmp_path / "may.jsonl", "{}\n")
    (tmp_path / "rules").mkdir()

    shop = read_shop(tmp_path)

    assert (shop.orders, shop.rules) == (tmp_path / "may.jsonl", tmp_path / "rules")


def test_amounts_are_major_units_and_become_minor_units(tmp_path: Path) -> None:
    carrier = "carriers: [{code: WING, name: Wing, first: 3.2, step: '0.55'}]\n"

    shop = read(tmp_path, SHOP + carrier).profile

    assert (shop.carriers[0].first_minor, shop.carriers[0].step_minor) == (320, 55)


@pytest.mark.parametrize(
    ("currency", "amount", "minor"),
    [("JPY", "300", 300), ("KWD", "1.250", 1250), ("CNY", "5", 500)],
)
def test_the_currency_says_how_many_decimals_there_are(
    tmp_path: Path, currency: str, amount: str, minor: int
) -> None:
    text = SHOP.replace("GBP", currency) + f"carriers: [{{code: W, name: W, first: {amount}}}]\n"

    assert read(tmp_path, text).profile.carriers[0].first_minor == minor


def test_minor_digits_may_be_set_where_the_currency_does_not_say(tmp_path: Path) -> None:
    text = (
        SHOP.replace("GBP", "XTS") + "minor_digits: 0\ncarriers: [{code: W, name: W, first: 7}]\n"
    )

    assert read(tmp_path, text).profile.carriers[0].first_minor == 7


def test_a_fraction_of_the_smallest_unit_is_refused(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, SHOP + "carriers: [{code: W, name: W, first: 3.205}]\n")

    assert "`3.205` has more than 2 decimals" in found.message


def test_every_scalar_is_text_so_that_norway_is_a_country_and_a_code_keeps_its_zero(
    tmp_path: Path,
) -> None:
    text = SHOP + 'warehouses: [{code: 012, name: 0x1F, region: NO, serves: [NO, "33"]}]\n'

    (warehouse,) = read(tmp_path, text).profile.warehouses

    assert (warehouse.code, warehouse.name.en, warehouse.region) == ("012", "0x1F", "NO")
    assert warehouse.serves == ("NO", "33")


def test_a_warehouse_is_read_with_all_of_its_fields(tmp_path: Path) -> None:
    text = SHOP + (
        "warehouses: [{code: A, name: {zh: 甲, en: First}, region: GB, latitude: 51.5, "
        "longitude: -0.13, traits: [cold_chain], priority: 5, handling: 0.6, open: 否}]\n"
    )

    (one,) = read(tmp_path, text).profile.warehouses

    assert (one.latitude, one.longitude, one.priority, one.handling_minor) == (51.5, -0.13, 5, 60)
    assert (one.open, one.traits, one.name.zh) == (False, {"cold_chain"}, "甲")


def test_all_errors_are_told_at_once_with_their_places(tmp_path: Path) -> None:
    text = """\
shop: my shop
currency: gbp
zone: Europe/Londn
carriers:
  - {code: W, name: W, days: soon}
  - {code: W, name: W, max_grams: 0}
"""

    found = problems(tmp_path, text)

    assert places(found) == [
        "1:1 E_MISSING",  # name
        "1:7 E_TYPE",  # shop
        "2:11 E_TYPE",  # currency
        "3:7 E_REF",  # zone
        "5:30 E_NUMBER",  # days
        "6:12 E_DUP_KEY",  # the second W
        "6:35 E_RANGE",  # max_grams
    ]


def test_an_error_reads_as_file_line_column_message_and_help(tmp_path: Path) -> None:
    with pytest.raises(ShopFileError) as caught:
        read(tmp_path, SHOP + "carrers: []\n")

    assert str(caught.value) == (
        f"{tmp_path / 'shop.yaml'}:5:1: error E_UNKNOWN_KEY: unknown key `carrers` in the shop "
        "file\n  help: did you mean `carriers`?"
    )


@pytest.mark.parametrize(
    ("line", "help"),
    [
        ("zone: Asia/Shangai\n", "did you mean `Asia/Shanghai`?"),
        ("reader: orderz\n", "did you mean `orders`?"),
        ("regions: china\n", "known: cn"),
        (
            "warehouses: [{code: A, name: A, region: GB, prioritty: 1}]\n",
            "did you mean `priority`?",
        ),
    ],
)
def test_a_wrong_word_gets_a_suggestion(tmp_path: Path, line: str, help: str) -> None:
    text = SHOP.replace("zone: Europe/London\n", "") if line.startswith("zone") else SHOP

    (found,) = problems(tmp_path, text + line)

    assert found.help == help


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("warehouses: {}\n", "`warehouses` needs a list of `- code: ...`, not a map"),
        ("warehouses: [LON]\n", "a warehouse has keys such as `code:`, not a single value"),
        ("orders: [a]\n", "`orders` needs a value, not a list"),
        ("orders:\n", "`orders` needs a value, not nothing"),
        ("warehouses: [{code: A, name: A, region: England}]\n", "`England` is not a region code"),
        ("warehouses: [{code: A, name: A, region: GB, latitude: 91}]\n", "from -90 to 90"),
        ("warehouses: [{code: A, name: A, region: GB, open: maybe}]\n", "is not yes or no"),
        ("warehouses: [{code: A B, name: A, region: GB}]\n", "`A B` is not a code"),
        ("carriers: [{code: A, name: {zh: 甲}}]\n", "`en` is missing"),
        ("carriers: [{code: A, name: A, first: -1}]\n", "less than nothing"),
        ("carriers: [{code: A, name: A, first: 3 GBP}]\n", "`3 GBP` is not a number"),
        ("carriers: [{code: A, name: A, refuses: [[]]}]\n", "`refuses` lists words, not a list"),
        ("catalogue: none.csv\n", "the catalogue file `none.csv` is not there"),
        ("orders: none.jsonl\n", "the orders file `none.jsonl` is not there"),
    ],
)
def test_a_wrong_value_is_told_in_plain_words(tmp_path: Path, line: str, message: str) -> None:
    (found,) = problems(tmp_path, SHOP + line)

    assert message in found.message


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: &x 1\nb: *x\n", "E_ANCHOR"),
        ("shop: !!python/name:os.system x\n", "E_TAG"),
        ("shop: a\nshop: b\n", "E_DUP_KEY"),
        ("shop: a\n---\nshop: b\n", "E_MULTI_DOC"),
        ("[" * 30_000, "E_DEPTH"),
        ("shop: [[[[[[[[[x]]]]]]]]]\n", "E_DEPTH"),
        ("a: 'x\n", "E_SYNTAX"),
        ("- shop\n", "E_TYPE"),
        ("tea\n", "E_TYPE"),
        ("", "E_EMPTY"),
        ("# nothing\n", "E_EMPTY"),
        (b"shop: \xff\xfe\n", "E_CHAR"),
        ("shop: a\x07\n", "E_CHAR"),
        (b"PK\x03\x04\0\0\0", "E_FILE"),
        (b"x" * (1024 * 1024 + 1), "E_FILE"),
    ],
)
def test_a_hostile_or_broken_file_is_refused_with_its_place(
    tmp_path: Path, text: str | bytes, code: str
) -> None:
    found = problems(tmp_path, text)

    assert code in [problem.code for problem in found]
    assert all(problem.place for problem in found)
    assert "decision" not in str(ShopFileError(found)), "that is the word of a rule file"


def test_a_missing_shop_file_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(ShopFileError, match=r"shop\.yaml:1:1: .*the shop file is not there"):
        read_shop(tmp_path)


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    plain = read(tmp_path, SHOP + WAREHOUSES)

    windows = b"\xef\xbb\xbf" + (SHOP + WAREHOUSES).replace("\n", "\r\n").encode()

    assert read(tmp_path, windows) == plain


@given(st.text(alphabet="abc:-[]{}\n '\"#&*!%|>0", max_size=60))
def test_any_text_is_read_or_refused_and_never_crashes(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("shop")
    try:
        read(folder, text)
    except ShopFileError as error:
        assert error.problems
