"""The facts of a decision point, indexed once for quick use."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches

from ordinance.rules.kinds import Value
from ordinance.rules.point import DecisionPoint, Fact, Missing

LINES = "lines"
CANDIDATES = "candidates"
LINE_PREFIX = "line."
CANDIDATE_PREFIX = "candidate."
CODE = "candidate.code"


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """What a point declares, by name; built once per rule set."""

    point: DecisionPoint
    facts: dict[str, Fact] = field(init=False)
    spellings: dict[str, str] = field(init=False)
    """Every spelling of a fact (English and Chinese) to its English name."""
    order_names: tuple[str, ...] = field(init=False)
    line_names: tuple[str, ...] = field(init=False)
    candidate_names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        facts = {fact.name: fact for fact in self.point.facts}
        names = sorted(facts)
        zh = {fact.words.zh: fact.name for fact in self.point.facts}
        for attribute, value in (
            ("facts", facts),
            ("spellings", zh | {name: name for name in names}),
            ("line_names", tuple(name for name in names if name.startswith(LINE_PREFIX))),
            ("candidate_names", tuple(name for name in names if name.startswith(CANDIDATE_PREFIX))),
            ("order_names", tuple(name for name in names if not _is_part(name))),
        ):
            object.__setattr__(self, attribute, value)

    def default(self, name: str) -> Value | None:
        """What takes the place of the fact when it is absent; None for nothing."""
        fact = self.facts[name]
        return fact.default if fact.missing is Missing.DEFAULT else None

    def suggestion(self, name: str) -> str | None:
        """A help line that names the likeliest fact, or None."""
        close = get_close_matches(name, self.spellings, n=1, cutoff=0.6)
        return f"did you mean `{close[0]}`?" if close else None


def _is_part(name: str) -> bool:
    return name.startswith((LINE_PREFIX, CANDIDATE_PREFIX))
