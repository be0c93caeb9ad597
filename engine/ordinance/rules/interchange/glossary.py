"""Which words of a decision point stand for the words of a foreign table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ordinance.rules.interchange.names import theirs
from ordinance.rules.point import Argument, DecisionPoint, Fact, Field
from ordinance.rules.problem import Problem
from ordinance.rules.reading.spelling import closest

Word = Fact | Field | Argument


@dataclass(frozen=True, slots=True)
class Glossary:
    """What a merchant says the words of a foreign table mean."""

    names: Mapping[str, str] = field(default_factory=dict)
    """Foreign fact or field to ours; a field may be part of a record (`message.channel`)."""
    values: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Foreign fact or field and its value, as text, to our value."""


class Dictionary:
    """A glossary against one decision point and the facts and fields that a table uses.

    Names that both have stand for themselves. `problems` tells everything that does not fit.
    """

    def __init__(
        self,
        point: DecisionPoint,
        glossary: Glossary,
        facts: Iterable[str],
        fields: Iterable[str],
    ) -> None:
        self._point = point
        self._glossary = glossary
        self.problems: list[Problem] = []
        self._facts = tuple(dict.fromkeys(facts))
        self._fields = tuple(dict.fromkeys(fields))
        self._spellings = {
            spelling: fact.name for fact in point.facts for spelling in (fact.name, fact.words.zh)
        }
        self._ours = dict(self._matched_facts())
        self._parts = dict(self._matched_fields())
        self._check_glossary()

    def fact(self, name: str) -> Fact | None:
        """Our fact for a foreign one; None when nobody said which."""
        return self._point.fact(self._ours[name]) if name in self._ours else None

    def value(self, name: str, word: Word, foreign: str) -> str:
        """Our spelling of a value of a foreign fact or field, for `word` of ours.

        Notes a value that the choices of `word` do not hold.
        """
        said = self._glossary.values.get((theirs(name), foreign), foreign)
        codes = [choice.code for choice in word.choices]
        known = [*codes, *(choice.words.zh for choice in word.choices)]
        if codes and said not in known:
            self._no_choice(name, word, said, codes)
        return said

    def _no_choice(self, name: str, word: Word, said: str, codes: list[str]) -> None:
        near = closest(said, codes)
        hint = f"did you mean `{near.word}`? " if near else ""
        problem = Problem(
            "E_UNMAPPED",
            f"`{theirs(name)}` says `{said}`, and `{word.name}` knows no such value",
            help=f"{hint}say which one it is: {', '.join(f'`{code}`' for code in codes)}",
        )
        if problem not in self.problems:
            self.problems.append(problem)

    def part(self, name: str) -> tuple[Field, Argument | None] | None:
        """Our field, and the part of its record, for a foreign field."""
        return self._parts.get(name)

    def _matched_facts(self) -> Iterator[tuple[str, str]]:
        for name in self._facts:
            said = self._glossary.names.get(theirs(name))
            if said is not None and self._part(said) is not None and name in self._fields:
                said = None  # the name is that of a field as well, and the field is meant
            found = self._spellings.get(theirs(name) if said is None else said)
            if found is not None:
                yield name, found
            elif said is None:
                self._unmapped(name, "fact", self._spellings)

    def _matched_fields(self) -> Iterator[tuple[str, tuple[Field, Argument | None]]]:
        for name in self._fields:
            said = self._glossary.names.get(theirs(name))
            if said is not None and said in self._spellings and name in self._facts:
                said = None
            wanted = theirs(name) if said is None else said
            part = self._part(wanted)
            if part is not None:
                yield name, part
            elif said is None:
                self._unmapped(name, "field", self._field_names())

    def _unmapped(self, name: str, what: str, known: Iterable[str]) -> None:
        shown = theirs(name)
        near = _sharing(shown, known)
        point = self._point.name
        help = (
            f"perhaps it is `{near}`"
            if near
            else f"say which {what} of `{point}` it is; `ordinance points {point}` lists them"
        )
        self.problems.append(
            Problem("E_UNMAPPED", f"the {what} `{shown}` is none of `{point}`", help=help)
        )

    def _part(self, spelling: str) -> tuple[Field, Argument | None] | None:
        name, _, inner = spelling.partition(".")
        found = next((f for f in self._point.fields if name in (f.name, f.words.zh)), None)
        if found is None or bool(inner) != bool(found.arguments):
            return None
        if not inner:
            return found, None
        part = next((a for a in found.arguments if inner in (a.name, a.words.zh)), None)
        return None if part is None else (found, part)

    def _field_names(self) -> list[str]:
        names = []
        for item in self._point.fields:
            inner = [f"{item.name}.{part.name}" for part in item.arguments]
            names.extend(inner or [item.name])
        return names

    def _check_glossary(self) -> None:
        """Every word that the glossary explains is in the table, every one it gives is ours."""
        there = [theirs(name) for name in (*self._facts, *self._fields)]
        said = [*self._glossary.names, *(name for name, _ in self._glossary.values)]
        for name in dict.fromkeys(said):
            if name not in there:
                self._no_such(f"the table has no `{name}`", name, there)
        for name in dict.fromkeys(self._glossary.names.values()):
            if name not in self._spellings and self._part(name) is None:
                known = [*self._spellings, *self._field_names()]
                what = f"`{self._point.name}` has no fact and no field `{name}`"
                self._no_such(what, name, known)

    def _no_such(self, what: str, name: str, known: Iterable[str]) -> None:
        near = closest(name, known)
        help = f"did you mean `{near.word}`?" if near else None
        self.problems.append(Problem("E_REF", what, help=help))


def _sharing(name: str, known: Iterable[str]) -> str | None:
    """The known name that shares the most words with `name`: `orderTotal` and `order.total`."""
    words = _words(name)
    counts = {other: len(words & _words(other)) for other in known}
    best = max(counts, key=lambda other: (counts[other], -len(_words(other))), default=None)
    return best if best is not None and counts[best] else None


def _words(name: str) -> frozenset[str]:
    return frozenset(
        word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[0-9]+|[^\W\d_a-zA-Z]+", name)
    )
