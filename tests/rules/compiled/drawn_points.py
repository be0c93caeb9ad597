"""Two decision points with facts of every kind and every meaning of a missing one."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from ordinance.rules.kinds import Kind, Words
from ordinance.rules.point import DecisionPoint, Fact, Field, Hit, Merge, Missing
from ordinance.rules.tree import Comparator
from tests.rules.sample_point import choices, fact

DAYS = [date(2026, 2, 1), date(2026, 4, 1), date(2026, 6, 1)]
SUMMER = ZoneInfo("Europe/Berlin")
"""A zone whose clocks go back, so that equal hands of the clock are two moments."""

NUMBERS = [Comparator.AT_LEAST, Comparator.ABOVE, Comparator.AT_MOST, Comparator.BELOW]
_EQUAL = [Comparator.IS, Comparator.IS_NOT, Comparator.ONE_OF, Comparator.NONE_OF]
_LINE = [*NUMBERS, Comparator.BETWEEN, *_EQUAL]
_CONTAINS = [
    Comparator.CONTAINS,
    Comparator.CONTAINS_ANY,
    Comparator.CONTAINS_ALL,
    Comparator.CONTAINS_NONE,
]
_TEXTS = [*_EQUAL, *_CONTAINS, Comparator.STARTS_WITH, Comparator.ENDS_WITH, Comparator.MATCHES]
MANY = {
    Comparator.ONE_OF,
    Comparator.NONE_OF,
    Comparator.CONTAINS_ANY,
    Comparator.CONTAINS_ALL,
    Comparator.CONTAINS_NONE,
}
COMPARATORS: dict[Kind, list[Comparator]] = {
    Kind.MONEY: _LINE,
    Kind.INTEGER: _LINE,
    Kind.DECIMAL: _LINE,
    Kind.RATIO: _LINE,
    Kind.DATE: _LINE,
    Kind.INSTANT: [*NUMBERS, Comparator.BETWEEN, Comparator.IS, Comparator.IS_NOT],
    Kind.TIME_OF_DAY: [*NUMBERS, Comparator.BETWEEN, Comparator.IS, Comparator.IS_NOT],
    Kind.DURATION: _LINE,
    Kind.TEXT: _TEXTS,
    Kind.CHOICE: _EQUAL,
    Kind.BOOLEAN: [Comparator.IS, Comparator.IS_NOT],
    Kind.TAGS: [*_CONTAINS, Comparator.IS, Comparator.IS_NOT],
    Kind.REGION: _EQUAL,
}

MOMENTS = [
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 2, 30, tzinfo=SUMMER),
    datetime(2026, 10, 25, 2, 30, tzinfo=SUMMER, fold=1),
    datetime(2026, 4, 1, 0, 30, tzinfo=timezone(timedelta(hours=8))),
    datetime(2026, 4, 1, 10, tzinfo=UTC),
]
VALUES: dict[Kind, list[Any]] = {
    Kind.MONEY: [Decimal(text) for text in ("0", "1", "1.00", "1.01", "2", "2.50", "9")],
    Kind.INTEGER: [0, 1, 2, 3, 4, 7],
    Kind.DECIMAL: [Decimal(text) for text in ("-1", "0", "0.333", "1", "1.5", "2")],
    Kind.RATIO: [Decimal(text) for text in ("0", "0.2", "0.20", "0.5", "1")],
    Kind.DATE: [*DAYS, *(day - timedelta(days=1) for day in DAYS), date.max, date.min],
    Kind.INSTANT: MOMENTS,
    Kind.TIME_OF_DAY: [time(0), time(6), time(6, 0, 1), time(22), time(23, 59, 59), time(12)],
    Kind.DURATION: [timedelta(hours=hours) for hours in (0, 1, 24, 48)] + [timedelta(days=1)],
    Kind.TEXT: ["", "a", "ab", "abc", "b", "ba", "村a", "a\n"],
    Kind.CHOICE: ["x", "y", "z"],
    Kind.BOOLEAN: [True, False],
    Kind.TAGS: [frozenset(tags) for tags in ((), "A", "B", "AB", "ABC", "C")],
    Kind.REGION: [
        "33",
        "3301",
        "330106",
        "330106001",
        "44",
        "4403",
        "BR",
        "BR-S",
        "BR-SP",
        "BR-SP-1",
    ],
}
"""What facts hold. Operands are drawn from the same values, so that limits are met."""

PATTERNS = ["^a", "b$", "a.*b", "村", "x"]
SINGLE_TAGS = ["A", "B", "C", "D"]

_HOMES = {"order": 3, "line": 1}


def _facts() -> tuple[Fact, ...]:
    """Three facts of each kind for the order, with each meaning of a missing one; one for lines."""
    facts = []
    for kind in Kind:
        codes = choices(("x", "甲"), ("y", "乙"), ("z", "丙")) if kind is Kind.CHOICE else ()
        for home, count in _HOMES.items():
            for number in range(count):
                missing = [Missing.UNKNOWN, Missing.NO_MATCH, Missing.DEFAULT][number]
                facts.append(
                    fact(
                        f"{home}.{kind.value}_{number}",
                        f"{home}.{kind.value}.{number}",
                        kind,
                        choices=codes,
                        missing=missing,
                        default=VALUES[kind][1] if missing is Missing.DEFAULT else None,
                    )
                )
    return tuple(facts)


def _candidate_facts() -> tuple[Fact, ...]:
    kinds = (Kind.INTEGER, Kind.DECIMAL, Kind.BOOLEAN, Kind.REGION, Kind.CHOICE, Kind.MONEY)
    codes = choices(("x", "甲"), ("y", "乙"), ("z", "丙"))
    return (
        fact("candidate.code", "候选.编码", Kind.TEXT),
        *(
            fact(
                f"candidate.{kind.value}",
                f"候选.{kind.value}",
                kind,
                choices=codes if kind is Kind.CHOICE else (),
            )
            for kind in kinds
        ),
    )


_OUTCOME = choices(("approve", "通过"), ("manual_review", "人工"), ("hold", "拦截"))
_FIELDS = (
    Field("outcome", Words("结论", "outcome"), choices=_OUTCOME, merge=Merge.WORST),
    Field("note", Words("备注", "note"), kind=Kind.TEXT, many=True, merge=Merge.UNION),
    Field("days", Words("天数", "days"), kind=Kind.INTEGER, merge=Merge.SUM),
    Field("amount", Words("金额", "amount"), kind=Kind.MONEY, merge=Merge.MAX),
)

POINT = DecisionPoint(
    name="drawn.point",
    title=Words("抽样", "Drawn"),
    question=Words("如何?", "what?"),
    facts=_facts(),
    fields=_FIELDS,
    hits=(Hit.FIRST, Hit.UNIQUE, Hit.COLLECT, Hit.SCORE),
    scopes={"channels": "order.text_0", "types": "order.choice_1", "areas": "order.region_2"},
)
RANKING = DecisionPoint(
    name="drawn.ranking",
    title=Words("抽样排序", "Drawn ranking"),
    question=Words("选哪个?", "which?"),
    facts=(*_facts(), *_candidate_facts()),
    fields=(Field("candidate", Words("候选", "candidate"), kind=Kind.TEXT), *_FIELDS),
    hits=(Hit.RANK,),
    scopes={"channels": "order.text_0", "codes": "candidate.code"},
)
