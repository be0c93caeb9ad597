"""Stored decisions come out byte for byte the same in every environment."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.core.replays import (
    LOCALES,
    SEEDS,
    ZONES,
    Environment,
    environments,
    record,
    remade_elsewhere,
    stored_digest,
)

DECISIONS = 600
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("replays") / "shop.db"
    record(path, DECISIONS, orders=40)
    return path


def test_each_two_of_seed_zone_and_locale_stand_together() -> None:
    found = environments()

    assert {(item.seed, item.zone) for item in found} == {(s, z) for s in SEEDS for z in ZONES}
    assert {(item.seed, item.locale) for item in found} == {(s, o) for s in SEEDS for o in LOCALES}
    assert {(item.zone, item.locale) for item in found} == {(z, o) for z in ZONES for o in LOCALES}
    assert any(item.optimised for item in found)


@pytest.mark.parametrize("environment", environments()[::3], ids=str)
def test_decisions_made_again_elsewhere_are_the_stored_bytes(
    store: Path, environment: Environment
) -> None:
    assert remade_elsewhere(store, DECISIONS, environment) == stored_digest(store, DECISIONS)


def test_one_changed_byte_is_noticed(store: Path, tmp_path: Path) -> None:
    forged = tmp_path / "forged.db"
    source, target = sqlite3.connect(store), sqlite3.connect(forged)
    with source, target:
        source.backup(target)
        target.execute(
            "UPDATE decisions SET record = replace(record, 'approve', 'hold') WHERE rowid = "
            "(SELECT min(rowid) FROM decisions WHERE point = 'review.risk' "
            "AND record LIKE '%approve%')"
        )
    source.close()
    target.close()

    found = remade_elsewhere(forged, DECISIONS, environments()[0])

    assert found != stored_digest(forged, DECISIONS)
    assert found == stored_digest(store, DECISIONS)
