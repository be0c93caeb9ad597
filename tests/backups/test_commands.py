"""`ordinance backup` and `ordinance restore`, as an operator uses them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from ordinance.door import open_storage
from ordinance.ports import EffectState
from ordinance_adapters import sqlite
from ordinance_adapters.backups import making
from ordinance_adapters.cli.opening import remember
from ordinance_adapters.keys import KEYS
from ordinance_adapters.simulator.outside import simulated
from tests.cli.terminal import end, here, refused
from tests.core.shop import MONDAY, order
from tests.postgres import url_of
from tests.races.attempts import fill
from tests.races.crew import open_shop

KINDS = ["sqlite", "postgresql"]
NOTE = '"name":"backup"'
"""In the line of the one row that a backup leaves in its store."""


def lines(address: str) -> list[str]:
    storage = open_storage(address)
    try:
        return list(storage.content())
    finally:
        storage.close()


@pytest.fixture(scope="module")
def shop_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tea shop with an order that was sent, and one whose buyer is still to be paid back."""
    path = tmp_path_factory.mktemp("tea") / "shop.db"
    storage = sqlite.open_storage(path)
    shop = open_shop(storage, "teashop")
    fill(storage, "teashop", {("HZ", "TEA"): 10})
    shop.place(order("A1"), now=MONDAY)
    while shop.work(MONDAY, simulated()):
        pass
    shop.cancel(shop.place(order("A2"), now=MONDAY).order, key="c1", now=MONDAY)
    remember(storage, "teashop", "CNY", "Asia/Shanghai")
    storage.close()
    return path


@pytest.fixture
def backup(tmp_path: Path, shop_db: Path) -> Path:
    said = here("backup", shop_db, "monday", cwd=tmp_path)
    assert said.code == 0, said
    return tmp_path / "monday"


def address(kind: str, folder: Path, name: str) -> str:
    return str(folder / f"{name}.db") if kind == "sqlite" else url_of(folder / name)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("into", KINDS)
def test_what_was_backed_up_comes_back_on_either_store(
    tmp_path: Path, shop_db: Path, kind: str, into: str
) -> None:
    src, dst = str(shop_db), address(into, tmp_path, "new")
    if kind == "postgresql":
        src = address(kind, tmp_path, "old")
        assert here("copy", str(shop_db), src, cwd=tmp_path).code == 0
    before = lines(src)

    made = here("backup", src, "monday", "--json", cwd=tmp_path)
    back = here("restore", "monday", dst, "--json", cwd=tmp_path)

    assert (made.code, back.code) == (0, 0), (made, back)
    assert [line for line in lines(src) if NOTE not in line] == [
        line for line in before if NOTE not in line
    ]
    told = json.loads(made.out)
    assert sum(told["rows"].values()) == len(before)
    assert told["shops"] == ["teashop"] and told["findings"] == 0
    after = [line for line in lines(dst) if '"table":"settings"' not in line]
    same = [line for line in after if '"table":"outbox"' not in line]
    assert same == [one for one in before if '"outbox"' not in one and '"settings"' not in one]
    assert json.loads(back.out)["findings"] == []


def test_effects_that_were_not_done_are_told_and_asked_about(backup: Path, tmp_path: Path) -> None:
    said = here("restore", backup, "new.db", "--json", cwd=tmp_path)
    told = json.loads(said.out)
    (left,) = told["left"]
    storage = open_storage(str(tmp_path / "new.db"))
    open_ = storage.effects("teashop", [EffectState.WAITING, EffectState.UNKNOWN])
    done = storage.effects("teashop", [EffectState.DONE])

    assert {one["key"] for one in left["effects"]} == {one.effect.key for one in open_} != set()
    assert any(one.effect.kind == "refund" for one in open_)
    assert {(one.state, one.restored) for one in open_} == {(EffectState.UNKNOWN, True)}
    assert done and {one.restored for one in done} == {False}
    assert all("restored from a backup made at" in str(one.error) for one in open_)
    kept = json.loads(storage.setting("teashop", "restored") or "{}")
    assert kept["content"] == told["backup"]["content"]
    storage.close()


def test_what_is_told_to_a_person(backup: Path, tmp_path: Path) -> None:
    said = here("restore", backup, "new.db", cwd=tmp_path)
    zh = here("restore", backup, "zh.db", "--lang", "zh", cwd=tmp_path)

    assert "ago: what was stored since is not in it" in said.out
    assert "effects are to be done, and may have been done since" in said.out
    assert "timers are due" in said.out and "everything adds up" in said.out
    assert "rows restored and proved in" in said.err
    assert "此后写入的内容不在其中" in zh.out and "先问对方" in zh.out


def test_nothing_is_written_over(backup: Path, shop_db: Path, tmp_path: Path) -> None:
    before = {each: each.stat().st_mtime_ns for each in backup.iterdir()}
    (tmp_path / "file").write_text("mine")

    refused(here("backup", shop_db, "monday", cwd=tmp_path), "is there already")
    refused(here("backup", shop_db, "file", cwd=tmp_path), "is there already")
    refused(here("restore", backup, shop_db, cwd=tmp_path), "holds something already")
    assert {each: each.stat().st_mtime_ns for each in backup.iterdir()} == before
    assert (tmp_path / "file").read_text() == "mine"


def test_what_cannot_be_backed_up_leaves_nothing(tmp_path: Path, shop_db: Path) -> None:
    open_storage(str(tmp_path / "empty.db")).close()

    refused(here("backup", "none.db", "b", cwd=tmp_path), "there is no such store")
    refused(here("backup", "empty.db", "b", cwd=tmp_path), "the store is empty")
    refused(here("backup", shop_db, "no/b", cwd=tmp_path), "make the folder `no`")
    assert [each.name for each in tmp_path.iterdir()] == ["empty.db"]


def cut(store: Path) -> None:
    with store.open("r+b") as file:
        file.truncate(store.stat().st_size - 100)


def flip(store: Path) -> None:
    data = bytearray(store.read_bytes())
    data[len(data) // 2] ^= 1
    store.write_bytes(data)


def lie(store: Path) -> None:
    """Another order's money, in a file and a manifest that agree with each other."""
    from ordinance_adapters.backups.manifest import fingerprint

    storage = open_storage(str(store))
    with storage.transaction() as tx:
        tx._run("UPDATE orders SET receivable = receivable + 1", ())  # type: ignore[attr-defined]
    storage.close()
    told = json.loads((store.parent / "manifest.json").read_text())
    told["size"], told["sha256"] = fingerprint(store)
    (store.parent / "manifest.json").write_text(json.dumps(told))


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (cut, "is not the file that was backed up"),
        (flip, "is not the file that was backed up"),
        (lie, "does not hold what its manifest says"),
        (lambda store: store.unlink(), "is no backup"),
        (lambda store: (store.parent / "manifest.json").unlink(), "is no backup"),
        (lambda store: (store.parent / "manifest.json").write_text("{"), "is damaged"),
        (lambda store: (store.parent / "manifest.json").write_text('{"format": 1}'), "is damaged"),
        (lambda store: (store.parent / "manifest.json").write_text('{"format": 9}'), "newer"),
    ],
)
def test_a_backup_that_is_not_what_it_was_is_refused(
    backup: Path, tmp_path: Path, harm: Callable[[Path], object], said: str
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(backup, copy)
    harm(copy / "store.db")

    refused(here("restore", copy, "new.db", cwd=tmp_path), said)
    assert not (tmp_path / "new.db").exists()


def test_what_is_no_backup_is_refused(tmp_path: Path, shop_db: Path) -> None:
    refused(here("restore", "none", "new.db", cwd=tmp_path), "there is no such backup")
    refused(here("restore", shop_db, "new.db", cwd=tmp_path), "is no backup")
    refused(here("restore", tmp_path, "new.db", cwd=tmp_path), "is no backup")


def test_a_disk_that_writes_something_else_is_found_out(
    shop_db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = making._filled

    def filled(*given: object) -> object:
        content = real(*given)  # type: ignore[arg-type]
        lie(_with_manifest(given[1]))
        return content

    monkeypatch.setattr(making, "_filled", filled)

    refused(here("backup", shop_db, "b", cwd=tmp_path), "is not what was read")
    assert not (tmp_path / "b").exists()


def _with_manifest(store: object) -> Path:
    assert isinstance(store, Path)
    (store.parent / "manifest.json").write_text("{}")
    return store


SLOW = """
    import signal, time
    signal.signal(signal.SIGINT, signal.default_int_handler)  # as on a terminal
    import ordinance_adapters.{module} as module
    real = module.{name}

    def slow(*given, **more):
        print("now", flush=True)
        time.sleep(60)
        return real(*given, **more)

    module.{name} = slow
    from ordinance_adapters.cli import main
    main()
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["_filled", "_proved", "fingerprint", "write_through", "_name"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_backup_that_is_killed_leaves_nothing_that_looks_like_one(
    tmp_path: Path, shop_db: Path, name: str, number: signal.Signals
) -> None:
    script = textwrap.dedent(SLOW).format(module="backups.making", name=name)
    with subprocess.Popen(
        [sys.executable, "-c", script, "backup", shop_db, "b"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(os.environ),
    ) as running:
        assert running.stdout is not None and running.stdout.readline() == b"now\n"
        end(running, number)

    left = [each.name for each in tmp_path.iterdir()]
    assert running.returncode != 0
    assert all(each.startswith(".b.") and each.endswith(".unfinished") for each in left)
    assert number is signal.SIGKILL or left == []
    assert here("backup", shop_db, "b", cwd=tmp_path).code == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", ["_fill", "_left", "findings_of"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_restore_that_is_killed_leaves_an_empty_store_and_is_done_again(
    tmp_path: Path, backup: Path, name: str, kind: str
) -> None:
    dst = address(kind, tmp_path, "new")
    script = textwrap.dedent(SLOW).format(module="backups.restoring", name=name)
    with subprocess.Popen(
        [sys.executable, "-c", script, "restore", backup, dst],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(os.environ),
    ) as running:
        assert running.stdout is not None and running.stdout.readline() == b"now\n"
        running.kill()
        running.wait(timeout=30)

    assert lines(dst) == []
    assert here("restore", backup, dst, cwd=tmp_path).code == 0


def test_the_age_of_a_backup_is_told_in_its_two_largest_parts() -> None:
    from ordinance_adapters.cli.backups import _age

    spans = {
        timedelta(0): "0 s",
        timedelta(seconds=59): "59 s",
        timedelta(minutes=2, seconds=5): "2 min 5 s",
        timedelta(days=3, hours=4, minutes=5): "3 d 4 h",
        timedelta(seconds=-5): "0 s",
    }
    assert {span: _age(span, False) for span in spans} == spans
    assert _age(timedelta(hours=25), True) == "1 天 1 小时"


def test_an_old_backup_is_noticed_by_a_checkpoint(tmp_path: Path, shop_db: Path) -> None:
    db = tmp_path / "shop.db"
    shutil.copy(shop_db, db)

    def seal() -> str:
        assert here("audit", "seal", "--db", db, cwd=tmp_path).code == 0
        return here("audit", "checkpoint", "--db", db, cwd=tmp_path).out

    (tmp_path / "then").write_text(seal())
    assert here("backup", db, "old", cwd=tmp_path).code == 0
    storage = open_storage(str(db))
    open_shop(storage, "teashop").place(order("A3"), now=MONDAY)
    storage.close()
    (tmp_path / "now").write_text(seal())
    key = here("audit", "key", "--db", db, cwd=tmp_path).out.strip()
    told = ("restore", "old", "new.db", "--key", key, "--checkpoint")

    refused(here(*told, "now", cwd=tmp_path), "is older than the checkpoint", "--older")
    assert not (tmp_path / "new.db").exists()
    older = here(*told, "now", "--older", cwd=tmp_path)
    assert older.code == 0 and "in the audit log" in older.out
    fits = here("restore", "old", "other.db", "--checkpoint", "then", cwd=tmp_path)
    assert fits.code == 0 and "everything adds up" in fits.out
    manifest = json.loads((tmp_path / "old" / "manifest.json").read_text())
    assert manifest["checkpoints"] == {"teashop": (tmp_path / "then").read_text()}
    assert manifest["log_faults"] == 0


def test_another_history_is_refused(tmp_path: Path, shop_db: Path) -> None:
    for name, source in (("one", "B1"), ("two", "B2")):
        db = tmp_path / f"{name}.db"
        shutil.copy(shop_db, db)
        storage = open_storage(str(db))
        open_shop(storage, "teashop").place(order(source), now=MONDAY)
        storage.close()
        assert here("audit", "seal", "--db", db, cwd=tmp_path).code == 0
        note = here("audit", "checkpoint", "--db", db, cwd=tmp_path).out
        (tmp_path / f"{name}.note").write_text(note)
        assert here("backup", db, name, cwd=tmp_path).code == 0
    (tmp_path / "none.note").write_text("x")
    other = (tmp_path / "one.note").read_text().replace("ordinance/teashop", "ordinance/zhu")
    (tmp_path / "other.note").write_text(other)

    for note, said in (
        ("two.note", "is not the history of `teashop` that was signed"),
        ("none.note", "holds no checkpoints"),
        ("other.note", "holds no log `ordinance/zhu`"),
        ("gone.note", "cannot be read"),
    ):
        told = ("--checkpoint", note, "--older")
        refused(here("restore", "one", "new.db", *told, cwd=tmp_path), said)
    refused(here("restore", "one", "new.db", "--older", cwd=tmp_path), "--checkpoint", code=2)
    assert not (tmp_path / "new.db").exists()


def test_a_backup_without_its_keys_is_told_by_its_own_name(
    tmp_path: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEYS, str(tmp_path / "gone"))
    said = here("restore", backup.name, "new.db", cwd=tmp_path)

    refused(said, "`monday`", "gone`; put that folder back", KEYS)
    assert ".ordinance-restore" not in said.err and not (tmp_path / "new.db").exists()
