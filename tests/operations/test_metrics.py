"""Metrics for Prometheus: the figures of `ordinance status`, and what a process has done."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from ordinance.audit.standing import look
from ordinance.outside import PortFailed
from ordinance.ports import StorageError
from ordinance.telling import LOGGER
from tests.cli.terminal import here, refused
from tests.effects.desk import Desk
from tests.operations.test_status import in_trouble
from tests.stores import sqlite_alone

pytest.importorskip("prometheus_client")

from ordinance_adapters.cli.metering import serve_metrics
from ordinance_adapters.metrics import exposition, registry_of


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """The logger is left as it was."""
    logger = logging.getLogger(LOGGER)
    handlers, level = list(logger.handlers), logger.level
    yield
    logger.handlers[:] = handlers
    logger.setLevel(level)


def values(text: str) -> dict[str, float]:
    """Every sample by its name and labels."""
    return {
        name: float(value)
        for name, _, value in (
            line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")
        )
    }


@sqlite_alone
def test_the_gauges_are_the_figures_of_the_status(tmp_path: Path) -> None:
    in_trouble(tmp_path).shop.close()
    told = json.loads(here("status", "--json", cwd=tmp_path).out)
    said = here("metrics", cwd=tmp_path)
    found = values(said.out)

    assert said.code == 0 and found["ordinance_up"] == 1
    for status, count in told["orders"].items():
        assert found[f'ordinance_orders{{status="{status}"}}'] == count
    for one in told["effects"]:
        labels = f'{{kind="{one["kind"]}",state="{one["state"]}"}}'
        assert found[f"ordinance_effects{labels}"] == one["count"]
        assert found[f"ordinance_effect_oldest_age_seconds{labels}"] > 0
    assert found['ordinance_alarm{alarm="dead"}'] == 1
    assert found['ordinance_alarm{alarm="approval"}'] == 0
    assert found["ordinance_store_bytes"] == told["store"]["bytes"]


@sqlite_alone
def test_names_follow_the_conventions(tmp_path: Path) -> None:
    in_trouble(tmp_path).shop.close()
    text = here("metrics", cwd=tmp_path).out
    names = set(re.findall(r"^# TYPE (\S+)", text, re.M))

    assert names and all(re.fullmatch(r"ordinance_[a-z_]+", name) for name in names)
    assert all(f"# HELP {name} " in text for name in names)
    assert "13800138000" not in text and "张三" not in text


def test_a_process_counts_what_it_does(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    storage = desk.shop.storage
    registry = registry_of(lambda: look(storage, "teashop", desk.now), counting=True)
    desk.messages.say(PortFailed("gateway down"))
    desk.place("A1")
    desk.work()
    found = values(exposition(registry))
    desk.shop.close()

    assert found['ordinance_commands_total{outcome="done"}'] >= 2
    assert (
        found["ordinance_command_seconds_count"]
        == found['ordinance_commands_total{outcome="done"}']
    )
    assert found['ordinance_effect_tries_total{kind="notify",outcome="failed"}'] == 1
    assert found['ordinance_effect_tries_total{kind="warehouse.push",outcome="done"}'] == 1


def test_a_store_that_cannot_be_read_is_down_and_the_scrape_answers() -> None:
    def broken() -> None:
        raise StorageError("gone")

    found = values(exposition(registry_of(broken, counting=False)))  # type: ignore[arg-type]

    assert found == {"ordinance_up": 0}


def test_metrics_are_served(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    port = serve_metrics(desk.shop.storage, "teashop", 0, counting=False, host="127.0.0.1")
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as answer:
        text = answer.read().decode()
    desk.shop.close()

    assert "ordinance_up 1.0" in text


@sqlite_alone
def test_without_the_extra_the_way_to_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_trouble(tmp_path).shop.close()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.delitem(sys.modules, "ordinance_adapters.metrics")

    refused(here("metrics", cwd=tmp_path), "install `ordinance[metrics]`")
