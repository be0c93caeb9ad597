"""Readers of order files: rows of past or incoming orders, one function for each format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path

from ordinance.profile import Profile
from ordinance.story import Row
from ordinance_adapters.readers.fault import ReadError
from ordinance_adapters.readers.folder import orders_in
from ordinance_adapters.readers.olist import read_olist
from ordinance_adapters.readers.orders import read_orders
from ordinance_adapters.readers.tmall import read_tmall
from ordinance_adapters.readers.uci import read_uci

__all__ = ["READERS", "ReadError", "Reader", "read_rows"]

Reader = Callable[[Path, Profile, int], Iterator[Row]]
"""Takes a file, the shop's profile and a seed for what the file lacks. Raises `ReadError`."""

READERS: dict[str, Reader] = {
    "orders": read_orders,
    "uci": read_uci,
    "olist": read_olist,
    "tmall": read_tmall,
}
"""The formats by the name that `reader:` of a shop file gives."""


def read_rows(path: Path, profile: Profile, *, seed: int) -> Iterator[Row]:
    """The rows of an order file, one by one, in file order.

    `path` may be a folder with a `shop.yaml` that names its `orders:`. A row that cannot be read
    comes as `BrokenRow`. Raises `ReadError` when the file as a whole cannot be read: at once for
    what its first row shows, later for damage further down.
    """
    reader = READERS.get(profile.reader)
    if reader is None:
        raise ReadError(f"unknown reader `{profile.reader}`; known: {', '.join(READERS)}")
    file = orders_in(path) if path.is_dir() else path
    rows = reader(file, profile, seed)
    # The first row is read at once, so that a caller learns of a wrong file before it begins.
    return chain(list(islice(rows, 1)), rows)
