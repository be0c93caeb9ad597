"""`ordinance person` and `show --unmask`: found, refused, asked before, told in both languages."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ordinance.orders.masking import hide_buyer, masked, masked_mail, without
from ordinance.orders.person import Person
from ordinance_adapters.cli import cli
from ordinance_adapters.cli.opening import remember
from ordinance_adapters.keys import KEYS, Keyring
from tests.core.shop import Bench, order
from tests.persons.crowd import planted, traces
from tests.stores import sqlite_alone

pytestmark = sqlite_alone


@pytest.fixture
def db(tmp_path: Path) -> str:
    """Two orders of one person: one on its way, one refused and over."""
    bench = Bench(tmp_path)
    person = planted(4)
    receiver = {**order()["receiver"], **{n: person[n] for n in ("name", "phone", "address")}}
    bench.shop.place({**order("A1"), "receiver": receiver})
    done = bench.shop.place({**order("A2", payments=[]), "receiver": receiver})
    bench.shop.timer(
        done.order, "payment.close", "", key="t", now=bench.clock.now().replace(day=20)
    )
    remember(bench.shop.storage, "teashop", "CNY", "Asia/Shanghai")
    bench.shop.close()
    return str(tmp_path / "shop.db")


def said(db: str, *arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(cli, [*arguments, "--db", db], input=typed)


def test_a_person_is_found_masked(db: str) -> None:
    text = said(db, "person", "find", "--phone", "139 7000-0004")
    rows = json.loads(said(db, "person", "find", "--phone", "13970000004", "--json").stdout)
    nobody = said(db, "person", "find", "--phone", "13970000005", "--lang", "zh")

    assert text.stdout.count("欧** 139******04") == 2 and not traces(text.stdout)
    assert [row["source_id"] for row in rows] == ["A1", "A2"]
    assert nobody.stdout == "没有订单\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["find"], "give a phone with digits in it, or a mail"),
        (["find", "--phone", "none"], "give a phone with digits in it, or a mail"),
        (["erase", "--by", "lan", "--reason", "x"], "say who: --phone, --mail or --order"),
        (["erase", "--by", "lan", "--order", "A2"], "say why, with --reason"),
        (["erase", "--by", " ", "--order", "A2", "--reason", "x", "--yes"], "say who does it"),
        (["erase", "--by", "lan", "--order", "A1", "--again"], "--again names nobody"),
        (["erase", "--by", "lan", "--order", "A9", "--reason", "x"], "no order `A9`"),
        (["erase", "--by", "lan", "--mail", "a@b.c", "--reason", "x"], "no order was found"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(
    db: str, arguments: list[str], message: str
) -> None:
    done = said(db, "person", *arguments)

    assert done.exit_code == 1 and message in str(done.exception)


def test_all_orders_of_a_person_are_erased_or_none(db: str) -> None:
    erase = ["person", "erase", "--phone", "13970000004", "--by", "lan", "--reason", "asked"]
    refused = said(db, *erase, "--yes")
    again = said(db, "person", "find", "--phone", "13970000004")
    asked = said(db, *erase, "--force", typed="n\n")
    done = said(db, *erase, "--force", typed="y\n")

    assert "it is not finished" in str(refused.exception) and again.stdout.count("欧**") == 2
    assert asked.exit_code == 1 and "erase the person of 2 orders" in asked.stderr
    assert done.exit_code == 0 and done.stdout.count("person erased") == 2
    assert "the person was erased" in said(db, "show", "A1").stdout
    assert "个人信息已删除" in said(db, "show", "A2", "--lang", "zh").stdout
    assert json.loads(said(db, "show", "A2", "--json").stdout)["person"] is None
    assert "was erased" in str(
        said(db, "show", "A2", "--unmask", "--by", "lan", "--reason", "x").exception
    )


def test_one_order_alone_is_erased(db: str) -> None:
    done = said(
        db,
        "person",
        "erase",
        "--order",
        "A2",
        "--by",
        "lan",
        "--reason",
        "asked",
        "--yes",
        "--json",
    )

    assert [one["erased"] for one in json.loads(done.stdout)] == [True]
    assert said(db, "person", "find", "--phone", "13970000004").stdout.count("欧**") == 1


def test_the_number_of_a_buyer_and_where_they_live_are_masked_as_json(db: str) -> None:
    hidden = json.loads(said(db, "show", "A1", "--json").stdout)
    clear = json.loads(
        said(db, "show", "A1", "--json", "--unmask", "--by", "lan", "--reason", "x").stdout
    )

    assert clear["record"]["buyer_id"] == "u1" and hidden["record"]["buyer_id"] == "***"
    assert clear["record"]["latitude"] == 30.28 and hidden["record"]["latitude"] == "*****"
    assert "30.28" not in json.dumps(hidden) and '"u1"' not in json.dumps(hidden)


def test_masks_hide_what_the_law_says() -> None:
    person = Person("张三", "13800138000", "lan@tea.cn", "Ann Lee", "+86 138 0013 8000", "x 1", "1")

    assert masked(person) == {
        "buyer_name": "张*",
        "buyer_phone": "138******00",
        "buyer_email": "l***@***.cn",
        "receiver_name": "A** ***",
        "receiver_phone": "+86 1** **** **00",
        "address": "***",
        "postcode": "*",
    }
    shown = sum(sign.isdigit() for sign in masked(person)["receiver_phone"])
    assert shown <= 13 - 6
    assert masked_mail("no mail") == "******"
    assert without(person, "Ann Lee (13800138000) wrote") == "*** (***) wrote"
    assert hide_buyer({"changes": [["buyer_id", None, "u-1234"]]}) == {
        "changes": [["buyer_id", None, "u***4"]]
    }


def test_a_key_is_rotated_once_it_is_confirmed_and_that_is_told(
    db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = tmp_path / "keys"
    shutil.copytree(Keyring.open(db).folder or "", keys)
    monkeypatch.setenv(KEYS, str(keys))
    old = (keys / "master.key").read_bytes()
    kept_before = len([*keys.glob("master.old-*.key")])
    rotate = ("keys", "rotate", "--by", "lan", "--reason", "she left")

    assert said(db, *rotate, typed="n\n").exit_code == 1
    assert said(db, "keys", "rotate", "--by", " ", "--reason", "r", "--yes").exit_code == 1
    assert (keys / "master.key").read_bytes() == old
    asked = said(db, *rotate, typed="y\n")
    kept = said(db, *rotate, "--keep-old", "--json")

    assert "no backup made until now" in asked.stderr
    assert asked.stdout.endswith("lan: the keys of 2 persons wrapped anew (she left)\n")
    assert json.loads(kept.stdout)["persons"] == 2
    shown = said(db, "keys", "show").stdout
    assert shown.count("she left") == 2 and "an old key" in shown
    assert "2 人的密钥已重新加密" in said(db, "keys", "show", "--lang", "zh").stdout
    told = json.loads(said(db, "keys", "show", "--json").stdout)
    assert len(told["old"]) == kept_before + 1
    assert said(db, "person", "find", "--phone", "139 7000-0004").stdout.count("欧**") == 2
