"""Time: dated values, expiring entries, periods, daily windows, scope."""

from __future__ import annotations

import pytest

from tests.rules.deciding.rulesets import moment, risk, ruleset, verdict

DATED = """
as_of: order.paid_at
params:
  large: {values: {2026-01-01: 3000, 2026-11-01: 5000}}
"""
LARGE = "{order.receivable: {at_least: $large}}"


@pytest.mark.parametrize(
    ("paid_at", "expected"),
    [
        ("2026-10-31T23:59:59+08:00", True),
        ("2026-11-01T00:00:00+08:00", False),
        ("2026-01-01T00:00:00+08:00", True),
    ],
)
def test_the_day_of_the_order_chooses_the_dated_value(paid_at: str, expected: bool) -> None:
    facts = {"order.receivable": "4000", "order.paid_at": paid_at}

    assert verdict(LARGE, facts, extra=DATED) is expected


def test_the_day_is_the_one_in_the_zone_of_the_moment_of_deciding() -> None:
    facts = {"order.receivable": "4000", "order.paid_at": "2026-10-31T16:00:00Z"}

    assert verdict(LARGE, facts, extra=DATED) is True
    assert verdict(LARGE, facts, extra=DATED, at=moment("2026-12-01 10:00")) is False


def test_a_day_before_the_first_value_leaves_the_condition_unknown() -> None:
    rules = risk(f"  - {{id: R, when: {LARGE}, then: {{outcome: hold}}}}", extra=DATED)
    decision = rules.decide(
        {"order.receivable": "9000", "order.paid_at": "2025-12-31T10:00:00+08:00"}
    )

    assert (decision.settled_by, decision.unknown) == ("unknown", ("$large",))


def test_without_its_day_a_dated_value_is_unknown_unless_all_of_them_agree() -> None:
    always = DATED.replace("2026-01-01", "always")

    assert verdict(LARGE, {"order.receivable": "4000"}, extra=always) is None
    assert verdict(LARGE, {"order.receivable": "2000"}, extra=always) is False
    assert verdict(LARGE, {"order.receivable": "5000"}, extra=always) is True


def test_a_value_that_never_changed_is_known_without_a_day() -> None:
    once = "as_of: order.paid_at\nparams: {large: {values: {2026-01-01: 3000}}}"

    assert verdict(LARGE, {"order.receivable": "3000"}, extra=once) is True


def test_without_as_of_the_moment_of_deciding_chooses() -> None:
    extra = DATED.replace("as_of: order.paid_at", "")
    facts = {"order.receivable": "4000"}

    assert verdict(LARGE, facts, extra=extra, at=moment("2026-10-31 23:59")) is True
    assert verdict(LARGE, facts, extra=extra, at=moment("2026-11-01 00:00")) is False
    assert verdict(LARGE, facts, extra=extra) is None


ENTRIES = """
as_of: order.due
lists:
  watched:
    values:
      2026-01-01: [{value: "46", until: 2026-06-30}, "54"]
      2026-09-01: ["11"]
"""


@pytest.mark.parametrize(
    ("day", "region", "expected"),
    [
        ("2026-06-30", "460100", True),
        ("2026-07-01", "460100", False),
        ("2026-07-01", "54", True),
        ("2026-09-01", "54", False),
        ("2026-09-01", "110000", True),
    ],
)
def test_a_list_entry_holds_through_its_last_day(day: str, region: str, expected: bool) -> None:
    facts = {"order.due": day, "receiver.region": region}

    assert verdict("{receiver.region: $watched}", facts, extra=ENTRIES) is expected


def test_without_its_day_a_list_with_expiring_entries_is_unknown() -> None:
    extra = ENTRIES.replace("2026-01-01", "always")

    assert verdict("{receiver.region: $watched}", {"receiver.region": "46"}, extra=extra) is None
    assert verdict("{receiver.region: $watched}", {"receiver.region": "33"}, extra=extra) is False


PERIOD = """
as_of: order.due
effective: {from: 2026-01-01, to: 2026-12-01}
"""


@pytest.mark.parametrize(
    ("day", "in_force"),
    [("2025-12-31", False), ("2026-01-01", True), ("2026-11-30", True), ("2026-12-01", False)],
)
def test_a_set_out_of_its_period_fails_by_name(day: str, in_force: bool) -> None:
    rules = risk("  - {id: R, when: always, then: {outcome: hold}}", extra=PERIOD)
    decision = rules.decide({"order.due": day})

    if in_force:
        assert (decision.outcome["outcome"], decision.failure) == ("hold", None)
    else:
        assert (decision.outcome["outcome"], decision.settled_by, decision.failure) == (
            "manual_review",
            "failure",
            "not_in_force",
        )


def test_without_its_day_it_is_unknown_whether_a_set_is_in_force() -> None:
    rules = risk("  - {id: R, when: always, then: {outcome: hold}}", extra=PERIOD)
    decision = rules.decide({})

    assert (decision.settled_by, decision.unknown) == ("unknown", ("order.due",))


def test_a_rule_out_of_its_period_does_not_fire() -> None:
    rules = risk(
        "  - {id: R, effective: {from: 2026-11-01}, when: always, then: {outcome: hold}}",
        extra="as_of: order.due",
    )

    assert rules.decide({"order.due": "2026-10-31"}).fired == ()
    assert rules.decide({"order.due": "2026-11-01"}).fired == ("R",)
    assert rules.decide({}).settled_by == "unknown"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-05 23:30", True),
        ("2026-11-05 07:59", True),
        ("2026-11-05 08:00", False),
        ("2026-11-05 21:59", False),
    ],
)
def test_a_daily_window_is_open_by_the_clock_of_the_shop(at: str, expected: bool) -> None:
    rules = risk(
        '  - {id: R, effective: {daily: {from: "22:00", to: "08:00"}}, when: always, '
        "then: {outcome: hold}}"
    )

    assert (rules.decide({}, at=moment(at)).fired == ("R",)) is expected


def test_without_the_moment_of_deciding_a_daily_window_is_unknown() -> None:
    rules = risk(
        '  - {id: R, effective: {daily: {from: "22:00", to: "08:00"}}, when: always, '
        "then: {outcome: hold}}"
    )
    decision = rules.decide({})

    assert (decision.settled_by, decision.unknown) == ("unknown", ("at",))


def test_a_rule_is_asked_only_in_its_scope() -> None:
    rules = risk("  - {id: R, scope: {channels: [web, app]}, when: always, then: {outcome: hold}}")

    assert rules.decide({"order.channel": "app"}).fired == ("R",)
    assert rules.decide({"order.channel": "shop"}).fired == ()
    assert rules.decide({}).settled_by == "unknown"


REGIONS = """
decision: packing.gift
hit: first
most_specific: receiver.region
rules:
  - {id: CN, when: always, then: {box: YD}}
  - {id: ZJ, when: {receiver.region: "33"}, then: {box: ZTO}}
  - {id: HZ, when: {receiver.region: "3301"}, then: {box: YTO}}
  - {id: YH, when: {receiver.region: ["330110", "46"]}, then: {box: STO}}
  - {id: ZJ2, when: {receiver.region: "33"}, then: {box: LATE}}
when_unknown: {box: ASK}
otherwise: error
"""


@pytest.mark.parametrize(
    ("region", "rule"),
    [
        ("330110", "YH"),
        ("330106", "HZ"),
        ("330200", "ZJ"),
        ("110000", "CN"),
        ("3301", "HZ"),
        ("33", "ZJ"),
        ("460100", "YH"),
    ],
)
def test_the_narrowest_region_wins_and_then_file_order(region: str, rule: str) -> None:
    assert ruleset(REGIONS).decide({"receiver.region": region}).fired == (rule,)


def test_a_rule_with_a_scope_wins_before_a_narrower_region() -> None:
    rules = risk(
        """
  - {id: GLOBAL, when: {receiver.region: "330110"}, then: {outcome: approve}}
  - {id: SHOP, scope: {channels: [web]}, when: always, then: {outcome: hold}}""",
        extra="most_specific: receiver.region",
    )
    facts = {"receiver.region": "330110"}

    assert rules.decide({**facts, "order.channel": "web"}).fired == ("SHOP",)
    assert rules.decide({**facts, "order.channel": "app"}).fired == ("GLOBAL",)


def test_two_equally_specific_rules_contradict_each_other_under_unique() -> None:
    rules = risk(
        """
  - {id: WIDE, when: {receiver.region: "33"}, then: {outcome: approve}}
  - {id: A, when: {receiver.region: "3301"}, then: {outcome: hold}}
  - {id: B, when: {receiver.region: "3301", order.gift: true}, then: {outcome: hold}}""",
        hit="unique",
        extra="most_specific: receiver.region",
    )
    facts = {"receiver.region": "330110"}

    assert rules.decide({**facts, "order.gift": False}).fired == ("A",)
    assert rules.decide({**facts, "order.gift": True}).failure == "A, B"


def test_on_an_unknown_day_a_list_that_changes_too_often_hangs() -> None:
    entries = ", ".join(
        f'{{value: "{code}", until: 2026-{month:02}-{day:02}}}'
        for code, (month, day) in enumerate(
            ((month, day) for month in range(1, 13) for day in range(1, 9)), start=11
        )
        if code < 90
    )
    extra = f"as_of: order.due\nlists: {{watched: {{values: {{always: [{entries}]}}}}}}"
    when = "{receiver.region: $watched}"

    assert verdict(when, {"receiver.region": "99"}, extra=extra) is None
    assert verdict(when, {"receiver.region": "99", "order.due": "2026-01-01"}, extra=extra) is False
