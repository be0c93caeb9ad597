"""What is wrong with a rule file or with facts, told to a merchant: place, words, way out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ordinance.rules.chinese import chinese
from ordinance.rules.kinds import Words
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
        return self.text("en")

    def words(self, lang: str) -> str:
        """What is wrong, in `lang` (`en` or `zh`)."""
        return _said(self.message, lang)

    def way_out(self, lang: str) -> str | None:
        """How to write it right, in `lang`; None where nothing needs to be done."""
        return None if self.help is None else _said(self.help, lang)

    def text(self, lang: str) -> str:
        """The problem with its place and the way out, in `lang` (`en` or `zh`)."""
        where = f"{self.place}: " if self.place else ""
        severity, help = _WORDS[self.severity].get(lang), _WORDS["help"].get(lang)
        text = f"{where}{severity} {self.code}: {self.words(lang)}"
        way = self.way_out(lang)
        return f"{text}\n  {help}: {way}" if way else text


class RuleFileError(Exception):
    """A rule file that was refused; it changes nothing. Holds every problem found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.text("en"))

    def text(self, lang: str) -> str:
        """The problems, one after the other, in `lang`."""
        shown = "\n".join(problem.text(lang) for problem in self.problems[:MOST_SHOWN])
        left = len(self.problems) - MOST_SHOWN
        if left <= 0:
            return shown
        return shown + (f"\n... 还有 {left} 个" if lang == "zh" else f"\n... and {left} more")


class FactError(Exception):
    """Facts that cannot be decided on: unknown name, wrong type, or a needed fact is absent.

    Never read as "no match": the order core holds the order.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.text("en"))

    def text(self, lang: str) -> str:
        """The problems, one after the other, in `lang`."""
        return "\n".join(problem.text(lang) for problem in self.problems)


_WORDS = {
    "error": Words("错误", "error"),
    "warning": Words("警告", "warning"),
    "note": Words("提示", "note"),
    "help": Words("改法", "help"),
}


def _said(text: str, lang: str) -> str:
    return (chinese(text) or text) if lang == "zh" else text
