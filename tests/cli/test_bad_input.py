"""Bad input gets one clear message with the place and the way out, and nothing half done."""

from __future__ import annotations

import gzip
import os
import sqlite3
from importlib import import_module
from pathlib import Path

import pytest

from ordinance_adapters.cli import failure
from tests.cli import terminal
from tests.cli.smallshop import ORDER, SHOP
from tests.cli.terminal import here as ordinance
from tests.cli.terminal import refused


@pytest.mark.parametrize(("module", "name"), sorted(failure._KNOWN))
def test_every_error_that_speaks_for_itself_is_where_it_is_named(module: str, name: str) -> None:
    found = getattr(import_module(module), name)

    assert found.__module__ == module, "a re-export is not recognised when it is raised"


def test_the_shop_in_good_order_runs(shop: Path) -> None:
    said = terminal.ordinance("run", ".", "--db", "s.db", cwd=shop)

    assert said.code == 0 and "1 orders, 1 of them in a final state" in said.out


def test_an_order_file_that_is_not_there(shop: Path) -> None:
    # In a process of its own, as a user runs it; the others are told apart in this one.
    said = terminal.ordinance("run", "nowhere.jsonl", cwd=shop)

    refused(said, "nowhere.jsonl", "no such file")
    assert not (shop / "shop.db").exists()


@pytest.mark.parametrize("asked", ["status", "audit seal", "person erase --again --by lan"])
def test_a_name_that_is_too_long_for_any_file(tmp_path: Path, asked: str) -> None:
    refused(ordinance(*asked.split(), "--db", "x" * 5000, cwd=tmp_path), "xxx")


@pytest.mark.parametrize(
    "asked",
    [
        ("restore", "x" * 5000, "new.db"),
        ("audit", "check-proof", "x" * 5000, "--key", "k"),
        ("audit", "check-proof", "none.json", "--key", "x" * 5000),
    ],
)
def test_no_argument_is_too_long_to_be_told_of(tmp_path: Path, asked: tuple[str, ...]) -> None:
    refused(ordinance(*asked, cwd=tmp_path), "")


def test_a_device_is_no_store(tmp_path: Path) -> None:
    refused(ordinance("status", "--db", "/dev/null", cwd=tmp_path), "/dev/null", "no file")


def test_a_shop_file_of_another_shop_is_refused_by_whoever_works(shop: Path, root: Path) -> None:
    assert ordinance("run", ".", "--db", "s.db", cwd=shop).code == 0
    other = root / "examples" / "chashop"
    said = ordinance("work", "--db", "s.db", "--shop", other, "--rules", other / "rules", cwd=shop)

    refused(said, "s.db", "`chashop`", "--shop")


def test_a_folder_without_a_shop(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    refused(ordinance("run", "empty", cwd=tmp_path), "shop.yaml")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (SHOP.replace("currency", "curency"), ("shop.yaml:3", "curency", "currency")),
        (SHOP.replace("Asia/Shanghai", "Asia/Nowhere"), ("shop.yaml:4", "Asia/Nowhere")),
        (SHOP.replace("reader: orders", "reader: exce1"), ("shop.yaml:5", "exce1")),
        (SHOP + "shop: twice\n", ("shop.yaml:13", "shop")),
        (SHOP.replace("first: 8.00", "first: eight"), ("shop.yaml:10", "eight")),
        ("a: [", ("shop.yaml:",)),
        (SHOP.replace("catalogue.csv", "nowhere.csv"), ("nowhere.csv",)),
    ],
)
def test_a_shop_file_with_a_fault_is_told_with_its_line(
    shop: Path, text: str, parts: tuple[str, ...]
) -> None:
    (shop / "shop.yaml").write_text(text, "utf-8")

    refused(ordinance("run", ".", "--db", "s.db", cwd=shop), *parts)
    assert not (shop / "s.db").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("orders.jsonl", b""),
        ("orders.jsonl", b"%PDF-1.7\n\x93\x8c\xff\xfe"),
        ("orders.jsonl", "订单".encode("utf-16")),
        ("orders.jsonl.gz", gzip.compress(b'{"source_id": 1}\n', mtime=0)[:-9]),
    ],
    ids=["empty", "pdf", "utf-16", "cut gzip"],
)
def test_an_order_file_that_is_none(shop: Path, name: str, content: bytes) -> None:
    (shop / name).write_bytes(content)

    refused(ordinance("run", name, "--shop", ".", "--db", "s.db", cwd=shop), name)


def test_a_table_without_a_needed_column(shop: Path) -> None:
    (shop / "shop.yaml").write_text(SHOP.replace("reader: orders", "reader: uci"), "utf-8")
    (shop / "o.csv").write_text("InvoiceNo,StockCode\n1,2\n", "utf-8")

    refused(ordinance("run", "o.csv", "--shop", ".", cwd=shop), "o.csv", "Description")


def test_an_unknown_sku_is_parked_with_its_reason(shop: Path) -> None:
    (shop / "orders.jsonl").write_text(ORDER % "NEW", "utf-8")

    said = ordinance("run", ".", "--db", "s.db", cwd=shop)
    listed = ordinance("orders", "--status", "PARKED", "--db", "s.db", cwd=shop)

    assert said.code == 0
    assert "SKU_UNMAPPED" in listed.out or "not in the catalogue" in listed.out


def test_a_broken_row_is_told_with_its_number_and_the_others_run(shop: Path) -> None:
    (shop / "orders.jsonl").write_text("{not json}\n" + ORDER % "TEA", "utf-8")

    said = ordinance("run", ".", "--db", "s.db", cwd=shop)

    assert said.code == 0
    assert "row 1" in said.out and "1 orders" in said.out


def test_a_bad_rule_file_is_refused_with_every_place_before_anything_runs(shop: Path) -> None:
    file = shop / "rules" / "review.yaml"
    text = file.read_text("utf-8")
    file.write_text(
        text.replace(
            "order.receivable: {at_least: $large_order}", "order.totl: {at_least: 1}"
        ).replace("{below: 30, outcome: approve}", "{below: 30, outcome: aprove}"),
        "utf-8",
    )

    said = ordinance("run", ".", "--db", "s.db", cwd=shop)

    refused(said, "review.yaml:", "order.totl", "aprove", "did you mean `approve`")
    assert not (shop / "s.db").exists()


def test_rules_that_leave_a_question_open_are_refused_by_name(shop: Path) -> None:
    (shop / "rules" / "tracking.yaml").unlink()

    said = ordinance("run", ".", "--db", "s.db", cwd=shop)

    refused(said, "tracking.anomaly", "tracking.resolve")
    assert not (shop / "s.db").exists()


@pytest.mark.parametrize("command", [("run", "."), ("orders",), ("show", "A1"), ("report",)])
def test_a_store_that_is_no_database(shop: Path, command: tuple[str, ...]) -> None:
    (shop / "s.db").write_text("this is no database, only some words in a file" * 50, "utf-8")

    refused(ordinance(*command, "--db", "s.db", cwd=shop), "s.db", "not a database")


def test_a_store_of_something_else(shop: Path) -> None:
    with sqlite3.connect(shop / "s.db") as other:
        other.execute("CREATE TABLE mine (a)")
    other.close()

    refused(ordinance("run", ".", "--db", "s.db", cwd=shop), "s.db", "another program")


def test_a_store_in_a_folder_that_is_not_there(shop: Path) -> None:
    refused(ordinance("run", ".", "--db", "no/where/s.db", cwd=shop), "no/where", "folder")


def test_a_store_that_is_a_folder(shop: Path) -> None:
    refused(ordinance("run", ".", "--db", "rules", cwd=shop), "rules", "folder")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_store_that_may_only_be_read(shop: Path) -> None:
    ordinance("run", ".", "--db", "s.db", cwd=shop)
    (shop / "s.db").chmod(0o444)

    refused(ordinance("run", ".", "--db", "s.db", cwd=shop), "s.db")


def test_the_store_of_another_shop(shop: Path) -> None:
    ordinance("run", ".", "--db", "s.db", cwd=shop)
    (shop / "shop.yaml").write_text(SHOP.replace("shop: small", "shop: other"), "utf-8")

    refused(ordinance("run", ".", "--db", "s.db", cwd=shop), "small", "another --db")


@pytest.mark.parametrize("command", [("orders",), ("show", "A1"), ("report",), ("doctor",)])
def test_looking_at_a_store_that_is_not_there_makes_none(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    refused(ordinance(*command, "--db", "s.db", cwd=tmp_path), "s.db", "ordinance run")
    assert not (tmp_path / "s.db").exists()


def test_an_order_or_decision_that_is_not_there(shop: Path) -> None:
    ordinance("run", ".", "--db", "s.db", cwd=shop)

    refused(ordinance("show", "A2", "--db", "s.db", cwd=shop), "A2")
    refused(
        ordinance("explain", "A1", "--decision", "review.rsk", "--db", "s.db", cwd=shop),
        "review.rsk",
        "review.risk",
    )
    refused(ordinance("orders", "--status", "LOST", "--db", "s.db", cwd=shop), "LOST", "PARKED")
    refused(ordinance("points", "review.rsk", cwd=shop), "did you mean `review.risk`")


@pytest.mark.parametrize("command", [("check",), ("test",), ("show",)])
def test_a_rule_file_that_is_refused_is_told_in_chinese(
    shop: Path, command: tuple[str, ...]
) -> None:
    review = shop / "rules" / "review.yaml"
    review.write_text(review.read_text("utf-8").replace("always: 5000", "always: 5000元"), "utf-8")

    said = ordinance("rules", *command, "rules/review.yaml", "--lang", "zh", cwd=shop)

    refused(said, "错误 E_NUMBER: `5000元` 不是金额", "改法: 只写数字: `5000`")


@pytest.mark.parametrize(
    ("facts", "more", "part"),
    [
        ("{", (), "JSON"),
        ('{"order.receivable": 1,}', (), "facts.json:1:24: this is not JSON: "),
        ("[]", (), "object of facts"),
        ("{}", ("--point", "review.rsk"), "review.rsk"),
        ("{}", ("--point", "review.risk", "--at", "soon"), "soon"),
        ("{}", ("--point", "review.risk", "--at", "2026-03-02"), "write 2026-03-02T00:00+08:00"),
        ('{"order.receivable": 1, "order.receivable": 9}', (), "`order.receivable` is given twice"),
        ('{"lines": [{"line.sku": "a", "line.sku": "b"}]}', (), "`line.sku` is given twice"),
        (f'{{"order.receivable": "{"9" * 5_000_000}"}}', (), "larger than 4 MiB"),
        ('{"order.totl": 1}', ("--point", "review.risk"), "order.totl"),
        ('{"order.receivable": "much"}', ("--point", "review.risk"), "order.receivable"),
    ],
)
def test_facts_that_cannot_be_decided_on(
    shop: Path, facts: str, more: tuple[str, ...], part: str
) -> None:
    (shop / "facts.json").write_text(facts, "utf-8")

    said = ordinance(
        "rules", "decide", "rules/review.yaml", "--facts", "facts.json", *more, cwd=shop
    )

    refused(said, part)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [(("rnu",), "did you mean `run`"), (("run",), "ORDERS"), (("run", ".", "--sed", "1"), "--sed")],
)
def test_a_wrong_call_ends_with_2(shop: Path, arguments: tuple[str, ...], part: str) -> None:
    refused(ordinance(*arguments, cwd=shop), part, code=2)


def test_starter_rules_are_never_overwritten(tmp_path: Path) -> None:
    first = ordinance("init", "mine", cwd=tmp_path)
    assert first.code == 0 and ordinance("rules", "check", "mine", cwd=tmp_path).code == 0

    refused(ordinance("init", "mine", cwd=tmp_path), "mine")


def test_the_report_is_the_same_byte_for_byte_in_a_second_run(shop: Path) -> None:
    first = ordinance("run", ".", "--db", "s.db", cwd=shop)

    assert ordinance("run", ".", "--db", "s.db", cwd=shop).out == first.out
    assert ordinance("report", "--db", "s.db", cwd=shop).code == 0
