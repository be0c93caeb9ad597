"""Values that FEEL writes out: numbers, texts, dates, times and lengths of time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from ordinance.rules.interchange.draft import Constant
from ordinance.rules.interchange.evidence import Untranslatable
from ordinance.rules.interchange.expression import Call, Expression, Literal, Unary
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.moment import parse_date, parse_instant, parse_time, seconds
from ordinance.rules.numeral import decimal_text
from ordinance.rules.refusal import ScalarError, clip

TYPES = {
    "number": Kind.DECIMAL,
    "string": Kind.TEXT,
    "boolean": Kind.BOOLEAN,
    "date": Kind.DATE,
    "time": Kind.TIME_OF_DAY,
    "date and time": Kind.INSTANT,
    "days and time duration": Kind.DURATION,
}
"""The types of the language with the kinds that hold their values."""

KINDS = {kind: name for name, kind in TYPES.items()}
"""The type of each kind that a value of the language has."""

_DAYS = re.compile(
    r"(-?)P(?:([0-9]{1,9})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,6})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,6}(?:\.[0-9]{1,6})?)S)?)?"
)


def constant(expression: Expression) -> Constant | None:
    """The value that an expression writes out; None where it does not.

    Raises `Untranslatable` for a value that is written wrongly or that no kind of ours holds.
    """
    match expression:
        case Literal(value):
            return value
        case Unary("-", Literal(Decimal() as number)):
            return number.copy_negate() if number else number
        case Call(name, (Literal(str(text)),)) if name in _READERS:
            try:
                return _READERS[name](text)
            except ScalarError as error:
                raise Untranslatable(str(error)) from None
    return None


def written(value: Value) -> str | None:
    """A value as the language writes it; None for tags, which it has no value for."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return decimal_text(Decimal(value))
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, datetime):
        text = value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        return f'date and time("{text}")'
    if isinstance(value, date):
        return f'date("{value.isoformat()}")'
    if isinstance(value, time):
        return f'time("{value.isoformat()}")'
    return f'duration("{_duration_text(value)}")' if isinstance(value, timedelta) else None


def _instant(text: str) -> datetime:
    # Without a zone it is in UTC, as facts are.
    return parse_instant(text, UTC)


def _duration(text: str) -> timedelta:
    match = _DAYS.fullmatch(text)
    if match is None or not any(match.groups()[1:]):
        raise Untranslatable(
            f"`{clip(text)}` is not a number of days, hours, minutes and seconds, as in `P1DT12H`"
        )
    sign, days, hours, minutes, rest = match.groups()
    micro = Decimal(rest or 0) * 1_000_000
    length = timedelta(
        days=int(days or 0),
        hours=int(hours or 0),
        minutes=int(minutes or 0),
        microseconds=int(micro),
    )
    return -length if sign else length


def _any(text: str) -> Constant:
    """`@"..."`, whose text tells what it is."""
    if re.match("-?P", text):
        return _duration(text)
    if "T" in text:
        return _instant(text)
    return parse_time(text) if ":" in text else parse_date(text)


_READERS: dict[str, Callable[[str], Constant]] = {
    "date": parse_date,
    "date and time": _instant,
    "time": parse_time,
    "duration": _duration,
    "@": _any,
}


def _duration_text(value: timedelta) -> str:
    sign = "-" if value < timedelta() else ""
    length = abs(value)
    hours, left = divmod(length.seconds, 3600)
    minutes, whole = divmod(left, 60)
    rest = seconds(timedelta(seconds=whole, microseconds=length.microseconds))
    days = f"{length.days}D" if length.days else ""
    parts = [(Decimal(hours), "H"), (Decimal(minutes), "M"), (rest, "S")]
    clock = "".join(f"{decimal_text(number)}{unit}" for number, unit in parts if number)
    if clock:
        return f"{sign}P{days}T{clock}"
    return f"{sign}P{days}" if days else "PT0S"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    for sign, code in (("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        escaped = escaped.replace(sign, code)
    return '"' + "".join(map(_visible, escaped)) + '"'


def _visible(character: str) -> str:
    """A character that XML can hold and that no reader folds into another one."""
    point = ord(character)
    if point >= 0x20 and not 0x7F <= point <= 0x9F and point not in (0x2028, 0xFFFE, 0xFFFF):
        return character
    return f"\\u{point:04X}"
