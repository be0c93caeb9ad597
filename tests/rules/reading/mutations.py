"""Small damages to a rule file, each of which must be refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, TypeAlias

import yaml

from ordinance.rules.tree import Comparator
from ordinance.rules.words import COMPARATORS_OF
from tests.rules.sample_point import POINTS

FREE = frozenset({"version", "title", "name", "owner", "source", "label", "reason", "added_by"})
"""Keys whose value may be any text."""

NAMING = frozenset({"hit", "decision", "as_of", "most_specific", "most", "least", "columns"})
"""Keys whose value must be one of the declared words."""

CHOICES = frozenset(
    choice.code
    for point in POINTS.values()
    for item in (*point.facts, *point.fields)
    for choice in item.choices
)
FACTS = {fact.name: fact for point in POINTS.values() for fact in point.facts}
NUMBER = re.compile(r"-?\d+(\.\d+)?%?")
NOT_NUMBERS = (
    "abc",
    "1e3",
    "１０",
    "٣",
    "0x10",
    "1_000",
    ".inf",
    ".nan",
    "0123",
    "12 pcs",
    "$",
    "1,5",
)
SCRATCHES = ("", "", "{", "}", "[", "]", ":", ": ", ",", "$", "'", '"', "~", "\n", "- ", "&a ", "0")
NOTHING = ('""', "~", "null", "''")
NOT_COMPARATORS = ('">="', '"=="', "equals", "gte", "大于", "not_in", "at-least", "IS", "between_")
BOUNDS = (("at_least", "at_most"), ("at_least", "below"), ("from", "to"))


@dataclass(frozen=True)
class Site:
    """A node of the file: where it stands, and the keys that lead to it."""

    start: int
    end: int
    path: tuple[str, ...]
    is_key: bool
    text: str | None
    node: Any


Mutation: TypeAlias = tuple[str, Callable[[str, list[Site], Random], str | None]]


def sites(text: str) -> list[Site]:
    """Every node of the file."""
    return list(_walk(yaml.compose(text, Loader=yaml.BaseLoader), ()))


def _walk(node: Any, path: tuple[str, ...], is_key: bool = False) -> Iterator[Site]:
    text = node.value if isinstance(node, yaml.ScalarNode) else None
    yield Site(node.start_mark.index, node.end_mark.index, path, is_key, text, node)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _walk(key, path, is_key=True)
            yield from _walk(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _walk(item, path)


def replaced(text: str, site: Site, new: str) -> str:
    return text[: site.start] + new + text[site.end :]


def misspell(word: str, random: Random) -> str:
    """The word with one slip of the finger."""
    at = random.randrange(len(word))
    slips = (
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + random.choice("qxzаο") + word[at + 1 :],
        word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    )
    return random.choice(slips)


def misspelt_key(text: str, all_sites: list[Site], random: Random) -> str | None:
    keys = [
        site
        for site in all_sites
        # Another date is no misspelling, and a name may be anything.
        if site.is_key and site.path[-1:] not in _DECLARING and not (site.text or "")[:1].isdigit()
    ]
    site = random.choice(keys)
    return _misspelt(text, site, random)


def misspelt_word(text: str, all_sites: list[Site], random: Random) -> str | None:
    named = [
        site
        for site in all_sites
        if site.text and not site.is_key and site.path and _names(site, site.text)
    ]
    return _misspelt(text, random.choice(named), random)


def text_for_a_number(text: str, all_sites: list[Site], random: Random) -> str | None:
    numbers = [
        site
        for site in all_sites
        if site.text
        and not site.is_key
        and NUMBER.fullmatch(site.text)
        and site.path[-1] not in FREE
    ]
    return replaced(text, random.choice(numbers), random.choice(NOT_NUMBERS)) if numbers else None


def nothing_for_a_value(text: str, all_sites: list[Site], random: Random) -> str | None:
    values = [
        site
        for site in all_sites
        if not site.is_key and site.path and (site.text or getattr(site.node, "flow_style", False))
    ]
    return replaced(text, random.choice(values), random.choice(NOTHING))


def wrong_comparator(text: str, all_sites: list[Site], random: Random) -> str | None:
    words = {word.value for word in Comparator}
    keys = [site for site in all_sites if site.is_key and site.text in words and site.path]
    if not keys:
        return None
    site = random.choice(keys)
    fact = FACTS.get(site.path[-1])
    unfit = [word.value for word in Comparator if fact and word not in COMPARATORS_OF[fact.kind]]
    return replaced(text, site, random.choice([*unfit, *NOT_COMPARATORS]))


def swapped_bounds(text: str, all_sites: list[Site], random: Random) -> str | None:
    pairs = []
    for site in all_sites:
        if not isinstance(site.node, yaml.MappingNode):
            continue
        values = {key.value: value for key, value in site.node.value}
        for low, high in BOUNDS:
            bounds = values.get(low), values.get(high)
            if all(_is_bound(bound) for bound in bounds):
                pairs.append(bounds)
    if not pairs:
        return None
    one, other = sorted(random.choice(pairs), key=lambda node: node.start_mark.index)
    first, second = one.start_mark.index, other.start_mark.index
    return (
        text[:first]
        + text[second : other.end_mark.index]
        + text[one.end_mark.index : second]
        + text[first : one.end_mark.index]
        + text[other.end_mark.index :]
    )


def transplanted(text: str, all_sites: list[Site], random: Random) -> str:
    """A file with one node put in the place of another: seldom a rule file any more."""
    return replaced(text, random.choice(all_sites), _source(text, random.choice(all_sites)))


def scratched(text: str, random: Random) -> str:
    """A file with a few characters lost, doubled or replaced."""
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(text))
        text = text[:at] + random.choice(SCRATCHES) + text[at + random.choice((0, 1, 1, 5)) :]
    return text


MUTATIONS: tuple[Mutation, ...] = (
    ("misspelt key", misspelt_key),
    ("misspelt word", misspelt_word),
    ("text for a number", text_for_a_number),
    ("nothing for a value", nothing_for_a_value),
    ("wrong comparator", wrong_comparator),
    ("swapped bounds", swapped_bounds),
)

_DECLARING = (("params",), ("lists",))
_COMPARATORS = frozenset(word.value for word in Comparator)


def _source(text: str, site: Site) -> str:
    return " ".join(text[site.start : site.end].split("\n"))


def _names(site: Site, text: str) -> bool:
    return text.startswith("$") or text in CHOICES or site.path[-1] in NAMING


def _is_bound(node: Any) -> bool:
    """True for a number or date; a time of day may run over midnight."""
    return isinstance(node, yaml.ScalarNode) and bool(re.fullmatch(r"[0-9][0-9.-]*", node.value))


def _misspelt(text: str, site: Site, random: Random) -> str | None:
    assert site.text is not None
    wrong = misspell(site.text, random)
    if wrong == site.text or wrong in _COMPARATORS:
        # `none_of` without its first letter is another word of the language.
        return None
    return replaced(text, site, f'"{wrong}"')
