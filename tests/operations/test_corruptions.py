"""Single corruptions behind the engine's back: each is found, and named by the right code."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ordinance.audit import doctor
from ordinance.audit.doctor import check
from ordinance.audit.finding import Finding
from ordinance.audit.invariants import INVARIANTS
from ordinance.audit.sealer import Sealer
from ordinance_adapters.sql.content import TABLES
from tests.core.shop import MONDAY
from tests.operations.sound import SHOP, lived
from tests.stores import open_storage, sqlite_alone
from tests.tampering import tampered
from tests.tenants.twins import SIGNER

PLANTED = {
    "a counter promises what is not there": (
        "UPDATE stock SET reserved = on_hand + 1 WHERE sku = 'TEA' AND warehouse = 'HZ'",
        "I1",
    ),
    "a counter was raised": (
        "UPDATE stock SET on_hand = on_hand + 1 WHERE sku = 'COLD'",
        "I2",
    ),
    "a movement was taken out": (
        "DELETE FROM movements WHERE kind = 'received' AND sku = 'COLD'",
        "I2",
    ),
    "a movement says another number": (
        "UPDATE movements SET quantity = quantity + 1 WHERE kind = 'received' AND sku = 'CUP'",
        "I2",
    ),
    "a reservation was dropped": (
        "DELETE FROM reservations WHERE holder NOT LIKE 'checkout:%'",
        "I3",
    ),
    "a reservation belongs to nobody": (
        "UPDATE reservations SET holder = 'nobody' WHERE holder NOT LIKE 'checkout:%'",
        "I3",
    ),
    "a pool was made larger": ("UPDATE pools SET pieces = pieces + 1", "I3"),
    "an order counts more as shipped than has left": (
        "UPDATE orders SET document = replace(document, '\"shipped\":1', '\"shipped\":2')"
        " WHERE source_id = 'A6'",
        "I4",
    ),
    "a transfer lost pieces on its way": ("UPDATE transfers SET pieces = pieces - 1", "I5"),
    "a payment was made larger": (
        "UPDATE orders SET document = replace(document, '\"amount\":10000', '\"amount\":20000')"
        " WHERE source_id = 'A1'",
        "I6",
    ),
    "a refund was forgotten": ("DELETE FROM outbox WHERE kind = 'refund'", "I7"),
    "a refund pays another amount": (
        "UPDATE outbox SET payload = replace(payload, '10000', '90000') WHERE kind = 'refund'",
        "I7",
    ),
    "a command was forgotten": ("DELETE FROM commands WHERE key = 'off'", "I8"),
    "a command answers with an order that is not there": (
        'UPDATE commands SET result = replace(result, \'"order":"\', \'"order":"X\')'
        " WHERE key = 'off'",
        "I8",
    ),
    "an event was taken out": (
        "DELETE FROM events WHERE version = 3 AND kind = 'order.entered'",
        "I9",
    ),
    "an event was edited": (
        "UPDATE events SET changes = replace(changes, 'AUDITED', 'WAIT_AUDIT')"
        " WHERE kind = 'order.reviewed'",
        "I9",
    ),
    "an order jumped over its states": (
        "UPDATE events SET changes = replace(changes, '\"FULFILLING\"', '\"SIGNED\"')"
        " WHERE kind = 'order.fulfilling'",
        "I10",
    ),
    "a message was forgotten": (
        "DELETE FROM outbox WHERE key LIKE '%:notify:%' AND kind = 'notify'",
        "I11",
    ),
    "an effect is never due": (
        "UPDATE outbox SET state = 'waiting', next_try = NULL, done_at = NULL, result = NULL"
        " WHERE key LIKE '%:push:P1'",
        "I11",
    ),
    "an effect is done without an answer": (
        "UPDATE outbox SET result = NULL WHERE key LIKE '%:push:P1'",
        "I11",
    ),
    "an effect is about a parcel that is not there": (
        "UPDATE outbox SET payload = replace(payload, '\"P1\"', '\"P9\"')"
        " WHERE kind = 'warehouse.cancel'",
        "I11",
    ),
    "an effect belongs to no order": (
        "UPDATE outbox SET order_id = 'nobody' WHERE key LIKE '%:notify:19:inbox'",
        "I11",
    ),
    "a refund was given up": (
        "UPDATE outbox SET state = 'dead', result = NULL, done_at = NULL WHERE kind = 'refund'",
        "I11",
    ),
    "an effect was overtaken": (
        "UPDATE outbox SET state = 'waiting', next_try = '2026-03-09T00:00:00.000000Z',"
        " result = NULL, done_at = NULL WHERE kind = 'warehouse.push' AND order_id IN"
        " (SELECT order_id FROM outbox WHERE kind = 'warehouse.cancel')",
        "I12",
    ),
    "a message tells what did not happen": (
        "UPDATE outbox SET payload = replace(payload, '\"cancelled\"', '\"delivered\"')"
        " WHERE kind = 'notify'",
        "I12",
    ),
    "a payment is not remembered": ("DELETE FROM transactions WHERE number = 'T-A1'", "I13"),
    "a payment is remembered for another order": (
        "UPDATE transactions SET order_id = 'nobody' WHERE number = 'T-A5'",
        "I13",
    ),
    "a parcel was moved back by an older scan": (
        'UPDATE events SET changes = replace(changes, \'"last_scan_at":"2026-03-03\','
        " '\"last_scan_at\":\"2026-02-03') WHERE kind = 'parcel.delivered'",
        "I13",
    ),
    "a decision was taken out": (
        "DELETE FROM decisions WHERE point = 'review.risk'",
        "I14",
    ),
    "facts were edited": (
        "UPDATE facts SET snapshot = replace(snapshot, '330106', '540102')",
        "I14",
    ),
    "a decision names rules that were not in force": (
        "UPDATE decisions SET rules_hash = 'none' WHERE point = 'review.risk'",
        "I15",
    ),
    "a release was edited": ("UPDATE releases SET hash = 'none' WHERE version = 1", "I15"),
    "a rule text was edited": ("UPDATE rule_texts SET text = text || ' '", "I15"),
    "the hash of an event was edited": (
        "UPDATE events SET hash = 'none' WHERE version = 2",
        "I16",
    ),
    "an event has another actor": (
        "UPDATE events SET actor = 'somebody' WHERE version = 2",
        "I16",
    ),
    "an event does not say who did it": ("UPDATE events SET actor = '' WHERE version = 2", "I17"),
    "a movement does not say who did it": (
        "UPDATE movements SET actor = '' WHERE kind = 'set_aside'",
        "I17",
    ),
    "rules were put in force by their author alone": (
        "UPDATE rule_journal SET kind = 'approved' WHERE seq = 1",
        "I17",
    ),
    "the timer of an unpaid order was dropped": (
        "DELETE FROM timers WHERE kind = 'payment.close'",
        "I18",
    ),
    "a timer belongs to no order": (
        "UPDATE timers SET order_id = 'nobody' WHERE kind = 'track.check'",
        "I18",
    ),
    "a timer fires too early": (
        "UPDATE timers SET due = '2026-01-01T00:00:00.000000Z' WHERE kind = 'order.complete'",
        "I18",
    ),
    "a case that is closed still waits for its goods": (
        "INSERT INTO timers (shop, order_id, kind, name, due) "
        "SELECT shop, id, 'case.return', 'C9', '2027-01-01T00:00:00.000000Z' FROM orders",
        "I18",
    ),
    "a timer fired before it was due": (
        "UPDATE events SET actor = 'clock', cause = 'timer:payment.close:2027-01-01T00:00:00+00:00'"
        " WHERE kind = 'archive.planned'",
        "I18",
    ),
    "nobody watches a parcel any more": ("DELETE FROM timers WHERE kind = 'track.check'", "I19"),
    "a row has another status": ("UPDATE orders SET status = 'COMPLETED'", "I20"),
    "a row has another buyer": ("UPDATE orders SET buyer_id = 'u9'", "I20"),
    "a row has another amount": ("UPDATE orders SET paid = paid + 1", "I20"),
    "an order stands in no queue": ("DELETE FROM backorders", "I20"),
    "a parcel carries another amount": (
        'UPDATE orders SET document = replace(document, \'"share":{"amount":\', '
        '\'"share":{"amount":1\')',
        "I21",
    ),
    "a person is gone": (
        "DELETE FROM persons WHERE id IN (SELECT 'P-' || id FROM orders WHERE source_id = 'A5')",
        "S12",
    ),
    "a paid order was called off on nobody's word": (
        "UPDATE events SET kind = 'order.noted' WHERE kind = 'cancel.requested'",
        "C2",
    ),
}
"""What was done, the statement that does it, and the code that names it."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The content of a store in which everything adds up."""
    bench = lived(tmp_path_factory.mktemp("sound"))
    lines = list(bench.shop.storage.content())
    bench.shop.close()
    return lines


def looked_at(path: Path) -> list[Finding]:
    storage = open_storage(path)
    try:
        return check(storage, SHOP, replay_decisions=True)
    finally:
        storage.close()


@pytest.fixture
def store(tmp_path: Path, sound: list[str]) -> Path:
    """A store of its own with that content."""
    path = tmp_path / "shop.db"
    storage = open_storage(path)
    storage.fill(sound)
    storage.close()
    return path


def test_an_untouched_store_has_no_findings(store: Path) -> None:
    assert looked_at(store) == []


@pytest.mark.parametrize("what", PLANTED)
def test_what_was_planted_is_found_and_named(store: Path, what: str) -> None:
    sql, code = PLANTED[what]
    tampered(store, sql)

    found = looked_at(store)

    assert code in {finding.invariant for finding in found}, list(map(str, found))
    assert all(finding.about and finding.text for finding in found)


SWITCHED_OFF = {
    "history": "an event was taken out",
    "columns": "a row has another status",
    "decided": "a decision was taken out",
    "moves": "an order jumped over its states",
    "came_in": "a parcel was moved back by an older scan",
    "actors": "an event does not say who did it",
    "money": "a payment was made larger",
    "refunds": "a refund pays another amount",
    "places": "an effect is done without an answer",
    "notices": "a message tells what did not happen",
    "in_turn": "an effect was overtaken",
    "pushes": "an effect is about a parcel that is not there",
    "timers": "the timer of an unpaid order was dropped",
    "fired": "a timer fired before it was due",
    "goes_on": "nobody watches a parcel any more",
    "silent_cancels": "a paid order was called off on nobody's word",
    "lineage": "a parcel carries another amount",
}
"""A check of the doctor, and a corruption that nothing else names as it does."""


def test_every_check_and_every_code_has_a_corruption_that_shows_it() -> None:
    assert SWITCHED_OFF.keys() == doctor.ORDER_CHECKS.keys()
    # I0 is for what cannot be read, below.
    assert {code for _, code in PLANTED.values()} == INVARIANTS.keys() - {"I0"}


@pytest.mark.parametrize("name", SWITCHED_OFF)
def test_a_doctor_without_one_of_its_checks_is_caught(
    name: str, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sql, code = PLANTED[SWITCHED_OFF[name]]
    tampered(store, sql)
    monkeypatch.setitem(doctor.ORDER_CHECKS, name, lambda seen: ())
    # The audit log sees some of it too.
    monkeypatch.setattr(doctor, "sealed", lambda *_: ())

    assert code not in {finding.invariant for finding in looked_at(store)}


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        (
            "UPDATE audit_log SET leaf = replace(leaf, 'a', 'b') WHERE place = 3",
            "place 3, re-stamped",
        ),
        ("DELETE FROM audit_log WHERE place = 3", "missing"),
        ("UPDATE movements SET actor = 'nobody' WHERE kind = 'received'", "altered"),
    ],
)
def test_what_was_sealed_is_looked_at(store: Path, sql: str, told: str) -> None:
    storage = open_storage(store)
    assert Sealer(storage, SHOP, SIGNER).seal(MONDAY) > 10
    storage.close()
    assert looked_at(store) == []

    tampered(store, sql)

    found = [str(one) for one in looked_at(store) if one.invariant == "I16"]
    assert any(told in one for one in found), found


FREE = {
    *("movements.actor", "movements.cause", "movements.counterpart", "movements.note"),
    *("movements.pool", "outbox.answers", "outbox.lane", "outbox.result"),
    *("purchase_orders.supplier", "releases.author", "releases.note", "rule_journal.actor"),
    *("rule_journal.note", "rule_sources.file", "rule_sources.point", "trials.facts_hash"),
    *("trials.live", "trials.live_hash", "trials.outcome", "trials.record"),
}
"""Columns of which the doctor cannot say what they should be."""


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    """Every column of text that is no key and holds something."""
    with closing(sqlite3.connect(path)) as connection:
        for name, table in TABLES.items():
            types = {row[1]: row[2] for row in connection.execute(f"PRAGMA table_info({name})")}
            for column in table.columns:
                if types[column] != "TEXT" or column in table.key:
                    continue
                sql = f"SELECT 1 FROM {name} WHERE {column} IS NOT NULL LIMIT 1"
                if connection.execute(sql).fetchone():
                    yield name, column


@sqlite_alone
@pytest.mark.slow
@pytest.mark.parametrize("garbage", ["", "}{"])
def test_garbage_in_a_column_is_a_finding_and_never_a_traceback(store: Path, garbage: str) -> None:
    missed, tried = set(), 0
    storage = open_storage(store)
    with closing(sqlite3.connect(store, isolation_level=None)) as raw:
        raw.execute("PRAGMA ignore_check_constraints = 1")
        raw.execute("PRAGMA foreign_keys = 0")
        for (trigger,) in raw.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            raw.execute(f"DROP TRIGGER {trigger}")
        for table, column in list(_texts(store)):
            where = f"{column} IS NOT NULL LIMIT 1"
            row, before = raw.execute(
                f"SELECT {_row_id(table)}, {column} FROM {table} WHERE {where}"
            ).fetchone()
            try:
                raw.execute(
                    f"UPDATE {table} SET {column} = ? WHERE {_row_id(table)} = ?", (garbage, row)
                )
            except sqlite3.IntegrityError:
                continue
            tried += 1
            if not check(storage, SHOP, replay_decisions=True):
                missed.add(f"{table}.{column}")
            raw.execute(
                f"UPDATE {table} SET {column} = ? WHERE {_row_id(table)} = ?", (before, row)
            )
        assert check(storage, SHOP, replay_decisions=True) == []
    storage.close()

    assert missed <= FREE, missed - FREE
    assert tried > 70


def _row_id(table: str) -> str:
    """What names a row; tables without row numbers have their key."""
    key = TABLES[table].key
    return "rowid" if table not in _CLUSTERED else " || '/' || ".join(key)


_CLUSTERED = {
    *("timers", "reservations", "pools", "transfers", "loads", "batches", "stock_blocks"),
    *("backorders", "purchase_orders", "arrivals", "presold", "rule_journal"),
}


@sqlite_alone
def test_the_row_that_cannot_be_read_is_named_and_the_others_are_checked(store: Path) -> None:
    tampered(store, "UPDATE orders SET placed_at = 'then' WHERE source_id = 'A4'")
    tampered(store, "UPDATE orders SET paid = paid + 1 WHERE source_id <> 'A4'")
    found = looked_at(store)

    assert ("I0", "`placed_at` cannot be read") in {(one.invariant, one.text) for one in found}
    assert len([one for one in found if one.invariant == "I20" and "`paid`" in one.text]) == 5
    assert "13800138000" not in json.dumps([str(one) for one in found])
