"""`ordinance rules publish` and what belongs to it, as a merchant meets it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.terminal import Said, refused
from tests.cli.terminal import here as ordinance

LAN = ("--author", "Lan", "--note", "first", "--db", "t.db")
ZHU = ("--by", "Zhu", "--note", "wrong", "--db", "t.db")


@pytest.fixture
def folder(tmp_path: Path, root: Path) -> Path:
    """A folder with the tea shop."""
    shutil.copytree(root / "examples" / "chashop", tmp_path / "tea")
    return tmp_path


def rules(folder: Path, *arguments: str) -> Said:
    return ordinance("rules", *arguments, cwd=folder)


def change(folder: Path, old: str, new: str, file: str = "review.yaml") -> None:
    path = folder / "tea" / "rules" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def milder(folder: Path) -> None:
    """A message of the buyer counts for less; the test that says otherwise goes along."""
    change(folder, "则: {得分: 30, 任务: 查看留言}", "则: {得分: 15, 任务: 查看留言}")
    text = (folder / "tea/rules/review.yaml").read_text("utf-8")
    (folder / "tea/rules/review.yaml").write_text(_without_the_message(text), "utf-8")


def _without_the_message(text: str) -> str:
    lines = text.splitlines(True)
    start = next(number for number, line in enumerate(lines) if "with a message" in line)
    return "".join(lines).replace(
        "".join(lines[start : start + 3]),
        "".join(lines[start : start + 3]).replace("人工审核", "通过").replace("30", "15"),
    )


def test_rules_are_published_into_a_new_store_and_a_run_decides_by_them(folder: Path) -> None:
    published = rules(folder, "publish", "tea/rules", *LAN)
    run = ordinance("run", "tea", "--db", "t.db", "--quiet", cwd=folder)
    status = rules(folder, "status", "--db", "t.db")
    history = json.loads(rules(folder, "history", "--db", "t.db", "--json").out)
    report = json.loads(ordinance("report", "--db", "t.db", "--json", cwd=folder).out)

    assert published.code == 0 and published.out == "version 1 is in force\n", published
    assert run.code == 0 and "version 1 is in force since" in status.out
    (told,) = history
    assert (told["by"], told["note"], told["version"], told["replaced"]) == (
        "Lan",
        "first",
        1,
        None,
    )
    decisions = sum(sum(item.values()) for item in report["decisions"].values())
    assert told["decisions"] == decisions > 500
    assert ordinance("doctor", "--db", "t.db", "--replay", cwd=folder).code == 0
    number = ordinance("orders", "--db", "t.db", "--limit", "1", cwd=folder).out.split()[0]
    explained = ordinance("explain", number, "--db", "t.db", cwd=folder)
    assert explained.code == 0 and "intake.yaml:" in explained.out


def test_a_run_with_other_rules_than_the_published_ones_is_refused(folder: Path) -> None:
    rules(folder, "publish", "tea/rules", *LAN)
    same = ordinance("run", "tea", "--rules", "tea/rules", "--db", "t.db", "--quiet", cwd=folder)
    change(folder, "得分: 20", "得分: 21")
    other = ordinance("run", "tea", "--rules", "tea/rules", "--db", "t.db", "--quiet", cwd=folder)

    assert same.code == 0
    refused(other, "published rules (version 1, by Lan)")


def test_a_file_with_everything_wrong_is_refused_with_every_place(folder: Path) -> None:
    rules(folder, "publish", "tea/rules", *LAN)
    before = (folder / "t.db").read_bytes()
    milder_without_its_test(folder)
    for lang, word in (("en", "fails"), ("zh", "不符")):
        said = rules(folder, "publish", "tea/rules", *LAN, "--lang", lang)

        refused(said, "tea/rules/review.yaml:", "E_TEST_FAILED", word)
    change(folder, "决策组:", "决策组: [")
    refused(rules(folder, "publish", "tea/rules", *LAN), "tea/rules/review.yaml:")
    assert "1 " in rules(folder, "history", "--db", "t.db").out
    assert (folder / "t.db").read_bytes() == before


def milder_without_its_test(folder: Path) -> None:
    change(folder, "则: {得分: 30, 任务: 查看留言}", "则: {得分: 15, 任务: 查看留言}")


def test_one_file_is_published_and_taken_back(folder: Path) -> None:
    rules(folder, "publish", "tea/rules", *LAN)
    milder(folder)
    second = rules(folder, "publish", "tea/rules/review.yaml", *LAN)
    differs = rules(folder, "diff", "1", "live", "--db", "t.db")
    back = rules(folder, "rollback", *ZHU)
    status = json.loads(rules(folder, "status", "--db", "t.db", "--json").out)

    assert second.out == "version 2 is in force, replacing version 1\n", second.err
    assert "rule R7" in differs.out and "+ then: points 15" in differs.out
    assert back.out == "version 1 is in force, replacing version 2\n"
    assert status["live"]["version"] == 1 and status["entry"] == 3
    refused(rules(folder, "rollback", *ZHU), "no version before version 1")
    refused(rules(folder, "rollback", "7", *ZHU), "there is no version 7")
    assert rules(folder, "diff", "live", "1", "--db", "t.db").out == (
        "version 1 and version 1 say the same\n"
    )


def test_the_second_of_two_is_told(folder: Path) -> None:
    rules(folder, "publish", "tea/rules", *LAN)
    shutil.copytree(folder / "tea", folder / "hers")
    milder(folder)
    rules(folder, "publish", "tea/rules", *LAN)
    change_hers = folder / "hers/rules/review.yaml"
    change_hers.write_text(change_hers.read_text("utf-8") + "# hers\n", "utf-8")
    said = rules(folder, "publish", "hers/rules", *LAN)

    refused(said, "version 2 is in force (Lan: first)", "made from version 1", "--base 2")
    assert rules(folder, "publish", "hers/rules", *LAN, "--base", "2").code == 0


def test_a_file_published_from_an_old_folder_does_not_take_back_what_others_did(
    folder: Path,
) -> None:
    rules(folder, "publish", "tea/rules", *LAN)
    shutil.copytree(folder / "tea", folder / "hers")
    change(folder, "{结论: 通过, 得分: 0, 命中规则: []}", "{结论: 通过, 命中规则: []}")
    assert rules(folder, "publish", "tea/rules", *LAN).out.startswith("version 2 is in force")
    hers = folder / "hers/rules/service.yaml"
    hers.write_text(hers.read_text("utf-8") + "# hers\n", "utf-8")
    file = rules(folder, "publish", "hers/rules/service.yaml", *LAN)
    hers.write_text(hers.read_text("utf-8") + "# again\n", "utf-8")
    again = rules(folder, "publish", "hers/rules/service.yaml", *LAN)
    whole = rules(folder, "publish", "hers/rules", *LAN)

    assert file.out.startswith("version 3 is in force"), file
    assert again.out.startswith("version 4 is in force"), again
    refused(whole, "made from version 1")
    shutil.copy(folder / "tea/rules/service.yaml", folder / "kept.yaml")
    shutil.copy(hers, folder / "tea/rules/service.yaml")
    refused(rules(folder, "publish", "tea/rules", *LAN), "made from version 2")


def test_a_folder_whose_files_were_published_one_by_one_goes_on(folder: Path) -> None:
    rules(folder, "publish", "tea/rules", *LAN)
    for number, name in enumerate(("service.yaml", "notify.yaml"), start=2):
        file = folder / "tea/rules" / name
        file.write_text(file.read_text("utf-8") + "# more\n", "utf-8")
        said = rules(folder, "publish", f"tea/rules/{name}", *LAN)
        assert said.out.startswith(f"version {number} is in force"), said
    milder(folder)

    assert rules(folder, "publish", "tea/rules", *LAN).out.startswith("version 4 is in force")


@pytest.mark.parametrize("note", ["[1]", "{", "[" * 100_000, '{"files":3,"whole":[1,"x"]}', ""])
def test_a_note_that_cannot_be_read_is_no_note(folder: Path, note: str) -> None:
    rules(folder, "publish", "tea/rules", *LAN)
    milder(folder)
    (folder / "tea/rules/.published").write_text(note)

    refused(rules(folder, "publish", "tea/rules", *LAN), "do not say what they were made from")


def test_a_folder_that_nobody_published_from_says_what_it_was_made_from(folder: Path) -> None:
    shutil.copytree(folder / "tea", folder / "hers")
    rules(folder, "publish", "tea/rules", *LAN)

    refused(rules(folder, "publish", "hers/rules", *LAN), "do not say what they were made from")


def test_a_second_person_approves(folder: Path) -> None:
    rules(folder, "publish", "tea/rules", *LAN)
    milder(folder)
    waits = rules(folder, "publish", "tea/rules", *LAN, "--requires-approval")
    status = rules(folder, "status", "--db", "t.db")

    assert "version 2 waits for a second person" in waits.out
    assert "version 1 is in force" in status.out and "version 2 waits for approval" in status.out
    refused(rules(folder, "approve", "2", "--by", "LAN", "--db", "t.db"), "somebody else")
    said = rules(folder, "approve", "2", "--by", "Zhu", "--db", "t.db", "--lang", "zh")
    assert said.out == "第 2 版已生效, 替换第 1 版\n"


def test_a_shop_can_demand_approval_always(folder: Path) -> None:
    rules(folder, "publish", "tea/rules", *LAN)
    demanded = rules(folder, "approval", "always", *ZHU)
    milder(folder)
    waits = rules(folder, "publish", "tea/rules", *LAN)

    assert "every release needs a second person" in demanded.out
    assert "waits for a second person" in waits.out
    assert "every release needs" in rules(folder, "status", "--db", "t.db").out
    assert rules(folder, "approval", "on-request", *ZHU).code == 0


def test_published_rules_are_fetched_and_go_on_from_there(folder: Path) -> None:
    rules(folder, "publish", "tea/rules", *LAN)
    fetched = rules(folder, "fetch", "mine", "--db", "t.db")
    names = _names(folder / "tea/rules")

    assert _names(folder / "mine") == names and "law/cn.yaml" in names
    assert fetched.out.count("wrote ") == len(names)
    for name in names:
        assert (folder / "mine" / name).read_bytes() == (folder / "tea/rules" / name).read_bytes()
    said = rules(folder, "publish", "mine", *LAN)
    assert said.out == "version 1 says the same and is in force; nothing has changed\n"
    refused(rules(folder, "fetch", "mine", "--db", "t.db"), "is there already")


def _names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.yaml")}


def test_stored_orders_are_decided_again_by_both(folder: Path) -> None:
    rules(folder, "publish", "tea/rules", *LAN)
    ordinance("run", "tea", "--db", "t.db", "--quiet", cwd=folder)
    milder(folder)
    words = rules(folder, "diff", "live", "tea/rules/review.yaml", "--orders", "--db", "t.db")
    plain = json.loads(
        rules(folder, "diff", "live", "tea/rules", "--orders", "--db", "t.db", "--json").out
    )

    assert "review.risk: 59 decisions made again, 2 come out otherwise" in words.out
    (told,) = plain["orders"]
    assert (told["point"], told["decided"], told["differ"]) == ("review.risk", 59, 2)
    assert told["pairs"] == [{"old": "manual_review", "new": "approve", "count": 2}]
    assert [item["old"]["fired"] for item in told["examples"]] == [["R7"], ["R7"]]
    (point,) = plain["points"]
    assert [item["what"] for item in point["changes"]] == ["rule R7 Buyer's message"]
    first = point["regions"][0]
    assert (first["old"]["outcome"]["outcome"], first["new"]["outcome"]["outcome"]) == (
        "manual_review",
        "approve",
    )
    assert "buyer's message" in first["example"] and f"  where {first['where']}" in words.out
    refused(rules(folder, "diff", "live", "nowhere", "--db", "t.db"), "`nowhere` is no version")


def test_a_candidate_in_the_shadow_is_reported_and_changes_nothing(folder: Path) -> None:
    for db in ("t.db", "u.db"):
        rules(folder, "publish", "tea/rules", *LAN[:4], "--db", db)
    rules(folder, "publish", "tea/rules", *LAN)
    milder(folder)
    refused(rules(folder, "shadow", "--db", "t.db"), "nothing was tried yet")
    started = rules(folder, "shadow", "start", "tea/rules/review.yaml", *ZHU)
    runs = [ordinance("run", "tea", "--db", db, "--json", cwd=folder) for db in ("t.db", "u.db")]
    report = rules(folder, "shadow", "--db", "t.db")
    plain = json.loads(rules(folder, "shadow", "--db", "t.db", "--json").out)

    assert started.code == 0 and "version 2 is tried in the shadow" in started.out
    assert runs[0].code == 0 and runs[0].out == runs[1].out
    assert "version 2 in the shadow: 59 decisions, 2 of them otherwise" in report.out
    assert "manual_review -> approve" in report.out
    (told,) = plain["points"]
    number = told["examples"][0]["order"]
    why = rules(folder, "shadow", "--order", number, "--db", "t.db")
    assert "the rules in force" in why.out and "version 2\n" in why.out
    assert why.out.count("R7") >= 2
    assert rules(folder, "shadow", "stop", *ZHU).code == 0
    refused(rules(folder, "shadow", "stop", *ZHU), "no candidate is running")
    assert "2 of them otherwise" in rules(folder, "shadow", "--db", "t.db").out


def test_law_is_not_lifted_by_a_file_that_was_forgotten(folder: Path) -> None:
    rules(folder, "publish", "tea/rules", *LAN)
    (folder / "tea/rules/law/cn.yaml").unlink()
    refused(rules(folder, "publish", "tea/rules", *LAN), "version 1 holds the law `law.")

    assert rules(folder, "publish", "tea/rules", *LAN, "--drop-law").code == 0


def test_a_store_that_is_not_there_is_not_made_by_a_question(folder: Path) -> None:
    for command in ("history", "status"):
        refused(rules(folder, command, "--db", "none.db"), "there is no such store")
    shutil.copytree(folder / "tea", folder / "other")
    (folder / "tea/shop.yaml").unlink()
    refused(rules(folder, "publish", "tea/rules", *LAN), "name the shop", "--shop")
    assert not (folder / "none.db").exists() and not (folder / "t.db").exists()
    assert rules(folder, "publish", "tea/rules", *LAN, "--shop", "other").code == 0


def test_a_refused_first_release_leaves_no_store_behind(folder: Path) -> None:
    milder_without_its_test(folder)
    refused(rules(folder, "publish", "tea/rules", *LAN), "E_TEST_FAILED")

    assert not (folder / "t.db").exists()


@pytest.mark.parametrize("whole", [True, False])
def test_rules_that_contradict_the_law_in_force_are_refused_with_both_places(
    folder: Path, whole: bool
) -> None:
    rules(folder, "publish", "tea/rules", *LAN)
    for old, new in (
        ("otherwise: {after_days: 8}", "otherwise: {after_days: 6}"),
        ("expect: {after_days: 8, fired: []}", "expect: {after_days: 6, fired: []}"),
    ):
        change(folder, old, new, "completion.yaml")

    path = "tea/rules" if whole else "tea/rules/completion.yaml"
    said = rules(folder, "publish", path, *LAN)

    assert said.code == 1
    assert "completion.yaml:4:5: error E_LAW: `otherwise` contradicts the law `CN-L5c`" in said.err
    assert "law/cn.yaml:" in said.err and "has goods to ship yes" in said.err
    assert "version 1 is in force" in rules(folder, "status", "--db", "t.db").out


def test_new_law_is_held_against_the_rules_that_stay(folder: Path) -> None:
    rules(folder, "publish", "tea/rules", *LAN)
    change(
        folder,
        "no_reason_days: {unit: day, locked: true, values: {2014-03-15: 7}",
        "no_reason_days: {unit: day, locked: true, values: {2014-03-15: 7, 2020-01-01: 9}",
        "law/cn.yaml",
    )

    said = rules(folder, "publish", "tea/rules/law/cn.yaml", *LAN, "--base", "1")

    assert said.code == 1 and "contradicts the law `CN-L5c`" in said.err, said
