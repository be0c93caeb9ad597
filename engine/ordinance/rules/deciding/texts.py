"""The canonical texts of facts: what is hashed, and what is stored beside a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import repeat
from typing import Any, TypeAlias

from ordinance.rules import scalar
from ordinance.rules.deciding.given import Part
from ordinance.rules.deciding.soundness import TYPES, passes
from ordinance.rules.deciding.vocabulary import Vocabulary
from ordinance.rules.decision import Plain, canonical_json
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.point import Fact
from ordinance.rules.problem import FactError, Problem

Form: TypeAlias = dict[str, Plain]
"""Facts as they are written, instants in UTC."""


class Texts:
    """What facts are written as, kept while they are asked about one point after another.

    Kept is the plain form of every value that JSON has none for, and as what it is stored; found by
    the value itself, never by one that is equal to it, so it never outlives what it says.
    """

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        # The value is kept as well, so that no other one can come to have its identity.
        self._kept: dict[int, tuple[Value, Plain, Plain]] = {}

    def written(
        self, places: Mapping[str, Sequence[Part]], vocabulary: Vocabulary, checked: bool
    ) -> tuple[str, str]:
        """The canonical text of the declared facts, and the text that is stored.

        `places` are the parts of each home. The texts differ in instants alone: the canonical one
        has them in UTC, so that equal instants give equal hashes, the stored one keeps the offset.
        `checked` when the types of all facts are known to be right. Raises `FactError` when one
        is not.
        """
        said: dict[str, Any] = {}
        stored: dict[str, Any] = {}
        apart = False
        for home, parts in places.items():
            if not vocabulary.glances[home]:
                continue
            forms = offsets = [self._form(part, home, vocabulary, checked) for part in parts]
            instants = vocabulary.instants[home]
            if instants:
                apart = True
                offsets = list(map(self._with_offsets, forms, parts, repeat(instants)))
            if home:
                said[home], stored[home] = forms, offsets
            else:
                said |= forms[0]
                stored |= offsets[0]
                for name in vocabulary.personal:
                    if name in said:
                        # That it was there is hashed; what it was goes with its person.
                        said[name] = stored[name] = None
        text = canonical_json(said)
        return text, canonical_json(stored) if apart else text

    def whole(self, places: Mapping[str, Sequence[Part]], vocabulary: Vocabulary) -> str:
        """The canonical text with what is personal in it."""
        said: dict[str, Any] = {}
        for home, parts in places.items():
            if vocabulary.glances[home]:
                forms = [self._form(part, home, vocabulary, False) for part in parts]
                said |= {home: forms} if home else forms[0]
        return canonical_json(said)

    def _form(self, part: Part, home: str, vocabulary: Vocabulary, checked: bool) -> Form:
        """The declared facts of a part."""
        sound = vocabulary.glances[home]
        if not checked and not passes(part, sound):
            facts = vocabulary.facts
            return {name: canonical(facts[name], part[name]) for name in sound if name in part}
        form: dict[str, Any] = (
            {**part}
            if part.keys() <= sound.keys()
            else {name: value for name, value in part.items() if name in sound}
        )
        kept = self._kept
        for name in vocabulary.spelled[home]:
            value = form.get(name)
            if value is not None:
                form[name] = (kept.get(id(value)) or self._spelled(value))[1]
        return form

    def _with_offsets(self, form: Form, part: Part, instants: Sequence[str]) -> Form:
        """The form with each instant in its own offset."""
        kept = self._kept
        known = [(name, part[name]) for name in instants if name in form]
        return form | {
            name: (kept.get(id(value)) or self._spelled(value))[2] for name, value in known
        }

    def _spelled(self, value: Value) -> tuple[Value, Plain, Plain]:
        """The value, its plain form, and that with its own offset."""
        plain = scalar.plain(value)
        stored = value.isoformat() if isinstance(value, datetime) else plain
        known = self._kept[id(value)] = (value, plain, stored)
        return known


def canonical(fact: Fact, value: Value) -> Plain:
    """The value as it is hashed. Raises `FactError` when it is not what the fact declares."""
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
