"""A page as HTML that needs nothing else: no script, no outside file; all text is escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from ordinance.rules.page.blocks import Block, Code, Heading, Item, Items, Table, Terms

_LANGUAGES = {"zh": "zh-CN", "en": "en"}

_STYLE = """\
body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}
h1{margin-top:3rem;border-bottom:2px solid #1c1c1c}h1:first-of-type{margin-top:0}
h2{margin-top:2rem}h3{margin-bottom:.25rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem;margin:.25rem 0 1rem}
dt{color:#555}dd{margin:0;overflow-wrap:anywhere}ul{margin:0;padding-left:1.25rem}
table{border-collapse:collapse;width:100%}
th,td{border:1px solid #bbb;padding:.25rem .5rem;text-align:left;vertical-align:top}
th{background:#f2f2f2}code{font:.9em ui-monospace,monospace}
@media print{body{margin:0;max-width:none}h2,h3{break-after:avoid}tr{break-inside:avoid}}"""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def html(blocks: Sequence[Block], title: str, lang: str) -> str:
    """The whole document; it ends with a line break."""
    lines = [
        "<!doctype html>",
        f'<html lang="{_LANGUAGES[lang]}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>",
        f"<style>\n{_STYLE}\n</style>",
        "</head>",
        "<body>",
        *(line for block in blocks for line in _lines(block)),
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, text):
            yield f"<h{level}>{_escaped(text)}</h{level}>"
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
            yield "<table>"
            yield f"<thead>{_row(headings, 'th')}</thead>"
            yield "<tbody>"
            yield from (_row(row, "td") for row in rows)
            yield "</tbody>"
            yield "</table>"


def _items(items: Sequence[Item]) -> str:
    if not items:
        return ""
    inner = "".join(f"<li>{_escaped(item.text)}{_items(item.items)}</li>" for item in items)
    return f"<ul>{inner}</ul>"


def _row(cells: Sequence[str], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}>{_escaped(cell)}</{tag}>' for cell in cells)}</tr>"


def _escaped(text: str) -> str:
    return f"<code>{escape(text)}</code>" if isinstance(text, Code) else escape(text)
