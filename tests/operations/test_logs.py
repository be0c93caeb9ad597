"""The log tells what happened to which order, and never to which person."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import get_type_hints

import pytest

from ordinance.outside import PortFailed, PortRefused, PortUnknown
from ordinance.telling import FIELDS, LOGGER, Fields, Happening, tell
from ordinance_adapters.logs import JsonLines, TextLines
from tests.cli.terminal import here, ordinance, refused
from tests.core.shop import order
from tests.effects.desk import Desk
from tests.publishing.test_office import publish

CANARIES = [(f"金丝雀{number}", f"139{number:08}", f"雀巷{number}号") for number in range(1000)]
"""Names, phones and addresses that stand nowhere else."""


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is told, in both formats."""
    logger, written = logging.getLogger(LOGGER), io.StringIO()
    handlers = []
    for formatter in (JsonLines(), TextLines()):
        handler = logging.StreamHandler(written)
        handler.setFormatter(formatter)
        logger.addHandler(handler)
        handlers.append(handler)
    logger.setLevel(logging.DEBUG)
    yield written
    for handler in handlers:
        logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)


def found_in(text: str) -> list[str]:
    """The canaries that stand in a text."""
    return [word for person in CANARIES for word in person if word in text]


def placed(desk: Desk, number: int, **changes: object) -> str:
    name, phone, address = CANARIES[number]
    receiver = {"name": name, "phone": phone, "region": "330106", "address": address}
    asked = order(f"{name}-{number}", buyer={"id": phone, "phone": phone}, receiver=receiver)
    return desk.shop.place({**asked, **changes}, key=f"{name} {phone}", now=desk.now).order


def flows(folder: Path) -> None:
    """Orders that arrive, fail, are refused and come twice, with the failures of every port."""
    desk = Desk(folder)
    publish(desk.shop.office, "甲")
    said = f"no such person {CANARIES[0][0]} {CANARIES[0][1]}"
    desk.bank.say(PortRefused(said))
    desk.carrier.say(None, PortUnknown(said))
    desk.messages.say(*(PortFailed(said) for _ in range(9)))
    for number in range(8):
        placed(desk, number)
    desk.shop.cancel(placed(desk, 8), key=CANARIES[8][1], now=desk.now)
    for number in range(3):
        placed(desk, number)
    with pytest.raises(Exception, match="used before"):
        placed(desk, 2, channel="shop")
    for _ in range(6):
        desk.work(minutes=20)
    desk.work(days=30)
    desk.shop.close()


def test_the_log_of_many_flows_and_failures_names_nobody(tmp_path: Path, log: io.StringIO) -> None:
    flows(tmp_path)
    written = log.getvalue()

    assert found_in(written) == []
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    told = {line["event"] for line in lines}
    assert told >= {
        "command.done",
        "command.repeated",
        "command.refused",
        "effect.done",
        "effect.failed",
        "effect.unknown",
        "effect.dead",
        "timer.fired",
        "rules.changed",
    }
    assert all(line.keys() <= {"at", "level", "event", *FIELDS} for line in lines)
    assert all(line["ms"] >= 0 for line in lines if line["event"] == "command.done")


def test_a_circuit_is_told_when_it_opens_and_closes(tmp_path: Path, log: io.StringIO) -> None:
    from ordinance.effects.circuit import Circuits

    desk = Desk(tmp_path)
    circuits = Circuits(desk.shop.profile.circuits)
    for _ in range(20):
        circuits.failed("carriers", desk.now, None)
    circuits.answered("carriers")
    circuits.answered("carriers")
    desk.shop.close()
    told = [json.loads(line) for line in log.getvalue().splitlines() if line.startswith("{")]

    seen = [line["event"] for line in told if line.get("adapter") == "carriers"]
    assert seen == ["circuit.opened", "circuit.closed"]


def test_a_leak_would_be_found(log: io.StringIO) -> None:
    """The mutant: a field that holds what somebody said."""
    tell(Happening.ERROR, error=CANARIES[3][0])

    assert found_in(log.getvalue()) == [CANARIES[3][0]]


def test_a_field_that_is_not_in_the_list_is_left_out(log: io.StringIO) -> None:
    tell(Happening.COMMAND_DONE, order="o1", phone="13800138000")  # type: ignore[call-arg]

    assert "13800138000" not in log.getvalue() and "o1" in log.getvalue()
    assert not {"name", "phone", "mail", "address", "message", "text", "actor"} & set(FIELDS)
    assert set(get_type_hints(Fields)) == set(FIELDS)


def test_embedded_nothing_is_written(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    flows(tmp_path)

    assert capfd.readouterr() == ("", "")


def test_the_command_line_writes_json_lines_when_asked(shop: Path) -> None:
    (shop / "orders.jsonl").write_text(
        (shop / "orders.jsonl").read_text("utf-8").replace("13800138000", CANARIES[5][1]), "utf-8"
    )
    said = ordinance(
        "--log-format", "json", "run", ".", "--rules", "rules", "--db", "t.db", "--quiet", cwd=shop
    )
    lines = [json.loads(line) for line in said.err.splitlines() if line.startswith("{")]

    assert said.code == 0, said.err
    assert {"store.opened", "command.done", "effect.done"} <= {line["event"] for line in lines}
    assert found_in(said.err) == []
    quiet = ordinance("status", "--db", "t.db", cwd=shop)
    assert quiet.err == ""
    text = ordinance("status", "--db", "t.db", cwd=shop, ORDINANCE_LOG_LEVEL="info")
    assert " info store.opened store=SQLite" in text.err
    wrong = ordinance("status", "--db", "t.db", cwd=shop, ORDINANCE_LOG_FORMAT="xml")
    refused(wrong, "ORDINANCE_LOG_FORMAT is `xml`; use one of json, text")


def test_an_error_that_nobody_expected_tells_an_incident_and_not_what_it_says(
    shop: Path, monkeypatch: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(f"cannot serve {CANARIES[7]}")

    ordinance("run", ".", "--rules", "rules", "--db", "t.db", "--quiet", cwd=shop)
    monkeypatch.setattr("ordinance_adapters.cli.status.look", broken)
    said = here("status", "--db", "t.db", cwd=shop)

    assert said.code == 1 and "Traceback" not in said.err
    assert found_in(said.err + said.out + log.getvalue()) == []
    (told,) = [
        json.loads(line)
        for line in log.getvalue().splitlines()
        if line.startswith("{") and '"error"' in line
    ]
    assert told["incident"] in said.err and told["error"] == "RuntimeError"
    assert told["where"].startswith(__name__)
