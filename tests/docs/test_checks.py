"""A document that is wrong is found: each planted fault is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.checks import fault, missed, problems, ran
from tests.docs.sources import blocks, documents

RULES = """\
decision: shipping.promise
hit: first
rules: [{id: T1, when: {order.type: presale}, then: {ship_within_hours: 360}}]
otherwise: {ship_within_hours: 48}
when_unknown: {ship_within_hours: 48}
tests: [{name: presale, given: {order.type: presale}, expect: {ship_within_hours: HOURS}}]
"""


def fenced(kind: str, text: str, mark: str = "") -> str:
    """A document with one block."""
    return f"{mark}```{kind}\n{text}```\n"


@pytest.mark.parametrize(
    ("document", "wrong"),
    [
        (fenced("python", "1 / 0\n"), False),
        (fenced("", "a drawing\n"), True),
        (fenced("text", "printed once\n"), True),
        (fenced("mermaid", "stateDiagram-v2\n"), True),
        (fenced("console", "$ ordinance\n", "<!-- from: report -->\n"), True),
        (fenced("sql", "select 1\n"), True),
        (fenced("json", "{,}\n"), True),
        (fenced("json", "{}\n"), False),
        (fenced("sh", "if\n"), True),
        (fenced("sh", "true\n"), False),
        (fenced("sh", "git clone x\n", "<!-- not run: needs a network -->\n"), False),
        (fenced("yaml", RULES.replace("HOURS", "360")), False),
        (fenced("yaml", RULES.replace("HOURS", "48")), True),
        (fenced("yaml", RULES.replace("presale", "pre-sale")), True),
        (fenced("yaml", RULES.replace("HOURS", "48"), "<!-- refused: a.yaml -->\n"), True),
        (fenced("yaml", "decision: nothing\n", "<!-- refused: a.yaml -->\n"), False),
        (fenced("yaml", "- {id: R, when: always, then: {points: 1}}\n"), False),
        (fenced("yaml", "- {id: R, when: always, then: {point: 1}}\n"), True),
        (fenced("yaml", "shop: tea\n", "<!-- file: tea/shop.yaml -->\n"), True),
        (fenced("diff", "-a\n+b\n"), True),
        (fenced("diff", "-a\n+b\n", "<!-- change: rules/review.yaml -->\n"), True),
    ],
)
def test_a_fault_in_a_block_is_told(document: str, wrong: bool) -> None:
    assert (fault(blocks(document)[0], document) is not None) is wrong


def test_a_python_block_that_fails_is_told(tmp_path: Path) -> None:
    assert "ZeroDivisionError" in (ran("1 / 0", tmp_path) or "")


@pytest.mark.parametrize("document", ["- one\n  ```python\n  1\n  ```\n", "```python\n1\n"])
def test_a_fence_that_belongs_to_no_block_is_counted(document: str) -> None:
    assert missed(document) > 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("$ ordinance --version\n", ""),
        ("$ ordinance --version\nordinance 9\n", "prints something else"),
        ("$ ordinance show X --db none.db\n", "ended with 1, not 0"),
        ("$ ordinance rules check rules | grep -v e\n", "prints nothing"),
    ],
)
def test_a_command_that_does_otherwise_is_told(text: str, told: str, folder: Path) -> None:
    found = problems(fenced("console", text), folder)

    assert len(found) == bool(told)
    assert told in "".join(found)


def test_a_change_is_made_before_the_command_below_it(folder: Path) -> None:
    change = "-  - decision: review.call\n+  - decision: review.cal\n"
    document = fenced("diff", change, "<!-- change: rules/review.yaml -->\n")

    document += fenced("console", "$ ordinance rules check rules\n", "<!-- exit 1 -->\n")

    assert problems(document, folder) == []
    with pytest.raises(ValueError, match=r"line 2: `review\.yaml` holds this 0 times"):
        problems(document, folder)


def test_a_stale_table_and_a_stale_diagram_are_made_anew() -> None:
    stale = (
        "<!-- table: statuses -->\nold\n<!-- end -->\n\n"
        "<!-- from: states.order -->\n```mermaid\nold\n```\n"
    )
    fresh = documents.refreshed(stale)

    assert "old" not in fresh
    assert "`ARCHIVED`" in fresh and "COMPLETED --> [*]" in fresh
    assert documents.refreshed(fresh) == fresh
