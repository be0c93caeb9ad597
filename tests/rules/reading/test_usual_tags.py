"""Tags with usual words: either spelling is the same tag, a slip is told, others are the shop's."""

from __future__ import annotations

from dataclasses import replace

from ordinance.points.facts import TRAITS
from ordinance.rules import Explanation, Facts, Kind, Rulebook, loads
from ordinance.rules.registry import points
from tests.rules.sample_point import RISK

FACTS = tuple(
    replace(fact, choices=TRAITS) if fact.kind is Kind.TAGS else fact for fact in RISK.facts
)
POINT = replace(RISK, facts=FACTS)


def book(when: str) -> Rulebook:
    return loads(
        f"""\
decision: review.risk
hit: first
rules:
  - {{id: R1, when: {when}, then: {{outcome: hold}}}}
when_unknown: {{outcome: manual_review}}
otherwise: {{outcome: approve}}
tests:
  - {{name: 易碎, given: {{order.tags: [易碎]}}, expect: {{outcome: hold}}}}
""",
        file="r.yaml",
        points=[POINT],
    )


def why(rules: Rulebook, tags: list[str]) -> Explanation:
    facts = {"order.tags": tags}
    return rules.explain(rules.decide(facts), facts)


def test_either_spelling_of_a_usual_tag_is_the_same_rule() -> None:
    english, chinese = book("{order.tags: fragile}"), book("{订单.标签: 易碎}")

    assert english["review.risk"].hash == chinese["review.risk"].hash
    assert english["review.risk"].test().passed


def test_facts_may_give_a_usual_tag_in_either_spelling() -> None:
    assert Facts.read({"order.tags": ["易碎"]}, POINT).get("order.tags") == {"fragile"}


def test_a_usual_tag_is_told_in_the_words_of_the_language() -> None:
    explained = why(book("{order.tags: {contains_all: [易碎, 冷链]}}"), ["fragile"]).others[0]

    assert explained.sentence.zh == "订单.标签 易碎, 要求含全部 易碎、冷链, 缺 冷链"
    assert explained.sentence.en == (
        "tags fragile, needs a value that contains all of fragile, cold chain, lacks cold chain"
    )


def test_a_slip_of_a_usual_tag_is_told_with_its_place() -> None:
    (warning,) = book("{order.tags: {contains_any: [易碎, fragil]}}").warnings

    assert str(warning) == (
        "r.yaml:4:53: warning W_WORD: `fragil` is not one of the usual words of `order.tags`\n"
        "  help: did you mean `fragile`? If it is a word of your own, leave it"
    )


def test_a_tag_of_the_shop_s_own_is_no_slip() -> None:
    rules = book("{order.tags: 节日礼盒}")

    assert rules.warnings == ()
    assert why(rules, ["节日礼盒"]).fired[0].sentence.zh == "订单.标签 节日礼盒 (含 节日礼盒)"


def test_the_tags_that_the_core_makes_have_words_in_every_point() -> None:
    free = {
        fact.name
        for point in points().values()
        for fact in point.facts
        if fact.kind is Kind.TAGS and not fact.choices
    }

    assert free == {"order.tags", "candidate.tags", "merge.tags_apart"}
