"""Conditions that ask the same are asked once, and only those."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ordinance.rules.compiled.boxes import key
from ordinance.rules.tree import Comparator, Given, LineTest, Place, Test

AUTUMN = ZoneInfo("Europe/Berlin")


def asked(moment: datetime, line: int = 1) -> LineTest:
    place = Place("r.yaml", line, 1)
    test = Test("line.packed_at", Comparator.IS, (Given(moment),), place)
    return LineTest("any", test, place)


def test_the_place_in_the_file_makes_no_difference() -> None:
    moment = datetime(2026, 10, 25, 2, 30, tzinfo=UTC)

    assert key(asked(moment, 1)) == key(asked(moment, 2))


def test_two_moments_with_the_same_hands_of_the_clock_are_two_questions() -> None:
    first, second = (datetime(2026, 10, 25, 2, 30, tzinfo=AUTUMN, fold=fold) for fold in (0, 1))

    assert first == second
    assert key(asked(first)) != key(asked(second))
