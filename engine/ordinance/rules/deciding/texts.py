"""The canonical texts of facts: what is hashed, and what is stored beside a decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from ordinance.rules import scalar
from ordinance.rules.deciding.given import Part
from ordinance.rules.deciding.soundness import TYPES, Sound, passes
from ordinance.rules.deciding.vocabulary import LINES, Vocabulary
from ordinance.rules.decision import Plain, canonical_json, member_json
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.point import Fact
from ordinance.rules.problem import FactError, Problem


class Texts:
    """Canonical texts of facts, each with the text that is stored, kept while they are asked about.

    The two differ in instants alone: the canonical one is in UTC, so that equal instants give
    equal hashes, the stored one keeps its offset. What is kept is found by the value itself, never
    by one that is equal to it, so a text never outlives what it says.
    """

    __slots__ = ("_members", "_parts")

    def __init__(self) -> None:
        self._members: dict[str, tuple[Fact, Value, tuple[str, str]]] = {}
        self._parts: dict[tuple[int, tuple[str, ...]], tuple[Part, tuple[str, str]]] = {}

    def members(
        self, values: Mapping[str, Value], vocabulary: Vocabulary, fine: bool
    ) -> list[tuple[str, str]]:
        """The facts of the order as members of an object; `fine` when their types are right."""
        kept, facts = self._members, vocabulary.facts
        texts = []
        for name in vocabulary.order_names:
            value = values.get(name)
            if value is None:
                continue
            known = kept.get(name)
            if known is None or known[1] is not value or known[0] is not facts[name]:
                known = kept[name] = (facts[name], value, _member(facts[name], value, fine))
            texts.append(known[2])
        return texts

    def section(
        self, section: str, parts: tuple[Part, ...], vocabulary: Vocabulary, fine: bool
    ) -> tuple[str, str]:
        """The facts of all lines or candidates, as a member of an object."""
        lines = section == LINES
        names = vocabulary.line_names if lines else vocabulary.candidate_names
        sound = vocabulary.sound_line if lines else vocabulary.sound_candidate
        texts = [self._part(part, names, sound, vocabulary, fine) for part in parts]
        said, stored = (f'"{section}":[{",".join([text[i] for text in texts])}]' for i in (0, 1))
        return said, stored

    def _part(
        self,
        part: Part,
        names: tuple[str, ...],
        sound: Mapping[str, Sound],
        vocabulary: Vocabulary,
        fine: bool,
    ) -> tuple[str, str]:
        # The part is kept as well, so that no other one can come to have its identity.
        key = (id(part), names)
        fine = fine or passes(part, sound)
        kept = self._parts.get(key)
        if kept is not None and fine:
            return kept[1]
        plain: dict[str, Plain] = {
            name: scalar.plain(part[name])
            if fine
            else canonical(vocabulary.facts[name], part[name])
            for name in names
            if name in part
        }
        said = stored = canonical_json(plain)
        instants = {
            name: value.isoformat() for name, value in part.items() if isinstance(value, datetime)
        }
        if instants:
            stored = canonical_json({name: instants.get(name, plain[name]) for name in plain})
        self._parts[key] = (part, (said, stored))
        return said, stored


def _member(fact: Fact, value: Value, fine: bool) -> tuple[str, str]:
    said = member_json(fact.name, scalar.plain(value) if fine else canonical(fact, value))
    if isinstance(value, datetime):
        return said, member_json(fact.name, value.isoformat())
    return said, said


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
