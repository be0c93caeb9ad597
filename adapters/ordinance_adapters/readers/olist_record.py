"""One line of an Olist order file, read strictly into typed values."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ordinance.orders.order import Amount, Code
from ordinance.rules.kinds import Words
from ordinance.rules.moment import year_checked
from ordinance.rules.scalar import clip
from ordinance_adapters.readers.fault import RowFault
from ordinance_adapters.textfile import LONGEST_LINE

MOST_REASONS = 3
"""How many problems of one line are told; further ones are counted."""


def _moment(value: Any) -> datetime:
    if not isinstance(value, str):
        raise ValueError
    return year_checked(datetime.strptime(value, "%Y-%m-%d %H:%M:%S"))


Moment = Annotated[datetime, BeforeValidator(_moment)]
"""Local time without a zone, as Olist writes it: `2017-10-04 13:15:46`."""

Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
State = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Measure = Annotated[int, Field(ge=0, le=10**9)]


class _Part(BaseModel):
    # A field that nobody reads here may come or go without breaking a line.
    model_config = ConfigDict(extra="ignore", frozen=True)


class Spot(_Part):
    """Where a customer or a seller is: a postcode prefix, never a street."""

    zip_prefix: str | None = None
    city: str | None = None
    state: State
    lat: Latitude | None = None
    lng: Longitude | None = None


class Customer(Spot):
    """The person (`customer_unique_id`) and the place of one order."""

    customer_unique_id: Code


class Seller(Spot):
    """Who sold an item and sends it."""

    seller_id: Code


class Piece(_Part):
    """One piece of one product; Olist writes a quantity as repeated pieces."""

    product_id: Code
    price: Amount
    freight_value: Amount
    seller: Seller
    category_pt: str | None = None
    category_en: str | None = None
    weight_g: Measure | None = None
    length_cm: Measure | None = None
    height_cm: Measure | None = None
    width_cm: Measure | None = None


class Paid(_Part):
    """One of the payments of an order."""

    sequential: Annotated[int, Field(ge=1)]
    type: Code
    installments: Annotated[int, Field(ge=0, le=120)]
    value: Annotated[Amount, Field(ge=0)]


class Review(_Part):
    """What the buyer answered to the survey."""

    score: Annotated[int, Field(ge=1, le=5)]
    created: Moment


class OlistOrder(_Part):
    """One order of the data. `reviews` is None when they are unknown, empty when there are none."""

    order_id: Code
    status: Code
    purchased_at: Moment
    approved_at: Moment | None = None
    handed_to_carrier_at: Moment | None = None
    delivered_at: Moment | None = None
    estimated_delivery: Moment | None = None
    customer: Customer
    items: tuple[Piece, ...]
    payments: tuple[Paid, ...]
    reviews: tuple[Review, ...] | None = None

    @property
    def known(self) -> tuple[datetime, ...]:
        """The instants of its way that the data has, in the order in which they should happen."""
        way = (self.purchased_at, self.approved_at, self.handed_to_carrier_at, self.delivered_at)
        return tuple(at for at in way if at is not None)


def parse_order(line: bytes | None) -> OlistOrder:
    """The order that a line holds; None is a line that was too long to be read.

    Raises `RowFault` with what is wrong.
    """
    if line is None:
        size = LONGEST_LINE // (1024 * 1024)
        raise RowFault([Words(f"该行超过 {size} MiB", f"the line is longer than {size} MiB")])
    try:
        return OlistOrder.model_validate(_decoded(line))
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        raise RowFault(_told(found)) from error


def source_id_of(line: bytes | None) -> str | None:
    """The order number of a line that is otherwise broken, where it can be told."""
    try:
        value = _decoded(line or b"")
    except RowFault:
        return None
    number = value.get("order_id")
    return number if isinstance(number, str) and number else None


def _decoded(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line.decode("utf-8"), parse_float=Decimal, parse_constant=_refused)
    except UnicodeDecodeError as error:
        raise RowFault([Words("该行不是 UTF-8 文本", "the line is not UTF-8 text")]) from error
    except json.JSONDecodeError as error:
        at = error.colno
        raise RowFault(
            [Words(f"第 {at} 列起不是 JSON", f"not JSON from column {at} on")]
        ) from error
    except (ValueError, RecursionError) as error:
        raise RowFault(
            [Words("数字过大或嵌套过深", "a number is too large, or the nesting too deep")]
        ) from error
    if not isinstance(value, dict):
        raise RowFault([Words("每行应为一张订单 {...}", "each line must be one order {...}")])
    return value


def _refused(word: str) -> Any:
    raise RowFault([Words(f"`{word}` 不是数字", f"`{word}` is no number")])


def _told(errors: list[Any]) -> list[Words]:
    """Pydantic's findings in the words of a data file."""
    reasons = []
    for error in errors[:MOST_REASONS]:
        place = ""
        for part in error["loc"]:
            place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else str(part)
        if error["type"] == "missing":
            reasons.append(Words(f"缺少 `{place}`", f"`{place}` is missing"))
        else:
            shown = clip(str(error["input"]))
            reasons.append(
                Words(f"`{place}` 无法读取: `{shown}`", f"`{place}` cannot be read: `{shown}`")
            )
    if len(errors) > MOST_REASONS:
        left = len(errors) - MOST_REASONS
        reasons.append(Words(f"另有 {left} 处", f"and {left} more"))
    return reasons
