"""The hash of a rule set covers its meaning, and only its meaning."""

from __future__ import annotations

from pathlib import Path

import pytest

from ordinance.rules.canonical import content_hash
from ordinance.rules.reading import read_rules
from tests.rules.reading.files import read
from tests.rules.sample_point import POINTS

EXAMPLES = Path(__file__).parent / "examples"
EVERYTHING = (EXAMPLES / "everything.yaml").read_text("utf-8")


def hashes(text: str) -> list[str]:
    return [rules.hash for rules in read(text).sets]


def changed(old: str, new: str) -> list[bool]:
    """Which of the four sets another wording changes."""
    assert old in EVERYTHING
    pairs = zip(hashes(EVERYTHING), hashes(EVERYTHING.replace(old, new)), strict=True)
    return [one != other for one, other in pairs]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# Every", "# Any"),
        ("version: 7", "version: 8"),
        ("title: x4", "title: y"),
        ("title: x5", "title: y"),
        ("owner: x6", "owner: y"),
        ("source: x7", "source: y"),
        ("label: x3", "label: y"),
        ("reason: x1", "reason: y"),
        ("added_by: x2", "added_by: y"),
        ("points: 55, fired", "points: 56, fired"),
        ("    total: sum\n", ""),
        ("total: sum", "合计: 求和"),
        ("20000", "20000 "),
        ("at_least: 500,", "at_least: 500.00,"),
        ("above: 48 h", "above: 2 d"),
        ("at_most: 20%", "at_most: 0.20"),
        ("[web, app]", "[app, web]"),
        ("[damaged, wrong_item]", "[wrong_item, damaged]"),
        ("contains: aa, contains_any: [bb]", "contains_any: [bb], contains: aa"),
        (
            "{order.gift: true}, {order.gift: {missing: false}}",
            "{order.gift: {missing: false}}, {order.gift: {is: yes}}",
        ),
    ],
)
def test_layout_spelling_and_what_is_said_about_rules_do_not_count(old: str, new: str) -> None:
    assert changed(old, new) == [False] * 4


@pytest.mark.parametrize(
    ("old", "new", "sets"),
    [
        ("always: 3000", "always: 3001", [0]),
        ("at_most: 50000", "at_most: 50001", [0]),
        ("value: 20000, locked: true", "value: 20000", [0]),
        ("until: 2026-12-31", "until: 2026-12-30", [0]),
        ('"46"', '"45"', [0]),
        ("to: 2027-01-01", "to: 2028-01-01", [0, 1, 2, 3]),
        ("as_of: order.paid_at\n", "", [0, 1, 2, 3]),
        ('because: "{order.receivable}"', 'because: "{order.paid}"', [0]),
        ("channels: [web", "channels: [wap", [0]),
        ("from: 2026-02-01", "from: 2026-02-02", [0]),
        ("is: 0", "is: 1", [0]),
        ("is: 0", "is_not: 0", [0]),
        ("ends_with: a", "ends_with: b", [0]),
        ("at_least: 3, below: 9", "at_least: 3, below: 8", [0]),
        ("then: {points: 15}\n        locked: true", "then: {points: 15}", [0]),
        ("total: sum", "total: max", [0]),
        ("total: sum", "total: min", [0]),
        ("hit: unique", "hit: first", [1]),
        ("remedy: ask_a_person", "remedy: refuse", [1]),
        ("    most_specific: receiver.region\n", "", [2]),
        ("[TOTE, 200, unset, 7 d]", "[TOTE, 200, big, 7 d]", [2]),
        ("must: true, group: x9", "group: x9", [3]),
        ("group: x9", "group: x0", [3]),
        ("within: 30", "within: 31", [3]),
        ("[candidate.priority, candidate.code]", "[candidate.code]", [3]),
    ],
)
def test_what_changes_a_decision_or_its_reason_counts(old: str, new: str, sets: list[int]) -> None:
    assert [index for index, different in enumerate(changed(old, new)) if different] == sets


def test_the_order_of_rules_counts() -> None:
    text = (EXAMPLES / "gift.yaml").read_text("utf-8")
    lines = text.splitlines(keepends=True)
    first = next(index for index, line in enumerate(lines) if "id: G1" in line)
    lines[first], lines[first + 1] = lines[first + 1], lines[first]

    assert hashes("".join(lines)) != hashes(text)


def test_the_hash_is_that_of_the_whole_set_wherever_the_file_lies() -> None:
    (rules,) = read((EXAMPLES / "gift.yaml").read_bytes()).sets
    moved = read_rules((EXAMPLES / "gift.yaml").read_bytes(), file="other.yaml", points=POINTS)

    assert rules.hash == content_hash(rules) == moved.sets[0].hash
    assert len(rules.hash) == 64
