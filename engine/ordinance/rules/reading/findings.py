"""The problems found while a file is read, collected so that all are told at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from ordinance.rules.problem import MOST_SHOWN, Problem
from ordinance.rules.reading.spelling import closest
from ordinance.rules.refusal import clip
from ordinance.rules.tree import Place

MOST_KEPT = 500
_GLUED = re.compile(r"(?P<word>[^\s:：]+)[\s\u3000\xa0]*[:：][\s\u3000\xa0]*(?P<value>.+)", re.S)
"""A key and its value that YAML takes for one word."""


class Findings:
    """Errors and warnings in the order of discovery; hostile files cannot make it grow."""

    def __init__(self) -> None:
        self._problems: dict[Problem, None] = {}
        self._errors = 0
        self._suggestions = MOST_SHOWN

    @property
    def failed(self) -> bool:
        """True when the file must be refused."""
        return self._errors > 0

    @property
    def errors(self) -> int:
        """How many errors there were so far, to see whether a part added any."""
        return self._errors

    def error(self, code: str, message: str, place: Place, help: str | None = None) -> None:
        self._errors += 1
        self._keep(Problem(code, message, place, help))

    def warning(self, code: str, message: str, place: Place, help: str | None = None) -> None:
        self._keep(Problem(code, message, place, help, severity="warning"))

    def unknown_word(
        self,
        code: str,
        message: str,
        word: str,
        place: Place,
        known: Iterable[str],
        help: str | None = None,
    ) -> str | None:
        """An error for a word that nobody declared, with the declared word that it resembles.

        Returns that declared word.
        """
        known = list(known)
        glued = _GLUED.fullmatch(word)
        if glued is not None and glued["word"] in known:
            wide = next((char for char in "：\u3000\xa0" if char in word), "")
            lacking = {"：": "full-width colon", "": "no blank after the colon"}
            self.error(
                code,
                f"{lacking.get(wide, 'no ordinary blank after the colon')} in `{clip(word)}`",
                place,
                f"write `{clip(glued['word'])}: {clip(glued['value'])}`",
            )
            return glued["word"]
        found = None
        if self._suggestions > 0:
            self._suggestions -= 1
            found = closest(word, known)
        if found is not None:
            if found.alike:
                # One code for every name with letters of another script, whatever it names.
                code, message = "E_UNKNOWN_KEY", f"{message}; it only looks like `{found.word}`"
            help = f"did you mean `{found.word}`?"
        self.error(code, message, place, help)
        return found.word if found else None

    def sorted(self, severity: Literal["error", "warning"]) -> Sequence[Problem]:
        """The problems of one severity by their place in the file."""
        return sorted(
            (problem for problem in self._problems if problem.severity == severity),
            key=lambda p: (p.place.file, p.place.line, p.place.column) if p.place else ("", 0, 0),
        )

    def _keep(self, problem: Problem) -> None:
        if len(self._problems) < MOST_KEPT:
            self._problems.setdefault(problem, None)
