"""The facts of one decision: typed, frozen, and the same bytes wherever they are stored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import Any

from ordinance.rules import scalar
from ordinance.rules.deciding.given import Known, Part, check_codes, read_given
from ordinance.rules.deciding.soundness import passes
from ordinance.rules.deciding.texts import Texts
from ordinance.rules.deciding.vocabulary import CANDIDATES, LINES, Vocabulary
from ordinance.rules.decision import Plain
from ordinance.rules.kinds import Value
from ordinance.rules.point import DecisionPoint


class Facts:
    """What is known of one order when a decision is asked for.

    Holds only facts that are present; an absent fact means what its declaration says. Make it by
    `read` (checked values, from Python or JSON) or by `prepared` (values that are typed already).
    """

    __slots__ = ("_candidates", "_checked", "_forms", "_lines", "_texts", "known")

    def __init__(
        self,
        values: Part,
        lines: tuple[Part, ...] = (),
        candidates: tuple[Part, ...] = (),
        texts: Texts | None = None,
    ) -> None:
        self.known: Part = values
        """As `values`, for the engine: the dictionary itself, which nobody may change."""
        self._lines = lines
        self._candidates = candidates
        # Kept from one decision of the order to the next: the canonical text of each fact.
        self._texts = texts
        self._forms: dict[Vocabulary, tuple[str, str]] = {}
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
        texts: Texts | None = None,
    ) -> Facts:
        """Facts that are typed already (see `Kind`), by English names.

        They may hold the facts of every point: a decision looks only at those that its point
        declares, and checks their types then. `texts` is shared by all facts that are asked about
        one after another, so that what they have in common is written only once.
        """
        return cls(
            _present(values),
            tuple(map(_present, lines)) if lines else (),
            tuple(map(_present, candidates)) if candidates else (),
            texts,
        )

    def with_(
        self,
        more: Mapping[str, Value | None] | None = None,
        *,
        lines: Iterable[Mapping[str, Value | None]] | None = None,
        candidates: Iterable[Mapping[str, Value | None]] | None = None,
    ) -> Facts:
        """A copy with some facts added or replaced; None takes one away."""
        return Facts(
            _present({**self.known, **(more or {})}),
            self._lines if lines is None else tuple(_present(line) for line in lines),
            self._candidates
            if candidates is None
            else tuple(_present(candidate) for candidate in candidates),
            self._kept_texts(),
        )

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
        for home, parts in self._parts().items():
            sound = vocabulary.glances[home]
            if sound and not all([passes(part, sound) for part in parts]):
                # Says what is wrong with it.
                self.hash(vocabulary)
        self._checked[vocabulary] = None

    def hash(self, vocabulary: Vocabulary) -> str:
        """SHA-256 (hex) over the canonical form of the declared facts that are present; of those
        about a person it says only that they are: a person can be erased, a hash cannot.

        Raises `FactError` when one of them has a type that its declaration does not allow.
        """
        return self._form(vocabulary)[0]

    def written(self, vocabulary: Vocabulary) -> str:
        """`snapshot` as canonical JSON; raises what `hash` raises."""
        return self._form(vocabulary)[1]

    def snapshot(self, point: DecisionPoint | Vocabulary) -> dict[str, Plain]:
        """The declared facts that are present, as plain values to store.

        Unlike the canonical form an instant keeps its own offset, so that a replay finds the same
        calendar day. A fact about a person is `None`: its value goes where `personal` is kept.
        """
        vocabulary = point if isinstance(point, Vocabulary) else Vocabulary(point)
        stored = _stored(self.known, vocabulary.order_names)
        stored.update(dict.fromkeys(name for name in vocabulary.personal if name in stored))
        if vocabulary.line_names:
            stored[LINES] = [_stored(line, vocabulary.line_names) for line in self._lines]
        if vocabulary.candidate_names:
            stored[CANDIDATES] = [
                _stored(candidate, vocabulary.candidate_names) for candidate in self._candidates
            ]
        return stored

    def personal(self, vocabulary: Vocabulary) -> dict[str, Plain]:
        """The declared facts about a person that are present, as plain values."""
        return {
            name: scalar.plain(self.known[name])
            for name in vocabulary.personal
            if name in self.known
        }

    def hash_with_persons(self, vocabulary: Vocabulary) -> str:
        """The hash as it was made before personal values were kept out of it, to check an old
        record by."""
        texts = Texts().whole(self._parts(), vocabulary)
        return hashlib.sha256(texts.encode()).hexdigest()

    @classmethod
    def from_snapshot(cls, stored: Mapping[str, Plain], point: DecisionPoint | Vocabulary) -> Facts:
        """The facts that `snapshot` stored. Raises `FactError` when they do not fit the point."""
        return cls.read(stored, point)

    def _kept_texts(self) -> Texts:
        """Made when they are first needed: an answer without a record needs none."""
        if self._texts is None:
            self._texts = Texts()
        return self._texts

    def _form(self, vocabulary: Vocabulary) -> tuple[str, str]:
        """The hash, and the text to store."""
        known = self._forms.get(vocabulary)
        if known is None:
            check_codes(self._candidates, vocabulary)
            checked = vocabulary in self._checked
            said, stored = self._kept_texts().written(self._parts(), vocabulary, checked)
            digest = hashlib.sha256(said.encode()).hexdigest()
            known = self._forms[vocabulary] = (digest, stored)
        return known

    def _parts(self) -> dict[str, tuple[Part, ...]]:
        """The parts of each home."""
        return {"": (self.known,), LINES: self._lines, CANDIDATES: self._candidates}


def _present(values: Mapping[str, Value | None]) -> Part:
    if type(values) is Known:
        return values
    return {name: value for name, value in values.items() if value is not None}


def _stored(part: Mapping[str, Value], names: tuple[str, ...]) -> dict[str, Plain]:
    stored: dict[str, Plain] = {}
    for name in names:
        value = part.get(name)
        if value is not None:
            stored[name] = value.isoformat() if isinstance(value, datetime) else scalar.plain(value)
    return stored
