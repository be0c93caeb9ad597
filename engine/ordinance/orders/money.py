"""Money: integer minor units with a currency, and shares that add up to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

MINOR_DIGITS = {"JPY": 0, "KRW": 0, "VND": 0, "KWD": 3, "BHD": 3, "TND": 3}
"""Decimal places of the currencies that do not have two (ISO 4217)."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An exact amount of one currency. `minor` is in the smallest unit: 1990 for 19.90 EUR."""

    minor: int
    currency: str

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read `19.90 EUR`; more decimal places than the currency has are refused."""
        number, _, currency = text.strip().partition(" ")
        return cls.of(Decimal(number), currency)

    @classmethod
    def of(cls, major: Decimal, currency: str) -> Money:
        """`major` units of `currency`; raises ValueError for a fraction of the smallest unit."""
        scaled = major.scaleb(digits_of(currency))
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{major} has more decimal places than {currency} has")
        return cls(int(scaled), currency)

    @property
    def major(self) -> Decimal:
        """The amount in major units."""
        return major_units(self.minor, digits_of(self.currency))

    def __str__(self) -> str:
        return f"{self.major} {self.currency}"


def digits_of(currency: str) -> int:
    """Decimal places of a currency (ISO 4217); two where not listed."""
    return MINOR_DIGITS.get(currency, 2)


def major_units(minor: int, digits: int = 2) -> Decimal:
    """Minor units as a decimal of major units, with all its decimal places."""
    return Decimal(minor).scaleb(-digits)


def minor_units(major: Decimal, digits: int = 2) -> int:
    """Major units as minor units, a fraction of the smallest unit rounded half up."""
    return int(major.scaleb(digits).to_integral_value(rounding=ROUND_HALF_UP))


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` by `weights` so that the parts add up to it exactly.

    Each part is the rounded-down share; what is left over goes to the last part with a weight.
    Negative totals are split like positive ones. All weights zero: all of it goes to the last.
    """
    if not weights:
        if total:
            raise ValueError("nothing to apportion to")
        return []
    whole = sum(weights)
    if whole <= 0:
        return [0] * (len(weights) - 1) + [total]
    sign = -1 if total < 0 else 1
    parts = [sign * (abs(total) * weight // whole) for weight in weights]
    last = max(place for place, weight in enumerate(weights) if weight > 0)
    parts[last] += total - sum(parts)
    return parts
