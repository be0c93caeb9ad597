"""How the truth of rules becomes one outcome: first, unique, collect and score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, overload

from ordinance.rules.deciding.conditions import Situation, Verdict
from ordinance.rules.deciding.constants import Constants
from ordinance.rules.deciding.outcomes import Said, Settled, merged
from ordinance.rules.deciding.readiness import Ready
from ordinance.rules.deciding.vocabulary import CANDIDATES
from ordinance.rules.decision import Plain
from ordinance.rules.point import DecisionPoint
from ordinance.rules.tree import Band, RuleSet, Total

NO_RULE = "no_rule"
NO_BAND = "no_band"


class DecidingError(Exception):
    """A rule that could not be evaluated. The order core holds the order; it is never a miss."""

    def __init__(self, point: str, rule: str, cause: Exception) -> None:
        self.point = point
        self.rule = rule
        super().__init__(f"rule `{rule}` of `{point}` could not be evaluated: {cause}")


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that was asked: the rule, and the candidate it was asked about (its index)."""

    ready: Ready
    candidate: int | None = None

    def about(self, situation: Situation) -> Situation:
        """What it is asked of: the situation, with the facts of the candidate."""
        if self.candidate is None:
            return situation
        return {**situation, **situation[CANDIDATES][self.candidate]}


def ask(asked: Asked, point: DecisionPoint, situation: Situation) -> Verdict:
    """The verdict on one thing. Raises `DecidingError`."""
    try:
        return asked.ready.check(asked.about(situation))
    except Exception as error:
        raise DecidingError(point.name, asked.ready.id, error) from error


class Speaking(Protocol):
    """A rule as far as it matters once it is true: what it is called and what it says."""

    @property
    def id(self) -> str: ...

    @property
    def group(self) -> str | None: ...

    @property
    def said(self) -> Said | None: ...


@dataclass(frozen=True, slots=True)
class Spoken:
    """Just that of a rule, for a set whose conditions are compiled."""

    id: str
    group: str | None
    said: Said | None


class Policy(Protocol):
    """A hit policy over rules that are ready for one day."""

    @property
    def rules(self) -> Sequence[Ready]:
        """The rules in file order."""
        ...

    def asked(self, situation: Situation) -> Sequence[Asked]:
        """Everything that is asked, in a fixed order."""
        ...

    def judge(self, situation: Situation) -> list[Verdict]:
        """The verdict on everything asked, in that order; it may stop where the rest is idle."""
        ...

    def settle(self, verdicts: Sequence[Verdict], situation: Situation) -> Settled:
        """What the verdicts come to; an unknown one counts as not true."""
        ...


@dataclass(frozen=True, slots=True)
class Fallbacks:
    """What a set says when its rules give no answer."""

    otherwise: Said | None
    """None stands for `otherwise: error`."""
    when_unknown: Said

    def unfilled(self, point: DecisionPoint) -> Settled:
        """No rule was true."""
        if self.otherwise is None:
            return self.failed(point, NO_RULE)
        return Settled(merged(point, [self.otherwise]), "otherwise")

    def failed(self, point: DecisionPoint, failure: str, fired: tuple[str, ...] = ()) -> Settled:
        """The decision failed, and the stated outcome takes its place."""
        return Settled(merged(point, [self.when_unknown]), "failure", fired=fired, failure=failure)

    def unknown(self, point: DecisionPoint) -> Settled:
        """The decision hangs on something that is not known."""
        return Settled(merged(point, [self.when_unknown]), "unknown")


class Asking(Sequence[Asked]):
    """Rules, each asked once; a rule is touched only when its turn is looked at."""

    __slots__ = ("_rules",)

    def __init__(self, rules: Sequence[Ready]) -> None:
        self._rules = rules

    def __len__(self) -> int:
        return len(self._rules)

    @overload
    def __getitem__(self, index: int) -> Asked: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Asked]: ...

    def __getitem__(self, index: int | slice) -> Asked | Sequence[Asked]:
        if isinstance(index, slice):
            return [Asked(ready) for ready in self._rules[index]]
        return Asked(self._rules[index])


class RulePolicy:
    """What `first`, `unique`, `collect` and `score` share: rules asked one by one."""

    def __init__(
        self, tree: RuleSet, rules: Sequence[Ready], fallbacks: Fallbacks, constants: Constants
    ) -> None:
        self.tree = tree
        self.point = tree.point
        self.rules = rules
        self.fallbacks = fallbacks
        self.constants = constants

    def asked(self, situation: Situation) -> Sequence[Asked]:
        return Asking(self.rules)

    def judge(self, situation: Situation) -> list[Verdict]:
        verdicts: list[Verdict] = []
        ready = None
        try:
            for ready in self.rules:
                verdicts.append(ready.check(situation))
        except Exception as error:
            assert ready is not None
            raise DecidingError(self.point.name, ready.id, error) from error
        return verdicts

    def true_rules(self, verdicts: Sequence[Verdict]) -> list[Ready]:
        """The rules that are true, in file order."""
        return [self.rules[number] for number, verdict in enumerate(verdicts) if verdict]

    def settle(self, verdicts: Sequence[Verdict], situation: Situation) -> Settled:
        """What the verdicts come to; an unknown one counts as not true."""
        return self.settle_true(self.true_rules(verdicts), situation)

    def settle_true(self, true: Sequence[Speaking], situation: Situation) -> Settled:
        """What it comes to when these rules are true, in file order, and no others."""
        raise NotImplementedError

    def answer(self, rules: Sequence[Speaking]) -> dict[str, Plain]:
        """The merged outcome of rules that are true (so their outcomes are known)."""
        return merged(self.point, [ready.said for ready in rules if ready.said is not None])


class First(RulePolicy):
    """The first true rule in file order decides."""

    def judge(self, situation: Situation) -> list[Verdict]:
        verdicts: list[Verdict] = []
        ready = None
        try:
            for ready in self.rules:
                verdict = ready.check(situation)
                verdicts.append(verdict)
                if verdict:
                    break
        except Exception as error:
            assert ready is not None
            raise DecidingError(self.point.name, ready.id, error) from error
        return verdicts

    def settle_true(self, true: Sequence[Speaking], situation: Situation) -> Settled:
        if not true:
            return self.fallbacks.unfilled(self.point)
        chosen = self.choose(true, situation)
        return Settled(self.answer([chosen]), "rules", (chosen.id,))

    def choose(self, true: Sequence[Speaking], situation: Situation) -> Speaking:
        """Which of the true rules decides."""
        return true[0]


class Unique(RulePolicy):
    """Exactly one rule may be true."""

    def settle_true(self, true: Sequence[Speaking], situation: Situation) -> Settled:
        true = self.choose(true, situation)
        if not true:
            return self.fallbacks.unfilled(self.point)
        if len(true) > 1:
            return self.fallbacks.failed(self.point, ", ".join(ready.id for ready in true))
        return Settled(self.answer(true), "rules", (true[0].id,))

    def choose(self, true: Sequence[Speaking], situation: Situation) -> Sequence[Speaking]:
        """Which of the true rules count."""
        return true


class Collect(RulePolicy):
    """Every true rule adds to the outcome; of a group only the first one."""

    base: dict[str, Plain] | None = None
    """What `otherwise` says, once it is worked out; what rules say of a field goes before it."""

    def settle_true(self, true: Sequence[Speaking], situation: Situation) -> Settled:
        taken: set[str] = set()
        fired: list[Speaking] = []
        for ready in true:
            group = ready.group
            if group is not None:
                if group in taken:
                    continue
                taken.add(group)
            fired.append(ready)
        if not fired:
            return self.fallbacks.unfilled(self.point)
        outcome = self.answer(fired)
        if self.fallbacks.otherwise is not None:
            if self.base is None:
                self.base = merged(self.point, [self.fallbacks.otherwise])
            outcome = self.base | outcome
        return Settled(outcome, "rules", tuple(ready.id for ready in fired))


class Score(RulePolicy):
    """The points of the true rules become one number, and a band gives the outcome."""

    def __init__(
        self,
        tree: RuleSet,
        rules: Sequence[Ready],
        fallbacks: Fallbacks,
        constants: Constants,
        bands: Sequence[tuple[Band, Said]],
    ) -> None:
        super().__init__(tree, rules, fallbacks, constants)
        self.bands = tuple(bands)

    def settle_true(self, true: Sequence[Speaking], situation: Situation) -> Settled:
        fired = tuple(ready.id for ready in true)
        said = [ready.said for ready in true if ready.said is not None]
        base = self.fallbacks.otherwise or Said({})
        points = totalled(self.tree.total, base.points, [part.points for part in said])
        band = next((said for band, said in self.bands if covers(band, points)), None)
        if band is None:
            failed = self.fallbacks.failed(self.point, NO_BAND, fired)
            return Settled(failed.outcome, "failure", fired, points, failure=NO_BAND)
        outcome = merged(self.point, [base]) | merged(self.point, [*said, band])
        return Settled(outcome, "rules" if fired else "otherwise", fired, points)


def totalled(total: Total, base: int, given: Sequence[int]) -> int:
    """The points of a score: `given` by the true rules, `base` by `otherwise`.

    A sum begins with the base. Of the highest and the lowest it is no part, unless no rule gave
    any: a base of 0 would hide every rule that takes points off.
    """
    if total is Total.SUM or not given:
        return base + sum(given)
    return max(given) if total is Total.MAX else min(given)


def covers(band: Band, points: int) -> bool:
    """Whether a band holds this sum; its lower bound belongs to it."""
    above = band.at_least is None or points >= band.at_least
    return above and (band.below is None or points < band.below)
