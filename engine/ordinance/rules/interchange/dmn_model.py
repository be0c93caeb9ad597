"""What a DMN file says about all of its tables: version, names, types, and what needs what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ordinance.rules.interchange.expression import ExpressionError
from ordinance.rules.interchange.feel.literals import TYPES
from ordinance.rules.interchange.feel.parsing import parse_tests
from ordinance.rules.interchange.feel.syntax import Tests
from ordinance.rules.interchange.feel.tokens import Lexer, plain_name
from ordinance.rules.interchange.files import refuse
from ordinance.rules.interchange.markup import Element, read_markup
from ordinance.rules.kinds import Kind
from ordinance.rules.tree import Place

VERSIONS = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
"""The namespace of each version of the standard."""

_SKIPPED = ("extensionElements",)
_MOST_TYPES = 20
_KINDS = {
    **TYPES,
    "dateTime": Kind.INSTANT,
    "dayTimeDuration": Kind.DURATION,
    # Names of an engine that is older than the standard.
    **dict.fromkeys(("integer", "long", "double"), Kind.DECIMAL),
}


@dataclass(slots=True)
class Model:
    """A DMN file."""

    file: str
    version: str
    root: Element
    lexer: Lexer
    _read: dict[str, Tests | ExpressionError] = field(default_factory=dict)

    def place(self, element: Element) -> Place:
        """Where an element stands."""
        return Place(self.file, element.line, element.column)

    def speaks_feel(self, element: Element) -> bool:
        """Whether the text in an element is FEEL, as far as the file says."""
        own = element.get("expressionLanguage")
        return "feel" in (own or self.root.get("expressionLanguage") or "feel").lower()

    def tests(self, text: str) -> Tests:
        """The tests of a cell, read once for each text. Raises `ExpressionError`."""
        if text not in self._read:
            try:
                self._read[text] = parse_tests(text, self.lexer)
            except ExpressionError as error:
                self._read[text] = error
        found = self._read[text]
        if isinstance(found, ExpressionError):
            raise found
        return found

    def kind(self, type_name: str) -> Kind | None:
        """The kind that holds the values of a type; None where none does, or no one says."""
        item = self._item(type_name)
        if item is not None:
            return None if item.get("isCollection") == "true" else self.kind(_type_of(item))
        return _KINDS.get(_local(type_name))

    def kind_at(self, path: str) -> Kind | None:
        """The kind of the value at a path that starts at an input or at another decision."""
        first, *parts = path.split(".")
        for element in (*self.root.all("inputData"), *self.root.all("decision")):
            if plain_name(element.get("name")) == first:
                variable = element.first("variable")
                type_name = "" if variable is None else variable.get("typeRef")
                for part in parts:
                    type_name = self._component(type_name, part)
                return self.kind(type_name)
        return None

    def required_decisions(self, decision: Element) -> Iterator[str]:
        """The names of the decisions whose results this one needs."""
        names = {item.get("id"): item.get("name") for item in self.root.all("decision")}
        for requirement in decision.all("informationRequirement"):
            for required in requirement.all("requiredDecision"):
                href = required.get("href")
                yield names.get(href.removeprefix("#")) or href

    def _component(self, type_name: str, part: str) -> str:
        item = self._item(type_name)
        if item is not None:
            for component in item.all("itemComponent"):
                if plain_name(component.get("name")) == part:
                    listed = component.get("isCollection") == "true"
                    return "" if listed else _type_of(component)
        return ""

    def _item(self, type_name: str) -> Element | None:
        """The definition of a type of the file, behind those that only rename it."""
        found = None
        for _ in range(_MOST_TYPES):
            known = (
                item
                for item in self.root.all("itemDefinition")
                if item.get("name") == _local(type_name)
            )
            item = next(known, None)
            if item is None:
                break
            found, type_name = item, _type_of(item)
            if item.get("isCollection") == "true":
                break
        return found


def read_model(path: str | Path) -> Model:
    """The model of a DMN file. Raises `RuleFileError` when the file is not DMN."""
    root = read_markup(path, _SKIPPED)
    if root.name != "definitions" or root.namespace not in VERSIONS:
        known = ", ".join(VERSIONS.values())
        refuse(
            str(path),
            f"this is no DMN: the root is `{root.name}` of `{root.namespace}`",
            f"a DMN file has `definitions` of one of the versions {known}",
            root.line,
            root.column,
        )
    return Model(str(path), VERSIONS[root.namespace], root, Lexer(_names(root)))


def _names(root: Element) -> Iterator[str]:
    """The names that expressions may use, each of which may hold blanks and signs."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.name in ("inputData", "decision", "businessKnowledgeModel", "itemComponent"):
            yield element.get("name")
        if element.name in ("definitions", "itemDefinition", "itemComponent"):
            waiting.extend(element.children)


def _type_of(item: Element) -> str:
    reference = item.first("typeRef")
    return "" if reference is None else reference.text.strip()


def _local(type_name: str) -> str:
    """A type without the prefix of its language, as DMN 1.1 writes it."""
    return plain_name(type_name.rpartition(":")[2])
