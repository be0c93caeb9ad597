"""The chain of an order: whatever is altered in its history is seen from the history alone."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ordinance.audit import doctor, rowchecks
from ordinance.audit.doctor import check
from ordinance.audit.rowchecks import check_order
from ordinance.audit.verdict import Fault
from ordinance.auditlog import EventInLog
from ordinance.chain import NOTHING, event_hash, evidence_of, packed
from ordinance.orders.change import decisions_by
from ordinance.stored import StoredDecision, StoredEvent
from tests.core.shop import Bench
from tests.stores import ON_POSTGRES
from tests.tampering import tampered

History = tuple[list[StoredEvent], list[StoredDecision]]


def history(bench: Bench) -> History:
    """An order with its after-sale case: some twenty events, and what they rest on."""
    placed = bench.received()
    bench.later(days=200)
    storage = bench.shop.storage
    return list(storage.events("teashop", placed)), list(storage.decisions("teashop", placed))


def faults(events: list[StoredEvent], decisions: list[StoredDecision]) -> list[Fault]:
    """What does not fit in a history of which nothing was sealed yet."""
    end = events[-1]
    rows = [EventInLog(event, None, None, end.version, end.hash, 0) for event in events]
    return list(check_order(rows, decisions))


def other(value: object) -> object:
    """Another value of the same kind."""
    if isinstance(value, int):
        return value + 1
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1)
    return f"{value}1"


def witnessed(events: list[StoredEvent], decisions: list[StoredDecision]) -> list[StoredEvent]:
    """The events with the evidence of these decisions."""
    counts = [0, *decisions_by(events)]
    return [
        replace(event, evidence=evidence_of(decisions[counts[at] : counts[at + 1]]))
        for at, event in enumerate(events)
    ]


def altered(told: History) -> Iterator[tuple[str, History]]:
    """Every field of every row altered; each event taken out, doubled, and swapped with the next;
    each decision taken out."""
    events, decisions = told
    for at, event in enumerate(events):
        for field in fields(StoredEvent):
            if field.name == "changes":
                changed = replace(event, changes=event.changes.replace("[", "[ ", 1))
            else:
                changed = replace(event, **{field.name: other(getattr(event, field.name))})
            yield (
                f"`{field.name}` of event {at}",
                ([*events[:at], changed, *events[at + 1 :]], decisions),
            )
        yield f"event {at} out", ([*events[:at], *events[at + 1 :]], decisions)
        yield f"event {at} twice", ([*events[: at + 1], *events[at:]], decisions)
    for at in range(len(events) - 1):
        one, two = events[at : at + 2]
        swapped = [
            *events[:at],
            replace(two, version=one.version),
            replace(one, version=two.version),
        ]
        yield f"events {at} and {at + 1} swapped", ([*swapped, *events[at + 2 :]], decisions)
    for at, decision in enumerate(decisions):
        for field in fields(StoredDecision):
            if field.name in ("shop", "order_id"):
                continue  # where it is found
            changed_too = replace(decision, **{field.name: other(getattr(decision, field.name))})
            told_otherwise = [*decisions[:at], changed_too, *decisions[at + 1 :]]
            yield f"`{field.name}` of decision {at}", (events, told_otherwise)
            yield (
                f"`{field.name}` of decision {at}, with the evidence",
                (witnessed(events, told_otherwise), told_otherwise),
            )
        yield f"decision {at} out", (events, [*decisions[:at], *decisions[at + 1 :]])


def unseen(told: History) -> list[str]:
    """The alterations that the chain does not show. Of what is cut off at the end only the order
    and the audit log know."""
    found = []
    for what, (events, decisions) in altered(told):
        if what == f"event {len(told[0]) - 1} out":
            continue
        if not faults(events, decisions):
            found.append(what)
    return found


def test_a_chain_holds_and_shows_every_alteration(bench: Bench) -> None:
    told = history(bench)
    events, decisions = told

    assert faults(events, decisions) == []
    assert len(events) > 10 and len(decisions) > 10
    assert unseen(told) == []


def _without(*names: str) -> Callable[[str, StoredEvent], str]:
    def blind(previous: str, event: StoredEvent) -> str:
        kept: dict[str, object] = {name: "" for name in names if name != "previous"}
        return event_hash("" if "previous" in names else previous, replace(event, **kept))  # type: ignore[arg-type]

    return blind


@pytest.mark.parametrize("name", ["actor", "cause", "data", "evidence", "kind", "previous"])
def test_a_hash_that_forgets_something_is_noticed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    events, decisions = history(bench)
    blind = _without(name)
    monkeypatch.setattr(rowchecks, "event_hash", blind)
    previous, again = NOTHING, []
    for event in events:
        previous = blind(previous, event)
        again.append(replace(event, hash=previous))

    assert faults(again, decisions) == []
    assert unseen((again, decisions)) != []


def test_fields_that_run_into_each_other_are_told_apart() -> None:
    assert packed("ab", "c") != packed("a", "bc")
    assert packed("") != packed()
    rng = random.Random(20261127)
    for _ in range(500):
        one = ["".join(rng.choices("ab\x00", k=rng.randrange(3))) for _ in range(3)]
        two = ["".join(rng.choices("ab\x00", k=rng.randrange(3))) for _ in range(3)]
        assert (packed(*one) == packed(*two)) == (one == two)


def test_no_decisions_are_no_evidence() -> None:
    assert evidence_of([]) == ""


@pytest.mark.parametrize(
    ("planted", "told"),
    [
        (
            "UPDATE events SET actor = 'nobody' WHERE version = 4",
            "event 4, altered: what it says is not",
        ),
        (
            "UPDATE events SET at = '2026-03-01T08:00:00.000001Z' WHERE version = 1",
            "event 1, altered",
        ),
        (
            "UPDATE decisions SET at = '2026-03-01T08:00:00.000001Z' WHERE seq = 2",
            "altered: the decisions",
        ),
        ("DELETE FROM decisions WHERE seq = 1", "altered: the decisions"),
        ("UPDATE orders SET head = 'f00'", "names another event as its last"),
    ],
)
def test_the_doctor_names_the_event_that_was_altered(
    tmp_path: Path, planted: str, told: str
) -> None:
    bench = Bench(tmp_path)
    bench.place()
    bench.shop.close()
    tampered(tmp_path / "shop.db", planted)
    again = Bench(tmp_path)

    findings = [item for item in check(again.shop.storage, "teashop") if item.invariant == "I16"]
    again.shop.close()
    assert findings and told in str(findings[0])


def test_an_altered_event_is_named_once_and_not_to_whoever_has_verified_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path)
    bench.place()
    bench.shop.close()
    tampered(tmp_path / "shop.db", "UPDATE events SET hash = 'f00' WHERE version = 2")
    again = Bench(tmp_path)
    storage = again.shop.storage

    found = [item for item in check(storage, "teashop") if item.invariant == "I16"]
    besides = [item.invariant for item in check(storage, "teashop", audit_log=False)]
    monkeypatch.setattr(doctor, "sealed", lambda *_: ())
    without = [item.invariant for item in check(storage, "teashop")]
    again.shop.close()

    events = {(item.about, item.text.partition(",")[0]) for item in found}
    assert found and len(events) == len(found)
    assert "I16" not in besides and "I16" not in without


def test_a_store_from_before_the_chain_is_chained_when_it_is_opened(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.received()
    bench.place()
    before = list(bench.shop.storage.content())
    bench.shop.close()
    steps = "steps" if ON_POSTGRES else "_sqlite_migrations"
    _unchained(tmp_path / "shop.db", steps)

    again = Bench(tmp_path)
    again.well()
    assert list(again.shop.storage.content()) == before
    again.shop.close()


def _unchained(path: Path, steps: str) -> None:
    """Take the store back to what it was before its events were chained."""
    columns = (("events", "hash"), ("events", "evidence"), ("orders", "head"))
    drops = [f"ALTER TABLE {table} DROP COLUMN {column}" for table, column in columns]
    tampered(path, f"DELETE FROM {steps} WHERE name = 'chained_events'")
    if ON_POSTGRES:
        from tests.postgres import connected

        with connected(path) as connection:
            for drop in drops:
                connection.execute(drop)  # type: ignore[call-overload]
        return
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(path)) as file, file:
        for drop in drops:
            file.execute(drop)
