"""`ordinance rules`: checked, tested, shown, laid out, begun; as a merchant meets it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.cli.terminal import here as ordinance
from tests.cli.terminal import refused


@pytest.fixture
def folder(tmp_path: Path, root: Path) -> Path:
    """A folder with the shipped rules in `rules/`."""
    shutil.copytree(root / "rules", tmp_path / "rules")
    return tmp_path


def test_the_shipped_rules_are_in_order_and_every_rule_is_fired_by_a_test(folder: Path) -> None:
    checked = ordinance("rules", "check", "rules", cwd=folder)
    tested = ordinance("rules", "test", "rules", "--coverage", cwd=folder)

    assert checked.code == 0 and "40 rule sets are in order" in checked.out
    assert tested.code == 0, tested.out
    assert " passed, 0 failed" in tested.out


def test_a_test_that_fails_tells_what_was_expected_and_where(folder: Path) -> None:
    file = folder / "rules" / "review.yaml"
    file.write_text(file.read_text("utf-8").replace("always: 5000", "always: 6000"), "utf-8")

    said = ordinance("rules", "test", "rules/review.yaml", cwd=folder)

    assert said.code == 1
    assert "review.yaml:" in said.out and "expected manual_review, found approve" in said.out


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_rule_file_is_shown_as_a_page(folder: Path, lang: str) -> None:
    page = ordinance("rules", "show", "rules/review.yaml", "--lang", lang, cwd=folder)
    html = ordinance("rules", "show", "rules/review.yaml", "--html", "--lang", lang, cwd=folder)

    assert page.code == html.code == 0
    assert "R1" in page.out and "<html" in html.out and "//" not in html.out


def test_fmt_changes_layout_and_nothing_else(folder: Path) -> None:
    before = ordinance("rules", "check", "rules", cwd=folder).out

    assert ordinance("rules", "fmt", "rules", cwd=folder).code == 0
    assert ordinance("rules", "fmt", "--check", "rules", cwd=folder).code == 0
    assert ordinance("rules", "check", "rules", cwd=folder).out == before


def test_fmt_takes_files_alone_and_leaves_nothing_beside_them(folder: Path) -> None:
    file = folder / "mine.yaml"
    file.write_text("# kept\nrules:   []\n", "utf-8")
    file.chmod(0o640)
    (folder / "link.yaml").symlink_to(file)
    os.mkfifo(folder / "pipe.yaml")

    assert ordinance("rules", "fmt", "link.yaml", cwd=folder).out.startswith("wrote link.yaml")
    assert file.read_text("utf-8") == "# kept\nrules: []\n"
    assert (folder / "link.yaml").is_symlink() and file.stat().st_mode & 0o777 == 0o640
    assert {item.name for item in folder.iterdir()} == {
        "rules",
        "mine.yaml",
        "link.yaml",
        "pipe.yaml",
    }
    refused(ordinance("rules", "fmt", "pipe.yaml", cwd=folder), "not a file")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_new_file_reads_and_its_tests_pass(folder: Path, lang: str) -> None:
    begun = ordinance("rules", "new", "packing.package", "--lang", lang, cwd=folder)
    (folder / "mine.yaml").write_text(begun.out, "utf-8")

    assert ordinance("rules", "test", "mine.yaml", cwd=folder).code == 0
    refused(ordinance("rules", "new", "packing.pakage", cwd=folder), "packing.package")


def test_the_schema_is_json_and_knows_both_spellings(folder: Path) -> None:
    said = ordinance("rules", "schema", "review", cwd=folder)
    text = json.dumps(json.loads(said.out), ensure_ascii=False)

    assert "order.receivable" in text and "订单.应收" in text
    refused(ordinance("rules", "schema", "reviews", cwd=folder), "review")


def test_the_schema_of_one_decision_point_knows_no_other(folder: Path) -> None:
    said = ordinance("rules", "schema", "review.call", cwd=folder)

    assert "review.call" in said.out and "review.risk" not in said.out


def test_the_words_of_a_decision_point_are_told_in_the_language_asked_for(folder: Path) -> None:
    chinese = ordinance("points", "review.risk", "--lang", "zh", cwd=folder).out
    english = ordinance("points", "review.risk", cwd=folder).out

    assert "  命中: 评分 (score), 汇总 (collect), 首个 (first)" in chinese
    assert "    订单.重量 / order.weight_g  (整数, 克, 不低于 0)\n" in chinese
    assert "    订单.类型 / order.type  (选项): 普通 (normal), 预售 (presale)" in chinese
    assert "    商品行.特性 / line.traits  (标签): 易碎 (fragile), 液体 (liquid)" in chinese
    assert "  scope: channels, shops\n" in english
    assert "    order.weight_g / 订单.重量  (integer, g, at least 0) weight\n" in english
    plain = json.loads(ordinance("points", "review.risk", "--json", cwd=folder).out)
    weight = next(fact for fact in plain["facts"] if fact["name"] == "order.weight_g")
    assert (weight["unit"], weight["at_least"], weight["missing"]) == ("g", 0, "unknown")


def test_a_decision_on_facts_is_told_with_its_reasons(folder: Path) -> None:
    facts = {"订单.应收": 5200, "buyer.orders_90d": 0, "order.local_time": "23:10"}
    facts |= {"order.largest_line": 1, "buyer.refunded_share": 0, "receiver.region": "330106"}
    (folder / "facts.json").write_text(json.dumps(facts), "utf-8")
    ask = (
        "rules",
        "decide",
        "rules/review.yaml",
        "--facts",
        "facts.json",
        "--point",
        "review.risk",
    )

    said = ordinance(*ask, "--at", "2026-11-25T23:10:00+08:00", "--explain", cwd=folder)
    chinese = ordinance(*ask, "--explain", "--lang", "zh", cwd=folder)
    plain = ordinance(*ask, "--json", cwd=folder)

    assert said.code == chinese.code == plain.code == 0, said.err + chinese.err + plain.err
    assert "R1" in said.out and "needs" in said.out and "审核" in chinese.out
    assert json.loads(plain.out)["decision"]["point"] == "review.risk"
