"""The label of a parcel: who it goes to, as much as anyone may read on its way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ordinance.orders.masking import masked_name, masked_phone, without_room
from ordinance.orders.person import Person
from ordinance.ports import Effect
from ordinance.rules import Decision
from ordinance.rules.decision import Plain, canonical_json


def mask_of(masking: Decision) -> dict[str, Plain]:
    """What `packing.label` decided to hide. It goes into the outbox in place of the label: that is
    made of the person when it is handed over, and so lies nowhere."""
    return {
        "name_hidden": int(str(masking.outcome["name_hidden"])),
        "phone_hidden": int(str(masking.outcome["phone_hidden"])),
        "room_hidden": bool(masking.outcome["room_hidden"]),
    }


def label(person: Person, mask: Mapping[str, Any]) -> dict[str, Plain]:
    """What the label says of the receiver.

    The courier gets the rest through the electronic waybill; nothing on the label is more than
    this.
    """
    address = person.address or ""
    return {
        "name": masked_name(person.receiver_name or "", mask["name_hidden"]),
        "phone": masked_phone(person.receiver_phone or "", mask["phone_hidden"]),
        "address": without_room(address) if mask["room_hidden"] else address,
    }


def needs_label(effect: Effect) -> bool:
    """Whether an effect cannot be done without knowing who the parcel goes to."""
    return "mask" in json.loads(effect.payload)


def labelled(effect: Effect, person: Person) -> Effect:
    """The effect as it is handed over, its label made of the person as they are now."""
    payload = json.loads(effect.payload)
    if "mask" not in payload:
        return effect
    payload["label"] = label(person, payload.pop("mask"))
    return replace(effect, payload=canonical_json(payload))


def label_in(effect: Effect) -> tuple[str, ...]:
    """What the label of an effect that is handed over tells of somebody."""
    told = json.loads(effect.payload).get("label", {})
    return tuple(value for value in told.values() if len(value) > 1)
