"""The parts of a rule file around its conditions, and what is refused in them."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from ordinance.rules.kinds import Kind, Words
from ordinance.rules.point import Hit
from ordinance.rules.reading import read_file
from ordinance.rules.tree import (
    Dated,
    DatedEntries,
    Effective,
    ListEntry,
    ParamRef,
)
from tests.rules.reading.files import FIRST, one_set, read, told, with_when
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


def param(text: str, when: str = "{order.paid: {above: $x}}") -> str:
    return with_when(when, f"params: {{x: {text}}}\n")


def listed(text: str, when: str = "{order.channel: $x}") -> str:
    return with_when(when, f"lists: {{x: {text}}}\n")


@pytest.mark.parametrize(
    ("name", "hit", "ids"),
    [
        ("risk", Hit.SCORE, ["R1", "R2", "R3"]),
        ("remedy", Hit.UNIQUE, ["T1", "T2", "T3", "T4", "T5", "T6"]),
        ("source", Hit.RANK, ["X1", "X2"]),
        ("gift", Hit.COLLECT, ["G1", "G2"]),
    ],
)
def test_the_examples_of_the_language_are_read(name: str, hit: Hit, ids: list[str]) -> None:
    reading = read_file(EXAMPLES / f"{name}.yaml", POINTS)

    (rules,) = reading.sets
    assert (rules.hit, [rule.id for rule in rules.rules]) == (hit, ids)
    assert reading.warnings == ()


class TestParams:
    def test_the_uses_give_the_type_and_values_are_dated_in_order(self) -> None:
        found = (one_set(param("{values: {2026-11-01: 5, always: 3}}")).params or {})["x"]

        assert found.kind is Kind.MONEY
        assert found.values == (
            Dated(None, Decimal(3)),
            Dated(date(2026, 11, 1), Decimal(5)),
        )

    def test_a_unit_may_be_written_in_chinese(self) -> None:
        found = (one_set(param("{unit: 克, value: 5}", "{order.weight_g: $x}")).params or {})["x"]

        assert (found.kind, found.unit) == (Kind.INTEGER, "g")

    def test_an_outcome_may_take_its_value_from_a_parameter(self) -> None:
        text = SCORE.replace("points: 40", "points: $x") + "params: {x: {value: 40}}\n"

        assert one_set(text).rules[0].then["points"] == ParamRef("x")

    def test_a_set_holds_the_parameters_that_it_uses(self) -> None:
        reading = read_file(EXAMPLES / "everything.yaml", POINTS)

        assert [list(rules.params or {}) for rules in reading.sets] == [
            ["large_order", "weight_limit"],
            ["days"],
            [],
            [],
        ]

    def test_an_unused_one_is_warned_about_and_still_checked(self) -> None:
        unused = "params: {y: {value: 5}}\n"

        reading = read(with_when("{order.paid: 1}", unused))

        assert [warning.code for warning in reading.warnings] == ["W_UNUSED"]
        assert reading.sets[0].params == {}
        assert "E_UNKNOWN_KEY" in told(with_when("{order.paid: 1}", unused.replace("5", "5, z: 1")))

    @pytest.mark.parametrize(
        ("text", "told_so"),
        [
            ("{value: five}", "E_NUMBER: `five` is not an amount of money"),
            ("{value: -5}", "E_MONEY: `-5.00` is out of the range of `x`"),
            ("{}", "E_REQUIRED: parameter `x` has no `values`"),
            ("5", "E_TYPE: parameter `x` is a single value, not a map"),
            (
                "{value: 5, values: {always: 6}}",
                "E_DUP_KEY: parameter `x` has `value` and `values`",
            ),
            ("{values: {2026-13-01: 5}}", "E_TYPE: `2026-13-01` is not in the calendar"),
            ("{values: {always: 5, 一直: 6}}", "E_DUP_KEY: two values of parameter `x` begin on"),
            ("{values: {always: 3,000}}", "E_NUMBER: `3,000` has a comma in a number"),
            ("{values: {always: 3, 5}}", "`5` stands after a comma, which ended the value"),
            ("{values: {}}", "E_EMPTY: the values of parameter `x`"),
            ("{unit: yuan, value: 5}", "help: write `CNY`"),
            ("{merchant_may_set: {at_least: 9, at_most: 8}, value: 8}", "`at_least` is above"),
            (
                "{merchant_may_set: {at_least: 6, at_most: 8}, value: 5}",
                "E_MONEY: `5.00` is out of the range of `x` by `merchant_may_set`",
            ),
            ("{merchant_may_set: {at_most: 4}, value: 5}", "E_RANGE: `5.00` is out of the range"),
            ("{merchant_may_set: {below: 8}, value: 5}", "unknown key `below`"),
            ("{value: 5, locked: maybe}", "E_TYPE: `locked: maybe` is not yes or no"),
        ],
    )
    def test_a_wrong_one_is_told_with_a_way_out(self, text: str, told_so: str) -> None:
        assert told_so in told(param(text))

    def test_all_uses_must_agree(self) -> None:
        text = param("{value: 5}", "{order.paid: {above: $x}, order.weight_g: {above: $x}}")

        assert "`$x` stands for a whole number in g here, but on line 4 for an amount" in told(text)

    def test_a_unit_must_be_that_of_the_fact(self) -> None:
        text = param("{unit: kg, value: 5}", "{order.weight_g: {above: $x}}")

        assert "help: write `unit: g` and give the values in it" in told(text)

    @pytest.mark.parametrize("name", ["1x", "a.b", "a-b", "ａ", "true x"])
    def test_a_name_is_one_word(self, name: str) -> None:
        assert "cannot be a name" in told(
            with_when("{order.paid: 1}", f"params: {{{name}: {{value: 1}}}}\n")
        )


class TestLists:
    def test_entries_may_end_and_say_why_they_are_there(self) -> None:
        entry = "{value: web, until: 2026-12-31, reason: {zh: 因, en: why}, added_by: Li}"
        found = (one_set(listed(f"{{values: {{2026-01-01: [app, {entry}]}}}}")).lists or {})["x"]

        assert found.values == (
            DatedEntries(
                date(2026, 1, 1),
                (
                    ListEntry("app"),
                    ListEntry("web", date(2026, 12, 31), Words("因", "why"), "Li"),
                ),
            ),
        )

    def test_the_uses_give_the_type_of_the_entries(self) -> None:
        assert "E_UNKNOWN_KEY: `web` is not one of the allowed words" in told(
            listed("{values: [web]}", "{order.type: $x}")
        )

    def test_an_empty_or_repeated_list_is_warned_about(self) -> None:
        reading = read(listed("{values: {always: [a, a], 2026-01-01: []}}"))

        assert sorted(warning.code for warning in reading.warnings) == [
            "W_EMPTY_LIST",
            "W_REPEATED",
        ]

    @pytest.mark.parametrize(
        ("text", "told_so"),
        [
            ("[a]", "E_TYPE: list `x` is a list, not a map"),
            ("{values: a}", "E_TYPE: the values of list `x` are a single value"),
            ("{values: {always: a}}", "E_TYPE: list `x` is a single value"),
            ("{values: [{until: 2026-01-01}]}", "E_REQUIRED: an entry of `x` has no `value`"),
            ("{values: [{value: a, until: soon}]}", "E_TYPE: `soon` is not a date"),
            ("{values: [[a]]}", "E_TYPE: `x` is a list"),
        ],
    )
    def test_a_wrong_one_is_told_with_a_way_out(self, text: str, told_so: str) -> None:
        assert told_so in told(listed(text))


class TestRules:
    def test_what_is_said_about_a_rule(self) -> None:
        rule = one_set(
            with_when(
                "{order.paid: 1}, scope: {channels: [web]}, group: g, locked: true, owner: Li, "
                "effective: {from: 2026-01-01, to: 2026-02-01, daily: {from: 22:00, to: 06:00}}, "
                "title: {zh: 标题}, source: law"
            )
        ).rules[0]

        assert rule.scope == {"channels": ("web",)}
        assert rule.effective == Effective(date(2026, 1, 1), date(2026, 2, 1), (time(22), time(6)))
        assert (rule.group, rule.locked, rule.owner) == ("g", True, "Li")
        assert (rule.title, rule.source) == (Words("标题", "标题"), Words("law", "law"))

    def test_placeholders_are_kept_in_their_english_spelling(self) -> None:
        rule = one_set(
            with_when('{order.paid: $x}, because: {zh: "{订单.已付}", en: "{{{x}}}"}')
            + "params: {x: {value: 1}}\n"
        ).rules[0]

        assert rule.because == Words("{order.paid}", "{{{x}}}")

    @pytest.mark.parametrize(
        ("rest", "told_so"),
        [
            (', because: "{order.pade}"', "help: did you mean `order.paid`?"),
            (', because: "50 }"', "help: write `{{` and `}}` for braces"),
            (', because: {fr: "x"}', "E_UNKNOWN_KEY: unknown key `fr` in `because`"),
            (", because: {zh: 大额, 新客}", "help: a comma ends a value inside `{...}`"),
            (", because: {}", "E_EMPTY: `because` is empty"),
            (", scope: {shop: a}", "unknown key `shop` in `scope`"),
            (", scope: {channels: []}", "E_EMPTY: `channels` is empty"),
            (", effective: {from: 2026-02-01, to: 2026-01-01}", "E_RANGE: `from` is not before"),
            (", effective: {daily: {from: 22:00}}", "E_REQUIRED: `daily` has no `to`"),
            (", effective: {daily: {from: 22:00, to: 22:00}}", "begins and ends at the same time"),
            (", thn: {}", "help: did you mean `then`?"),
        ],
    )
    def test_a_wrong_part_is_told_with_a_way_out(self, rest: str, told_so: str) -> None:
        assert told_so in told(with_when("{order.paid: 1}" + rest))

    @pytest.mark.parametrize(
        ("id", "told_so"),
        [
            ("R1", "the id `R1` is already on line 4"),
            ("a b", "cannot be an id"),
            ("Ｒ1", "cannot be"),
        ],
    )
    def test_an_id_names_one_rule(self, id: str, told_so: str) -> None:
        second = f"  - {{id: {id}, when: always, then: {{outcome: hold}}}}\nwhen_unknown:"

        assert told_so in told(with_when("{order.paid: 1}").replace("when_unknown:", second))


class TestOutcomes:
    def test_values_are_typed_by_their_field(self) -> None:
        rules = one_set(TABLE)

        assert rules.rules[0].then == {
            "gift": ({"sku": "TIN", "cap": 2},),
            "delay": timedelta(days=7),
        }

    @pytest.mark.parametrize(
        ("then", "told_so"),
        [
            ("{outcome: holds}", "help: did you mean `hold`?"),
            ("{outcom: hold}", "help: did you mean `outcome`?"),
            ("{outcome: [hold]}", "E_TYPE: `outcome` is a list"),
            ("{outcome: $order.type}", "is a fact, and a written value is wanted"),
            ("{outcome: hold, 结论: hold}", "E_DUP_KEY: `结论` says the same as `outcome`"),
            ("{outcome: hold, points: 1}", "points belong to the rules and the `otherwise`"),
            ("{hold: phone_confirmation}", "E_REQUIRED: rule `R1` does not set `outcome` (结论)"),
            ("{outcome: hold, hold: []}", "E_EMPTY: `hold` is an empty list"),
            ("{}", "E_EMPTY: `then` of rule `R1` sets nothing"),
            ("hold", "E_TYPE: `then` of rule `R1` is a single value, not a map"),
        ],
    )
    def test_a_wrong_one_is_told_with_a_way_out(self, then: str, told_so: str) -> None:
        text = with_when("{order.paid: 1}").replace("{outcome: hold}", then)

        assert told_so in told(text)

    @pytest.mark.parametrize(
        ("gift", "told_so"),
        [
            ("{per: 5}", "E_REQUIRED: `gift` has no `sku` (编码)"),
            ("{sku: a, cap: 0}", "E_RANGE: `0` is out of the range of `gift.cap`"),
            ("{sku: a, caps: 1}", "help: did you mean `cap`?"),
            ("a", "help: write `{sku: , per: , cap: , per_order: }`"),
        ],
    )
    def test_arguments_are_checked_like_fields(self, gift: str, told_so: str) -> None:
        text = TABLE.replace("{box: plain}", f"{{gift: {gift}}}")

        assert told_so in told(text)


class TestDecisions:
    @pytest.mark.parametrize("key", ["decision", "hit", "rules", "when_unknown", "otherwise"])
    def test_what_must_be_there(self, key: str) -> None:
        lines = with_when("{order.paid: 1}").splitlines(keepends=True)
        text = "".join(line for line in lines if not line.startswith((f"{key}:", "  -")))

        assert f"E_REQUIRED: the decision has no `{key}`" in told(text)

    @pytest.mark.parametrize(
        ("old", "new", "told_so"),
        [
            ("review.risk", "review.rsk", "help: did you mean `review.risk`?"),
            ("hit: first", "hit: frist", "help: did you mean `first`?"),
            ("hit: first", "hit: rank", "E_HIT: `rank` does not suit `review.risk`"),
            ("hit: first", "hit: first\nbands: []", "it belongs to `hit: score`"),
            ("hit: first", "hit: first\nas_of: order.paid", "`order.paid` cannot be `as_of`"),
            ("hit: first", "hit: first\nmost_specific: order.paid", "cannot be `most_specific`"),
            ("hit: first", "hit: first\ntotal: sum", "it belongs to `hit: score`"),
            ("{outcome: approve}", "{hold: stock_check}", "`otherwise` does not set `outcome`"),
            ("{outcome: manual_review}", "error", "`when_unknown` is a single value"),
            ("{outcome: approve}", "eror", "`otherwise` is a single value, not a map"),
        ],
    )
    def test_a_wrong_one_is_told_with_a_way_out(self, old: str, new: str, told_so: str) -> None:
        assert told_so in told(with_when("{order.paid: 1}").replace(old, new))

    def test_otherwise_may_be_an_error(self) -> None:
        text = with_when("{order.paid: 1}").replace("{outcome: approve}", "error")

        assert one_set(text).otherwise is None

    def test_one_file_answers_a_decision_once(self) -> None:
        one = "".join(
            f"{'  - ' if n == 0 else '    '}{line}"
            for n, line in enumerate(with_when("{order.paid: 1}").splitlines(keepends=True))
        )

        assert told("decisions:\n" + one) == ""
        assert "E_DUP_KEY: `review.risk` is already answered on line 2" in told(
            "decisions:\n" + one + one
        )

    def test_a_file_with_decisions_holds_only_what_they_share(self) -> None:
        assert "unknown key `hit` in a file with `decisions`" in told("decisions: []\nhit: first\n")

    def test_problems_of_all_decisions_come_together_in_file_order(self) -> None:
        text = with_when("{order.pade: 1}").replace("hold}", "holds}").replace("first", "frist")

        assert [line[:12] for line in told(text).splitlines() if line.startswith("r")] == [
            "r.yaml:2:6: ",
            "r.yaml:4:21:",
            "r.yaml:4:53:",
        ]


def test_the_file_stands_in_every_place() -> None:
    assert one_set(with_when("{order.paid: 1}")).place.file == "r.yaml"
    assert FIRST.startswith("decision")
