"""The folder of a shop: which file in it holds the orders."""

from __future__ import annotations

from pathlib import Path

from ordinance.rules.reading.guard import Limits
from ordinance.rules.reading.nodes import Map, Scalar
from ordinance_adapters.plainyaml import read_nodes
from ordinance_adapters.readers.fault import ReadError
from ordinance_adapters.textfile import Unreadable, whole

SHOP_FILE = "shop.yaml"

LIMITS = Limits(bytes=1024 * 1024, depth=8)
"""How much a shop file may hold."""


def orders_in(folder: Path) -> Path:
    """The file that `orders:` of the folder's shop file names. Raises `ReadError`."""
    file = folder / SHOP_FILE
    try:
        source = whole(file, LIMITS.bytes)
    except Unreadable as error:
        raise ReadError(
            f"{folder}: a folder of orders needs a `{SHOP_FILE}`, which {error}; "
            "or name the order file itself"
        ) from error
    root, problems = read_nodes(source, str(file), LIMITS)
    if problems:
        first = problems[0]
        raise ReadError(f"{first.place}: {first.message}")
    entries = root.entries if isinstance(root, Map) else []
    for entry in entries:
        if entry.key.text == "orders" and isinstance(entry.value, Scalar) and entry.value.text:
            return folder / entry.value.text
    raise ReadError(f"{file}: names no orders; add `orders: ...`, or name the order file itself")
