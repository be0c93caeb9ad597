"""Parameters and lists: declared first, typed once every use of them is known."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from ordinance.rules.kinds import Kind, Value
from ordinance.rules.reading.context import Named
from ordinance.rules.reading.findings import Findings
from ordinance.rules.reading.keys import (
    missing_key,
    read_flag,
    read_keys,
    read_text,
    read_words,
    twins,
)
from ordinance.rules.reading.nodes import Entry, Map, Node, Scalar, Seq, described
from ordinance.rules.reading.slots import Slot, in_range, precedes, read_single, read_value
from ordinance.rules.scalar import clip
from ordinance.rules.tree import (
    Comparator,
    Dated,
    DatedEntries,
    ListEntry,
    NamedList,
    Param,
    Place,
)
from ordinance.rules.words import ALWAYS, COMPARATORS, COMPARATORS_OF, UNITS

_NAME = re.compile(r"[^\W\d]\w{0,63}")
_UNIT_CODES = {words.zh: code for code, words in reversed(UNITS.items())}
_DATE = Slot("the first day", Kind.DATE)
_UNTIL = Slot("until", Kind.DATE)
_PARAM_KEYS = ("unit", "merchant_may_set", "values", "value", "locked", "label", "source")
_LIST_KEYS = ("values", "value", "label", "source")
_ENTRY_KEYS = ("value", "until", "reason", "added_by")
_BOUNDS = {
    spelling: bound.value
    for bound in (Comparator.AT_LEAST, Comparator.AT_MOST)
    for spelling in (bound.value, COMPARATORS[bound].zh)
}


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
    findings.error(
        "E_KEY_TYPE" if typed else "E_KEY",
        f"`{clip(name)}` cannot be a name",
        key.place,
        "begin with a letter, then letters, digits and `_` (at most 64)",
    )
    return False


@dataclass(frozen=True, slots=True)
class Values:
    """The typed parameters and lists of a file, by name."""

    params: Mapping[str, Param]
    lists: Mapping[str, NamedList]


def typed(named: Mapping[str, Named], findings: Findings) -> Values:
    """Every declared name with the type that its uses give it; unused ones are warned about."""
    params: dict[str, Param] = {}
    lists: dict[str, NamedList] = {}
    for item in named.values():
        slot = _slot(item, findings)
        if slot is None:
            continue
        if item.sort == "param":
            param = _param(item, slot, findings)
            if param is not None:
                params[item.name] = param
        else:
            named_list = _list(item, slot, findings)
            if named_list is not None:
                lists[item.name] = named_list
    return Values(params, lists)


def _slot(named: Named, findings: Findings) -> Slot | None:
    """What the uses say about the values; None when there are none, or they disagree."""
    if not named.uses:
        findings.warning(
            "W_UNUSED",
            f"no rule uses `${named.name}`",
            named.entry.key.place,
            f"remove it, or write `${named.name}` in a rule",
        )
        return Slot(named.name, Kind.TEXT) if named.in_sentences else None
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


def _param(named: Named, slot: Slot, findings: Findings) -> Param | None:
    what = f"parameter `{named.name}`"
    before = findings.errors
    found = read_keys(named.entry.value, _PARAM_KEYS, findings, what)
    if findings.errors > before and not found:
        return None
    slot = _with_unit(slot, found.get("unit"), what, findings)
    low, high = _merchant_bounds(found.get("merchant_may_set"), slot, what, findings)
    dated = _dated_nodes(found, named, what, findings)
    values = []
    for start, node in dated:
        value = read_single(node, slot, findings)
        if value is None:
            continue
        allowed = replace(slot, name=f"{named.name} (merchant_may_set)", at_least=low, at_most=high)
        if in_range(value, allowed, node.place, findings):
            values.append(Dated(start, value))
    locked = read_flag(found.get("locked"), findings)
    label = read_words(found.get("label"), findings)
    source = read_words(found.get("source"), findings)
    if findings.errors > before:
        return None
    place = named.entry.key.place
    return Param(
        named.name, slot.kind, tuple(values), place, slot.unit, low, high, locked, label, source
    )


def _with_unit(slot: Slot, entry: Entry | None, what: str, findings: Findings) -> Slot:
    written = read_text(entry, findings)
    if entry is None or written is None:
        return slot
    unit = _UNIT_CODES.get(written, written)
    place = entry.value.place
    if slot.kind is Kind.MONEY:
        if re.fullmatch(r"[A-Z]{3}", unit):
            return replace(slot, unit=unit)
        findings.error(
            "E_TYPE", f"`{clip(unit)}` is not a currency", place, "write a code such as `CNY`"
        )
    elif slot.unit is not None and unit != slot.unit:
        findings.error(
            "E_TYPE",
            f"{what} is in `{clip(unit)}`, but it is compared with values in `{slot.unit}`",
            place,
            f"write `unit: {slot.unit}` and give the values in it",
        )
    elif slot.kind not in (Kind.INTEGER, Kind.DECIMAL):
        findings.error(
            "E_TYPE", f"{what} is {slot.described()}, which has no unit", place, "remove `unit`"
        )
    else:
        return replace(slot, unit=unit)
    return slot


def _merchant_bounds(
    entry: Entry | None, slot: Slot, what: str, findings: Findings
) -> tuple[Value | None, Value | None]:
    if entry is None:
        return (None, None)
    if Comparator.AT_LEAST not in COMPARATORS_OF[slot.kind]:
        findings.error(
            "E_TYPE",
            f"{what} is {slot.described()}, which has no range",
            entry.key.place,
            "remove `merchant_may_set`",
        )
        return (None, None)
    found = read_keys(
        entry.value,
        ("at_least", "at_most"),
        findings,
        "`merchant_may_set`",
        spellings=_BOUNDS,
    )
    if not found and isinstance(entry.value, Map) and not entry.value.entries:
        findings.error(
            "E_EMPTY",
            "`merchant_may_set` is empty",
            entry.value.place,
            "write `{at_least: , at_most: }`",
        )
    low = read_single(found["at_least"].value, slot, findings) if "at_least" in found else None
    high = read_single(found["at_most"].value, slot, findings) if "at_most" in found else None
    if low is not None and high is not None and precedes(high, low):
        findings.error(
            "E_RANGE", "`at_least` is above `at_most`", entry.value.place, "swap the two values"
        )
        return (None, None)
    return (low, high)


def _dated_nodes(
    found: Mapping[str, Entry], named: Named, what: str, findings: Findings
) -> list[tuple[date | None, Node]]:
    """Each value with its first day (None: always), earliest first."""
    if "value" in found and "values" in found:
        findings.error(
            "E_DUP_KEY",
            f"{what} has `value` and `values`",
            found["values"].key.place,
            "keep `values` for dated ones, `value` for a single one",
        )
    if "value" in found:
        return [(None, found["value"].value)]
    if "values" not in found:
        missing_key("values", named.entry.key.place, findings, what)
        return []
    node = found["values"].value
    if named.sort == "list" and isinstance(node, Seq):
        return [(None, node)]
    if not isinstance(node, Map) or not node.entries:
        findings.error(
            "E_EMPTY" if isinstance(node, Map) else "E_TYPE",
            f"the values of {what} are {described(node)}, not dates with values",
            node.place,
            "write `values: {2026-01-01: ...}`, or `value: ...` for a single one",
        )
        return []
    dated: dict[date | None, Entry] = {}
    for entry in node.entries:
        start: date | None = None
        if entry.key.text not in ALWAYS:
            day = read_value(entry.key, _DATE, findings)
            if not isinstance(day, date):
                continue
            start = day
        if start in dated:
            findings.error(
                "E_DUP_KEY",
                f"two values of {what} begin on the same day",
                entry.key.place,
                f"the other is on line {dated[start].key.place.line}",
            )
            continue
        dated[start] = entry
    return sorted(
        ((start, entry.value) for start, entry in dated.items()),
        key=lambda item: item[0] or date.min,
    )


def _list(named: Named, slot: Slot, findings: Findings) -> NamedList | None:
    what = f"list `{named.name}`"
    before = findings.errors
    found = read_keys(named.entry.value, _LIST_KEYS, findings, what)
    if findings.errors > before and not found:
        return None
    values = []
    for start, node in _dated_nodes(found, named, what, findings):
        if not isinstance(node, Seq):
            findings.error("E_TYPE", f"{what} is {described(node)}", node.place, "write `[a, b]`")
            continue
        if not node.items:
            findings.warning(
                "W_EMPTY_LIST", f"{what} is empty from {start or 'the start'} on", node.place
            )
        entries = [_list_entry(item, slot, findings) for item in node.items]
        whole = tuple(entry for entry in entries if entry is not None)
        _warn_repeated(whole, node, what, findings)
        values.append(DatedEntries(start, whole))
    label = read_words(found.get("label"), findings)
    source = read_words(found.get("source"), findings)
    if findings.errors > before:
        return None
    return NamedList(named.name, slot.kind, tuple(values), named.entry.key.place, label, source)


def _list_entry(node: Node, slot: Slot, findings: Findings) -> ListEntry | None:
    if not isinstance(node, Map):
        value = read_single(node, slot, findings)
        return None if value is None else ListEntry(value)
    found = read_keys(
        node,
        _ENTRY_KEYS,
        findings,
        f"an entry of `{slot.name}`",
        required=("value",),
        spellings=twins(_ENTRY_KEYS),
    )
    if "value" not in found:
        return None
    value = read_single(found["value"].value, slot, findings)
    until = read_single(found["until"].value, _UNTIL, findings) if "until" in found else None
    reason = read_words(found.get("reason"), findings)
    added_by = read_text(found.get("added_by"), findings)
    if value is None:
        return None
    return ListEntry(value, until if isinstance(until, date) else None, reason, added_by)


def _warn_repeated(
    entries: tuple[ListEntry, ...], node: Seq, what: str, findings: Findings
) -> None:
    seen: dict[Value, Place] = {}
    for entry, item in zip(entries, node.items, strict=False):
        if entry.value in seen:
            findings.warning(
                "W_REPEATED", f"{what} holds `{entry.value}` twice", item.place, "remove one"
            )
        seen[entry.value] = item.place
