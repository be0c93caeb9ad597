"""The simplest tests of a cell, made once and for all: which fact, which kind, which comparator."""

from __future__ import annotations

from decimal import Decimal

from ordinance.rules.interchange.evidence import Evidence, Untranslatable
from ordinance.rules.interchange.expression import ListOf, Literal, Name
from ordinance.rules.interchange.names import ours
from ordinance.rules.interchange.truth import (
    ORDERINGS,
    Truth,
    among,
    either,
    partial,
    presence,
    total,
)
from ordinance.rules.interchange.zen.literals import Constant, constant
from ordinance.rules.interchange.zen.paths import path_name
from ordinance.rules.interchange.zen.syntax import COLUMN
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.tree import Comparator, Given, Place, Test

CALCULATED = "it calculates, which no comparator does"


class Atoms:
    """Makes tests in one column; `column` is the fact of its field, if it has one.

    Every use of a fact is told to `evidence`; names are relative to `prefix`.
    """

    def __init__(
        self, evidence: Evidence, place: Place, column: str | None = None, prefix: str = ""
    ) -> None:
        self.evidence = evidence
        self.place = place
        self._column = column
        self._prefix = prefix

    def fact(self, name: Name) -> str:
        """The fact that a path reads. Raises `Untranslatable` where it is no fact as a whole."""
        if name == COLUMN:
            if self._column is None:
                raise Untranslatable("`$` stands in a column that has no field")
            return self._column
        if name.path[0] in ("$", "#", "$nodes"):
            raise Untranslatable("it reads a part of a value")
        fact = path_name(name.path)
        if not fact:
            raise Untranslatable("it reads the whole input")
        return ours(self._prefix + fact)

    def expect(self, fact: str, kind: Kind, *, firm: bool = True) -> None:
        """See `Evidence.expect`."""
        self.evidence.expect(fact, kind, firm=firm)

    def expect_text(self, fact: str, *, firm: bool) -> None:
        """The fact is a text; for `contains` it may as well be a list of texts."""
        tags = not firm and self.evidence.kind(fact) is Kind.TAGS
        self.expect(fact, Kind.TAGS if tags else Kind.TEXT, firm=firm)

    def is_(self, fact: str, value: Value) -> Test:
        """The fact is the value."""
        return Test(fact, Comparator.IS, (Given(value),), self.place)

    def ordering(self, fact: str, operator: str, value: Value) -> Truth:
        """The fact is above, below ... the value; this fails where the fact is absent."""
        return partial(Test(fact, ORDERINGS[operator], (Given(value),), self.place))

    def dated(self, fact: str, operator: str, value: Value) -> Truth:
        """As `ordering`, for `d(fact)`: no date at all comes before every date."""
        test = self.ordering(fact, operator, value)
        absent = presence(fact, False, self.place)
        early = operator in ("<", "<=")
        return either(absent, test) if early else either(absent, test.negated()).negated()

    def about_value(self, fact: str, comparator: Comparator, parts: tuple[str, ...]) -> Truth:
        """A comparison of a text or a list with texts; this fails where the fact is absent."""
        return partial(
            Test(fact, comparator, tuple(Given(part) for part in dict.fromkeys(parts)), self.place)
        )

    def in_list(self, fact: str, listed: ListOf) -> Truth:
        """The fact is one of the listed values; this never fails."""
        values = [constant(item) for item in listed.items]
        known = [value for value in values if value is not None]
        if any(
            value is None and item != Literal(None)
            for value, item in zip(values, listed.items, strict=True)
        ):
            raise Untranslatable(CALCULATED)
        if not known:
            raise Untranslatable("the list is empty")
        for value in known:
            self.expect(fact, kind_of(value))
        test = among(fact, tuple(known), self.place)
        if len(known) < len(values):
            absent = presence(fact, True, self.place).negated()
            return either(absent, total(test))
        return total(test)


def kind_of(value: Constant) -> Kind:
    """The kind of a fact that is compared with `value`."""
    if isinstance(value, bool):
        return Kind.BOOLEAN
    return Kind.DECIMAL if isinstance(value, Decimal) else Kind.TEXT
