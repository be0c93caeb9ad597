"""The rule language: reading rule files, deciding by them, and saying why."""

from ordinance.rules.deciding.answer import ENGINE, Answer
from ordinance.rules.deciding.policies import DecidingError
from ordinance.rules.decision import Decision, Ranked
from ordinance.rules.explaining.explanation import Explanation
from ordinance.rules.facts import Facts
from ordinance.rules.kinds import Kind, Value, Words
from ordinance.rules.page import Page
from ordinance.rules.point import (
    Argument,
    Choice,
    DecisionPoint,
    Fact,
    Field,
    Hit,
    Merge,
    Missing,
    Needs,
)
from ordinance.rules.problem import FactError, Problem, RuleFileError
from ordinance.rules.proving import Proof
from ordinance.rules.rulebook import Rulebook, Ruleset, load, loads

__all__ = [
    "ENGINE",
    "Answer",
    "Argument",
    "Choice",
    "DecidingError",
    "Decision",
    "DecisionPoint",
    "Explanation",
    "Fact",
    "FactError",
    "Facts",
    "Field",
    "Hit",
    "Kind",
    "Merge",
    "Missing",
    "Needs",
    "Page",
    "Problem",
    "Proof",
    "Ranked",
    "RuleFileError",
    "Rulebook",
    "Ruleset",
    "Value",
    "Words",
    "load",
    "loads",
]
