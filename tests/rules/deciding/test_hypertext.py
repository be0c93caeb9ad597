"""The page as HTML: found by links, told by its elements, readable, and nothing in it obeyed."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from ordinance.rules import Ruleset, Words, loads
from ordinance.rules.page.style import STYLE
from tests.rules.deciding.rulesets import risk, ruleset
from tests.rules.deciding.test_page import HOSTILE, RANK, SCORE, hostile
from tests.rules.sample_point import POINTS


class Reading(HTMLParser):
    """What a browser would see: the elements, and all text of the body."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.text = ""
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.targets += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_in_html_what_a_merchant_wrote_is_shown_and_never_obeyed(lang: str) -> None:
    document = hostile().page().html(lang)
    seen = Reading(document)

    assert not {"script", "img", "em"} & seen.elements
    assert all(target.startswith("#") for target in seen.targets)
    assert seen.text.count(HOSTILE) == 6  # the title twice, version, rule, condition, sentence
    assert "http://" not in document and "https://" not in document and "src=x onerror" in seen.text


def pages(lang: str = "zh") -> tuple[str, Reading]:
    """A page of two rule sets."""
    texts = [text.strip().replace("\n", "\n  ") for text in (SCORE, RANK)]
    book = loads("decisions:\n" + "".join(f"- {text}\n" for text in texts), points=POINTS)
    document = book.page().html(lang)
    return document, Reading(document)


@pytest.mark.parametrize(("lang", "name"), [("zh", "目录"), ("en", "Contents")])
def test_a_page_of_several_sets_begins_with_links_to_them(lang: str, name: str) -> None:
    document, seen = pages(lang)

    assert f'<nav aria-label="{name}">' in document
    assert seen.targets == ["#review.risk", "#allocation.source"]
    assert len(seen.ids) == len(set(seen.ids))
    assert {"review.risk", "allocation.source", "review.risk.R1", "allocation.source.P2"} <= set(
        seen.ids
    )


def test_a_page_of_one_set_begins_with_links_to_its_parts() -> None:
    document = ruleset(RANK).page().html("en")
    seen = Reading(document)

    assert len(seen.targets) > 3
    assert {target.removeprefix("#") for target in seen.targets} <= set(seen.ids)
    assert document.count("<h1") == 1


def test_a_rule_is_a_section_and_a_table_says_what_its_columns_are() -> None:
    document, _ = pages("en")

    assert document.count('<section class="rule" id=') == 5 == document.count("</section>")
    assert document.count("<article>") == 2 == document.count("</article>")
    assert "<th>" not in document and '<th scope="col">answer</th>' in document
    assert 'role="region" tabindex="0" aria-label="What the points mean">' in document


def test_letters_from_right_to_left_stay_by_themselves() -> None:
    rules = risk(
        '  - {id: R, when: {order.message: "مرحبا 5 بك"}, then: {outcome: hold}}',
        extra='title: {zh: "שלום 2", en: "שלום 2"}',
    )
    document = rules.page().html("en")

    assert 'id="review.risk"><bdi>שלום</bdi> 2</h1>' in document
    assert "message is <bdi>مرحبا</bdi> 5 <bdi>بك</bdi>" in document


def test_what_one_cannot_see_is_shown_by_its_number() -> None:
    """A rule file holds none of these; a tree that was imported may."""
    tree = replace(
        risk("  - {id: R, when: always, then: {outcome: hold}}").tree,
        title=Words("a\u202eb\u200bc", "a\u202eb\u200bc"),
    )
    page = Ruleset(tree).page()

    assert "a[U+202E]b[U+200B]c</h1>" in page.html("en")
    assert r"# a\[U+202E\]b\[U+200B\]c" in page.markdown("en")
    assert "\u202e" not in page.html("en") + page.markdown("en")


@pytest.mark.parametrize("dark", [False, True])
def test_letters_stand_out_from_the_paper(dark: bool) -> None:
    """At least 4.5 to 1, as WCAG 2.2 asks of text."""
    colours = dict(re.findall(r"--(\w+):(#[0-9a-f]{3,6})", STYLE.split("@media")[1 if dark else 0]))

    for ink in ("ink", "soft", "mark"):
        for paper in ("paper", "wash"):
            bright, deep = sorted((light(colours[ink]), light(colours[paper])), reverse=True)
            assert (bright + 0.05) / (deep + 0.05) >= 4.5, (ink, paper)


def light(colour: str) -> float:
    """The relative luminance of a colour."""
    digits = colour.removeprefix("#")
    whole = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(whole[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
