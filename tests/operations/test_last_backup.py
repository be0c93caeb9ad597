"""A store knows when it was backed up last, and somebody is told when no other one is made."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import ordinance
from ordinance.audit.backedup import last_backup, note_backup
from ordinance.audit.standing import MOST_UNSEALED, Alarm, Sealing, Standing, look
from ordinance_adapters.metrics import exposition, registry_of
from tests.cli.terminal import here
from tests.core.shop import MONDAY, Bench, order, shipped_rules
from tests.stores import sqlite_alone


def raised(standing: Standing) -> set[Alarm]:
    return {one.alarm for one in standing.alarms}


def test_a_backup_that_is_not_followed_by_another_in_time_is_an_alarm(bench: Bench) -> None:
    storage, day = bench.shop.storage, timedelta(days=1)
    assert look(storage, "teashop", MONDAY).backup is None

    note_backup(storage, MONDAY, "/backups/monday")
    assert raised(look(storage, "teashop", MONDAY + 400 * day)) == set(), "nobody waits for one"

    note_backup(storage, MONDAY, "/backups/monday", day)
    assert raised(look(storage, "teashop", MONDAY + day)) == set()
    assert Alarm.BACKUP in raised(look(storage, "teashop", MONDAY + 2 * day))

    note_backup(storage, MONDAY + 2 * day, "/backups/wednesday")
    found = last_backup(storage)
    assert found is not None and (found.where, found.within) == ("/backups/wednesday", day)
    assert raised(look(storage, "teashop", MONDAY + 3 * day)) == set()
    assert Alarm.BACKUP in raised(look(storage, "teashop", MONDAY + 4 * day))

    note_backup(storage, MONDAY, "/backups/monday", timedelta())
    assert raised(look(storage, "teashop", MONDAY + 400 * day)) == set()


def test_metrics_tell_its_age(bench: Bench) -> None:
    storage = bench.shop.storage
    registry = registry_of(
        lambda: look(storage, "teashop", MONDAY + timedelta(hours=2)), counting=False
    )

    assert "backup_age" not in exposition(registry)
    note_backup(storage, MONDAY, "/backups/monday")
    assert "ordinance_backup_age_seconds 7200.0" in exposition(registry)


@pytest.fixture
def shop_db(tmp_path: Path) -> Path:
    with ordinance.open(tmp_path / "shop.db", rules=shipped_rules()) as shop:
        shop.place(order("A1"))
    return tmp_path


@sqlite_alone
def test_status_tells_of_the_last_backup(shop_db: Path) -> None:
    assert "none that the store knows of" in here("status", cwd=shop_db).out
    assert here("backup", "shop.db", "monday", "--next-within", "26h", cwd=shop_db).code == 0

    said = here("status", cwd=shop_db).out
    assert f"in {shop_db / 'monday'}; another one is due within 1 d of it" in said
    found = json.loads(here("status", "--json", cwd=shop_db).out)["backup"]
    made = datetime.fromisoformat(found["made"])
    assert datetime.fromisoformat(found["due"]) - made == timedelta(hours=26)
    assert "备份" in here("status", "--lang", "zh", cwd=shop_db).out


@sqlite_alone
def test_a_store_that_came_back_knows_the_backup_that_it_came_from(shop_db: Path) -> None:
    here("backup", "shop.db", "monday", "--next-within", "26h", cwd=shop_db)
    here("backup", "shop.db", "tuesday", cwd=shop_db)

    assert here("restore", "tuesday", "new.db", cwd=shop_db).code == 0
    found = json.loads(here("status", "--json", "--db", "new.db", cwd=shop_db).out)["backup"]
    assert found["where"] == str(shop_db / "tuesday") and found["due"] is not None


@sqlite_alone
def test_a_backup_that_cannot_be_noted_is_made_all_the_same(
    shop_db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ordinance_adapters.sqlite import store

    monkeypatch.setitem(store.open_storage.__kwdefaults__, "busy_timeout_ms", 50)
    with closing(sqlite3.connect(shop_db / "shop.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        said = here("backup", "shop.db", "monday", cwd=shop_db)
    assert said.code == 0 and (shop_db / "monday" / "manifest.json").is_file()
    assert "locked by another process" in said.err and "does not know of it" in said.err


@pytest.mark.parametrize("text", ["soon", "-1h", "26", ""])
def test_a_time_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    said = here("backup", "shop.db", "monday", "--next-within", text, cwd=tmp_path)

    assert said.code == 2 and "--next-within" in said.err


def test_a_log_that_nobody_ever_sealed_is_an_alarm_once_much_waits(bench: Bench) -> None:
    found = look(bench.shop.storage, "teashop", MONDAY)
    told = {name: getattr(found, name) for name in Standing.__slots__}

    for count, alarms in ((MOST_UNSEALED - 1, set()), (MOST_UNSEALED, {Alarm.UNSEALED})):
        assert raised(Standing(**{**told, "sealing": Sealing(0, None, count)})) == alarms
