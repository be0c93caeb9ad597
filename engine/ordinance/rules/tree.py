"""The tree of a rule set: what a rule file says, after reading, independent of layout and language.

The reader builds it, the evaluator decides by it, the explainer quotes it. All values in it are
typed (see `kinds.py`); all names are the English spelling.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Literal, TypeAlias

from ordinance.rules.kinds import Kind, Value, Words
from ordinance.rules.point import DecisionPoint, Hit


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a rule file; lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Comparator(StrEnum):
    """The comparators of the language; their Chinese twins are in `words.py`."""

    IS = "is"
    IS_NOT = "is_not"
    AT_LEAST = "at_least"
    ABOVE = "above"
    AT_MOST = "at_most"
    BELOW = "below"
    BETWEEN = "between"
    """Two operands, from (included) and to (excluded); a time of day may cross midnight."""
    ONE_OF = "one_of"
    NONE_OF = "none_of"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    CONTAINS = "contains"
    CONTAINS_ANY = "contains_any"
    CONTAINS_ALL = "contains_all"
    CONTAINS_NONE = "contains_none"
    MATCHES = "matches"
    MISSING = "missing"
    """One operand, a boolean: true asks for an absent fact, false for a present one."""


@dataclass(frozen=True, slots=True)
class Given:
    """A value written in the rule."""

    value: Value


@dataclass(frozen=True, slots=True)
class ParamRef:
    """`$name` of a parameter."""

    name: str


@dataclass(frozen=True, slots=True)
class ListRef:
    """`$name` of a list; only as the single operand of a membership or contains comparator."""

    name: str


@dataclass(frozen=True, slots=True)
class FactRef:
    """`$order.receivable`: another fact of the same kind and unit."""

    name: str


Operand: TypeAlias = Given | ParamRef | ListRef | FactRef


@dataclass(frozen=True, slots=True)
class Test:
    """One fact compared with operands."""

    __test__ = False  # pytest would take the name for a test class

    fact: str
    comparator: Comparator
    operands: tuple[Operand, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every item is true; the empty one is true."""

    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one item is true; the empty one is false."""

    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class NotOf:
    """The item is false."""

    item: Condition


@dataclass(frozen=True, slots=True)
class SomeOf:
    """At least `at_least` of the items are true."""

    at_least: int
    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class LineTest:
    """A condition quantified over the lines of an order or the items of a case.

    `any` over no lines is false, `all` is false, `count` is 0. For `count` the number of lines
    where `where` holds is compared by `comparator` with `operands`.
    """

    quantifier: Literal["any", "all", "count"]
    where: Condition
    place: Place
    comparator: Comparator | None = None
    operands: tuple[Operand, ...] = ()


Condition: TypeAlias = Test | AllOf | AnyOf | NotOf | SomeOf | LineTest

OutcomeValue: TypeAlias = "Value | ParamRef | Mapping[str, OutcomeValue] | tuple[OutcomeValue, ...]"
Outcome: TypeAlias = Mapping[str, OutcomeValue]
"""Field name to typed value; a record for a structured field, a tuple for `many`."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A value that holds from `start` on (None: always) until the next one."""

    start: date | None
    value: Value


@dataclass(frozen=True, slots=True)
class Param:
    """A named, dated, bounded and sourced number or word."""

    name: str
    kind: Kind
    values: tuple[Dated, ...]
    place: Place
    unit: str | None = None
    at_least: Value | None = None
    at_most: Value | None = None
    """What the merchant may set (`merchant_may_set`)."""
    locked: bool = False
    label: Words | None = None
    source: Words | None = None


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One value of a list; it holds up to and including `until` (None: no end)."""

    value: Value
    until: date | None = None
    reason: Words | None = None
    added_by: str | None = None


@dataclass(frozen=True, slots=True)
class DatedEntries:
    """The entries of a list from `start` on (None: always)."""

    start: date | None
    entries: tuple[ListEntry, ...]


@dataclass(frozen=True, slots=True)
class NamedList:
    """A named, dated list."""

    name: str
    kind: Kind
    values: tuple[DatedEntries, ...]
    place: Place
    label: Words | None = None
    source: Words | None = None


@dataclass(frozen=True, slots=True)
class Effective:
    """When something is in force: dates `start` (included) to `end` (excluded) of the `as_of`
    date, and a daily window of `at` in the shop's zone that may cross midnight."""

    start: date | None = None
    end: date | None = None
    daily: tuple[time, time] | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, written alone or as a table row."""

    id: str
    when: Condition
    then: Outcome
    place: Place
    title: Words | None = None
    because: Words | None = None
    group: str | None = None
    scope: Mapping[str, tuple[str, ...]] | None = None
    effective: Effective | None = None
    locked: bool = False
    must: bool = False
    """In `exclude:` of a rank: hard; if it empties the candidates the decision fails by name."""
    owner: str | None = None
    source: Words | None = None


class Total(StrEnum):
    """How the points of the true rules become the points of a score."""

    SUM = "sum"
    """They are added to those of `otherwise`."""
    MAX = "max"
    """The highest counts; those of `otherwise` only where no rule is true."""
    MIN = "min"
    """The lowest counts; those of `otherwise` only where no rule is true."""


@dataclass(frozen=True, slots=True)
class Band:
    """Scores from `at_least` (included) to `below` (excluded); None is open."""

    at_least: int | None
    below: int | None
    then: Outcome
    place: Place


@dataclass(frozen=True, slots=True)
class Preference:
    """One criterion of a rank: the candidate with the most or the least of `fact` leads.

    Candidates closer than `within` to the leader stay tied. `when` limits it to some orders.
    """

    id: str
    fact: str
    direction: Literal["most", "least"]
    place: Place
    within: Operand | None = None
    when: Condition | None = None
    because: Words | None = None


@dataclass(frozen=True, slots=True)
class Weight:
    """One term of a weighted rank, the declared alternative to `prefer`: `weight * fact`."""

    id: str
    fact: str
    weight: Decimal
    place: Place


@dataclass(frozen=True, slots=True)
class Case:
    """An embedded test: facts given, outcome and fired rules expected."""

    name: Words
    given: Mapping[str, object]
    """Fact name to typed value; `lines` and `candidates` are tuples of such mappings."""
    expect: Outcome
    fired: tuple[str, ...] | None
    place: Place
    points: int | None = None
    ranking: tuple[str, ...] | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules that answer one decision point."""

    point: DecisionPoint
    hit: Hit
    rules: tuple[Rule, ...]
    """In file order. For a rank these are the `exclude` rules."""
    otherwise: Outcome | None
    """None stands for `otherwise: error`."""
    when_unknown: Outcome
    place: Place
    hash: str
    """SHA-256 (hex) over the canonical meaning; see `canonical.py`."""
    title: Words | None = None
    version: str | None = None
    effective: Effective | None = None
    as_of: str | None = None
    """The fact whose date picks dated values; None: the moment of deciding."""
    params: Mapping[str, Param] | None = None
    lists: Mapping[str, NamedList] | None = None
    total: Total = Total.SUM
    """Of a score."""
    bands: tuple[Band, ...] = ()
    prefer: tuple[Preference, ...] = ()
    weights: tuple[Weight, ...] = ()
    tie_break: tuple[str, ...] = ()
    """Candidate facts, smallest first; the last must tell any two candidates apart."""
    most_specific: str | None = None
    """A region fact: among true rows the scoped ones, then the longest region, win over order."""
    tests: tuple[Case, ...] = ()
