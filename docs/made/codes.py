"""Tables of the codes that are stored, with their words in both languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from made.markup import code, table
from made.states import PARCEL_WORDS, REFUND_WORDS
from ordinance.audit import codes
from ordinance.inventory import MovementKind
from ordinance.orders.states import STATUS_WORDS, ParcelState, PayState, RefundState
from ordinance.points import POINTS
from ordinance.points.aftersale import EVENTS, PAYERS, REASONS, REMEDIES, SIGNERS
from ordinance.points.dispatch import ANOMALIES, TRACK_STATES
from ordinance.points.intake import EXCEPTIONS, TREATMENTS, VERDICTS
from ordinance.points.review import REVIEWS, TASKS
from ordinance.rules import Choice, Words

_PAYMENT = {
    "UNPAID": Words("未付款", "nothing came in"),
    "PART_PAID": Words("部分付款", "less than the receivable"),
    "PAID": Words("已付清", "exactly the receivable"),
    "OVERPAID": Words("多付", "more than the receivable"),
}
_PARCEL = {
    "WAIT_PUSH": "waits to be handed to the warehouse",
    "PUSHED": "the warehouse has it",
    "PICKING": "being picked",
    "PACKED": "packed",
    "SHIPPED": "left with the carrier; from here on the tracking state tells",
    "CANCELLED": "called off before it left",
}
_REFUND = {
    "CREATED": "opened",
    "SUBMITTED": "sent to the payment channel",
    "SUCCESS": "paid back",
    "FAILED": "refused by the channel, to be sent again",
    "UNKNOWN": "the channel has not said",
}


def _rows(words: Mapping[str, Words]) -> str:
    return table(
        ("code", "中文", "English"),
        ((code(name), item.zh, item.en) for name, item in words.items()),
    )


def _choices(choices: tuple[Choice, ...]) -> str:
    return _rows({choice.code: choice.words for choice in choices})


def _field(point: str, name: str) -> str:
    """The choices of an outcome field."""
    found = next(item for item in POINTS if item.name == point).field(name)
    assert found is not None
    return _choices(found.choices)


def _states(members: type, words: Mapping[str, Words]) -> str:
    """Words of every member of an axis; `KeyError` for one that has none."""
    return _rows({str(state): words[state] for state in members})  # type: ignore[attr-defined]


TABLES: Mapping[str, Callable[[], str]] = {
    "statuses": lambda: _rows({name: Words(*words) for name, words in STATUS_WORDS.items()}),
    "payment": lambda: _states(PayState, _PAYMENT),
    "parcels": lambda: _states(
        ParcelState, {name: Words(zh, _PARCEL[name]) for name, zh in PARCEL_WORDS.items()}
    ),
    "refunds": lambda: _states(
        RefundState, {name: Words(zh, _REFUND[name]) for name, zh in REFUND_WORDS.items()}
    ),
    "movements": lambda: _states(MovementKind, codes.MOVEMENTS),
    "cases": lambda: _rows(codes.CASE_STATES),
    "holds": lambda: _rows(
        {name: words for name, words in codes.HOLD_WORDS.items() if name not in _EXCEPTIONS}
    ),
    "ends": lambda: _rows(codes.END_CAUSES),
    "actors": lambda: _rows(codes.ACTORS),
    "exceptions": partial(_choices, EXCEPTIONS),
    "verdicts": partial(_choices, VERDICTS),
    "treatments": partial(_choices, TREATMENTS),
    "reviews": partial(_choices, REVIEWS),
    "tasks": partial(_choices, TASKS),
    "shortage": partial(_field, "allocation.shortage", "plan"),
    "tracking": partial(_choices, TRACK_STATES),
    "anomalies": partial(_choices, ANOMALIES),
    "resolutions": partial(_field, "tracking.resolve", "action"),
    "signers": partial(_choices, SIGNERS),
    "reasons": partial(_choices, REASONS),
    "remedies": partial(_choices, REMEDIES),
    "payers": partial(_choices, PAYERS),
    "notices": partial(_choices, EVENTS),
}
"""Every table of codes by its name in a document."""

_EXCEPTIONS = frozenset(choice.code for choice in EXCEPTIONS)
