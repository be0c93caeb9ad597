"""Scalars: text and Python values of each kind, and what they are in words and in records."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ordinance.rules.kinds import Kind, Value, Words
from ordinance.rules.point import Choice
from ordinance.rules.scalar import ScalarError, from_python, parse, plain, render

CHOICES = (Choice("hold", Words("拦截", "hold it")), Choice("pass", Words("通过", "let it go")))
SHANGHAI = timezone(timedelta(hours=8))

decimals = st.decimals(-(10**9), 10**9, places=2).map(lambda number: number + 0)
years = {"min_value": date(1900, 1, 2), "max_value": date(2299, 12, 30)}
moments = st.datetimes(
    datetime(1900, 1, 2), datetime(2299, 12, 30), timezones=st.sampled_from([UTC, SHANGHAI])
)

VALUES: dict[Kind, st.SearchStrategy[Value]] = {
    Kind.MONEY: decimals,
    Kind.INTEGER: st.integers(-(10**17), 10**17),
    Kind.DECIMAL: decimals,
    Kind.RATIO: decimals,
    Kind.TEXT: st.text(st.characters(exclude_categories=["Cs"])),
    Kind.CHOICE: st.sampled_from([choice.code for choice in CHOICES]),
    Kind.BOOLEAN: st.booleans(),
    Kind.DATE: st.dates(**years),
    Kind.INSTANT: moments,
    Kind.TIME_OF_DAY: st.times().map(lambda moment: moment.replace(microsecond=0)),
    Kind.DURATION: st.timedeltas(timedelta(days=-9_000), timedelta(days=9_000)),
    Kind.TAGS: st.frozensets(st.text(st.characters(exclude_categories=["Cs"]))),
    Kind.REGION: st.sampled_from(["33", "3301", "330106", "GB", "BR-SP", "BR-SP-01037"]),
}


@pytest.mark.parametrize("kind", Kind)
def test_the_record_of_a_value_gives_the_value_back(kind: Kind) -> None:
    @settings(deadline=None)
    @given(VALUES[kind])
    def given_back(value: Value) -> None:
        assert from_python(plain(value), kind, choices=CHOICES) == value
        assert from_python(value, kind, choices=CHOICES) == value

    given_back()


@pytest.mark.parametrize(
    ("value", "recorded"),
    [
        (Decimal("5200.00"), "5200"),
        (Decimal("0.20"), "0.2"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0"), "0"),
        (7, 7),
        (True, True),
        (date(2026, 11, 5), "2026-11-05"),
        (datetime(2026, 11, 5, 23, 10, tzinfo=SHANGHAI), "2026-11-05T15:10:00Z"),
        (time(22, 30), "22:30"),
        (time(22, 30, 5), "22:30:05"),
        (timedelta(hours=48), "172800 s"),
        (timedelta(milliseconds=1500), "1.5 s"),
        (frozenset({"b", "a"}), ["a", "b"]),
    ],
)
def test_equal_values_have_one_record(value: Value, recorded: object) -> None:
    assert plain(value) == recorded


@pytest.mark.parametrize(
    ("value", "kind", "unit", "zh", "en"),
    [
        (Decimal(480), Kind.MONEY, None, "480.00", "480.00"),
        (Decimal(480), Kind.MONEY, "CNY", "480.00 CNY", "480.00 CNY"),
        (Decimal(480), Kind.MONEY, "JPY", "480 JPY", "480 JPY"),
        (1, Kind.INTEGER, "day", "1 天", "1 day"),
        (3, Kind.INTEGER, "day", "3 天", "3 days"),
        (3, Kind.INTEGER, "pallet", "3 pallet", "3 pallet"),
        (Decimal("2.50"), Kind.DECIMAL, "km", "2.5 公里", "2.5 km"),
        (Decimal("0.125"), Kind.RATIO, None, "12.5%", "12.5%"),
        (True, Kind.BOOLEAN, None, "是", "yes"),
        ("hold", Kind.CHOICE, None, "拦截", "hold it"),
        (timedelta(hours=48), Kind.DURATION, None, "48 小时", "48 h"),
        (timedelta(days=7), Kind.DURATION, None, "7 天", "7 d"),
        (timedelta(minutes=30), Kind.DURATION, None, "30 分钟", "30 min"),
        (timedelta(0), Kind.DURATION, None, "0 秒", "0 s"),
        (datetime(2026, 11, 5, 23, 10, tzinfo=SHANGHAI), Kind.INSTANT, None)
        + ("2026-11-05 23:10",) * 2,
        (datetime(2026, 11, 5, 23, 10, 7, tzinfo=SHANGHAI), Kind.INSTANT, None)
        + ("2026-11-05 23:10:07",) * 2,
        (frozenset({"b", "a"}), Kind.TAGS, None, "a、b", "a, b"),
        ("330106", Kind.REGION, None, "330106 浙江", "330106 Zhejiang"),
        ("15", Kind.REGION, None, "15 内蒙古", "15 Inner Mongolia"),
        ("990106", Kind.REGION, None, "990106", "990106"),
        ("BR-SP", Kind.REGION, None, "BR-SP", "BR-SP"),
        ("", Kind.TEXT, None, '""', '""'),
    ],
)
def test_a_value_is_told_in_words(
    value: Value, kind: Kind, unit: str | None, zh: str, en: str
) -> None:
    told = [render(value, kind, lang, unit=unit, choices=CHOICES) for lang in ("zh", "en")]

    assert told == [zh, en]


@pytest.mark.parametrize(
    ("given_value", "kind", "value"),
    [
        (19.9, Kind.MONEY, Decimal("19.9")),
        (5.0, Kind.INTEGER, 5),
        (Decimal("5.00"), Kind.INTEGER, 5),
        (5, Kind.MONEY, Decimal(5)),
        (1e16, Kind.DECIMAL, Decimal(10**16)),
        ("20%", Kind.RATIO, Decimal("0.2")),
        ("", Kind.TEXT, ""),
        ("通过", Kind.CHOICE, "pass"),
        ("是", Kind.BOOLEAN, True),
        (["a", "b", "a"], Kind.TAGS, frozenset({"a", "b"})),
        (time(8, 0, 0, 5), Kind.TIME_OF_DAY, time(8)),
    ],
)
def test_what_python_and_json_may_give(given_value: object, kind: Kind, value: Value) -> None:
    found = from_python(given_value, kind, choices=CHOICES)

    assert (found, type(found)) == (value, type(value))


class Sort(StrEnum):
    HOLD = "hold"


def test_an_enumeration_of_texts_becomes_plain_text() -> None:
    assert type(from_python(Sort.HOLD, Kind.CHOICE, choices=CHOICES)) is str


@pytest.mark.parametrize(
    ("given_value", "kind", "code"),
    [
        (None, Kind.TEXT, "E_TYPE"),
        (True, Kind.INTEGER, "E_TYPE"),
        (True, Kind.MONEY, "E_TYPE"),
        (1, Kind.BOOLEAN, "E_TYPE"),
        (1, Kind.TEXT, "E_TYPE"),
        (330106, Kind.REGION, "E_TYPE"),
        ("0123", Kind.REGION, "E_TYPE"),
        (float("nan"), Kind.DECIMAL, "E_NUMBER"),
        (float("inf"), Kind.MONEY, "E_NUMBER"),
        (Decimal("sNaN"), Kind.DECIMAL, "E_NUMBER"),
        (Decimal("1e999999999"), Kind.DECIMAL, "E_NUMBER"),
        (Decimal("1e-999999999"), Kind.DECIMAL, "E_NUMBER"),
        pytest.param(10**5_000, Kind.INTEGER, "E_NUMBER", id="5,001 digits"),
        (1e-400 + 1e-300, Kind.DECIMAL, "E_NUMBER"),
        pytest.param("9" * 5_000, Kind.INTEGER, "E_NUMBER", id="5,000 digits of text"),
        ("1e3", Kind.DECIMAL, "E_NUMBER"),
        (5.5, Kind.INTEGER, "E_NUMBER"),
        (0.1 + 0.2, Kind.MONEY, "E_MONEY"),
        (date(2026, 1, 1), Kind.INSTANT, "E_TYPE"),
        (datetime(2026, 1, 1), Kind.INSTANT, "E_TYPE"),
        ("2026-01-01T08:00", Kind.INSTANT, "E_TYPE"),
        (datetime(2026, 1, 1), Kind.DATE, "E_TYPE"),
        (datetime(1, 1, 1, tzinfo=UTC), Kind.INSTANT, "E_RANGE"),
        (date(9999, 12, 31), Kind.DATE, "E_RANGE"),
        (time(8, tzinfo=UTC), Kind.TIME_OF_DAY, "E_TYPE"),
        ("24:00", Kind.TIME_OF_DAY, "E_TYPE"),
        (60, Kind.DURATION, "E_TYPE"),
        ("48", Kind.DURATION, "E_TYPE"),
        ("999999999999999 d", Kind.DURATION, "E_RANGE"),
        ("a", Kind.TAGS, "E_TYPE"),
        (["a", 1], Kind.TAGS, "E_TYPE"),
        pytest.param("\ud800", Kind.TEXT, "E_CHAR", id="half a character"),
        ("held", Kind.CHOICE, "E_UNKNOWN_KEY"),
    ],
)
def test_what_is_refused_says_why(given_value: object, kind: Kind, code: str) -> None:
    with pytest.raises(ScalarError) as refused:
        from_python(given_value, kind, choices=CHOICES)

    assert refused.value.code == code
    assert str(refused.value)


def test_a_moment_without_a_zone_takes_the_one_that_is_given() -> None:
    midnight = datetime(2026, 11, 5, tzinfo=SHANGHAI)

    assert parse("2026-11-05", Kind.INSTANT, zone=SHANGHAI) == midnight
    assert from_python(datetime(2026, 11, 5), Kind.INSTANT, zone=SHANGHAI) == midnight


@pytest.mark.parametrize(
    ("text", "kind", "help"),
    [
        ("１０", Kind.INTEGER, "write `10`"),
        ("٣", Kind.INTEGER, "write `3`"),
        ("0123", Kind.INTEGER, "write `123` if it is a number; codes belong in text facts"),
        ("5.0", Kind.INTEGER, "write it without decimals: `5`"),
        ("1:30", Kind.TIME_OF_DAY, "write `01:30`"),
        ("24:00", Kind.TIME_OF_DAY, "write `00:00`"),
        (
            "9.99 CNY",
            Kind.MONEY,
            "write the number alone, `9.99`; amounts are in the shop's currency",
        ),
    ],
)
def test_help_writes_the_value_right(text: str, kind: Kind, help: str) -> None:
    with pytest.raises(ScalarError) as refused:
        parse(text, kind)

    assert refused.value.help == help
