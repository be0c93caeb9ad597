"""Rule files for the tests of the reader: a small whole one, with parts to replace."""

from __future__ import annotations

from ordinance.rules.problem import Problem, RuleFileError
from ordinance.rules.reading import Reading, read_rules
from ordinance.rules.tree import Condition, RuleSet
from tests.rules.sample_point import POINTS

FIRST = """\
decision: review.risk
hit: first
rules:
  - {id: R1, when: WHEN, then: {outcome: hold}}
when_unknown: {outcome: manual_review}
otherwise: {outcome: approve}
"""


def with_when(when: str, extra: str = "") -> str:
    """A file with one rule and this condition in flow style."""
    return FIRST.replace("WHEN", when) + extra


def read(text: str | bytes) -> Reading:
    return read_rules(text, file="r.yaml", points=POINTS)


def one_set(text: str | bytes) -> RuleSet:
    """The only rule set of a file."""
    (rules,) = read(text).sets
    return rules


def condition(when: str, extra: str = "") -> Condition:
    """What the reader makes of a condition."""
    return one_set(with_when(when, extra)).rules[0].when


def problems(text: str | bytes) -> tuple[Problem, ...]:
    """The problems of a file; none when it is read."""
    try:
        read(text)
    except RuleFileError as error:
        return error.problems
    return ()


def codes(text: str | bytes) -> list[str]:
    return [problem.code for problem in problems(text)]


def told(text: str | bytes) -> str:
    """All problems as a merchant sees them."""
    return "\n".join(str(problem) for problem in problems(text))
