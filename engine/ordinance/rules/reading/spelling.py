"""Which declared word a wrong word resembles: to the eye, or by its letters."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST = 80

# Letters of other scripts that print like Latin ones (after Unicode's UTS #39), lower case.
_CYRILLIC = dict(zip("аеорсухіјѕԁһӏвкмнтԛԝпг", "aeopcyxijsdhlbkmhtqwnr", strict=True))
_GREEK = dict(zip("αβγεηικνορτυχω", "abyenikvoptuxw", strict=True))
_OTHER = {"ı": "i", "ɑ": "a", "ɡ": "g", "‐": "-", "–": "-", "—": "-", "。": ".", "．": "."}
_ALIKE = str.maketrans({**_CYRILLIC, **_GREEK, **_OTHER})


@dataclass(frozen=True, slots=True)
class Closest:
    """A declared word, and whether the wrong one only differs by letters that look the same."""

    word: str
    alike: bool


def skeleton(word: str) -> str:
    """The word with look-alike letters made equal: two words with one skeleton look the same."""
    folded = unicodedata.normalize("NFKC", word)
    # Combining marks are dropped: `é` and `e` are too near for two names of one thing.
    bare = "".join(
        char for char in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(char)
    )
    return bare.casefold().translate(_ALIKE).strip()


def _near(word: str, words: list[str], *, least: float) -> list[str]:
    """The nearest of the words, or nothing. Facts of one area are as near as what follows it."""
    area, dot, name = word.partition(".")
    if not dot:
        return difflib.get_close_matches(word, words, n=1, cutoff=least)
    names = [item.partition(".")[2] for item in words if item.startswith(f"{area}.")]
    found = difflib.get_close_matches(name, names, n=1, cutoff=least)
    if found:
        return [f"{area}.{found[0]}"]
    return difflib.get_close_matches(word, words, n=1, cutoff=0.85)


def closest(word: str, known: Iterable[str]) -> Closest | None:
    """The declared word that `word` most likely stands for, or None."""
    if len(word) > LONGEST:
        return None
    words = list(dict.fromkeys(known))
    bones = skeleton(word)
    for candidate in words:
        if candidate != word and skeleton(candidate) == bones:
            return Closest(candidate, alike=not word.isascii() or candidate.lower() != word.lower())
    close = _near(word, words, least=0.6 if word.isascii() else 0.5)
    if not close:
        tails = [item for item in words if item.rpartition(".")[2] == word]
        close = tails[:1]
    return Closest(close[0], alike=False) if close else None
