"""What the office lets through and what it refuses, as people meet it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ordinance.ports import EntryKind, Storage
from ordinance.releases import office as office_module
from ordinance.releases import release as release_module
from ordinance.releases.integrity import faults
from ordinance.releases.office import Office
from ordinance.releases.release import from_path, from_texts
from ordinance.releases.said import NotPublished
from ordinance.rules import Problem, RuleFileError
from tests.core.shop import MONDAY, profile
from tests.publishing.editions import (
    BAD,
    edition,
    failing_test,
    part,
    texts,
    unfired,
    untested,
    write,
)
from tests.rules.reading.test_chinese import english_left
from tests.stores import open_storage

SHOP = profile().shop


@pytest.fixture
def storage() -> Iterator[Storage]:
    made = open_storage(":memory:")
    yield made
    assert list(faults(made, SHOP)) == []
    made.close()


@pytest.fixture
def office(storage: Storage) -> Office:
    return Office(storage, SHOP)


def publish(office: Office, name: str, **changes: Any) -> int:
    """Publish an edition from what is in force; returns its version."""
    live = office.status().live
    fields: dict[str, Any] = {
        "author": "Lan",
        "note": f"edition {name}",
        "now": MONDAY,
        "base": live.version if live else 0,
    }
    return office.publish(edition(name), **{**fields, **changes}).version


def refused(act: Callable[[], object], *parts: str) -> None:
    """It is refused in both languages, and says what it should."""
    with pytest.raises(NotPublished) as caught:
        act()
    assert caught.value.text("zh") != caught.value.text("en")
    for one in parts:
        assert one in caught.value.text("en")


def test_what_is_published_is_in_force_with_who_and_why(office: Office) -> None:
    version = publish(office, "甲", author=" Lan  Li ", note=" because ")
    status = office.status()

    assert version == 1 and status.live is not None and status.entry is not None
    assert (status.live.author, status.live.note, status.live.at) == ("Lan Li", "because", MONDAY)
    assert status.entry.kind is EntryKind.PUBLISHED
    assert json.loads(status.live.rules)["notify.message"][1] == "notify.yaml"


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.__name__)
def test_what_is_refused_leaves_no_trace(bad: Any, office: Office, storage: Storage) -> None:
    publish(office, "甲")
    before = list(storage.content())
    with pytest.raises((NotPublished, RuleFileError)):
        office.publish(bad("丁"), author="Lan", note="why", now=MONDAY, base=1)

    assert list(storage.content()) == before


def test_everything_wrong_is_told_at_once_with_its_place(tmp_path: Path, office: Office) -> None:
    files = texts("丁")
    files["notify.yaml"] = files["notify.yaml"].replace("fired: [E3]", "fired: [E2]")
    service = files["service.yaml"]
    files["service.yaml"] = service[: service.index("    tests:")] + service[
        service.index("  - decision: service.compensate") :
    ].replace("- {name: {zh: 第三次", "# - {name: {zh: 第三次")
    release, known = from_path(write(tmp_path / "rules", files))
    with pytest.raises(RuleFileError) as caught:
        office.publish(release, author="Lan", note="why", now=MONDAY, checked=known)
    told = caught.value.problems

    assert sorted(problem.code for problem in told) == [
        "E_NEVER_FIRED",
        "E_NO_TESTS",
        "E_TEST_FAILED",
    ]
    assert all(str(tmp_path / "rules") in str(problem.place) for problem in told)
    assert all(problem.help for problem in told)


def test_what_the_checks_find_is_refused_too(office: Office) -> None:
    files = texts("丁")
    first = next(line for line in files["service.yaml"].splitlines(True) if "id: Q1," in line)
    again = first + first.replace("id: Q1,", "id: Q9,")
    service = files["service.yaml"].replace(first, again)
    with pytest.raises(RuleFileError) as caught:
        office.publish(
            from_texts({**files, "service.yaml": service}), author="Lan", note="why", now=MONDAY
        )

    assert "E_UNREACHABLE" in {problem.code for problem in caught.value.problems}


def test_a_second_person_approves_and_nobody_else_may(office: Office) -> None:
    publish(office, "甲")
    version = publish(office, "乙", author="Lan", requires_approval=True)

    assert office.status().live == office._stored(1)
    assert [item.version for item in office.status().waiting] == [version]
    refused(lambda: office.approve(version, by="lan ", now=MONDAY), "somebody else")
    refused(lambda: office.approve(1, by="Zhu", now=MONDAY), "waits for no approval")
    refused(lambda: office.approve(9, by="Zhu", now=MONDAY), "no version 9")
    entry = office.approve(version, by="Zhu", note="looks right", now=MONDAY)
    assert (entry.live, entry.kind, entry.actor) == (version, EntryKind.APPROVED, "Zhu")
    refused(lambda: office.approve(version, by="Zhu", now=MONDAY), "waits for no approval")


def test_a_shop_may_demand_a_second_person_always(office: Office) -> None:
    publish(office, "甲")
    office.demand_approval(True, by="Lan", note="four eyes", now=MONDAY)
    version = publish(office, "乙")

    assert office.status().live == office._stored(1)
    office.approve(version, by="Zhu", now=MONDAY)
    refused(lambda: office.demand_approval(True, by="Lan", note="x", now=MONDAY), "already")
    office.demand_approval(False, by="Zhu", note="too slow", now=MONDAY)
    assert publish(office, "丙") == 3
    assert office.status().approval is False


def test_what_was_proposed_cannot_come_in_by_the_back_door(office: Office) -> None:
    publish(office, "甲")
    publish(office, "乙")
    version = publish(office, "丙", requires_approval=True)

    refused(lambda: office.rollback(version, by="Lan", note="x", now=MONDAY), "was never in force")


def test_a_proposal_is_overtaken_by_what_is_published_meanwhile(office: Office) -> None:
    publish(office, "甲")
    version = publish(office, "乙", requires_approval=True)
    publish(office, "丙", author="Zhu")

    assert office.status().waiting == ()
    refused(lambda: office.approve(version, by="Zhu", now=MONDAY), "version 3 is in force (Zhu")


def test_a_proposal_can_be_proposed_again_from_where_it_was(office: Office) -> None:
    publish(office, "甲")
    version = publish(office, "乙", requires_approval=True)

    assert publish(office, "丙", base=version, requires_approval=True) == 3
    assert [item.version for item in office.status().waiting] == [2, 3]


def test_rolling_back_walks_back_version_by_version(office: Office) -> None:
    for name in "甲乙丙":
        publish(office, name)
    hashes = {item: office._stored(item).hash for item in (1, 2, 3)}

    def back(version: int | None = None) -> int:
        return office.rollback(version, by="Zhu", note="wrong", now=MONDAY).live

    assert [back(), back()] == [2, 1]
    refused(back, "no version before version 1")
    assert back(3) == 3
    assert office.release(3).hash == hashes[3] == edition("丙").hash
    assert [back(), back(3), back(1)] == [2, 3, 1]
    refused(lambda: back(1), "in force already")
    assert [item.entry.kind for item in office.history()][3:] == [EntryKind.ROLLED_BACK] * 6
    assert [item.replaced for item in office.history()] == [0, 1, 2, 3, 2, 1, 3, 2, 3]


def test_nothing_can_be_taken_back_where_nothing_was_published(office: Office) -> None:
    refused(lambda: office.rollback(by="Zhu", note="x", now=MONDAY), "nothing was published")


def test_rolling_back_needs_rules_that_can_be_read(
    office: Office, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(office, "甲")
    publish(office, "乙")
    before = list(storage.content())

    def unreadable(*_: object) -> None:
        raise RuleFileError([Problem("E_X", "of another engine")])

    with monkeypatch.context() as patched:
        patched.setattr(release_module, "_read", unreadable)
        with pytest.raises(RuleFileError):
            office.rollback(by="Zhu", note="x", now=MONDAY)

    assert list(storage.content()) == before


def test_the_second_of_two_is_told_and_nothing_is_lost(office: Office) -> None:
    publish(office, "甲")
    publish(office, "乙", author="Zhu", base=1)

    refused(lambda: publish(office, "丙", base=1), "version 2 is in force (Zhu", "version 1")
    refused(lambda: publish(office, "丙", base=0), "do not say what they were made from")
    assert office.status().live == office._stored(2)
    assert publish(office, "丙", base=2) == 3


def test_the_second_of_two_at_the_same_moment_is_told_too(
    office: Office, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(office, "甲")
    real = office_module.refusals

    def slow(*asked: Any, **beside: Any) -> Any:
        monkeypatch.setattr(office_module, "refusals", real)
        publish(Office(storage, SHOP), "乙", author="Zhu")
        return real(*asked, **beside)

    monkeypatch.setattr(office_module, "refusals", slow)

    refused(lambda: publish(office, "丙"), "version 2 is in force (Zhu")
    assert [item.version for item in storage.releases(SHOP)] == [1, 2]


def test_two_who_roll_back_at_the_same_moment_go_back_once(
    office: Office, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "甲乙丙":
        publish(office, name)
    real = office_module.demand_whole

    def slow(release: Any) -> None:
        monkeypatch.setattr(office_module, "demand_whole", real)
        Office(storage, SHOP).rollback(by="Lan", note="first", now=MONDAY)
        real(release)

    monkeypatch.setattr(office_module, "demand_whole", slow)

    refused(lambda: office.rollback(by="Zhu", note="second", now=MONDAY), "version 2 is in force")
    assert office.status().live == office._stored(2)


def test_the_same_rules_again_change_nothing(office: Office, storage: Storage) -> None:
    first = publish(office, "甲")
    before = list(storage.content())

    assert publish(office, "甲") == first
    assert list(storage.content()) == before


def test_a_file_takes_the_place_of_the_published_one(office: Office) -> None:
    publish(office, "甲")
    entry = office.publish(
        part("乙", "notify.yaml"), author="Zhu", note="messages", now=MONDAY, base=1, part=True
    )
    whole = office.release(entry.version)

    assert whole.files == {**edition("甲").files, "notify.yaml": edition("乙").files["notify.yaml"]}
    assert whole.hashes()["review.risk"] == edition("甲").hashes()["review.risk"]


def test_a_file_of_another_name_takes_the_place_of_what_it_answers(office: Office) -> None:
    publish(office, "甲")
    renamed = from_texts({"messages.yaml": texts("乙")["notify.yaml"]})
    entry = office.publish(renamed, author="Zhu", note="messages", now=MONDAY, base=1, part=True)
    files = office.release(entry.version).files

    assert "notify.yaml" not in files and "messages.yaml" in files


def test_a_file_that_would_leave_a_question_open_is_refused(office: Office) -> None:
    publish(office, "甲")
    text = texts("乙")["service.yaml"]
    half = text[: text.index("  - decision: service.compensate")]

    refused(
        lambda: office.publish(
            from_texts({"service.yaml": half}),
            author="Zhu",
            note="x",
            now=MONDAY,
            base=1,
            part=True,
        ),
        "`service.yaml` also answers `service.compensate`",
    )


def test_files_that_touch_nothing_of_each_other_can_be_published_at_once(office: Office) -> None:
    publish(office, "甲")

    def one(file: str, base: int) -> int:
        return office.publish(
            part("乙", file), author="Zhu", note=file, now=MONDAY, base=base, part=True
        ).version

    assert one("notify.yaml", 1) == 2
    assert one("review.yaml", 1) == 3
    whole = office.release(3).hashes()
    assert whole["notify.message"] == edition("乙").hashes()["notify.message"]
    refused(lambda: one("notify.yaml", 1), "version 3 is in force")


def test_a_person_and_a_reason_are_needed(office: Office) -> None:
    refused(lambda: publish(office, "甲", author=" "), "nobody is named")
    refused(lambda: publish(office, "甲", author="a\x1b[31m"), "printable")
    refused(lambda: publish(office, "甲", note="\n"), "no reason")
    refused(lambda: publish(office, "甲", note="x" * 2001), "at most 2000")
    assert publish(office, "甲", note="first line\nsecond line") == 1


@pytest.mark.parametrize(
    ("bad", "code"),
    [(failing_test, "E_TEST_FAILED"), (untested, "E_NO_TESTS"), (unfired, "E_NEVER_FIRED")],
)
def test_each_way_to_be_unproven_has_its_code(bad: Any, code: str, office: Office) -> None:
    with pytest.raises(RuleFileError) as caught:
        office.publish(bad("丁"), author="Lan", note="why", now=MONDAY)

    assert {problem.code for problem in caught.value.problems} == {code}
    told = english_left(caught.value.text("zh").replace("notify.yaml", ""))
    assert set(told) <= {"tests", "fired"}
