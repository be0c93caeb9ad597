"""Decision points are found through the entry points of installed packages alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from ordinance.rules import registry
from ordinance.rules.kinds import Words
from ordinance.rules.point import DecisionPoint
from tests.rules.sample_point import GIFT, RISK


@dataclass(frozen=True)
class Entry:
    name: str
    points: tuple[DecisionPoint, ...]
    value: str = "somewhere:POINTS"

    def load(self) -> tuple[DecisionPoint, ...]:
        return self.points


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    registry.points.cache_clear()
    yield
    registry.points.cache_clear()


def install(monkeypatch: pytest.MonkeyPatch, *entries: Entry) -> list[str]:
    asked: list[str] = []

    def entry_points(*, group: str) -> tuple[Entry, ...]:
        asked.append(group)
        return entries

    monkeypatch.setattr(registry, "entry_points", entry_points)
    return asked


def test_points_of_all_packages_are_found_once_in_the_order_of_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = install(monkeypatch, Entry("b", (RISK,)), Entry("a", (GIFT,)))

    assert list(registry.points()) == ["packing.gift", "review.risk"]
    assert registry.points()["review.risk"] is RISK
    assert asked == ["ordinance.points"]


def test_two_different_points_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    other = replace(RISK, title=Words("别的", "another"))
    install(monkeypatch, Entry("a", (RISK,)), Entry("b", (other,)))

    with pytest.raises(ValueError, match=r"two packages declare the decision point `review\.risk`"):
        registry.points()


def test_the_same_point_may_be_named_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, Entry("a", (RISK,)), Entry("b", (RISK,)))

    assert list(registry.points()) == ["review.risk"]
