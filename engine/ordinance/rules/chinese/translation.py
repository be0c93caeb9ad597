"""English messages of the reader in Chinese, by a list of sentences with holes.

A sentence stands once where it is raised, in English, and once here. What fills a hole in
backticks is a word of the merchant and stays; any other hole is a phrase, and is translated too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ordinance.rules.chinese.facts import FACTS
from ordinance.rules.chinese.helps import HELPS
from ordinance.rules.chinese.law import LAW
from ordinance.rules.chinese.messages import MESSAGES
from ordinance.rules.chinese.phrases import PHRASES

_HOLE = re.compile(r"<(\d)>")
_QUOTED = re.compile(r"`[^`]*`")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_DEEPEST = 6
_SUFFIX = ("<1> (`<2>`)", "<1> (`<2>`, in <3>)")
"""Where a value stands; said after any sentence, so it is taken off first."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    pattern: re.Pattern[str]
    translated: str
    quoted: frozenset[str]
    """The numbers of the holes that stand in backticks."""


def chinese(text: str) -> str | None:
    """The sentence in Chinese, or None where the list does not hold it."""
    translated = _translated(text, 0)
    return None if translated is None else _spaced(translated)


def sentences() -> dict[str, str]:
    """Every English sentence with its Chinese one; holes are `<1>`, `<2>` ..."""
    pairs: dict[str, str] = {}
    for part in (MESSAGES, HELPS, PHRASES, FACTS, LAW):
        lines = [line for line in part.splitlines() if line.strip()]
        for english, translated in zip(lines[::2], lines[1::2], strict=True):
            if english.startswith(" ") or not translated.startswith("    "):
                raise ValueError(f"`{english}` stands without its Chinese sentence")
            if english in pairs:
                raise ValueError(f"`{english}` stands there twice")
            pairs[english] = translated.strip()
    return pairs


def _translated(text: str, depth: int) -> str | None:
    if depth > _DEEPEST:
        return None
    for sentence in _sentences():
        found = sentence.pattern.fullmatch(text)
        if found is not None:
            return _filled(sentence, found, depth)
    return None


def _filled(sentence: _Sentence, found: re.Match[str], depth: int) -> str:
    def filled(hole: re.Match[str]) -> str:
        part = found[f"h{hole[1]}"]
        if hole[1] in sentence.quoted:
            return part
        return _translated(part, depth + 1) or part

    return _HOLE.sub(filled, sentence.translated)


def _spaced(text: str) -> str:
    """The text with a blank between a Chinese character and a word in backticks."""
    spaced = ""
    for part in re.split(r"(`[^`]*`)", text):
        before, after = spaced[-1:], part[:1]
        apart = (before == "`" and _CHINESE.match(after)) or (
            after == "`" and _CHINESE.match(before)
        )
        spaced += f" {part}" if apart else part
    return spaced


@lru_cache(maxsize=1)
def _sentences() -> list[_Sentence]:
    """Every sentence: without holes first, then those that end with a place, then the others,
    the ones with the most letters of their own first."""
    pairs = sorted(
        sentences().items(),
        key=lambda pair: (
            _HOLE.search(pair[0]) is not None,
            pair[0] not in _SUFFIX,
            -len(_HOLE.sub("", pair[0])),
        ),
    )
    return [_sentence(english, translated) for english, translated in pairs]


def _sentence(english: str, translated: str) -> _Sentence:
    quoted = frozenset(
        number for part in _QUOTED.findall(english) for number in _HOLE.findall(part)
    )
    parts = _HOLE.split(english)
    pattern = re.escape(parts[0])
    for number, text in zip(parts[1::2], parts[2::2], strict=True):
        inside = "[^`]*" if number in quoted else ".*?"
        pattern += f"(?P<h{number}>{inside}){re.escape(text)}"
    return _Sentence(re.compile(pattern, re.S), translated, quoted)
