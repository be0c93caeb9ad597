"""Working days: which dates people work on, with holidays and the weekend days that make up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

SATURDAY = 5
"""`date.weekday()` of the first day of a weekend."""


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working days of the years that were published; of any other year nothing is known.

    Monday to Friday are worked unless `closed`; Saturday and Sunday are not unless `worked` (调休).
    """

    years: frozenset[int]
    closed: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    @classmethod
    def of(cls, closed: Iterable[date], worked: Iterable[date]) -> WorkCalendar:
        """The calendar of every year that has a date in it."""
        off, on = frozenset(closed), frozenset(worked)
        return cls(frozenset(day.year for day in off | on), off, on)

    def works(self, day: date) -> bool | None:
        """Whether a day is a working day; None in a year that was not published."""
        if day.year not in self.years:
            return None
        if day in self.worked:
            return True
        return day.weekday() < SATURDAY and day not in self.closed

    def after(self, start: date, days: int) -> date | None:
        """The last of so many working days after `start`, which itself does not count.

        None as soon as the count reaches a year that was not published. With 0 days, `start`.
        """
        day = start
        for _ in range(days):
            day += timedelta(days=1)
            while (works := self.works(day)) is False:
                day += timedelta(days=1)
            if works is None:
                return None
        return day
