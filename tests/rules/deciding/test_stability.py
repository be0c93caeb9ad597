"""The same rules and facts give the same bytes: in every process, zone and locale."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from ordinance.rules import Facts
from tests.rules.deciding.rulesets import moment, ruleset
from tests.rules.sample_point import RISK, SOURCE

SCORE = """
decision: review.risk
as_of: order.paid_at
hit: score
params: {large: {values: {2026-01-01: 100, 2026-11-01: 200}}}
lists: {watched: {values: {always: ["46", {value: "54", until: 2026-12-31}]}}}
rules:
  - {id: R1, when: {order.receivable: {at_least: $large}}, then: {points: 40, hold: [stock_check]}}
  - {id: R2, when: {order.tags: {contains_any: [A, B, C]}}, then: {points: 5}}
  - {id: R3, when: {receiver.region: $watched}, then: {points: 5, hold: [phone_confirmation]}}
  - {id: R4, when: {order.message: {contains_any: [村, 组]}}, then: {points: 0}}
bands: [{below: 30, outcome: approve}, {at_least: 30, outcome: hold}]
when_unknown: {outcome: manual_review}
otherwise: {points: 0}
"""
RANK = """
decision: allocation.source
hit: rank
exclude: [{id: X1, when: {candidate.serves_region: false}}]
prefer: [{id: P1, least: candidate.cost}]
tie_break: [candidate.code]
when_unknown: {outcome: unassigned}
otherwise: {outcome: unassigned}
"""
FACTS = {
    "order.paid_at": "2026-11-01T00:30:00+08:00",
    "order.receivable": "200.00",
    "order.tags": ["C", "B", "A", "村"],
    "receiver.region": "540100",
}
CANDIDATES = [
    {"candidate.code": code, "candidate.serves_region": code != "B", "candidate.cost": "1"}
    for code in "CBA"
]


def records() -> list[str]:
    """Two records, canonical JSON each."""
    first = ruleset(SCORE).decide(Facts.read(FACTS, RISK), at=moment("2026-11-02 08:00"))
    second = ruleset(RANK).decide(Facts.read({"candidates": CANDIDATES}, SOURCE))
    return [first.to_json(), second.to_json()]


def test_a_record_is_this_text() -> None:
    first, second = (json.loads(record) for record in records())

    assert first | {"rules_hash": "", "facts_hash": ""} == {
        "point": "review.risk",
        "outcome": {"outcome": "hold", "hold": ["stock_check", "phone_confirmation"]},
        "fired": ["R1", "R2", "R3"],
        "settled_by": "rules",
        "unknown": ["order.message"],
        "points": 50,
        "ranking": [],
        "failure": None,
        "skipped": [],
        "rules_hash": "",
        "facts_hash": "",
        "engine": "1",
        "at": "2026-11-02T08:00:00+08:00",
        "as_of": "2026-11-01",
    }
    assert second["ranking"] == [
        {"code": "A", "place": 1, "excluded_by": None, "lost_on": None},
        {"code": "C", "place": 2, "excluded_by": None, "lost_on": "tie_break"},
        {"code": "B", "place": None, "excluded_by": "X1", "lost_on": None},
    ]


def test_other_hash_seeds_and_zones_give_the_same_bytes() -> None:
    here = records()
    root = Path(__file__).resolve().parents[3]
    program = (
        "from tests.rules.deciding.test_stability import records; print('\\n'.join(records()))"
    )
    for seed, zone in (("1", "America/Sao_Paulo"), ("2", "Asia/Kolkata")):
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "TZ": zone,
            "PYTHONPATH": os.pathsep.join([*sys.path, str(root)]),
            "PYTHONIOENCODING": "utf-8",
        }
        there = subprocess.run(
            [sys.executable, "-c", program],
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        ).stdout

        assert there.split() == here
