"""A page as HTML that needs nothing else: no script, no outside file; all text is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from ordinance.rules.page.blocks import Block, Code, Heading, Item, Items, Table, Terms
from ordinance.rules.page.characters import visible
from ordinance.rules.page.style import STYLE

_LANGUAGES = {"zh": "zh-CN", "en": "en"}
_CONTENTS = {"zh": "目录", "en": "Contents"}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_COLUMN = 'th scope="col"'
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]"
    "(?:[^<>&A-Za-z0-9\u3000-\u9fff]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc])?"
)
"""Letters that run from right to left, with what stands between them."""


def html(blocks: Sequence[Block], title: str, lang: str) -> str:
    """The whole document; it ends with a line break."""
    lines = [
        "<!doctype html>",
        f'<html lang="{_LANGUAGES[lang]}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{escape(visible(title))}</title>",
        f"<style>\n{STYLE}\n</style>",
        "</head>",
        "<body>",
        *_contents(blocks, lang),
        "<main>",
        *_articles(blocks),
        "</main>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _contents(blocks: Sequence[Block], lang: str) -> Iterator[str]:
    """Links to every rule set, or to the parts of the only one."""
    headings = [(index, block) for index, block in enumerate(blocks) if isinstance(block, Heading)]
    sets = [item for item in headings if item[1].level == 1]
    named = sets if len(sets) > 1 else [item for item in headings if item[1].level == 2]
    if not named:
        return
    yield f'<nav aria-label="{_CONTENTS[lang]}">'
    links = (
        f'<li><a href="#{_anchor(i, block)}">{_escaped(block.text)}</a></li>' for i, block in named
    )
    yield f"<ul>{''.join(links)}</ul>"
    yield "</nav>"


def _articles(blocks: Sequence[Block]) -> Iterator[str]:
    """Every rule set as an article, and every rule in it as a section of its own."""
    opened: list[str] = []
    label = ""
    for index, block in enumerate(blocks):
        if isinstance(block, Heading):
            label = block.text
            while opened and (opened[-1] == "section" or block.level == 1):
                yield f"</{opened.pop()}>"
            anchor = _anchor(index, block)
            if block.level == 1:
                opened.append("article")
                yield "<article>"
            if block.level == 3:
                opened.append("section")
                yield f'<section class="rule" id="{anchor}">'
                yield f"<h3>{_escaped(block.text)}</h3>"
            else:
                yield f'<h{block.level} id="{anchor}">{_escaped(block.text)}</h{block.level}>'
            continue
        yield from _lines(block, label)
    while opened:
        yield f"</{opened.pop()}>"


def _anchor(index: int, heading: Heading) -> str:
    return escape(heading.anchor or f"part-{index}")


def _lines(block: Block, label: str) -> Iterator[str]:
    match block:
        case Heading():
            return
        case Items(items):
            yield _items(items)
        case Terms(terms):
            yield "<dl>"
            for term in terms:
                yield (
                    f"<dt>{_escaped(term.label)}</dt>"
                    f"<dd>{_escaped(term.text)}{_items(term.items)}</dd>"
                )
            yield "</dl>"
        case Table(headings, rows):
            # A wide table scrolls by itself, by keys too.
            named = escape(visible(label))
            yield f'<div class="wide" role="region" tabindex="0" aria-label="{named}">'
            yield "<table>"
            yield f"<thead>{_row(headings, _COLUMN)}</thead>"
            yield "<tbody>"
            yield from (_row(row, "td") for row in rows)
            yield "</tbody>"
            yield "</table>"
            yield "</div>"


def _items(items: Sequence[Item]) -> str:
    if not items:
        return ""
    inner = "".join(f"<li>{_escaped(item.text)}{_items(item.items)}</li>" for item in items)
    return f"<ul>{inner}</ul>"


def _row(cells: Sequence[str], tag: str) -> str:
    end = tag.partition(" ")[0]
    return f"<tr>{''.join(f'<{tag}>{_escaped(cell)}</{end}>' for cell in cells)}</tr>"


def _escaped(text: str) -> str:
    shown = escape(visible(text))
    if isinstance(text, Code):
        return f"<code>{shown}</code>"
    # Arabic or Hebrew must not pull the numbers beside it to its other side.
    return _RIGHT_TO_LEFT.sub(lambda found: f"<bdi>{found.group()}</bdi>", shown)
