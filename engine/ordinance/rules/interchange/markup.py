"""XML, without what makes it dangerous: no document type, no entities, bounded in every way."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from ordinance.rules.interchange.files import read_bytes, refuse
from ordinance.rules.interchange.written import Unwritable

MOST_BYTES = 2 * 1024 * 1024
MOST_ELEMENTS = 40_000
MOST_TEXT = 512 * 1024
MOST_DEPTH = 64

_BETWEEN = "\n"
"""Stands between a namespace and a name; no name of either kind can hold it."""
_NO_CHARACTER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class Element:
    """One element, with what stands in it as far as it was kept."""

    namespace: str
    name: str
    attributes: Mapping[str, str]
    """By name; one of a namespace by both, with a blank between."""
    line: int
    column: int
    children: list[Element] = field(default_factory=list)
    text: str = ""
    """The text directly in it."""

    def all(self, name: str) -> Iterator[Element]:
        """The children called `name`, in order."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> Element | None:
        """The first child called `name`."""
        return next(self.all(name), None)

    def get(self, name: str) -> str:
        """An attribute without blanks around it; empty where there is none."""
        return self.attributes.get(name, "").strip()


def read_markup(path: str | Path, skipped: Collection[str] = ()) -> Element:
    """The root element of an XML file; elements called one of `skipped`, and all elements of
    another namespace than the root, are left out. Raises `RuleFileError`.
    """
    return parsed(read_bytes(path, MOST_BYTES), str(path), skipped)


def parsed(data: bytes, file: str, skipped: Collection[str] = ()) -> Element:
    """As `read_markup`, for what was read from `file`."""
    return _Reading(file, skipped).root(data)


def written(element: Element, indent: str = "") -> str:
    """An element as indented XML, to which a reader gives the same values back.

    Raises `Unwritable` for a text with a character that XML cannot hold.
    """
    attributes = "".join(
        f' {name}="{_escaped(value, _IN_ATTRIBUTE)}"' for name, value in element.attributes.items()
    )
    start = f"{indent}<{element.name}{attributes}"
    if element.children:
        inner = "".join(written(child, indent + "  ") for child in element.children)
        return f"{start}>\n{inner}{indent}</{element.name}>\n"
    if element.text:
        return f"{start}>{_escaped(element.text, _IN_TEXT)}</{element.name}>\n"
    return f"{start} />\n"


def made(name: str, /, *children: Element, text: str = "", **attributes: str | None) -> Element:
    """A new element; attributes that are None are left out."""
    present = {key: value for key, value in attributes.items() if value is not None}
    return Element("", name, present, 0, 0, list(children), text)


class _Reading:
    """Builds elements while the parser reads."""

    def __init__(self, file: str, skipped: Collection[str]) -> None:
        self._file = file
        self._skipped = skipped
        self._open: list[Element] = []
        self._pieces: list[list[str]] = []
        self._root: Element | None = None
        self._elements = self._characters = self._depth = 0
        self._left_out = 0
        """The depth of the element that is being left out; 0 where none is."""
        self._parser = parser = expat.ParserCreate(namespace_separator=_BETWEEN)
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._document_type
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def root(self, data: bytes) -> Element:
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            refuse(self._file, f"this is not XML: {what}", None, error.lineno, error.offset + 1)
        except (LookupError, ValueError) as error:
            refuse(self._file, f"this is not XML: {error}", "save the file as UTF-8")
        assert self._root is not None
        return self._root

    def _document_type(self, *_: object) -> None:
        self._refuse(
            "the file has a document type (`<!DOCTYPE>`), which is not read",
            "take it out; no entities are needed",
        )

    def _start(self, full: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > MOST_DEPTH:
            self._refuse(f"elements are nested more than {MOST_DEPTH} deep")
        if self._elements > MOST_ELEMENTS:
            self._refuse(f"the file has more than {MOST_ELEMENTS} elements", "split it")
        if self._left_out:
            return
        namespace, _, name = full.rpartition(_BETWEEN)
        foreign = self._root is not None and namespace != self._root.namespace
        if foreign or name in self._skipped:
            self._left_out = self._depth
            return
        line, column = self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1
        for value in attributes.values():
            self._count(value)
        named = {key.replace(_BETWEEN, " "): value for key, value in attributes.items()}
        element = Element(namespace, name, named, line, column)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._root = element
        self._open.append(element)
        self._pieces.append([])

    def _end(self, full: str) -> None:
        if not self._left_out:
            self._open.pop().text = "".join(self._pieces.pop())
        elif self._left_out == self._depth:
            self._left_out = 0
        self._depth -= 1

    def _text(self, text: str) -> None:
        if self._left_out:
            return
        if not text.isspace():
            self._count(text)
        if not text.isspace() or self._pieces[-1]:
            self._pieces[-1].append(text)

    def _count(self, text: str) -> None:
        self._characters += len(text)
        if self._characters > MOST_TEXT:
            self._refuse(f"the file has more than {MOST_TEXT} characters of text", "split it")

    def _refuse(self, message: str, help: str | None = None) -> None:
        line, column = self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1
        refuse(self._file, message, help, line, column)


def _escaped(text: str, codes: Sequence[tuple[str, str]]) -> str:
    if _NO_CHARACTER.search(text):
        raise Unwritable(f"a text holds a character that XML has no place for: {text[:40]!a}")
    for sign, code in codes:
        text = text.replace(sign, code)
    return text


_IN_TEXT = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))
_IN_ATTRIBUTE = (*_IN_TEXT, ('"', "&quot;"), ("\n", "&#10;"), ("\t", "&#9;"))
"""Signs and line ends that a reader would take for something else, or fold."""
