"""What is wrong with a rule file or with facts, told to a merchant: place, words, way out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from ordinance.rules.chinese import chinese
from ordinance.rules.kinds import Words
from ordinance.rules.tree import Place

MOST_SHOWN = 50

Severity: TypeAlias = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""How grave a problem can be, the gravest first."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `message` is lower case, without a final full stop, merchant words in
    backticks; `help` says how to write it right."""

    code: str
    message: str
    place: Place | None = None
    help: str | None = None
    severity: Severity = "error"

    def __str__(self) -> str:
        return self.text("en")

    def words(self, lang: str) -> str:
        """What is wrong, in `lang` (`en` or `zh`)."""
        return _said(self.message, lang)

    def way_out(self, lang: str) -> str | None:
        """How to write it right, in `lang`; None where nothing needs to be done."""
        return None if self.help is None else _said(self.help, lang)

    def example_in(self, lang: str) -> str | None:
        """An order for which it is so, in `lang`; None where there is none to show."""
        return None

    def text(self, lang: str) -> str:
        """The problem with its place, example and way out, in `lang` (`en` or `zh`)."""
        where = f"{self.place}: " if self.place else ""
        text = f"{where}{_WORDS[self.severity].get(lang)} {self.code}: {self.words(lang)}"
        for name, told in (("example", self.example_in(lang)), ("help", self.way_out(lang))):
            if told:
                text += f"\n  {_WORDS[name].get(lang)}: {told}"
        return text


def gravity(problem: Problem) -> int:
    """Sorts the gravest problem first."""
    return SEVERITIES.index(problem.severity)


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
    "example": Words("例如", "for example"),
    "help": Words("改法", "help"),
}


def _said(text: str, lang: str) -> str:
    return (chinese(text) or text) if lang == "zh" else text
