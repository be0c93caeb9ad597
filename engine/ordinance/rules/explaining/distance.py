"""How far a value is from passing a comparison."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, cast

from ordinance.rules import scalar
from ordinance.rules.explaining.voice import Voice
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.moment import in_utc
from ordinance.rules.numeral import NUMBERS
from ordinance.rules.point import Fact
from ordinance.rules.tree import Comparator
from ordinance.rules.words import unit_words

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_BELOW_BOUND = (Comparator.AT_LEAST, Comparator.ABOVE)
_ABOVE_BOUND = (Comparator.AT_MOST, Comparator.BELOW)


def distance(
    voice: Voice, fact: Fact, comparator: Comparator, value: Value, operands: tuple[Value, ...]
) -> str | None:
    """What is missing or too much: `short by 20.00`; None where nothing can be measured.

    `value` does not pass the comparison.
    """
    if comparator is Comparator.CONTAINS_ALL:
        absent = voice.join(
            scalar.render(part, Kind.TEXT, voice.lang, choices=fact.choices)
            for part in _parts(operands)
            if part not in cast(Any, value)
        )
        return voice.say(f"缺 {absent}", f"lacks {absent}")
    if not _measurable(fact.kind):
        return None
    if comparator in _BELOW_BOUND:
        return _apart(voice, fact, value, operands[0], short=True)
    if comparator in _ABOVE_BOUND:
        return _apart(voice, fact, value, operands[0], short=False)
    if comparator is Comparator.BETWEEN:
        return _outside(voice, fact, value, operands[0], operands[1])
    if comparator is Comparator.IS:
        off = abs(_difference(value, operands[0]))
        return voice.say(f"相差 {_amount(voice, fact, off)}", f"off by {_amount(voice, fact, off)}")
    return None


def _parts(operands: tuple[Value, ...]) -> list[str]:
    """The texts or tags that all have to be there."""
    return [
        part
        for operand in operands
        for part in (sorted(operand) if isinstance(operand, frozenset) else [str(operand)])
    ]


def _measurable(kind: Kind) -> bool:
    return kind in NUMBERS or kind in (
        Kind.DATE,
        Kind.INSTANT,
        Kind.TIME_OF_DAY,
        Kind.DURATION,
    )


def _outside(voice: Voice, fact: Fact, value: Value, start: Value, end: Value) -> str:
    if isinstance(value, time):
        # The clock is a circle: the nearer end of the window is the one that counts.
        early = _difference(start, value) % _DAY
        late = _difference(value, end) % _DAY
        short = early <= late
        return _apart(
            voice, fact, value, start if short else end, short=short, off=min(early, late)
        )
    below = cast(Any, value) < start
    return _apart(voice, fact, value, start if below else end, short=below)


def _apart(
    voice: Voice, fact: Fact, value: Value, bound: Value, *, short: bool, off: Any = None
) -> str:
    if off is None:
        off = abs(_difference(value, bound))
    if not off:
        return voice.say("恰为界值, 不算在内", "exactly at the limit, which is not included")
    amount = _amount(voice, fact, off)
    if fact.kind in (Kind.DATE, Kind.INSTANT, Kind.TIME_OF_DAY):
        return (
            voice.say(f"早了 {amount}", f"{amount} too early")
            if short
            else voice.say(f"晚了 {amount}", f"{amount} too late")
        )
    return (
        voice.say(f"还差 {amount}", f"short by {amount}")
        if short
        else voice.say(f"超出 {amount}", f"over by {amount}")
    )


def _difference(left: Value, right: Value) -> Any:
    if isinstance(left, time) and isinstance(right, time):
        day = date(2000, 1, 1)
        return datetime.combine(day, left) - datetime.combine(day, right)
    if isinstance(left, datetime) and isinstance(right, datetime):
        return in_utc(left) - in_utc(right)
    return cast(Any, left) - cast(Any, right)


def _amount(voice: Voice, fact: Fact, off: Any) -> str:
    if fact.kind is Kind.DATE:
        return f"{off.days} {unit_words('day', voice.lang, one=off.days == 1)}"
    if isinstance(off, timedelta):
        # 6 h 10 min reads better than 370 min.
        hours, rest = divmod(off, _HOUR)
        parts = [off - rest, rest] if hours and rest else [off]
        return " ".join(scalar.render(part, Kind.DURATION, voice.lang) for part in parts)
    return scalar.render(off, fact.kind, voice.lang, unit=fact.unit)
