"""The tests of a file: run, and measured by what they leave open."""

from __future__ import annotations

from tests.rules.deciding.rulesets import risk

RULES = """
  - {id: R1, when: {order.receivable: {at_least: 500}}, then: {outcome: hold}}
  - {id: R2, when: {order.weight_g: {above: 1000}}, then: {outcome: hold, hold: [stock_check]}}"""


def with_tests(*cases: str) -> str:
    return "tests:\n" + "\n".join(f"  - {{name: {{zh: 测试, en: case}}, {case}}}" for case in cases)


def test_tests_that_come_out_pass() -> None:
    proof = risk(
        RULES,
        extra=with_tests(
            "given: {order.receivable: 500, order.weight_g: 0}, "
            "expect: {outcome: hold, fired: [R1]}",
            "given: {order.receivable: 0, order.weight_g: 1001}, "
            "expect: {outcome: hold, hold: stock_check, fired: [R2]}",
        ),
    ).test()

    assert proof.passed
    assert (len(proof.trials), proof.never_fired) == (2, ())


def test_a_test_that_differs_shows_what_was_expected_and_what_was_found() -> None:
    proof = risk(
        RULES,
        extra=with_tests(
            "given: {order.receivable: 499.99, order.weight_g: 0}, "
            "expect: {outcome: hold, fired: [R1]}"
        ),
    ).test()

    assert not proof.passed
    assert proof.trials[0].text("en") == (
        "r.yaml:4:5: differs: case\n"
        "  outcome: expected hold, found approve\n"
        "  fired: expected [R1], found []"
    )
    assert proof.trials[0].text("zh") == (
        "r.yaml:4:5: 不符: 测试\n  outcome: 预期 hold, 实际 approve\n  fired: 预期 [R1], 实际 []"
    )


def test_a_test_that_differs_for_want_of_a_fact_names_it() -> None:
    proof = risk(
        RULES,
        extra=with_tests("given: {order.receivable: 499.99}, expect: {outcome: approve}"),
    ).test()
    (trial,) = proof.trials

    assert trial.decision is not None and trial.decision.settled_by == "unknown"
    assert "not given by the test, may change the answer: order.weight_g" in trial.text("en")
    assert "又可能改变结论: 订单.重量" in trial.text("zh")


def test_rules_that_no_test_fires_are_named() -> None:
    proof = risk(
        RULES,
        extra=with_tests("given: {order.receivable: 500}, expect: {outcome: hold}"),
    ).test()

    assert proof.never_fired == ("R2",)
    assert "rules that no test fires: R2" in proof.text("en")


def test_without_tests_nothing_is_proved() -> None:
    proof = risk(RULES).test()

    assert not proof.passed
    assert "there are no tests" in proof.text("en")


def test_a_limit_needs_a_test_on_it_and_one_beyond_it() -> None:
    proof = risk(
        RULES,
        extra=with_tests(
            "given: {order.receivable: 500, order.weight_g: 0}, expect: {outcome: hold}",
            "given: {order.receivable: 499.99, order.weight_g: 1001}, expect: {outcome: hold}",
        ),
    ).test()

    # 500 and 499.99 stand on both sides of the limit of R1; nobody stands on 1000 g.
    assert [words.en for words in proof.proposed] == [
        "weight g 1000 g (the limit of R2 is 1000 g), otherwise as in `case`: "
        "today the answer is hold, fired: R1"
    ]
    assert [words.zh for words in proof.proposed] == [
        "订单.重量 1000 克 (R2 的界值 1000 克), 其余同“测试”: 目前结论 拦截, 命中 R1"
    ]


def test_a_dated_limit_is_tested_on_its_own_days() -> None:
    rules = "  - {id: R, when: {order.receivable: {at_least: $large}}, then: {outcome: hold}}"
    proof = risk(
        rules,
        extra="as_of: order.due\nparams: {large: {values: {2026-01-01: 300, 2026-11-01: 500}}}\n"
        + with_tests(
            "given: {order.receivable: 300, order.due: 2026-02-01}, expect: {outcome: hold}",
            "given: {order.receivable: 299.99, order.due: 2026-02-01}, expect: {outcome: approve}",
            "given: {order.receivable: 500, order.due: 2026-02-01}, expect: {outcome: hold}",
        ),
    ).test()

    assert [words.en for words in proof.proposed] == [
        "receivable 500.00 (the limit of R is 500.00), on a day from 2026-11-01 on",
        "receivable 499.99 (the limit of R is 500.00), on a day from 2026-11-01 on",
    ]


def test_the_minute_before_midnight_is_beyond_a_limit_at_midnight() -> None:
    window = "{between: {from: '00:00', to: '05:00'}}"
    rules = f"  - {{id: R, when: {{order.local_time: {window}}}, then: {{outcome: hold}}}}"
    given = [
        f"given: {{order.local_time: '{at}'}}, expect: {{outcome: {outcome}}}"
        for at, outcome in (("00:00", "hold"), ("05:00", "approve"), ("04:59", "hold"))
    ]
    last = "given: {order.local_time: '23:59'}, expect: {outcome: approve}"

    def proposed(*tests: str) -> list[str]:
        return [words.en[:30] for words in risk(rules, extra=with_tests(*tests)).test().proposed]

    assert proposed(*given) == ["local time 23:59 (the limit of"]
    assert proposed(*given, last) == []


def test_a_test_that_cannot_be_decided_differs_and_says_why() -> None:
    proof = risk(
        "  - {id: R, when: {order.gift: true}, then: {outcome: hold}}",
        extra=with_tests("given: {order.gift: true}, expect: {outcome: hold}"),
    ).test()
    unknown = risk(
        "  - {id: R, when: {order.gift: true}, then: {outcome: hold}}",
        extra=with_tests("given: {order.weight_g: 1}, expect: {outcome: approve}"),
    ).test()

    assert proof.passed
    assert "outcome: expected approve, found manual_review" in unknown.trials[0].text("en")
