"""A decision point: a named question that the order core asks, with its facts and its outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum

from ordinance.rules.kinds import Kind, Value, Words


class Hit(StrEnum):
    """How the true rules of a set become one answer."""

    FIRST = "first"
    UNIQUE = "unique"
    COLLECT = "collect"
    SCORE = "score"
    RANK = "rank"


class Missing(StrEnum):
    """What a fact that is absent (or None) means."""

    ERROR = "error"
    """Deciding fails; the order is held."""
    UNKNOWN = "unknown"
    """The third truth value; a decision that hangs on it takes `when_unknown`."""
    NO_MATCH = "no_match"
    """Only `missing` matches. For imported foreign tables alone; our own points never use it."""
    DEFAULT = "default"
    """The declared `default` takes its place."""


class Merge(StrEnum):
    """How several fired rules (hit `collect` and `score`) fill the same outcome field."""

    FIRST = "first"
    """The first fired rule in file order decides."""
    UNION = "union"
    """A list of distinct values, in file order of the rules that gave them."""
    LIST = "list"
    """Every value, in file order."""
    SUM = "sum"
    MAX = "max"
    MIN = "min"
    WORST = "worst"
    """The value that stands last in the declared order of the field's choices."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One allowed value: its code (used in the core and in English files) and its words.

    `words.zh` is also the Chinese spelling in rule files.
    """

    code: str
    words: Words


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact that a decision point offers.

    `name` is the English spelling (`order.receivable`), `words.zh` the Chinese spelling in rule
    files (`订单.应收`) and in sentences; `words.en` is used in English sentences only.
    `line.*` facts exist inside quantifiers, `candidate.*` facts inside a `rank`.
    """

    name: str
    kind: Kind
    words: Words
    unit: str | None = None
    """`g`, `km`, `day` ...; None for money means the shop's currency."""
    choices: tuple[Choice, ...] = ()
    """All that a choice can be; for tags the usual ones, beside which a shop has its own."""
    at_least: Value | None = None
    at_most: Value | None = None
    missing: Missing = Missing.UNKNOWN
    default: Value | None = None
    personal: bool = False
    """True when the value says something about a person (stored apart, masked by default). Not for
    `line.*` and `candidate.*`."""
    note: Words | None = None
    """What the number means exactly, where the name leaves a doubt."""
    speech: bool = False
    """True for what people write in their own words: what is looked for in it is no person."""

    def __post_init__(self) -> None:
        if self.personal and self.name.startswith(("line.", "candidate.")):
            raise ValueError(f"`{self.name}` is personal: only a fact of the order can be")


@dataclass(frozen=True, slots=True)
class Argument:
    """A typed part of a structured outcome field, as `per` in `gift: {sku: TOTE, per: 200}`."""

    name: str
    kind: Kind
    words: Words
    unit: str | None = None
    choices: tuple[Choice, ...] = ()
    required: bool = True
    at_least: Value | None = None
    at_most: Value | None = None


@dataclass(frozen=True, slots=True)
class Needs:
    """What one choice of an argument asks of the others: at least one of them is written."""

    argument: str
    choice: str
    one_of: tuple[str, ...]
    only: bool = False
    """Whether they may be written with this choice alone."""


@dataclass(frozen=True, slots=True)
class Field:
    """One named part of an outcome.

    A field is a scalar of `kind`, or, when `arguments` is not empty, a record of them
    (then `kind` is ignored). `many` allows a list of them in one rule.
    """

    name: str
    words: Words
    kind: Kind = Kind.CHOICE
    unit: str | None = None
    choices: tuple[Choice, ...] = ()
    arguments: tuple[Argument, ...] = ()
    many: bool = False
    merge: Merge = Merge.FIRST
    required: bool = False
    """True when every complete outcome must have it (`otherwise` and `when_unknown` included)."""
    at_least: Value | None = None
    at_most: Value | None = None
    needs: tuple[Needs, ...] = ()
    """What its arguments ask of each other."""


@dataclass(frozen=True, slots=True)
class DecisionPoint:
    """A named question with its vocabulary: everything that a rule file may say of it."""

    name: str
    """`review.risk`: the area (which is also the rule file's name) and the question."""
    title: Words
    question: Words
    facts: tuple[Fact, ...]
    fields: tuple[Field, ...]
    hits: tuple[Hit, ...]
    """The hit policies that make sense here; the first is the usual one."""
    scopes: dict[str, str] = dataclass_field(default_factory=dict)
    """Which fact each `scope:` key compares: `{"channels": "order.channel"}`."""
    one_line: bool = False
    """True when the question is about one line: its `line.*` facts then stand beside those of the
    order. Elsewhere they exist inside quantifiers only."""

    @property
    def area(self) -> str:
        """`review` for `review.risk`."""
        return self.name.partition(".")[0]

    def fact(self, name: str) -> Fact | None:
        """The fact called `name` (English spelling), or None."""
        return next((fact for fact in self.facts if fact.name == name), None)

    def field(self, name: str) -> Field | None:
        """The outcome field called `name`, or None."""
        return next((item for item in self.fields if item.name == name), None)
