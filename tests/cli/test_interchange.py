"""`ordinance rules import | export`: other engines' tables, as a merchant meets them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import Said, refused
from tests.cli.terminal import here as ordinance

TABLE: dict[str, Any] = {
    "hitPolicy": "first",
    "inputs": [
        {"id": "amount", "name": "Amount", "field": "cart.total"},
        {"id": "past", "name": "Past orders", "field": "customer.orders"},
    ],
    "outputs": [{"id": "risk", "name": "Risk", "field": "risk"}],
    "rules": [
        {"_id": "big", "amount": ">= 20000", "past": "", "risk": "'high'"},
        {"_id": "new", "amount": "> 3000, < 0", "past": "0", "risk": "'medium'"},
        {"_id": "fine", "amount": "", "past": "", "risk": "'low'"},
    ],
}
LOST = {"_id": "odd", "amount": "$ % 2 == 1", "past": "", "risk": "'medium'"}
SAID = (
    *("--map", "cart.total=order.receivable", "--map", "customer.orders=buyer.orders_90d"),
    *("--map", "risk=outcome", "--value", "risk:high=hold", "--value", "risk:low=approve"),
    *("--value", "risk:medium=manual_review", "--unknown", "outcome=manual_review"),
)


@pytest.fixture
def folder(tmp_path: Path, root: Path) -> Path:
    """A folder with `whole.json`, `lossy.json` (one lost cell), and the shipped `rules/`."""
    lossy = {**TABLE, "rules": [LOST, *TABLE["rules"]]}
    (tmp_path / "whole.json").write_text(json.dumps(TABLE), "utf-8")
    (tmp_path / "lossy.json").write_text(json.dumps(lossy), "utf-8")
    shutil.copytree(root / "rules", tmp_path / "rules")
    return tmp_path


def imported(folder: Path, *arguments: str) -> Said:
    return ordinance("rules", "import", *arguments, cwd=folder)


def test_a_table_is_told_with_its_facts_outcomes_and_warnings(folder: Path) -> None:
    said = imported(folder, "whole.json")

    assert said.code == 0, said.err
    assert "whole (jdm): 3 rows, hit: first" in said.out
    assert "fact: cart.total, a number" in said.out
    assert "outcome: risk, high, medium, low" in said.out
    assert "warning: row new, column Amount: > 3000, < 0: a comma" in said.out
    assert "1 of 1 translated as a whole" in said.out


def test_every_lost_cell_is_told_and_the_exit_code_is_3(folder: Path) -> None:
    said = imported(folder, "lossy.json")

    assert said.code == 3
    assert "not translated: row odd, column Amount: $ % 2 == 1\n    it calculates" in said.out
    assert "0 of 1 translated as a whole" in said.out


def test_a_table_can_be_asked(folder: Path) -> None:
    (folder / "facts.json").write_text('{"cart": {"total": 25000}}', "utf-8")
    whole = imported(folder, "whole.json", "--facts", "facts.json")

    assert json.loads(whole.out) == {"output": {"risk": "high"}, "rows": ["big"]}
    refused(imported(folder, "lossy.json", "--facts", "facts.json"), "hangs on", "$ % 2 == 1")


def test_a_table_becomes_a_rule_file_that_is_in_order_and_decides(folder: Path) -> None:
    made = imported(folder, "whole.json", "--point", "review.risk", *SAID, "-o", "mine.yaml")
    (folder / "facts.json").write_text('{"order.receivable": 25000}', "utf-8")
    decided = ordinance("rules", "decide", "mine.yaml", "--facts", "facts.json", cwd=folder)

    assert made.code == 0 and "wrote mine.yaml: 2 rules for review.risk" in made.out, made.err
    assert "means `or`" in made.err
    _lacks_nothing_but_tests(ordinance("rules", "check", "mine.yaml", cwd=folder).out)
    assert ordinance("rules", "fmt", "--check", "mine.yaml", cwd=folder).code == 0
    assert "outcome: hold" in decided.out


def test_without_a_file_the_rule_file_is_printed(folder: Path) -> None:
    made = imported(folder, "whole.json", "--point", "review.risk", *SAID)

    assert made.code == 0 and made.out.startswith("# From the table whole of whole.json.")


def test_rows_left_out_end_with_3_and_are_told(folder: Path) -> None:
    ask = ("lossy.json", "--point", "review.risk", *SAID, "-o", "mine.yaml")

    refused(imported(folder, *ask), "row odd was not translated", "--leave-out")
    assert not (folder / "mine.yaml").exists()
    made = imported(folder, *ask, "--leave-out")
    assert made.code == 3 and "left out: row odd" in made.err
    refused(imported(folder, *ask, "--leave-out"), "mine.yaml: is there already")


def test_a_rule_file_that_is_not_in_order_is_written_and_what_to_do_is_told(folder: Path) -> None:
    ask = ("--point", "review.risk", *SAID[:-2], "-o", "mine.yaml")
    made = imported(folder, "whole.json", *ask)

    assert made.code == 1 and (folder / "mine.yaml").exists()
    assert "mine.yaml:" in made.err and "`when_unknown` does not set `outcome`" in made.err


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("nowhere.json",), "nowhere.json"),
        (("rules",), "--format"),
        (("whole.json", "--table", "hole"), "did you mean `whole`?"),
        (("whole.json", "--point", "review.rsk"), "did you mean `review.risk`?"),
        (("whole.json", "--point", "review.risk", "--map", "cart.totl=a"), "`cart.total`?"),
    ],
)
def test_a_wrong_name_is_told_with_the_way_out(
    folder: Path, arguments: tuple[str, ...], part: str
) -> None:
    refused(imported(folder, *arguments), part)


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("--map", "a=b"), "--point"),
        (("-o", "mine.yaml"), "--point"),
        (("--point", "review.risk", "--map", "a"), "`=`"),
        (("--point", "review.risk", "--value", "a=b"), "NAME:THEIRS=OURS"),
        (("--format", "xml"), "xml"),
    ],
)
def test_wrong_use_ends_with_2(folder: Path, arguments: tuple[str, ...], part: str) -> None:
    refused(imported(folder, "whole.json", *arguments), part, code=2)


def test_rule_sets_are_exported_and_everything_left_out_is_told(folder: Path) -> None:
    ask = ("rules", "export", "rules", "--format", "jdm", "--at", "2026-11-26", "-o", "all.json")
    said = ordinance(*ask, cwd=folder)

    assert said.code == 3, said.err
    assert "wrote all.json: 19 of 40 rule sets" in said.out
    assert "left out: packing.marks: rule M1: a table cannot look at single lines" in said.out
    assert "note: completion.archive: $keep_transaction as of 2026-11-26" in said.out
    assert "19 of 19 translated as a whole" in imported(folder, "all.json").out
    refused(ordinance(*ask, cwd=folder), "all.json: is there already")


def test_one_rule_set_is_exported_whole_or_nothing_is_written(folder: Path) -> None:
    ask = ("rules", "export", "rules", "--format", "jdm", "-o", "one.json", "--point")
    marks = ordinance(*ask, "packing.marks", cwd=folder)

    assert marks.code == 1 and "can say none of these" in marks.err
    assert not (folder / "one.json").exists()
    assert ordinance(*ask, "service.cancel", cwd=folder).code == 0
    refused(ordinance(*ask, "service.cancle", cwd=folder), "did you mean `service.cancel`?")


@pytest.mark.parametrize("name", ["jdm", "dmn"])
def test_a_rule_set_comes_back_from_each_format_as_a_rule_file(folder: Path, name: str) -> None:
    file = f"cancel.{'json' if name == 'jdm' else name}"
    ask = ("rules", "export", "rules", "--point", "service.cancel", "--format", name, "-o", file)
    back = ("--point", "service.cancel", "--unknown", "answer=refuse", "-o", "back.yaml")

    assert ordinance(*ask, cwd=folder).code == 0
    made = imported(folder, file, *back)
    assert made.code == 0, made.err
    assert "wrote back.yaml: 3 rules for service.cancel" in made.out
    _lacks_nothing_but_tests(ordinance("rules", "check", "back.yaml", cwd=folder).out)


def test_a_file_of_no_known_format_is_told_what_each_one_misses(folder: Path) -> None:
    (folder / "other.json").write_text('{"a": 1}', "utf-8")

    refused(imported(folder, "other.json"), "as jdm: ", "no JDM graph", "as business-rules: ")


def _lacks_nothing_but_tests(said: str) -> None:
    """Tests do not come along with a foreign table; all else is in order."""
    assert [line.split()[2] for line in said.splitlines() if ": error " in line] == ["E_NO_TESTS:"]
