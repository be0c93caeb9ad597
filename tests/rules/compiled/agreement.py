"""Whether a compiled rule set decides as its plain conditions do, asked one by one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ordinance.rules import DecidingError, FactError, Facts
from ordinance.rules.compiled.answers import Answers
from ordinance.rules.deciding.decider import Decider
from ordinance.rules.deciding.outcomes import Settled
from ordinance.rules.deciding.readiness import CLOCK
from ordinance.rules.tree import RuleSet


class Pair:
    """One rule set, compiled and plain."""

    def __init__(self, tree: RuleSet) -> None:
        self.compiled = Decider(tree)
        self.plain = Decider(tree, plain=True)

    def agree(self, facts: Facts, at: datetime | None) -> str:
        """Assert that both say the same, and return what they say."""
        expected = _said(self.plain, facts, at)
        self._agree_inside(facts, at)
        found = _said(self.compiled, facts, at)
        assert found == expected
        return found

    def _agree_inside(self, facts: Facts, at: datetime | None) -> None:
        """The same before the decision: nothing compiled may fail and leave it to the plain."""
        situation = self.plain.situation(facts, at)
        day = self.plain.day(situation, at)
        answers = self.compiled.program(day).answers
        if answers is None:
            raise RuntimeError("the set was not compiled")
        policy = self.plain.program(day).policy
        verdicts = policy.judge(situation)
        found = answers.settled(facts, situation[CLOCK], lambda: situation)
        if isinstance(answers, Answers) and answers.fast is not None:
            self._agree_fast(answers, facts, situation, found)
        if isinstance(found, Settled):
            assert None not in verdicts
            assert found == policy.settle(verdicts, situation)
        else:
            assert found == verdicts

    def _agree_fast(self, answers: Answers, facts: Facts, situation: Any, found: object) -> None:
        """The generated function alone, where it has something to say."""
        assert answers.fast is not None
        try:
            true = answers.fast(facts.known, situation[CLOCK])
        except KeyError:
            return
        assert answers.of(true, dict) == found


def _said(decider: Decider, facts: Facts, at: datetime | None) -> str:
    try:
        return decider.decide(facts, at).to_json()
    except (DecidingError, FactError) as error:
        return f"{type(error).__name__}: {error}"
