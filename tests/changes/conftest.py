"""The bench of every test here, and one whose orders wait for others to leave with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ordinance.rules import Rulebook
from tests.core.conftest import bench
from tests.core.shop import Bench, changed

__all__ = ["bench", "patient", "waiting"]

WINDOW = "otherwise: {ship_within_hours: 48}"


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The shipped rules, with half an hour to wait for orders to merge with."""
    later = WINDOW.replace("}", ", wait_to_merge: 30}")
    return changed(tmp_path_factory.mktemp("rules"), ("shipping.yaml", WINDOW, later))


@pytest.fixture
def waiting(tmp_path: Path, patient: Rulebook) -> Iterator[Bench]:
    """A shop whose orders wait for others."""
    bench = Bench(tmp_path, patient)
    yield bench
    bench.well()
    bench.shop.close()
