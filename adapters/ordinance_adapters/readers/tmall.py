"""A Tmall shop's order export: amounts, provinces, payments and refunds; no lines, no buyers."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from ordinance.profile import Profile
from ordinance.rules.kinds import Words
from ordinance.rules.moment import year_checked
from ordinance.rules.scalar import clip
from ordinance.story import BrokenRow, PlacedRow, Request, Row, Story
from ordinance_adapters.readers.derived import draw
from ordinance_adapters.readers.fault import ReadError, RowFault, joined
from ordinance_adapters.textfile import Unreadable, numbered_lines

__all__ = ["SKU", "read_tmall", "region_of"]

CHANNEL = "tmall"
SKU = "TMALL-ORDER"
"""The one article of the shop: a whole order. Its trait `virtual` keeps it out of warehouses."""

NUMBER, TOTAL, KEPT, PROVINCE, PLACED_AT, PAID_AT, REFUND = COLUMNS = (
    "订单编号",
    "总金额",
    "买家实际支付金额",
    "收货地址",
    "订单创建时间",
    "订单付款时间",
    "退款金额",
)
"""`KEPT` is what the shop kept: the payment less the refund."""

PROVINCES = {
    "北京": "11", "天津": "12", "河北": "13", "山西": "14", "内蒙古": "15",
    "辽宁": "21", "吉林": "22", "黑龙江": "23",
    "上海": "31", "江苏": "32", "浙江": "33", "安徽": "34", "福建": "35", "江西": "36",
    "山东": "37",
    "河南": "41", "湖北": "42", "湖南": "43", "广东": "44", "广西": "45", "海南": "46",
    "重庆": "50", "四川": "51", "贵州": "52", "云南": "53", "西藏": "54",
    "陕西": "61", "甘肃": "62", "青海": "63", "宁夏": "64", "新疆": "65",
    "台湾": "71", "香港": "81", "澳门": "82",
}  # fmt: skip
"""Provinces without their suffix, to the first two digits of GB/T 2260."""

REFUND_MINUTES = range(60, 7 * 24 * 60)
"""Minutes from payment to the refund request; the export says that money went back, not when."""

_SUFFIX = re.compile(r"(省|市|(壮族|回族|维吾尔)?自治区|特别行政区)$")
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class _Sale:
    """One row of the export."""

    number: str
    total: Decimal
    kept: Decimal
    province: str
    placed_at: datetime
    paid_at: datetime | None
    refund: Decimal


def read_tmall(path: Path, profile: Profile, seed: int) -> Iterator[Row]:
    """One order for each row, in file order (the export runs backwards in time).

    Only the moment of a refund request is drawn, by `seed`: everything else is read. A row that
    cannot be read comes as `BrokenRow`. Raises `ReadError` when the file cannot be read at all
    or lacks a column.
    """
    zone = ZoneInfo(profile.zone)
    rows = 0
    try:
        lines = ((no, line) for no, line in numbered_lines(path) if line is None or line.strip())
        header = _header(path, lines)
        for number, line in lines:
            rows += 1
            yield _row(number, line, header, zone, seed)
    except Unreadable as error:
        raise ReadError(f"{path}: {error}") from error
    if rows == 0:
        raise ReadError(f"{path}: holds no orders; the first row names the columns, orders follow")


def region_of(province: str) -> str | None:
    """The GB/T 2260 code of a province, with or without its suffix; None when it is unknown."""
    return PROVINCES.get(_SUFFIX.sub("", province.strip()))


def _header(path: Path, lines: Iterator[tuple[int, bytes | None]]) -> list[str]:
    for number, line in lines:
        try:
            # The export writes some of the names with a space behind them.
            names = [name.strip() for name in _cells(line)]
        except RowFault as fault:
            raise ReadError(f"{path}:{number}: {fault}; save it as CSV in UTF-8") from fault
        for column in COLUMNS:
            if names.count(column) != 1:
                wrong = "is missing" if column not in names else "is there twice"
                raise ReadError(
                    f"{path}:{number}: the column `{column}` {wrong}; "
                    f"the first row names {','.join(COLUMNS)}"
                )
        return names
    raise ReadError(f"{path}: is empty; export the orders again")


def _row(number: int, line: bytes | None, header: Sequence[str], zone: ZoneInfo, seed: int) -> Row:
    named: dict[str, str] = {}
    try:
        cells = _cells(line)
        if len(cells) != len(header):
            raise RowFault(
                [
                    Words(
                        f"该行有 {len(cells)} 格, 表头有 {len(header)} 格",
                        f"the row has {len(cells)} cells, the header has {len(header)}",
                    )
                ]
            )
        named = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        return _placed(number, _sale(named, zone), seed)
    except RowFault as fault:
        return BrokenRow(number, joined(list(fault.reasons)), named.get(NUMBER) or None)


def _cells(line: bytes | None) -> list[str]:
    """The cells of one line. Each line stands alone, so that a stray quote breaks no other."""
    if line is None:
        raise RowFault([Words("该行过长", "the line is too long")])
    try:
        return next(csv.reader([line.decode("utf-8")], strict=True))
    except UnicodeDecodeError as error:
        raise RowFault([Words("该行不是 UTF-8 文本", "the line is not UTF-8 text")]) from error
    except csv.Error as error:
        zh, en = "引号或换行有误", "the quotation marks or the line ends are wrong"
        raise RowFault([Words(zh, en)]) from error


def _sale(named: Mapping[str, str], zone: ZoneInfo) -> _Sale:
    reasons: list[Words] = []
    sale = _Sale(
        number=named[NUMBER],
        total=_amount(named, TOTAL, reasons),
        kept=_amount(named, KEPT, reasons),
        province=named[PROVINCE],
        placed_at=_moment(named, PLACED_AT, zone, reasons),
        paid_at=_moment(named, PAID_AT, zone, reasons) if named[PAID_AT] else None,
        refund=_amount(named, REFUND, reasons),
    )
    if not sale.number:
        reasons.append(Words(f"缺少 `{NUMBER}`", f"`{NUMBER}` is missing"))
    if not reasons and sale.paid_at is None and sale.kept + sale.refund > 0:
        reasons.append(
            Words(f"有付款或退款, 但缺少 `{PAID_AT}`", f"money moved, but `{PAID_AT}` is missing")
        )
    if reasons:
        raise RowFault(reasons)
    return sale


def _amount(named: Mapping[str, str], column: str, reasons: list[Words]) -> Decimal:
    text = named[column]
    if _AMOUNT.fullmatch(text):
        return Decimal(text)
    shown = clip(text)
    reasons.append(
        Words(f"`{column}` 应为金额, 如 12.50: `{shown}`", f"`{column}` is no amount: `{shown}`")
    )
    return Decimal(0)


def _moment(
    named: Mapping[str, str], column: str, zone: ZoneInfo, reasons: list[Words]
) -> datetime:
    text = named[column]
    try:
        return year_checked(datetime.strptime(text, "%Y-%m-%d %H:%M:%S")).replace(tzinfo=zone)
    except ValueError:
        shown = clip(text)
        reasons.append(
            Words(
                f"`{column}` 应如 2020-02-21 00:00:00: `{shown}`",
                f"`{column}` is no time like 2020-02-21 00:00:00: `{shown}`",
            )
        )
        return datetime.min.replace(tzinfo=zone)


def _placed(number: int, sale: _Sale, seed: int) -> PlacedRow:
    payments = _payments(sale)
    at_once = sale.paid_at is not None and sale.paid_at <= sale.placed_at
    message: dict[str, object] = {
        "source_id": sale.number,
        "channel": CHANNEL,
        "placed_at": sale.placed_at,
        "lines": [{"sku": SKU, "title": "整单", "quantity": 1, "unit_price": sale.total}],
        "receiver": {
            "region": region_of(sale.province),
            "province": sale.province or None,
            "country": "CN",
        },
        "payments": payments if at_once else [],
        "tags": ["clock_quirk"] if sale.paid_at and sale.paid_at < sale.placed_at else [],
    }
    story = Story(
        payments=() if at_once else tuple(payments),
        requests=_requests(sale, seed),
    )
    return PlacedRow(number, message, story)


def _payments(sale: _Sale) -> list[dict[str, object]]:
    """What the buyer really paid: what the shop kept and what it gave back."""
    paid = sale.kept + sale.refund
    if sale.paid_at is None or paid == 0:
        return []
    return [
        {
            "transaction": f"T{sale.number}",
            # In 2020 Tmall took money through Alipay alone; the export does not name it.
            "method": "alipay",
            "amount": paid,
            "paid_at": sale.paid_at,
        }
    ]


def _requests(sale: _Sale, seed: int) -> tuple[Request, ...]:
    """A refund that was given must have been agreed on; goods never come back, there are none."""
    if sale.paid_at is None or sale.refund == 0:
        return ()
    minutes = REFUND_MINUTES[draw(seed, "refunded", sale.number, len(REFUND_MINUTES))]
    return (
        Request(
            kind="aftersale",
            at=sale.paid_at + timedelta(minutes=minutes),
            reason="AGREED",
            demand="REFUND_ONLY",
            goods="never",
            amount=sale.refund,
        ),
    )
