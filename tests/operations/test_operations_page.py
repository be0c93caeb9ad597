"""docs/operations.md names every alarm, every event of the log and every metric, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ordinance.audit.standing import Alarm
from ordinance.telling import Happening
from tests.conftest import ROOT
from tests.effects.desk import Desk

PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")


def table_after(heading: str) -> str:
    """The first column of the table that follows a line."""
    rows = PAGE.partition(heading)[2].partition("\n|")[2].partition("\n\n")[0]
    return "\n".join(row.split("|")[1] if row.startswith("|") else row for row in rows.split("\n"))


def test_every_alarm_is_explained() -> None:
    assert set(re.findall(r"^ ?`(\w+)`", table_after("With `--fail-on"), re.M)) == {
        alarm.value for alarm in Alarm
    }


def test_every_event_of_the_log_is_explained() -> None:
    told = set(re.findall(r"`([a-z_.]+)`", table_after("writes lines like")))

    assert told == {happening.value for happening in Happening}


def test_every_metric_is_named(tmp_path: Path) -> None:
    pytest.importorskip("prometheus_client")
    from ordinance.audit.standing import look
    from ordinance_adapters.metrics import registry_of

    desk = Desk(tmp_path)
    registry = registry_of(lambda: look(desk.shop.storage, "teashop", desk.now), counting=False)
    gauges = {family.name for family in registry.collect()}
    desk.shop.close()
    named = set(re.findall(r"`(ordinance_\w+)`", table_after("## Metrics")))

    assert gauges <= named | {"ordinance_audit_checkpoint_age_seconds"}
    source = Path(__import__("ordinance_adapters.metrics").__file__).parent / "metrics.py"
    assert named == set(re.findall(r'"(ordinance_\w+)"', source.read_text("utf-8")))
