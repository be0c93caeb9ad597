"""The tokens of an expression."""

from __future__ import annotations

import re

from ordinance.rules.interchange.cursor import Token, matches

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<number>[0-9][0-9_]*(?:\.(?![.])[0-9_]*)?(?:[eE][+-]?[0-9]+)?)
      | (?P<text>"[^"]*"|'[^']*'|`[^`]*`)
      | (?P<sign>==|!=|>=|<=|\?\?|\.\.|[][(){}<>!=,.:;?+\-*/%^])
      | (?P<word>not\ in(?=[ ])|[A-Za-z_$#][A-Za-z0-9_$#]*)""",
    re.VERBOSE,
)


def tokens(text: str) -> list[Token]:
    """The tokens of `text`, with one of kind `end` after them. Raises `ExpressionError`.

    The others are of the kind `number`, `text`, `sign` or `word`.
    """
    found: list[Token] = []
    for token in matches(_TOKEN, text):
        if token.kind == "word" and token.text.startswith("not "):
            found.append(Token("word", "not in"))
        elif token.kind != "space":
            found.append(token)
    found.append(Token("end", ""))
    return found
