"""Olist: whole orders of a Brazilian marketplace, one a line; its sellers are the warehouses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from ordinance.profile import Profile
from ordinance.story import BrokenRow, PlacedRow, Request, Row, Story
from ordinance_adapters.readers.derived import draw
from ordinance_adapters.readers.fault import ReadError, RowFault, joined
from ordinance_adapters.readers.olist_profile import derive_profile
from ordinance_adapters.readers.olist_record import OlistOrder, Piece, parse_order, source_id_of
from ordinance_adapters.textfile import Unreadable, numbered_lines

__all__ = ["DATA_ENDS", "derive_profile", "read_olist"]

CHANNEL = "olist"

DATA_ENDS = datetime(2018, 10, 17, 17, 30, 18)
"""The last instant that the published data tells of (its last purchase), in São Paulo."""

CLOCK_QUIRK = "clock_quirk"
"""Tag of an order whose instants run backwards (handed over before it was approved ...)."""

UNAVAILABLE = "unavailable"
"""Tag of an order that the sellers turned out to have no goods for."""

CANCEL_MINUTES = range(10, 240)
"""Minutes from the last known step to the buyer's cancellation; the data only says that it was."""


def read_olist(path: Path, profile: Profile, seed: int) -> Iterator[Row]:
    """One row for each order, in file order. Instants are as the data has them, never put right.

    Only the moment of a cancellation is drawn, by `seed`: everything else is read. A line that
    cannot be read comes as `BrokenRow`. Raises `ReadError` when the file cannot be read at all.
    """
    zone = ZoneInfo(profile.zone)
    rows = 0
    try:
        for number, line in numbered_lines(path):
            if line is not None and not line.strip():
                continue
            rows += 1
            try:
                yield _row(number, parse_order(line), zone, seed)
            except RowFault as fault:
                yield BrokenRow(number, joined(list(fault.reasons)), source_id_of(line))
    except Unreadable as error:
        raise ReadError(f"{path}: {error}") from error
    if rows == 0:
        raise ReadError(f"{path}: holds no orders; put one on each line")


def _row(number: int, order: OlistOrder, zone: ZoneInfo, seed: int) -> PlacedRow:
    placed_at = order.purchased_at.replace(tzinfo=zone)
    paid_at = _paid_at(order)
    payments = [] if paid_at is None else _payments(order, paid_at.replace(tzinfo=zone))
    at_once = paid_at is not None and paid_at <= order.purchased_at
    customer = order.customer
    message: dict[str, object] = {
        "source_id": order.order_id,
        "channel": CHANNEL,
        "placed_at": placed_at,
        "lines": _lines(order.items),
        "buyer": {"id": customer.customer_unique_id},
        "receiver": {
            "region": f"BR-{customer.state}",
            "province": customer.state,
            "city": customer.city,
            "postcode": customer.zip_prefix,
            "country": "BR",
            "latitude": customer.lat,
            "longitude": customer.lng,
        },
        "payments": payments if at_once else [],
        "freight": sum((piece.freight_value for piece in order.items), Decimal(0)),
        "promised_at": _promised_at(order, zone),
        "tags": _tags(order),
    }
    story = Story(
        payments=() if at_once else tuple(payments),
        handed_over_at=_zoned(order.handed_to_carrier_at, zone),
        delivered_at=_zoned(order.delivered_at, zone),
        ends_at=_ends_at(order, zone),
        requests=_requests(order, zone, seed),
        survey_score=_score(order),
    )
    return PlacedRow(number, message, story)


def _paid_at(order: OlistOrder) -> datetime | None:
    """When the money came: at approval. None when it never did.

    A few orders were delivered although the approval is not on record: the money must have come,
    and the purchase is the only instant there is for it.
    """
    if order.approved_at is not None:
        return order.approved_at
    sent = order.handed_to_carrier_at is not None or order.status == "delivered"
    return order.purchased_at if sent else None


def _payments(order: OlistOrder, paid_at: datetime) -> list[dict[str, object]]:
    """The payments that moved money: the data also holds empty vouchers."""
    return [
        {
            "transaction": f"{order.order_id}-{paid.sequential}",
            "method": paid.type,
            "amount": paid.value,
            "paid_at": paid_at,
            # Olist writes 0 instalments in two rows; money that came in came in at least once.
            "instalments": max(paid.installments, 1),
        }
        for paid in order.payments
        if paid.value > 0
    ]


def _lines(pieces: tuple[Piece, ...]) -> list[dict[str, object]]:
    """One line for each (product, seller, price), in the order of first sight."""
    counted: dict[tuple[str, str, Decimal], int] = {}
    for piece in pieces:
        key = (piece.product_id, piece.seller.seller_id, piece.price)
        counted[key] = counted.get(key, 0) + 1
    return [
        {"sku": sku, "quantity": quantity, "unit_price": price}
        for (sku, _seller, price), quantity in counted.items()
    ]


def _promised_at(order: OlistOrder, zone: ZoneInfo) -> datetime | None:
    """Olist promises a day, written as its midnight: the promise is kept until that day ends.

    The last second is taken, not the midnight after it: that midnight does not exist on the days
    on which Brazil put its clocks forward.
    """
    if order.estimated_delivery is None:
        return None
    return order.estimated_delivery.replace(hour=23, minute=59, second=59, tzinfo=zone)


def _tags(order: OlistOrder) -> list[str]:
    tags = []
    if list(order.known) != sorted(order.known):
        tags.append(CLOCK_QUIRK)
    if order.status == "unavailable":
        tags.append(UNAVAILABLE)
    return tags


def _ends_at(order: OlistOrder, zone: ZoneInfo) -> datetime | None:
    """Until when the data knows: what had not happened to the order by then, never did.

    None for what was delivered: where only the moment is missing, it may be filled in.
    """
    if order.status == "delivered":
        return None
    return max(DATA_ENDS, *order.known).replace(tzinfo=zone)


def _requests(order: OlistOrder, zone: ZoneInfo, seed: int) -> tuple[Request, ...]:
    """The data says that an order was cancelled, not when: a while after the last known step."""
    if order.status != "canceled":
        return ()
    minutes = CANCEL_MINUTES[draw(seed, "cancelled", order.order_id, len(CANCEL_MINUTES))]
    # Through UTC: added to local time, a length would bend where the clocks change.
    last = max(order.known).replace(tzinfo=zone).astimezone(UTC)
    at = (last + timedelta(minutes=minutes)).astimezone(zone)
    return (Request(kind="cancel", at=at, reason="DONT_WANT"),)


def _score(order: OlistOrder) -> int | None:
    """The buyer's last word, where there are several reviews."""
    if not order.reviews:
        return None
    return max(order.reviews, key=lambda review: review.created).score


def _zoned(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if at is None else at.replace(tzinfo=zone)
