"""What a place in a rule file accepts, and the reading of one scalar against it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import tzinfo
from decimal import Decimal
from typing import Any

from ordinance.rules import respelling
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.numeral import NUMBERS, decimal_text
from ordinance.rules.point import Argument, Choice, Fact, Field
from ordinance.rules.reading import synonyms
from ordinance.rules.reading.findings import Findings
from ordinance.rules.reading.nodes import Node, Scalar, described
from ordinance.rules.reading.spelling import closest
from ordinance.rules.refusal import EXAMPLES
from ordinance.rules.scalar import KIND_WORDS, ScalarError, clip, parse, render
from ordinance.rules.tree import Place


@dataclass(frozen=True, slots=True)
class Slot:
    """Kind, unit, choices and range of a value; `name` is what the merchant calls the place."""

    name: str
    kind: Kind
    unit: str | None = None
    choices: tuple[Choice, ...] = ()
    at_least: Value | None = None
    at_most: Value | None = None

    def element(self) -> Slot:
        """The slot of one operand: one tag for tags, otherwise the same."""
        return replace(self, kind=Kind.TEXT) if self.kind is Kind.TAGS else self

    def like(self, other: Slot) -> bool:
        """True when values of the two may be compared: same kind, unit and choices."""
        return (self.kind, self.unit, self.codes()) == (other.kind, other.unit, other.codes())

    def codes(self) -> tuple[str, ...]:
        """All that a value may be; texts and tags may always be something else."""
        return tuple(choice.code for choice in self.choices) if self.kind is Kind.CHOICE else ()

    def words(self) -> list[str]:
        """Every spelling of every choice."""
        return [word for choice in self.choices for word in (choice.code, choice.words.zh)]

    def described(self) -> str:
        """`a whole number in day`, for messages."""
        words = KIND_WORDS[self.kind]
        return f"{words} in {self.unit}" if self.unit else words


def slot_of(item: Fact | Field | Argument) -> Slot:
    """The slot that a declared fact, outcome field or argument opens."""
    return Slot(item.name, item.kind, item.unit, item.choices, item.at_least, item.at_most)


def read_value(
    scalar: Scalar, slot: Slot, findings: Findings, zone: tzinfo | None = None
) -> Value | None:
    """The typed value of a scalar, or None after the problem was noted."""
    if not is_filled(scalar, findings, slot.name):
        return None
    text = scalar.text[1:] if scalar.text.startswith("$$") else scalar.text
    if scalar.plain and not _looks_plain(scalar, slot, findings):
        return None
    try:
        value = parse(text, slot.kind, choices=slot.choices, unit=slot.unit, zone=zone)
    except ScalarError as error:
        found = synonyms.compared(text)
        if _is_several(text, slot):
            values = ", ".join(f'"{clip(part, 30)}"' for part in respelling.several(text))
            findings.error(
                error.code,
                f"`{clip(text)}` holds several values (`{slot.name}`)",
                scalar.place,
                f"write each on its own: `[{values}]`",
            )
        elif found is not None and not found[0]:
            findings.error(
                "E_OPERATOR",
                f"`{clip(text)}` compares, and a value is wanted here",
                scalar.place,
                f"write `{{{found[1]}: {clip(found[2])}}}`",
            )
        elif error.code == "E_UNKNOWN_KEY":
            findings.unknown_word(
                error.code,
                f"{error} of `{slot.name}`",
                text,
                scalar.place,
                slot.words(),
                error.help,
            )
        else:
            place = f"`{slot.name}`, in {slot.unit}" if slot.unit else f"`{slot.name}`"
            findings.error(error.code, f"{error} ({place})", scalar.place, error.help)
        return None
    if isinstance(value, str) and "\n" in value:
        findings.error(
            "E_CHAR",
            f"`{slot.name}` holds a line break",
            scalar.place,
            "write the value on one line",
        )
        return None
    if slot.kind is Kind.REGION and isinstance(value, str):
        value = _without_zeros(value)
    if slot.kind is Kind.TEXT and slot.choices:
        _warn_of_near_word(text, scalar.place, slot, findings)
    return value if in_range(value, slot, scalar.place, findings) else None


def _looks_plain(scalar: Scalar, slot: Slot, findings: Findings) -> bool:
    """False, with a problem, for a text in quotes that YAML does not take for quotes; a warning
    for one with a comma that YAML does not take for a comma."""
    inner = respelling.unquoted(scalar.text)
    if inner is not None:
        findings.error(
            "E_CHAR",
            f"full-width quotes around `{clip(inner)}` (`{slot.name}`)",
            scalar.place,
            f'write `"{clip(inner)}"`, with the keyboard set to English',
        )
        return False
    if slot.kind is Kind.TEXT and re.search("[，、]", scalar.text):
        findings.warning(
            "W_WORD",
            f"`{clip(scalar.text)}` is one text, comma and all",
            scalar.place,
            "part values by `, `; put a text with a comma into double quotes",
        )
    return True


def _warn_of_near_word(text: str, place: Place, slot: Slot, findings: Findings) -> None:
    """A tag of the shop's own may be anything, but one that is nearly a usual one is a slip."""
    near = None if text in slot.words() else closest(text, slot.words())
    if near is not None:
        findings.warning(
            "W_WORD",
            f"`{clip(text)}` is not one of the usual words of `{slot.name}`",
            place,
            f"did you mean `{near.word}`? If it is a word of your own, leave it",
        )


def _is_several(text: str, slot: Slot) -> bool:
    parts = respelling.several(text) if len(text) <= 200 else []
    if len(parts) < 2 or slot.kind in NUMBERS:
        return False
    try:
        for part in parts:
            parse(part, slot.kind, choices=slot.choices, unit=slot.unit)
    except ScalarError:
        return False
    return True


def _without_zeros(region: str) -> str:
    """A province is often written `330000` and a city `330100`; the levels that the zeros stand
    for are left out, so that the code contains what lies in it."""
    if len(region) == 6 and region.isdigit() and region.endswith("00"):
        return region[:2] if region.endswith("0000") else region[:4]
    return region


def read_single(
    node: Node, slot: Slot, findings: Findings, zone: tzinfo | None = None
) -> Value | None:
    """The typed value of a node that must be a scalar, or None after the problem was noted."""
    if isinstance(node, Scalar):
        return read_value(node, slot, findings, zone)
    findings.error(
        "E_TYPE",
        f"`{slot.name}` is {described(node)}",
        node.place,
        f"write one value, {EXAMPLES[slot.kind]}",
    )
    return None


def is_filled(scalar: Scalar, findings: Findings, name: str) -> bool:
    """False, with a problem, for a scalar that holds nothing or YAML's word for nothing."""
    if not scalar.text.strip():
        findings.error(
            "E_EMPTY", f"`{name}` has no value", scalar.place, "write the value after the colon"
        )
        return False
    if scalar.plain and scalar.text in ("null", "Null", "NULL", "~"):
        findings.error(
            "E_EMPTY",
            f"`{scalar.text}` stands for no value in YAML",
            scalar.place,
            'use `missing: true` to ask for an absent fact, or quote it: "null"',
        )
        return False
    return True


def in_range(value: Value, slot: Slot, place: Place, findings: Findings) -> bool:
    """False, with a problem, for a value that the slot can never hold."""
    low, high = slot.at_least, slot.at_most
    too_low = low is not None and precedes(value, low)
    if not too_low and not (high is not None and precedes(high, value)):
        return True
    code = "E_MONEY" if slot.kind is Kind.MONEY and too_low else "E_RANGE"
    bounds = [
        f"{words} {render(bound, slot.kind, 'en', unit=slot.unit)}"
        for words, bound in (("at least", low), ("at most", high))
        if bound is not None
    ]
    help = f"it is {' and '.join(bounds)}"
    if slot.kind is Kind.RATIO and isinstance(value, Decimal) and 1 < value <= 100:
        help += f"; {decimal_text(value)} percent is written `{decimal_text(value)}%`"
    findings.error(
        code,
        f"`{clip(render(value, slot.kind, 'en', unit=slot.unit))}` is out of the range of "
        f"`{slot.name}`",
        place,
        help,
    )
    return False


def precedes(one: Value, other: Value) -> bool:
    """True when `one` is smaller; both are of the same ordered kind."""
    left: Any = one
    right: Any = other
    return bool(left < right)
