"""Facts as they are given, by names and Python values, and their reading into typed ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, TypeAlias, cast

from ordinance.rules import scalar
from ordinance.rules.deciding.vocabulary import CANDIDATES, CODE, LINES, Vocabulary
from ordinance.rules.kinds import Value
from ordinance.rules.point import Fact
from ordinance.rules.problem import FactError, Problem
from ordinance.rules.words import KEYS

Part: TypeAlias = dict[str, Value]
"""The present facts of an order, of one line or of one candidate."""


class Known(dict[str, Value]):
    """Present facts of a line or a candidate that nobody changes any more: taken as they are."""

    __slots__ = ()


_SECTIONS = {
    spelling: section for section in (LINES, CANDIDATES) for spelling in (section, KEYS[section])
}
"""The names under which the facts of lines and of candidates are given."""


@dataclass(frozen=True, slots=True)
class Given:
    """Typed facts."""

    values: Part
    lines: tuple[Part, ...]
    candidates: tuple[Part, ...]


def read_given(mapping: Mapping[str, object], vocabulary: Vocabulary, zone: tzinfo | None) -> Given:
    """The facts that `mapping` names. Raises `FactError` with every problem found."""
    reader = _Reader(vocabulary, zone)
    parts: dict[str, tuple[Part, ...]] = {}
    flat: dict[str, object] = {}
    for name, value in mapping.items():
        section = _SECTIONS.get(name)
        if section is None:
            flat[name] = value
        else:
            parts[section] = reader.parts(value, section)
    values = reader.values(flat, vocabulary.order_names, "")
    if reader.problems:
        raise FactError(reader.problems)
    given = Given(values, parts.get(LINES, ()), parts.get(CANDIDATES, ()))
    check_codes(given.candidates, vocabulary)
    return given


def check_codes(candidates: tuple[Part, ...], vocabulary: Vocabulary) -> None:
    """Candidates are told apart by their code, so each needs one of its own."""
    if not candidates or CODE not in vocabulary.facts:
        return
    problems = []
    seen: set[Value] = set()
    for index, candidate in enumerate(candidates):
        code = candidate.get(CODE)
        if code is None:
            problems.append(
                Problem("E_MISSING_FACT", f"{CANDIDATES}[{index}] has no `{CODE}`", help=None)
            )
        elif code in seen:
            problems.append(
                Problem("E_DUPLICATE", f"{CANDIDATES}[{index}]: `{code}` is given twice")
            )
        else:
            seen.add(code)
    if problems:
        raise FactError(problems)


class _Reader:
    """Gives values their declared types and keeps every problem."""

    def __init__(self, vocabulary: Vocabulary, zone: tzinfo | None) -> None:
        self.vocabulary = vocabulary
        self.zone = zone
        self.problems: list[Problem] = []

    def parts(self, value: object, section: str) -> tuple[Part, ...]:
        names = self.vocabulary.line_names if section == LINES else self.vocabulary.candidate_names
        if value is None:
            return ()
        if not isinstance(value, Sequence) or isinstance(value, str):
            self._problem("E_TYPE", f"`{section}` is not a list", "give a list of facts per item")
            return ()
        parts = []
        for index, item in enumerate(value):
            if isinstance(item, Mapping):
                parts.append(self.values(item, names, f"{section}[{index}] "))
            else:
                self._problem("E_TYPE", f"`{section}[{index}]` does not name facts", None)
        return tuple(parts)

    def values(self, mapping: Mapping[str, object], allowed: tuple[str, ...], where: str) -> Part:
        values: Part = {}
        for spelling, given in mapping.items():
            name = self.vocabulary.spellings.get(spelling)
            if name is None or name not in allowed:
                self._unknown(spelling, name, where)
            elif name in values:
                self._problem("E_DUPLICATE", f"{where}`{spelling}` is given twice", None)
            elif given is not None:
                value = self._value(self.vocabulary.facts[name], given, where)
                if value is not None:
                    values[name] = value
        return values

    def _value(self, fact: Fact, given: object, where: str) -> Value | None:
        try:
            value = scalar.from_python(
                given, fact.kind, choices=fact.choices, unit=fact.unit, zone=self.zone
            )
        except scalar.ScalarError as error:
            self._problem(error.code, f"{where}`{fact.name}`: {error}", error.help)
            return None
        if fact.at_least is not None and cast(Any, value) < fact.at_least:
            limit = scalar.render(fact.at_least, fact.kind, "en", unit=fact.unit)
            self._problem("E_RANGE", f"{where}`{fact.name}` is below {limit}", None)
        if fact.at_most is not None and cast(Any, value) > fact.at_most:
            limit = scalar.render(fact.at_most, fact.kind, "en", unit=fact.unit)
            self._problem("E_RANGE", f"{where}`{fact.name}` is above {limit}", None)
        return value

    def _unknown(self, spelling: str, name: str | None, where: str) -> None:
        point = self.vocabulary.point.name
        if name is None:
            self._problem(
                "E_UNKNOWN_FACT",
                f"{where}`{spelling}` is not a fact of `{point}`",
                self.vocabulary.suggestion(spelling),
            )
            return
        home = self.vocabulary.homes[name]
        belongs = f"`{home}`" if home else "the order itself"
        self._problem(
            "E_UNKNOWN_FACT",
            f"{where}`{spelling}` is given in the wrong place",
            f"give it in {belongs}",
        )

    def _problem(self, code: str, message: str, help: str | None) -> None:
        self.problems.append(Problem(code, message, help=help))
