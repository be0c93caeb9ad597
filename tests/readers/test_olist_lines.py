"""Olist files: lines and files that cannot be read say so, and stop nothing else."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from ordinance.story import BrokenRow
from ordinance_adapters.readers.fault import ReadError
from ordinance_adapters.readers.olist import derive_profile, read_olist
from tests.readers.olist_orders import (
    SHOP,
    order,
    payment,
    piece,
    placed,
    read,
)


@pytest.mark.parametrize(
    ("line", "reason", "source_id"),
    [
        (b'{"order_id": "x"', "not JSON from column 17 on", None),
        (b"[]", "each line must be one order {...}", None),
        (b'{"order_id": "\xff"}', "the line is not UTF-8 text", None),
        (b"[" * 100_000, "a number is too large, or the nesting too deep", None),
        (b'{"a": ' + b"9" * 5000 + b"}", "a number is too large, or the nesting too deep", None),
        (b'{"a": NaN}', "`NaN` is no number", None),
        (order(purchased_at=None), "`purchased_at` cannot be read: `None`", "order-1"),
        (order(purchased_at="yesterday"), "`purchased_at` cannot be read: `yesterday`", "order-1"),
        (
            order(purchased_at="9999-12-31 23:59:59", status="canceled"),
            "`purchased_at` cannot be read: `9999-12-31 23:59:59`",
            "order-1",
        ),
        (order(items=[piece(price="ten")]), "`items[0].price` cannot be read: `ten`", "order-1"),
        (order(customer={"state": "SP"}), "`customer.customer_unique_id` is missing", "order-1"),
        (
            order(payments=[payment(-1.0)]),
            "`payments[0].value` cannot be read: `-1.0`",
            "order-1",
        ),
    ],
)
def test_a_broken_line_is_reported_and_the_next_is_read(
    tmp_path: Path, line: Mapping[str, object] | bytes, reason: str, source_id: str | None
) -> None:
    broken, fine = read(tmp_path, line, order(order_id="order-2"))

    assert isinstance(broken, BrokenRow)
    assert (broken.row, broken.source_id) == (1, source_id)
    assert broken.reason.en == reason
    assert placed(fine)[0].source_id == "order-2"


def test_every_problem_of_a_line_is_counted(tmp_path: Path) -> None:
    (broken,) = read(tmp_path, {"order_id": "order-1"})

    assert isinstance(broken, BrokenRow)
    assert broken.reason.en == (
        "`status` is missing; `purchased_at` is missing; `customer` is missing; and 2 more"
    )
    assert broken.reason.zh == ("缺少 `status`; 缺少 `purchased_at`; 缺少 `customer`; 另有 2 处")


def test_rows_are_numbered_as_an_editor_numbers_them(tmp_path: Path) -> None:
    rows = read(tmp_path, order(order_id="a"), b"", order(order_id="b"))

    assert [row.row for row in rows] == [1, 3]


def test_a_file_that_cannot_be_read_says_so_with_its_name(tmp_path: Path) -> None:
    torn = tmp_path / "torn.jsonl.gz"
    torn.write_bytes(gzip.compress(json.dumps(order()).encode())[:-20])
    empty = tmp_path / "empty.jsonl"
    empty.touch()

    for path in (tmp_path / "none.jsonl", torn, empty, tmp_path):
        with pytest.raises(ReadError, match=str(path)):
            list(read_olist(path, SHOP, seed=1))
    for path in (tmp_path / "none.jsonl", torn, tmp_path):
        with pytest.raises(ReadError, match=str(path)):
            derive_profile(path, SHOP)
