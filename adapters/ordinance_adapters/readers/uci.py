"""The UCI Online Retail file: sales, returns and bookkeeping of a British gift wholesaler."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from ordinance.orders.money import major_units, minor_units
from ordinance.profile import Profile
from ordinance.rules.kinds import Words
from ordinance.rules.scalar import clip
from ordinance.story import AsideRow, BrokenRow, Piece, PlacedRow, ReturnRow, Row, Story
from ordinance_adapters.readers import derived
from ordinance_adapters.readers.fault import joined
from ordinance_adapters.readers.invoices import Invoice, InvoiceLine, read_invoices

CHANNEL = "online"
"""The file knows one channel and does not name it."""

RETURNED, BOOKED = "C", "A"
"""What the numbers of cancellations and of bookkeeping entries begin with."""

_REASONS_SHOWN = 10


def read_uci(path: Path, profile: Profile, seed: int) -> Iterator[Row]:
    """One row of the story for each invoice, in the order of their first lines.

    Lines are kept as they are, also those without price or goods: rules say what they mean.
    Receiver and payment are made up by `seed`; such orders carry the tag `derived`.
    """
    zone = ZoneInfo(profile.zone)
    for invoice in read_invoices(path):
        if invoice.faults:
            reasons = invoice.faults[:_REASONS_SHOWN]
            yield BrokenRow(invoice.row, joined(reasons), invoice.no or None)
        elif invoice.no.startswith(BOOKED):
            yield AsideRow(invoice.row, invoice.no, _booked(invoice, profile))
        elif invoice.no.startswith(RETURNED):
            yield _returned(invoice, zone)
        elif all(line.quantity < 0 and line.unit_price == 0 for line in invoice.lines):
            yield AsideRow(invoice.row, invoice.no, _written_off(invoice))
        else:
            yield _placed(invoice, profile, zone, seed)


def _placed(invoice: Invoice, profile: Profile, zone: ZoneInfo, seed: int) -> PlacedRow:
    first = invoice.lines[0]
    placed_at = first.at.replace(tzinfo=zone)
    due = receivable(invoice.lines, profile.minor_digits)
    # Nothing is paid when the order is placed: the story brings the money after it.
    payments = (derived.payment(seed, invoice.no, placed_at, due),) if due > 0 else ()
    receiver = derived.receiver(seed, first.customer, invoice.no, first.country)
    order: dict[str, object] = {
        "source_id": invoice.no,
        "channel": CHANNEL,
        "placed_at": placed_at.isoformat(),
        "lines": [_line(line) for line in invoice.lines],
        "buyer": {"id": first.customer, "name": receiver["name"]},
        "receiver": receiver,
        "tags": [derived.TAG],
    }
    return PlacedRow(invoice.row, order, Story(payments=payments))


def _line(line: InvoiceLine) -> dict[str, object]:
    return {
        "sku": line.sku,
        "title": line.title,
        "quantity": line.quantity,
        "unit_price": str(line.unit_price),
    }


def receivable(lines: list[InvoiceLine], digits: int) -> Decimal:
    """What the lines add up to in major units, each rounded half up to the smallest unit."""
    return major_units(
        sum(minor_units(line.unit_price * line.quantity, digits) for line in lines), digits
    )


def _returned(invoice: Invoice, zone: ZoneInfo) -> Row:
    first = invoice.lines[0]
    wrong = [line for line in invoice.lines if line.quantity >= 0]
    if wrong:
        return BrokenRow(
            invoice.row,
            Words(
                f"第 {wrong[0].row} 行: 退货发票 `{invoice.no}` 的数量须为负",
                f"row {wrong[0].row}: `{invoice.no}` is a return, so its quantity must be negative",
            ),
            invoice.no,
        )
    return ReturnRow(
        row=invoice.row,
        source_id=invoice.no,
        channel=CHANNEL,
        buyer_id=first.customer,
        at=first.at.replace(tzinfo=zone),
        pieces=tuple((Piece(line.sku, -line.quantity), line.unit_price) for line in invoice.lines),
    )


def _booked(invoice: Invoice, profile: Profile) -> Words:
    what = clip(invoice.lines[0].title or invoice.lines[0].sku)
    amount = f"{receivable(invoice.lines, profile.minor_digits)} {profile.currency}"
    return Words(
        f"记账分录, 不是订单: {what}, {amount}", f"bookkeeping, no order: {what}, {amount}"
    )


def _written_off(invoice: Invoice) -> Words:
    line = invoice.lines[0]
    pieces = sum(-line.quantity for line in invoice.lines)
    title = clip(line.title) if line.title else None
    return Words(
        f"库存核销, 不是订单: {line.sku} {pieces} 件, {title or '无说明'}",
        f"stock write-off, no order: {pieces} of {line.sku}, {title or 'without a word'}",
    )
