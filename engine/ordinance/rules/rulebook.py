"""Rule sets, loaded and ready: one per decision point."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from ordinance.rules import registry
from ordinance.rules.deciding.answer import Answer
from ordinance.rules.deciding.decider import Decider
from ordinance.rules.decision import Decision, Plain
from ordinance.rules.explaining.explainer import explain
from ordinance.rules.explaining.explanation import Explanation
from ordinance.rules.facts import Facts
from ordinance.rules.law import LAWFUL, PREFIX, answered
from ordinance.rules.page import Page
from ordinance.rules.point import DecisionPoint
from ordinance.rules.problem import Problem, RuleFileError
from ordinance.rules.proving import Proof, prove
from ordinance.rules.reading import read_file, read_rules
from ordinance.rules.tree import Place, RuleSet


class Ruleset:
    """The rules that answer one decision point, ready to decide."""

    def __init__(self, tree: RuleSet, *, source: str = "", file: str | None = None) -> None:
        self._tree = tree
        self._source = source
        self._file = tree.place.file if file is None else file
        self._decider = Decider(tree)

    def __repr__(self) -> str:
        return f"<Ruleset {self.point.name} {self.hash[:12]} from {self._file}>"

    @property
    def point(self) -> DecisionPoint:
        """The decision point that these rules answer."""
        return self._tree.point

    @property
    def hash(self) -> str:
        """SHA-256 (hex) over the meaning of the rules."""
        return self._tree.hash

    @property
    def source(self) -> str:
        """The text of the file that the rules were read from; empty for a tree made by hand."""
        return self._source

    @property
    def file(self) -> str:
        """Where the rules were read from."""
        return self._file

    @property
    def tree(self) -> RuleSet:
        """What the rules say."""
        return self._tree

    def decide(
        self, facts: Facts | Mapping[str, object], *, at: datetime | None = None
    ) -> Decision:
        """The decision on `facts` (names to values, or `Facts`) at the moment `at`.

        `at` is zone-aware, in the zone of the shop: its calendar gives the day of the `as_of`
        fact, and its time of day opens daily windows. Raises `FactError` for facts that cannot be
        decided on and `DecidingError` for a rule that cannot be evaluated.
        """
        return self._decider.decide(self._facts(facts, at), at)

    def ask(self, facts: Facts | Mapping[str, object], *, at: datetime | None = None) -> Answer:
        """The answer alone: outcome, fired rules, points, unknown facts, observed values.

        It is what `decide` makes its record of, and takes and raises the same. Ask where many
        questions are put to the same `Facts` and no record is kept; the record can still be had
        from the answer.
        """
        return self._decider.ask(facts if type(facts) is Facts else self._facts(facts, at), at)

    def explain(
        self,
        decision: Decision,
        facts: Facts | Mapping[str, object],
        *,
        at: datetime | None = None,
    ) -> Explanation:
        """Why `decision` came out as it did on `facts`, and why the other rules did not fire.

        `at` is the moment of the decision unless it is given. Raises `ValueError` when these
        rules and facts do not give `decision`.
        """
        moment = decision.at if at is None else at
        return explain(self._decider, decision, self._facts(facts, moment), moment)

    def test(self) -> Proof:
        """The tests of the file, run: what differs, and what they do not cover."""
        return prove(self._decider)

    def page(self) -> Page:
        """The rules as a page to read: Markdown or HTML, in either language."""
        return Page((self._tree,))

    def snapshot(self, facts: Facts) -> dict[str, Plain]:
        """The facts of this point as plain values to store beside the decision."""
        return facts.snapshot(self._decider.vocabulary)

    def written(self, facts: Facts) -> str:
        """`snapshot` as canonical JSON."""
        return facts.written(self._decider.vocabulary)

    def personal(self, facts: Facts) -> dict[str, Plain]:
        """What `snapshot` leaves out: the values of facts about a person."""
        return facts.personal(self._decider.vocabulary)

    def hash_with_persons(self, facts: Facts) -> str:
        """The hash of the facts as older records have it."""
        return facts.hash_with_persons(self._decider.vocabulary)

    def facts(self, facts: Facts | Mapping[str, object], *, at: datetime | None = None) -> Facts:
        """`facts` as the rules read them; raises `FactError` for what they cannot read."""
        return self._facts(facts, at)

    def _facts(self, facts: Facts | Mapping[str, object], at: datetime | None) -> Facts:
        if isinstance(facts, Facts):
            return facts
        zone = None if at is None else at.tzinfo
        return Facts.read(facts, self._decider.vocabulary, zone=zone)


@dataclass(frozen=True, slots=True)
class Objection:
    """What the law holds against a decision."""

    decision: Decision
    """The decision of `law.<point>`: `breach`, with the rules of law that fired, or `unclear`, when
    that hangs on facts that are not known."""
    facts: Facts
    """The facts of the decision and, as `outcome.*`, what it answered."""


class Rulebook(Mapping[str, Ruleset]):
    """Rule sets by the name of the decision point that they answer."""

    def __init__(self, sets: Sequence[Ruleset], warnings: Sequence[Problem] = ()) -> None:
        """Raises `RuleFileError` when two sets answer the same point."""
        problems = _repeated(sets)
        if problems:
            raise RuleFileError(problems)
        self._sets = {item.point.name: item for item in sets}
        self.warnings = tuple(warnings)
        """What the reader found odd, without refusing it."""

    def __getitem__(self, point: str) -> Ruleset:
        return self._sets[point]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sets)

    def __len__(self) -> int:
        return len(self._sets)

    @property
    def sets(self) -> Mapping[str, Ruleset]:
        """The sets by point name, in file order."""
        return MappingProxyType(self._sets)

    def decide(
        self,
        facts: Facts | Mapping[str, object],
        *,
        at: datetime | None = None,
        point: str | None = None,
    ) -> Decision:
        """As `Ruleset.decide`; `point` is needed only when the book answers several.

        Raises `KeyError` when no set answers the point.
        """
        return self._chosen(point).decide(facts, at=at)

    def ask(
        self,
        facts: Facts | Mapping[str, object],
        *,
        at: datetime | None = None,
        point: str | None = None,
    ) -> Answer:
        """As `Ruleset.ask`; `point` is needed only when the book answers several."""
        return self._chosen(point).ask(facts, at=at)

    def explain(
        self,
        decision: Decision,
        facts: Facts | Mapping[str, object],
        *,
        at: datetime | None = None,
    ) -> Explanation:
        """As `Ruleset.explain`, by the set that answers the point of the decision."""
        return self._chosen(decision.point).explain(decision, facts, at=at)

    def objection(
        self,
        decision: Decision,
        facts: Facts | Mapping[str, object],
        *,
        at: datetime | None = None,
    ) -> Objection | None:
        """What the law in this book holds against a decision of it on `facts`; None for nothing.

        `at` is the moment of the decision unless it is given. Raises as `decide` does.
        """
        law = self._sets.get(PREFIX + decision.point)
        if law is None:
            return None
        ruleset = self._chosen(decision.point)
        moment = decision.at if at is None else at
        said = answered(ruleset.point, decision.outcome)
        whole = ruleset.facts(facts, at=moment).with_(said, candidates=())
        found = law.ask(whole, at=moment)
        return None if found.outcome["verdict"] == LAWFUL else Objection(found.decision(), whole)

    def test(self) -> dict[str, Proof]:
        """The tests of every set, by point name."""
        return {name: item.test() for name, item in self._sets.items()}

    def page(self) -> Page:
        """Every set as a page to read, one after another."""
        return Page(tuple(item.tree for item in self._sets.values()))

    def _chosen(self, point: str | None) -> Ruleset:
        if point is None and len(self._sets) == 1:
            return next(iter(self._sets.values()))
        if point is None:
            names = ", ".join(f"`{name}`" for name in self._sets) or "none"
            raise KeyError(f"name the decision point: this rulebook answers {names}")
        if point not in self._sets:
            raise KeyError(f"no rules for `{point}`")
        return self._sets[point]


Points: TypeAlias = Mapping[str, DecisionPoint] | Iterable[DecisionPoint]
"""Decision points, by name or one after another."""


def load(path: str | Path, points: Points | None = None, *, zone: tzinfo = UTC) -> Rulebook:
    """The rules of a file, or of every `*.yaml` below a folder (sorted by path).

    `points` are the decision points that the files may answer; None takes the registered ones.
    `zone` is the shop's; it is taken where a test gives a moment without a zone. Raises
    `RuleFileError` with the problems of all files.
    """
    root = Path(path)
    files = sorted(root.rglob("*.yaml")) if root.is_dir() else [root]
    known = _by_name(points)
    sets: list[Ruleset] = []
    warnings: list[Problem] = []
    problems: list[Problem] = []
    strays = _strays(root)
    warnings.extend(strays)
    if not files:
        named = "; ".join(str(stray.message) for stray in strays)
        help = f"{_NO_FILES} ({named})" if named else _NO_FILES
        problems.append(Problem("E_NO_FILES", f"`{root}` holds no rule files", help=help))
    for file in files:
        try:
            reading = read_file(file, known, zone=zone)
        except RuleFileError as error:
            problems.extend(error.problems)
            continue
        sets.extend(Ruleset(tree, source=reading.source, file=str(file)) for tree in reading.sets)
        warnings.extend(reading.warnings)
    problems.extend(_repeated(sets))
    if problems:
        raise RuleFileError(problems)
    return Rulebook(sets, warnings)


def loads(
    text: str, file: str = "rules.yaml", points: Points | None = None, *, zone: tzinfo = UTC
) -> Rulebook:
    """The rules of one text; `file` names it in messages. As `load` otherwise."""
    known = _by_name(points)
    reading = read_rules(text, file=file, points=known, zone=zone)
    return Rulebook(
        [Ruleset(tree, source=text, file=file) for tree in reading.sets], reading.warnings
    )


_ALMOST = re.compile(r"\.ya?ml(?:\.txt)?$", re.IGNORECASE)
_NO_FILES = "put rule files there whose names end in `.yaml`"


def _strays(root: Path) -> list[Problem]:
    """A warning for each file of a folder that was most likely meant as a rule file."""
    if not root.is_dir():
        return []
    names = (path for path in sorted(root.rglob("*")) if path.is_file())
    return [
        Problem(
            "W_FILE",
            f"`{path.name}` is not read",
            Place(str(path), 1, 1),
            f"rename it to `{path.name.split('.')[0]}.yaml`, or move it away",
            severity="warning",
        )
        for path in names
        if path.suffix != ".yaml" and _ALMOST.search(path.name)
    ]


def _by_name(points: Points | None) -> Mapping[str, DecisionPoint]:
    if points is None:
        return registry.points()
    if isinstance(points, Mapping):
        return points
    return {point.name: point for point in points}


def _repeated(sets: Sequence[Ruleset]) -> list[Problem]:
    first: dict[str, Ruleset] = {}
    problems = []
    for item in sets:
        name = item.point.name
        if name in first:
            problems.append(
                Problem(
                    "E_DUPLICATE",
                    f"`{name}` is answered twice: at {first[name].tree.place} and here",
                    item.tree.place,
                    "keep one set per decision point",
                )
            )
        first.setdefault(name, item)
    return problems
