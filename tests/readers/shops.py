"""Shop folders and order files to read, with only what a test is about in sight."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from pathlib import Path

from ordinance.profile import Profile
from ordinance.rules.kinds import Words
from ordinance.story import BrokenRow, PlacedRow, Row
from ordinance_adapters.readers import read_rows

SHOP = """\
shop: tea
name: {zh: 茶店, en: Tea shop}
currency: GBP
zone: Europe/London
"""
WAREHOUSES = """\
warehouses:
  - {code: LON, name: London, region: GB}
"""


def write(path: Path, content: str | bytes) -> Path:
    """`content` as a file, packed when its name says so."""
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def profile(reader: str = "orders", *, zone: str = "Europe/London") -> Profile:
    """A shop without goods or warehouses."""
    return Profile("tea", Words("茶店", "Tea shop"), "GBP", zone, (), (), reader=reader)


def rows(path: Path, reader: str = "orders", *, seed: int = 1) -> list[Row]:
    """All rows of a file."""
    return list(read_rows(path, profile(reader), seed=seed))


def placed(found: Iterable[Row]) -> list[PlacedRow]:
    """The rows that are orders."""
    return [row for row in found if isinstance(row, PlacedRow)]


def broken(found: Iterable[Row]) -> list[BrokenRow]:
    """The rows that could not be read."""
    return [row for row in found if isinstance(row, BrokenRow)]
