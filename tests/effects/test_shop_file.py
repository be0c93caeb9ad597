"""`effects` and `circuits` in a shop file, and what the page for operators says of them."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from ordinance.profile import Profile
from ordinance.retries import CIRCUITS, RETRIES, CircuitPolicy, RetryPolicy, WhenUnknown
from ordinance.rules.scalar import Kind, render
from ordinance_adapters.shopfile import ShopFileError, read_shop
from tests.conftest import ROOT
from tests.readers.shops import SHOP, write

PAGE = (ROOT / "docs" / "effects.md").read_text("utf-8")


def read(folder: Path, text: str) -> Profile:
    return read_shop(write(folder / "shop.yaml", SHOP + text)).profile


def test_a_shop_that_says_nothing_has_the_usual_schedules(tmp_path: Path) -> None:
    profile = read(tmp_path, "")

    assert (profile.retries, profile.circuits) == (RETRIES, CIRCUITS)


def test_a_shop_changes_what_it_says_and_nothing_else(tmp_path: Path) -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.S)
    profile = read(tmp_path, block)

    half_a_minute, half_an_hour = timedelta(seconds=30), timedelta(minutes=30)
    assert profile.retries == {
        **RETRIES,
        "notify": RetryPolicy(half_a_minute, 3, half_an_hour, 20, 20, WhenUnknown.AGAIN),
        "warehouse.push": RetryPolicy(
            half_a_minute, 2, timedelta(hours=1), 20, 36, WhenUnknown.AGAIN
        ),
    }
    assert profile.circuits == {
        **CIRCUITS,
        "notifier": CircuitPolicy(10, timedelta(minutes=2), timedelta(hours=4)),
    }


def test_the_page_names_every_schedule_as_it_is() -> None:
    for kind, policy in RETRIES.items():
        cells = [
            f"`{kind}`",
            render(policy.first, Kind.DURATION, "en"),
            str(policy.factor),
            render(policy.longest, Kind.DURATION, "en"),
            f"{policy.jitter_percent} %",
            str(policy.attempts),
        ]
        row = "| " + " | ".join(cells) + " |"
        assert row in PAGE


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("effects: [{first: 1 min}]", "`kind` is missing"),
        ("effects: [{kind: refunds}]", "did you mean `refund`?"),
        ("effects: [{kind: refund, unknown: maybe}]", "known: person, again"),
        ("effects: [{kind: refund, first: 0 s}]", "longer than none and at most 366 days"),
        ("effects: [{kind: refund, longest: 4}]", "is not a length of time"),
        ("effects: [{kind: refund, jitter_percent: 101}]", "from 0 to 100"),
        ("effects: [{kind: refund, attempts: 0}]", "from 1 to"),
        ("effects: [{kind: refund, jitter: 3}]", "unknown key `jitter` in an effect"),
        ("circuits: [{adapter: bank}]", "known: payments, carriers, warehouses, notifier"),
        ("circuits: [{adapter: payments, failures: 0}]", "from 1 to"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ShopFileError) as caught:
        read(tmp_path, text)

    assert said in str(caught.value)
