"""Pauses and circuits: how often an effect is tried, and when an adapter is left alone."""

from __future__ import annotations

from datetime import timedelta
from statistics import mean

import pytest

from ordinance.effects.circuit import Circuits
from ordinance.effects.doing import KINDS
from ordinance.retries import CIRCUITS, RETRIES, CircuitPolicy, RetryPolicy
from tests.core.shop import MONDAY

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
PLAIN = RetryPolicy(first=MINUTE, factor=3, longest=timedelta(minutes=20), jitter_percent=0)


def circuits(failures: int = 3) -> Circuits:
    policy = CircuitPolicy(failures, pause=MINUTE, longest_wait=timedelta(hours=1))
    return Circuits({"payments": policy, "carriers": policy})


def test_every_kind_of_effect_has_a_schedule_and_every_adapter_a_circuit() -> None:
    assert RETRIES.keys() == KINDS.keys()
    assert CIRCUITS.keys() == {name for kind in KINDS.values() for name in kind.adapters}


def test_each_pause_is_longer_up_to_the_longest() -> None:
    pauses = [PLAIN.pause("k", attempt) / MINUTE for attempt in range(1, 6)]

    assert pauses == [1, 3, 9, 20, 20]
    assert PLAIN.pause("k", 10_000) == PLAIN.longest


def test_jitter_hangs_on_the_key_and_the_attempt_alone() -> None:
    policy = RetryPolicy(first=MINUTE, factor=1, longest=MINUTE, jitter_percent=20)
    pauses = [policy.pause(f"k{number}", 1) for number in range(500)]

    assert pauses == [policy.pause(f"k{number}", 1) for number in range(500)]
    assert policy.pause("k1", 1) != policy.pause("k1", 2)
    assert 48 * SECOND <= min(pauses) < 49 * SECOND
    assert 71 * SECOND < max(pauses) <= 72 * SECOND
    assert abs(mean(pause / SECOND for pause in pauses) - 60) < 2


@pytest.mark.parametrize(
    ("kind", "days"),
    [("refund", 2), ("warehouse.push", 1), ("warehouse.cancel", 1), ("notify", 0.5)],
)
def test_an_outage_of_a_night_is_survived(kind: str, days: float) -> None:
    policy = RETRIES[kind]
    until_dead = sum(
        (policy.pause("k", attempt) for attempt in range(1, policy.attempts)), timedelta()
    )

    assert until_dead > timedelta(days=days)


def test_an_adapter_that_fails_in_a_row_is_left_alone_and_then_tried_once() -> None:
    known = circuits()
    for _ in range(2):
        known.failed("payments", MONDAY, None)
    known.answered("payments")
    for _ in range(2):
        known.failed("payments", MONDAY, None)
    assert known.closed(["payments"], MONDAY)
    known.failed("payments", MONDAY, None)

    assert not known.closed(["payments"], MONDAY + 59 * SECOND)
    assert not known.closed(["carriers", "payments"], MONDAY)
    assert known.closed(["carriers"], MONDAY)
    assert known.closed(["payments"], MONDAY + MINUTE)
    known.failed("payments", MONDAY + MINUTE, None)
    assert not known.closed(["payments"], MONDAY + MINUTE)
    assert known.closed(["payments"], MONDAY + 2 * MINUTE)
    known.answered("payments")
    assert known.closed(["payments"], MONDAY)


def test_one_finds_out_whether_an_adapter_is_there_again_and_the_rest_wait() -> None:
    known = circuits(failures=1)
    assert known.enter(["payments"], MONDAY) and known.enter(["payments"], MONDAY)
    known.failed("payments", MONDAY, None)
    later = MONDAY + MINUTE

    assert [known.enter(["payments"], later) for _ in range(3)] == [True, False, False]
    known.answered("payments")
    assert [known.enter(["payments"], later) for _ in range(3)] == [True] * 3


def test_an_adapter_that_asks_to_be_left_alone_is_left_alone_at_once() -> None:
    known = circuits()
    known.failed("payments", MONDAY, 90 * SECOND)

    assert not known.closed(["payments"], MONDAY + 89 * SECOND)
    assert known.closed(["payments"], MONDAY + 90 * SECOND)


def test_a_clock_that_is_set_back_does_not_keep_an_adapter_alone_for_hours() -> None:
    known = circuits(failures=1)
    known.failed("payments", MONDAY, None)

    assert known.closed(["payments"], MONDAY - timedelta(hours=3))
    assert not known.closed(["payments"], MONDAY)


def test_nobody_can_ask_to_be_left_alone_for_good() -> None:
    known = circuits()
    known.failed("payments", MONDAY, timedelta(days=4000))

    assert known.closed(["payments"], MONDAY + timedelta(hours=1))
