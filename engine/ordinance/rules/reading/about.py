"""What is said about a rule beside its condition and outcome: id, words, scope, time, owner."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from ordinance.rules.kinds import Kind, Value
from ordinance.rules.reading.context import Context
from ordinance.rules.reading.findings import Findings
from ordinance.rules.reading.keys import (
    missing_key,
    read_flag,
    read_items,
    read_keys,
    read_text,
    read_words,
    twins,
)
from ordinance.rules.reading.nodes import Entry, Map, Node, Scalar
from ordinance.rules.reading.slots import Slot, read_single, slot_of
from ordinance.rules.scalar import clip
from ordinance.rules.tree import Condition, Effective, Outcome, Place, Rule

ABOUT = ("id", "title", "because", "group", "scope", "effective", "locked", "owner", "source")
"""The keys that a rule and a table row share."""

_ID = re.compile(r"\w[\w.\-]{0,63}")


@dataclass(slots=True)
class Ids:
    """The ids of one decision; each stands once."""

    places: dict[str, Place] = field(default_factory=dict)

    def read(self, entry: Entry | None, place: Place, findings: Findings, what: str) -> str | None:
        """The id of a rule, or None after the problem was noted."""
        if entry is None:
            missing_key("id", place, findings, what)
            return None
        text = read_text(entry, findings)
        if text is None:
            return None
        where = entry.value.place
        if not _ID.fullmatch(text) or unicodedata.normalize("NFKC", text) != text:
            findings.error(
                "E_KEY",
                f"`{clip(text)}` cannot be an id",
                where,
                "use letters, digits, `-`, `_` and `.`, at most 64",
            )
            return None
        first = self.places.setdefault(text, where)
        if first is not where:
            findings.error(
                "E_DUP_KEY",
                f"the id `{text}` is already on line {first.line}",
                where,
                "an id names one rule for good; give this one another",
            )
        return text


def read_effective(entry: Entry | None, findings: Findings) -> Effective | None:
    """`effective: {from, to, daily: {from, to}}`."""
    if entry is None:
        return None
    found = read_keys(entry.value, ("from", "to", "daily"), findings, "`effective`")
    start = _bound(found.get("from"), Slot("from", Kind.DATE), findings)
    end = _bound(found.get("to"), Slot("to", Kind.DATE), findings)
    window = None
    if "daily" in found:
        times = read_keys(
            found["daily"].value, ("from", "to"), findings, "`daily`", required=("from", "to")
        )
        opens = _bound(times.get("from"), Slot("from", Kind.TIME_OF_DAY), findings)
        closes = _bound(times.get("to"), Slot("to", Kind.TIME_OF_DAY), findings)
        if isinstance(opens, time) and isinstance(closes, time):
            window = (opens, closes)
            if opens == closes:
                findings.error(
                    "E_RANGE",
                    "the daily window begins and ends at the same time",
                    found["daily"].value.place,
                    "remove `daily` for the whole day",
                )
    if isinstance(start, date) and isinstance(end, date) and end <= start:
        findings.error(
            "E_RANGE",
            "`from` is not before `to`; `to` is the first day that is out",
            entry.value.place,
            "swap the two dates",
        )
    if not found and isinstance(entry.value, Map) and not entry.value.entries:
        findings.error("E_EMPTY", "`effective` is empty", entry.value.place, "remove the key")
    return Effective(
        start if isinstance(start, date) else None, end if isinstance(end, date) else None, window
    )


def what_rule(node: Node) -> str:
    """How messages name a rule: by its id where it has one."""
    if isinstance(node, Map):
        for entry in node.entries:
            if entry.key.text in twins(("id",)) and isinstance(entry.value, Scalar):
                return f"rule `{clip(entry.value.text, 30)}`"
    return "a rule"


def build_rule(
    node: Node,
    found: Mapping[str, Entry],
    when: Condition | None,
    then: Outcome | None,
    context: Context,
    ids: Ids,
    what: str,
) -> Rule | None:
    """The rule with everything that is said about it; None when a part is missing or wrong."""
    findings = context.findings
    id = ids.read(found.get("id"), node.place, findings, what)
    title = read_words(found.get("title"), findings)
    if title is not None:
        title = context.sentence(found["title"], title)
    because = read_words(found.get("because"), findings)
    if because is not None:
        because = context.sentence(found["because"], because)
    group = read_text(found.get("group"), findings)
    scope = _read_scope(found.get("scope"), context)
    effective = read_effective(found.get("effective"), findings)
    locked = read_flag(found.get("locked"), findings)
    must = read_flag(found.get("must"), findings)
    owner = read_text(found.get("owner"), findings)
    source = read_words(found.get("source"), findings)
    if id is None or when is None or then is None:
        return None
    return Rule(
        id=id,
        when=when,
        then=then,
        place=node.place,
        title=title,
        because=because,
        group=group,
        scope=scope,
        effective=effective,
        locked=locked,
        must=must,
        owner=owner,
        source=source,
    )


def _read_scope(entry: Entry | None, context: Context) -> Mapping[str, tuple[str, ...]] | None:
    if entry is None:
        return None
    scopes = context.words.point.scopes
    found = read_keys(entry.value, tuple(scopes), context.findings, "`scope`")
    scope: dict[str, tuple[str, ...]] = {}
    for name, item in found.items():
        fact = context.words.find_fact(scopes[name])
        slot = slot_of(fact) if fact else Slot(name, Kind.TEXT)
        single = isinstance(item.value, Scalar)
        nodes = [item.value] if single else read_items(item, context.findings, "value")
        values = [read_single(node, slot, context.findings) for node in nodes]
        scope[name] = tuple(value for value in values if isinstance(value, str))
    if not found and isinstance(entry.value, Map) and not entry.value.entries:
        context.findings.error("E_EMPTY", "`scope` is empty", entry.value.place, "remove the key")
    return scope


def _bound(entry: Entry | None, slot: Slot, findings: Findings) -> Value | None:
    return None if entry is None else read_single(entry.value, slot, findings)
