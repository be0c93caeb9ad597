"""Texts that stand for all texts: every way in which comparisons of one text can come out.

A text is read between two marks, its start and its end. Then `is`, `starts_with`, `ends_with` and
`contains` all ask for a part of the marked text, and one walk over the automaton of these parts
meets every combination that some text has, each first by its shortest text.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from ordinance.rules.tree import Comparator

START, END = "\x02", "\x03"
"""Control characters, which no text of a rule file holds."""
_FILLERS = "xyzabcdefghijklmnopqrstuvwXYZABCDEFGHIJKLMNOPQRSTUVW0123456789"
_OTHERS = ("other", "another", "something else", "anything")


@dataclass(frozen=True, slots=True)
class Asked:
    """What one comparison looks for: any of the parts (of the marked text), or all of them."""

    parts: tuple[str, ...]
    every: bool = False


def asked(comparator: Comparator, texts: Sequence[str]) -> Asked | None:
    """What a comparison looks for; its opposite looks for the same. None for other comparators."""
    match comparator:
        case Comparator.IS | Comparator.IS_NOT | Comparator.ONE_OF | Comparator.NONE_OF:
            return Asked(tuple(f"{START}{text}{END}" for text in texts))
        case Comparator.STARTS_WITH:
            return Asked(tuple(f"{START}{text}" for text in texts))
        case Comparator.ENDS_WITH:
            return Asked(tuple(f"{text}{END}" for text in texts))
        case Comparator.CONTAINS | Comparator.CONTAINS_ALL:
            return Asked(tuple(texts), every=True)
        case Comparator.CONTAINS_ANY | Comparator.CONTAINS_NONE:
            return Asked(tuple(texts))
    return None


def texts_for(questions: Iterable[Asked], usual: Sequence[str], most: int) -> list[str] | None:
    """At least one text for each way in which the questions can come out, plain ones first.

    `usual` are ordinary values of the fact. None when more than `most` steps would be needed.
    """
    distinct = list(dict.fromkeys(questions))
    whole = [part[1:-1] for question in distinct for part in question.parts if _is_whole(part)]
    named = list(dict.fromkeys(whole))
    plain = [*usual, *_OTHERS]
    if all(_is_whole(part) for question in distinct for part in question.parts):
        other = next(text for text in chain(plain, _numbered()) if text not in named)
        return [*[text for text in usual if text in named or text == other], *named, other]
    found = _walked(distinct, most)
    # A named text comes first in its class: it says more than the shortest one.
    return None if found is None else [*plain, *named, *found]


def _numbered() -> Iterable[str]:
    number = 2
    while True:
        yield f"other {number}"
        number += 1


def _is_whole(part: str) -> bool:
    return part.startswith(START) and part.endswith(END)


def _walked(questions: Sequence[Asked], most: int) -> list[str] | None:
    bits: dict[str, int] = {}
    answered = 0
    for question in questions:
        # Any part answers a question for any; a question for all needs a bit for each part.
        for part in question.parts if question.every else question.parts[:1]:
            bits[part] = bits.get(part, 0) | (1 << answered)
            answered += 1
        if not question.every and question.parts:
            bit = 1 << (answered - 1)
            for part in question.parts[1:]:
                bits[part] = bits.get(part, 0) | bit
    automaton = _Automaton(bits)
    start = automaton.step(0, START)
    states = {(start, automaton.found[start]): ""}
    waiting = deque(states)
    ends: dict[int, str] = {}
    while waiting:
        node, seen = waiting.popleft()
        text = states[node, seen]
        last = automaton.step(node, END)
        ends.setdefault(seen | automaton.found[last], text)
        for char in automaton.ways(node):
            after = automaton.step(node, char)
            state = (after, seen | automaton.found[after])
            if state not in states:
                states[state] = text + char
                waiting.append(state)
        if len(states) > most:
            return None
    return list(ends.values())


class _Automaton:
    """Which of several parts end at each place of a text (Aho and Corasick)."""

    def __init__(self, bits: dict[str, int]) -> None:
        self._next: list[dict[str, int]] = [{}]
        self._back = [0]
        self.found = [0]
        """By node: the bits of the parts that end there."""
        letters = {char for part in bits for char in part}
        self._filler = next(char for char in _FILLERS + "\ue000" if char not in letters)
        for part, bit in bits.items():
            node = 0
            for char in part:
                if char not in self._next[node]:
                    self._next[node][char] = len(self._next)
                    self._next.append({})
                    self._back.append(0)
                    self.found.append(0)
                node = self._next[node][char]
            self.found[node] |= bit
        waiting = deque(self._next[0].values())
        while waiting:
            node = waiting.popleft()
            self.found[node] |= self.found[self._back[node]]
            for char, child in self._next[node].items():
                self._back[child] = self.step(self._back[node], char)
                waiting.append(child)

    def step(self, node: int, char: str) -> int:
        """The node after one more character."""
        while node and char not in self._next[node]:
            node = self._back[node]
        return self._next[node].get(char, 0)

    def ways(self, node: int) -> list[str]:
        """The characters that lead further than to the root, and one that does not."""
        ways: dict[str, None] = {self._filler: None}
        while True:
            ways.update(dict.fromkeys(self._next[node]))
            if node == 0:
                break
            node = self._back[node]
        return [char for char in ways if char not in (START, END)]
