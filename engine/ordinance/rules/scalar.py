"""One value: strict text to a typed value, and back to words, to canonical text, from Python.

Text never changes its meaning by how it looks: only the declared kind says what it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from ordinance.rules.decision import Plain
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.moment import (
    aware,
    clock,
    parse_date,
    parse_duration,
    parse_instant,
    parse_time,
    seconds,
    year_checked,
)
from ordinance.rules.numeral import NUMBERS, decimal_text, number_from_python, parse_number
from ordinance.rules.point import Choice
from ordinance.rules.provinces import province, province_of
from ordinance.rules.refusal import EXAMPLES, KIND_WORDS, ScalarError, clip
from ordinance.rules.words import BOOLEANS, DURATION_UNITS, decimals_of, unit_words

__all__ = [
    "BOOLEAN_SPELLINGS",
    "KIND_WORDS",
    "ScalarError",
    "clip",
    "from_python",
    "parse",
    "plain",
    "render",
]

BOOLEAN_SPELLINGS: dict[bool, tuple[str, ...]] = {
    True: ("true", "yes", "是"),
    False: ("false", "no", "否"),
}
"""How a yes-or-no value may be written; nothing else is one."""

_REGION = re.compile(
    r"[1-9][0-9](?:[0-9]{2}){0,2}|[1-9][0-9]{8}|[1-9][0-9]{11}|[A-Z]{2}(?:-[A-Z0-9]{1,12})*"
)


def parse(
    text: str,
    kind: Kind,
    *,
    choices: Sequence[Choice] = (),
    unit: str | None = None,
    zone: tzinfo | None = None,
) -> Value:
    """The value of `kind` that `text` writes.

    `unit` is the currency of money where it is known (it limits the decimals). `zone` is taken
    for a date or a time without a zone where an instant is wanted; without it they are refused.
    For `TAGS` the text is one tag; `choices` of a tag or a text are its usual words, among others.
    Raises `ScalarError`.
    """
    if kind in NUMBERS:
        return parse_number(text, kind, unit)
    if kind is Kind.CHOICE:
        return _parse_choice(text, choices)
    if kind is Kind.INSTANT:
        return parse_instant(text, zone)
    if kind is Kind.TAGS:
        return frozenset({_usual_text(text, choices)})
    if kind is Kind.TEXT:
        return _usual_text(text, choices)
    return _PARSERS[kind](text)


def render(
    value: Value,
    kind: Kind,
    lang: str,
    *,
    unit: str | None = None,
    choices: Sequence[Choice] = (),
) -> str:
    """The value in the words of a sentence, in `lang` (`zh` or `en`).

    Money has the decimals of its currency (two where it is unknown) and never fewer than it needs,
    an instant is told in its own zone and as finely as it is, a unit follows its number, a region
    of China has the name of its province behind it, an empty text is `""`.
    """
    if isinstance(value, bool):
        return BOOLEANS[value].get(lang)
    if isinstance(value, Decimal | int):
        return _render_number(value, kind, lang, unit)
    if isinstance(value, datetime):
        fine = "auto" if value.second or value.microsecond else "minutes"
        return value.replace(tzinfo=None).isoformat(sep=" ", timespec=fine)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return clock(value)
    if isinstance(value, timedelta):
        return _render_duration(value, lang)
    if isinstance(value, frozenset):
        if not value:
            return "无" if lang == "zh" else "none"
        said = [render(tag, Kind.TEXT, lang, choices=choices) for tag in sorted(value)]
        return ("、" if lang == "zh" else ", ").join(said)
    if kind is Kind.REGION:
        name = province_of(value, lang)
        return f"{value} {name}" if name else value
    found = next((choice.words.get(lang) for choice in choices if choice.code == value), value)
    return found or '""'


def plain(value: Value) -> Plain:
    """The one canonical JSON form of a value: equal values give equal text.

    Whole numbers and booleans stay themselves; a decimal is a plain string without needless zeros
    (`"5200"`, `"0.2"`); a date is ISO; an instant is ISO in UTC (`"2026-11-05T15:10:00Z"`); a time
    of day is `"22:30"`; a duration is its seconds (`"172800 s"`); tags are a sorted list. Except
    for tags, `parse(str(plain(value)), kind)` gives the value back.
    """
    write = _PLAIN.get(type(value))
    if write is None:
        if isinstance(value, bool | int | str):
            return value
        kinds = (kind for kind in _PLAIN if isinstance(value, kind))
        write = _PLAIN[next(kinds, frozenset)]
    return write(value)


def _plain_instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _plain_duration(value: timedelta) -> str:
    return f"{decimal_text(seconds(value))} s"


_PLAIN: dict[type, Callable[[Any], Plain]] = {
    Decimal: decimal_text,
    frozenset: sorted,
    datetime: _plain_instant,
    date: date.isoformat,
    time: clock,
    timedelta: _plain_duration,
}
"""How the values of a type are written; an instant before a date, which it is too."""


def from_python(
    value: object,
    kind: Kind,
    *,
    choices: Sequence[Choice] = (),
    unit: str | None = None,
    zone: tzinfo | None = None,
) -> Value:
    """A value given as a fact, from Python or from JSON, as the typed value of `kind`.

    Numbers may be `int`, `Decimal`, `float` (by its shortest text) or strict text; dates, times,
    instants and durations their Python types or strict text; tags any sequence or set of texts.
    A boolean is never a number, nor a number a text. Raises `ScalarError`.
    """
    if isinstance(value, str):
        if kind is Kind.TAGS:
            raise ScalarError(
                "E_TYPE", f"tags are a list, not the text `{clip(value)}`", "give a list of texts"
            )
        return parse(str.__str__(value), kind, choices=choices, unit=unit, zone=zone)
    if kind is Kind.BOOLEAN and isinstance(value, bool):
        return value
    if kind in NUMBERS and isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return number_from_python(value, kind, unit)
    if kind is Kind.DATE and isinstance(value, date) and not isinstance(value, datetime):
        return year_checked(value)
    if kind is Kind.INSTANT and isinstance(value, datetime):
        return aware(year_checked(value), zone)
    if kind is Kind.TIME_OF_DAY and isinstance(value, time) and value.tzinfo is None:
        return value.replace(microsecond=0, fold=0)
    if kind is Kind.DURATION and isinstance(value, timedelta):
        return value
    if kind is Kind.TAGS and isinstance(value, list | tuple | set | frozenset):
        return _tags_from_python(value, choices)
    raise ScalarError("E_TYPE", f"this value is not {KIND_WORDS[kind]}", f"give {EXAMPLES[kind]}")


def _parse_choice(text: str, choices: Sequence[Choice]) -> str:
    for choice in choices:
        if text in (choice.code, choice.words.zh):
            return choice.code
    allowed = ", ".join(f"`{choice.code}` ({choice.words.zh})" for choice in choices[:20])
    raise ScalarError(
        "E_UNKNOWN_KEY", f"`{clip(text)}` is not one of the allowed words", f"write {allowed}"
    )


def _parse_boolean(text: str) -> bool:
    for value, spellings in BOOLEAN_SPELLINGS.items():
        if text in spellings:
            return value
    raise ScalarError(
        "E_TYPE", f"`{clip(text)}` is not yes or no", "write `true` or `false` (`是` or `否`)"
    )


def _parse_region(text: str) -> str:
    if _REGION.fullmatch(text):
        return text
    code = province(text)
    raise ScalarError(
        "E_TYPE",
        f"`{clip(text)}` is not a region code",
        f'write the code of {clip(text)}, `"{code}"`'
        if code
        else "write a code, not a name: the 2, 4 or 6 digits of GB/T 2260 for a province, a city "
        "or a district (`33`, `3301`, `330106`), or one such as `BR-SP`",
    )


def _checked_text(text: str) -> str:
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise ScalarError("E_CHAR", "the text holds half of a character", "send proper UTF-8")
    return text


_PARSERS: dict[Kind, Callable[[str], Value]] = {
    Kind.BOOLEAN: _parse_boolean,
    Kind.DATE: parse_date,
    Kind.TIME_OF_DAY: parse_time,
    Kind.DURATION: parse_duration,
    Kind.REGION: _parse_region,
}


def _usual_text(text: str, choices: Sequence[Choice]) -> str:
    """The text; the Chinese word of one of the choices stands for its code."""
    checked = _checked_text(text)
    return next((choice.code for choice in choices if choice.words.zh == checked), checked)


def _tags_from_python(
    value: Sequence[object] | set[object] | frozenset[object], choices: Sequence[Choice]
) -> frozenset[str]:
    tags: set[str] = set()
    for tag in value:
        if not isinstance(tag, str):
            raise ScalarError("E_TYPE", "a tag is not text", "give a list of texts")
        tags.add(_usual_text(str.__str__(tag), choices))
    return frozenset(tags)


def _render_number(value: Decimal | int, kind: Kind, lang: str, unit: str | None) -> str:
    number = Decimal(value)
    if kind is Kind.MONEY:
        needed = -int(number.normalize().as_tuple().exponent)
        amount = f"{number:.{max(decimals_of(unit), needed)}f}"
        return f"{amount} {unit}" if unit else amount
    if kind is Kind.RATIO:
        return f"{decimal_text(number * 100)}%"
    words = unit_words(unit, lang, one=abs(number) == 1) if unit else ""
    return f"{decimal_text(number)} {words}".rstrip()


def _render_duration(value: timedelta, lang: str) -> str:
    total = seconds(value)
    # 48 h stays hours: promises are counted in hours up to a week.
    codes = ("d", "h", "min") if abs(total) >= 7 * DURATION_UNITS["d"] else ("h", "min")
    whole = (code for code in codes if total != 0 and total % DURATION_UNITS[code] == 0)
    code = next(whole, "s")
    return f"{decimal_text(total / DURATION_UNITS[code])} {unit_words(code, lang)}"
