"""What is measured of storing runs, and the bare write leaves behind what ours does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import keyrings


@pytest.fixture(autouse=True)
def benchmarks(root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """In a folder of its own, with one folder of keys for all stores as in a run."""
    if not (root / "benchmarks").is_dir():
        pytest.skip("not a checkout, so there are no benchmarks")
    monkeypatch.syspath_prepend(str(root))
    monkeypatch.setenv(keyrings.KEYS, str(tmp_path / "keys"))
    monkeypatch.chdir(tmp_path)
    yield


def test_orders_are_stored_beside_a_bare_write_of_the_same_rows() -> None:
    from benchmarks.measures import storing
    from benchmarks.results import Results

    results = Results()
    storing.measure(results, lambda text: None, rounds=1, count=10)

    assert {
        "storing, allocated, 1 a transaction, share",
        "storing, whole, 100 a transaction, share",
    } <= (results.figures.keys())
    assert all(value > 0 for value in results.figures.values())
