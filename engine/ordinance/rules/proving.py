"""The tests of a rule file: run, and measured by what they leave untested."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from ordinance.rules import scalar
from ordinance.rules.boundaries import Boundary, boundaries
from ordinance.rules.deciding.decider import Decider
from ordinance.rules.deciding.outcomes import Said, merged
from ordinance.rules.deciding.policies import DecidingError
from ordinance.rules.deciding.vocabulary import CANDIDATES, LINES
from ordinance.rules.decision import Decision, Plain, canonical_json
from ordinance.rules.explaining.answers import answer_words
from ordinance.rules.facts import Facts
from ordinance.rules.kinds import Value, Words
from ordinance.rules.problem import FactError
from ordinance.rules.tree import Case, Place


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a test expects otherwise than the rules decide."""

    what: str
    """`fired`, `points`, `ranking`, `error`, or an outcome field."""
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Trial:
    """One test of the file, run."""

    name: Words
    place: Place
    differences: tuple[Difference, ...]
    decision: Decision | None
    """None when the facts could not be decided on."""
    lacking: tuple[Words, ...] = ()
    """Facts that the test does not give, where the decision hangs on them; by their spellings."""

    @property
    def passed(self) -> bool:
        """Whether everything that the test expects came out."""
        return not self.differences

    def text(self, lang: str) -> str:
        """The result in one line, and a line for each difference."""
        verdict = _PASSED if self.passed else _FAILED
        lines = [f"{self.place}: {verdict.get(lang)}: {self.name.get(lang)}"]
        expected, found = (word.get(lang) for word in (_EXPECTED, _FOUND))
        lines.extend(
            f"  {item.what}: {expected} {item.expected}, {found} {item.found}"
            for item in self.differences
        )
        if self.differences and self.lacking:
            names = ", ".join(words.get(lang) for words in self.lacking)
            lines.append(f"  {_LACKING.get(lang)}: {names}")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A test to write, in words, and where the limit stands that it is about."""

    words: Words
    place: Place
    subject: tuple[str, ...]
    """The fact, the limit and the value to test."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What the tests of a rule set show, and what they leave open."""

    point: str
    trials: tuple[Trial, ...]
    never_fired: tuple[str, ...]
    """Rules that no test fires (for a rank: exclusions that no test uses), in file order."""
    proposals: tuple[Proposal, ...]
    """Tests to write: one for each side of a boundary that no test stands on."""

    @property
    def proposed(self) -> tuple[Words, ...]:
        """The tests to write, in words."""
        return tuple(proposal.words for proposal in self.proposals)

    @property
    def passed(self) -> bool:
        """Whether there are tests and all of them pass."""
        return bool(self.trials) and all(trial.passed for trial in self.trials)

    def text(self, lang: str) -> str:
        """The whole report, in `lang`."""
        lines = [trial.text(lang) for trial in self.trials]
        if not self.trials:
            lines.append(f"{self.point}: {_NO_TESTS.get(lang)}")
        if self.never_fired:
            lines.append(f"{_NEVER.get(lang)}: {', '.join(self.never_fired)}")
        if self.proposed:
            lines.append(f"{_PROPOSED.get(lang)}:")
            lines.extend(f"  {words.get(lang)}" for words in self.proposed)
        return "\n".join(lines)


def prove(decider: Decider) -> Proof:
    """Run the tests of a rule set and measure what they cover."""
    tree = decider.tree
    trials = tuple(_run(decider, case) for case in tree.tests)
    fired: set[str] = set()
    for trial in trials:
        if trial.decision is not None:
            fired.update(trial.decision.fired)
            fired.update(trial.decision.skipped)
    return Proof(
        point=tree.point.name,
        trials=trials,
        never_fired=tuple(rule.id for rule in tree.rules if rule.id not in fired),
        proposals=tuple(_proposals(decider, trials)),
    )


def facts_of(given: Mapping[str, object]) -> Facts:
    """The facts of a test, which the reader has typed already."""
    values = {
        name: cast("Value", value)
        for name, value in given.items()
        if name not in (LINES, CANDIDATES)
    }
    return Facts.prepared(
        values,
        cast("Sequence[Mapping[str, Value]]", given.get(LINES, ())),
        cast("Sequence[Mapping[str, Value]]", given.get(CANDIDATES, ())),
    )


def moment_of(case: Case) -> datetime | None:
    """The moment of deciding that a test states."""
    return None if case.at is None else datetime.fromisoformat(case.at)


def _run(decider: Decider, case: Case) -> Trial:
    try:
        decision = decider.decide(facts_of(case.given), moment_of(case))
    except (FactError, DecidingError) as error:
        told = Difference("error", "a decision", str(error))
        return Trial(case.name, case.place, (told,), None)
    differences = tuple(_differences(decider, case, decision))
    return Trial(case.name, case.place, differences, decision, _lacking(decider, decision))


def _lacking(decider: Decider, decision: Decision) -> tuple[Words, ...]:
    if decision.settled_by != "unknown":
        return ()
    spelled = {fact.name: fact.words.zh for fact in decider.tree.point.facts}
    return tuple(Words(spelled.get(name, name), name) for name in decision.unknown)


def _differences(decider: Decider, case: Case, decision: Decision) -> Iterator[Difference]:
    expected = _plain(decider, case)
    for name, value in expected.items():
        found = decision.outcome.get(name)
        if found != value:
            yield Difference(name, _shown(value), _shown(found))
    if case.points is not None and case.points != decision.points:
        yield Difference("points", str(case.points), _shown(decision.points))
    if case.fired is not None and set(case.fired) != set(decision.fired):
        yield Difference("fired", _ids(case.fired), _ids(decision.fired))
    if case.ranking is not None:
        ranking = tuple(item.code for item in decision.ranking if item.place is not None)
        if case.ranking != ranking:
            yield Difference("ranking", _ids(case.ranking), _ids(ranking))


def _plain(decider: Decider, case: Case) -> dict[str, Plain]:
    """The expected fields in the shape of a decision's outcome."""
    items = {
        name: value if isinstance(value, tuple) else (value,) for name, value in case.expect.items()
    }
    return merged(decider.tree.point, [Said(items)])


def _proposals(decider: Decider, trials: Sequence[Trial]) -> Iterator[Proposal]:
    """A test for every value at a limit that no test of the file stands on."""
    days = [trial.decision.as_of if trial.decision else None for trial in trials]
    cases = [(case.given, day) for case, day in zip(decider.tree.tests, days, strict=True)]
    for boundary in boundaries(decider.tree, decider.vocabulary):
        fitting = [
            case
            for case, day in zip(decider.tree.tests, days, strict=True)
            if boundary.covers(day) and boundary.values_in(case.given)
        ]
        for value in boundary.untested(cases):
            words = _proposal(decider, boundary, value, next(iter(fitting), None))
            subject = (boundary.fact.name, str(boundary.bound), str(boundary.since), str(value))
            yield Proposal(words, boundary.place, subject)


def _proposal(decider: Decider, boundary: Boundary, value: Value, like: Case | None) -> Words:
    """One test to write, with what the rules answer today where a test is near enough."""
    fact = boundary.fact

    def speak(lang: str) -> str:
        def render(item: Value) -> str:
            return scalar.render(item, fact.kind, lang, unit=fact.unit, choices=fact.choices)

        name, limit = fact.words.get(lang), render(boundary.bound)
        said = (
            f"{name} {render(value)} ({boundary.rule} 的界值 {limit})"
            if lang == "zh"
            else f"{name} {render(value)} (the limit of {boundary.rule} is {limit})"
        )
        if boundary.since is not None:
            said += (
                f", 取值日在 {boundary.since} 或之后"
                if lang == "zh"
                else (f", on a day from {boundary.since} on")
            )
        if boundary.until is not None:
            said += (
                f", 取值日早于 {boundary.until}"
                if lang == "zh"
                else f", on a day before {boundary.until}"
            )
        if like is None:
            return said
        answer = _answer_today(decider, boundary, value, like, lang)
        return said if answer is None else f"{said}, {answer}"

    return Words(speak("zh"), speak("en"))


def _answer_today(
    decider: Decider, boundary: Boundary, value: Value, like: Case, lang: str
) -> str | None:
    given = boundary.replaced(like.given, value)
    if given is None:
        return None
    try:
        decision = decider.decide(facts_of(given), moment_of(like))
    except (FactError, DecidingError):
        return None
    fired = ", ".join(decision.fired) or (_NOTHING.get(lang))
    answers = ", ".join(
        answer_words(field, decision.outcome[field.name], lang)
        for field in decider.tree.point.fields
        if field.name in decision.outcome
    )
    name = like.name.get(lang)
    if lang == "zh":
        return f"其余同“{name}”: 目前结论 {answers}, 命中 {fired}"
    return f"otherwise as in `{name}`: today the answer is {answers}, fired: {fired}"


def _ids(ids: Sequence[str]) -> str:
    return f"[{', '.join(ids)}]"


def _shown(value: Plain) -> str:
    return value if isinstance(value, str) else canonical_json(value)


_PASSED = Words("通过", "passed")
_FAILED = Words("不符", "differs")
_EXPECTED = Words("预期", "expected")
_FOUND = Words("实际", "found")
_LACKING = Words("测试没有给出, 又可能改变结论", "not given by the test, may change the answer")
_NO_TESTS = Words("没有测试", "there are no tests")
_NEVER = Words("没有测试命中的规则", "rules that no test fires")
_PROPOSED = Words("建议补充的测试", "tests to add")
_NOTHING = Words("无", "none")
