"""A shop moves from one store to another, whole and proved, or not at all."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from ordinance.door import open_storage
from ordinance.ports import Storage
from ordinance_adapters import copying
from tests.cli.terminal import Said, end, here, refused
from tests.postgres import url_of

WAYS = [("sqlite", "postgresql"), ("postgresql", "sqlite"), ("sqlite", "sqlite")]


@pytest.fixture(scope="module")
def shop_db(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """The tea shop with all of its orders carried to their ends."""
    place = tmp_path_factory.mktemp("tea")
    run = here("run", root / "examples" / "chashop", "--db", "shop.db", "--quiet", cwd=place)
    assert run.code == 0, run
    return place / "shop.db"


def store(kind: str, folder: Path, name: str) -> str:
    """The address of an empty store that is not there yet."""
    return str(folder / f"{name}.db") if kind == "sqlite" else url_of(folder / name)


def lines(address: str) -> list[str]:
    """Everything that a store holds; nothing, where there is none or an empty one."""
    if "://" not in address and not Path(address).exists():
        return []
    storage = open_storage(address)
    try:
        return list(storage.content())
    finally:
        storage.close()


def filled(kind: str, folder: Path, shop_db: Path) -> str:
    """A store of a kind with the shop in it."""
    if kind == "sqlite":
        return str(shop_db)
    address = store(kind, folder, "from")
    assert here("copy", str(shop_db), address, cwd=folder).code == 0
    return address


@pytest.mark.slow
@pytest.mark.parametrize(("here_", "there"), WAYS)
def test_a_shop_is_copied_whole(tmp_path: Path, shop_db: Path, here_: str, there: str) -> None:
    src, dst = filled(here_, tmp_path, shop_db), store(there, tmp_path, "to")
    before = lines(src)

    said = here("copy", src, dst, "--json", cwd=tmp_path)

    assert said.code == 0, said
    told = json.loads(said.out)
    assert told["sha256"]["source"] == told["sha256"]["target"]
    assert sum(told["rows"].values()) == len(before) > 500
    assert told["findings"] == [] and told["written_meanwhile"] is False
    assert lines(dst) == lines(src) == before
    assert "rows copied and proved in" in said.err
    for address in (src, dst):
        doctor = here("doctor", "--replay", "--db", address, cwd=tmp_path)
        assert (doctor.code, doctor.out) == (0, "everything adds up\n")
    reports = [here("report", "--db", address, cwd=tmp_path).out for address in (src, dst)]
    assert reports[0] == reports[1]


def test_the_copy_is_worked_on_like_the_original(tmp_path: Path, shop_db: Path) -> None:
    copies = [str(shutil.copy(shop_db, tmp_path / "own.db")), url_of(tmp_path / "to")]
    assert here("copy", *copies, cwd=tmp_path).code == 0
    level = json.loads(here("stock", "show", "--json", "--db", copies[0], cwd=tmp_path).out)[
        "levels"
    ][0]
    goods = (level["warehouse"], level["sku"], "5")

    for address in copies:
        booked = ("--by", "lan", "--key", "K1", "--db", address)
        assert here("stock", "receive", *goods, *booked, cwd=tmp_path).code == 0

    after = [here("stock", "show", "--json", "--db", each, cwd=tmp_path).out for each in copies]
    assert after[0] == after[1]
    assert json.loads(after[0])["levels"][0]["on_hand"] == level["on_hand"] + 5


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_store_that_holds_anything_is_left_alone(
    tmp_path: Path, shop_db: Path, kind: str
) -> None:
    dst = store(kind, tmp_path, "to")
    there = open_storage(dst)
    there.keep_setting("other", "name", "value")
    there.close()
    before = lines(dst)

    refused(here("copy", str(shop_db), dst, cwd=tmp_path), "holds something already")
    refused(here("copy", dst, dst, cwd=tmp_path), "holds something already")
    assert lines(dst) == before


def test_a_store_that_is_not_there_is_not_copied(tmp_path: Path) -> None:
    refused(here("copy", "none.db", "to.db", cwd=tmp_path), "none.db", "no such store")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_store_is_not_copied(tmp_path: Path) -> None:
    open_storage(str(tmp_path / "none.db")).close()

    refused(here("copy", "none.db", "to.db", cwd=tmp_path), "store is empty")
    assert not (tmp_path / "to.db").exists()


def changed(lines: Iterable[str]) -> Iterator[str]:
    """One counter is another one."""
    for line in lines:
        yield line.replace('"on_hand":', '"on_hand":1') if '"table":"stock"' in line else line


def lost(lines: Iterable[str]) -> Iterator[str]:
    """One event is missing."""
    gone = False
    for line in lines:
        if not gone and '"table":"events"' in line:
            gone = True
        else:
            yield line


@pytest.mark.parametrize("fault", [changed, lost])
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_row_that_was_changed_or_lost_on_the_way_is_found(
    tmp_path: Path, shop_db: Path, kind: str, fault: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    dst = store(kind, tmp_path, "to")
    storage = open_storage(dst)
    storage.close()
    real = type(storage).fill
    assert callable(fault)
    monkeypatch.setattr(type(storage), "fill", lambda self, lines: real(self, fault(lines)))

    said = here("copy", str(shop_db), dst, cwd=tmp_path)

    refused(said, "is not what was read", "taken back")
    assert ("`events` has" in said.err) == (fault is lost)
    assert lines(dst) == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_failure_on_the_way_leaves_nothing(
    tmp_path: Path, shop_db: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dst = store(kind, tmp_path, "to")

    def broken(lines: Iterable[str]) -> Iterator[str]:
        for number, line in enumerate(lines):
            yield line if number < 300 else "{}"

    storage = open_storage(store(kind, tmp_path, "other"))
    storage.close()
    real = type(storage).fill
    monkeypatch.setattr(type(storage), "fill", lambda self, lines: real(self, broken(lines)))

    refused(here("copy", str(shop_db), dst, cwd=tmp_path), "no line of a store")
    assert lines(dst) == []
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith("to")] == []


def test_a_store_that_does_not_add_up_is_copied_only_when_that_is_said(
    tmp_path: Path, shop_db: Path
) -> None:
    src = str(shutil.copy(shop_db, tmp_path / "odd.db"))
    storage = open_storage(src)
    with storage.transaction() as tx:
        tx._run("UPDATE orders SET paid = paid + 1 WHERE id = (SELECT min(id) FROM orders)", ())  # type: ignore[attr-defined]
    storage.close()
    dst = url_of(tmp_path / "to")

    refused(here("copy", src, "to.db", cwd=tmp_path), "does not add up", "--even-so")
    assert not (tmp_path / "to.db").exists()
    said = here("copy", src, dst, "--even-so", cwd=tmp_path)
    assert said.code == 0 and "findings in both" in said.out
    assert lines(dst) == lines(src)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_is_written_meanwhile_is_not_copied_and_is_told(
    tmp_path: Path, shop_db: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    src = str(shutil.copy(shop_db, tmp_path / "live.db"))
    before = lines(src)
    dst = store(kind, tmp_path, "to")
    real = copying.findings_of
    asked: list[Storage] = []

    def writing(storage: Storage, shops: Iterable[str]) -> object:
        asked.append(storage)
        if len(asked) == 2:  # the copy has been made and is looked at
            writer = open_storage(src)
            writer.keep_setting("", "late", "value")
            writer.close()
        return real(storage, shops)

    monkeypatch.setattr(copying, "findings_of", writing)

    said = here("copy", src, dst, cwd=tmp_path)

    assert said.code == 0
    assert "was written after it was read" in said.err
    assert lines(dst) == before
    assert len(lines(src)) == len(before) + 1


SLOW = """
    import signal, sys, time
    signal.signal(signal.SIGINT, signal.default_int_handler)  # as on a terminal
    import ordinance_adapters.copying as copying
    real = copying.reported

    def slow(lines, total, progress):
        for number, line in enumerate(real(lines, total, progress)):
            if number == {at}:
                print("half", flush=True)
                time.sleep(60)
            yield line

    copying.reported = slow
    from ordinance_adapters.cli import main
    main()
"""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_copy_that_is_killed_leaves_nothing_and_is_made_again(
    tmp_path: Path, shop_db: Path, kind: str, number: signal.Signals
) -> None:
    dst = store(kind, tmp_path, "to")
    half = len(lines(str(shop_db))) // 2
    script = textwrap.dedent(SLOW).format(at=half)
    with subprocess.Popen(
        [sys.executable, "-c", script, "copy", str(shop_db), dst],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "half\n"
        end(running, number)

    assert running.returncode != 0
    if number is not signal.SIGKILL:
        assert not (tmp_path / "to.db").exists()
    assert lines(dst) == []
    again = here("copy", str(shop_db), dst, cwd=tmp_path)
    assert again.code == 0, again
    assert lines(dst) == lines(str(shop_db))


def test_a_copy_whose_file_cannot_even_be_begun_leaves_none(tmp_path: Path, shop_db: Path) -> None:
    shutil.copy(shop_db, tmp_path / "shop.db")
    limited = """
        import resource
        from ordinance_adapters.cli import main
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        main()
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(limited), "copy", "shop.db", "new.db"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    refused(Said(done.returncode, done.stdout, done.stderr), "`new.db`", "a quota or a limit")
    assert list(tmp_path.glob("new.db*")) == []
