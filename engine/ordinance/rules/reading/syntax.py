"""What a merchant most likely did where a file is not YAML: the mistake, its place, the way out.

The parser says what it missed; it often says so lines later, and in words of its grammar. Here
the lines around that place are looked at for what people do: full-width signs, a tab, no blank
after a colon, a bracket or quote that stays open, a line that begins in the wrong column.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ordinance.rules.reading.bare import Bare, bare
from ordinance.rules.reading.synonyms import both, comparator
from ordinance.rules.scalar import clip

WIDE = {
    "：": ":",
    "，": ",",
    "、": ",",
    "“": '"',
    "”": '"',
    "„": '"',
    "＂": '"',
    "「": '"',
    "」": '"',
    "『": '"',
    "』": '"',
    "‘": "'",
    "’": "'",
    "＇": "'",
    "｛": "{",
    "｝": "}",
    "【": "[",
    "】": "]",
    "［": "[",
    "］": "]",
    "（": "(",
    "）": ")",
    "＃": "#",
    "－": "-",
    "–": "-",
    "—": "-",
    "＞": ">",
    "＜": "<",
}
"""Signs that look like those of YAML, to the eye or on a Chinese keyboard."""

WIDE_BLANKS = {"\u3000": "full-width", "\xa0": "no-break"}
"""Blanks that are no blanks for YAML."""

_LINES_BEFORE = 3
_LONGEST = 2_000
"""Longer lines are nobody's handwriting, and searching them would take long."""
_WORD = r"[^\s\"'{}\[\],:：，、#]+"
_KEY = rf"(?:^\s*(?:- )?|[{{,，]\s*){_WORD}"
_WIDE_STRUCTURE = re.compile(
    rf"{_KEY}(?P<colon>：)"
    rf"|[:：\[,，{{]\s*(?P<open>[“„‘＂＇「『｛【［])"
    rf"|^\s*(?P<start>[＃－–—])"
    rf"|\s(?P<comment>＃)"
    rf"|(?P<comma>[，、])\s*(?:[\"'“‘]|{_WORD}[:：])"
    rf"|(?<=[”’」』\]}}】｝])\s*(?P<after>[，、])"
    rf"|(?P<close>[”’」』｝】］])"
)
_NO_BLANK = re.compile(rf"{_KEY}:(?P<next>[{{\[\"'])")
_NO_BLANK_WORD = re.compile(rf"^\s*(?P<key>(?:- )?{_WORD}):(?P<next>[^\s:/].*)$")
_NO_BLANK_DASH = re.compile(rf"^\s*(?P<dash>-)(?P<next>{_WORD}:)")
_COMPARES = re.compile(r"[:{,]\s*(?P<sign>[<>=!]=?|[≥≤≠])")
_PARENTHESIS = re.compile(rf"[:,]\s*(?P<sign>[(（]){_WORD}:")
_AFTER_BRACKET = re.compile(r"(?P<sign>[}\]])\s*(?P<rest>[^\s,}\]#:].*)")
_RESERVED = re.compile(r":\s+(?P<sign>[@`%])")
_TWICE = re.compile(rf"^\s*(?:- )?{_WORD}: +(?P<second>[^\"'{{\[\s][^{{\[]*?): ")
_TWICE_INSIDE = re.compile(rf"[{{,]\s*{_WORD}: +(?P<second>{_WORD}): ")
_KEY_LINE = re.compile(r"^ *(?:- +)*[^\s#][^#]*?:(?: |$)|^ *- ")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is wrong, at a line and column that count from 1, and what to do."""

    message: str
    line: int
    column: int
    help: str


_Look = Callable[[str, Bare, int], Diagnosis | None]


def diagnosed(text: str, line: int, column: int) -> Diagnosis | None:
    """What is wrong with a file that the parser gave up at this place, if that is plain."""
    lines = text.splitlines()
    last = min(line, len(lines))
    if any(len(item) > _LONGEST for item in lines[:last]):
        return None
    shapes = [bare(item) for item in lines[:last]]
    near = [
        number
        for number in range(last, max(0, last - _LINES_BEFORE), -1)
        if shapes[number - 1].text.strip()
    ][:2]
    for look in _LOOKS:
        for number in near:
            found = look(lines[number - 1], shapes[number - 1], number)
            if found is not None:
                return found
    found = _bracket(lines, shapes)
    if found is None and last == line and column == shapes[-1].indent + 1:
        return _indentation(lines, shapes, last)
    return found


def _tab(line: str, shape: Bare, number: int) -> Diagnosis | None:
    begins = line[: len(line) - len(line.lstrip())]
    if "\t" not in begins:
        return None
    return Diagnosis(
        "the line begins with a tab",
        number,
        begins.index("\t") + 1,
        "indent with blanks; most editors can turn tabs into blanks",
    )


def _wide_blank(line: str, shape: Bare, number: int) -> Diagnosis | None:
    found = re.search(r"^[ \-]*([\u3000\xa0])|[:,]([\u3000\xa0])", shape.text)
    if found is None:
        return None
    place = found.start(1) if found.group(1) else found.start(2)
    return Diagnosis(
        f"a {WIDE_BLANKS[line[place]]} blank stands where an ordinary one is needed",
        number,
        place + 1,
        "type the blanks of this line again, with the keyboard set to English",
    )


def _wide_sign(line: str, shape: Bare, number: int) -> Diagnosis | None:
    found = _WIDE_STRUCTURE.search(shape.text)
    if found is None:
        return None
    place = next(found.start(name) for name, sign in found.groupdict().items() if sign)
    sign = WIDE[line[place]]
    shown = "`:` and a blank" if sign == ":" else f"`{sign}`"
    return Diagnosis(
        f"`{line[place]}` stands where `{sign}` is wanted",
        number,
        place + 1,
        f"write {shown}, with the keyboard set to English; only a text in quotes may hold "
        f"`{line[place]}`",
    )


def _open_quote(line: str, shape: Bare, number: int) -> Diagnosis | None:
    if shape.open_quote is not None:
        return Diagnosis(
            f"the quote that begins with `{clip(line[shape.open_quote :], 30)}` is not closed",
            number,
            shape.open_quote + 1,
            f"end the text with the sign that it begins with, {line[shape.open_quote]}",
        )
    if shape.after_quote is not None:
        return Diagnosis(
            f"`{clip(line[shape.after_quote :].strip(), 30)}` stands after the end of a quote",
            number,
            shape.after_quote + 1,
            "put the whole text into quotes; within double quotes write 'single' ones",
        )
    return None


def _no_blank(line: str, shape: Bare, number: int) -> Diagnosis | None:
    found = _NO_BLANK.search(shape.text) or _NO_BLANK_WORD.match(shape.text)
    if found is not None:
        place = found.start("next")
        return Diagnosis(
            f"no blank after the colon in `{clip(line[:place].strip()[-30:])}`",
            number,
            place + 1,
            "write a colon and a blank before the value",
        )
    found = _NO_BLANK_DASH.match(shape.text)
    if found is not None:
        return Diagnosis(
            f"no blank after the dash in `{clip(line.strip(), 30)}`",
            number,
            found.start("dash") + 1,
            "write a dash and a blank before each item of a list",
        )
    return None


def _sign_first(line: str, shape: Bare, number: int) -> Diagnosis | None:
    found = _COMPARES.search(shape.text)
    if found is not None:
        return Diagnosis(
            f"`{found['sign']}` is not a comparator",
            number,
            found.start("sign") + 1,
            f"compare in words, {_comparing(found['sign'])}",
        )
    found = _PARENTHESIS.search(shape.text)
    if found is not None:
        return Diagnosis(
            f"`{found['sign']}` opens nothing here",
            number,
            found.start("sign") + 1,
            "write braces, `{at_least: 5000}`",
        )
    found = _AFTER_BRACKET.search(shape.text)
    if found is not None:
        rest = line[found.start("rest") :]
        return Diagnosis(
            f"`{clip(rest, 30)}` stands after `{found['sign']}`",
            number,
            found.start("rest") + 1,
            "put a text that holds braces into double quotes; part values by `, `",
        )
    found = _RESERVED.search(shape.text)
    if found is not None:
        return Diagnosis(
            f"a value begins with `{found['sign']}`",
            number,
            found.start("sign") + 1,
            "put the value into double quotes",
        )
    if line.lstrip().startswith("//"):
        return Diagnosis(
            "`//` begins no comment here", number, line.index("//") + 1, "begin a comment with `# `"
        )
    return None


def _two_colons(line: str, shape: Bare, number: int) -> Diagnosis | None:
    found = _TWICE.match(shape.text) or _TWICE_INSIDE.search(shape.text)
    if found is None:
        return None
    return Diagnosis(
        f"a second colon in one line, after `{clip(line[found.start('second') :].split(':')[0])}`",
        number,
        found.end("second") + 1,
        "put a map into braces, `order.pieces: {at_least: 3}`, and a text with a colon "
        "into double quotes",
    )


_LOOKS: tuple[_Look, ...] = (
    _tab,
    _wide_blank,
    _wide_sign,
    _open_quote,
    _no_blank,
    _sign_first,
    _two_colons,
)
"""What is looked for in single lines, the plainest first."""


def _bracket(lines: list[str], shapes: list[Bare]) -> Diagnosis | None:
    """The bracket that stays open, or closes nothing, in these lines."""
    pairs = {"}": "{", "]": "["}
    opened: list[tuple[str, int, int]] = []
    for number, shape in enumerate(shapes, 1):
        for place, char in enumerate(shape.text):
            if char in "{[" and (opened or _begins_value(shape.text, place)):
                opened.append((char, number, place + 1))
            elif char in pairs and not opened and _has_bracket(shape.text):
                return Diagnosis(
                    f"`{char}` closes nothing",
                    number,
                    place + 1,
                    "remove it, or open it before: brackets come in pairs",
                )
            elif char in pairs and opened:
                if opened[-1][0] != pairs[char]:
                    return _unclosed(opened[-1], lines, shapes)
                opened.pop()
    return _unclosed(opened[0], lines, shapes) if opened else None


def _unclosed(opened: tuple[str, int, int], lines: list[str], shapes: list[Bare]) -> Diagnosis:
    sign, number, column = opened
    for later in range(number, len(shapes) + 1):
        found = _open_quote(lines[later - 1], shapes[later - 1], later)
        if found is not None:
            return found
    cut = shapes[number - 1].comment
    close = {"{": "}", "[": "]"}[sign]
    help = f"count the brackets of the line, and add `{close}`"
    if cut is not None:
        help = (
            f"`{clip(lines[number - 1][cut:], 30)}` is a comment; put a text with `#` into "
            "double quotes"
        )
    return Diagnosis(f"`{sign}` is never closed", number, column, help)


def _begins_value(text: str, place: int) -> bool:
    before = text[:place].rstrip()
    return not before or before[-1] in ":-,{["


def _has_bracket(text: str) -> bool:
    return "{" in text or "[" in text


def _indentation(lines: list[str], shapes: list[Bare], number: int) -> Diagnosis | None:
    """The line begins in a column in which none of the open parts above it begins."""
    shape = shapes[number - 1]
    if not _KEY_LINE.match(shape.text):
        return None
    columns: list[int] = []
    for above in shapes[: number - 1]:
        if not above.text.strip():
            continue
        indent = above.indent
        columns = [column for column in columns if column <= indent]
        rest = above.text[indent:]
        while True:
            if indent not in columns:
                columns.append(indent)
            step = re.match(r"- +", rest)
            if step is None:
                break
            indent, rest = indent + step.end(), rest[step.end() :]
    if not columns:
        return None
    begins = shape.indent
    if begins in columns:
        dash = shape.text[begins:].startswith("- ")
        return Diagnosis(
            f"`{clip(lines[number - 1].strip(), 30)}` does not belong to what stands above it",
            number,
            begins + 1,
            "indent it as the lines of its kind; a new item of a list begins with `- `"
            if not dash
            else "an item of a list stands in one column with the items before it",
        )
    near = sorted(columns, key=lambda column: abs(column - begins))[:2]
    wanted = " or ".join(str(column) for column in sorted(near))
    return Diagnosis(
        f"the line is indented by {_blanks(begins)}, which fits no line above it",
        number,
        begins + 1,
        f"indent it by {wanted} blanks, as the lines that it belongs to",
    )


def _comparing(sign: str) -> str:
    meant = comparator(sign)
    return both(meant) if meant else "as `{at_least: 5000}` or `{below: 5000}`"


def _blanks(count: int) -> str:
    return "1 blank" if count == 1 else f"{count} blanks"
