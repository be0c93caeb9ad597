"""Where this SQLite might damage a file that two processes write, a command that writes says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ordinance_adapters.sqlite import driver, open_storage
from tests.cli.terminal import Said, here
from tests.postgres import url_of

RECEIVE = ("stock", "receive", "HZ", "TEA", "5", "--by", "lan")


@pytest.fixture(autouse=True)
def old_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite as a version that has the bug."""
    version(monkeypatch, (3, 40, 1))


def version(monkeypatch: pytest.MonkeyPatch, number: tuple[int, int, int]) -> None:
    monkeypatch.setattr(driver.sqlite3, "sqlite_version_info", number)
    monkeypatch.setattr(driver.sqlite3, "sqlite_version", ".".join(map(str, number)))


@pytest.fixture
def small(shop: Path) -> Path:
    """The folder of a shop with a store, `s.db`, that nobody has open."""
    assert here("run", ".", "--db", "s.db", "--quiet", cwd=shop).code == 0
    return shop


@pytest.fixture
def open_elsewhere(small: Path) -> Iterator[Path]:
    """The same while something else has it open and has written."""
    storage = open_storage(small / "s.db")
    storage.keep_setting("", "name", "value")
    yield small
    storage.close()


def warned(said: Said) -> bool:
    assert said.code == 0, said
    return said.err.startswith("warning: ") and "ordinance[sqlite-fixed]" in said.err


@pytest.mark.parametrize(
    "command",
    [
        RECEIVE,
        ("run", ".", "--quiet"),
        ("work", "--shop", ".", "--rules", "rules"),
        ("change", "count", "HZ", "TEA=4", "--by", "lan", "--shop", ".", "--rules", "rules"),
        ("stock", "reconcile", "--repair", "--by", "lan"),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_a_command_that_writes_beside_another_process_warns(
    open_elsewhere: Path, command: tuple[str, ...]
) -> None:
    for db in ("s.db", f"sqlite:///{open_elsewhere}/s.db"):
        said = here(*command, "--db", db, cwd=open_elsewhere)

        assert warned(said)
        assert "3.40.1" in said.err and "let one process write" in said.err


@pytest.mark.parametrize("command", [("orders",), ("report",), ("stock", "reconcile")])
def test_a_command_that_reads_does_not(open_elsewhere: Path, command: tuple[str, ...]) -> None:
    assert not warned(here(*command, "--db", "s.db", cwd=open_elsewhere))


def test_nobody_is_warned_who_writes_alone(small: Path) -> None:
    assert not warned(here(*RECEIVE, "--db", "s.db", cwd=small))


def test_nobody_is_warned_of_a_newer_sqlite(
    open_elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version(monkeypatch, (3, 51, 3))

    assert not warned(here(*RECEIVE, "--db", "s.db", cwd=open_elsewhere))


def test_nobody_is_warned_on_a_server(shop: Path) -> None:
    db = url_of(shop)
    assert here("run", ".", "--db", db, "--quiet", cwd=shop).code == 0

    assert not warned(here(*RECEIVE, "--db", db, cwd=shop))
