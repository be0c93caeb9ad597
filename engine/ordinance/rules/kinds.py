"""The kinds of value that a fact, a parameter or an outcome can hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias


class Kind(StrEnum):
    """What a value is. The reader gives a scalar its meaning by the kind that the fact declares.

    In Python a value of each kind is held as:

    ============  =======================================================================
    MONEY         `Decimal` in major units of the shop's currency (never a float)
    INTEGER       `int`
    DECIMAL       `Decimal`, in the unit that the fact names
    RATIO         `Decimal`; `0.2` and `20%` are the same value
    TEXT          `str`
    CHOICE        `str`, one of the declared choices (their English code)
    BOOLEAN       `bool`
    DATE          `date`
    INSTANT       `datetime`, zone-aware
    TIME_OF_DAY   `time`, to the second, without a zone (the shop's zone)
    DURATION      `timedelta`; written `48 h`, `30 min`, `7 d`, `48小时`, `30分钟`, `7天`
    TAGS          `frozenset[str]`
    REGION        `str`: GB/T 2260 digits (`33`, `3301`, `330106`) or ISO 3166-2 with further
                  levels after a hyphen (`GB`, `BR-SP`); a region contains its sub-regions
    ============  =======================================================================
    """

    MONEY = "money"
    INTEGER = "integer"
    DECIMAL = "decimal"
    RATIO = "ratio"
    TEXT = "text"
    CHOICE = "choice"
    BOOLEAN = "boolean"
    DATE = "date"
    INSTANT = "instant"
    TIME_OF_DAY = "time_of_day"
    DURATION = "duration"
    TAGS = "tags"
    REGION = "region"


Value: TypeAlias = Decimal | int | str | bool | date | datetime | time | timedelta | frozenset[str]


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in Chinese and in English."""

    zh: str
    en: str

    def get(self, lang: str) -> str:
        """The words in `lang` (`zh` or `en`)."""
        return self.zh if lang == "zh" else self.en
