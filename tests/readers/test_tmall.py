"""Tmall's export: money net of refunds, provinces by name, and rows that cannot be read."""

from __future__ import annotations

import csv
import os
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ordinance.orders.order import Order
from ordinance.profile import Profile
from ordinance.rules.kinds import Words
from ordinance.story import BrokenRow, PlacedRow, Row, Story
from ordinance_adapters.readers.fault import ReadError
from ordinance_adapters.readers.tmall import PROVINCES, SKU, read_tmall, region_of
from ordinance_adapters.shopfile import read_shop

ZONE = ZoneInfo("Asia/Shanghai")
SHOP = Profile("tmall", Words("店", "shop"), "CNY", str(ZONE), (), ())
HEADER = "订单编号,总金额,买家实际支付金额,收货地址 ,订单创建时间,订单付款时间 ,退款金额"

PAID = "7,157.0,157.0,湖南省,2020-02-20 23:58:34,2020-02-20 23:58:44,0.0"
UNPAID = "3,37.0,0.0,安徽省,2020-02-20 23:59:35,,0.0"
REFUNDED = "11,267.9,0.0,北京,2020-02-20 23:54:24,2020-02-20 23:54:31,267.9"
PART_REFUNDED = "12,100.0,60.5,上海,2020-02-20 23:54:24,2020-02-20 23:54:31,39.5"

QUOTES = "the quotation marks or the line ends are wrong"
NO_TIME = "money moved, but `订单付款时间` is missing"


def write(folder: Path, *lines: str | bytes, header: str = HEADER) -> Path:
    path = folder / "report.csv"
    body = [header.encode(), *(one if isinstance(one, bytes) else one.encode() for one in lines)]
    path.write_bytes(b"\n".join(body) + b"\n")
    return path


def read(folder: Path, *lines: str | bytes, header: str = HEADER, seed: int = 1) -> list[Row]:
    return list(read_tmall(write(folder, *lines, header=header), SHOP, seed=seed))


def placed(row: Row) -> tuple[Order, Story]:
    assert isinstance(row, PlacedRow), row
    return Order.model_validate(row.order), row.story


def read_one(folder: Path, line: str) -> tuple[Order, Story]:
    (row,) = read(folder, line)
    return placed(row)


def test_an_order_is_one_line_for_all_of_it(tmp_path: Path) -> None:
    message, _ = read_one(tmp_path, PAID)

    (line,) = message.lines
    assert (line.sku, line.title, line.quantity) == (SKU, "整单", 1)
    assert line.unit_price == 157
    assert (message.source_id, message.channel) == ("7", "tmall")
    assert message.placed_at == datetime(2020, 2, 20, 23, 58, 34, tzinfo=ZONE)
    assert (message.receiver.region, message.receiver.province) == ("43", "湖南省")


def test_a_payment_comes_when_it_was_made(tmp_path: Path) -> None:
    message, story = read_one(tmp_path, PAID)

    (payment,) = story.payments
    assert message.payments == ()
    assert payment["amount"] == 157
    assert payment["paid_at"] == datetime(2020, 2, 20, 23, 58, 44, tzinfo=ZONE)
    assert story.requests == ()


def test_a_payment_in_the_same_second_comes_with_the_order(tmp_path: Path) -> None:
    message, story = read_one(tmp_path, PAID.replace("23:58:44", "23:58:34"))

    assert [payment.amount for payment in message.payments] == [157]
    assert story.payments == ()
    assert message.tags == ()


def test_a_payment_before_the_order_is_tagged_and_kept(tmp_path: Path) -> None:
    message, _ = read_one(tmp_path, PAID.replace("23:58:44", "23:58:33"))

    assert [payment.paid_at.second for payment in message.payments] == [33]
    assert message.tags == ("clock_quirk",)


def test_no_payment_time_means_never_paid(tmp_path: Path) -> None:
    message, story = read_one(tmp_path, UNPAID)

    assert message.payments == ()
    assert story.payments == ()


@pytest.mark.parametrize(("line", "refund"), [(REFUNDED, "267.9"), (PART_REFUNDED, "39.5")])
def test_what_was_kept_and_what_was_refunded_were_paid_together(
    tmp_path: Path, line: str, refund: str
) -> None:
    message, story = read_one(tmp_path, line)

    assert story.payments[0]["amount"] == message.lines[0].unit_price
    (request,) = story.requests
    assert request.amount == Decimal(refund)
    assert (request.kind, request.reason) == ("aftersale", "AGREED")
    assert (request.demand, request.goods, request.pieces) == ("REFUND_ONLY", "never", ())


def test_the_moment_of_a_refund_follows_payment_and_hangs_on_the_seed_alone(tmp_path: Path) -> None:
    def moments(seed: int, *lines: str) -> dict[str, timedelta]:
        rows = [placed(row) for row in read(tmp_path, *lines, seed=seed)]
        return {
            message.source_id: story.requests[0].at - story.payments[0]["paid_at"]
            for message, story in rows
        }

    found = moments(1, REFUNDED, PART_REFUNDED)
    assert all(timedelta(hours=1) <= wait < timedelta(days=7) for wait in found.values())
    assert found == moments(1, PART_REFUNDED, REFUNDED)
    assert found != moments(2, REFUNDED, PART_REFUNDED)


@pytest.mark.parametrize(
    ("province", "code"),
    [
        ("上海", "31"),
        ("上海市", "31"),
        ("广东省", "44"),
        ("广东", "44"),
        ("内蒙古自治区", "15"),
        ("广西壮族自治区", "45"),
        ("宁夏回族自治区", "64"),
        ("新疆维吾尔自治区", "65"),
        ("西藏自治区", "54"),
        ("香港特别行政区", "81"),
        (" 台湾省 ", "71"),
        ("湖", None),
        ("江西省南昌市", None),
        ("", None),
    ],
)
def test_provinces_are_known_with_and_without_their_suffix(province: str, code: str | None) -> None:
    assert region_of(province) == code


def test_every_province_has_a_code_of_its_own() -> None:
    assert len(PROVINCES) == len(set(PROVINCES.values())) == 34


def test_an_unknown_province_is_left_to_the_rules(tmp_path: Path) -> None:
    message, _ = read_one(tmp_path, UNPAID.replace("安徽省", "火星"))

    assert (message.receiver.region, message.receiver.province) == (None, "火星")


@pytest.mark.parametrize(
    ("line", "reason", "source_id"),
    [
        (UNPAID.replace("37.0", "37 yuan"), "`总金额` is no amount: `37 yuan`", "3"),
        (UNPAID.replace("37.0", "-37.0"), "`总金额` is no amount: `-37.0`", "3"),
        (UNPAID.replace("37.0", "NaN"), "`总金额` is no amount: `NaN`", "3"),
        (UNPAID.replace("37.0", "３７"), "`总金额` is no amount: `３７`", "3"),
        (
            UNPAID.replace("2020-02-20", "2020-02-30"),
            "`订单创建时间` is no time like 2020-02-21 00:00:00: `2020-02-30 23:59:35`",
            "3",
        ),
        (
            REFUNDED.replace("2020-02-20 23:54:31", "9999-12-31 23:59:59"),
            "`订单付款时间` is no time like 2020-02-21 00:00:00: `9999-12-31 23:59:59`",
            "11",
        ),
        ("3,37.0,0.0", "the row has 3 cells, the header has 7", None),
        (UNPAID + ",", "the row has 8 cells, the header has 7", None),
        (UNPAID[1:], "`订单编号` is missing", None),
        (UNPAID.replace("0.0,安徽省", "37.0,安徽省"), NO_TIME, "3"),
        (UNPAID.replace(",,0.0", ",,5.0"), NO_TIME, "3"),
        (UNPAID.replace("安徽省", '"安徽省'), QUOTES, None),
        (UNPAID.encode("gbk"), "the line is not UTF-8 text", None),
        (
            "3,a,b,安徽省,2020-02-20 23:59:35,,0.0",
            "`总金额` is no amount: `a`; `买家实际支付金额` is no amount: `b`",
            "3",
        ),
    ],
)
def test_a_broken_row_is_reported_and_the_next_is_read(
    tmp_path: Path, line: str | bytes, reason: str, source_id: str | None
) -> None:
    broken, fine = read(tmp_path, line, PAID)

    assert isinstance(broken, BrokenRow)
    assert (broken.row, broken.source_id) == (2, source_id)
    assert broken.reason.en == reason
    assert placed(fine)[0].source_id == "7"


def test_rows_come_in_file_order_with_their_line_numbers(tmp_path: Path) -> None:
    rows = read(tmp_path, PAID, "", UNPAID)

    assert [(row.row, placed(row)[0].source_id) for row in rows] == [(2, "7"), (4, "3")]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (HEADER.replace(",退款金额", ""), "the column `退款金额` is missing"),
        (HEADER + ",总金额", "the column `总金额` is there twice"),
        ("", "the column `订单编号` is missing"),
    ],
)
def test_a_file_without_its_columns_is_refused(tmp_path: Path, header: str, said: str) -> None:
    with pytest.raises(ReadError, match=said):
        read(tmp_path, PAID, header=header)


def test_a_file_that_cannot_be_read_says_so_with_its_name(tmp_path: Path) -> None:
    empty, chinese = tmp_path / "empty.csv", tmp_path / "gbk.csv"
    empty.touch()
    chinese.write_bytes(f"{HEADER}\n{PAID}\n".encode("gbk"))

    for path in (tmp_path / "none.csv", empty, chinese, tmp_path, write(tmp_path)):
        with pytest.raises(ReadError, match=str(path)):
            list(read_tmall(path, SHOP, seed=1))


def test_the_example_shop_sells_nothing_that_is_shipped(root: Path) -> None:
    shop = read_shop(root / "examples" / "tmall").profile

    assert (shop.reader, shop.currency, shop.zone) == ("tmall", "CNY", str(ZONE))
    assert shop.items[SKU].traits == {"virtual"}
    assert set(PROVINCES.values()) <= shop.regions


# -- the recorded orders ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def recorded() -> Path:
    path = Path(os.environ["ORDINANCE_DATA"]) / "tmall_orders" / "tmall_order_report.csv"
    if not path.exists():
        pytest.skip(f"the Tmall orders are not here ({path}); set ORDINANCE_DATA to their folder")
    return path


def test_recorded_orders_are_all_read_to_the_cent(recorded: Path) -> None:
    rows = [placed(row) for row in read_tmall(recorded, SHOP, seed=7)]

    payments = [payment for _, story in rows for payment in story.payments]
    requests = [request for _, story in rows for request in story.requests]
    assert len(rows) == 14_013
    assert sum(message.lines[0].unit_price for message, _ in rows) == Decimal("1601760.49")
    assert len(payments) == 12_052
    assert sum(payment["amount"] for payment in payments) == Decimal("1250881.77")
    assert len(requests) == 2_839
    assert sum(request.amount or 0 for request in requests) == Decimal("296521.93")
    assert max(message.lines[0].unit_price for message, _ in rows) == Decimal("188320.0")
    assert not [message.source_id for message, _ in rows if message.receiver.region is None]
    # Every paid order was paid in full: the column `实际支付` is what was left of it.
    assert all(
        story.payments[0]["amount"] == message.lines[0].unit_price
        for message, story in rows
        if story.payments
    )


def test_recorded_orders_keep_their_order_and_their_provinces(recorded: Path) -> None:
    rows = [placed(row)[0] for row in read_tmall(recorded, SHOP, seed=7)]

    with recorded.open(encoding="utf-8", newline="") as lines:
        told = list(csv.DictReader(lines))
    assert [message.source_id for message in rows] == [one["订单编号"] for one in told]
    regions = Counter(message.receiver.region for message in rows)
    assert (regions["31"], regions["44"], regions["42"], regions["45"]) == (1_701, 1_222, 43, 212)
