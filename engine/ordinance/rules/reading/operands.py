"""The right-hand side of a comparison: a value, `$param`, `$list` or `$another.fact`."""

from __future__ import annotations

import re
from datetime import time

import re2

from ordinance.rules.kinds import Kind, Value
from ordinance.rules.point import Fact
from ordinance.rules.reading.context import Context
from ordinance.rules.reading.keys import read_keys
from ordinance.rules.reading.nodes import Map, Node, Scalar, Seq, described
from ordinance.rules.reading.slots import Slot, precedes, read_value, slot_of
from ordinance.rules.scalar import clip
from ordinance.rules.tree import Comparator, FactRef, Given, ListRef, Operand, ParamRef
from ordinance.rules.words import MANY_OPERANDS

_FACTS_COMPARED = frozenset(
    {
        Comparator.IS,
        Comparator.IS_NOT,
        Comparator.AT_LEAST,
        Comparator.ABOVE,
        Comparator.AT_MOST,
        Comparator.BELOW,
        Comparator.BETWEEN,
    }
)
_LONGEST_PATTERN = 500


def read_operands(
    comparator: Comparator, node: Node, slot: Slot, context: Context
) -> tuple[Operand, ...] | None:
    """The operands of one comparator, or None after the problems were noted."""
    if comparator is Comparator.MISSING:
        slot = Slot(f"{slot.name} missing", Kind.BOOLEAN)
    element = slot.element()
    if comparator is Comparator.BETWEEN:
        return _read_between(node, element, context)
    if comparator in MANY_OPERANDS:
        return _read_many(comparator, node, element, context)
    if isinstance(node, Seq):
        many = "contains_any" if comparator is Comparator.CONTAINS else "one_of"
        context.findings.error(
            "E_TYPE",
            f"`{comparator}` takes one value, not a list",
            node.place,
            f"use `{many}` for a list",
        )
        return None
    operand = read_operand(node, element, context, facts=comparator in _FACTS_COMPARED)
    if operand is None:
        return None
    if comparator is Comparator.MATCHES and not _pattern_is_fit(operand, node, context):
        return None
    return context.shared.alone(operand)


def read_operand(
    node: Node, slot: Slot, context: Context, *, facts: bool = False, lists: bool = False
) -> Operand | None:
    """One operand. `facts` allows `$another.fact`, `lists` allows `$list`."""
    if not isinstance(node, Scalar):
        context.findings.error(
            "E_TYPE",
            f"`{slot.name}` is compared with {described(node)}",
            node.place,
            f"write {slot.described()}",
        )
        return None
    name = reference(node)
    if name is None and slot.kind is not Kind.TEXT and _lacks_dollar(node, context):
        return None
    if name is None:
        value = read_value(node, slot, context.findings)
        return None if value is None else context.shared.given(value)
    fact = context.words.find_fact(name)
    if fact is not None:
        return _read_fact(node, fact, slot, context, facts)
    named = context.name(node, name)
    if named is None:
        return None
    if named.sort == "list" and not lists:
        context.findings.error(
            "E_TYPE",
            f"`${name}` is a list, and one value is wanted here",
            node.place,
            "use `one_of` or `none_of` (for tags `contains_any`) with a list",
        )
        return None
    context.use(named, slot, node.place)
    return ListRef(name) if named.sort == "list" else ParamRef(name)


def reference(node: Node) -> str | None:
    """The name behind a single `$`; None for a value (a value that begins with `$` has two)."""
    if isinstance(node, Scalar) and node.text.startswith("$") and not node.text.startswith("$$"):
        return node.text[1:]
    return None


def _lacks_dollar(node: Scalar, context: Context) -> bool:
    """True, with a problem, for the name of a parameter or list without its `$`."""
    name = node.text.lstrip("＄￥¥")
    if name not in context.named:
        return False
    context.findings.error(
        "E_REF",
        f"`{clip(node.text)}` stands without `$`",
        node.place,
        f"write `${name}` for the {'list' if context.named[name].sort == 'list' else 'parameter'}",
    )
    return True


def is_list(node: Node, context: Context) -> bool:
    """True for a `$name` that is declared under `lists:`."""
    named = context.named.get(reference(node) or "")
    return named is not None and named.sort == "list"


def _read_fact(
    node: Scalar, fact: Fact, slot: Slot, context: Context, allowed: bool
) -> FactRef | None:
    other = slot_of(fact)
    if not allowed:
        context.findings.error(
            "E_TYPE",
            f"`{node.text}` is a fact, and a written value is wanted here",
            node.place,
            "facts can be compared by `is`, `at_least`, `above`, `at_most`, `below`, `between`",
        )
        return None
    if fact.name == slot.name:
        context.findings.error(
            "E_REF", f"`{fact.name}` is compared with itself", node.place, "name another fact"
        )
        return None
    if not slot.like(other):
        context.findings.error(
            "E_TYPE",
            f"`{slot.name}` is {slot.described()}, but `{fact.name}` is {other.described()}",
            node.place,
            "compare facts of the same type and unit",
        )
        return None
    return FactRef(fact.name) if context.fits(fact, node.place) else None


def _read_many(
    comparator: Comparator, node: Node, slot: Slot, context: Context
) -> tuple[Operand, ...] | None:
    if isinstance(node, Scalar) and reference(node) is not None:
        operand = read_operand(node, slot, context, lists=True)
        if isinstance(operand, ParamRef):
            context.findings.error(
                "E_TYPE",
                f"`{node.text}` is a parameter, and `{comparator}` takes a list",
                node.place,
                f"write `[{node.text}]`, or declare a list",
            )
            return None
        return None if operand is None else (operand,)
    if isinstance(node, Scalar) and _lacks_dollar(node, context):
        return None
    if not isinstance(node, Seq):
        context.findings.error(
            "E_TYPE",
            f"`{comparator}` takes a list, not {described(node)}",
            node.place,
            f"write `[{clip(node.text)}]`" if isinstance(node, Scalar) else "write `[a, b]`",
        )
        return None
    if not node.items:
        context.findings.error(
            "E_EMPTY", f"the list of `{comparator}` is empty", node.place, "write its values"
        )
        return None
    operands = [read_operand(item, slot, context) for item in node.items]
    whole = tuple(operand for operand in operands if operand is not None)
    if len(whole) < len(operands):
        return None
    seen: set[Operand] = set()
    for index, operand in enumerate(whole):
        if operand in seen:
            context.findings.warning(
                "W_REPEATED", "the list holds a value twice", node.items[index].place, "remove one"
            )
        seen.add(operand)
    return whole


def _read_between(node: Node, slot: Slot, context: Context) -> tuple[Operand, ...] | None:
    if not isinstance(node, Map):
        context.findings.error(
            "E_TYPE",
            f"`between` takes a map, not {described(node)}",
            node.place,
            f"write `between: {_from_to(node)}`; `from` is included, `to` is not",
        )
        return None
    found = read_keys(node, ("from", "to"), context.findings, "`between`", required=("from", "to"))
    if len(found) < 2:
        return None
    low = read_operand(found["from"].value, slot, context, facts=True)
    high = read_operand(found["to"].value, slot, context, facts=True)
    if low is None or high is None:
        return None
    if isinstance(low, Given) and isinstance(high, Given):
        if low.value == high.value:
            context.findings.error(
                "E_RANGE",
                "`from` and `to` are equal, so nothing lies between",
                node.place,
                "`to` itself is not included",
            )
            return None
        # A time of day may cross midnight; nothing else may run backwards.
        if not isinstance(low.value, time) and precedes(high.value, low.value):
            reversed_bounds(node, "`from` is above `to`", context)
            return None
    return (low, high)


def _from_to(node: Node) -> str:
    """`{from: , to: }` with the two values of a list or a text, where there are two."""
    texts = ["...", "..."]
    if isinstance(node, Seq) and len(node.items) == 2:
        texts = [item.text if isinstance(item, Scalar) else "..." for item in node.items]
    elif isinstance(node, Scalar):
        parts = re.split(r"\s*(?:[~～至到,，]|(?<!-)-|\bto\b|\band\b)\s*", node.text)
        texts = parts if len(parts) == 2 and all(parts) else texts
    low, high = (f'"{clip(text)}"' if ":" in text else clip(text) for text in texts)
    return f"{{from: {low}, to: {high}}}"


def reversed_bounds(node: Node, message: str, context: Context) -> None:
    """Report bounds that leave nothing between them."""
    context.findings.error("E_RANGE", message, node.place, "swap the two values")


def given_value(operands: tuple[Operand, ...]) -> Value | None:
    """The single written value among the operands, or None."""
    first = operands[0]
    return first.value if isinstance(first, Given) else None


def _pattern_is_fit(operand: Operand, node: Node, context: Context) -> bool:
    if not isinstance(operand, Given) or not isinstance(operand.value, str):
        context.findings.error(
            "E_REGEX", "a pattern is written in place", node.place, "write the pattern itself"
        )
        return False
    pattern = operand.value
    if len(pattern) > _LONGEST_PATTERN:
        context.findings.error(
            "E_REGEX",
            f"the pattern has {len(pattern)} characters",
            node.place,
            f"write at most {_LONGEST_PATTERN}, or use `one_of` with a list",
        )
        return False
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        re2.compile(pattern, options)
    except re2.error as error:
        detail = error.args[0] if error.args else ""
        shown = detail.decode("utf-8", "replace") if isinstance(detail, bytes) else str(detail)
        looks = any(part in pattern for part in ("(?=", "(?!", "(?<=", "(?<!"))
        help = (
            "look-ahead and look-behind are refused (they can run forever); write two conditions"
            if looks
            else "patterns are RE2: no back-references, no look-around"
        )
        context.findings.error(
            "E_REGEX", f"the pattern cannot be read: {clip(shown)}", node.place, help
        )
        return False
    return True
