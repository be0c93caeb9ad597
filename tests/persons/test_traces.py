"""Nobody planted is found anywhere: not while they are there, and not once they are erased."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from ordinance.audit.doctor import check
from ordinance.audit.figures import add_up
from ordinance.orders import persons
from ordinance.ports import EffectState, Storage
from ordinance_adapters.cli import cli
from ordinance_adapters.keys import KEYS
from ordinance_adapters.sqlite import open_storage
from tests.persons.crowd import PERSONS, crowd, traces, traces_in_files

SHOP = "chashop"
NOW = datetime(2027, 6, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Crowded:
    """A store after every flow of the tea shop, with its keys beside it."""

    folder: Path
    printed: str

    @property
    def db(self) -> Path:
        return self.folder / "store/crowd.db"

    def say(self, *arguments: str) -> str:
        done = CliRunner().invoke(cli, [*arguments, "--db", str(self.db)])
        return done.output + repr(done.exception or "")

    def open(self) -> Storage:
        return open_storage(self.db)


@pytest.fixture(scope="module")
def once(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowded]:
    folder = tmp_path_factory.mktemp("crowded")
    shop = crowd(root, folder)
    (folder / "store").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(KEYS, raising=False)
        store = Crowded(folder, "")
        yield Crowded(folder, store.say("run", str(shop), "--quiet"))


@pytest.fixture
def crowded(once: Crowded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Crowded:
    """A copy of one's own: the file with its keys."""
    monkeypatch.delenv(KEYS, raising=False)
    shutil.copytree(once.folder / "store", tmp_path / "store")
    return Crowded(tmp_path, once.printed)


EVERYTHING = (
    *(("effects", "list"), ("effects", "list", "--state", "done"), ("status",), ("replay",)),
    *(("audit", "verify"), ("audit", "places"), ("stock", "show")),
)
"""What can be asked of a whole store, in every form."""


def everything_said(store: Crowded, orders: int) -> str:
    """Whatever can be asked for, in both languages and as JSON, of some orders of each kind."""
    with closing(store.open()) as storage:
        numbers = [order.number for order in storage.orders(SHOP)]
        done = storage.effects(SHOP, [EffectState.DONE])
    keys = [one.effect.key for one in done if one.effect.kind.startswith("warehouse.")][:orders]
    said = [store.printed, store.say("doctor", "--replay")]
    for form in ([], ["--json"], ["--lang", "zh"]):
        said.append(store.say("orders", "--limit", "100000", *form))
        said += [store.say(ask, *form) for ask in ("report",) if "--lang" not in form]
        said += [store.say(*ask, *form) for ask in EVERYTHING]
        for number in numbers[:orders]:
            said.append(store.say("show", number, *form))
            said.append(store.say("explain", number, *form))
            said.append(store.say("replay", number, *form))
    said.append(store.say("person", "find", "--phone", "13970000004"))
    said.append(store.say("show", "nobody-is-called-so"))
    said.append(store.say("metrics"))
    said += [store.say("effects", "show", key) for key in keys]
    said.append(store.say("audit", "seal", "--export", str(store.folder / "checkpoints.txt")))
    for number in numbers[:orders]:
        store.say("audit", "proof", number, "--out", str(store.folder / f"{number}.json"))
    handed_out = [store.folder / "checkpoints.txt", *store.folder.glob("*.json")]
    assert len(handed_out) == 1 + orders
    said += [file.read_text("utf-8") for file in handed_out]
    return "\n".join(said)


def test_no_file_and_no_word_tells_who_anybody_is(crowded: Crowded) -> None:
    assert "everything adds up" in crowded.say("doctor")
    assert traces_in_files(crowded.folder) == {}

    assert traces(everything_said(crowded, orders=8)) == set()


def test_the_persons_are_there_for_those_who_have_the_keys(crowded: Crowded) -> None:
    with closing(crowded.open()) as storage:
        found = persons.orders_of(storage, SHOP, phone="139 7000 0004")
        by_mail = persons.orders_of(storage, SHOP, mail="U4@Quokka.Example")
        lines = [line for line in storage.content() if '"table":"persons"' in line]

    assert [order.source_id for order in found] == [order.source_id for order in by_mail] != []
    assert len(lines) >= PERSONS * 9 // 10
    assert all(traces(line) for line in lines)


def test_what_is_asked_for_with_a_reason_is_told_and_written_down(crowded: Crowded) -> None:
    with closing(crowded.open()) as storage:
        (order,) = persons.orders_of(storage, SHOP, phone="13970000004")
    why = ["--unmask", "--by", "lan", "--reason"]

    refused = crowded.say("show", order.number, "--unmask", "--by", "lan")
    told = crowded.say("show", order.number, *why, "the parcel of 欧鹮\u4e04 came back")
    after = crowded.say("show", order.number)

    assert "--unmask needs --by and --reason" in refused and not traces(refused)
    assert "13970000004" in told and "金丝雀路4号8幢2单元4室" in told
    assert "shown in clear text: the parcel of *** came back  (lan)" in after
    assert not traces(after)
    assert "everything adds up" in crowded.say("doctor")
    assert traces_in_files(crowded.folder) == {}


def erase_all(storage: Storage) -> None:
    orders = list(storage.orders(SHOP))
    persons.erase(storage, orders, by="lan", reason="they asked for it", now=NOW, forced=True)


def wrapped_keys(path: Path) -> list[bytes]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0].encode() for row in connection.execute("SELECT wrapped FROM persons")]


def test_erased_persons_leave_nothing_to_be_opened_and_everything_adds_up(
    crowded: Crowded,
) -> None:
    keys = wrapped_keys(crowded.db)
    with closing(crowded.open()) as storage:
        before = add_up(storage, SHOP)
        faults = [str(fault) for fault in check(storage, SHOP, replay_decisions=True)]
        erase_all(storage)
        held = crowded.db.read_bytes() + Path(f"{crowded.db}-wal").read_bytes()
        after = add_up(storage, SHOP)
        told = [str(fault) for fault in check(storage, SHOP, replay_decisions=True)]
        left = [line for line in storage.content() if traces(line)]
        tables = {line.partition('"table":')[2][:12] for line in left}

    assert len(keys) >= PERSONS * 9 // 10
    assert [key for key in keys if key in held] == [], "no wrapped key in any free page or log"
    assert (left, tables) == ([], set())
    assert told == faults
    assert after == before
    assert traces_in_files(crowded.folder) == {}
    assert traces(everything_said(crowded, orders=8)) == set()
    assert "no orders" in crowded.say("person", "find", "--phone", "13970000004")


def test_a_copy_made_after_it_has_nothing_of_who_was_erased(crowded: Crowded) -> None:
    other = crowded.folder / "copy/other.db"
    other.parent.mkdir()
    with closing(crowded.open()) as storage:
        erase_all(storage)
    done = CliRunner().invoke(cli, ["copy", str(crowded.db), str(other), "--quiet"])

    assert done.exit_code == 0, done.output
    assert traces_in_files(crowded.folder) == {} and traces(done.output) == set()


def test_an_older_backup_that_is_put_back_is_erased_again(crowded: Crowded) -> None:
    backup = crowded.folder.parent / f"{crowded.folder.name}-backup.db"
    shutil.copy(crowded.db, backup)
    with closing(crowded.open()) as storage:
        (order,) = persons.orders_of(storage, SHOP, phone="13970000004")
        persons.erase(storage, [order], by="lan", reason="asked", now=NOW, forced=True)
        assert storage.brought_back(SHOP) == []
    shutil.copy(backup, crowded.db)

    assert "S12" in crowded.say("doctor")
    with closing(crowded.open()) as storage:
        back = storage.brought_back(SHOP)
        found = persons.erase_again(storage, SHOP, by="restore", now=NOW)
        again = storage.brought_back(SHOP)

    assert back == [f"P-{order.id}"] and [one.number for one in found] == [order.number]
    assert again == []
    assert "erased again after a restore" in crowded.say("show", order.number)
    assert "everything adds up" in crowded.say("doctor")


def test_a_backup_is_sealed_without_its_keys_and_erased_again_when_it_comes_back(
    crowded: Crowded,
) -> None:
    backup, other = crowded.folder / "backup", crowded.folder / "new/host.db"
    other.parent.mkdir()
    done = CliRunner().invoke(cli, ["backup", str(crowded.db), str(backup), "--quiet"])
    assert done.exit_code == 0, done.output
    with closing(crowded.open()) as storage:
        (order,) = persons.orders_of(storage, SHOP, phone="13970000004")
        (kept,) = persons.orders_of(storage, SHOP, phone="13970000006")
        persons.erase(storage, [order], by="lan", reason="asked", now=NOW, forced=True)
    restore = ["restore", str(backup), str(other), "--quiet"]

    without = CliRunner().invoke(cli, restore)
    assert without.exit_code == 1 and "put that folder back" in str(without.exception)
    shutil.copytree(f"{crowded.db}.keys", f"{other}.keys")
    with_keys = CliRunner().invoke(cli, restore)

    assert with_keys.exit_code == 0, with_keys.output
    assert not list(backup.rglob("*.key")), "a backup does not carry the keys that open it"
    with closing(open_storage(other)) as storage:
        assert persons.person_in(storage, order) is None, "erased after the backup was made"
        assert persons.person_in(storage, kept) is not None
        assert storage.brought_back(SHOP) == []
    assert traces_in_files(crowded.folder) == {}
    assert traces(done.output + with_keys.output) == set()


LEAKS = {
    "a snapshot keeps what it saw": ("facts", "snapshot", '{"receiver.address":"金丝雀路7号"}'),
    "an error repeats the receiver": ("outbox", "error", "no such street: 7 Canary Lane"),
    "an event names somebody": ("events", "data", '{"why":"Quokka-0007 called"}'),
    "a person is kept in the clear": ("persons", "document", "13970000007"),
}


@pytest.mark.parametrize("leak", LEAKS)
def test_a_planted_leak_is_found(crowded: Crowded, leak: str) -> None:
    table, column, text = LEAKS[leak]
    with closing(sqlite3.connect(crowded.db)) as connection, connection:
        last = f"(SELECT max(rowid) FROM {table})"
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = {last}", (text,))

    assert traces_in_files(crowded.folder) != {}


def test_a_leak_that_was_deleted_is_found_in_the_free_pages(crowded: Crowded) -> None:
    with closing(sqlite3.connect(crowded.db)) as connection:
        connection.execute("PRAGMA secure_delete = 0")
        connection.execute("CREATE TABLE forgotten (text)")
        connection.executemany(
            "INSERT INTO forgotten VALUES (?)", [("欧鹮" * 40,) for _ in range(500)]
        )
        connection.commit()
        connection.execute("DROP TABLE forgotten")
        connection.commit()

    assert traces_in_files(crowded.folder) != {}
