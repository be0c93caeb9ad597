"""A rule set made ready for one day (or for a day that is not known)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from ordinance.rules.compiled.answers import Answers
from ordinance.rules.compiled.index import index
from ordinance.rules.compiled.ranking import RankAnswers
from ordinance.rules.deciding.conditions import Builder, Check, Verdict
from ordinance.rules.deciding.constants import Constants, constants_on, in_force, latest
from ordinance.rules.deciding.outcomes import Said, said
from ordinance.rules.deciding.policies import (
    Collect,
    Fallbacks,
    First,
    Policy,
    RulePolicy,
    Score,
    Unique,
)
from ordinance.rules.deciding.rank import Rank
from ordinance.rules.deciding.readiness import ReadyRules, daily_check
from ordinance.rules.deciding.specificity import MostSpecificFirst, MostSpecificUnique
from ordinance.rules.deciding.vocabulary import Vocabulary
from ordinance.rules.point import Hit
from ordinance.rules.tree import Outcome, RuleSet


@dataclass(frozen=True, slots=True)
class Program:
    """Everything of a set that depends on the day alone, worked out once."""

    day: date | None
    constants: Constants
    builder: Builder
    policy: Policy
    fallbacks: Fallbacks
    dated: Verdict
    """Whether the dates of the set's `effective:` cover the day."""
    daily: Check | None
    """Whether the set's daily window is open."""
    answers: Answers | RankAnswers | None
    """The rules compiled; None for the plain conditions, asked one by one."""
    quick: Answers | None
    """The same where one look at the facts of the order may say it all."""


_POLICIES: Mapping[Hit, Callable[..., Policy]] = {
    Hit.FIRST: First,
    Hit.UNIQUE: Unique,
    Hit.COLLECT: Collect,
}
_MOST_SPECIFIC: Mapping[Hit, Callable[..., Policy]] = {
    Hit.FIRST: MostSpecificFirst,
    Hit.UNIQUE: MostSpecificUnique,
}


def program(
    tree: RuleSet, vocabulary: Vocabulary, day: date | None, *, plain: bool = False
) -> Program:
    """`tree` made ready for `day`; None stands for a day that is not known.

    `plain` leaves the rules uncompiled.
    """
    constants = constants_on(tree, day)
    builder = Builder(vocabulary, constants)
    last = latest(tree)
    fallbacks = Fallbacks(
        None if tree.otherwise is None else _certain(tree.otherwise, constants, last),
        _certain(tree.when_unknown, constants, last),
    )
    policy = _policy(tree, builder, fallbacks, last, day)
    answers = None if plain else _compiled(tree, builder, policy, day)
    dated, daily = in_force(tree.effective, day), daily_check(tree.effective)
    quick = None
    if isinstance(answers, Answers) and answers.fast is not None and dated and daily is None:
        quick = answers
    return Program(
        day,
        constants,
        builder,
        policy,
        fallbacks,
        dated,
        daily,
        answers,
        quick,
    )


def _compiled(
    tree: RuleSet, builder: Builder, policy: Policy, day: date | None
) -> Answers | RankAnswers | None:
    try:
        first = tree.hit is Hit.FIRST and tree.most_specific is None
        compiled = index(tree.rules, builder, day, first=first)
        if isinstance(policy, Rank):
            return RankAnswers(compiled, policy)
        return Answers(compiled, policy) if isinstance(policy, RulePolicy) else None
    except Exception:
        # A tree made by hand may hold what the reader refuses, such as a number compared with a
        # text. The plain conditions then fail as they always did, by the name of the rule.
        return None


def _policy(
    tree: RuleSet, builder: Builder, fallbacks: Fallbacks, last: Constants, day: date | None
) -> Policy:
    rules = ReadyRules(tree.rules, builder, day)
    if tree.hit is Hit.RANK:
        return Rank(tree, rules, fallbacks, builder)
    if tree.hit is Hit.SCORE:
        bands = [(band, _certain(band.then, builder.constants, last)) for band in tree.bands]
        return Score(tree, rules, fallbacks, builder.constants, bands)
    kinds = _POLICIES if tree.most_specific is None else _MOST_SPECIFIC
    return kinds[tree.hit](tree, rules, fallbacks, builder.constants)


def _certain(outcome: Outcome, constants: Constants, last: Constants) -> Said:
    """An outcome that stands outside the rules. It may not depend on a date that is not known,
    so a `$name` without a value falls back to its last one."""
    return said(outcome, constants) or said(outcome, last) or Said({})
