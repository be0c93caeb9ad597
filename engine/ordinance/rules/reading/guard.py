"""What a rule file must be before anything parses it: small, UTF-8, plain characters, shallow."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ordinance.rules.reading.findings import Findings
from ordinance.rules.tree import Place


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a rule file may hold; an operator's setting."""

    bytes: int = 256 * 1024
    depth: int = 32
    nodes: int = 20_000


# Control and format characters (they hide or reorder text), line breaks that editors disagree on,
# halves of surrogate pairs, noncharacters and private tags.
_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffc\ufffe\uffff\ud800-\udfff"
    "\U000e0000-\U000e0fff]|\r(?!\n)"
)
_FLOW = re.compile(r"[\[\]{}]")
_MOST_CHARACTERS_TOLD = 10


def to_text(source: str | bytes, file: str, findings: Findings, limits: Limits) -> str | None:
    """The text of the file, or None when it may not go on to the parser."""
    start = Place(file, 1, 1)
    if len(source) > limits.bytes:
        findings.error(
            "E_SIZE",
            f"the file is larger than {limits.bytes // 1024} KiB",
            start,
            "split it: one file for each area",
        )
        return None
    if isinstance(source, bytes):
        text = _decoded(source, start, findings)
        if text is None:
            return None
    else:
        text = source
        if len(text.encode("utf-8", "replace")) > limits.bytes:
            return to_text(text.encode("utf-8", "replace"), file, findings, limits)
    text = text.removeprefix("\ufeff")
    for count, match in enumerate(_REFUSED.finditer(text)):
        if count == _MOST_CHARACTERS_TOLD:
            break
        findings.error("E_CHAR", *refused_character(match.group()), _place(file, text, match))
    if findings.failed:
        return None
    if not text.strip():
        findings.error("E_EMPTY", "the file is empty", start, "begin with `decision:`")
        return None
    return text if _shallow(text, file, findings, limits) else None


def refused_character(char: str) -> tuple[str]:
    """The message about a character that no text in a rule file may hold."""
    names = {"\r": "a bare carriage return", "\x85": "a NEL line break"}
    name = names.get(char, "a character that is not allowed")
    return (f"{name} (U+{ord(char):04X})",)


def refused_in(text: str) -> str | None:
    """The first character that the value of a scalar may not hold, or None.

    Parsing has made line ends `\\n`, so that a carriage return can only come from an escape.
    """
    match = _REFUSED.search(text)
    return match.group() if match else ("\r" if "\r" in text else None)


def _decoded(source: bytes, start: Place, findings: Findings) -> str | None:
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError as error:
        before = source[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        findings.error(
            "E_CHAR", "the file is not UTF-8", Place(start.file, line, column), "save it as UTF-8"
        )
        return None


def _place(file: str, text: str, match: re.Match[str]) -> Place:
    before = text[: match.start()]
    return Place(file, before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)


def _shallow(text: str, file: str, findings: Findings, limits: Limits) -> bool:
    """False for nesting that could hurt the parser. Brackets in quotes count here too, so the
    bound is far above the real limit, which the event pass holds exactly."""
    most = 8 * limits.depth
    run = rf"^[ ]*(?:[-?:][ \t]+){{{limits.depth + 1},}}"
    deep = re.search(run, text, re.MULTILINE)
    if deep is None and text.count("[") + text.count("{") > most:
        depth = 0
        for match in _FLOW.finditer(text):
            depth = max(0, depth + (1 if match.group() in "[{" else -1))
            if depth > most:
                deep = match
                break
    if deep is None:
        return True
    too_deep(_place(file, text, deep), findings, limits)
    return False


def too_deep(place: Place, findings: Findings, limits: Limits) -> None:
    """Report nesting beyond the limit."""
    findings.error(
        "E_DEPTH",
        f"nested more than {limits.depth} levels deep",
        place,
        "a rule needs few levels; look for a bracket that is never closed",
    )
