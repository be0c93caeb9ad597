"""Tables, scores, ranks and the tests of a rule file, and what is refused in them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ordinance.rules.reading import read_rules
from ordinance.rules.tree import (
    AllOf,
    Given,
)
from tests.rules.reading.files import one_set, told, with_when
from tests.rules.sample_point import POINTS

EXAMPLES = Path(__file__).parent / "examples"

SCORE = """\
decision: review.risk
hit: score
rules:
  - {id: R1, when: {order.gift: true}, then: {points: 40}}
bands:
  - {below: 30, outcome: approve}
  - {at_least: 30, outcome: hold}
when_unknown: {outcome: manual_review}
otherwise: {points: 0}
"""

TABLE = """\
decision: packing.gift
hit: first
table:
  columns: [order.goods_amount, receiver.region, gift.sku, gift.cap, delay]
  rows:
    - {id: T1, if: [{above: 5}, "33"], then: [TIN, 2, 7 d]}
    - {id: T2, if: [any, any], then: [TIN, unset, unset], because: {zh: 就, en: so}}
when_unknown: {box: plain}
otherwise: error
"""


class TestTables:
    def test_a_row_is_the_rule_that_could_be_written_alone(self) -> None:
        alone = TABLE[: TABLE.index("table:")] + (
            "rules:\n"
            '  - {id: T1, when: {order.goods_amount: {above: 5}, receiver.region: "33"},\n'
            "     then: {gift: {sku: TIN, cap: 2}, delay: 168 h}}\n"
            "  - {id: T2, when: always, then: {gift: [{sku: TIN}]}, because: {zh: 就, en: so}}\n"
        )
        alone += TABLE[TABLE.index("when_unknown") :]

        assert one_set(alone).hash == one_set(TABLE).hash
        assert one_set(TABLE).rules[1].when == AllOf(())

    @pytest.mark.parametrize(
        ("old", "new", "told_so"),
        [
            ("order.goods_amount", "order.good_amount", "help: did you mean `order.goods_amount`?"),
            ("gift.sku", "gift.skuu", "help: did you mean `sku`?"),
            ("receiver.region", "order.goods_amount", "is there twice"),
            ("delay]", "delay, order.weight_g]", "stands after an outcome column"),
            (', "33"]', "]", "has 1 cells for 2 columns"),
            ("2, 7 d", "2", "has 2 cells for 3 columns"),
            ('"33"', "", "has 1 cells for 2 columns"),
            ("{above: 5}", "{above: x}", "E_NUMBER"),
            (", gift.sku, gift.cap, delay", "", "the table has no outcome column"),
            ("rows:", "row:", "help: did you mean `rows`?"),
            ("table:", "rules: [x]\ntable:", "E_CONFLICT: `rules` and `table` stand side by side"),
        ],
    )
    def test_a_wrong_one_is_told_with_a_way_out(self, old: str, new: str, told_so: str) -> None:
        assert told_so in told(TABLE.replace(old, new))


class TestScores:
    @pytest.mark.parametrize(
        ("old", "new", "told_so"),
        [
            ("at_least: 30", "at_least: 31", "E_GAP: no band for 30 points"),
            ("at_least: 30", "at_least: 35", "E_GAP: no band for 30 to 34 points"),
            ("at_least: 30", "at_least: 29", "E_OVERLAP: this band and the one on line 6 hold"),
            ("{at_least: 30, ", "{", "E_OVERLAP"),
            ("at_least: 30", "at_least: 30, below: 30", "E_RANGE: `at_least` is not less than"),
            ("at_least: 30", "at_least: 30, below: 40", "E_GAP: no band for 40 points"),
            ("{below: 30", "{at_least: 1, below: 30", "E_GAP: no band for 0 points"),
            ("points: 40", "points: 4.5", "E_NUMBER: `4.5` is not a whole number"),
            ("{points: 40}", "{hold: stock_check}", "E_REQUIRED: rule `R1` gives no points"),
            (
                "{below: 30, outcome: approve}",
                "{below: 30, hold: stock_check}",
                "the band does not",
            ),
        ],
    )
    def test_bands_have_no_gap_and_no_overlap(self, old: str, new: str, told_so: str) -> None:
        assert told_so in told(SCORE.replace(old, new))

    def test_a_required_field_may_come_from_otherwise(self) -> None:
        text = SCORE.replace("outcome: approve", "hold: stock_check")

        assert told(text.replace("{points: 0}", "{points: 0, outcome: approve}")) == ""

    def test_bands_may_stand_in_any_order(self) -> None:
        lines = SCORE.splitlines(keepends=True)
        lines[5], lines[6] = lines[6], lines[5]

        assert one_set("".join(lines)).hash == one_set(SCORE).hash


class TestRanks:
    def text(self) -> str:
        return (EXAMPLES / "source.yaml").read_text("utf-8")

    def test_a_preference_may_keep_near_candidates_tied(self) -> None:
        prefer = one_set(self.text()).prefer

        assert [(item.fact, item.direction, item.within) for item in prefer] == [
            ("candidate.lines_filled", "most", None),
            ("candidate.distance_km", "least", Given(Decimal(30))),
            ("candidate.cost", "least", None),
        ]

    def test_the_weight_of_what_should_be_least_counts_against(self) -> None:
        weights = one_set((EXAMPLES / "weights.yaml").read_text("utf-8")).weights

        assert [weight.weight for weight in weights] == [Decimal("2.5"), Decimal(-1)]

    @pytest.mark.parametrize(
        ("old", "new", "told_so"),
        [
            ("tie_break: [candidate.priority, candidate.code]\n", "", "has no `tie_break`"),
            (", candidate.code]", "]", "E_TIE: two candidates with the same `candidate.priority`"),
            ("tie_break: [candidate.priority", "tie_break: [order.channel", "the same for every"),
            ("most: candidate.lines_filled", "most: candidate.code", "which has no more and less"),
            ("most: candidate.lines_filled", "most: candidate.line_filled", "did you mean"),
            ("most: candidate.lines_filled", "when: always", "neither `most` nor `least`"),
            ("within: 30", "within: near", "E_NUMBER: `near` is not a number"),
            ("within: 30", "within: -1", "E_RANGE: `within` is below zero"),
            ("within: 30", "when: {candidate.cost: 1}", "asks about the order, not about one"),
            (
                "prefer:",
                "weights: [{id: W, most: candidate.cost, weight: 0}]\nprefer:",
                "E_CONFLICT",
            ),
            ("prefer:", "bands: []\nprefer:", "`bands` has no meaning with `hit: rank`"),
            ("prefer:", "rules: []\nprefer:", "`rules` has no meaning with `hit: rank`"),
            ("must: true", "then: {outcome: assigned}", "unknown key `then`"),
        ],
    )
    def test_a_wrong_one_is_told_with_a_way_out(self, old: str, new: str, told_so: str) -> None:
        assert told_so in told(self.text().replace(old, new))

    @pytest.mark.parametrize(
        ("weight", "told_so"),
        [("0", "E_RANGE: a weight of 0 changes nothing"), ("-1", "E_RANGE: `-1` is out of the")],
    )
    def test_a_weight_is_above_zero(self, weight: str, told_so: str) -> None:
        text = (EXAMPLES / "weights.yaml").read_text("utf-8")

        assert told_so in told(text.replace("weight: 1}", f"weight: {weight}}}"))


class TestCases:
    GOOD = (
        "tests: [{name: a, given: {order.paid: 1, order.tags: [x], order.paid_at: 2026-11-05, "
        "lines: [{line.quantity: 2}]}, at: '2026-11-06 08:00', "
        "expect: {outcome: hold, fired: [R1]}}]\n"
    )

    def test_given_facts_are_typed_and_lie_in_the_zone_of_the_shop(self) -> None:
        zone = ZoneInfo("Asia/Shanghai")
        reading = read_rules(
            with_when("{order.paid: 1}", self.GOOD), file="r.yaml", points=POINTS, zone=zone
        )

        (case,) = reading.sets[0].tests
        assert case.given == {
            "order.paid": Decimal(1),
            "order.tags": frozenset({"x"}),
            "order.paid_at": datetime(2026, 11, 4, 16, tzinfo=UTC),
            "lines": ({"line.quantity": 2},),
        }
        assert case.at == "2026-11-06T08:00:00+08:00"
        assert (case.expect, case.fired, case.points) == ({"outcome": "hold"}, ("R1",), None)

    @pytest.mark.parametrize(
        ("old", "new", "told_so"),
        [
            ("order.paid: 1", "order.paid: one", "E_NUMBER"),
            ("order.paid: 1", "order.pait: 1", "did you mean `order.paid`?"),
            ("order.paid: 1", "order.paid: -1", "E_MONEY"),
            ("fired: [R1]", "fired: [R2]", "E_REF: there is no rule `R2`"),
            ("fired: [R1]", "fired: R1", "E_TYPE: `fired` is a single value, not a list"),
            ("outcome: hold", "outcome: held", "did you mean `hold`?"),
            ("line.quantity: 2", "order.gift: true", "`order.gift` is given in the wrong place"),
            ("lines: [{line.quantity: 2}]", "line.quantity: 2", "help: give it under `lines:`"),
            ("name: a, ", "", "E_REQUIRED: a test has no `name`"),
            ("{outcome: hold, fired: [R1]}", "{}", "E_EMPTY: `expect` must say"),
            ("at: '2026-11-06 08:00'", "at: noon", "E_TYPE: `noon` is not a moment"),
        ],
    )
    def test_a_wrong_one_is_told_with_a_way_out(self, old: str, new: str, told_so: str) -> None:
        assert told_so in told(with_when("{order.paid: 1}", self.GOOD.replace(old, new)))
