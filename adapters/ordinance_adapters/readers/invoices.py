"""Invoices of the UCI file: its lines, read strictly, and grouped without reading ahead far."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from ordinance.rules.kinds import Words
from ordinance.rules.scalar import clip
from ordinance_adapters.readers.fault import ReadError
from ordinance_adapters.textfile import Unreadable, numbered_lines

COLUMNS = (
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
)
KEPT_OPEN = 3
"""Invoices that may lie interleaved; in the published file two do, once."""
MOST_LINES = 10_000
"""As many as an order may have."""

_INTEGER = re.compile(r"-?[0-9]{1,9}")
_AMOUNT = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
_AMERICAN = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}) ([0-9]{1,2}):([0-9]{2})")


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One row. `unit_price` is in major units, `at` without a zone; both may be odd."""

    row: int
    sku: str
    title: str | None
    quantity: int
    unit_price: Decimal
    at: datetime
    customer: str | None
    country: str


@dataclass(slots=True)
class Invoice:
    """The rows of one invoice number; with a fault it cannot be an order."""

    no: str
    row: int
    lines: list[InvoiceLine] = field(default_factory=list)
    faults: list[Words] = field(default_factory=list)


def read_invoices(path: Path) -> Iterator[Invoice]:
    """The invoices in the order of their first row. Raises `ReadError` for a wrong file."""
    still_open: dict[str, Invoice] = {}
    closed: set[str] = set()
    try:
        for row, cells, fault in _rows(path):
            no = cells.get("InvoiceNo", "").strip()
            if not no:
                why = fault or Words("缺发票号 `InvoiceNo`", "`InvoiceNo` is empty")
                yield Invoice("", row, faults=[_at(row, why)])
                continue
            if no in closed:
                why = Words(
                    f"发票 `{no}` 的其余行在前面; 请把同一发票的行放在一起",
                    f"the other rows of invoice `{no}` stand far above; bring them together",
                )
                yield Invoice(no, row, faults=[_at(row, why)])
                continue
            invoice = still_open.setdefault(no, Invoice(no, row))
            _add(invoice, row, cells, fault)
            if len(still_open) > KEPT_OPEN:
                oldest = next(iter(still_open))
                closed.add(oldest)
                yield still_open.pop(oldest)
    except Unreadable as error:
        raise ReadError(f"{path}: {error}") from error
    yield from still_open.values()


def _add(invoice: Invoice, row: int, cells: Mapping[str, str], fault: Words | None) -> None:
    if len(invoice.lines) + len(invoice.faults) >= MOST_LINES:
        if len(invoice.lines) + len(invoice.faults) == MOST_LINES:
            why = Words(f"超过 {MOST_LINES} 行", f"has more than {MOST_LINES} rows")
            invoice.faults.append(_at(row, why))
        return
    faults = [fault] if fault else []
    line = None if fault else _line(row, cells, faults)
    if line is not None and invoice.lines and line.customer != invoice.lines[0].customer:
        faults.append(Words("与首行的客户不同", "names another customer than the first row"))
    elif line is not None:
        invoice.lines.append(line)
    invoice.faults.extend(_at(row, why) for why in faults)


def _line(row: int, cells: Mapping[str, str], faults: list[Words]) -> InvoiceLine | None:
    """The row as a line, or None after its faults were noted."""
    sku = cells["StockCode"].strip()
    quantity, price = cells["Quantity"].strip(), cells["UnitPrice"].strip()
    at = _moment(cells["InvoiceDate"].strip())
    if not sku:
        faults.append(Words("缺 `StockCode`", "`StockCode` is empty"))
    if not _INTEGER.fullmatch(quantity):
        faults.append(_wrong("Quantity", quantity, "整数", "a whole number"))
    if not _AMOUNT.fullmatch(price):
        faults.append(_wrong("UnitPrice", price, "金额", "an amount"))
    if at is None:
        faults.append(_wrong("InvoiceDate", cells["InvoiceDate"], "时刻", "a moment"))
    if faults or at is None:
        return None
    return InvoiceLine(
        row=row,
        sku=sku,
        title=cells["Description"].strip() or None,
        quantity=int(quantity),
        unit_price=Decimal(price),
        at=at,
        # Some exports write the number as a decimal: `17850.0`.
        customer=cells["CustomerID"].strip().removesuffix(".0") or None,
        country=cells["Country"].strip(),
    )


def _moment(text: str) -> datetime | None:
    """`2010-12-01 08:26:00`, or `12/1/2010 8:26` as the published spreadsheet has it."""
    american = _AMERICAN.fullmatch(text)
    try:
        if american:
            month, day, year, hour, minute = (int(part) for part in american.groups())
            return datetime(year, month, day, hour, minute)
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is None and 1900 <= at.year < 2300 else None


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str], Words | None]]:
    """Row number, cells by column, and what is wrong with the row as a whole.

    A row is one line: a quote that is never closed spoils its own row and no other.
    """
    header: list[str] | None = None
    for number, line in numbered_lines(path):
        if line is not None and not line.strip():
            continue
        if header is None:
            header = _header(path, number, line)
            continue
        text = "" if line is None else line.decode("utf-8", "replace")
        cells, fault = _cells(text, header)
        if line is None:
            fault = Words("这一行过长", "the row is too long")
        elif "\ufffd" in text or "\0" in text:
            fault = Words("不是 UTF-8 文本; 请另存为 UTF-8", "is not UTF-8 text; save it as UTF-8")
        yield number, cells, fault
    if header is None:
        raise ReadError(f"{path}: is empty; the first row names the columns: {','.join(COLUMNS)}")


def _header(path: Path, number: int, line: bytes | None) -> list[str]:
    text = "" if line is None else line.decode("utf-8", "replace")
    try:
        header = [cell.strip() for cell in next(csv.reader([text], strict=True))]
    except csv.Error:
        header = []
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise ReadError(
            f"{path}:{number}: the column `{missing[0]}` is missing; "
            f"the first row names the columns: {','.join(COLUMNS)}"
        )
    return header


def _cells(text: str, header: list[str]) -> tuple[dict[str, str], Words | None]:
    try:
        # Most rows hold no quote, and splitting them is several times faster.
        cells = next(csv.reader([text], strict=True)) if '"' in text else text.split(",")
    except csv.Error as error:
        cells = text.split(",")
        return dict(zip(header, cells, strict=False)), Words(
            f"不是合法的 CSV ({error})", f"is not CSV: {error}"
        )
    fault = None
    if len(cells) != len(header):
        fault = Words(
            f"有 {len(cells)} 格, 应为 {len(header)} 格",
            f"has {len(cells)} cells, the header has {len(header)}",
        )
    return dict(zip(header, cells, strict=False)), fault


def _wrong(column: str, text: str, zh: str, en: str) -> Words:
    text = clip(text)
    return Words(f"`{column}` 的 `{text}` 不是{zh}", f"`{column}`: `{text}` is not {en}")


def _at(row: int, why: Words) -> Words:
    return Words(f"第 {row} 行: {why.zh}", f"row {row}: {why.en}")
