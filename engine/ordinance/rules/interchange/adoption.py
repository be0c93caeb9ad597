"""A foreign table as a rule file that answers one of our decision points."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ordinance.rules.interchange.files import distinct, one_line
from ordinance.rules.interchange.glossary import Dictionary, Glossary
from ordinance.rules.interchange.imported import Imported
from ordinance.rules.interchange.spelled import Speller
from ordinance.rules.interchange.truth import ALWAYS, NEVER
from ordinance.rules.interchange.written import facts_of
from ordinance.rules.layout import fmt
from ordinance.rules.layout.flow import Written, flow
from ordinance.rules.point import DecisionPoint, Hit
from ordinance.rules.problem import Problem, RuleFileError
from ordinance.rules.reading import read_rules
from ordinance.rules.tree import Outcome, ParamRef, Rule


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a foreign table leaves open, and the merchant says."""

    glossary: Glossary = field(default_factory=Glossary)
    when_unknown: Mapping[str, str] = field(default_factory=dict)
    """The outcome, field by field, where a fact is unknown."""
    otherwise: Mapping[str, str] | None = None
    """The outcome where no row matches; None takes that of the table, or else `error`."""
    leave_out: bool = False
    """Whether rows that were not translated as a whole are left out, rather than refused."""


@dataclass(frozen=True, slots=True)
class Adopted:
    """A rule file made of a foreign table."""

    text: str
    rows: int
    problems: tuple[Problem, ...] = ()
    """What the reader of rule files still finds wrong with it, by its places."""
    left_out: tuple[str, ...] = ()
    """The rows that are not in the file, each with the reason."""
    notes: tuple[str, ...] = ()
    """Where the file means something else than the table."""


def adopt(table: Imported, point: DecisionPoint, wishes: Wishes, *, file: str) -> Adopted:
    """The rule file that answers `point` as `table` says, in the words of the point.

    `file` is where it will stand. Raises `RuleFileError` with everything that has no counterpart.
    """
    return _Adoption(table, point, wishes, file).adopted()


class _Adoption:
    def __init__(self, table: Imported, point: DecisionPoint, wishes: Wishes, file: str) -> None:
        self._table = table
        self._tree = table.ruleset.tree
        self._point = point
        self._wishes = wishes
        self._file = file
        self._problems: list[Problem] = []
        self._left_out: list[str] = []

    def adopted(self) -> Adopted:
        tree = self._tree
        if tree.hit not in self._point.hits:
            usable = ", ".join(f"`{hit}`" for hit in self._point.hits)
            what = f"the table's hit policy `{tree.hit}` does not suit `{self._point.name}`"
            self._problems.append(Problem("E_HIT", what, help=f"it takes {usable}"))
        if not tree.rules:
            reasons = "; ".join(item.reason for item in self._table.untranslated)
            what = f"`{self._table.name}` holds no rows: {reasons or 'the table is empty'}"
            self._problems.append(Problem("E_EMPTY", what))
        rules = [rule for rule in tree.rules if self._is_whole(rule)]
        speller, dictionary = self._speller(rules)
        rows, otherwise = self._rows(rules, speller)
        self._problems.extend(dictionary.problems)
        if self._problems:
            raise RuleFileError(self._problems)
        text = fmt(self._text(rows, otherwise), file=self._file)
        return Adopted(
            text,
            len(rows),
            self._read(text),
            tuple(self._left_out),
            tuple(self._notes(otherwise)),
        )

    def _is_whole(self, rule: Rule) -> bool:
        """Whether the row can be written; if not, that is a problem, or it is left out."""
        names = self._wishes.glossary.names
        originals = self._table.originals
        lost = [
            name
            for name in facts_of(rule.when)
            if name in originals and originals[name].text and name not in names
        ]
        lost += [value.name for value in rule.then.values() if isinstance(value, ParamRef)]
        if rule.when == NEVER:
            self._left_out.append(f"row {rule.id}: it is never true")
            return False
        if not lost:
            return True
        listed = ", ".join(f"`{one_line(name)}`" for name in lost)
        if self._wishes.leave_out:
            self._left_out.append(f"row {rule.id}: not translated: {listed}")
        else:
            self._problems.append(
                Problem(
                    "E_UNTRANSLATED",
                    f"row {rule.id} was not translated: {listed}",
                    help="leave such rows out and write them by hand, or, for a condition, say "
                    "which yes-or-no fact stands for it",
                )
            )
        return False

    def _speller(self, rules: list[Rule]) -> tuple[Speller, Dictionary]:
        facts = [name for rule in rules for name in facts_of(rule.when)]
        said = [*(rule.then for rule in rules), self._tree.otherwise or {}]
        fields = [
            item.name
            for item in self._tree.point.fields
            if any(item.name in outcome for outcome in said)
        ]
        dictionary = Dictionary(self._point, self._wishes.glossary, facts, fields)
        return Speller(dictionary), dictionary

    def _rows(
        self, rules: list[Rule], speller: Speller
    ) -> tuple[list[Written], Mapping[str, Written] | None]:
        """The rules, and what holds where none of them does."""
        otherwise: Mapping[str, Written] | None = self._wishes.otherwise
        last_row = bool(rules) and rules[-1].when == ALWAYS and self._tree.hit is Hit.FIRST
        if last_row and otherwise is None:
            *rules, last = rules
            otherwise = speller.then(last.then)
        elif self._tree.otherwise and otherwise is None:
            otherwise = speller.then(self._tree.otherwise)
        if otherwise is None and not any(field.required for field in self._point.fields):
            otherwise = {}
        rows: list[Written] = []
        for rule, id in zip(rules, _ids(rules), strict=True):
            row: dict[str, Written] = {"id": id}
            if rule.title is not None:
                row["title"] = {"zh": rule.title.zh, "en": rule.title.en}
            row["when"] = speller.when(rule.when)
            row["then"] = speller.then(_unwrapped(rule, self._tree.hit))
            rows.append(row)
        return rows, otherwise

    def _text(self, rows: list[Written], otherwise: Mapping[str, Written] | None) -> str:
        table, point = self._table, self._point
        heading = [f"# From the table {one_line(table.name)} of {one_line(table.ruleset.file)}."]
        heading += [f"# Left out: {one_line(item, 200)}" for item in self._left_out]
        body: dict[str, Written] = {
            "decision": point.name,
            "title": {"zh": point.title.zh, "en": point.title.en},
            "version": "1",
            "hit": self._tree.hit.value,
            "rules": rows,
            "when_unknown": self._wishes.when_unknown,
            "otherwise": "error" if otherwise is None else otherwise,
        }
        lines = [f"{key}: {flow(item)}" for key, item in body.items()]
        return "\n".join([*heading, *lines]) + "\n"

    def _read(self, text: str) -> tuple[Problem, ...]:
        try:
            read_rules(text, file=self._file, points={self._point.name: self._point})
        except RuleFileError as error:
            return error.problems
        return ()

    def _notes(self, otherwise: Mapping[str, Written] | None) -> list[str]:
        notes = [
            "a fact that is absent matched no row there; here a decision that hangs on it takes "
            "`when_unknown`"
        ]
        if otherwise is None:
            notes.append(
                "the table says nothing where no row matches; the file says `otherwise: error`"
            )
        if self._left_out and self._tree.hit is Hit.FIRST:
            notes.append("orders that a row left out would have caught fall to the rows after it")
        return notes


def _ids(rules: list[Rule]) -> list[str]:
    """The ids as a rule file may have them."""
    plain = [re.sub(r"[^\w.\-]+", "-", rule.id).lstrip("-.")[:56] for rule in rules]
    return distinct(plain, "row-")


def _unwrapped(rule: Rule, hit: Hit) -> Outcome:
    # Collected lists are wrapped, see `imported.py`.
    return {
        name: value[0] if hit is Hit.COLLECT and isinstance(value, tuple) else value
        for name, value in rule.then.items()
    }
