"""The declared words of one decision point, by either spelling."""

from __future__ import annotations

from collections.abc import Mapping

from ordinance.rules.point import DecisionPoint, Fact, Field
from ordinance.rules.reading.findings import Findings
from ordinance.rules.reading.nodes import Scalar
from ordinance.rules.scalar import clip

_MOST_NAMED = 24


class Vocabulary:
    """Looks up facts and outcome fields; an unknown one is a problem with a suggestion."""

    def __init__(self, point: DecisionPoint, others: Mapping[str, DecisionPoint]) -> None:
        self.point = point
        self._facts: dict[str, Fact] = {}
        for fact in point.facts:
            self._facts.setdefault(fact.name, fact)
            self._facts.setdefault(fact.words.zh, fact)
        self._fields: dict[str, Field] = {}
        for field in point.fields:
            self._fields.setdefault(field.name, field)
            self._fields.setdefault(field.words.zh, field)
        self._others = others

    def find_fact(self, spelling: str) -> Fact | None:
        """The fact with this spelling, without a problem when there is none."""
        return self._facts.get(spelling)

    def find_field(self, spelling: str) -> Field | None:
        return self._fields.get(spelling)

    def fact(self, key: Scalar, findings: Findings, text: str | None = None) -> Fact | None:
        """The fact that `key` names (or `text`, where the key holds more than the name)."""
        spelling = key.text if text is None else text
        fact = self._facts.get(spelling)
        if fact is None:
            findings.unknown_word(
                "E_UNKNOWN_FACT",
                f"`{self.point.name}` has no fact `{clip(spelling)}`",
                spelling,
                key.place,
                self.fact_spellings(spelling),
                self._where_it_is(spelling),
            )
        return fact

    def fact_spellings(self, like: str = "") -> list[str]:
        """Every spelling of every fact, those in the script of `like` first."""
        return sorted(self._facts, key=lambda name: name.isascii() != like.isascii())

    def field_spellings(self) -> list[str]:
        return list(self._fields)

    def _where_it_is(self, spelling: str) -> str:
        for name in sorted(self._others):
            for fact in self._others[name].facts:
                if spelling in (fact.name, fact.words.zh):
                    return f"`{fact.name}` is a fact of `{name}`, not of this decision"
        area, _, _ = spelling.partition(".")
        names = [name for name in self._facts if name.isascii() is spelling.isascii()]
        near = [name for name in names if name.partition(".")[0] == area]
        if near:
            return f"facts here: {', '.join(f'`{name}`' for name in near[:_MOST_NAMED])}"
        areas = dict.fromkeys(name.partition(".")[0] for name in names)
        return f"facts begin with {', '.join(f'`{name}.`' for name in areas)}"
