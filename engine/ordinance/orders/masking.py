"""Masking: names, phones, addresses and mail as far as anybody may read them without a reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields

from ordinance.orders.contact import phone_key
from ordinance.orders.person import Person
from ordinance.rules.decision import Plain

MASK = "*"

_ROOM = re.compile(
    r"(?:"
    r"[\s,，、-]*\d+\s*单元.*"
    r"|(?<=[号楼栋幢座弄院])[\s,，、-]*\d[\d\-A-Za-z]*\s*(?:室|户|房)?"
    r"|[\s,，、-]*[A-Za-z]?\d[\d-]*\s*(?:室|户|房)"
    r"|[\s,-]*\b(?:apt|apartment|unit|flat|room|suite|apto)\b\.?\s*\S+.*"
    r"|[\s,-]*#\s*\w+"
    r")$",
    re.IGNORECASE,
)
"""Unit and room at the end of an address; a building stays, since the courier has to find it."""

NAME_SHOWN, PHONE_HIDDEN = 1, 6
"""A name shows its first character alone; of a phone six digits are hidden at least (L24)."""


def masked(person: Person) -> dict[str, str]:
    """What is known of a person, masked, by field; the same for everybody who looks."""
    return {
        item.name: _mask_of(item.name, value)
        for item in fields(person)
        if (value := getattr(person, item.name)) is not None
    }


def _mask_of(field: str, value: str) -> str:
    if field.endswith("_name"):
        shown = sum(not char.isspace() for char in value) - NAME_SHOWN
        return masked_name(value, max(shown, 1))
    if field.endswith("_phone"):
        return masked_phone(value, PHONE_HIDDEN)
    if field.endswith("_email"):
        return masked_mail(value)
    return hidden(value)


def masked_mail(mail: str) -> str:
    """A mail address with its first character and the last part of its host: `l***@***.com`."""
    name, at, host = mail.partition("@")
    if not at or not name:
        return hidden(mail)
    last = host.rpartition(".")[2] if "." in host else ""
    return f"{name[0]}***@***{'.' if last else ''}{last}"


def without(person: Person, text: str, *more: str) -> str:
    """What somebody else said, with nothing in it that tells who this person is.

    A carrier's error may repeat the receiver, and a clerk may write a name into a reason. `more` is
    what else was said of them: a label that shows a part.
    """
    for value in (*more, *_told_by(person)):
        if value in text:
            text = text.replace(value, MASK * 3)
    return text


def _told_by(person: Person) -> Iterator[str]:
    """What to look for, the longest first: one may be a part of another."""
    values: set[str] = set()
    for item in fields(person):
        value = (getattr(person, item.name) or "").strip()
        values |= {value, phone_key(value)} if item.name.endswith("_phone") else {value}
    values.add(without_room(person.address or ""))
    yield from sorted(
        (value for value in values if len(value) > 1), key=lambda one: (-len(one), one)
    )


BUYER, PLACE = "buyer_id", ("latitude", "longitude")


def hide_buyer(told: dict[str, Plain]) -> dict[str, Plain]:
    """What is told of an order without the number that a channel knows the buyer by, and without
    where on earth the receiver lives."""
    return {name: _hide(name, value) for name, value in told.items()}


def _hide(name: str, value: Plain) -> Plain:
    if isinstance(value, dict):
        return hide_buyer(value)
    if name == "changes" and isinstance(value, list):
        return [_hide_change(change) for change in value]
    if isinstance(value, list):
        return [_hide(name, item) for item in value]
    if value is None or name not in (BUYER, *PLACE):
        return value
    return masked_code(str(value)) if name == BUYER else hidden(str(value))


def _hide_change(change: Plain) -> Plain:
    """A path of a record, with what stood there before and stands there now."""
    if not isinstance(change, list) or not change:
        return change
    return [change[0], *(_hide(str(change[0]), value) for value in change[1:])]


def masked_code(code: str) -> str:
    """The first and the last character of a code, where there are more than three."""
    return f"{code[0]}{MASK * 3}{code[-1]}" if len(code) > 3 else MASK * 3


def hidden(text: str) -> str:
    """Nothing of a text: an address, or what somebody wrote."""
    return MASK * min(len(text), 6)


def masked_name(name: str, hidden: int) -> str:
    """A name with at least `hidden` characters covered, from the end: `张三` is `张*`.

    A name that is not longer than that is covered whole.
    """
    letters = [place for place, char in enumerate(name) if not char.isspace()]
    covered = set(letters[-hidden:] if hidden else ())
    return "".join(MASK if place in covered else char for place, char in enumerate(name))


def masked_phone(phone: str, hidden: int) -> str:
    """A number with at least `hidden` digits covered: `13800138000` is `138******00` for six.

    What stays readable stands at both ends, three digits at most in front and two behind; with
    more to hide those go too.
    """
    digits = [place for place, char in enumerate(phone) if char.isdigit()]
    shown = max(len(digits) - hidden, 0)
    front = min(3, shown - min(2, shown // 2)) if shown else 0
    back = min(2, shown - front)
    covered = set(digits[front : len(digits) - back]) if hidden else set()
    return "".join(MASK if place in covered else char for place, char in enumerate(phone))


def without_room(address: str) -> str:
    """An address without unit and room: `文三路 8号楼2单元301` is `文三路 8号楼`."""
    found = _ROOM.search(address.rstrip())
    return address if found is None else address[: found.start()].rstrip(" ,，、-")
