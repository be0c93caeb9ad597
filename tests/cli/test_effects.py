"""`ordinance effects` and `ordinance work`: what an operator types, and what is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ordinance.outside import PortFailed, PortRefused, PortUnknown
from ordinance_adapters.cli.opening import remember
from tests.cli.terminal import Said, here, refused
from tests.cli.test_change import SHOP
from tests.conftest import ROOT
from tests.effects.desk import Desk


@pytest.fixture
def stuck(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A folder with a store in which a refund is dead, a parcel unknown and a message waiting;
    the key of each by its kind."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "shop.yaml").write_text(SHOP, encoding="utf-8")
    desk = Desk(tmp_path)
    desk.bank.say(PortRefused("account closed"))
    desk.carrier.say(None, PortUnknown("read timeout"))
    desk.place("A1", cancelled=True)
    desk.work()
    desk.messages.say(PortFailed("gateway down"))
    desk.place("A2")
    desk.work()
    keys = {stored.effect.kind: stored.effect.key for stored in desk.shop.effects()}
    remember(desk.shop.storage, "teashop", "CNY", "Asia/Shanghai")
    desk.shop.close()
    return tmp_path, keys


def decide(folder: Path, *arguments: str) -> Said:
    rules = str(ROOT / "rules")
    more = ("--by", "Lan", "--shop", "shop", "--rules", rules)
    return here("effects", *arguments, *more, cwd=folder)


def test_everything_that_is_not_done_is_listed_with_its_last_failure(
    stuck: tuple[Path, dict[str, str]],
) -> None:
    folder, keys = stuck
    said = here("effects", "list", cwd=folder)
    lines = said.out.splitlines()

    assert lines[0].split() == ["state", "order", "kind", "failures", "next", "try", "effect"]
    for kind, state, error in (
        ("refund", "dead", "account closed"),
        ("warehouse.push", "unknown", "read timeout"),
        ("notify", "waiting", "gateway down"),
    ):
        (place,) = [no for no, line in enumerate(lines) if line.endswith(keys[kind])]
        assert lines[place].startswith(state) and lines[place + 1] == f"  {error}"
    assert "结果不明" in here("effects", "list", "--lang", "zh", cwd=folder).out


def test_effects_are_chosen_by_state_and_order(stuck: tuple[Path, dict[str, str]]) -> None:
    folder, keys = stuck
    dead = here("effects", "list", "--state", "dead", "--json", cwd=folder)
    first = here("effects", "list", "--order", "A1", "--json", cwd=folder)

    assert [one["effect"] for one in json.loads(dead.out)] == [keys["refund"]]
    assert keys["warehouse.push"] not in first.out
    refused(here("effects", "list", "--order", "A9", cwd=folder), "no order `A9`")


def test_an_effect_is_shown_with_what_is_sent(stuck: tuple[Path, dict[str, str]]) -> None:
    folder, keys = stuck
    said = here("effects", "show", keys["refund"], cwd=folder)

    assert "state: dead\n" in said.out and "failure: account closed\n" in said.out
    assert 'sent: {"refund": "R1", "split": [["T-A1", 10000]]}\n' in said.out
    refused(here("effects", "show", "nope", cwd=folder), "see `ordinance effects list`")


def test_a_dead_effect_is_tried_again_once_by_whoever_clicks(
    stuck: tuple[Path, dict[str, str]],
) -> None:
    folder, keys = stuck
    first = decide(folder, "retry", keys["refund"], "--json")
    second = decide(folder, "retry", keys["refund"], "--json")
    assert [json.loads(said.out)["repeated"] for said in (first, second)] == [False, True]
    work = here(
        "work", "--shop", "shop", "--rules", str(ROOT / "rules"), "--outside", "simulated",
        "--json", cwd=folder,
    )  # fmt: skip

    assert json.loads(work.out)["dead"] == 0
    assert "the world outside is simulated" in work.err
    refused(decide(folder, "retry", keys["refund"]), "nothing to try again")


def test_an_unknown_effect_is_settled_with_its_result(stuck: tuple[Path, dict[str, str]]) -> None:
    folder, keys = stuck
    said = decide(folder, "settle", keys["warehouse.push"], "--result", "SF-1")

    assert said.out.startswith("done  ") and said.out.endswith(keys["warehouse.push"] + "\n")
    assert "SF-1" in here("show", "A2", cwd=folder).out
    refused(decide(folder, "settle", keys["refund"], "--result", " "), "--result cannot be empty")


def test_the_doctor_names_what_needs_a_person(stuck: tuple[Path, dict[str, str]]) -> None:
    folder, keys = stuck
    said = here("doctor", cwd=folder)

    assert said.code == 1
    assert f"refund `{keys['refund']}` was given up after 1 try: account closed" in said.out
    push = keys["warehouse.push"]
    assert f"warehouse.push `{push}` is of unknown outcome after 1 try: read timeout" in said.out


def test_adapters_that_nobody_offers_are_refused(stuck: tuple[Path, dict[str, str]]) -> None:
    folder, _ = stuck
    rules = str(ROOT / "rules")
    said = here("work", "--shop", "shop", "--rules", rules, "--outside", "real", cwd=folder)

    refused(said, "no adapters to the world are called `real`; installed: simulated")


def test_a_worker_needs_a_store_that_hands_work_out(stuck: tuple[Path, dict[str, str]]) -> None:
    folder, _ = stuck
    rules = str(ROOT / "rules")
    said = here("work", "--shop", "shop", "--rules", rules, "--worker", cwd=folder)

    assert said.code == 1 and "use --every, one process is enough" in said.err
