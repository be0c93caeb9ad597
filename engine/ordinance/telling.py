"""What the engine tells a log: what happened to which order, and never to which person.

Embedded, nothing is written anywhere until the program that embeds us gives the logger `ordinance`
a handler. Every event has a name and fields out of one list; there is no field that a name, a phone
number, an address or a message could get into. Keys of commands may be made of anything by who
calls, so that only their fingerprint is told; of an error its type is told, not what it says.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime
from enum import StrEnum
from typing import TypedDict, Unpack

LOGGER = "ordinance"
"""The name of the logger."""

_LOG = logging.getLogger(LOGGER)
_LOG.addHandler(logging.NullHandler())


class Happening(StrEnum):
    """What can be told."""

    COMMAND_DONE = "command.done"
    COMMAND_REPEATED = "command.repeated"
    COMMAND_REFUSED = "command.refused"
    EFFECT_DONE = "effect.done"
    EFFECT_FAILED = "effect.failed"
    EFFECT_UNKNOWN = "effect.unknown"
    EFFECT_DEAD = "effect.dead"
    CIRCUIT_OPENED = "circuit.opened"
    CIRCUIT_CLOSED = "circuit.closed"
    TIMER_FIRED = "timer.fired"
    RULES_CHANGED = "rules.changed"
    LOG_SEALED = "log.sealed"
    STORE_OPENED = "store.opened"
    STORE_CONTENTION = "store.contention"
    STORE_LOG_FOUND = "store.log_found"
    """A log lay beside the file: another process has it open, or one was killed."""
    ERROR = "error"


class Fields(TypedDict, total=False):
    """Every field that there is."""

    shop: str
    order: str
    """The id of an order, which is random."""
    version: int
    orders: int
    """How many orders a command changed."""
    key: str
    """The fingerprint of a command's key; see `mark`."""
    kind: str
    """A kind of effect, of timer, or of entry of the rule journal."""
    effect: str
    """The key of an effect: the id of its order and what it is about."""
    adapter: str
    attempts: int
    attempt: int
    due: datetime
    until: datetime
    late_s: float
    ms: float
    error: str
    """The type of an error."""
    incident: str
    """What an error that was shown to somebody is found by."""
    where: str
    """Module and line."""
    rules: int
    """A version of the rules."""
    size: int
    """Leaves of the audit log."""
    store: str
    """SQLite or PostgreSQL."""
    steps: int


FIELDS = tuple(Fields.__annotations__)
"""Their names, in the order in which they are told."""

_SERIOUS = {
    Happening.EFFECT_FAILED: logging.WARNING,
    Happening.EFFECT_UNKNOWN: logging.WARNING,
    Happening.EFFECT_DEAD: logging.ERROR,
    Happening.CIRCUIT_OPENED: logging.WARNING,
    Happening.STORE_CONTENTION: logging.WARNING,
    Happening.STORE_LOG_FOUND: logging.WARNING,
    Happening.ERROR: logging.ERROR,
    Happening.COMMAND_REPEATED: logging.DEBUG,
    Happening.TIMER_FIRED: logging.DEBUG,
}


def level_of(what: Happening) -> int:
    """How serious it is; `INFO` where nothing is wrong."""
    return _SERIOUS.get(what, logging.INFO)


def tell(what: Happening, **fields: Unpack[Fields]) -> None:
    """Tell that something happened. A field that is not in the list is left out."""
    level = level_of(what)
    if _LOG.isEnabledFor(level):
        known = {name: fields[name] for name in FIELDS if name in fields}  # type: ignore[literal-required]
        _LOG.log(level, what.value, extra={"told": known})


def mark(key: str) -> str:
    """The fingerprint of a key: the same for the same key, and nothing can be read from it."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def kind_of(error: BaseException) -> str:
    """The type of an error, as it is told."""
    return type(error).__name__
