"""`ordinance status`: what waits, for how long, and what somebody has to look at."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from ordinance.audit.exporting import NotExported, export
from ordinance.audit.sealer import Sealer
from ordinance.audit.standing import Alarm, look
from ordinance.auditlog import StoredCheckpoint
from ordinance.outside import PortFailed, PortRefused, PortUnknown
from ordinance_adapters.cli.opening import remember
from tests.cli.terminal import here, refused
from tests.core.shop import MONDAY, Bench
from tests.effects.desk import Desk
from tests.stores import sqlite_alone
from tests.tenants.twins import SIGNER


def in_trouble(folder: Path) -> Desk:
    """A refund that is dead, a parcel of unknown outcome, and a message that waits."""
    desk = Desk(folder)
    desk.bank.say(PortRefused("account closed"))
    desk.carrier.say(None, PortUnknown("read timeout"))
    desk.place("A1", cancelled=True)
    desk.work()
    desk.messages.say(PortFailed("gateway down"))
    desk.place("A2")
    desk.work()
    remember(desk.shop.storage, "teashop", "CNY", "Asia/Shanghai")
    return desk


@pytest.fixture
def stuck(tmp_path: Path) -> Path:
    in_trouble(tmp_path).shop.close()
    return tmp_path


def test_a_shop_where_all_is_done_raises_no_alarm(bench: Bench) -> None:
    bench.received()
    found = look(bench.shop.storage, "teashop", bench.clock.now())

    assert found.alarms == () and found.backlog.effects == ()
    assert sum(found.statuses.values()) == 1
    assert [one.late for one in found.backlog.timers] == [0] * len(found.backlog.timers)


def test_parked_orders_are_told_by_what_holds_them(bench: Bench) -> None:
    bench.place(lines=[{"sku": "CUP", "quantity": 6, "unit_price": "10.00"}])
    found = look(bench.shop.storage, "teashop", MONDAY + timedelta(hours=1))

    assert found.statuses == {"PARKED": 1} and found.holds_read == 1
    assert found.holds == {"STOCK_SHORT": 1} and found.held_since == MONDAY
    assert (found.backlog.queue.orders, found.backlog.queue.since) == (1, MONDAY)


def test_each_alarm_is_raised_by_what_it_is_about(tmp_path: Path) -> None:
    desk = in_trouble(tmp_path)
    now = desk.now

    def raised(later: timedelta) -> dict[Alarm, int]:
        found = look(desk.shop.storage, "teashop", now + later)
        return {one.alarm: one.count for one in found.alarms}

    assert raised(timedelta()) == {Alarm.DEAD: 1, Alarm.UNKNOWN: 1}
    assert raised(timedelta(hours=2))[Alarm.LATE] >= 1
    desk.shop.close()


@sqlite_alone
def test_a_place_that_takes_no_checkpoints_is_an_alarm_until_it_does(bench: Bench) -> None:
    bench.place()
    storage, now = bench.shop.storage, bench.clock.now()
    Sealer(storage, "teashop", SIGNER).seal(now)
    place = Place()

    for refuses, alarms in ((True, {Alarm.UNEXPORTED: 1}), (False, {})):
        place.refuses = refuses
        export(storage, "teashop", [place], now)
        found = look(storage, "teashop", now)

        assert {one.alarm: one.count for one in found.alarms} == alarms
        assert (found.places[0].error != "") is refuses


class Place:
    """A place outside that takes checkpoints, or refuses to."""

    name = "the auditor"
    refuses = False

    def take(self, checkpoints: Sequence[StoredCheckpoint]) -> None:
        if self.refuses:
            raise NotExported("the disk is full")


@sqlite_alone
def test_the_exit_code_is_for_the_alarms_that_were_named(stuck: Path) -> None:
    assert here("status", cwd=stuck).code == 0
    assert here("status", "--fail-on", "approval", cwd=stuck).code == 0
    for alarm in ("dead", "unknown", "late", "any"):
        assert here("status", "--fail-on", "approval", "--fail-on", alarm, cwd=stuck).code == 3
    assert here("status", "--fail-on", "nothing", cwd=stuck).code == 2
    refused(here("status", "--db", "other.db", cwd=stuck), "there is no such store")


@sqlite_alone
def test_one_screen_tells_it_in_both_languages(stuck: Path) -> None:
    en, zh = here("status", cwd=stuck).out, here("status", "--lang", "zh", cwd=stuck).out

    assert "refund" in en and "dead" in en and "`ordinance effects list --state dead`" in en
    assert "已放弃" in zh and "告警" in zh
    for said in (en, zh):
        assert len(said.splitlines()) < 24


@sqlite_alone
def test_the_same_is_told_as_json(stuck: Path) -> None:
    found = json.loads(here("status", "--json", cwd=stuck).out)

    assert found["orders"] and found["store"]["bytes"] > 0
    by_kind = {one["kind"]: one for one in found["effects"]}
    assert by_kind["refund"]["state"] == "dead" and by_kind["refund"]["stopped"] == 1
    assert {one["alarm"] for one in found["alarms"]} == {"dead", "unknown", "late"}


@sqlite_alone
def test_nothing_is_written(stuck: Path) -> None:
    before = (stuck / "shop.db").read_bytes()
    here("status", cwd=stuck)

    assert (stuck / "shop.db").read_bytes() == before
