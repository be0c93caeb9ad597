"""What a reader says when a file, or a row of it, cannot be read."""

from __future__ import annotations

from ordinance.rules.kinds import Words


class ReadError(Exception):
    """A file that cannot be read at all: one line with the place and what to do."""


class RowFault(Exception):
    """A row that cannot be read. Holds every reason."""

    def __init__(self, reasons: list[Words]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(joined(reasons).en)


def joined(reasons: list[Words]) -> Words:
    """Several reasons as one."""
    return Words("; ".join(item.zh for item in reasons), "; ".join(item.en for item in reasons))
