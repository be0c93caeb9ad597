"""The label of a parcel: who it goes to, as much as anyone may read on its way."""

from __future__ import annotations

import re

from ordinance.orders.person import Person
from ordinance.rules import Decision
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


def label(person: Person, masking: Decision) -> dict[str, Plain]:
    """What the label says of the receiver, hidden as `packing.label` decided.

    The courier gets the rest through the electronic waybill; nothing on the label is more than
    this.
    """
    name_hidden = int(str(masking.outcome["name_hidden"]))
    phone_hidden = int(str(masking.outcome["phone_hidden"]))
    address = person.address or ""
    return {
        "name": masked_name(person.receiver_name or "", name_hidden),
        "phone": masked_phone(person.receiver_phone or "", phone_hidden),
        "address": without_room(address) if masking.outcome["room_hidden"] else address,
    }


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
