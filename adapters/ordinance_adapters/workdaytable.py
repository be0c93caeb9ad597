"""Tables of working days: those that come with the package, and a shop's own."""

from __future__ import annotations

import csv
from datetime import date
from importlib import resources
from pathlib import Path

from ordinance.rules.reading.findings import Findings
from ordinance.rules.scalar import clip
from ordinance.rules.tree import Place
from ordinance.workdays import WorkCalendar
from ordinance_adapters.textfile import Unreadable, whole

CALENDARS = ("cn",)
"""Calendars that come with the package."""

COLUMNS = ("date", "kind", "holiday")
MOST_BYTES = 1_000_000


def known_calendar(name: str) -> WorkCalendar:
    """A calendar of `CALENDARS`."""
    file = resources.files("ordinance_adapters") / "data" / f"{name}_workdays.csv"
    days: dict[str, list[date]] = {"closed": [], "worked": []}
    with file.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            days[row["kind"]].append(date.fromisoformat(row["date"]))
    return WorkCalendar.of(days["closed"], days["worked"])


def read_calendar(path: Path, file: str, findings: Findings) -> WorkCalendar | None:
    """A shop's own table; None after a problem. `file` is the name in problems."""
    start = Place(file, 1, 1)
    try:
        text = whole(path, MOST_BYTES).decode("utf-8-sig")
    except (Unreadable, UnicodeDecodeError) as error:
        findings.error("E_FILE", f"the calendar cannot be read: {error}", start)
        return None
    rows = list(csv.reader(text.splitlines()))
    if not rows or [cell.strip() for cell in rows[0][:2]] != list(COLUMNS[:2]):
        findings.error(
            "E_MISSING",
            "the calendar does not begin with `date,kind`",
            start,
            f"the first row names the columns: {','.join(COLUMNS)}",
        )
        return None
    before = findings.errors
    days: dict[str, list[date]] = {"closed": [], "worked": []}
    for line, cells in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in cells):
            _read_row(cells, Place(file, line, 1), days, findings)
    return WorkCalendar.of(days["closed"], days["worked"]) if findings.errors == before else None


def _read_row(
    cells: list[str], place: Place, days: dict[str, list[date]], findings: Findings
) -> None:
    text, kind = (cell.strip() for cell in (*cells, "", "")[:2])
    try:
        day = date.fromisoformat(text)
    except ValueError:
        findings.error("E_TYPE", f"`{clip(text)}` is not a date", place, "write it as `2026-10-01`")
        return
    if kind not in days:
        findings.error(
            "E_REF", f"`{clip(kind)}` is not a kind of day", place, "write `closed` or `worked`"
        )
    elif day in days["closed"] or day in days["worked"]:
        findings.error("E_DUP_KEY", f"`{text}` is there twice", place)
    else:
        days[kind].append(day)
