"""The hour that the clock goes back or forward: moments are told apart by when they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ordinance.rules import DecisionPoint, Fact, Facts, Kind, Ruleset, Value, Words, loads
from tests.rules.sample_point import RISK, SOURCE

BERLIN = ZoneInfo("Europe/Berlin")
PLACED = Fact("order.placed_at", Kind.INSTANT, Words("订单.下单时间", "placed at"))
SHIPS_AT = Fact("candidate.ships_at", Kind.INSTANT, Words("候选仓.发货时间", "ships at"))


def rules(when: str) -> Ruleset:
    point = replace(RISK, facts=(*RISK.facts, PLACED))
    return only(
        point,
        f"""\
decision: review.risk
hit: first
rules:
  - {{id: R, when: {when}, then: {{outcome: hold}}}}
when_unknown: {{outcome: manual_review}}
otherwise: {{outcome: approve}}
""",
    )


def only(point: DecisionPoint, text: str) -> Ruleset:
    (found,) = loads(text, file="r.yaml", points=[point], zone=BERLIN).values()
    return found


def clock(text: str, *, fold: int = 0) -> datetime:
    """What the clock on the wall says; `fold` 1 is the second time that it says so."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold)


SUMMER = clock("2026-10-25 02:45")
WINTER = clock("2026-10-25 02:30", fold=1)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("{order.paid_at: {below: $order.placed_at}}", "approve"),
        ("{order.paid_at: {above: $order.placed_at}}", "hold"),
        ("{order.paid_at: {at_most: $order.placed_at}}", "approve"),
        ("{order.paid_at: {at_least: $order.placed_at}}", "hold"),
    ],
)
def test_paid_in_the_second_half_past_two_is_paid_later(when: str, expected: str) -> None:
    facts = Facts.prepared({"order.placed_at": SUMMER, "order.paid_at": WINTER})

    assert rules(when).decide(facts).outcome["outcome"] == expected


def test_the_same_face_of_the_clock_twice_is_two_moments() -> None:
    first, second = clock("2026-10-25 02:30"), clock("2026-10-25 02:30", fold=1)
    facts = Facts.prepared({"order.placed_at": first, "order.paid_at": second})

    assert rules("{order.paid_at: $order.placed_at}").decide(facts).outcome["outcome"] == "approve"


def test_a_distance_counts_the_hours_that_passed() -> None:
    ask = rules("{order.paid_at: {at_most: $order.placed_at}}")
    facts = Facts.prepared(
        {
            "order.placed_at": clock("2026-03-29 01:30"),
            "order.paid_at": clock("2026-03-29 03:30"),
        }
    )
    why = ask.explain(ask.decide(facts), facts)

    assert why.reasons[0].sentence.en.endswith("1 h too late")


def test_a_candidate_that_ships_earlier_leads() -> None:
    point = replace(SOURCE, facts=(*SOURCE.facts, SHIPS_AT))
    ask = only(
        point,
        """\
decision: allocation.source
hit: rank
prefer: [{id: P1, least: candidate.ships_at}]
tie_break: [candidate.code]
when_unknown: {outcome: unassigned}
otherwise: {outcome: unassigned}
""",
    )
    candidates: list[dict[str, Value]] = [
        {"candidate.code": "A", "candidate.ships_at": WINTER},
        {"candidate.code": "B", "candidate.ships_at": SUMMER},
    ]

    assert ask.decide(Facts.prepared({}, candidates=candidates)).outcome["candidate"] == "B"


def test_an_unknown_moment_is_tried_on_both_sides_of_a_known_one() -> None:
    ask = rules("{order.paid_at: {above: $order.placed_at, at_most: '2026-10-25T02:35:00+01:00'}}")
    facts = Facts.prepared({"order.placed_at": SUMMER})

    assert ask.decide(facts).settled_by == "unknown"
