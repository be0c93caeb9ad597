"""The tests in a rule file: facts given, outcome and fired rules expected."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from ordinance.rules.kinds import Kind
from ordinance.rules.point import Fact
from ordinance.rules.reading.context import Context
from ordinance.rules.reading.keys import read_items, read_keys, read_words, taken_once, twins
from ordinance.rules.reading.nodes import Entry, Map, Node, Seq, described
from ordinance.rules.reading.outcomes import read_outcome
from ordinance.rules.reading.slots import Slot, read_single, slot_of
from ordinance.rules.scalar import clip
from ordinance.rules.tree import Case, Outcome, Place

_GROUPS = {"lines": "line.", "candidates": "candidate."}
_EXPECTED = ("fired", "ranking")


def read_cases(
    entry: Entry | None, context: Context, ids: Collection[str], *, points: bool
) -> tuple[Case, ...]:
    """The cases of `tests:`; `ids` are the rules that can fire."""
    cases = []
    for node in read_items(entry, context.findings, "test"):
        before = context.findings.errors
        found = read_keys(
            node,
            ("name", "given", "expect", "at"),
            context.findings,
            "a test",
            required=("name", "given", "expect"),
        )
        name = read_words(found.get("name"), context.findings)
        given = _given(found["given"].value, context) if "given" in found else None
        at = _at(found.get("at"), context)
        if "expect" not in found:
            continue
        expected = _expected(found["expect"].value, context, ids, points)
        if name is None or given is None or expected is None:
            continue
        if context.findings.errors == before:
            cases.append(
                Case(
                    name,
                    given,
                    expected.outcome,
                    expected.fired,
                    node.place,
                    points=expected.points,
                    ranking=expected.ranking,
                    at=at.isoformat() if at else None,
                )
            )
    return tuple(cases)


def _given(node: Node, context: Context) -> Mapping[str, object] | None:
    if not isinstance(node, Map):
        context.findings.error(
            "E_TYPE", f"`given` is {described(node)}", node.place, "write `fact: value`"
        )
        return None
    groups = twins(_GROUPS)
    facts: dict[str, object] = {}
    found: dict[str, Entry] = {}
    for entry in node.entries:
        group = groups.get(entry.key.text)
        name = group or _fact_value(entry, context, facts)
        if name is None or not taken_once(name, entry, found, context.findings):
            continue
        found[name] = entry
        if group is not None:
            facts[group] = _members(entry, group, context)
    return facts


def _members(entry: Entry, group: str, context: Context) -> tuple[Mapping[str, object], ...]:
    """The lines of an order (there may be none), or the candidates."""
    if isinstance(entry.value, Seq) and not entry.value.items:
        return ()
    members = []
    for node in read_items(entry, context.findings, "item"):
        facts: dict[str, object] = {}
        found: dict[str, Entry] = {}
        if not isinstance(node, Map):
            context.findings.error(
                "E_TYPE", f"one of `{group}` is {described(node)}", node.place, "write a map"
            )
            continue
        for item in node.entries:
            name = _fact_value(item, context, facts, group)
            if name is not None and taken_once(name, item, found, context.findings):
                found[name] = item
        members.append(facts)
    return tuple(members)


def _fact_value(
    entry: Entry, context: Context, facts: dict[str, object], group: str | None = None
) -> str | None:
    """Put one fact into `facts`; its name, or None after the problem was noted."""
    fact = context.words.fact(entry.key, context.findings)
    if fact is None:
        return None
    home = _home(fact, context)
    if home != group:
        context.findings.error(
            "E_TYPE",
            f"`{fact.name}` is given in the wrong place",
            entry.key.place,
            f"give it under `{home}:`" if home else "give it beside the facts of the order",
        )
        return None
    value = (
        _tags(entry.value, fact, context) if fact.kind is Kind.TAGS else _one(entry, fact, context)
    )
    if value is not None:
        facts.setdefault(fact.name, value)
    return fact.name


def _home(fact: Fact, context: Context) -> str | None:
    """`lines` or `candidates` for a fact that each of them has; None for one of the order."""
    if context.words.point.one_line and fact.name.startswith(_GROUPS["lines"]):
        return None
    return next((group for group, part in _GROUPS.items() if fact.name.startswith(part)), None)


def _one(entry: Entry, fact: Fact, context: Context) -> object:
    return read_single(entry.value, slot_of(fact), context.findings, context.zone)


def _tags(node: Node, fact: Fact, context: Context) -> object:
    nodes = node.items if isinstance(node, Seq) else [node]
    element = slot_of(fact).element()
    read = [read_single(item, element, context.findings) for item in nodes]
    return frozenset(tag for tag in read if isinstance(tag, str))


@dataclass(frozen=True, slots=True)
class _Expected:
    outcome: Outcome
    fired: tuple[str, ...] | None
    ranking: tuple[str, ...] | None
    points: int | None


def _expected(node: Node, context: Context, ids: Collection[str], points: bool) -> _Expected | None:
    if not isinstance(node, Map) or not node.entries:
        context.findings.error(
            "E_EMPTY" if isinstance(node, Map) else "E_TYPE",
            "`expect` must say what the rules decide",
            node.place,
            "write the outcome, `fired: [...]`, or both",
        )
        return None
    spellings = twins(_EXPECTED)
    lists: dict[str, Entry] = {}
    rest = Map(node.place)
    for entry in node.entries:
        name = spellings.get(entry.key.text)
        if name is None:
            rest.entries.append(entry)
        elif taken_once(name, entry, lists, context.findings):
            lists[name] = entry
    fired = _texts(lists.get("fired"), context)
    for id, place in fired or ():
        # Without any id the rules themselves could not be read, which was told.
        if id not in ids and (ids or not context.findings.failed):
            context.findings.unknown_word(
                "E_REF", f"there is no rule `{clip(id)}`", id, place, ids, "name a rule by its id"
            )
    ranking = _texts(lists.get("ranking"), context)
    outcome: Outcome | None = {}
    if rest.entries:
        outcome = read_outcome(rest, context, "`expect`", points=points, params=False)
    if outcome is None:
        return None
    sum_ = outcome.get("points") if points else None
    return _Expected(
        {name: value for name, value in outcome.items() if not (points and name == "points")},
        None if fired is None else tuple(id for id, _ in fired),
        None if ranking is None else tuple(code for code, _ in ranking),
        sum_ if isinstance(sum_, int) else None,
    )


def _texts(entry: Entry | None, context: Context) -> list[tuple[str, Place]] | None:
    """The texts of a list that may be empty, with their places."""
    if entry is None:
        return None
    if not isinstance(entry.value, Seq):
        context.findings.error(
            "E_TYPE",
            f"`{entry.key.text}` is {described(entry.value)}, not a list",
            entry.value.place,
            "write `[a, b]`, or `[]` for none",
        )
        return None
    texts = []
    for node in entry.value.items:
        text = read_single(node, Slot(entry.key.text, Kind.TEXT), context.findings)
        if isinstance(text, str):
            texts.append((text, node.place))
    return texts


def _at(entry: Entry | None, context: Context) -> datetime | None:
    if entry is None:
        return None
    value = read_single(entry.value, Slot("at", Kind.INSTANT), context.findings, context.zone)
    return value if isinstance(value, datetime) else None
