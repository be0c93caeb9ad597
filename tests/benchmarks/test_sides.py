"""What the benchmarks compare decides alike: by the plain meaning of the rules, and on every side
that is installed. The other engines are not needed for the suite, so often only two are here."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module", autouse=True)
def benchmarks(root: Path) -> Iterator[None]:
    """The folder lies in the checkout and is no part of what is installed."""
    if not (root / "benchmarks").is_dir():
        pytest.skip("not a checkout, so there are no benchmarks")
    sys.path.insert(0, str(root))
    yield
    sys.path.remove(str(root))


def installed() -> Any:
    from benchmarks.roster import installed, sides

    return sides(installed())


def drawn(name: str) -> Callable[..., Any]:
    from benchmarks.measures.deciding import SETS

    return SETS[name]


@pytest.mark.parametrize("name", ["mixed", "anchored"])
@pytest.mark.parametrize("hit", ["collect", "first"])
@pytest.mark.parametrize("count", [1, 7, 40])
def test_every_side_fires_the_same_rules(name: str, hit: str, count: int) -> None:
    from benchmarks.agreement import check

    seed = random.randrange(10**6)
    workload = drawn(name)(count, hit, 12, seed)
    print(f"{workload}")

    for side in installed():
        for path in side.paths():
            check(path, path.build(workload), workload, workload.orders)


def test_every_side_ranks_alike() -> None:
    from benchmarks.agreement import check_ranking
    from benchmarks.workloads.ranking import ranking

    drawn = ranking(20, 5, 10, random.randrange(10**6))
    print(f"{drawn}")

    for side in installed():
        for path in side.rank_paths():
            check_ranking(path, path.build(drawn), drawn, drawn.choices)


def test_two_sides_at_least_are_compared() -> None:
    assert [side.NAME for side in installed()][:2] == ["ordinance", "business-rules"]


@pytest.mark.parametrize("hit", ["collect", "first"])
def test_a_side_that_decides_otherwise_is_found(hit: str) -> None:
    from benchmarks.agreement import Disagreement, check

    workload = drawn("mixed")(40, hit, 12, 1)
    assert any(workload.fires(order) for order in workload.orders)
    slipped = replace(workload, rules=workload.rules[::-1])

    for side in installed():
        with pytest.raises(Disagreement):
            path = side.paths()[0]
            check(path, path.build(slipped), workload, workload.orders)


def test_a_workload_is_the_same_for_the_same_seed() -> None:
    first, second = (drawn("mixed")(20, "collect", 5, 3) for _ in range(2))

    assert (first.rules, first.orders) == (second.rules, second.orders)
    assert first.rules != drawn("mixed")(20, "collect", 5, 4).rules


@pytest.mark.parametrize(("count", "least", "most"), [(50, 2, 10), (1_000, 10, 45)])
def test_a_realistic_share_of_the_mixed_rules_fires(count: int, least: int, most: int) -> None:
    workload = drawn("mixed")(count, "collect", 40)
    fired = sum(len(workload.fires(order)) for order in workload.orders) / 40

    assert least <= fired <= most


def test_a_bar_is_met_or_missed_by_a_factor() -> None:
    from benchmarks.bars import Bar

    fast, slow = Bar("", 10, 20, "x", True), Bar("", 10, 5, "x", True)
    small, large = Bar("", 3, 2, "KiB", False), Bar("", 3, 6, "KiB", False)

    assert [bar.met for bar in (fast, slow, small, large)] == [True, False, True, False]
    assert (slow.missed_by, large.missed_by) == (2, 2)
