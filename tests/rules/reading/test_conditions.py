"""Conditions: what each way of writing one means, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest

from ordinance.rules.tree import (
    AllOf,
    AnyOf,
    Comparator,
    Condition,
    FactRef,
    Given,
    LineTest,
    ListRef,
    NotOf,
    Operand,
    ParamRef,
    SomeOf,
    Test,
)
from tests.rules.reading.files import condition, one_set, read, told, with_when

EXAMPLES = Path(__file__).parent / "examples"
PARAM = "params: {x: {value: 5}}\n"
LIST = "lists: {x: {values: [a]}}\n"


def test(when: str, extra: str = "") -> tuple[str, Comparator, tuple[Operand, ...]]:
    found = cast(Test, condition(when, extra))
    return (found.fact, found.comparator, found.operands)


test.__test__ = False  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("order.receivable: 19.90", Decimal("19.90")),
        ("order.weight_g: 500", 500),
        ("buyer.refunded_share: 20%", Decimal("0.2")),
        ("order.channel: NO", "NO"),
        ("order.channel: 0123", "0123"),
        ("order.channel: 22:30", "22:30"),
        ("order.channel: true", "true"),
        ("order.channel: $$x", "$x"),
        ("order.type: 预售", "presale"),
        ("order.gift: no", False),
        ("order.due: 2026-11-05", date(2026, 11, 5)),
        ("order.local_time: 22:30", time(22, 30)),
        ("order.waits: 30分钟", timedelta(minutes=30)),
        ("receiver.region: 330106", "330106"),
        ("order.paid_at: 2026-11-05 08:00Z", datetime(2026, 11, 5, 8, tzinfo=UTC)),
    ],
)
def test_the_fact_says_what_a_scalar_means(written: str, value: object) -> None:
    _, comparator, operands = test(f"{{{written}}}")

    assert (comparator, operands) == (Comparator.IS, (Given(value),))  # type: ignore[arg-type]


def test_a_list_means_one_of() -> None:
    assert test("{order.channel: [web, app]}") == (
        "order.channel",
        Comparator.ONE_OF,
        (Given("web"), Given("app")),
    )


def test_a_value_of_tags_means_that_they_contain_it() -> None:
    assert test("{order.tags: vip}")[1:] == (Comparator.CONTAINS, (Given("vip"),))
    assert test("{order.tags: [vip, new]}")[1:] == (
        Comparator.CONTAINS_ANY,
        (Given("vip"), Given("new")),
    )


def test_a_dollar_names_a_parameter_a_list_or_another_fact() -> None:
    assert test("{order.paid: {above: $x}}", PARAM)[2] == (ParamRef("x"),)
    assert test("{order.channel: $x}", LIST)[1:] == (Comparator.ONE_OF, (ListRef("x"),))
    assert test("{order.tags: $x}", LIST)[1:] == (Comparator.CONTAINS_ANY, (ListRef("x"),))
    assert test("{order.paid: {below: $订单.应收}}")[2] == (FactRef("order.receivable"),)


def test_a_map_means_and_and_a_single_entry_stands_for_itself() -> None:
    both = condition("{order.paid: {above: 1, below: 5}, order.gift: true}")

    assert isinstance(both, AllOf)
    assert [cast(Test, item).comparator for item in both.items] == ["above", "below", "is"]
    assert isinstance(condition("{order.paid: {above: 1}}"), Test)


def test_always_is_the_empty_conjunction() -> None:
    assert condition("always") == condition("一直") == AllOf(())


def test_words_nest() -> None:
    found = condition(
        "{any: [{order.gift: true}, {not: {order.paid: 1}}, "
        "{some: {at_least: 1, of: [{order.gift: false}]}}, {all: [{order.paid: 2}]}]}"
    )

    assert isinstance(found, AnyOf)
    assert [type(item) for item in found.items] == [Test, NotOf, SomeOf, AllOf]


def test_lines_are_quantified() -> None:
    found: list[Condition] = list(
        cast(
            AllOf,
            condition(
                "{any_line: {line.cold_chain: true}, all_lines: {line.cold_chain: false}, "
                "count_lines: {where: {line.category: tea}, above: 1, at_most: $x}}",
                PARAM,
            ),
        ).items
    )

    quantified = [cast(LineTest, item) for item in found[:2]]
    counted = [cast(LineTest, item) for item in cast(AllOf, found[2]).items]
    assert [item.quantifier for item in quantified] == ["any", "all"]
    assert [(item.comparator, item.operands) for item in counted] == [
        ("above", (Given(1),)),
        ("at_most", (ParamRef("x"),)),
    ]


def test_a_decision_about_one_line_asks_it_directly() -> None:
    text = (EXAMPLES / "remedy.yaml").read_text("utf-8")

    assert one_set(text).rules[2].when
    assert "`any_line` has no lines here: `aftersale.remedy` is about one line" in told(
        text.replace(
            "table:", "rules: [{id: A, when: {any_line: {line.returnable: true}}}]\ntable:"
        ).replace("table:\n", "x:\n")
    )


def test_a_test_knows_its_place() -> None:
    place = cast(Test, condition("{order.paid: 1}")).place

    assert str(place) == "r.yaml:4:21"


def test_a_time_of_day_may_run_over_midnight() -> None:
    assert test("{order.local_time: {between: {from: '22:00', to: '06:00'}}}")[2] == (
        Given(time(22)),
        Given(time(6)),
    )


@pytest.mark.parametrize(
    ("when", "told_so"),
    [
        ("{order.pade: 1}", "error E_UNKNOWN_FACT: `review.risk` has no fact `order.pade`"),
        ("{order.pade: 1}", "help: did you mean `order.paid`?"),
        ("{订单.以付: 1}", "help: did you mean `订单.已付`?"),
        ("{receivable: 1}", "help: did you mean `order.receivable`?"),
        ("{case.reason: 1}", "help: `case.reason` is a fact of `aftersale.remedy`, not of"),
        (
            "{at_least: 5}",
            "error E_UNKNOWN_FACT: `at_least` compares, but no fact stands before it",
        ),
        ("{order.paid: {atleast: 1}}", "help: did you mean `at_least`?"),
        (
            "{order.paid: {contains: 1}}",
            "E_OPERATOR: `contains` does not fit `order.paid`, which is",
        ),
        ("{order.gift: [true]}", "E_OPERATOR: `order.gift` is yes or no; a list does not fit"),
        ("{order.type: presell}", "help: did you mean `presale`?"),
        ("{order.paid: [1, two]}", "E_NUMBER: `two` is not an amount of money"),
        ("{order.paid: {is: [1]}}", "help: use `one_of` for a list"),
        ("{order.paid: {one_of: 1}}", "help: write `[1]`"),
        ("{order.paid: {one_of: []}}", "E_EMPTY: the list of `one_of` is empty"),
        ("{order.paid: {}}", "E_EMPTY: `order.paid` has no comparison"),
        ("{order.paid: }", "E_EMPTY: `order.paid` has no value"),
        ("{order.message: ~}", "E_EMPTY: `~` stands for no value in YAML"),
        ("{}", "E_EMPTY: the condition is empty"),
        ("[]", "E_TYPE: a condition is a map, not a list"),
        ("{any: {order.paid: 1}}", "E_TYPE: `any` is a map of `key: value`, not a list"),
        ("{not: [{order.paid: 1}]}", "E_TYPE: a condition is a map, not a list"),
        ("{some: {at_least: 3, of: [{order.paid: 1}]}}", "E_RANGE: `3` is out of the range"),
        (
            "{any_line: {any_line: {line.quantity: 1}}}",
            "stands inside another condition over lines",
        ),
        (
            "{line.quantity: 1}",
            "`line.quantity` belongs to one line, and this asks about the whole",
        ),
        ("{line.quantity: 1}", "help: write `any_line: {line.quantity: ...}`, or use"),
        ("{order.weight_g: {above: $line.quantity}}", "`line.quantity` is a whole number"),
        ("{count_lines: {where: {line.quantity: 1}}}", "`count_lines` has no comparison"),
        ("{order.paid: {between: [1, 2]}}", "help: write `between: {from: 1, to: 2}`"),
        ("{order.paid: {between: {from: 2, to: 1}}}", "E_RANGE: `from` is above `to`"),
        ("{order.paid: {between: {from: 2, to: 2}}}", "E_RANGE: `from` and `to` are equal"),
        ("{order.paid: {between: {from: 2}}}", "E_REQUIRED: `between` has no `to`"),
        ("{order.paid: {at_least: 5, below: 3}}", "help: swap the two values"),
        ("{order.paid: {above: 5, at_most: 5}}", "is both `above` and `at_most` these"),
        (
            "{order.local_time: {at_least: '22:00', below: '06:00'}}",
            "help: use `between: {from: , to: }`, which may cross midnight",
        ),
        (
            "{buyer.refunded_share: {above: 2}}",
            "at least 0% and at most 100%; 2 percent is written `2%`",
        ),
        ("{order.paid: {above: $order.paid}}", "E_REF: `order.paid` is compared with itself"),
        ("{order.paid: {above: $order.weight_g}}", "help: compare facts of the same type and unit"),
        ("{order.paid: {one_of: [$order.receivable]}}", "is a fact, and a written value is wanted"),
        ("{order.paid: {above: $nobody}}", "E_REF: `$nobody` is neither a parameter, nor a list"),
        ("{order.paid_at: {above: 2026-11-05}}", "help: add the zone, like"),
        ("{order.paid: 1, 订单.已付: 2}", "E_DUP_KEY: `订单.已付` says the same as `order.paid`"),
        ("{order.paid: {is: 1, 等于: 2}}", "E_DUP_KEY: `等于` says the same as `is` on line 4"),
        ("{order.message: {matches: '['}}", "E_REGEX: the pattern cannot be read: missing ]"),
        ("{order.message: {matches: '(?<!a)b'}}", "help: look-ahead and look-behind are refused"),
        ("{order.message: {contains: ''}}", "E_EMPTY: `order.message` has no value"),
    ],
)
def test_a_wrong_condition_is_told_with_a_way_out(when: str, told_so: str) -> None:
    assert told_so in told(with_when(when))


def test_a_list_and_a_parameter_are_not_taken_for_each_other() -> None:
    assert "`$x` is a list, and one value is wanted" in told(
        with_when("{order.channel: {is: $x}}", LIST)
    )
    assert "help: write `[$x]`, or declare a list" in told(
        with_when("{order.channel: {one_of: $x}}", PARAM)
    )


def test_a_condition_over_lines_that_asks_nothing_of_a_line_is_warned_about() -> None:
    (warning,) = read(with_when("{any_line: {order.gift: true}}")).warnings

    assert warning.code == "W_NO_LINE_FACT"
