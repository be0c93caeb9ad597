"""The facts of a decision point, indexed once for quick use."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches

from ordinance.rules.deciding.soundness import TYPES, Sound, sound
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.point import DecisionPoint, Fact, Missing

LINES = "lines"
CANDIDATES = "candidates"
CODE = "candidate.code"


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """What a point declares, by name; built once per rule set."""

    point: DecisionPoint
    facts: dict[str, Fact] = field(init=False)
    spellings: dict[str, str] = field(init=False)
    """Every spelling of a fact (English and Chinese) to its English name."""
    homes: dict[str, str] = field(init=False)
    """Where a fact is given: in `lines`, in `candidates`, or (empty) beside those of the order."""
    order_names: tuple[str, ...] = field(init=False)
    line_names: tuple[str, ...] = field(init=False)
    candidate_names: tuple[str, ...] = field(init=False)
    glances: dict[str, dict[str, Sound]] = field(init=False)
    """By home and name: how to see at a glance that a value has the type its fact declares."""
    spelled: dict[str, tuple[str, ...]] = field(init=False)
    """By home: the facts whose values JSON has no form of its own for."""
    instants: dict[str, tuple[str, ...]] = field(init=False)
    """By home: those of them that are instants."""

    personal: tuple[str, ...] = field(init=False)
    """Facts of the order whose value is kept with the person, and neither hashed nor stored."""

    def __post_init__(self) -> None:
        facts = {fact.name: fact for fact in self.point.facts}
        names = sorted(facts)
        zh = {fact.words.zh: fact.name for fact in self.point.facts}
        homes = {name: _home(name, self.point) for name in names}
        at_home = {
            home: [facts[name] for name in names if homes[name] == home]
            for home in ("", LINES, CANDIDATES)
        }
        spelled = {
            home: tuple(fact.name for fact in found if TYPES[fact.kind] not in (str, int, bool))
            for home, found in at_home.items()
        }
        instants = {
            home: tuple(name for name in found if facts[name].kind is Kind.INSTANT)
            for home, found in spelled.items()
        }
        for attribute, value in (
            ("personal", tuple(name for name in names if facts[name].personal)),
            ("glances", {home: sound(found) for home, found in at_home.items()}),
            ("spelled", spelled),
            ("instants", instants),
            ("facts", facts),
            ("spellings", zh | {name: name for name in names}),
            ("homes", homes),
            ("line_names", tuple(name for name in names if homes[name] == LINES)),
            ("candidate_names", tuple(name for name in names if homes[name] == CANDIDATES)),
            ("order_names", tuple(name for name in names if not homes[name])),
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


def _home(name: str, point: DecisionPoint) -> str:
    if name.startswith("line.") and not point.one_line:
        return LINES
    return CANDIDATES if name.startswith("candidate.") else ""
