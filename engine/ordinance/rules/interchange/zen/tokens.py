"""The tokens of an expression."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ordinance.rules.interchange.zen.syntax import ZenSyntaxError

MOST_CHARACTERS = 10_000

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<number>[0-9][0-9_]*(?:\.(?![.])[0-9_]*)?(?:[eE][+-]?[0-9]+)?)
      | (?P<text>"[^"]*"|'[^']*'|`[^`]*`)
      | (?P<sign>==|!=|>=|<=|\?\?|\.\.|[][(){}<>!=,.:;?+\-*/%^])
      | (?P<word>not\ in(?=[ ])|[A-Za-z_$#][A-Za-z0-9_$#]*)""",
    re.VERBOSE,
)
_QUOTES = "\"'`"


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `kind` is `number`, `text`, `sign`, `word` or `end`."""

    kind: str
    text: str


def tokens(text: str) -> list[Token]:
    """The tokens of `text`, with one of kind `end` after them. Raises `ZenSyntaxError`."""
    if len(text) > MOST_CHARACTERS:
        raise ZenSyntaxError(f"it is longer than {MOST_CHARACTERS} characters")
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            sign = text[at]
            raise ZenSyntaxError(
                f"the quote `{sign}` is not closed"
                if sign in _QUOTES
                else f"`{sign}` means nothing"
            )
        kind = match.lastgroup or ""
        if kind == "word" and match.group().startswith("not "):
            found.append(Token("word", "not in"))
        elif kind != "space":
            found.append(Token(kind, match.group()))
        at = match.end()
    found.append(Token("end", ""))
    return found
