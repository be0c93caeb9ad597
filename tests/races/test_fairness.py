"""Ten thousand want one of a thousand pieces: each process gets its share of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from ordinance.audit.stockcheck import check_stock
from ordinance_adapters.sqlite import writer
from ordinance_adapters.sqlite.driver import sqlite3
from tests.races.attempts import Answer, Attempt, fill, race
from tests.races.crew import HANDS, Crew, Tools, Work
from tests.races.trial import SEED
from tests.stores import open_storage, sqlite_alone

pytestmark = pytest.mark.slow

SHARE = 0.05
"""Of what is sold, each process sells more than that."""


def impatient(tools: Tools, path: str, shop: str, attempts: Sequence[Attempt]) -> list[Answer]:
    """As SQLite waits by itself."""
    ours = writer.take_turn

    def wait(connection: sqlite3.Connection, patience_ms: int) -> None:
        connection.execute(f"PRAGMA busy_timeout = {patience_ms}")
        connection.execute("BEGIN IMMEDIATE")

    writer.take_turn = wait
    try:
        return race(tools, path, shop, attempts)
    finally:
        writer.take_turn = ours


def sales(crew: Crew, path: Path, work: Work, buyers: int, stock: int) -> list[int]:
    """How many pieces each process sold through the checkout, when all of them want the same."""
    storage = open_storage(path)
    fill(storage, "hot", {("HZ", "TEA"): stock})
    attempts = [Attempt(f"b{number}", "reserve", {"TEA": 1}) for number in range(buyers)]
    Random(SEED).shuffle(attempts)
    answers = crew.share(work, path, attempts, "hot")

    assert check_stock(storage, "hot") == []
    storage.close()
    return [sum(answer.got.get("TEA", 0) for answer in each) for each in answers]


def test_a_hot_article_is_sold_by_all_processes_alike(crew: Crew, tmp_path: Path) -> None:
    sold = sales(crew, tmp_path / "hot.db", race, 10_000, 1_000)

    assert sum(sold) == 1_000
    assert min(sold) > SHARE * 1_000, sold


@sqlite_alone
def test_waiting_as_sqlite_does_starves_some_of_them(crew: Crew, tmp_path: Path) -> None:
    sold = sales(crew, tmp_path / "hot.db", impatient, 2_000, 1_000)

    assert sum(sold) == 1_000
    assert len(sold) == HANDS
    assert min(sold) <= SHARE * 1_000, sold
