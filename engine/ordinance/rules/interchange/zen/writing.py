"""Conditions and values as text of the expression language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from ordinance.rules.interchange.names import theirs
from ordinance.rules.interchange.truth import ORDERINGS, needs
from ordinance.rules.interchange.written import (
    SAFE,
    Source,
    Unwritable,
    fails,
    is_denied,
    parts_of,
)
from ordinance.rules.interchange.zen.paths import fact_of, path_of
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.numeral import decimal_text
from ordinance.rules.scalar import plain
from ordinance.rules.tree import (
    AllOf,
    AnyOf,
    Comparator,
    Condition,
    FactRef,
    Given,
    NotOf,
    Test,
)

_SIGNS = {comparator: sign for sign, comparator in ORDERINGS.items()}
_DATES = (Kind.INSTANT, Kind.DATE)
_FUNCTIONS = {
    Comparator.STARTS_WITH: "startsWith",
    Comparator.ENDS_WITH: "endsWith",
    Comparator.CONTAINS_ANY: "contains",
    Comparator.CONTAINS_NONE: "contains",
}
_CALLS = (*_FUNCTIONS, Comparator.CONTAINS, Comparator.CONTAINS_ALL, Comparator.MATCHES)

ZEN = "zen"
"""The name of the language."""


class Writer:
    """Writes the conditions of one rule set."""

    def __init__(self, source: Source) -> None:
        self._source = source
        frame = source.frame
        self._within = "" if frame.looped else fact_of(frame.input_field) or ""

    @property
    def language(self) -> str:
        return ZEN

    def literal(self, value: Value) -> str:
        """The value of an outcome: what has no form of its own is a text."""
        if isinstance(value, str | bool | int | Decimal):
            return written(value)
        text = plain(value)
        if not isinstance(text, str):
            raise Unwritable(f"`{text}` has no counterpart")
        return written(text)

    def path(self, fact: str) -> str:
        """A fact as a path. Raises `Unwritable`."""
        if fact in self._source.originals:
            raise Unwritable(f"`{fact}` stands for something that was not translated")
        path = path_of(theirs(fact), within=self._within)
        if path is None:
            raise Unwritable(f"`{fact}` is no name that the format can read")
        return path

    def cell(self, parts: Sequence[Condition], fact: str) -> str | None:
        """The conditions, all about one fact, as a cell of its column; None where a cell cannot
        say them."""
        if len(parts) == 1:
            alone = self._alone(parts[0], fact)
            if alone is not None:
                return alone
        denied = any(is_denied(part) for part in parts)
        if denied and not any(_asks_presence(part) for part in parts):
            # In a cell `!startsWith($, "a")` fails for want of the fact, so it says both.
            return None
        wanted = [part for part in parts if not (denied and _asks_presence(part))]
        tests = [self._in_cell(part, fact) for part in wanted]
        return None if None in tests else " and ".join(text for text in tests if text)

    def expression(self, condition: Condition, *, safe: bool = False) -> str:
        """The condition as a whole expression; `safe` where it may not fail for want of a fact."""
        match condition:
            case Test():
                return self._test(condition, self.path(condition.fact), safe=safe)
            case NotOf(Test() as test):
                return self._denied(test, self.path(test.fact))
            case AllOf(()):
                return "true"
            case AnyOf(()):
                return "false"
            case AllOf(items):
                return " and ".join(self._bracketed(item, safe=safe) for item in items)
            case AnyOf(items):
                return " or ".join(
                    self._bracketed(item, safe=safe or _would_hide(item, items[index + 1 :]))
                    for index, item in enumerate(items)
                )
        raise Unwritable("it is nested in a way that the format does not know")

    def _bracketed(self, condition: Condition, *, safe: bool) -> str:
        text = self.expression(condition, safe=safe)
        compound = isinstance(condition, AllOf | AnyOf) and len(condition.items) > 1
        return f"({text})" if compound else text

    def _test(self, test: Test, subject: str, *, safe: bool) -> str:
        text = self._plain_test(test, subject)
        if not safe or test.comparator in SAFE:
            return text
        for operand in test.operands:
            if isinstance(operand, FactRef):
                text = f"({self.path(operand.name)} != null and {text})"
        return f"({subject} != null and {text})"

    def _denied(self, test: Test, subject: str) -> str:
        if test.comparator is Comparator.IS and not self._is_date(test.fact):
            return f"{subject} != {self._value(test)}"
        if test.comparator is Comparator.ONE_OF and not self._is_date(test.fact):
            return f"{subject} not in {self._list(test)}"
        text = self._test(test, subject, safe=True)
        return f"!{text}" if text.startswith("(") else f"!({text})"

    def _plain_test(self, test: Test, subject: str) -> str:
        comparator = test.comparator
        if comparator is Comparator.MISSING:
            return f"{subject} {'==' if test.operands == (Given(True),) else '!='} null"
        if self._is_date(test.fact):
            return self._date_test(test, subject)
        if comparator is Comparator.IS:
            return f"{subject} == {self._value(test)}"
        if comparator is Comparator.ONE_OF:
            return f"{subject} in {self._list(test)}"
        if comparator in _SIGNS:
            return f"{subject} {_SIGNS[comparator]} {self._value(test)}"
        if comparator is Comparator.BETWEEN:
            low, high = self._values(test)
            return f"{subject} in [{low}..{high})"
        if self._source.kind(test.fact) is Kind.TAGS:
            return self._tags_test(test, subject)
        return self._call(test, subject)

    def _date_test(self, test: Test, subject: str) -> str:
        comparator, values = test.comparator, self._values(test)
        if comparator in (Comparator.IS, Comparator.ONE_OF):
            text = " or ".join(f"d({subject}) == d({value})" for value in values)
            return f"({text})" if len(values) > 1 else text
        if comparator in _SIGNS:
            (value,) = values
            return f"date({subject}) {_SIGNS[comparator]} date({value})"
        low, high = values
        return f"date({subject}) in [date({low})..date({high}))"

    def _call(self, test: Test, subject: str) -> str:
        comparator, values = test.comparator, self._values(test)
        listed = ", ".join(values)
        if comparator is Comparator.MATCHES:
            return f"matches({subject}, {values[0]})"
        if comparator in (Comparator.CONTAINS, Comparator.CONTAINS_ALL):
            if len(values) == 1 and comparator is Comparator.CONTAINS:
                return f"contains({subject}, {values[0]})"
            return f"all([{listed}], contains({subject}, #))"
        if comparator not in _FUNCTIONS:
            raise Unwritable(f"`{comparator}` has no counterpart")
        name = _FUNCTIONS[comparator]
        if len(values) == 1 and comparator in (Comparator.STARTS_WITH, Comparator.ENDS_WITH):
            return f"{name}({subject}, {values[0]})"
        sign = "!" if comparator is Comparator.CONTAINS_NONE else ""
        return f"{sign}some([{listed}], {name}({subject}, #))"

    def _tags_test(self, test: Test, subject: str) -> str:
        values = self._values(test)
        listed = ", ".join(values)
        match test.comparator:
            case Comparator.CONTAINS if len(values) == 1:
                return f"{values[0]} in {subject}"
            case Comparator.CONTAINS | Comparator.CONTAINS_ALL:
                return f"all([{listed}], contains({subject}, #))"
            case Comparator.CONTAINS_ANY:
                return f"some({subject}, # in [{listed}])"
            case Comparator.CONTAINS_NONE:
                return f"none({subject}, # in [{listed}])"
        raise Unwritable(f"`{test.comparator}` of a list has no counterpart")

    def _alone(self, part: Condition, fact: str) -> str | None:
        """A cell that holds one condition."""
        match part:
            case Test(_, Comparator.IS | Comparator.ONE_OF) if not self._is_date(fact):
                return ", ".join(self._values(part))
            case AnyOf(items):
                return self._chain(items, fact)
        return None

    def _chain(self, items: tuple[Condition, ...], fact: str) -> str | None:
        """`a or b` in a cell: what cannot fail goes first, for nothing may hide it."""
        ordered = sorted(items, key=lambda item: bool(fails(item)))
        texts: list[str] = []
        for index, item in enumerate(ordered):
            parts = parts_of(item)
            # A cell goes from left to right, so only its first test may be an `and`.
            if (len(parts) > 1 and index > 0) or _would_hide(item, ordered[index + 1 :]):
                return None
            found = [self._in_cell(part, fact) for part in parts]
            if any(text is None for text in found) or any(is_denied(part) for part in parts):
                return None
            texts.append(" and ".join(text for text in found if text is not None))
        return " or ".join(texts)

    def _in_cell(self, part: Condition, fact: str) -> str | None:
        """One test of a cell that holds several."""
        match part:
            case Test(_, Comparator.MISSING, (Given(bool(missing)),)):
                return "null" if missing else "!= null"
            case Test():
                if self._is_date(fact) or part.comparator in _CALLS:
                    text = self._plain_test(part, "$")
                    return None if " or " in text and self._is_date(fact) else text
                if part.comparator is Comparator.BETWEEN:
                    low, high = self._values(part)
                    return f"[{low}..{high})"
                return self._plain_test(part, "$").removeprefix("$ ")
            case NotOf(Test(_, comparator) as test):
                if self._is_date(fact) or comparator not in (*SAFE, *_CALLS):
                    return None
                if comparator in SAFE:
                    return self._denied(test, "$").removeprefix("$ ")
                text = self._plain_test(test, "$")
                return f"!({text})" if " in " in text and not text.endswith(")") else f"!{text}"
        return None

    def _is_date(self, fact: str) -> bool:
        return self._source.kind(fact) in _DATES

    def _value(self, test: Test) -> str:
        (value,) = self._values(test)
        return value

    def _list(self, test: Test) -> str:
        return f"[{', '.join(self._values(test))}]"

    def _values(self, test: Test) -> list[str]:
        return [
            self.path(operand.name) if isinstance(operand, FactRef) else written(operand.value)
            for operand in test.operands
            if isinstance(operand, FactRef | Given)
        ]


def written(value: Value) -> str:
    """A constant. Raises `Unwritable`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        if value.microsecond:
            raise Unwritable("moments are told to the second")
        return f'"{value.astimezone(UTC).isoformat().replace("+00:00", "Z")}"'
    if isinstance(value, date):
        return f'"{value.isoformat()}"'
    if isinstance(value, str):
        quote = next((sign for sign in "\"'`" if sign not in value), None)
        if quote is None or (quote == "`" and "${" in value):
            raise Unwritable("a text holds every kind of quote")
        return f"{quote}{value}{quote}"
    raise Unwritable(f"`{plain(value)}` has no counterpart")


def _would_hide(item: Condition, later: Sequence[Condition]) -> bool:
    """Whether the item may fail where one of the later ones would be true."""
    absent = fails(item)
    return any(not absent <= needs(other) for other in later)


def _asks_presence(part: Condition) -> bool:
    match part:
        case Test(_, Comparator.MISSING, (Given(False),)):
            return True
    return False
