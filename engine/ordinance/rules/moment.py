"""Dates, moments, times of day and lengths of time as strict text."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import TypeVar

from ordinance.rules import respelling
from ordinance.rules.kinds import Kind
from ordinance.rules.numeral import MOST_DIGITS, NUMBER
from ordinance.rules.refusal import EXAMPLES, ScalarError, clip
from ordinance.rules.words import DURATION_UNITS

D = TypeVar("D", bound=date)

FIRST_YEAR, LAST_YEAR = 1900, 2299

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?")
_DURATION = re.compile(r"(\S+?) ?([a-z]+|[\u4e00-\u9fff]+)")


def parse_date(text: str) -> date:
    if _DATE.fullmatch(text):
        try:
            return year_checked(date.fromisoformat(text))
        except ScalarError:
            raise
        except ValueError:
            raise ScalarError(
                "E_TYPE", f"`{text}` is not in the calendar", "check the month and the day"
            ) from None
    meant = respelling.day(text)
    hint = f"write `{meant}`" if meant else "write it like `2026-11-05`"
    raise ScalarError("E_TYPE", f"`{clip(text)}` is not a date", hint)


def parse_instant(text: str, zone: tzinfo | None) -> datetime:
    if _DATE.fullmatch(text):
        day = parse_date(text)
        return aware(datetime.combine(day, time()), zone)
    if _INSTANT.fullmatch(text):
        try:
            return aware(year_checked(datetime.fromisoformat(text)), zone)
        except ScalarError:
            raise
        except ValueError:
            pass
    raise ScalarError(
        "E_TYPE", f"`{clip(text)}` is not a moment", f"write {EXAMPLES[Kind.INSTANT]}"
    )


def parse_time(text: str) -> time:
    if _TIME.fullmatch(text):
        try:
            return time.fromisoformat(text)
        except ValueError:
            pass
    hint = "write it like `22:30`, from `00:00` to `23:59`"
    meant = respelling.clock(text)
    if re.fullmatch(r"[0-9]:[0-5][0-9](:[0-5][0-9])?", text):
        hint = f"write `0{text}`"
    elif meant is not None and meant != text:
        hint = f"write `{meant}`"
    elif text in ("24:00", "24:00:00"):
        hint = "write `00:00`"
    raise ScalarError("E_TYPE", f"`{clip(text)}` is not a time of day", hint)


def parse_duration(text: str) -> timedelta:
    match = _DURATION.fullmatch(text) if len(text) <= 40 else None
    unit = DURATION_UNITS.get(match.group(2)) if match else None
    number = NUMBER.fullmatch(match.group(1)) if match else None
    if match is None or unit is None or number is None:
        raise ScalarError(
            "E_TYPE",
            f"`{clip(text)}` is not a length of time",
            f"write {EXAMPLES[Kind.DURATION]} (`48小时`, `30分钟`, `7天`)",
        )
    micro = Decimal(match.group(1)) * unit * 1_000_000
    if micro != micro.to_integral_value() or abs(micro) >= Decimal(10) ** MOST_DIGITS:
        raise ScalarError("E_RANGE", f"`{clip(text)}` is too long or too exact", None)
    return timedelta(microseconds=int(micro))


def aware(moment: datetime, zone: tzinfo | None) -> datetime:
    if moment.tzinfo is not None and moment.utcoffset() is not None:
        return moment
    if zone is None:
        raise ScalarError(
            "E_TYPE",
            f"`{moment.isoformat()}` does not say its zone",
            f"add the zone, like `{moment.isoformat(timespec='minutes')}+08:00`",
        )
    return moment.replace(tzinfo=zone)


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC. Python compares two moments of one zone by the hands of the clock,
    which go back by an hour each autumn; in UTC they never do."""
    return moment.astimezone(UTC)


def year_checked(day: D) -> D:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ScalarError(
            "E_RANGE",
            f"the year {day.year} is out of range",
            f"write a year from {FIRST_YEAR} to {LAST_YEAR}",
        )
    return day


def clock(value: time) -> str:
    return value.isoformat(timespec="seconds" if value.second else "minutes")


def seconds(value: timedelta) -> Decimal:
    micro = (value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds
    return Decimal(micro) / 1_000_000
