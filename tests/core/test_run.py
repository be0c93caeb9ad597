"""A whole run: twice changes nothing, interrupted it goes on, and it is the same everywhere."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ordinance.audit.doctor import check
from ordinance.audit.figures import add_up
from ordinance.oms import Shop
from ordinance.rules import load
from ordinance.story import PlacedRow
from ordinance_adapters.clock import SystemClock
from ordinance_adapters.identity import SeededIds
from ordinance_adapters.readers import read_rows
from ordinance_adapters.shopfile import read_shop
from ordinance_adapters.simulator.run import Result, Run
from tests.core.shop import ROOT
from tests.stores import open_storage

RETAIL = ROOT / "examples" / "retail"
SLICE = 120
"""Rows of the retail file that these tests run."""


def opened(path: Path, seed: int = 7) -> Shop:
    """The retail shop on a store of its own."""
    return Shop(
        open_storage(path),
        read_shop(RETAIL).profile,
        load(RETAIL / "rules"),
        SystemClock(),
        SeededIds(seed),
    )


def rows(shop: Shop, count: int = SLICE, seed: int = 7) -> list[object]:
    """The first rows of the retail file."""
    orders = read_shop(RETAIL).orders
    assert orders is not None
    return list(read_rows(orders, shop.profile, seed=seed))[:count]


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shop, Result]]:
    """The shop after a whole run, and what the run said."""
    shop = opened(tmp_path_factory.mktemp("carried") / "shop.db")
    yield shop, Run(shop, 7).run(rows(shop))  # type: ignore[arg-type]
    shop.close()


def test_a_run_ends_every_order_or_parks_it_with_a_reason_and_adds_up(
    carried: tuple[Shop, Result],
) -> None:
    shop, result = carried
    figures = add_up(shop.storage, "retail")
    assert result.new == figures.orders == figures.final + sum(figures.parked.values())
    assert figures.money.balanced and figures.money.taken > 0
    assert check(shop.storage, "retail", replay_decisions=True) == []


def test_a_second_run_changes_nothing(carried: tuple[Shop, Result]) -> None:
    shop, first = carried
    content = list(shop.storage.content())

    second = Run(shop, 7).run(rows(shop))  # type: ignore[arg-type]

    assert list(shop.storage.content()) == content
    assert (second.new, second.known) == (0, first.new)
    assert second.reports == first.reports


def test_a_run_that_was_stopped_ends_like_one_that_was_not(
    tmp_path: Path, carried: tuple[Shop, Result]
) -> None:
    whole, stopped = carried[0], opened(tmp_path / "stopped.db")

    class Stop(Exception):
        pass

    def stop(done: int, of: int) -> None:
        if done == SLICE // 2:
            raise Stop

    with pytest.raises(Stop):
        Run(stopped, 7, progress=stop).run(rows(stopped))  # type: ignore[arg-type]
    Run(stopped, 7).run(rows(stopped))  # type: ignore[arg-type]

    assert check(stopped.storage, "retail") == []
    assert states(stopped) == states(whole)


def states(shop: Shop) -> dict[str, tuple[str, int, int]]:
    """How each order ended: status, paid, refunded."""
    return {
        order.source_id: (order.status, order.paid, order.refunded)
        for order in shop.storage.orders("retail")
    }


def test_one_broken_row_does_not_stop_the_others(tmp_path: Path) -> None:
    shop = opened(tmp_path / "shop.db")
    taken = rows(shop, 20)
    broken = next(row for row in taken if isinstance(row, PlacedRow))
    taken[taken.index(broken)] = PlacedRow(
        broken.row, {**broken.order, "lines": [{"sku": "X", "quantity": "two"}]}, broken.story
    )

    result = Run(shop, 7).run(taken)  # type: ignore[arg-type]

    told = [item for item in result.reports if item.kind == "broken"]
    assert [item.row for item in told] == [broken.row]
    assert "lines.0.quantity" in told[0].reason.en and "lines.0.quantity" in told[0].reason.zh
    assert result.new == sum(isinstance(row, PlacedRow) for row in taken) - 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("flags", "seed", "zone"), [([], "1", "UTC"), (["-O"], "2", "America/St_Johns")]
)
def test_hash_seed_optimisation_and_time_zone_do_not_change_a_byte(
    tmp_path: Path, flags: list[str], seed: str, zone: str
) -> None:
    here = opened(tmp_path / "here.db")
    Run(here, 7).run(rows(here, 60))  # type: ignore[arg-type]
    script = (
        "import sys; from pathlib import Path\n"
        "from tests.core.test_run import opened, rows, digest\n"
        "from ordinance_adapters.simulator.run import Run\n"
        "shop = opened(Path(sys.argv[1])); Run(shop, 7).run(rows(shop, 60)); print(digest(shop))"
    )
    there = subprocess.run(
        [sys.executable, *flags, "-c", script, str(tmp_path / "there.db")],
        env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
        check=False,
    )

    assert there.returncode == 0, there.stderr
    assert there.stdout.strip() == digest(here)


def digest(shop: Shop) -> str:
    """One hash over everything that a store holds."""
    return hashlib.sha256("\n".join(shop.storage.content()).encode()).hexdigest()
