"""A finding: one thing of a store that does not add up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """The invariant, what it is about, and what differs."""

    invariant: str
    about: str
    text: str

    def __str__(self) -> str:
        return f"{self.invariant} {self.about}: {self.text}"
