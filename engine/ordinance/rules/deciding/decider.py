"""One rule set, ready to decide: the day, the facts, the verdicts, and the record of it all."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import product

from ordinance.rules.deciding.answer import Answer, Origin
from ordinance.rules.deciding.conditions import Situation, Verdict, facts_in
from ordinance.rules.deciding.constants import turning_days
from ordinance.rules.deciding.named import named
from ordinance.rules.deciding.outcomes import Settled
from ordinance.rules.deciding.policies import DecidingError, ask
from ordinance.rules.deciding.program import Program, program
from ordinance.rules.deciding.readiness import CLOCK
from ordinance.rules.deciding.unknowns import MOMENT, Blank, Search, choices, suppose
from ordinance.rules.deciding.vocabulary import Vocabulary
from ordinance.rules.decision import Decision
from ordinance.rules.facts import Facts
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.point import Hit, Missing
from ordinance.rules.problem import FactError, Problem
from ordinance.rules.tree import RuleSet

NOT_IN_FORCE = "not_in_force"
PROGRAMS_KEPT = 64


@dataclass(frozen=True, slots=True)
class _Trial:
    """A decision with unknown verdicts, whose blanks are filled in by supposed values."""

    program: Program
    search: Search
    verdicts: Sequence[Verdict]
    blanks: Sequence[Blank]
    situation: Situation
    at: datetime | None


class Decider:
    """Decides by one rule set. What depends on the day alone is worked out once per period."""

    def __init__(self, tree: RuleSet, *, plain: bool = False) -> None:
        """`plain` asks the conditions of the rules one by one, as they stand in the file: the
        readable reference for the compiled rules, which give the same answers."""
        self.tree = tree
        self.plain = plain
        self.vocabulary = Vocabulary(tree.point)
        self._origin = Origin(tree, self.vocabulary)
        self._days = turning_days(tree)
        self._only: Program | None = None
        # The program of a set that is the same on every day, once it is made.
        self._needed = _needed_facts(tree, self.vocabulary)
        self._program = lru_cache(PROGRAMS_KEPT)(self._make_program)

    @cached_property
    def named(self) -> tuple[str, ...]:
        """The `$names` that the rules refer to; worked out when a decision is first explained."""
        return named(self.tree)

    def decide(self, facts: Facts, at: datetime | None) -> Decision:
        """The decision on `facts` at the moment `at` (zone-aware; the shop's zone).

        Raises `FactError` when a fact that the set asks for must not be absent, and
        `DecidingError` when a rule cannot be evaluated.
        """
        return self.ask(facts, at).decision()

    def ask(self, facts: Facts, at: datetime | None) -> Answer:
        """The answer without its record; raises what `decide` raises.

        The type of a fact is looked at where a rule of the set reads it; one that no rule reads
        is found out only by the record.
        """
        if at is not None:
            _check_moment(at)
        if self.tree.as_of is not None:
            facts.check(self.vocabulary)
            day = self._day_of(facts, at)
        else:
            day = None if at is None else at.date()
        ready = self._only or self.program(day)
        quick = ready.quick
        if quick is not None:
            try:
                known = facts.known
                for name in self._needed:
                    known[name]
                true = quick.fast(known, None if at is None else at.time())  # type: ignore[misc]
                settled = quick.kept.get(true) or quick.of(true, dict)
                return Answer(self._origin, facts, at, day, settled, ())
            except Exception:
                # A fact that is absent or strange, or what the plain conditions name better.
                pass
        facts.check(self.vocabulary)
        if self._needed:
            _check_needed(self._needed, self.vocabulary, facts)
        settled, unknown = self.settle(facts, ready, day, at)
        return Answer(self._origin, facts, at, day, settled, unknown)

    def situation(self, facts: Facts, at: datetime | None) -> Situation:
        """What conditions read. Raises `FactError` when a needed fact is absent."""
        if self._needed:
            _check_needed(self._needed, self.vocabulary, facts)
        return _situation(facts, at)

    def day(self, situation: Situation, at: datetime | None) -> date | None:
        """The day that picks dated values; None when it is not known."""
        return self._day_of(situation, at)

    def _day_of(self, values: Facts | Situation, at: datetime | None) -> date | None:
        name = self.tree.as_of
        if name is None:
            return None if at is None else at.date()
        value = values.get(name)
        if value is None:
            value = self.vocabulary.default(name)
        if isinstance(value, datetime):
            zone = None if at is None else at.tzinfo
            return (value if zone is None else value.astimezone(zone)).date()
        return value if isinstance(value, date) else None

    def program(self, day: date | None) -> Program:
        """The set made ready for a day."""
        if not self._days:
            self._only = self._program(0)
            return self._only
        return self._program(None if day is None else bisect_right(self._days, day))

    def settle(
        self, facts: Facts, ready: Program, day: date | None, at: datetime | None
    ) -> tuple[Settled, tuple[str, ...]]:
        """What the set comes to, and the names of everything it asked for in vain."""
        situation = _situation(facts, at)
        in_force = self._in_force(ready, situation)
        if in_force is not True:
            return self._not_in_force(ready, in_force, situation)
        verdicts: Sequence[Verdict] | None = None
        if ready.answers is not None:
            try:
                found = ready.answers.settled(facts, situation[CLOCK], lambda: situation)
            except Exception:
                # The plain conditions fail as well, and say which rule it was.
                found = None
            if isinstance(found, Settled):
                return found, ()
            verdicts = found
        if verdicts is None:
            verdicts = ready.policy.judge(situation)
        settled = self._settled(ready, verdicts, situation)
        if None not in verdicts:
            return settled, ()
        search = Search(ready.builder, self.tree.as_of or MOMENT, day is not None)
        blanks = search.blanks(ready.policy, verdicts, situation)
        names = tuple(sorted({blank.name for blank in blanks}))
        try:
            ways = self._ways(_Trial(ready, search, verdicts, blanks, situation, at))
        except DecidingError:
            raise
        except Exception as error:
            waiting = ready.policy.asked(situation)[verdicts.index(None)].ready.id
            raise DecidingError(self.tree.point.name, waiting, error) from error
        if ways is None:
            return ready.fallbacks.unknown(self.tree.point), names
        return self._agreed(settled, ways), names

    def _agreed(self, settled: Settled, ways: Sequence[Settled]) -> Settled:
        """The one answer that every value of the blanks leads to.

        Each value may lead to it by another rule; only those that fire for all of them are said
        to have fired. `settled` counts unknown rules as not true.
        """
        first = ways[0]
        same = settled.comes_to() == first.comes_to()
        if self.tree.hit is Hit.RANK:
            # The exclusions that are named belong to the ranking that is recorded.
            return settled if same else replace(first, fired=settled.fired)
        fired = tuple(id for id in first.fired if all(id in way.fired for way in ways))
        if same and settled.fired == fired:
            return settled
        alike = all(way.settled_by == first.settled_by for way in ways)
        return replace(
            first,
            fired=fired,
            settled_by=first.settled_by if alike else "rules",
            points=first.points if all(way.points == first.points for way in ways) else None,
        )

    def _ways(self, trial: _Trial) -> list[Settled] | None:
        """What each value of the blanks comes to; None when the answers differ or cannot be
        tried."""
        if not all(blank.supposable for blank in trial.blanks):
            return None
        day_name = self.tree.as_of
        day_open = any(blank.name == day_name for blank in trial.blanks) and bool(self._days)
        possible = [trial.program.constants]
        turning: Mapping[str, Sequence[Value]] = {}
        if day_open and day_name is not None:
            if len(self._days) >= PROGRAMS_KEPT:
                # Too many periods to try them all, as with any other budget.
                return None
            possible = [self._program(index).constants for index in range(len(self._days) + 1)]
            turning = {day_name: self._turns(day_name, trial.at)}
        questions = trial.search.questions(trial.program.policy, trial.verdicts, trial.situation)
        listed = choices(trial.blanks, questions, possible, turning)
        if listed is None:
            return None
        ways: list[Settled] = []
        for values in product(*listed):
            situation = suppose(trial.situation, trial.blanks, values)
            settled = self._supposed(trial, situation, day_open)
            if settled is None or (ways and ways[0].comes_to() != settled.comes_to()):
                return None
            ways.append(settled)
        return ways or None

    def _supposed(self, trial: _Trial, situation: Situation, day_open: bool) -> Settled | None:
        """What one supposition comes to; None when something is unknown even then."""
        verdicts: list[Verdict]
        ready = trial.program
        if day_open:
            ready = self.program(self.day(situation, trial.at))
            in_force = self._in_force(ready, situation)
            if in_force is not True:
                return None
            verdicts = ready.policy.judge(situation)
        else:
            every = ready.policy.asked(situation)
            verdicts = [
                ask(every[number], self.tree.point, situation) if verdict is None else verdict
                for number, verdict in enumerate(trial.verdicts)
            ]
        return None if None in verdicts else self._settled(ready, verdicts, situation)

    def _settled(
        self, ready: Program, verdicts: Sequence[Verdict], situation: Situation
    ) -> Settled:
        try:
            return ready.policy.settle(verdicts, situation)
        except DecidingError:
            raise
        except Exception as error:
            every = ready.policy.asked(situation)
            held = (every[number] for number, verdict in enumerate(verdicts) if verdict)
            true = dict.fromkeys(item.ready.id for item in held)
            raise DecidingError(self.tree.point.name, ", ".join(true), error) from error

    def _in_force(self, ready: Program, situation: Situation) -> Verdict:
        if ready.dated is not True or ready.daily is None:
            return ready.dated
        return ready.daily(situation)

    def _not_in_force(
        self, ready: Program, in_force: Verdict, situation: Situation
    ) -> tuple[Settled, tuple[str, ...]]:
        if in_force is False:
            return ready.fallbacks.failed(self.tree.point, NOT_IN_FORCE), ()
        name = MOMENT if ready.dated else self.tree.as_of or MOMENT
        return ready.fallbacks.unknown(self.tree.point), (name,)

    def _turns(self, name: str, at: datetime | None) -> list[Value]:
        """The values of the `as_of` fact at which the day's constants change."""
        if self.vocabulary.facts[name].kind is Kind.DATE:
            return list(self._days)
        zone = UTC if at is None else at.tzinfo
        return [datetime.combine(day, time(), zone) for day in self._days]

    def _make_program(self, period: int | None) -> Program:
        if period is None:
            return self._made(None)
        if not self._days:
            return self._made(date.min)
        if period == 0:
            return self._made(self._days[0] - timedelta(days=1))
        return self._made(self._days[period - 1])

    def _made(self, day: date | None) -> Program:
        return program(self.tree, self.vocabulary, day, plain=self.plain)


def _situation(facts: Facts, at: datetime | None) -> Situation:
    situation = facts.situation()
    situation[CLOCK] = None if at is None else at.time()
    return situation


def _needed_facts(tree: RuleSet, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The facts that the set asks for and that may not be absent, sorted."""
    names: set[str] = {tree.as_of} if tree.as_of else set()
    for rule in tree.rules:
        names.update(facts_in(rule.when))
        names.update(tree.point.scopes[key] for key in rule.scope or {})
    for preference in tree.prefer:
        names.add(preference.fact)
        names.update(facts_in(preference.when) if preference.when else ())
    names.update(weight.fact for weight in tree.weights)
    names.update(tree.tie_break)
    return tuple(sorted(name for name in names if vocabulary.facts[name].missing is Missing.ERROR))


def _check_needed(names: Sequence[str], vocabulary: Vocabulary, facts: Facts) -> None:
    problems = []
    for name in names:
        places = facts.places(vocabulary.homes[name])
        if any(name not in place for place in places):
            problems.append(Problem("E_MISSING_FACT", f"`{name}` is needed and absent", help=None))
    if problems:
        raise FactError(problems)


def _check_moment(at: datetime | None) -> None:
    if at is not None and at.utcoffset() is None:
        raise FactError(
            [
                Problem(
                    "E_TYPE",
                    "the moment of deciding does not say its zone",
                    help="give it in the zone of the shop",
                )
            ]
        )
