"""The fields of one map of a shop file, read by name into typed values; problems are collected."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time, timedelta
from decimal import Decimal

from ordinance.rules.kinds import Kind, Value, Words
from ordinance.rules.reading.findings import Findings
from ordinance.rules.reading.nodes import Entry, Map, Scalar, Seq, described
from ordinance.rules.scalar import ScalarError, clip, parse
from ordinance.rules.tree import Place

MOST = 10**9
"""The largest whole number of a shop file: grams, pieces, days."""

MOST_TIME = timedelta(days=366)
"""The longest length of time of a shop file."""

_CODE = re.compile(r"\w[\w.-]{0,63}")


class Fields:
    """One map. `what` names it in messages (`a warehouse`); `digits` are the currency's."""

    def __init__(
        self, node: Map, findings: Findings, known: Sequence[str], what: str, digits: int = 2
    ) -> None:
        self.place = node.place
        self._findings = findings
        self.digits = digits
        self._entries: dict[str, Entry] = {entry.key.text: entry for entry in node.entries}
        for name, entry in self._entries.items():
            if name not in known:
                findings.unknown_word(
                    "E_UNKNOWN_KEY",
                    f"unknown key `{clip(name)}` in {what}",
                    name,
                    entry.key.place,
                    known,
                    f"known keys: {', '.join(known)}",
                )

    def place_of(self, name: str) -> Place:
        """Where the value of `name` stands; where the map begins, when it is not given."""
        entry = self._entries.get(name)
        return self.place if entry is None else entry.value.place

    def text(self, name: str, *, required: bool = False) -> str | None:
        """The text of a field; None when it is not given, or after a problem."""
        entry = self._entries.get(name)
        if entry is None:
            if required:
                self._missing(name)
            return None
        value = entry.value
        if isinstance(value, Scalar) and value.text.strip():
            return value.text.strip()
        self._findings.error(
            "E_TYPE", f"`{name}` needs a value, not {described(value)}", value.place
        )
        return None

    def code(self, name: str) -> str:
        """A required code: letters, digits, `_`, `.` and `-`. Empty after a problem."""
        text = self.text(name, required=True)
        if text is None:
            return ""
        if not _CODE.fullmatch(text):
            self._findings.error(
                "E_TYPE",
                f"`{clip(text)}` is not a code",
                self.place_of(name),
                "write letters, digits, `_`, `.` or `-`, without spaces",
            )
        return text

    def whole(self, name: str, default: int, *, least: int = 0, most: int = MOST) -> int:
        """A whole number from `least` to `most`."""
        value = self._typed(name, Kind.INTEGER)
        if value is None:
            return default
        number = int(str(value))
        if least <= number <= most:
            return number
        self._findings.error(
            "E_RANGE", f"`{name}` must lie from {least} to {most}", self.place_of(name)
        )
        return default

    def degrees(self, name: str, most: int) -> float | None:
        """Degrees of latitude or longitude."""
        value = self._typed(name, Kind.DECIMAL)
        if value is None:
            return None
        if abs(Decimal(str(value))) <= most:
            return float(str(value))
        self._findings.error(
            "E_RANGE", f"`{name}` must lie from -{most} to {most} degrees", self.place_of(name)
        )
        return None

    def money(self, name: str, default: int) -> int:
        """An amount in major units, as minor units."""
        text = self.text(name)
        if text is None:
            return default
        try:
            return money_minor(text, self.digits)
        except ScalarError as error:
            self._wrong(name, error)
            return default

    def flag(self, name: str, default: bool) -> bool:
        """`true` or `false`, `yes` or `no`, `是` or `否`."""
        value = self._typed(name, Kind.BOOLEAN)
        return default if value is None else bool(value)

    def region(self, name: str) -> str:
        """A required region code. Empty after a problem."""
        if name not in self._entries:
            self._missing(name)
        return str(self._typed(name, Kind.REGION) or "")

    def words(self, name: str, *, required: bool = True) -> Words:
        """`{zh: ..., en: ...}`, or one text for both languages."""
        entry = self._entries.get(name)
        if entry is None:
            if required:
                self._missing(name)
            return Words("", "")
        if isinstance(entry.value, Map):
            both = Fields(entry.value, self._findings, ("zh", "en"), f"`{name}`")
            return Words(both.text("zh", required=True) or "", both.text("en", required=True) or "")
        text = self.text(name) or ""
        return Words(text, text)

    def has(self, name: str) -> bool:
        """Whether a field is given."""
        return name in self._entries

    def time_of_day(self, name: str) -> time | None:
        """A time such as `16:00`."""
        value = self._typed(name, Kind.TIME_OF_DAY)
        return value if isinstance(value, time) else None

    def duration(self, name: str, default: timedelta) -> timedelta:
        """A length of time such as `30 s` or `4 h`, longer than none."""
        value = self._typed(name, Kind.DURATION)
        if not isinstance(value, timedelta):
            return default
        if timedelta(0) < value <= MOST_TIME:
            return value
        self._findings.error(
            "E_RANGE",
            f"`{name}` must be longer than none and at most {MOST_TIME.days} days",
            self.place_of(name),
        )
        return default

    def word(self, name: str, known: Sequence[str], default: str | None = None) -> str:
        """One of the `known` words, required where there is no default. Empty after a problem."""
        text = self.text(name, required=default is None)
        if text is None or text in known:
            return text or default or ""
        self._findings.unknown_word(
            "E_REF",
            f"unknown {name} `{clip(text)}`",
            text,
            self.place_of(name),
            known,
            f"known: {', '.join(known)}",
        )
        return ""

    def texts(self, name: str, kind: Kind = Kind.TEXT) -> tuple[str, ...]:
        """A list of texts, each of `kind`; empty when it is not given."""
        found = []
        for item in self._items(name, "a list such as `[a, b]`"):
            if not isinstance(item, Scalar) or not item.text.strip():
                self._findings.error(
                    "E_TYPE", f"`{name}` lists words, not {described(item)}", item.place
                )
                continue
            try:
                found.append(str(parse(item.text.strip(), kind)))
            except ScalarError as error:
                self._findings.error(error.code, f"`{name}`: {error}", item.place, error.help)
        return tuple(found)

    def maps(self, name: str, known: Sequence[str], what: str) -> list[Fields]:
        """A list of maps with the keys `known`."""
        found = []
        for item in self._items(name, "a list of `- code: ...`"):
            if isinstance(item, Map):
                found.append(Fields(item, self._findings, known, what, self.digits))
            else:
                self._findings.error(
                    "E_TYPE", f"{what} has keys such as `code:`, not {described(item)}", item.place
                )
        return found

    def _items(self, name: str, shape: str) -> Sequence[Scalar | Seq | Map]:
        entry = self._entries.get(name)
        if entry is None:
            return ()
        if isinstance(entry.value, Seq):
            return entry.value.items
        self._findings.error(
            "E_TYPE", f"`{name}` needs {shape}, not {described(entry.value)}", entry.value.place
        )
        return ()

    def _typed(self, name: str, kind: Kind) -> Value | None:
        text = self.text(name)
        if text is None:
            return None
        try:
            return parse(text, kind)
        except ScalarError as error:
            self._wrong(name, error)
            return None

    def _wrong(self, name: str, error: ScalarError) -> None:
        self._findings.error(error.code, f"`{name}`: {error}", self.place_of(name), error.help)

    def _missing(self, name: str) -> None:
        self._findings.error("E_MISSING", f"`{name}` is missing", self.place, f"add `{name}: ...`")


def money_minor(text: str, digits: int) -> int:
    """An amount that is not negative, written in major units, as minor units.

    Raises `ScalarError`, also for more decimals than `digits`.
    """
    amount = Decimal(str(parse(text, Kind.DECIMAL)))
    minor = amount.scaleb(digits)
    if minor != minor.to_integral_value():
        raise ScalarError(
            "E_MONEY",
            f"`{clip(text)}` has more than {digits} decimals",
            f"the shop's currency has {digits} (see `minor_digits`)",
        )
    if minor < 0:
        raise ScalarError("E_RANGE", f"`{clip(text)}` is less than nothing", "write it positive")
    return int(minor)
