"""The facts of one decision: typed, frozen, and the same bytes wherever they are stored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from ordinance.rules import scalar
from ordinance.rules.deciding.given import Part, check_codes, read_given
from ordinance.rules.deciding.soundness import TYPES, passes
from ordinance.rules.deciding.vocabulary import CANDIDATES, LINES, Vocabulary
from ordinance.rules.decision import Plain, canonical_json, member_json
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.point import DecisionPoint, Fact
from ordinance.rules.problem import FactError, Problem


class Facts:
    """What is known of one order when a decision is asked for.

    Holds only facts that are present; an absent fact means what its declaration says. Make it by
    `read` (checked values, from Python or JSON) or by `prepared` (values that are typed already).
    """

    __slots__ = ("_candidates", "_checked", "_fragments", "_hashes", "_lines", "known")

    def __init__(
        self, values: Part, lines: tuple[Part, ...] = (), candidates: tuple[Part, ...] = ()
    ) -> None:
        self.known: Mapping[str, Value] = values
        """As `values`, for the engine: the dictionary itself, which nobody may change."""
        self._lines = lines
        self._candidates = candidates
        # Kept from one decision of the order to the next: the canonical text of each fact.
        self._fragments: dict[str, tuple[Fact, str]] = {}
        self._hashes: dict[Vocabulary, str] = {}
        self._checked: dict[Vocabulary, None] = {}

    @classmethod
    def read(
        cls,
        mapping: Mapping[str, object],
        point: DecisionPoint | Vocabulary,
        *,
        zone: tzinfo | None = None,
    ) -> Facts:
        """Facts from names (English or Chinese) to Python or JSON values.

        `lines` and `candidates` hold sequences of such mappings. None is an absent fact; without
        `lines` there are none. `zone` is taken for an instant that names none. Raises `FactError`
        with every problem found.
        """
        vocabulary = point if isinstance(point, Vocabulary) else Vocabulary(point)
        given = read_given(mapping, vocabulary, zone)
        return cls(given.values, given.lines, given.candidates)

    @classmethod
    def prepared(
        cls,
        values: Mapping[str, Value | None],
        lines: Iterable[Mapping[str, Value | None]] = (),
        candidates: Iterable[Mapping[str, Value | None]] = (),
    ) -> Facts:
        """Facts that are typed already (see `Kind`), by English names.

        They may hold the facts of every point: a decision looks only at those that its point
        declares, and checks their types then.
        """
        return cls(
            {name: value for name, value in values.items() if value is not None},
            tuple(map(_present, lines)) if lines else (),
            tuple(map(_present, candidates)) if candidates else (),
        )

    def with_(
        self,
        more: Mapping[str, Value | None] | None = None,
        *,
        lines: Iterable[Mapping[str, Value | None]] | None = None,
        candidates: Iterable[Mapping[str, Value | None]] | None = None,
    ) -> Facts:
        """A copy with some facts added or replaced; None takes one away."""
        changed = more or {}
        facts = Facts(
            _present({**self.known, **changed}),
            self._lines if lines is None else tuple(_present(line) for line in lines),
            self._candidates
            if candidates is None
            else tuple(_present(candidate) for candidate in candidates),
        )
        facts._fragments = {
            name: fragment for name, fragment in self._fragments.items() if name not in changed
        }
        return facts

    @property
    def values(self) -> Mapping[str, Value]:
        """The present facts, without those of lines and candidates."""
        return MappingProxyType(self.known)

    @property
    def lines(self) -> tuple[Mapping[str, Value], ...]:
        """The present `line.*` facts of every line."""
        return tuple(MappingProxyType(line) for line in self._lines)

    @property
    def candidates(self) -> tuple[Mapping[str, Value], ...]:
        """The present `candidate.*` facts of every candidate."""
        return tuple(MappingProxyType(candidate) for candidate in self._candidates)

    def get(self, name: str) -> Value | None:
        """The value of a fact of the order, or None when it is absent."""
        return self.known.get(name)

    def places(self, home: str) -> tuple[Mapping[str, Value], ...]:
        """Where the facts of a home are given: every line, every candidate, or the order."""
        return {LINES: self._lines, CANDIDATES: self._candidates}.get(home, (self.known,))

    def situation(self) -> dict[str, Any]:
        """A new dictionary of everything, as conditions read it."""
        return {**self.known, LINES: self._lines, CANDIDATES: self._candidates}

    def check(self, vocabulary: Vocabulary) -> None:
        """Raise `FactError` when a declared fact has a type that its declaration does not allow.

        Looked at once per vocabulary, and much quicker than `hash`.
        """
        if vocabulary in self._checked:
            return
        check_codes(self._candidates, vocabulary)
        fine = passes(self.known, vocabulary.sound_order)
        if self._lines and vocabulary.line_names:
            fine = fine and all(passes(line, vocabulary.sound_line) for line in self._lines)
        if self._candidates and vocabulary.candidate_names:
            wanted = vocabulary.sound_candidate
            fine = fine and all(passes(candidate, wanted) for candidate in self._candidates)
        if not fine:
            self.hash(vocabulary)
        self._checked[vocabulary] = None

    def hash(self, vocabulary: Vocabulary) -> str:
        """SHA-256 (hex) over the canonical form of the declared facts that are present.

        Raises `FactError` when one of them has a type that its declaration does not allow.
        """
        known = self._hashes.get(vocabulary)
        if known is None:
            check_codes(self._candidates, vocabulary)
            text = "{" + ",".join(self._texts(vocabulary)) + "}"
            known = self._hashes[vocabulary] = hashlib.sha256(text.encode()).hexdigest()
        return known

    def snapshot(self, point: DecisionPoint | Vocabulary) -> dict[str, Plain]:
        """The declared facts that are present, as plain values to store.

        Unlike the canonical form an instant keeps its own offset, so that a replay finds the same
        calendar day.
        """
        vocabulary = point if isinstance(point, Vocabulary) else Vocabulary(point)
        stored = _stored(self.known, vocabulary.order_names)
        if vocabulary.line_names:
            stored[LINES] = [_stored(line, vocabulary.line_names) for line in self._lines]
        if vocabulary.candidate_names:
            stored[CANDIDATES] = [
                _stored(candidate, vocabulary.candidate_names) for candidate in self._candidates
            ]
        return stored

    @classmethod
    def from_snapshot(cls, stored: Mapping[str, Plain], point: DecisionPoint | Vocabulary) -> Facts:
        """The facts that `snapshot` stored. Raises `FactError` when they do not fit the point."""
        return cls.read(stored, point)

    def _texts(self, vocabulary: Vocabulary) -> list[str]:
        """The members of the canonical JSON object, sorted by name."""
        fragments, values = self._fragments, self.known
        fine = vocabulary in self._checked or passes(values, vocabulary.sound_order)
        texts = []
        for name in vocabulary.order_names:
            if name not in values:
                continue
            fact = vocabulary.facts[name]
            kept = fragments.get(name)
            if kept is None or kept[0] is not fact:
                value = values[name]
                said = scalar.plain(value) if fine else _canonical(fact, value)
                kept = fragments[name] = (fact, member_json(name, said))
            texts.append(kept[1])
        for section, parts, names in (
            (LINES, self._lines, vocabulary.line_names),
            (CANDIDATES, self._candidates, vocabulary.candidate_names),
        ):
            if names:
                texts.append(f'"{section}":{_canonical_parts(parts, names, vocabulary)}')
        return sorted(texts)


def _present(values: Mapping[str, Value | None]) -> Part:
    return {name: value for name, value in values.items() if value is not None}


def _canonical(fact: Fact, value: Value) -> Plain:
    wanted = TYPES[fact.kind]
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        raise FactError(
            [
                Problem(
                    "E_TYPE",
                    f"`{fact.name}` is not {scalar.KIND_WORDS[fact.kind]}",
                    help="the facts were prepared with another type than the point declares",
                )
            ]
        )
    if isinstance(value, datetime) and (wanted is not datetime or value.utcoffset() is None):
        raise FactError([Problem("E_TYPE", f"`{fact.name}` does not say its zone or is no date")])
    if isinstance(value, Decimal) and not value.is_finite():
        raise FactError([Problem("E_TYPE", f"`{fact.name}` is no number: `{value}`")])
    if fact.kind is Kind.CHOICE and all(choice.code != value for choice in fact.choices):
        # Comparing it would give "no match" without anyone noticing.
        allowed = ", ".join(f"`{choice.code}`" for choice in fact.choices)
        raise FactError(
            [
                Problem(
                    "E_UNKNOWN_KEY",
                    f"`{fact.name}` is `{value}`, which the point does not declare",
                    help=f"one of {allowed}",
                )
            ]
        )
    return scalar.plain(value)


def _canonical_parts(
    parts: tuple[Part, ...], names: tuple[str, ...], vocabulary: Vocabulary
) -> str:
    return canonical_json(
        [
            {name: _canonical(vocabulary.facts[name], part[name]) for name in names if name in part}
            for part in parts
        ]
    )


def _stored(part: Mapping[str, Value], names: tuple[str, ...]) -> dict[str, Plain]:
    stored: dict[str, Plain] = {}
    for name in names:
        value = part.get(name)
        if value is not None:
            stored[name] = value.isoformat() if isinstance(value, datetime) else scalar.plain(value)
    return stored
