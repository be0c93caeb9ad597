"""Checks of a rule set as a whole: dates, repeats, persons, and what its tests leave open."""

from __future__ import annotations

from datetime import date

import pytest

from ordinance.rules import loads
from ordinance.rules.checking import findings
from ordinance.rules.checking.periods import over_on
from ordinance.rules.checking.testing import of_tests
from ordinance.rules.problem import Problem

HEAD = """\
decision: review.risk
hit: collect
when_unknown: {outcome: manual_review}
otherwise: {outcome: approve}
"""
SCORE = """\
decision: review.risk
hit: score
when_unknown: {outcome: manual_review}
otherwise: {points: 0}
rules:
  - {id: R1, when: {order.receivable: {at_least: 500}}, then: {points: 30}}
  - {id: R2, when: {order.pieces: {at_least: 5}}, then: {points: 40}}
bands:
  - {below: 10, outcome: approve}
  - {at_least: 10, below: 40, outcome: manual_review}
  - {at_least: 40, below: 60, outcome: manual_review}
  - {at_least: 60, outcome: hold}
"""
BIG = """\
rules:
  - {id: R1, when: {order.receivable: {at_least: $large}}, then: {outcome: hold}}
"""
BUYERS = """\
rules:
  - {id: R1, when: {buyer.id: {one_of: $blocked}}, then: {outcome: hold}}
"""
REGIONS = """\
rules:
  - {id: R1, when: {receiver.region: {one_of: $far}}, then: {outcome: hold}}
"""


def told(text: str) -> list[tuple[str, str]]:
    (ruleset,) = loads(HEAD + text).sets.values()
    return [
        (problem.code, problem.message)
        for problem in findings(ruleset.tree)
        if problem.severity != "note"
    ]


def params(values: str) -> str:
    return f"params:\n  large: {{values: {{{values}}}}}\n{BIG}"


class TestDates:
    def test_a_rule_that_asks_before_the_first_value_is_an_error(self) -> None:
        text = params("2026-03-01: 500") + "effective: {from: 2026-01-01}\n"

        assert told(text) == [
            (
                "E_NO_VALUE",
                "rules ask for `large` from 2026-01-01 on, "
                "and its first value begins on 2026-03-01",
            )
        ]

    def test_it_is_a_warning_where_the_set_does_not_say_since_when_it_is_in_force(self) -> None:
        assert [code for code, _ in told(params("2026-03-01: 500"))] == ["W_NO_VALUE"]

    @pytest.mark.parametrize(
        "text",
        [
            params("always: 500"),
            params("2026-01-01: 500, 2026-03-01: 600") + "effective: {from: 2026-01-01}\n",
            params("2026-01-01: 500") + "effective: {from: 2026-02-01}\n",
            params("2026-03-01: 500").replace("id: R1", "id: R1, effective: {from: 2026-03-01}"),
        ],
    )
    def test_a_value_that_is_there_when_it_is_asked_for_is_in_order(self, text: str) -> None:
        assert told(text) == []

    def test_what_a_fallback_says_is_asked_for_on_every_day_of_the_set(self) -> None:
        scored = SCORE.replace("points: 0", "points: $base") + "effective: {from: 2026-01-01}\n"
        (ruleset,) = loads(scored + "params:\n  base: {values: {2026-03-01: 5}}\n").sets.values()

        assert "E_NO_VALUE" in [item.code for item in findings(ruleset.tree)]

    def test_a_list_whose_entries_have_all_ended_is_told_with_the_day(self) -> None:
        text = 'lists:\n  far: {value: [{value: "54", until: 2026-05-31}]}\n' + REGIONS

        message = "list `far` holds nothing from 2026-06-01 on: all its entries have ended"
        assert ("W_EMPTY_LIST", message) in told(text)

    @pytest.mark.parametrize(
        "text",
        [
            'lists:\n  far: {value: [{value: "54", until: 2026-05-31}, "46"]}\n' + REGIONS,
            'lists:\n  far: {value: [{value: "54", until: 2026-05-31}]}\n'
            + REGIONS.replace("id: R1", "id: R1, effective: {to: 2026-06-01}"),
            'lists:\n  far: {value: [{value: "54", until: 2026-05-31}]}\n'
            + REGIONS
            + "effective: {to: 2026-06-01}\n",
        ],
    )
    def test_a_list_is_not_empty_while_a_rule_asks_for_it(self, text: str) -> None:
        assert "W_EMPTY_LIST" not in [code for code, _ in told(text)]

    def test_a_rule_outside_the_days_of_its_set_is_told(self) -> None:
        text = params("always: 500") + "effective: {from: 2026-01-01, to: 2027-01-01}\n"
        late = text.replace("id: R1", "id: R1, effective: {from: 2027-01-01}")
        last = text.replace("id: R1", "id: R1, effective: {from: 2026-12-31}")

        assert "W_OUT_OF_TIME" in [code for code, _ in told(late)]
        assert "W_OUT_OF_TIME" not in [code for code, _ in told(last)]

    def test_a_rule_is_over_on_the_day_on_which_it_no_longer_holds(self) -> None:
        text = HEAD + params("always: 500").replace("id: R1", "id: R1, effective: {to: 2026-06-01}")
        (ruleset,) = loads(text).sets.values()

        assert not list(over_on(ruleset.tree, date(2026, 5, 31)))
        (found,) = over_on(ruleset.tree, date(2026, 6, 1))
        assert (found.code, found.message) == (
            "W_OVER",
            "rule `R1` ended on 2026-06-01; it decides orders of earlier days only",
        )


class TestTotals:
    @pytest.mark.parametrize(
        ("total", "never"),
        [
            ("sum", []),
            ("max", ["from 60 points"]),
            ("min", ["from 60 points"]),
        ],
    )
    def test_a_band_that_the_points_never_reach_is_told(self, total: str, never: list[str]) -> None:
        (ruleset,) = loads(f"{SCORE}total: {total}\n").sets.values()
        found = [item.message for item in findings(ruleset.tree) if item.code == "W_BAND"]

        assert [message.split("(")[1].split(")")[0] for message in found] == never

    def test_points_of_otherwise_are_reached_without_a_true_rule_only(self) -> None:
        text = SCORE.replace("points: 0", "points: 70") + "total: min\n"
        (ruleset,) = loads(text).sets.values()

        assert "W_BAND" in [item.code for item in findings(ruleset.tree)]
        assert "below 10" in " ".join(item.message for item in findings(ruleset.tree))
        assert "from 60" not in " ".join(item.message for item in findings(ruleset.tree))


class TestRepeats:
    def test_two_collected_rules_with_the_same_conditions_are_told(self) -> None:
        text = """\
rules:
  - {id: R1, when: {order.receivable: {at_least: 500}, order.pieces: 3}, then: {outcome: hold}}
  - {id: R2, when: {order.pieces: 3, order.receivable: {at_least: 500.0}}, then: {outcome: hold}}
"""
        other = text.replace("500.0}", "500.1}")

        assert ("W_SAME_CONDITION", "rule `R2` has the very conditions of `R1` on line 6") in told(
            text
        )
        assert "W_SAME_CONDITION" not in [code for code, _ in told(other)]
        shops = text.replace("id: R2,", "id: R2, scope: {channels: [tmall]},")
        assert "W_SAME_CONDITION" not in [code for code, _ in told(shops)]


class TestPersons:
    def test_each_entry_of_a_list_of_persons_says_why_and_by_whom(self) -> None:
        text = "lists:\n  blocked: {value: [b1, {value: b2, reason: {zh: 拒付, en: chargeback}}]}\n"

        assert told(text + BUYERS) == [
            (
                "E_PERSON",
                "list `blocked` holds persons (buyer id), and 2 entries say not why and by whom",
            )
        ]

    def test_an_entry_that_says_both_is_in_order(self) -> None:
        entry = "{value: b1, reason: {zh: 拒付, en: chargeback}, added_by: Li}"
        assert told(f"lists:\n  blocked: {{value: [{entry}]}}\n{BUYERS}") == []

    def test_a_list_of_regions_needs_neither(self) -> None:
        assert told('lists:\n  far: {value: ["54"]}\n' + REGIONS) == []


class TestTests:
    TESTS = """\
tests:
  - {name: x, given: {order.receivable: 500}, expect: {outcome: hold, fired: [R1]}}
"""

    @staticmethod
    def shown(text: str) -> list[Problem]:
        (ruleset,) = loads(HEAD + text).sets.values()
        return list(of_tests(ruleset.tree, ruleset.test()))

    def test_a_set_without_tests_is_told_once(self) -> None:
        assert [item.code for item in self.shown(params("always: 500"))] == ["E_NO_TESTS"]

    def test_a_rule_that_no_test_fires_is_an_error_and_a_limit_without_a_test_a_note(self) -> None:
        text = params("always: 500") + self.TESTS.replace("500", "400").replace(
            "hold, fired: [R1]", "approve, fired: []"
        )
        found = self.shown(text)

        assert [(item.code, item.severity) for item in found] == [
            ("E_NEVER_FIRED", "error"),
            ("N_LIMIT", "note"),
            ("N_LIMIT", "note"),
        ]
        assert "499.99" in found[2].message and found[2].place is not None
        assert found[2].place.line == 8

    def test_a_test_that_differs_is_told_at_its_place(self) -> None:
        differing = [
            item
            for item in self.shown(params("always: 501") + self.TESTS)
            if item.code == "E_TEST_FAILED"
        ]

        assert {item.place and item.place.line for item in differing} == {10}
        assert any(
            "`outcome` should be `hold` and is `approve`" in item.message for item in differing
        )

    @pytest.mark.parametrize(("value", "left"), [("499.99", 0), ("499.9", 1), ("1", 1)])
    def test_only_the_direct_neighbour_of_a_limit_tests_its_other_side(
        self, value: str, left: int
    ) -> None:
        beside = self.TESTS.splitlines()[1].replace("500", value).replace("hold", "approve")
        beside = beside.replace("[R1]", "[]")
        text = params("always: 500") + self.TESTS + beside + "\n"

        assert [item.code for item in self.shown(text)] == ["N_LIMIT"] * left
