"""Parameters and lists: declared first, typed once every use of them is known."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from ordinance.rules.kinds import Kind
from ordinance.rules.reading.context import Named
from ordinance.rules.reading.findings import Findings
from ordinance.rules.reading.keys import twins
from ordinance.rules.reading.lists import read_list
from ordinance.rules.reading.nodes import Entry, Map, Node, Scalar, Seq, described
from ordinance.rules.reading.params import read_param
from ordinance.rules.reading.slots import Slot, precedes
from ordinance.rules.scalar import ScalarError, clip, parse
from ordinance.rules.tree import NamedList, Param

_GUESSES = (Kind.DECIMAL, Kind.RATIO, Kind.DATE, Kind.TIME_OF_DAY, Kind.DURATION, Kind.REGION)
_NOT_VALUES = twins(("unit", "locked", "label", "source", "reason", "added_by", "until"))
_NAME = re.compile(r"[^\W\d]\w{0,63}")


def declare(
    params: Entry | None, lists: Entry | None, findings: Findings, known: Mapping[str, Named]
) -> dict[str, Named]:
    """The names under `params:` and `lists:`, beside those `known` from the whole file."""
    named: dict[str, Named] = {}
    sorts: tuple[tuple[Literal["param", "list"], Entry | None], ...] = (
        ("param", params),
        ("list", lists),
    )
    for sort, section in sorts:
        if section is None:
            continue
        if not isinstance(section.value, Map):
            findings.error(
                "E_TYPE",
                f"`{section.key.text}` is {described(section.value)}, not a map",
                section.value.place,
                "write `name: {value: ...}`",
            )
            continue
        for entry in section.value.entries:
            name = entry.key.text
            if not is_name(entry.key, findings):
                # What the rules call it is known all the same.
                usual = re.sub(r"\W", "_", name)
                named.setdefault(usual, Named(sort, usual, entry))
                continue
            first = named.get(name) or known.get(name)
            if first is not None:
                line = first.entry.key.place.line
                findings.error(
                    "E_DUP_KEY",
                    f"`{name}` is already declared on line {line}",
                    entry.key.place,
                    "give one of the two another name",
                )
                continue
            named[name] = Named(sort, name, entry)
    return named


def is_name(key: Scalar, findings: Findings) -> bool:
    """False, with a problem, for a text that cannot be the name of a parameter or list."""
    name = key.text
    if _NAME.fullmatch(name) and unicodedata.normalize("NFKC", name) == name:
        return True
    typed = key.plain and name[:1].isdigit()
    usual = re.sub(r"\W", "_", unicodedata.normalize("NFKC", name))
    findings.error(
        "E_KEY_TYPE" if typed else "E_KEY",
        f"`{clip(name)}` cannot be a name",
        key.place,
        f"write `{usual}`"
        if _NAME.fullmatch(usual)
        else "begin with a letter, then letters, digits and `_` (at most 64)",
    )
    return False


@dataclass(frozen=True, slots=True)
class Values:
    """The typed parameters and lists of a file, by name."""

    params: Mapping[str, Param]
    lists: Mapping[str, NamedList]


def typed(named: Mapping[str, Named], findings: Findings) -> Values:
    """Every declared name with the type that its uses give it.

    An unused one is warned about and left out, after its own spelling was checked.
    """
    params: dict[str, Param] = {}
    lists: dict[str, NamedList] = {}
    for item in named.values():
        if not item.uses and findings.failed:
            # The rule that uses it may be the one that could not be read.
            continue
        slot = _slot(item, findings)
        if slot is None:
            continue
        kept = item.uses or item.in_sentences
        if item.sort == "param":
            param = read_param(item, slot, findings)
            if param is not None and kept:
                params[item.name] = param
        else:
            named_list = read_list(item, slot, findings)
            if named_list is not None and kept:
                lists[item.name] = named_list
    return Values(params, lists)


def _slot(named: Named, findings: Findings) -> Slot | None:
    """What the uses say about the values; None when they disagree."""
    if not named.uses:
        findings.warning(
            "W_UNUSED",
            f"no rule uses `${named.name}`",
            named.entry.key.place,
            f"remove it, or write `${named.name}` in a rule",
        )
        return Slot(named.name, _apparent_kind(named.entry.value))
    first = named.uses[0].slot
    lows, highs = [], []
    for use in named.uses:
        if not use.slot.like(first):
            findings.error(
                "E_TYPE",
                f"`${named.name}` stands for {use.slot.described()} here, but on line "
                f"{named.uses[0].place.line} for {first.described()}",
                use.place,
                "declare two names, one for each meaning",
            )
            return None
        lows += [use.slot.at_least] if use.slot.at_least is not None else []
        highs += [use.slot.at_most] if use.slot.at_most is not None else []
    slot = replace(first, name=named.name, at_least=None, at_most=None)
    for low in lows:
        if slot.at_least is None or precedes(slot.at_least, low):
            slot = replace(slot, at_least=low)
    for high in highs:
        if slot.at_most is None or precedes(high, slot.at_most):
            slot = replace(slot, at_most=high)
    return slot


def _apparent_kind(node: Node) -> Kind:
    """What the values of an unused name look like: the first kind that all of them may be."""
    texts = [scalar.text for scalar in _values(node)]
    return next((kind for kind in _GUESSES if all(_fits(text, kind) for text in texts)), Kind.TEXT)


def _values(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Seq):
        for item in node.items:
            yield from _values(item)
    else:
        for entry in node.entries:
            if entry.key.text not in _NOT_VALUES:
                yield from _values(entry.value)


def _fits(text: str, kind: Kind) -> bool:
    try:
        parse(text, kind)
    except ScalarError:
        return False
    return True
