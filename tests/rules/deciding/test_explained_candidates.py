"""Why each candidate of a rank stands where it stands: the sentences, in both languages."""

from __future__ import annotations

from typing import Any

from tests.rules.deciding.rulesets import explained, ruleset

RANK = """
decision: allocation.source
hit: rank
params: {near: {unit: km, values: {always: 30}}}
exclude:
  - id: X1
    when: {candidate.serves_region: false}
    because: {zh: "{candidate.code} 不送该地区", en: "{candidate.code} does not serve the region"}
  - {id: X2, when: {candidate.cold_chain: false}}
prefer:
  - {id: P1, most: candidate.lines_filled}
  - {id: P2, least: candidate.distance_km, within: $near}
tie_break: [candidate.priority, candidate.code]
when_unknown: {outcome: unassigned}
otherwise: {outcome: unassigned}
"""


def warehouse(code: str, lines: int, distance: int, priority: int = 1, **more: object) -> Any:
    return {
        "candidate.code": code,
        "candidate.lines_filled": lines,
        "candidate.distance_km": distance,
        "candidate.priority": priority,
        "candidate.serves_region": True,
        "candidate.cold_chain": True,
        **{f"candidate.{name}": value for name, value in more.items()},
    }


def test_every_candidate_says_what_it_lost_on_or_why_it_is_out() -> None:
    facts = {
        "candidates": [
            warehouse("A", 2, 10),
            warehouse("B", 1, 1),
            warehouse("C", 2, 40),
            warehouse("D", 2, 39, priority=2),
            warehouse("E", 2, 1, serves_region=False),
        ]
    }
    explanation = explained(ruleset(RANK), facts)

    assert [(item.code, item.place, item.sentence.en) for item in explanation.candidates] == [
        ("A", 1, "first of 4, decided by P2, the tie-break, P1"),
        (
            "C",
            2,
            "fell behind on P2 (the least of distance km): 40 km, A has 10 km, "
            "less than 30 km apart is a tie",
        ),
        ("D", 3, "tied, the least priority goes first: 2, A has 1"),
        ("B", 4, "fell behind on P1 (the most of lines filled): 1, A has 2"),
        ("E", None, "excluded by X1: E does not serve the region"),
    ]
    assert [item.sentence.zh for item in explanation.candidates][1:] == [
        "在 P2 (候选仓.距离取小) 上落后: 40 公里, A 为 10 公里, 要算并列, 相差须小于 30 公里",
        "并列, 按候选仓.优先级取小: 2, A 为 1",
        "在 P1 (候选仓.可满足行数取大) 上落后: 1, A 为 2",
        "被 X1 排除: E 不送该地区",
    ]
    assert [(reason.id, reason.sentence.en) for reason in explanation.reasons] == [
        ("X1", "E: E does not serve the region"),
        ("X2", "cold chain yes, needs no"),
    ]
    assert [(used.name, used.value.en) for used in explanation.values] == [("near", "30 km")]


def test_a_candidate_is_measured_against_the_one_it_was_too_far_from() -> None:
    """B wins later, and is itself near enough to the one that C fell behind."""
    text = RANK.replace("tie_break:", "  - {id: P3, least: candidate.cost}\ntie_break:")
    facts = {
        "candidates": [
            warehouse("A", 1, 10, cost=9),
            warehouse("B", 1, 35, cost=8),
            warehouse("C", 1, 60, cost=1),
        ]
    }
    explanation = explained(ruleset(text), facts)

    assert {item.code: item.sentence.en for item in explanation.candidates} == {
        "B": "first of 3, decided by P3, P2",
        "A": "fell behind on P3 (the least of cost): 9.00, B has 8.00",
        "C": "fell behind on P2 (the least of distance km): 60 km, A has 10 km, "
        "less than 30 km apart is a tie",
    }


def test_the_reason_of_a_criterion_stands_beside_its_id() -> None:
    text = RANK.replace(
        "within: $near}", "within: $near, because: {zh: '就近, {候选仓.距离}', en: nearer}}"
    )
    facts = {"candidates": [warehouse("A", 1, 10), warehouse("B", 1, 90), warehouse("C", 1, 10)]}
    first = explained(ruleset(text), facts).candidates[0].sentence

    assert first.en == "first of 3, decided by the tie-break, P2 (nearer)"
    assert first.zh == "在 3 个候选中居首, 决定于 决胜规则、P2 (就近, 10 公里)"


def test_what_is_unknown_of_a_candidate_goes_last_and_says_so() -> None:
    unknown = warehouse("A", 1, 1)
    del unknown["candidate.distance_km"]
    explanation = explained(ruleset(RANK), {"candidates": [unknown, warehouse("B", 1, 900)]})

    assert explanation.candidates[1].sentence.zh == (
        "在 P2 (候选仓.距离取小) 上落后: 未知, B 为 900 公里, 未知的排在已知的后面"
    )


def test_equal_candidates_go_by_their_codes() -> None:
    explanation = explained(
        ruleset(RANK), {"candidates": [warehouse("B", 1, 1), warehouse("A", 1, 1)]}
    )

    assert explanation.candidates[1].sentence.en == "tied, by code it goes after A"


def test_a_weighted_sum_shows_its_terms() -> None:
    text = f"""\
{RANK.partition("prefer:")[0]}
weights:
  - {{id: W1, most: candidate.lines_filled, weight: 1}}
  - {{id: W2, least: candidate.distance_km, weight: 0.333}}
{RANK[RANK.index("tie_break:") :]}"""
    facts = {"candidates": [warehouse("A", 2, 10), warehouse("B", 3, 11.5)]}
    explanation = explained(
        ruleset(text.replace("params: {near: {unit: km, values: {always: 30}}}", "")), facts
    )

    assert [item.sentence.en for item in explanation.candidates] == [
        "first of 2, decided by the weighted sum",
        "fell behind on the weighted sum: -1.33 = 2 × 1 - 10 × 0.333, "
        "B has -0.8295 = 3 × 1 - 11.5 × 0.333",
    ]


def test_a_soft_exclusion_that_was_skipped_says_so() -> None:
    facts = {"candidates": [warehouse("A", 1, 1, cold_chain=False)]}
    explanation = explained(ruleset(RANK), facts)

    assert explanation.reasons[1].sentence.en == (
        "it would have left no candidate, so it was skipped: A: cold chain no"
    )
    assert explanation.candidates[0].sentence.zh == "唯一剩下的候选"


def test_a_must_that_left_nobody_is_named() -> None:
    text = RANK.replace("- {id: X2, when", "- {id: X2, must: true, when")
    explanation = explained(ruleset(text), {"candidates": [warehouse("A", 1, 1, cold_chain=False)]})

    assert explanation.settled.en == "X2 excluded every candidate"
    assert explanation.candidates[0].sentence.en == "excluded by X2: cold chain no"


def test_the_table_has_a_row_per_rule_and_per_candidate() -> None:
    facts = {"candidates": [warehouse("A", 2, 10), warehouse("E", 2, 1, serves_region=False)]}

    assert explained(ruleset(RANK), facts).table("en") == (
        ("rule", "title", "result", "reason", "place"),
        ("X1", "", "fired", "E: E does not serve the region", "r.yaml:6"),
        ("X2", "", "did not fire", "cold chain yes, needs no", "r.yaml:9"),
        ("A", "", "#1", "the only candidate left", ""),
        ("E", "", "excluded", "excluded by X1: E does not serve the region", ""),
    )
