"""A bench with a shop on it, which the doctor looks over after each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ordinance.rules import Rulebook, load
from tests.core.shop import ROOT, Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A shop on an empty store; after the test everything stored must add up."""
    made = Bench(tmp_path)
    yield made
    made.well()
    made.shop.close()


WINDOW = "otherwise: {ship_within_hours: 48}"


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The shipped rules, with half an hour to wait for orders to merge with."""
    folder = tmp_path_factory.mktemp("rules")
    for file in (ROOT / "rules").rglob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        if file.name == "shipping.yaml":
            assert WINDOW in text
            text = text.replace(WINDOW, WINDOW[:-1] + ", wait_to_merge: 30}")
        (folder / file.name).write_text(text, encoding="utf-8")
    return load(folder)


@pytest.fixture
def waiting(tmp_path: Path, patient: Rulebook) -> Iterator[Bench]:
    """A shop whose orders wait for others."""
    bench = Bench(tmp_path, patient)
    yield bench
    bench.well()
    bench.shop.close()
