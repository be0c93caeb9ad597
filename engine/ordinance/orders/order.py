"""An order as a store hands it over: the message that `place` takes, validated."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator


def _exact(value: Any) -> Any:
    """A float is read by its shortest spelling, so that 19.9 means 19.90 and not 19.8999..."""
    if isinstance(value, bool):
        raise ValueError("a number is needed, not yes or no")
    return repr(value) if isinstance(value, float) else value


Amount = Annotated[
    Decimal, Field(max_digits=18, decimal_places=6, allow_inf_nan=False), BeforeValidator(_exact)
]
"""Money in major units of the shop's currency, exact. The limits stand next to the type, where
pydantic looks at them together with it."""

Text = Annotated[str, Field(max_length=2000)]
Code = Annotated[str, Field(min_length=1, max_length=200)]


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Buyer(_Message):
    """Who bought. `id` is the store's own customer id; None is a guest."""

    id: Code | None = None
    name: Text | None = None
    phone: Text | None = None
    email: Text | None = None
    level: Text | None = None


class Receiver(_Message):
    """Where the goods go. `region` is a GB/T 2260 or ISO 3166-2 style code (`330106`, `BR-SP`)."""

    name: Text | None = None
    phone: Text | None = None
    region: Code | None = None
    province: Text | None = None
    city: Text | None = None
    district: Text | None = None
    address: Text | None = None
    postcode: Text | None = None
    country: Text | None = None
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)


class Line(_Message):
    """One line. `quantity` and `unit_price` may be zero or negative: a rule says what that means.

    `discount` is for the whole line, in money, not per piece. `no_return_agreed` records whether
    the buyer agreed, at the purchase and for this very line, that it cannot be sent back without a
    reason; None where nobody asked. `gift_of` is the number of the line (the first is 1) that
    earned this gift, which travels with it. `presale_by` is the day by whose end goods that are
    not there yet were promised to ship.
    """

    sku: Code
    quantity: int = Field(ge=-(10**9), le=10**9)
    unit_price: Amount
    title: Text | None = None
    discount: Amount = Decimal(0)
    no_return_agreed: bool | None = None
    gift_of: int | None = Field(default=None, ge=1)
    presale_by: date | None = None


class Payment(_Message):
    """Money that came in. `transaction` is the payment channel's own number, unique per channel."""

    transaction: Code
    amount: Amount
    paid_at: datetime
    method: Code = "unknown"
    instalments: int = Field(default=1, ge=1, le=120)


class Order(_Message):
    """One order from one channel; (channel, source_id) names it for ever.

    `freight` is what the buyer pays for delivery, `discount` what is taken off the whole order.
    Instants without a zone are read in the shop's zone.
    """

    source_id: Code
    channel: Code
    placed_at: datetime
    lines: tuple[Line, ...] = Field(max_length=10_000)
    buyer: Buyer = Buyer()
    receiver: Receiver = Receiver()
    payments: tuple[Payment, ...] = Field(default=(), max_length=1_000)
    freight: Amount = Decimal(0)
    discount: Amount = Decimal(0)
    promised_at: datetime | None = None
    type: Code = "normal"
    buyer_message: Text | None = None
    seller_memo: Text | None = None
    tags: tuple[Code, ...] = ()

    @model_validator(mode="after")
    def _gifts_have_a_line(self) -> Order:
        for no, line in enumerate(self.lines, start=1):
            if line.gift_of is not None and not (no != line.gift_of <= len(self.lines)):
                raise ValueError(f"line {no} is a gift of line {line.gift_of}: no other line is it")
        return self
