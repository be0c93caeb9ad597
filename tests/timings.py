"""Which tests `make check` leaves out because they take long: `tests/longer.txt`, as measured.

    pytest -m "not slow" --durations=0 | python -m tests.timings

writes the file anew. They run in `make test` and against the wheel like all others.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

LONGER = Path(__file__).with_name("longer.txt")
LONG = 0.4
"""Seconds of one case, with what is set up for it, on two cores that both have work."""

_TOOK = re.compile(r"^ *([\d.]+)s (?:call|setup) +(tests/\S+?::[^\[\s]+)")


def longer(lines: Iterable[str]) -> list[str]:
    """The tests of which one case took long, as pytest's list of durations says."""
    found = (match for line in lines if (match := _TOOK.match(line)))
    return sorted({match[2] for match in found if float(match[1]) >= LONG})


def known() -> frozenset[str]:
    """Those that took long when it was last measured."""
    return frozenset(LONGER.read_text("utf-8").split())


if __name__ == "__main__":
    LONGER.write_text("\n".join(longer(sys.stdin)) + "\n", "utf-8")
