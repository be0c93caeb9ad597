"""Values as people write them in cells: what they are, and what is not clear about them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal

from ordinance.rules.interchange.draft import Constant
from ordinance.rules.interchange.evidence import Untranslatable
from ordinance.rules.interchange.plain.spelling import FALSE, TRUE, UNCLEAR
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.moment import parse_date, parse_duration, parse_instant, parse_time
from ordinance.rules.numeral import NUMBER, decimal_text, parse_number
from ordinance.rules.refusal import ScalarError, clip
from ordinance.rules.scalar import parse, plain
from ordinance.rules.words import DURATION_UNITS, UNITS

QUOTES: Mapping[str, str] = {'"': '"', "“": "”", "「": "」", "＂": "＂"}
"""Each opening quote with the one that closes it."""

MOST_LETTERS, MOST_HAN = 40, 12
"""A longer text without quotes is taken for a sentence."""

_SENTENCE = re.compile("[请的了吗呢]|如果|情况")
"""What Chinese sentences hold, and names of things hardly ever."""
_HAN = re.compile("[\u3400-\u9fff]")
_LETTERS = r"[\w\u3400-\u9fff./#&:·_-]*"
_WORD = re.compile(rf"[\w\u3400-\u9fff]{_LETTERS}|[A-Z]{_LETTERS}(?: [A-Z0-9&]{_LETTERS}){{0,4}}")
"""One word, or a name of several words that begin with capital letters."""
_ERROR = re.compile(r"#(?:N/A|[A-Z0-9/?]+[!?])|#FORMULA! .*", re.DOTALL)
_DATE = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})"
    r"|年([0-9]{1,2})月([0-9]{1,2})日)"
)
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9].*")
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?")
_NUMERAL = r"-?[0-9]+(?:\.[0-9]+)?"
_LENGTH = re.compile(rf"{_NUMERAL} ?({'|'.join(map(re.escape, DURATION_UNITS))})")
_UNITS = (
    *(word for words in UNITS.values() for word in (words.zh, words.en)),
    *("元", "块", "斤", "公斤", "件", "个", "单", "米", "km", "kg", "RMB", "CNY", "USD", "EUR"),
)
_TROUBLES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(rf"{_NUMERAL}%? ?(?:-|~|～|—|–|至|到| to |\.\.) ?{_NUMERAL}%?"),
        "a range, or a code? A range says whether its ends belong to it: `[5, 10)` is from 5 up to "
        "but without 10; put a code in quotes",
    ),
    (
        re.compile(r"-?[0-9]{1,3}(?:[,，][0-9]{3})+(?:\.[0-9]+)?"),
        "a thousand, or a list? Write a number without commas, and a list with a blank after each",
    ),
    (re.compile("[+-]?[0-9.]+[eE][+-]?[0-9]+"), "a number with an exponent: write out its digits"),
    (re.compile(r"[0-9]{1,4}[/.][0-9]{1,2}[/.][0-9]{1,4}"), "a date? Write it like `2026-11-05`"),
    (re.compile(r"[0-9]+/[0-9]+"), "a date or a fraction? Put a code in quotes"),
    (
        re.compile(rf"[¥￥$€£] ?{_NUMERAL}|{_NUMERAL} ?(?:{'|'.join(map(re.escape, _UNITS))})"),
        "write the number alone; name the unit in the head of the column",
    ),
    (re.compile(r"\+[0-9].*"), "write a number without `+`; put a code in quotes"),
    (re.compile(r".*[０-９].*", re.DOTALL), "write digits as 0 to 9"),
)


@dataclass(frozen=True, slots=True)
class Literals:
    """Reads values; `zone` is that of moments that do not say theirs."""

    zone: tzinfo | None = None

    def kind(self, text: str) -> Kind:
        """What a text without quotes is by itself.

        Raises `Untranslatable` for a text that is not clear.
        """
        if _ERROR.fullmatch(text):
            raise Untranslatable(_told(text, "the spreadsheet shows an error, or a formula"))
        if text in UNCLEAR:
            raise Untranslatable(f"`{text}`: {UNCLEAR[text]}; put the word in quotes")
        if NUMBER.fullmatch(text.removesuffix("%").rstrip() if text[-1:] == "%" else text):
            return Kind.DECIMAL
        if text in TRUE.all or text in FALSE.all:
            return Kind.BOOLEAN
        if _DATE.fullmatch(text):
            return Kind.DATE
        if _MOMENT.fullmatch(text):
            return Kind.INSTANT
        if _CLOCK.fullmatch(text):
            return Kind.TIME_OF_DAY
        if _LENGTH.fullmatch(text):
            return Kind.DURATION
        for pattern, reason in _TROUBLES:
            if pattern.fullmatch(text):
                raise Untranslatable(_told(text, reason))
        long = len(text) > MOST_LETTERS or len(_HAN.findall(text)) > MOST_HAN
        if long or _SENTENCE.search(text) or not _WORD.fullmatch(text):
            raise Untranslatable(
                _told(text, "free text, which no rule can decide by; put a value in quotes")
            )
        return Kind.TEXT

    def constant(self, text: str) -> Constant:
        """The value of a text without quotes. Raises `Untranslatable`."""
        return self.value(text, self.kind(text))

    def value(self, text: str, kind: Kind) -> Constant:
        """The text as a value of `kind`. Raises `Untranslatable`."""
        try:
            return _READERS[kind](text, self.zone)
        except ScalarError as error:
            raise Untranslatable(f"{error}; {error.help}" if error.help else str(error)) from None

    def fits(self, text: str, kind: Kind) -> bool:
        """Whether a text that is clear by itself may stand for a value of `kind`."""
        own = self.kind(text)
        numeral = own is Kind.DECIMAL and not text.endswith("%")
        return (
            own is kind
            or kind in (Kind.TEXT, Kind.TAGS)
            or (kind is Kind.REGION and (numeral or own is Kind.TEXT))
            or (kind is Kind.INSTANT and own is Kind.DATE)
        )


def written(value: Value, lang: str) -> str:
    """A value that is no text, as it is read."""
    if isinstance(value, bool):
        return (TRUE if value else FALSE).get(lang)
    if isinstance(value, int | Decimal):
        return decimal_text(Decimal(value))
    return str(plain(value))


def _told(text: str, reason: str) -> str:
    return f"`{clip(text)}`: {reason}"


def _number(text: str, _: tzinfo | None) -> Decimal:
    return Decimal(parse_number(text, Kind.RATIO, None))


def _boolean(text: str, _: tzinfo | None) -> bool:
    if text in TRUE.all:
        return True
    if text in FALSE.all:
        return False
    raise ScalarError("E_TYPE", f"`{clip(text)}` is not yes or no")


def _date(text: str, _: tzinfo | None) -> date:
    found = _DATE.fullmatch(text)
    if found is None:
        return parse_date(text)
    year, month, day = (part for part in found.groups() if part is not None)
    return parse_date(f"{year}-{month:0>2}-{day:0>2}")


def _moment(text: str, zone: tzinfo | None) -> datetime:
    dated = _DATE.fullmatch(text)
    return parse_instant(_date(text, zone).isoformat() if dated else text, zone)


def _clock(text: str, _: tzinfo | None) -> time:
    return parse_time(text)


def _length(text: str, _: tzinfo | None) -> timedelta:
    return parse_duration(text)


def _text(text: str, _: tzinfo | None) -> str:
    return text


def _region(text: str, _: tzinfo | None) -> str:
    return str(parse(text, Kind.REGION))


_READERS: Mapping[Kind, Callable[[str, tzinfo | None], Constant]] = {
    Kind.DECIMAL: _number,
    Kind.BOOLEAN: _boolean,
    Kind.DATE: _date,
    Kind.INSTANT: _moment,
    Kind.TIME_OF_DAY: _clock,
    Kind.DURATION: _length,
    Kind.TEXT: _text,
    Kind.TAGS: _text,
    Kind.REGION: _region,
}
