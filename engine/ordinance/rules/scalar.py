"""One value: strict text to a typed value, and back to words, to canonical text, from Python.

Text never changes its meaning by how it looks: only the declared kind says what it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import TypeVar

from ordinance.rules.decision import Plain
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.point import Choice
from ordinance.rules.words import BOOLEANS, DURATION_UNITS, decimals_of, unit_words

D = TypeVar("D", bound=date)

MOST_DIGITS = 18
FIRST_YEAR, LAST_YEAR = 1900, 2299

NUMBERS = frozenset({Kind.MONEY, Kind.INTEGER, Kind.DECIMAL, Kind.RATIO})

_NUMBER = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?")
_DURATION = re.compile(r"(\S+?) ?([a-z]+|[\u4e00-\u9fff]+)")
_REGION = re.compile(r"[0-9]{2}(?:[0-9]{2}){0,2}|[0-9]{9}|[0-9]{12}|[A-Z]{2}(?:-[A-Z0-9]{1,12})*")
_UNUSUAL_NUMBER = re.compile(r"[+-]?(?:[0-9][0-9_,]*\.?[0-9]*(?:e[+-]?[0-9]+)?)", re.IGNORECASE)


class ScalarError(ValueError):
    """A value that its kind does not allow, in a merchant's words.

    `code` is the problem code (`E_NUMBER`, `E_MONEY`, `E_TYPE` ...), `help` says how to write it
    right (or is None).
    """

    def __init__(self, code: str, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.help = help


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
    For `TAGS` the text is one tag. Raises `ScalarError`.
    """
    if kind in NUMBERS:
        return _parse_number(text, kind, unit)
    if kind is Kind.CHOICE:
        return _parse_choice(text, choices)
    if kind is Kind.INSTANT:
        return _parse_instant(text, zone)
    if kind is Kind.TAGS:
        return frozenset({_checked_text(text)})
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

    Money has the decimals of its currency (two where it is unknown), an instant is told to the
    minute in its own zone, a unit follows its number.
    """
    if isinstance(value, bool):
        return BOOLEANS[value].get(lang)
    if isinstance(value, Decimal | int):
        return _render_number(value, kind, lang, unit)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return _clock(value)
    if isinstance(value, timedelta):
        return _render_duration(value, lang)
    if isinstance(value, frozenset):
        return ("、" if lang == "zh" else ", ").join(sorted(value))
    return next((choice.words.get(lang) for choice in choices if choice.code == value), value)


def plain(value: Value) -> Plain:
    """The one canonical JSON form of a value: equal values give equal text.

    Whole numbers and booleans stay themselves; a decimal is a plain string without needless zeros
    (`"5200"`, `"0.2"`); a date is ISO; an instant is ISO in UTC (`"2026-11-05T15:10:00Z"`); a time
    of day is `"22:30"`; a duration is its seconds (`"172800 s"`); tags are a sorted list. Except
    for tags, `parse(str(plain(value)), kind)` gives the value back.
    """
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return _decimal_text(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return _clock(value)
    if isinstance(value, timedelta):
        return f"{_decimal_text(_seconds(value))} s"
    return list[Plain](sorted(value))


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
        return _number_from_python(value, kind, unit)
    if kind is Kind.DATE and isinstance(value, date) and not isinstance(value, datetime):
        return _year_checked(value)
    if kind is Kind.INSTANT and isinstance(value, datetime):
        return _aware(_year_checked(value), zone)
    if kind is Kind.TIME_OF_DAY and isinstance(value, time) and value.tzinfo is None:
        return value.replace(microsecond=0, fold=0)
    if kind is Kind.DURATION and isinstance(value, timedelta):
        return value
    if kind is Kind.TAGS and isinstance(value, list | tuple | set | frozenset):
        return _tags_from_python(value)
    raise ScalarError("E_TYPE", f"this value is not {KIND_WORDS[kind]}", f"give {_EXAMPLES[kind]}")


def clip(text: str, most: int = 60) -> str:
    """The text, short enough for a message and on one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 3]}..."


KIND_WORDS: dict[Kind, str] = {
    Kind.MONEY: "an amount of money",
    Kind.INTEGER: "a whole number",
    Kind.DECIMAL: "a number",
    Kind.RATIO: "a share",
    Kind.TEXT: "text",
    Kind.CHOICE: "one of the allowed words",
    Kind.BOOLEAN: "yes or no",
    Kind.DATE: "a date",
    Kind.INSTANT: "a moment",
    Kind.TIME_OF_DAY: "a time of day",
    Kind.DURATION: "a length of time",
    Kind.TAGS: "a list of tags",
    Kind.REGION: "a region code",
}
"""Each kind in the words of a message."""

_EXAMPLES: dict[Kind, str] = {
    Kind.MONEY: "an amount such as `199.00`",
    Kind.INTEGER: "a whole number such as `12`",
    Kind.DECIMAL: "a number such as `2.5`",
    Kind.RATIO: "a share such as `0.2` or `20%`",
    Kind.TEXT: "text",
    Kind.CHOICE: "one of the declared words",
    Kind.BOOLEAN: "`true` or `false` (`是`, `否`)",
    Kind.DATE: "a date such as `2026-11-05`",
    Kind.INSTANT: "a moment with its zone, such as `2026-11-05T22:30:00+08:00`",
    Kind.TIME_OF_DAY: "a time such as `22:30`",
    Kind.DURATION: "a length such as `48 h`, `30 min` or `7 d`",
    Kind.TAGS: "a list of texts",
    Kind.REGION: 'a region code such as `"3301"` or `BR-SP`',
}


def _parse_number(text: str, kind: Kind, unit: str | None) -> Value:
    digits = text
    if kind is Kind.RATIO and text.endswith("%"):
        digits = text[:-1].removesuffix(" ")
    match = _NUMBER.fullmatch(digits) if len(digits) <= 2 * MOST_DIGITS else None
    if match is None:
        raise _not_a_number(text, kind)
    sign, whole, fraction = match.group(1), match.group(2), match.group(3) or ""
    if len(whole) + len(fraction) > MOST_DIGITS:
        raise _not_a_number(text, kind)
    number = Decimal(digits)
    code = "E_MONEY" if kind is Kind.MONEY else "E_NUMBER"
    if sign and number == 0:
        raise ScalarError(code, f"`{text}` is a zero with a sign", "write `0`")
    if kind is Kind.INTEGER:
        if fraction:
            raise ScalarError(
                code, f"`{text}` is not a whole number", f"write it without decimals: `{whole}`"
            )
        return int(digits)
    if kind is Kind.MONEY:
        _check_money(number, len(fraction), text, unit)
    return number / 100 if digits is not text else number


def _not_a_number(text: str, kind: Kind) -> ScalarError:
    usual = unicodedata.normalize("NFKC", text).strip()
    ascii_digits = "".join(
        str(unicodedata.digit(char)) if unicodedata.digit(char, None) is not None else char
        for char in usual[:100]
    )
    if len(text) > MOST_DIGITS and _UNUSUAL_NUMBER.fullmatch(text):
        return ScalarError(
            "E_NUMBER", f"a number of {len(text)} digits", f"write at most {MOST_DIGITS} digits"
        )
    if ascii_digits != text and _NUMBER.fullmatch(ascii_digits):
        return ScalarError(
            "E_NUMBER",
            f"`{clip(text)}` is not written with the digits 0 to 9",
            f"write `{ascii_digits}`",
        )
    if kind is Kind.MONEY and (match := re.match(r"(-?[0-9.]+) ?[A-Z]{3}$", text)):
        return ScalarError(
            "E_MONEY",
            f"`{clip(text)}` names a currency",
            f"write the number alone, `{match.group(1)}`; amounts are in the shop's currency",
        )
    hint = "write digits alone, with a point before decimals and no exponent or separators"
    if re.fullmatch(r"-?0[0-9]+", text):
        hint = f"write `{text.replace('0', '', 1)}` if it is a number; codes belong in text facts"
    elif "%" in text:
        hint = "write it as a plain number"
    return ScalarError("E_NUMBER", f"`{clip(text)}` is not {KIND_WORDS[kind]}", hint)


def _check_money(number: Decimal, fraction: int, text: str, unit: str | None) -> None:
    most = decimals_of(unit)
    if fraction > most and number != round(number, most):
        raise ScalarError(
            "E_MONEY",
            f"`{clip(text)}` has {fraction} decimals, but {unit or 'money'} has {most}",
            f"write at most {most} decimals",
        )


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


BOOLEAN_SPELLINGS: dict[bool, tuple[str, ...]] = {
    True: ("true", "yes", "是"),
    False: ("false", "no", "否"),
}


def _parse_date(text: str) -> date:
    if _DATE.fullmatch(text):
        try:
            return _year_checked(date.fromisoformat(text))
        except ScalarError:
            raise
        except ValueError:
            raise ScalarError(
                "E_TYPE", f"`{text}` is not in the calendar", "check the month and the day"
            ) from None
    raise ScalarError("E_TYPE", f"`{clip(text)}` is not a date", "write it like `2026-11-05`")


def _parse_instant(text: str, zone: tzinfo | None) -> datetime:
    if _DATE.fullmatch(text):
        day = _parse_date(text)
        return _aware(datetime.combine(day, time()), zone)
    if _INSTANT.fullmatch(text):
        try:
            return _aware(_year_checked(datetime.fromisoformat(text)), zone)
        except ScalarError:
            raise
        except ValueError:
            pass
    raise ScalarError(
        "E_TYPE", f"`{clip(text)}` is not a moment", f"write {_EXAMPLES[Kind.INSTANT]}"
    )


def _aware(moment: datetime, zone: tzinfo | None) -> datetime:
    if moment.tzinfo is not None and moment.utcoffset() is not None:
        return moment
    if zone is None:
        raise ScalarError(
            "E_TYPE",
            f"`{moment.isoformat()}` does not say its zone",
            f"add the zone, like `{moment.isoformat(timespec='minutes')}+08:00`",
        )
    return moment.replace(tzinfo=zone)


def _parse_time(text: str) -> time:
    if _TIME.fullmatch(text):
        try:
            return time.fromisoformat(text)
        except ValueError:
            pass
    hint = "write it like `22:30`, from `00:00` to `23:59`"
    if re.fullmatch(r"[0-9]:[0-5][0-9](:[0-5][0-9])?", text):
        hint = f"write `0{text}`"
    elif text in ("24:00", "24:00:00"):
        hint = "write `00:00`"
    raise ScalarError("E_TYPE", f"`{clip(text)}` is not a time of day", hint)


def _parse_duration(text: str) -> timedelta:
    match = _DURATION.fullmatch(text) if len(text) <= 40 else None
    unit = DURATION_UNITS.get(match.group(2)) if match else None
    number = _NUMBER.fullmatch(match.group(1)) if match else None
    if match is None or unit is None or number is None:
        raise ScalarError(
            "E_TYPE",
            f"`{clip(text)}` is not a length of time",
            f"write {_EXAMPLES[Kind.DURATION]} (`48小时`, `30分钟`, `7天`)",
        )
    micro = Decimal(match.group(1)) * unit * 1_000_000
    if micro != micro.to_integral_value() or abs(micro) >= Decimal(10) ** MOST_DIGITS:
        raise ScalarError("E_RANGE", f"`{clip(text)}` is too long or too exact", None)
    return timedelta(microseconds=int(micro))


def _parse_region(text: str) -> str:
    if _REGION.fullmatch(text):
        return text
    raise ScalarError(
        "E_TYPE",
        f"`{clip(text)}` is not a region code",
        "write the 2, 4 or 6 digits of GB/T 2260 (`33`, `3301`, `330106`) or a code such as "
        "`BR-SP`",
    )


def _checked_text(text: str) -> str:
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise ScalarError("E_CHAR", "the text holds half of a character", "send proper UTF-8")
    return text


_PARSERS: dict[Kind, Callable[[str], Value]] = {
    Kind.TEXT: _checked_text,
    Kind.BOOLEAN: _parse_boolean,
    Kind.DATE: _parse_date,
    Kind.TIME_OF_DAY: _parse_time,
    Kind.DURATION: _parse_duration,
    Kind.REGION: _parse_region,
}


def _number_from_python(value: int | float | Decimal, kind: Kind, unit: str | None) -> Value:
    number: Decimal | None
    if isinstance(value, int):
        number = Decimal(value) if -(10**MOST_DIGITS) < value < 10**MOST_DIGITS else None
    else:
        exact = Decimal(repr(value)) if isinstance(value, float) else value
        number = exact if exact.is_finite() and abs(exact.adjusted()) < MOST_DIGITS else None
    if number is None:
        raise ScalarError(
            "E_NUMBER",
            f"this number is not {KIND_WORDS[kind]} of at most {MOST_DIGITS} digits",
            f"give {_EXAMPLES[kind]}",
        )
    number = Decimal(_decimal_text(number))
    fraction = max(0, -int(number.as_tuple().exponent))
    if kind is Kind.INTEGER:
        if fraction:
            raise ScalarError("E_NUMBER", f"`{number}` is not a whole number", "round it first")
        return int(number)
    if kind is Kind.MONEY:
        _check_money(number, fraction, str(number), unit)
    return number


def _tags_from_python(value: Sequence[object] | set[object] | frozenset[object]) -> frozenset[str]:
    tags: set[str] = set()
    for tag in value:
        if not isinstance(tag, str):
            raise ScalarError("E_TYPE", "a tag is not text", "give a list of texts")
        tags.add(_checked_text(str.__str__(tag)))
    return frozenset(tags)


def _year_checked(day: D) -> D:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ScalarError(
            "E_RANGE",
            f"the year {day.year} is out of range",
            f"write a year from {FIRST_YEAR} to {LAST_YEAR}",
        )
    return day


def _render_number(value: Decimal | int, kind: Kind, lang: str, unit: str | None) -> str:
    number = Decimal(value)
    if kind is Kind.MONEY:
        amount = f"{number:.{decimals_of(unit)}f}"
        return f"{amount} {unit}" if unit else amount
    if kind is Kind.RATIO:
        return f"{_decimal_text(number * 100)}%"
    words = unit_words(unit, lang, one=abs(number) == 1) if unit else ""
    return f"{_decimal_text(number)} {words}".rstrip()


def _render_duration(value: timedelta, lang: str) -> str:
    seconds = _seconds(value)
    for code in ("d", "h", "min", "s"):
        size = DURATION_UNITS[code]
        # 48 h stays hours: promises are counted in hours up to a week.
        if code == "d" and abs(seconds) < 7 * size:
            continue
        if code == "s" or (seconds % size == 0 and seconds != 0):
            return f"{_decimal_text(seconds / size)} {unit_words(code, lang)}"
    raise AssertionError("unreachable")


def _seconds(value: timedelta) -> Decimal:
    micro = (value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds
    return Decimal(micro) / 1_000_000


def _clock(value: time) -> str:
    return value.isoformat(timespec="seconds" if value.second else "minutes")


def _decimal_text(value: Decimal) -> str:
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
