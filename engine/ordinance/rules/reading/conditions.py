"""Conditions: a map means "and", a list means "one of", and the words that nest them."""

from __future__ import annotations

from typing import Literal

from ordinance.rules.kinds import Kind
from ordinance.rules.point import Fact
from ordinance.rules.reading import synonyms
from ordinance.rules.reading.context import Context
from ordinance.rules.reading.keys import read_items, read_keys, taken_once, twins
from ordinance.rules.reading.nodes import Entry, Map, Node, Scalar, Seq, described, is_cut
from ordinance.rules.reading.operands import (
    given_value,
    is_list,
    read_operands,
)
from ordinance.rules.reading.slots import Slot, precedes, read_value, slot_of
from ordinance.rules.scalar import KIND_WORDS, clip
from ordinance.rules.tree import (
    AllOf,
    AnyOf,
    Comparator,
    Condition,
    LineTest,
    NotOf,
    Operand,
    Place,
    SomeOf,
    Test,
)
from ordinance.rules.words import ALWAYS, COMPARATORS, COMPARATORS_OF

_COMPARATORS = {word.value: word for word in Comparator} | {
    words.zh: word for word, words in COMPARATORS.items()
}
_WORDS = twins(("any", "all", "not", "some", "any_line", "all_lines", "count_lines"))
_QUANTIFIERS: dict[str, Literal["any", "all", "count"]] = {
    "any_line": "any",
    "all_lines": "all",
    "count_lines": "count",
}
_COUNT = Slot("count_lines", Kind.INTEGER, at_least=0)
_LOWER = (Comparator.AT_LEAST, Comparator.ABOVE)
_UPPER = (Comparator.AT_MOST, Comparator.BELOW)


def read_when(node: Node, context: Context) -> Condition | None:
    """The condition of a rule: a map, or `always`."""
    if isinstance(node, Scalar) and node.text in ALWAYS:
        return AllOf(())
    return read_condition(node, context)


def read_condition(node: Node, context: Context) -> Condition | None:
    """The condition that a map writes, or None after the problems were noted."""
    if not isinstance(node, Map):
        context.findings.error(
            "E_TYPE",
            f"a condition is a map, not {described(node)}",
            node.place,
            _as_map(node),
        )
        return None
    if not node.entries:
        context.findings.error(
            "E_EMPTY", "the condition is empty", node.place, "write `always` if it always holds"
        )
        return None
    items: list[Condition] = []
    found: dict[str, Entry] = {}
    for entry in node.entries:
        word = _WORDS.get(entry.key.text)
        if word is not None:
            if taken_once(word, entry, found, context.findings):
                found[word] = entry
                item = _read_word(word, entry, context)
                if item is not None:
                    items.append(item)
            continue
        fact = _fact(entry, context)
        if fact is not None and taken_once(fact.name, entry, found, context.findings):
            found[fact.name] = entry
            items.extend(read_tests(fact, entry.key.place, entry.value, context))
    return joined(items) if items else None


def joined(items: list[Condition]) -> Condition:
    """All of the items; a single one stands for itself."""
    return items[0] if len(items) == 1 else AllOf(tuple(items))


def read_tests(fact: Fact, place: Place, node: Node, context: Context) -> list[Condition]:
    """The tests of one fact: a value, a list of values, or a map of comparators."""
    slot = slot_of(fact)
    if isinstance(node, Map):
        compared = _read_comparators(node, slot, COMPARATORS_OF[fact.kind], context)
        return [Test(fact.name, word, operands, place) for word, operands in compared]
    many = isinstance(node, Seq) or is_list(node, context)
    if fact.kind is Kind.TEXT and isinstance(node, Scalar) and node.plain:
        _warn_of_word(node, context)
    if fact.kind is Kind.TAGS:
        comparator = Comparator.CONTAINS_ANY if many else Comparator.CONTAINS
    else:
        comparator = Comparator.ONE_OF if many else Comparator.IS
    if comparator not in COMPARATORS_OF[fact.kind]:
        context.findings.error(
            "E_OPERATOR",
            f"`{fact.name}` is {KIND_WORDS[fact.kind]}; a list does not fit",
            node.place,
            "write one value",
        )
        return []
    operands = read_operands(comparator, node, slot, context)
    return [] if operands is None else [Test(fact.name, comparator, operands, place)]


def _warn_of_word(node: Scalar, context: Context) -> None:
    """A text that is a word of the language was most likely meant as that word."""
    word = _COMPARATORS.get(node.text)
    if word is not None:
        asked = "`{missing: true}`" if word is Comparator.MISSING else f"`{{{node.text}: ...}}`"
        context.findings.warning(
            "W_WORD",
            f"`{node.text}` is taken for a text here",
            node.place,
            f"write {asked}, or put the text into double quotes",
        )


def _as_map(node: Node) -> str:
    """How to write a condition that is no map."""
    if isinstance(node, Seq):
        return "conditions that must all hold stand in one map, without `- `; else use `any:`"
    found = synonyms.compared(node.text) if isinstance(node, Scalar) else None
    if found is None or not found[0]:
        return "write `fact: value`, or `fact: {at_least: value}`"
    fact, comparator, value = found
    return f"write `{clip(fact)}: {{{comparator}: {clip(value)}}}`"


def _fact(entry: Entry, context: Context) -> Fact | None:
    key = entry.key
    if context.words.find_fact(key.text) is None:
        told = _no_fact(entry)
        if told is not None:
            context.findings.error(told[0], told[1], key.place, told[2])
            return None
    fact = context.words.fact(key, context.findings)
    return fact if fact is not None and context.fits(fact, key.place) else None


def _no_fact(entry: Entry) -> tuple[str, str, str] | None:
    """Code, message and help for a key of a condition that was never meant as a fact."""
    text = entry.key.text
    if text in _COMPARATORS:
        return (
            "E_UNKNOWN_FACT",
            f"`{text}` compares, but no fact stands before it",
            f"write `fact: {{{text}: value}}`",
        )
    if text.lower() in synonyms.AND:
        return (
            "E_UNKNOWN_KEY",
            f"`{text}` is not needed: all conditions of one map have to hold",
            "write them side by side in one map, or as a list under `all` (`全部`)",
        )
    if text.lower() in synonyms.OR:
        return (
            "E_UNKNOWN_KEY",
            f"`{text}` is written `any` (`任一`) here",
            "write `any: [{fact: value}, {fact: value}]`; for values of one fact `fact: [a, b]` "
            "is enough",
        )
    if is_cut(entry) and not set(text) & set(":："):
        return (
            "E_UNKNOWN_FACT",
            f"`{clip(text)}` stands after a comma, which ended the value before it",
            "write several values as `[a, b]`; put a text with a comma into double quotes",
        )
    return None


def _read_comparators(
    node: Map, slot: Slot, allowed: tuple[Comparator, ...], context: Context
) -> list[tuple[Comparator, tuple[Operand, ...]]]:
    if not node.entries:
        context.findings.error(
            "E_EMPTY",
            f"`{slot.name}` has no comparison",
            node.place,
            "write a value, or a comparator such as `{at_least: value}`",
        )
    found: dict[str, Entry] = {}
    compared: list[tuple[Comparator, tuple[Operand, ...]]] = []
    for entry in node.entries:
        word = _comparator(entry.key, slot, allowed, context)
        if word is None or not taken_once(word, entry, found, context.findings):
            continue
        found[word] = entry
        operands = read_operands(word, entry.value, slot, context)
        if operands is not None:
            compared.append((word, operands))
    _check_bounds(compared, node, slot, context)
    return compared


def _comparator(
    key: Scalar, slot: Slot, allowed: tuple[Comparator, ...], context: Context
) -> Comparator | None:
    word = _COMPARATORS.get(key.text)
    zh = not key.text.isascii()
    usable = ", ".join(f"`{COMPARATORS[item].zh if zh else item}`" for item in allowed)
    meant = synonyms.comparator(key.text)
    if word is None and meant in allowed:
        assert meant is not None
        context.findings.error(
            "E_OPERATOR",
            f"`{clip(key.text)}` is not a comparator",
            key.place,
            f"write {synonyms.both(meant)}",
        )
    elif word is None:
        context.findings.unknown_word(
            "E_OPERATOR",
            f"`{clip(key.text)}` is not a comparator",
            key.text,
            key.place,
            # Two Chinese letters of which one is right are as near to the opposite.
            [item for item in _COMPARATORS if not zh or len(key.text) > 2],
            f"for `{slot.name}` use {usable}",
        )
    elif word not in allowed:
        context.findings.error(
            "E_OPERATOR",
            f"`{key.text}` does not fit `{slot.name}`, which is {KIND_WORDS[slot.kind]}",
            key.place,
            f"use {usable}",
        )
        return None
    return word


def _check_bounds(
    compared: list[tuple[Comparator, tuple[Operand, ...]]],
    node: Map,
    slot: Slot,
    context: Context,
) -> None:
    """Two written bounds of one fact must leave something between them."""
    for lower, low_operands in compared:
        for upper, high_operands in compared:
            if lower not in _LOWER or upper not in _UPPER:
                continue
            low, high = given_value(low_operands), given_value(high_operands)
            if low is None or high is None:
                continue
            closed = lower is Comparator.AT_LEAST and upper is Comparator.AT_MOST
            if precedes(high, low) or (low == high and not closed):
                help = (
                    "use `between: {from: , to: }`, which may cross midnight"
                    if slot.kind is Kind.TIME_OF_DAY
                    else "swap the two values"
                )
                context.findings.error(
                    "E_RANGE",
                    f"no value of `{slot.name}` is both `{lower}` and `{upper}` these",
                    node.place,
                    help,
                )


def _read_word(word: str, entry: Entry, context: Context) -> Condition | None:
    if word in _QUANTIFIERS:
        return _read_lines(word, entry, context)
    if word == "not":
        item = read_condition(entry.value, context)
        return None if item is None else NotOf(item)
    if word == "some":
        return _read_some(entry, context)
    items = _read_each(entry, context)
    if not items:
        return None
    return AnyOf(items) if word == "any" else AllOf(items)


def _read_each(entry: Entry, context: Context) -> tuple[Condition, ...]:
    nodes = read_items(entry, context.findings, "condition")
    read = [read_condition(node, context) for node in nodes]
    return tuple(item for item in read if item is not None)


def _read_some(entry: Entry, context: Context) -> Condition | None:
    keys = ("at_least", "of")
    names = twins(("of",)) | {
        "at_least": "at_least",
        COMPARATORS[Comparator.AT_LEAST].zh: "at_least",
    }
    found = read_keys(entry.value, keys, context.findings, "`some`", required=keys, spellings=names)
    if len(found) < 2:
        return None
    items = _read_each(found["of"], context)
    written = len(found["of"].value.items) if isinstance(found["of"].value, Seq) else 0
    node = found["at_least"].value
    if not isinstance(node, Scalar):
        context.findings.error(
            "E_TYPE", f"`at_least` is {described(node)}", node.place, "write a whole number"
        )
        return None
    slot = Slot("at_least", Kind.INTEGER, at_least=1, at_most=max(1, written))
    least = read_value(node, slot, context.findings)
    if not items or not isinstance(least, int):
        return None
    return SomeOf(least, items)


def _read_lines(word: str, entry: Entry, context: Context) -> Condition | None:
    if context.in_lines or context.words.point.one_line:
        context.findings.error(
            "E_TYPE",
            f"`{word}` stands inside another condition over lines"
            if context.in_lines
            else f"`{word}` has no lines here: `{context.words.point.name}` is about one line",
            entry.key.place,
            "put the two side by side" if context.in_lines else "use the `line.` facts without it",
        )
        return None
    if word != "count_lines":
        where = _read_where(entry.value, context)
        if where is None:
            return None
        return LineTest(_QUANTIFIERS[word], where, entry.key.place)
    counted = {name: item.value for name, item in _COMPARATORS.items()}
    found = read_keys(
        entry.value,
        ("where", *COMPARATORS_OF[Kind.INTEGER]),
        context.findings,
        "`count_lines`",
        required=("where",),
        spellings=twins(("where",)) | counted,
    )
    where = _read_where(found["where"].value, context) if "where" in found else None
    tests = Map(entry.value.place, [item for name, item in found.items() if name != "where"])
    allowed = tuple(item for item in COMPARATORS_OF[Kind.INTEGER] if item is not Comparator.MISSING)
    compared = _read_comparators(tests, _COUNT, allowed, context)
    if where is None or not compared:
        return None
    return joined(
        [
            LineTest("count", where, entry.key.place, comparator, operands)
            for comparator, operands in compared
        ]
    )


def _read_where(node: Node, context: Context) -> Condition | None:
    context.in_lines = True
    where = read_condition(node, context)
    context.in_lines = False
    if where is not None and not any(name.startswith("line.") for name in facts_of(where)):
        context.findings.warning(
            "W_NO_LINE_FACT",
            "this condition over lines asks nothing of the line",
            node.place,
            "use a `line.` fact, or take it out of the condition over lines",
        )
    return where


def facts_of(condition: Condition) -> list[str]:
    """The facts that a condition asks about, in file order, with repetitions."""
    match condition:
        case Test(fact=name):
            return [name]
        case NotOf(item) | LineTest(where=item):
            return facts_of(item)
        case AllOf(items) | AnyOf(items) | SomeOf(items=items):
            return [name for item in items for name in facts_of(item)]
