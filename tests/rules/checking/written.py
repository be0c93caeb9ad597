"""Small rule sets as they are written, and what the checks say of them."""

from __future__ import annotations

from ordinance.rules import loads
from ordinance.rules.checking import findings
from ordinance.rules.tree import RuleSet
from tests.rules.sample_point import POINTS

HEAD = """\
decision: {point}
version: 1
hit: {hit}
"""
TAIL = """
when_unknown: {outcome: manual_review}
otherwise: {outcome: approve}
"""


def risk(rules: str, *, hit: str = "first", tail: str = TAIL, more: str = "") -> RuleSet:
    text = HEAD.format(point="review.risk", hit=hit) + more + "rules:\n" + rules + tail
    return loads(text, points=POINTS)["review.risk"].tree


def told(tree: RuleSet, *codes: str) -> list[str]:
    """The findings of these codes (or all) in English."""
    return [item.text("en") for item in findings(tree) if not codes or item.code in codes]


def codes(tree: RuleSet) -> list[str]:
    return [item.code for item in findings(tree)]


SCORED = """
bands:
  - {below: 30, outcome: approve}
  - {at_least: 30, below: 60, outcome: manual_review}
  - {at_least: 60, outcome: hold}
when_unknown: {outcome: manual_review}
otherwise: {points: 0}
"""

PARAMS = """\
params:
  legal: {unit: g, values: {always: 7}, locked: true}
  goodwill: {unit: g, merchant_may_set: {at_least: %d, at_most: 90}, values: {always: 30}}
"""
RANGES = """\
  - {id: T3, when: {order.weight_g: {at_most: $legal}}, then: {outcome: approve}}
  - {id: T4, when: {order.weight_g: {above: $legal, at_most: $goodwill}}, then: {outcome: hold}}
  - {id: T5, when: {order.weight_g: {above: $goodwill}}, then: {outcome: manual_review}}"""
