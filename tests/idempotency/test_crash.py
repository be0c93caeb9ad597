"""A process that dies before it has answered: the same key again says what it would have said."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from tests.idempotency.commands import SHOP, Command, Said, complaints, do, prepared
from tests.races.crew import open_shop
from tests.stores import open_storage

KEYS = 8


def die_answering(path: str, asked: list[Command], stored: bool, pipe: Connection) -> None:
    """Do all but the last command, and die in the last one, before or after it is stored.

    What would have been answered is told first, to somebody who was not to hear it.
    """
    storage = open_storage(path)
    shop = open_shop(storage, SHOP)
    said = [do(shop, one) for one in asked[:-1]]
    if not stored:
        _die_inside(storage, lambda: pipe.send(said))
    said.append(do(shop, asked[-1]))
    pipe.send(said)
    os.kill(os.getpid(), signal.SIGKILL)


def _die_inside(storage: Any, before: Callable[[], None]) -> None:
    """Have the next transaction do its work, and end with the process before it is committed."""
    transact = storage.transact

    def dying(work: Callable[[Any], Any]) -> Any:
        def last(tx: Any) -> Any:
            work(tx)
            before()
            os.kill(os.getpid(), signal.SIGKILL)

        return transact(last)

    storage.transact = dying


def killed(path: Path, asked: list[Command], *, stored: bool) -> list[Said]:
    """What a process had answered, or was about to answer, when it was killed."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=die_answering, args=(str(path), asked, stored, there))
    process.start()
    there.close()
    said: list[Said] = here.recv()
    process.join(timeout=60)
    assert process.exitcode == -signal.SIGKILL
    return said


@pytest.mark.slow
@pytest.mark.parametrize("last", range(4))
def test_what_was_stored_and_not_answered_is_answered_the_same(tmp_path: Path, last: int) -> None:
    path = tmp_path / "once.db"
    storage = open_storage(path)
    asked = prepared(storage, KEYS)[: 1 + last]
    first = killed(path, asked, stored=True)

    shop = open_shop(storage, SHOP)
    again = [do(shop, one) for one in asked]
    assert all(one.repeated for one in again)
    assert complaints(storage, asked, [*first, *again]) == []
    storage.close()


@pytest.mark.slow
@pytest.mark.parametrize("last", range(4))
def test_what_was_not_stored_is_done_by_the_same_key(tmp_path: Path, last: int) -> None:
    path = tmp_path / "once.db"
    storage = open_storage(path)
    asked = prepared(storage, KEYS)[: 1 + last]
    first = killed(path, asked, stored=False)

    shop = open_shop(storage, SHOP)
    again = [do(shop, one) for one in asked]
    assert [one.repeated for one in again] == [True] * last + [False]
    assert complaints(storage, asked, [*first, *again]) == []
    storage.close()
