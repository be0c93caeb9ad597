"""A cell cut at words and signs that stand outside of quotes and brackets."""

from __future__ import annotations

import re

from ordinance.rules.interchange.evidence import Untranslatable
from ordinance.rules.interchange.plain.literals import QUOTES
from ordinance.rules.interchange.plain.spelling import AFTER, AND, OR, Spelled
from ordinance.rules.refusal import clip

QUOTED, INSIDE = "\ue000", "\ue001"
"""What stands in a mask for quoted text, and for what is in brackets."""

MOST_DEPTH = 8

_PUNCTUATION = str.maketrans("＞＜＝！（）［］【】｛｝～－％　：／", "><=!()[][]{}~-% :/")
_OPEN, _CLOSE = "([{", ")]}"
_SEPARATORS = re.compile("[,，、;；]")
_NO_BLANK = re.compile("[0-9],[0-9]|[0-9]，[0-9]{3}(?![0-9])")


_PHRASES = [phrase.split()[1] for spelled in AFTER.values() for phrase in spelled.en]
_CHINESE = "|".join(sorted((*OR.zh, *AND.zh), key=len, reverse=True))
_NO_PHRASE = rf"(?!(?:{'|'.join(_PHRASES)})(?:\s*$|\s+(?:or|and)\s|\s*(?:{_CHINESE})))"
"""What follows is not the rest of `5 or more`."""


def _between(spelled: Spelled) -> re.Pattern[str]:
    """Matches a word between two parts; an English one has blanks around it."""
    blanks = r"(?<!\s)\s+"  # begun in the middle, long blanks would take time by their square
    english = rf"{blanks}(?:{'|'.join(spelled.en)})\s+{_NO_PHRASE}"
    chinese = "|".join(sorted(spelled.zh, key=len, reverse=True))
    return re.compile(rf"{english}|(?:{blanks})?(?:{chinese})\s*", re.IGNORECASE)


ORS, ANDS = _between(OR), _between(AND)


class Piece:
    """A part of a cell: its text, and a mask of equal length in which every sign outside of quotes
    and brackets stands in its half-width form."""

    def __init__(self, text: str, mask: str | None = None) -> None:
        """Raises `Untranslatable` where a quote or a bracket has no other end."""
        self.text = text
        self.mask = _masked(text) if mask is None else mask

    def __bool__(self) -> bool:
        return bool(self.text)

    def part(self, start: int, end: int | None = None) -> Piece:
        """A part without the blanks around it."""
        text, mask = self.text[start:end], self.mask[start:end]
        left = len(mask) - len(mask.lstrip())
        right = len(mask.rstrip())
        return Piece(text[left:right], mask[left:right])

    def split(self, pattern: re.Pattern[str]) -> list[Piece]:
        """The parts between the matches of a pattern."""
        parts, start = [], 0
        for found in pattern.finditer(self.mask):
            parts.append(self.part(start, found.start()))
            start = found.end()
        return [*parts, self.part(start)]

    def items(self) -> list[Piece]:
        """The items of a list. Raises `Untranslatable`."""
        if _NO_BLANK.search(self.mask):
            raise Untranslatable(
                f"`{clip(self.text)}`: a list, a thousand or a decimal? In a list put a blank "
                "after each comma; in a number write no comma"
            )
        parts = self.split(_SEPARATORS)
        if len(parts) > 1 and not all(parts):
            raise Untranslatable("nothing stands between two commas")
        return parts

    @property
    def quoted(self) -> str | None:
        """The text in quotes, where the piece is that and nothing else."""
        if self.mask[:1] != QUOTED or set(self.mask) != {QUOTED}:
            return None
        closing = QUOTES[self.text[0]]
        inner = self.text[1:-1]
        if not self.text.endswith(closing) or closing in inner.replace(closing * 2, ""):
            return None
        return inner.replace(closing * 2, closing)

    @property
    def brackets(self) -> tuple[str, Piece, str] | None:
        """The signs around and what stands between, where the piece is in brackets as a whole."""
        mask = self.mask
        if len(mask) < 2 or mask[0] not in _OPEN or set(mask[1:-1]) - {INSIDE}:
            return None
        if mask[-1] not in _CLOSE:
            return None
        inner = self.text[1:-1]
        return mask[0], Piece(inner.strip()), mask[-1]


def _masked(text: str) -> str:
    signs: list[str] = []
    depth, closing = 0, ""
    folded = text.translate(_PUNCTUATION)
    for at, sign in enumerate(folded):
        if sign in (QUOTED, INSIDE):
            raise Untranslatable("it holds a character that means nothing")
        if closing:
            signs.append(INSIDE if depth else QUOTED)
            if text[at] == closing:
                closing = ""
            continue
        if text[at] in QUOTES:
            closing = QUOTES[text[at]]
            signs.append(INSIDE if depth else QUOTED)
            continue
        depth -= sign in _CLOSE
        if depth < 0:
            raise Untranslatable(f"`{sign}` closes no bracket")
        signs.append(INSIDE if depth else sign)
        depth += sign in _OPEN
        if depth > MOST_DEPTH:
            raise Untranslatable("brackets are nested too deeply")
    if closing:
        raise Untranslatable(f"the quote `{closing}` is missing")
    if depth:
        raise Untranslatable("a bracket is not closed")
    return "".join(signs)
