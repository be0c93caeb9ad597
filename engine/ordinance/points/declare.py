"""Short constructors, so that a vocabulary reads as a table."""

from __future__ import annotations

from ordinance.rules.kinds import Kind, Value, Words
from ordinance.rules.point import Argument, Choice, Fact, Field, Merge, Missing


def fact(
    name: str,
    zh: str,
    en: str,
    kind: Kind,
    *,
    unit: str | None = None,
    choices: tuple[Choice, ...] = (),
    at_least: Value | None = None,
    at_most: Value | None = None,
    missing: Missing = Missing.UNKNOWN,
    default: Value | None = None,
    personal: bool = False,
    note: Words | None = None,
    speech: bool = False,
) -> Fact:
    """A fact: English name, Chinese spelling, English words, kind."""
    return Fact(
        name,
        kind,
        Words(zh, en),
        unit,
        choices,
        at_least,
        at_most,
        missing,
        default,
        personal,
        note,
        speech,
    )


def choices(*rows: tuple[str, str, str]) -> tuple[Choice, ...]:
    """Choices from rows of (code, Chinese, English)."""
    return tuple(Choice(code, Words(zh, en)) for code, zh, en in rows)


def one(
    name: str,
    zh: str,
    en: str,
    allowed: tuple[Choice, ...],
    *,
    merge: Merge = Merge.FIRST,
    required: bool = True,
) -> Field:
    """An outcome field that takes one of the declared choices."""
    return Field(name, Words(zh, en), choices=allowed, merge=merge, required=required)


def several(name: str, zh: str, en: str, allowed: tuple[Choice, ...]) -> Field:
    """An outcome field that collects distinct choices."""
    return Field(name, Words(zh, en), choices=allowed, many=True, merge=Merge.UNION)


def number(
    name: str,
    zh: str,
    en: str,
    kind: Kind = Kind.INTEGER,
    *,
    unit: str | None = None,
    required: bool = False,
    at_least: Value | None = None,
    at_most: Value | None = None,
) -> Field:
    """An outcome field that holds a number (or another scalar that is no choice)."""
    return Field(
        name,
        Words(zh, en),
        kind=kind,
        unit=unit,
        required=required,
        at_least=at_least,
        at_most=at_most,
    )


def maybe(
    name: str,
    zh: str,
    en: str,
    kind: Kind = Kind.INTEGER,
    *,
    unit: str | None = None,
    at_least: Value | None = None,
) -> Argument:
    """A typed part of a structured outcome field that may be left out."""
    return Argument(name, kind, Words(zh, en), unit, required=False, at_least=at_least)


def argument(
    name: str, zh: str, en: str, kind: Kind, *, allowed: tuple[Choice, ...] = ()
) -> Argument:
    """A typed part of a structured outcome field."""
    return Argument(name, kind, Words(zh, en), choices=allowed)
