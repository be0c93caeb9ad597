"""Working days: holidays are skipped, 调休 days are worked, and unknown years have no answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ordinance.rules.reading.findings import Findings
from ordinance.workdays import WorkCalendar
from ordinance_adapters.workdaytable import known_calendar, read_calendar

CHINA = known_calendar("cn")


def test_st13_three_working_days_from_the_eve_of_national_day() -> None:
    assert CHINA.after(date(2025, 9, 30), 3) == date(2025, 10, 11)


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (date(2025, 9, 30), 1, date(2025, 10, 9)),
        (date(2025, 9, 30), 2, date(2025, 10, 10)),
        (date(2025, 9, 27), 1, date(2025, 9, 28)),  # a Sunday that is worked
        (date(2026, 2, 13), 2, date(2026, 2, 24)),  # Saturday is worked, then the festival
        (date(2026, 1, 1), 1, date(2026, 1, 4)),
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
        (date(2025, 12, 31), 1, date(2026, 1, 4)),
    ],
)
def test_a_lead_time_skips_holidays_and_counts_worked_weekends(
    start: date, days: int, expected: date
) -> None:
    assert CHINA.after(start, days) == expected


def test_a_count_into_a_year_without_a_table_is_unknown() -> None:
    assert CHINA.works(date(2027, 1, 4)) is None
    assert CHINA.after(date(2026, 12, 30), 1) == date(2026, 12, 31)
    assert CHINA.after(date(2026, 12, 30), 2) is None
    assert CHINA.after(date(2024, 12, 30), 1) is None


def test_the_published_tables_give_as_many_days_as_the_notices_say() -> None:
    """33 days are closed in 2026 and 28 in 2025, weekends among them; 6 and 5 are worked."""
    closed = {year: sum(day.year == year for day in CHINA.closed) for year in CHINA.years}
    worked = {year: sum(day.year == year for day in CHINA.worked) for year in CHINA.years}

    # 2025: 1 + 8 + 3 + 5 + 3 + 8; 2026: 3 + 9 + 3 + 5 + 3 + 3 + 7.
    assert closed == {2025: 28, 2026: 33}
    assert worked == {2025: 5, 2026: 6}
    assert all(day.weekday() >= 5 for day in CHINA.worked)
    assert not CHINA.closed & CHINA.worked


def test_a_calendar_without_its_worked_weekends_is_caught() -> None:
    forgetful = WorkCalendar(CHINA.years, CHINA.closed)

    assert forgetful.after(date(2025, 9, 30), 3) != date(2025, 10, 11)


def test_a_shops_own_table_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    file = tmp_path / "days.csv"
    file.write_text("date,kind\n2026-13-01,closed\n2026-10-01,shut\n", encoding="utf-8")
    findings = Findings()

    assert read_calendar(file, "days.csv", findings) is None
    told = [str(problem) for problem in findings.sorted("error")]
    assert len(told) == 2 and "days.csv:2" in told[0] and "days.csv:3" in told[1]
