"""A list: dated entries, each of which may end and say why it is there."""

from __future__ import annotations

from datetime import date

from ordinance.rules import respelling
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.reading.context import Named
from ordinance.rules.reading.dated import dated_nodes
from ordinance.rules.reading.findings import Findings
from ordinance.rules.reading.keys import read_keys, read_text, read_words
from ordinance.rules.reading.nodes import Map, Node, Scalar, Seq, described
from ordinance.rules.reading.slots import Slot, read_single
from ordinance.rules.scalar import clip, plain
from ordinance.rules.tree import DatedEntries, ListEntry, NamedList

_KEYS = ("values", "value", "label", "source")
_ENTRY_KEYS = ("value", "until", "reason", "added_by")
_UNTIL = Slot("until", Kind.DATE)


def read_list(named: Named, slot: Slot, findings: Findings) -> NamedList | None:
    """The list, its values typed as `slot` says; None after the problems were noted."""
    what = f"list `{named.name}`"
    before = findings.errors
    found = read_keys(named.entry.value, _KEYS, findings, what)
    if findings.errors > before and not found:
        return None
    values = []
    for start, node in dated_nodes(found, named, what, findings):
        if not isinstance(node, Seq):
            findings.error("E_TYPE", f"{what} is {described(node)}", node.place, _as_list(node))
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


def _as_list(node: Node) -> str:
    if not isinstance(node, Scalar):
        return "write `[a, b]`"
    values = ", ".join(f'"{clip(part, 30)}"' for part in respelling.several(node.text))
    return f"write `[{values}]`"


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
    seen: set[Value] = set()
    for entry, item in zip(entries, node.items, strict=False):
        if entry.value in seen:
            value = clip(str(plain(entry.value)))
            findings.warning(
                "W_REPEATED", f"{what} holds `{value}` twice", item.place, "remove one"
            )
        seen.add(entry.value)
