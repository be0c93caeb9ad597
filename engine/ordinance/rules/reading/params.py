"""A parameter: unit, what the merchant may set, and its dated values."""

from __future__ import annotations

import re
from dataclasses import replace

from ordinance.rules.kinds import Kind, Value
from ordinance.rules.reading.context import Named
from ordinance.rules.reading.dated import dated_nodes
from ordinance.rules.reading.findings import Findings
from ordinance.rules.reading.keys import read_flag, read_keys, read_text, read_words
from ordinance.rules.reading.nodes import Entry, Map
from ordinance.rules.reading.slots import Slot, in_range, precedes, read_single
from ordinance.rules.scalar import clip
from ordinance.rules.tree import Comparator, Dated, Param
from ordinance.rules.words import COMPARATORS, COMPARATORS_OF, UNITS

_UNIT_CODES = {words.zh: code for code, words in reversed(UNITS.items())}
_KEYS = ("unit", "merchant_may_set", "values", "value", "locked", "label", "source")
_BOUNDS = {
    spelling: bound.value
    for bound in (Comparator.AT_LEAST, Comparator.AT_MOST)
    for spelling in (bound.value, COMPARATORS[bound].zh)
}


def read_param(named: Named, slot: Slot, findings: Findings) -> Param | None:
    """The parameter, its values typed as `slot` says; None after the problems were noted."""
    what = f"parameter `{named.name}`"
    before = findings.errors
    found = read_keys(named.entry.value, _KEYS, findings, what)
    if findings.errors > before and not found:
        return None
    slot = _with_unit(slot, found.get("unit"), what, findings)
    low, high = _merchant_bounds(found.get("merchant_may_set"), slot, what, findings)
    dated = dated_nodes(found, named, what, findings)
    values = []
    for start, node in dated:
        value = read_single(node, slot, findings)
        if value is None:
            continue
        # What the merchant may set; said so, because the file itself draws that line.
        allowed = replace(
            slot, name=f"{named.name}` by `merchant_may_set", at_least=low, at_most=high
        )
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
            "E_TYPE", f"`{clip(unit)}` is not a currency", place, f"write {_currency(unit)}"
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


def _currency(written: str) -> str:
    code = written.upper()
    if code in ("元", "¥", "￥", "RMB", "人民币", "块", "YUAN"):
        code = "CNY"
    return f"`{code}`" if re.fullmatch(r"[A-Z]{3}", code) else "a code such as `CNY`"


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
