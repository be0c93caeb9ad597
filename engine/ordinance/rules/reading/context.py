"""What the reading of one decision shares: findings, vocabulary, named values and their uses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Literal

from ordinance.rules.kinds import Words
from ordinance.rules.point import Fact
from ordinance.rules.reading.findings import Findings
from ordinance.rules.reading.nodes import Entry, Scalar
from ordinance.rules.reading.shared import Shared
from ordinance.rules.reading.slots import Slot
from ordinance.rules.reading.vocabulary import Vocabulary
from ordinance.rules.scalar import clip
from ordinance.rules.tree import Place

_WIDE_BRACES = re.compile(r"｛([^｛｝]*)｝")
_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


@dataclass(slots=True)
class Use:
    """A place where a parameter or list stands for a value."""

    slot: Slot
    place: Place


@dataclass(slots=True)
class Named:
    """A parameter or list as it was declared, still untyped, with every use of it."""

    sort: Literal["param", "list"]
    name: str
    entry: Entry
    uses: list[Use] = field(default_factory=list)
    in_sentences: bool = False


@dataclass(slots=True)
class Context:
    """Given to every part of the reader for one decision."""

    findings: Findings
    words: Vocabulary
    named: dict[str, Named]
    zone: tzinfo
    used: dict[str, None] = field(default_factory=dict)
    """The names that this decision uses, in order."""
    shared: Shared = field(default_factory=Shared)
    in_lines: bool = False
    """True while a condition over lines is read."""

    def fits(self, fact: Fact, place: Place) -> bool:
        """False, with a problem, for a fact of a line where no line is meant."""
        if self.in_lines or self.words.point.one_line or not fact.name.startswith("line."):
            return True
        self.findings.error(
            "E_TYPE",
            f"`{fact.name}` belongs to one line, and this asks about the whole order",
            place,
            f"write `any_line: {{{fact.name}: ...}}`, or use `all_lines` or `count_lines`",
        )
        return False

    def name(self, scalar: Scalar, name: str) -> Named | None:
        """The parameter or list called `name`, or None after the problem was noted."""
        found = self.named.get(name)
        if found is None:
            self.findings.unknown_word(
                "E_REF",
                f"`${clip(name)}` is neither a parameter, nor a list, nor a fact",
                name,
                scalar.place,
                self._names(),
                "declare it under `params:` or `lists:`",
            )
        return found

    def use(self, named: Named, slot: Slot, place: Place) -> None:
        """Note that `named` stands for a value of `slot` here."""
        named.uses.append(Use(slot, place))
        self.used.setdefault(named.name)

    def sentence(self, entry: Entry, words: Words) -> Words:
        """The words with `{...}` placeholders in their English spelling, each one declared."""
        return Words(self._filled(entry, words.zh), self._filled(entry, words.en))

    def _filled(self, entry: Entry, text: str) -> str:
        for name in _WIDE_BRACES.findall(text):
            if self.words.find_fact(name) is not None or name in self.named:
                self.findings.error(
                    "E_REF",
                    f"full-width braces around `{clip(name)}`",
                    entry.value.place,
                    f"write `{{{clip(name)}}}`",
                )

        def place_held(match: re.Match[str]) -> str:
            if match.group() in ("{{", "}}"):
                return match.group()
            name = match.group(1)
            if name is None:
                self.findings.error(
                    "E_REF",
                    f"a brace without its partner in `{clip(text)}`",
                    entry.value.place,
                    "write `{{` and `}}` for braces",
                )
                return match.group()
            fact = self.words.find_fact(name)
            if fact is not None:
                self.fits(fact, entry.value.place)
                return f"{{{fact.name}}}"
            named = self.named.get(name)
            if named is not None and named.sort == "param":
                named.in_sentences = True
                self.used.setdefault(named.name)
                return match.group()
            if named is not None:
                self.findings.error(
                    "E_REF",
                    f"`{{{clip(name)}}}` is a list, and a sentence tells one value",
                    entry.value.place,
                    "name the fact that is compared with the list",
                )
                return match.group()
            self.findings.unknown_word(
                "E_REF",
                f"`{{{clip(name)}}}` is neither a fact nor a parameter",
                name,
                entry.value.place,
                [*self.words.fact_spellings(name), *self._names("param")],
                "name a fact or a parameter between the braces",
            )
            return match.group()

        return _BRACES.sub(place_held, text)

    def _names(self, sort: str | None = None) -> Iterable[str]:
        return [item.name for item in self.named.values() if sort in (None, item.sort)]
