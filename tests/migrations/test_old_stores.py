"""A store of every closed issue is brought up to today's tables with all that is in it, once, or
stays what it was."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ordinance.audit.doctor import check
from ordinance.orders.states import IllegalMove
from ordinance.ports import EffectState, StorageError
from ordinance.rules.problem import RuleFileError
from ordinance_adapters.simulator.outside import simulated
from ordinance_adapters.sql import unsealed
from ordinance_adapters.sqlite import open_storage, schema, store
from tests.cli.terminal import here
from tests.conftest import ROOT
from tests.core.shop import order, payment
from tests.migrations.make_fixtures import CLOSED, EXAMPLE, FIXTURES, unpacked
from tests.migrations.old import everything, opened, sums, tables
from tests.stores import sqlite_alone

pytestmark = sqlite_alone

SHOP = "chashop"
NOW = datetime(2026, 11, 1, 10, tzinfo=UTC)
KILLS = int(os.environ.get("ORDINANCE_KILLS", "6"))
"""At how many statements of each migration it is killed; 0: at every one."""

GONE = {
    ("persons", "document"): "sealed under a key of each person",
    ("outbox", "payload"): "sealed where it names a person",
    ("facts", "snapshot"): "sealed where it names a person",
}
"""Columns that a later step took away or filled anew, each with its reason."""


RULES_REFUSED = {5: "allocation.yaml:235:22: error E_TYPE: parameter `item_block` is in `hour`"}
"""Stores whose published rules say what a later version reads otherwise, and what is said of it:
rules that are right are published, and the shop goes on."""


def up_to_date(path: Path) -> None:
    open_storage(path).close()


@pytest.mark.parametrize("issue", CLOSED)
def test_an_old_store_keeps_all_it_held(tmp_path: Path, issue: int) -> None:
    path = unpacked(issue, tmp_path)
    held = tables(path)
    kept = {
        table: [name for name in names if (table, name) not in GONE]
        for table, names in held.items()
    }
    before = sums(path, kept)
    up_to_date(path)
    now = tables(path)

    assert [
        (table, name)
        for table, names in kept.items()
        for name in names
        if name not in now.get(table, [])
    ] == []
    assert sums(path, kept) == before
    assert sum(map(len, now.values())) >= sum(map(len, held.values()))


@pytest.mark.parametrize("issue", CLOSED)
def test_persons_are_read_as_they_were_under_their_seal(tmp_path: Path, issue: int) -> None:
    path = unpacked(issue, tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        persons = dict(connection.execute("SELECT id, document FROM persons"))
    storage = open_storage(path)
    with storage.reading() as tx:
        assert {one: json.loads(str(tx.person(SHOP, one))) for one in persons} == {
            one: json.loads(document) for one, document in persons.items()
        }
    storage.close()


@pytest.mark.slow
@pytest.mark.parametrize("issue", CLOSED)
def test_an_old_store_adds_up_and_goes_on(tmp_path: Path, issue: int) -> None:
    path = unpacked(issue, tmp_path)
    storage = open_storage(path)
    assert check(storage, SHOP) == []
    # What decisions have seen of persons was moved: they are made again from where it is now.
    refused = [str(found) for found in check(storage, SHOP, replay_decisions=True)]
    assert bool(refused) == (issue in RULES_REFUSED)
    assert all(one.startswith("I14 ") and RULES_REFUSED[issue] in one for one in refused)
    shop = opened(storage, issue)
    before = {one.id: one.version for one in storage.orders(SHOP)}
    assert len(before) >= 17 and all(shop.timeline(one) for one in before)

    asked = order(
        "NEW-1",
        channel="miniapp",
        placed_at=NOW,
        lines=[{"sku": min(shop.profile.items), "quantity": 1, "unit_price": "10.00"}],
        payments=[payment("T-NEW-1", "10.00", NOW)],
    )
    if issue in RULES_REFUSED:
        with pytest.raises(RuleFileError, match=RULES_REFUSED[issue]):
            shop.place(asked, key="new", now=NOW)
        told = ("--shop", EXAMPLE, "--db", path, "--author", "Lan", "--note", "upgrade")
        rules = f"{EXAMPLE}/rules"
        assert here("rules", "publish", rules, *told, "--base", "1", cwd=ROOT).code == 0
    placed = shop.place(asked, key="new", now=NOW)
    assert shop.place(asked, key="new", now=NOW).repeated
    shop.cancel(placed.order, key="off", now=NOW)
    for one in before:
        with suppress(ValueError, IllegalMove):  # what is over stays as it is
            shop.cancel(one, key=f"cancel:{one}", now=NOW)
    while shop.work(NOW, simulated()):
        pass

    after = {one.id: one.version for one in storage.orders(SHOP)}
    assert [one for one in before if after[one] > before[one]], "no old order goes on"
    assert check(storage, SHOP) == []
    storage.close()


@pytest.mark.parametrize("issue", RULES_REFUSED)
def test_decisions_by_rules_that_are_refused_today_are_told_and_the_others_made_again(
    tmp_path: Path, issue: int
) -> None:
    said = here("replay", "--db", unpacked(issue, tmp_path), cwd=tmp_path)

    assert (said.code, said.err) == (0, "")
    assert f"no longer takes: {RULES_REFUSED[issue]}" in said.out
    made, same, differ, lost = map(int, re.findall(r"\d+", said.out.splitlines()[-1]))
    assert (made, differ) == (same + lost, 0) and 0 < lost < same


@pytest.mark.slow
def test_a_migration_that_loses_what_a_decision_has_seen_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unsealed, "_seen", lambda *_: "[]")
    storage = open_storage(unpacked(2, tmp_path))

    assert "I14" in {found.invariant for found in check(storage, SHOP, replay_decisions=True)}
    storage.close()


def in_a_child(work: Callable[[], None]) -> int:
    """Do it in a process of its own, which is quick to make; how that ended."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1]


def dying_at(path: Path, statement: int) -> None:
    """Bring a store up to date, and die before that statement of it."""
    left = [statement]

    def trace(sql: str) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def migrate(connection: sqlite3.Connection, *given: Any) -> None:
        connection.set_trace_callback(trace)
        schema.migrate(connection, *given)
        connection.set_trace_callback(None)

    store.migrate = migrate  # type: ignore[assignment]
    open_storage(path).close()


def statements(path: Path) -> int:
    """How many statements it takes to bring a store up to date."""
    seen: list[str] = []

    def migrate(connection: sqlite3.Connection, *given: Any) -> None:
        connection.set_trace_callback(seen.append)
        schema.migrate(connection, *given)
        connection.set_trace_callback(None)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(store, "migrate", migrate)
        up_to_date(path)
    return len(seen)


@pytest.mark.slow
@pytest.mark.parametrize("issue", CLOSED)
def test_a_migration_that_is_killed_is_undone_and_done_again(tmp_path: Path, issue: int) -> None:
    path = unpacked(issue, tmp_path)
    old, data = everything(path), path.read_bytes()
    count = statements(path)
    new = everything(path)
    assert new != old and count > 8
    ends = {old: 0, new: 0}
    points = range(1, count + 2) if not KILLS else spread(count, KILLS)
    for point in points:
        for beside in ("", "-wal", "-shm"):
            Path(f"{path}{beside}").unlink(missing_ok=True)
        path.write_bytes(data)
        ended = in_a_child(lambda point=point: dying_at(path, point))  # type: ignore[misc]
        assert (os.WTERMSIG(ended) == signal.SIGKILL) == (point <= count), point
        ends[everything(path)] += 1  # a third state would be none of the two
        up_to_date(path)
        assert everything(path) == new, point
    assert ends[old] and ends[new]


def spread(count: int, points: int) -> list[int]:
    """The first, the last and the one after it, which dies of nothing, and some between."""
    between = {1 + number * count // (points - 1) for number in range(points - 1)}
    return sorted({*between, count, count + 1})


@pytest.mark.slow
@pytest.mark.parametrize("issue", [min(CLOSED), max(CLOSED)])
def test_of_eight_processes_that_open_it_at_once_one_migrates(tmp_path: Path, issue: int) -> None:
    path = unpacked(issue, tmp_path)
    told = tmp_path / "told"

    def open_it() -> None:
        made: list[str] = []

        def migrate(connection: sqlite3.Connection, *given: Any) -> None:
            connection.set_trace_callback(made.append)
            schema.migrate(connection, *given)
            connection.set_trace_callback(None)

        store.migrate = migrate  # type: ignore[assignment]
        storage = open_storage(path)
        found = len(list(storage.orders(SHOP)))
        storage.close()
        altered = sum(sql.startswith(("ALTER TABLE", "CREATE TABLE")) for sql in made)
        (tmp_path / f"told-{os.getpid()}").write_text(f"{found} {int(altered > 0)}")

    children = []
    for _ in range(8):
        child = os.fork()
        if child == 0:
            try:
                while not told.exists():
                    pass
                open_it()
            finally:
                os._exit(0)
        children.append(child)
    told.touch()
    for child in children:
        os.waitpid(child, 0)
    answers = [file.read_text().split() for file in tmp_path.glob("told-*")]

    assert len(answers) == 8 and len({found for found, _ in answers}) == 1
    assert sum(int(migrated) for _, migrated in answers) == 1
    storage = open_storage(path)
    assert check(storage, SHOP) == []
    storage.close()


@pytest.mark.parametrize("known", range(1, len(schema._STEPS)))
def test_every_older_version_refuses_a_newer_store_and_leaves_it_alone(
    tmp_path: Path, known: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "shop.db"
    up_to_date(path)
    before = everything(path)
    monkeypatch.setattr(schema, "_STEPS", schema._STEPS[:known])

    with pytest.raises(StorageError, match="written by a newer version of ordinance"):
        open_storage(path)
    assert everything(path) == before


def test_effects_of_an_old_store_are_what_they_were(tmp_path: Path) -> None:
    path = unpacked(2, tmp_path)
    with sqlite3.connect(path) as connection:
        done = connection.execute("SELECT count(*) FROM outbox WHERE done_at <> ''").fetchone()[0]
        all_ = connection.execute("SELECT count(*) FROM outbox").fetchone()[0]
    connection.close()
    storage = open_storage(path)

    assert len(storage.effects(SHOP, [EffectState.DONE])) == done > 0
    assert len(storage.effects(SHOP, list(EffectState))) == all_
    storage.close()


def test_the_fixtures_are_small_and_all_there() -> None:
    files = sorted(FIXTURES.iterdir())

    assert [file.name for file in files] == [f"issue-{issue}.db.xz" for issue in CLOSED]
    assert sum(file.stat().st_size for file in files) < 500_000


def test_a_statement_that_changes_what_was_there_is_found(tmp_path: Path) -> None:
    path = unpacked(2, tmp_path)
    held = tables(path)
    before = sums(path, held)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE orders SET receivable = receivable + 1")
    connection.close()

    assert sums(path, held) != before
