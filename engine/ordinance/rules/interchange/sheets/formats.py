"""Number formats of a workbook: which numbers are dates, times or lengths of time."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum, auto

from ordinance.rules.moment import clock, year_checked
from ordinance.rules.numeral import MOST_DIGITS, decimal_text
from ordinance.rules.refusal import ScalarError
from ordinance.rules.scalar import plain

EXCEL_DIGITS = 15
"""A spreadsheet shows no more digits of a number; further ones in the file are noise."""

_SECONDS = 86_400


class Shown(Enum):
    """What a number is shown as."""

    NUMBER = auto()
    DATE = auto()
    MOMENT = auto()
    TIME = auto()
    LENGTH = auto()


# ECMA-376 part 1, 18.8.30: formats without a text, those of Chinese and Japanese among them.
BUILT_IN: Mapping[int, Shown] = {
    **dict.fromkeys((*range(14, 18), *range(27, 32), 34, 35, 36, *range(50, 59)), Shown.DATE),
    **dict.fromkeys((18, 19, 20, 21, 32, 33), Shown.TIME),
    22: Shown.MOMENT,
    **dict.fromkeys((45, 46, 47), Shown.LENGTH),
}

_LENGTH = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_UNSHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.|AM/PM|A/P|上午/下午', re.IGNORECASE)

_GENERAL = re.compile("general|standard|通用格式")


def shown_as(code: str) -> Shown:
    """What the text of a format shows."""
    first = code.split(";")[0]
    if _LENGTH.search(first):
        return Shown.LENGTH
    left = _UNSHOWN.sub("", first).lower()
    if _GENERAL.search(left):
        return Shown.NUMBER
    day, clock_time = re.search("[yd]|e(?![+-])", left), re.search("[hs]", left)
    if clock_time:
        return Shown.MOMENT if day else Shown.TIME
    return Shown.DATE if day or "m" in left else Shown.NUMBER


def number_text(raw: str, shown: Shown, *, from_1904: bool) -> tuple[str, str]:
    """The text of a number cell, and why it must not be used (or nothing)."""
    try:
        number = Decimal(raw)
    except InvalidOperation:
        return raw, "this is no number"
    if not number.is_finite() or abs(number.adjusted()) >= MOST_DIGITS:
        return raw, f"a number of more than {MOST_DIGITS} digits"
    number = Decimal(f"{number:.{EXCEL_DIGITS}g}")
    if shown is Shown.NUMBER:
        return decimal_text(number), ""
    try:
        return _WRITERS[shown](number, from_1904), ""
    except (ScalarError, ValueError, OverflowError) as error:
        return decimal_text(number), f"it is shown as a date, and is none: {error}"


def _moment(number: Decimal, from_1904: bool) -> datetime:
    if from_1904:
        start = datetime(1904, 1, 1)
    elif number < 61:
        raise ValueError("spreadsheets count the first days of 1900 wrongly")
    else:
        start = datetime(1899, 12, 30)
    return year_checked(start + _length(number))


def _length(number: Decimal) -> timedelta:
    """Days, to the millisecond: finer ones are noise."""
    return timedelta(milliseconds=int((number * _SECONDS * 1000).to_integral_value()))


def _date_text(number: Decimal, from_1904: bool) -> str:
    moment = _moment(number, from_1904)
    return moment.date().isoformat() if moment.time() == time() else _moment_text(number, from_1904)


def _moment_text(number: Decimal, from_1904: bool) -> str:
    moment = _moment(number, from_1904)
    return moment.isoformat(sep=" ", timespec="milliseconds" if moment.microsecond else "seconds")


def _time_text(number: Decimal, from_1904: bool) -> str:
    if not 0 <= number < 1:
        return _moment_text(number, from_1904)
    moment = datetime.combine(date(2000, 1, 1), time()) + _length(number)
    if moment.microsecond:
        raise ValueError("times of day are told to the second")
    return clock(moment.time())


def _length_text(number: Decimal, _: bool) -> str:
    return str(plain(_length(number)))


_WRITERS: Mapping[Shown, Callable[[Decimal, bool], str]] = {
    Shown.DATE: _date_text,
    Shown.MOMENT: _moment_text,
    Shown.TIME: _time_text,
    Shown.LENGTH: _length_text,
}
