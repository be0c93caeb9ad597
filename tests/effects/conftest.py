"""A bench whose providers fail only when they are told to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.effects.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A shop with providers that do as they are told."""
    made = Desk(tmp_path)
    yield made
    made.shop.close()
