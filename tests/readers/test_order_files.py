"""The project's own order files: JSON Lines, JSON and YAML lists, and what is wrong with some."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordinance.orders.order import Order
from ordinance.story import PlacedRow, Story
from ordinance_adapters.readers import READERS, ReadError, read_rows
from tests.readers.shops import SHOP, broken, placed, profile, rows, write

ONE = {
    "source_id": "A-1",
    "channel": "web",
    "placed_at": "2026-11-05T10:00:00",
    "lines": [{"sku": "0123", "quantity": 2, "unit_price": 19.9}],
}
YAML = """\
- source_id: A-1
  channel: web
  placed_at: 2026-11-05 10:00
  lines: [{sku: 0123, quantity: 2, unit_price: 19.90}]
  buyer: {id: 007, phone: }
  story: {lost: yes}
"""


def lines(*items: object) -> str:
    return "".join(json.dumps(item) + "\n" for item in items)


def refused(path: Path, reader: str = "orders") -> str:
    """The one line of the `ReadError`."""
    with pytest.raises(ReadError) as caught:
        rows(path, reader)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", ["may.jsonl", "may.jsonl.gz", "may.ndjson", "MAY.JSONL"])
def test_json_lines_hold_one_order_each(tmp_path: Path, name: str) -> None:
    found = rows(write(tmp_path / name, lines(ONE, {**ONE, "source_id": "A-2"})))

    assert [(row.row, row.order["source_id"]) for row in placed(found)] == [(1, "A-1"), (2, "A-2")]


@pytest.mark.parametrize("name", ["may.json", "may.json.gz"])
def test_a_json_list_is_counted_by_its_items(tmp_path: Path, name: str) -> None:
    found = rows(write(tmp_path / name, json.dumps([ONE, ONE], indent=2)))

    assert [row.row for row in placed(found)] == [1, 2]


def test_a_number_in_json_is_kept_as_it_is_written(tmp_path: Path) -> None:
    text = '{"lines": [{"unit_price": 19.90, "quantity": 2, "discount": 1e-2}]}\n'

    (row,) = placed(rows(write(tmp_path / "may.jsonl", text)))

    assert row.order["lines"] == [{"unit_price": "19.90", "quantity": 2, "discount": "1e-2"}]


@pytest.mark.parametrize("name", ["may.yaml", "may.yml", "may.yaml.gz"])
def test_yaml_scalars_are_text_so_that_a_sku_keeps_its_zero(tmp_path: Path, name: str) -> None:
    (row,) = placed(rows(write(tmp_path / name, YAML)))

    order = Order.model_validate(row.order)
    assert (order.lines[0].sku, order.lines[0].quantity) == ("0123", 2)
    assert (order.buyer.id, order.buyer.phone) == ("007", None)
    assert row.story == Story(lost=True)


def test_the_three_formats_give_the_same_order(tmp_path: Path) -> None:
    plain = YAML.replace("  buyer: {id: 007, phone: }\n  story: {lost: yes}\n", "")
    found = [
        *rows(write(tmp_path / "a.jsonl", lines(ONE))),
        *rows(write(tmp_path / "b.json", json.dumps([ONE]))),
        *rows(write(tmp_path / "c.yaml", plain)),
    ]

    first, *others = (Order.model_validate(row.order) for row in placed(found))

    assert len(others) == 2
    assert all(other == first for other in others)


def test_the_story_stays_out_of_the_order(tmp_path: Path) -> None:
    (row,) = placed(rows(write(tmp_path / "may.jsonl", lines({**ONE, "story": {"lost": True}}))))

    assert "story" not in row.order
    assert row.story.lost


def test_an_order_without_its_fields_is_left_to_the_one_who_places_it(tmp_path: Path) -> None:
    assert rows(write(tmp_path / "may.jsonl", "{}\n")) == [PlacedRow(1, {}, Story())]


@pytest.mark.parametrize(
    ("line", "zh", "en"),
    [
        ('{"a": 1', "不是合法的 JSON: 第 8 列", "this is not JSON: column 8"),
        ('{"a": 1, "a": 2}', "字段 `a` 重复", "`a` is given twice"),
        ('{"a": NaN}', "`NaN` 不是数字", "`NaN` is not a number"),
        ('{"a": -Infinity}', "不是数字", "`-Infinity` is not a number"),
        ('{"a": ' + "9" * 5000 + "}", "数字过长", "a number has too many digits"),
        ('{"a": "\\ud800"}', "含半个字符", "holds half of a character"),
        ("[" * 100_000, "嵌套过深", "nested too deeply"),
        ('"order"', "这一行不是一张订单", "this is not an order"),
        ("null", "这一行不是一张订单", "this is not an order"),
        ('{"story": 1}', "需要 `字段: 值`", "`story` needs fields"),
    ],
)
def test_a_broken_line_is_told_in_both_languages_and_the_next_is_read(
    tmp_path: Path, line: str, zh: str, en: str
) -> None:
    found = rows(write(tmp_path / "may.jsonl", lines(ONE) + line + "\n" + lines(ONE)))

    (wrong,) = broken(found)
    assert wrong.row == 2
    assert zh in wrong.reason.zh
    assert en in wrong.reason.en
    assert [row.row for row in placed(found)] == [1, 3]


def test_a_line_that_is_not_utf_8_or_endless_spoils_only_itself(tmp_path: Path) -> None:
    content = lines(ONE).encode() + b'{"a": "\xff"}\n' + b'"' + b"x" * 5_000_000 + b'"\n'

    found = rows(write(tmp_path / "may.jsonl.gz", content + lines(ONE).encode()))

    assert [row.reason.en for row in broken(found)] == [
        "this is not UTF-8 text",
        "the line is longer than 4 MiB",
    ]
    assert [row.row for row in placed(found)] == [1, 4]


def test_a_broken_story_names_the_order(tmp_path: Path) -> None:
    (wrong,) = broken(rows(write(tmp_path / "may.jsonl", lines({**ONE, "story": {"losst": True}}))))

    assert wrong.source_id == "A-1"
    assert "did you mean `lost`?" in wrong.reason.en


def test_blank_lines_a_byte_order_mark_and_windows_line_ends_change_nothing(
    tmp_path: Path,
) -> None:
    windows = b"\xef\xbb\xbf\r\n" + lines(ONE).replace("\n", "\r\n").encode() + b"\r\n"

    found = placed(rows(write(tmp_path / "may.jsonl", windows)))

    assert [(row.row, dict(row.order)["source_id"]) for row in found] == [(2, "A-1")]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("may.jsonl", "", "may.jsonl: holds no orders; put the orders in a list"),
        ("may.json", "", "may.json: holds no orders"),
        ("may.yaml", "", "may.yaml:1:1: the file is empty"),
        ("may.json", "[1,\n2,\n", "may.json: this is not JSON: line 3, column 1"),
        ("may.json", "{}", "may.json: holds no list; put the orders in a list"),
        ("may.jsonl", "[\n{}\n]\n", "may.jsonl:1: this is a JSON list; name the file `.json`"),
        ("may.yaml", "a: 1\n", "may.yaml:1: holds a map of `key: value`, not a list"),
        ("may.yaml", "- &a {x: 1}\n- *a\n", "may.yaml:1:3: `&a` names a place to copy; write the"),
        ("may.yaml", "- {a: 1, a: 2}\n", "may.yaml:1:10: `a` again; it is already on line 1"),
        ("may.xlsx", "x", "may.xlsx: orders are read from .jsonl, .json or .yaml files"),
        ("may.csv", "a,b\n", "for another format set `reader:` in the shop file"),
        ("may.jsonl", b"\x7fELF\0\0", "may.jsonl: is not a text file"),
        ("may.jsonl", "{}".encode("utf-16"), "may.jsonl: is UTF-16 text; save it as UTF-8"),
        ("may.jsonl", b"\x1f\x8b\x08\0x", "may.jsonl: is a damaged gzip file"),
    ],
)
def test_a_file_that_cannot_be_read_gives_one_clear_line(
    tmp_path: Path, name: str, content: str | bytes, told: str
) -> None:
    assert told in refused(write(tmp_path / name, content))


def test_an_empty_list_is_no_orders_and_no_error(tmp_path: Path) -> None:
    assert rows(write(tmp_path / "may.json", "[]")) == []


def test_a_missing_file_is_told_before_the_first_row_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"may\.jsonl: is not there; check the name"):
        read_rows(tmp_path / "may.jsonl", profile(), seed=1)


def test_a_packed_file_that_was_cut_short_gives_its_rows_and_then_an_error(tmp_path: Path) -> None:
    path = tmp_path / "may.jsonl.gz"
    many = lines(*({**ONE, "source_id": f"A-{n * 7919 % 10007}"} for n in range(3000)))
    whole = write(path, many).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])

    found = read_rows(path, profile(), seed=1)

    assert isinstance(next(found), PlacedRow)
    with pytest.raises(ReadError, match="is a damaged gzip file; fetch or pack it again"):
        list(found)


def test_a_folder_is_read_by_the_file_that_its_shop_names(tmp_path: Path) -> None:
    write(tmp_path / "shop.yaml", SHOP + "orders: may.jsonl\n")
    write(tmp_path / "may.jsonl", lines(ONE))

    assert len(rows(tmp_path)) == 1


@pytest.mark.parametrize(
    ("shop", "told"),
    [
        (None, "a folder of orders needs a `shop.yaml`, which is not there"),
        (SHOP, "names no orders; add `orders: ...`, or name the order file itself"),
        (SHOP + "orders: gone.jsonl\n", "gone.jsonl: is not there"),
        (SHOP + "orders: [\n", "`[` is never closed"),
        ("- orders\n", "names no orders"),
    ],
)
def test_a_folder_without_orders_is_told(tmp_path: Path, shop: str | None, told: str) -> None:
    if shop is not None:
        write(tmp_path / "shop.yaml", shop)

    assert told in refused(tmp_path)


def test_an_unknown_reader_is_told_with_those_that_exist(tmp_path: Path) -> None:
    assert f"known: {', '.join(READERS)}" in refused(write(tmp_path / "a.jsonl", "{}"), "shoppify")


@given(st.binary(max_size=200))
def test_any_bytes_are_rows_or_a_read_error_and_never_crash(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name in ("a.jsonl", "a.json", "a.yaml"):
        path = folder / name
        path.write_bytes(content)
        try:
            found = rows(path)
        except ReadError as error:
            assert str(error)
        else:
            assert all(row.row >= 1 for row in found)
