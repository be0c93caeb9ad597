"""A bench on an empty store, which the doctor looks over after each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.shop import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """The test shop; after the test everything stored must add up."""
    made = Bench(tmp_path)
    yield made
    made.well()
    made.shop.close()
