"""How much of a random comparison runs: a third in `make test`, the whole in `make soak`."""

from __future__ import annotations

import os

SOAK = os.environ.get("ORDINANCE_SOAK") == "1"


def part(whole: int) -> int:
    """Of so many examples those that run; every one with `ORDINANCE_SOAK=1`."""
    return whole if SOAK else -(-whole // 3)
