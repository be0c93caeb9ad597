"""Personal data of an order: who bought, who receives. Kept apart from the order's history."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields

import orjson

from ordinance.orders.contact import phone_key
from ordinance.orders.order import Order
from ordinance.rules.decision import canonical_json


@dataclass(frozen=True, slots=True)
class Person:
    """Everything in an order that tells who someone is or where they live."""

    buyer_name: str | None = None
    buyer_phone: str | None = None
    buyer_email: str | None = None
    receiver_name: str | None = None
    receiver_phone: str | None = None
    address: str | None = None
    postcode: str | None = None
    buyer_message: str | None = None
    seller_memo: str | None = None

    @classmethod
    def of(cls, order: Order) -> Person:
        """The personal data in an incoming order."""
        return cls(
            buyer_name=order.buyer.name,
            buyer_phone=order.buyer.phone,
            buyer_email=order.buyer.email,
            receiver_name=order.receiver.name,
            receiver_phone=order.receiver.phone,
            address=order.receiver.address,
            postcode=order.receiver.postcode,
            buyer_message=order.buyer_message,
            seller_memo=order.seller_memo,
        )

    @classmethod
    def from_json(cls, document: str | None) -> Person:
        """Personal data as stored; None (erased, or never known) gives an empty one."""
        return cls(**orjson.loads(document)) if document else cls()

    def to_json(self) -> str:
        """Canonical JSON of what is known."""
        known = ((item.name, getattr(self, item.name)) for item in fields(self))
        return canonical_json({name: value for name, value in known if value is not None})


def phone_term(phone: str) -> str:
    """What a person is looked for by phone with; empty for what is no number."""
    key = re.sub(r"[^0-9]", "", phone_key(phone))
    return f"phone:{key}" if key else ""


def mail_term(mail: str) -> str:
    """What a person is looked for by mail with; empty for none."""
    key = unicodedata.normalize("NFKC", mail).strip().casefold()
    return f"mail:{key}" if key else ""


def sought(document: str) -> list[str]:
    """What a person is found by: each phone and the mail, as they are compared."""
    try:
        person = Person.from_json(document)
    except (ValueError, TypeError):
        return []
    terms = {
        phone_term(person.buyer_phone or ""),
        phone_term(person.receiver_phone or ""),
        mail_term(person.buyer_email or ""),
    }
    return sorted(terms - {""})
