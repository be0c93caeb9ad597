"""What is wrong with a rule file or with facts, told to a merchant: place, words, way out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ordinance.rules.tree import Place

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `message` is lower case, without a final full stop, merchant words in
    backticks; `help` says how to write it right."""

    code: str
    message: str
    place: Place | None = None
    help: str | None = None
    severity: Literal["error", "warning", "note"] = "error"

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        text = f"{where}{self.severity} {self.code}: {self.message}"
        return f"{text}\n  help: {self.help}" if self.help else text


class RuleFileError(Exception):
    """A rule file that was refused; it changes nothing. Holds every problem found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        shown = "\n".join(str(problem) for problem in self.problems[:MOST_SHOWN])
        left = len(self.problems) - MOST_SHOWN
        super().__init__(shown + (f"\n... and {left} more" if left > 0 else ""))


class FactError(Exception):
    """Facts that cannot be decided on: unknown name, wrong type, or a needed fact is absent.

    Never read as "no match": the order core holds the order.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
