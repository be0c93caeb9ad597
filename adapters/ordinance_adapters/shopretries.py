"""How often effects are tried, in a shop file: `effects` and `circuits`."""

from __future__ import annotations

from collections.abc import Mapping

from ordinance.retries import CIRCUITS, RETRIES, CircuitPolicy, RetryPolicy, WhenUnknown
from ordinance_adapters.shopfields import Fields

EFFECT_KEYS = ("kind", "first", "factor", "longest", "jitter_percent", "attempts", "unknown")
CIRCUIT_KEYS = ("adapter", "failures", "pause", "longest_wait")


def read_retries(fields: Fields) -> Mapping[str, RetryPolicy]:
    """The schedule of every kind of effect; what a shop file does not say stays as it is."""
    found = dict(RETRIES)
    for one in fields.maps("effects", EFFECT_KEYS, "an effect"):
        kind = one.word("kind", tuple(RETRIES))
        usual = found.get(kind, RetryPolicy())
        unknown = one.word("unknown", tuple(WhenUnknown), usual.unknown.value)
        found[kind] = RetryPolicy(
            first=one.duration("first", usual.first),
            factor=one.whole("factor", usual.factor, least=1, most=100),
            longest=one.duration("longest", usual.longest),
            jitter_percent=one.whole("jitter_percent", usual.jitter_percent, most=100),
            attempts=one.whole("attempts", usual.attempts, least=1, most=10_000),
            unknown=WhenUnknown(unknown) if unknown else usual.unknown,
        )
    return found


def read_circuits(fields: Fields) -> Mapping[str, CircuitPolicy]:
    """The circuit of every adapter; what a shop file does not say stays as it is."""
    found = dict(CIRCUITS)
    for one in fields.maps("circuits", CIRCUIT_KEYS, "a circuit"):
        adapter = one.word("adapter", tuple(CIRCUITS))
        usual = found.get(adapter, CircuitPolicy())
        found[adapter] = CircuitPolicy(
            failures=one.whole("failures", usual.failures, least=1),
            pause=one.duration("pause", usual.pause),
            longest_wait=one.duration("longest_wait", usual.longest_wait),
        )
    return found
