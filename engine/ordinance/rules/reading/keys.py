"""The keys of a map: either spelling, no unknown one, none twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from ordinance.rules.kinds import Words
from ordinance.rules.reading import synonyms
from ordinance.rules.reading.findings import Findings
from ordinance.rules.reading.nodes import Entry, Map, Node, Scalar, Seq, described, is_cut
from ordinance.rules.reading.slots import is_filled
from ordinance.rules.scalar import BOOLEAN_SPELLINGS, clip
from ordinance.rules.tree import Comparator, Place
from ordinance.rules.words import COMPARATORS, KEYS

_YAML_TYPED = ("true", "false", "yes", "no", "on", "off")


def read_keys(
    node: Node,
    allowed: Sequence[str],
    findings: Findings,
    what: str,
    *,
    required: Iterable[str] = (),
    spellings: Mapping[str, str] | None = None,
) -> dict[str, Entry]:
    """The entries of a map by their English key, in file order.

    `what` names the map in messages.
    `spellings` (to the English key) replaces the twins of `allowed`.
    """
    if not isinstance(node, Map):
        findings.error(
            "E_TYPE",
            f"{what} is {described(node)}, not a map",
            node.place,
            f"write `{{{', '.join(f'{name}: ...' for name in allowed[:2])}}}`" if allowed else None,
        )
        return {}
    spellings = twins(allowed) if spellings is None else spellings
    found: dict[str, Entry] = {}
    meant: dict[str, Entry] = {}
    for entry in node.entries:
        name = spellings.get(entry.key.text)
        if name is None:
            word = unknown_key(entry.key, spellings, findings, what, cut=is_cut(entry))
            if word is not None:
                meant.setdefault(spellings[word], entry)
        elif taken_once(name, entry, found, findings):
            found[name] = entry
    for name, entry in meant.items():
        # The file is refused, and read on as it was meant, to tell what else is wrong in it. A
        # key that swallowed a part of its value is left alone.
        if not re.search("[:：]", entry.key.text):
            found.setdefault(name, entry)
    for name in required:
        if name not in found and name not in meant:
            missing_key(name, node.place, findings, what)
    return found


def twins(names: Iterable[str], zh: Mapping[str, str] = KEYS) -> dict[str, str]:
    """Both spellings of each name, to the English one."""
    spellings: dict[str, str] = {}
    for name in names:
        spellings[name] = name
        # A package may declare scopes of its own, which have one spelling.
        spellings[zh.get(name, name)] = name
    return spellings


def taken_once(name: str, entry: Entry, found: Mapping[str, Entry], findings: Findings) -> bool:
    """False, with a problem, when the other spelling of the key was already there."""
    first = found.get(name)
    if first is None:
        return True
    line = first.key.place.line
    findings.error(
        "E_DUP_KEY",
        f"`{clip(entry.key.text)}` says the same as `{clip(first.key.text)}` on line {line}",
        entry.key.place,
        f"keep one of the two, on line {line} or on line {entry.key.place.line}",
    )
    return False


def unknown_key(
    key: Scalar, known: Iterable[str], findings: Findings, what: str, cut: bool = False
) -> str | None:
    """An error for a key that means nothing here; `cut` when it looks like the rest of a text.

    Returns the key that was most likely meant.
    """
    words = list(known)
    typed = key.plain and (key.text.lower() in _YAML_TYPED or _is_number(key.text))
    usual = synonyms.key(key.text, words)
    if usual is not None and not cut:
        findings.error(
            "E_UNKNOWN_KEY",
            f"unknown key `{clip(key.text)}` in {what}",
            key.place,
            f"write {synonyms.both(usual)}",
        )
        return usual
    return findings.unknown_word(
        "E_KEY_TYPE" if typed else "E_UNKNOWN_KEY",
        f"unknown key `{clip(key.text)}` in {what}",
        key.text,
        key.place,
        words,
        "a comma ends a value inside `{...}`: put a text that holds one into double quotes, and "
        "write several values as `[a, b]`"
        if cut
        else f"keys here: {_listed(words, zh=not key.text.isascii())}",
    )


def missing_key(name: str, place: Place, findings: Findings, what: str) -> None:
    """An error for a key that must be there."""
    zh = KEYS[name] if name in KEYS else COMPARATORS[Comparator(name)].zh
    findings.error("E_REQUIRED", f"{what} has no `{name}`", place, f"add `{name}:` (or `{zh}:`)")


def read_text(entry: Entry | None, findings: Findings) -> str | None:
    """The text of an entry, or None."""
    if entry is None:
        return None
    node = entry.value
    if not isinstance(node, Scalar):
        findings.error(
            "E_TYPE",
            f"`{entry.key.text}` is {described(node)}, not a text",
            node.place,
            "write one text",
        )
        return None
    return node.text if is_filled(node, findings, entry.key.text) else None


def read_words(entry: Entry | None, findings: Findings) -> Words | None:
    """Words in both languages: `{zh: ..., en: ...}`; one text, or one language, serves both."""
    if entry is None:
        return None
    if isinstance(entry.value, Scalar):
        text = read_text(entry, findings)
        return Words(text, text) if text is not None else None
    found = read_keys(entry.value, ("zh", "en"), findings, f"`{entry.key.text}`")
    texts = {lang: read_text(item, findings) for lang, item in found.items()}
    zh, en = texts.get("zh"), texts.get("en")
    if zh is None and en is None:
        if isinstance(entry.value, Map) and not entry.value.entries:
            findings.error(
                "E_EMPTY", f"`{entry.key.text}` is empty", entry.value.place, "write `{zh: , en: }`"
            )
        return None
    return Words(zh or en or "", en or zh or "")


def read_flag(entry: Entry | None, findings: Findings) -> bool:
    """A yes-or-no entry; absent means no."""
    text = read_text(entry, findings)
    if entry is None or text is None:
        return False
    for value, spellings in BOOLEAN_SPELLINGS.items():
        if text in spellings:
            return value
    findings.error(
        "E_TYPE",
        f"`{entry.key.text}: {clip(text)}` is not yes or no",
        entry.value.place,
        "write `true` or `false` (`是` or `否`)",
    )
    return False


def read_items(entry: Entry | None, findings: Findings, what: str) -> list[Node]:
    """The items of a list entry; a list that is there must not be empty."""
    if entry is None:
        return []
    node = entry.value
    if not isinstance(node, Seq):
        findings.error(
            "E_TYPE",
            f"`{entry.key.text}` is {described(node)}, not a list",
            node.place,
            f"begin each {what} with `- `",
        )
        return []
    if not node.items:
        findings.error("E_EMPTY", f"`{entry.key.text}` is empty", node.place, "remove the key")
    return node.items


def _listed(words: Sequence[str], *, zh: bool) -> str:
    """The words of one language; those without a twin are in both."""
    shown = [word for word in words if word.isascii() is not zh] or words
    return ", ".join(f"`{word}`" for word in shown[:24])


def _is_number(text: str) -> bool:
    return text.lstrip("+-").replace(".", "", 1).isdecimal()
