"""The tokens of FEEL, where names may hold blanks and signs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ordinance.rules.interchange.cursor import Token, matches
from ordinance.rules.interchange.feel.syntax import KEYWORDS

MOST_NAMES = 500

_START = r"""(?P<space>\s+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)
      | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
      | (?P<text>"(?:[^"\\]|\\.)*")
      | (?P<at>@"[^"\\]*")
      | (?P<function>(?:date\s+and\s+time|years\s+and\s+months\s+duration)(?=\s*\())
      | (?P<operator>instance\s+of\b)"""
_END = r"""
      | (?P<sign>\*\*|!=|>=|<=|\.\.|[][(){}<>=,.:+\-*]|/(?!\*))
      | (?P<word>\?|[^\W\d]\w*)"""
_WORD = re.compile(r"[^\W\d]\w*(?:\s[^\W\d]\w*)*")
_SPACES = re.compile(r"\s+")


class Lexer:
    """Finds tokens; `names` are those that the file declares, which may look like calculations."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        odd = sorted({plain_name(name) for name in names if is_odd(plain_name(name))}, key=len)
        # The longest name that fits is meant, as the language says.
        listed = "|".join(
            re.escape(name).replace(r"\ ", r"\s+") for name in odd[: -MOST_NAMES - 1 : -1]
        )
        middle = rf"| (?P<name>(?:{listed})(?!\w))" if listed else ""
        self._pattern = re.compile(_START + middle + _END, re.VERBOSE | re.DOTALL)

    def tokens(self, text: str) -> list[Token]:
        """The tokens of `text`, with one of kind `end` after them. Raises `ExpressionError`.

        The others are of the kind `number`, `text`, `at`, `sign` or `word`.
        """
        found = []
        for token in matches(self._pattern, text):
            if token.kind in ("function", "operator", "name"):
                found.append(Token("word", plain_name(token.text)))
            elif token.kind != "space":
                found.append(token)
        found.append(Token("end", ""))
        return found


def plain_name(text: str) -> str:
    """A name with single blanks."""
    return _SPACES.sub(" ", text.strip())


def is_odd(name: str) -> bool:
    """Whether a name is only known as one where it is declared."""
    return bool(name) and name[0].isalpha() and not is_plain(name)


def is_plain(name: str) -> bool:
    """Whether a name consists of words that are no keywords."""
    return _WORD.fullmatch(name) is not None and KEYWORDS.isdisjoint(name.split())
