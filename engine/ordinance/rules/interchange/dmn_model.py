"""What a DMN file says about all of its tables: version, names, types, and what needs what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from ordinance.rules.interchange.expression import Expression, ExpressionError
from ordinance.rules.interchange.feel.literals import TYPES
from ordinance.rules.interchange.feel.parsing import parse, parse_tests
from ordinance.rules.interchange.feel.syntax import Tests
from ordinance.rules.interchange.feel.tokens import Lexer, plain_name
from ordinance.rules.interchange.files import refuse
from ordinance.rules.interchange.markup import Element, read_markup
from ordinance.rules.kinds import Kind
from ordinance.rules.tree import Place

T = TypeVar("T")

VERSIONS = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
"""The namespace of each version of the standard."""

_SKIPPED = ("extensionElements",)
_MOST_RENAMES = 20
_MOST_DECISIONS = 500
_MOST_CHARACTERS = 96 * 1024
_KINDS = {
    **TYPES,
    "dateTime": Kind.INSTANT,
    "dayTimeDuration": Kind.DURATION,
    # Names of an engine that is older than the standard.
    **dict.fromkeys(("integer", "long", "double"), Kind.DECIMAL),
}


class Model:
    """A DMN file."""

    def __init__(self, file: str, root: Element) -> None:
        self.file = file
        self.root = root
        self.version = VERSIONS[root.namespace]
        self.lexer = Lexer(_names(root))
        self._tests: dict[str, Tests | ExpressionError] = {}
        self._expressions: dict[str, Expression | ExpressionError] = {}
        self._characters = 0
        self._types = {item.get("name"): item for item in root.all("itemDefinition")}
        self._decisions = {item.get("id"): item.get("name") for item in root.all("decision")}
        self._variables = {
            plain_name(item.get("name")): item.first("variable")
            for item in (*root.all("decision"), *root.all("inputData"))
        }

    def place(self, element: Element) -> Place:
        """Where an element stands."""
        return Place(self.file, element.line, element.column)

    def speaks_feel(self, element: Element) -> bool:
        """Whether the text in an element is FEEL, as far as the file says."""
        own = element.get("expressionLanguage")
        return "feel" in (own or self.root.get("expressionLanguage") or "feel").lower()

    def tests(self, text: str) -> Tests:
        """The tests of a cell. Raises `ExpressionError`."""
        return self._once(self._tests, text, parse_tests)

    def expression(self, text: str) -> Expression:
        """A whole expression. Raises `ExpressionError`."""
        return self._once(self._expressions, text, parse)

    def _once(
        self, known: dict[str, T | ExpressionError], text: str, read: Callable[[str, Lexer], T]
    ) -> T:
        """What a text reads as, worked out once for each text."""
        if text not in known:
            self._characters += len(text)
            if self._characters > _MOST_CHARACTERS:
                message = f"the cells have more than {_MOST_CHARACTERS} characters, all different"
                refuse(self.file, message, "split the file")
            try:
                known[text] = read(text, self.lexer)
            except ExpressionError as error:
                known[text] = error
        found = known[text]
        if isinstance(found, ExpressionError):
            raise found
        return found

    def kind(self, type_name: str) -> Kind | None:
        """The kind that holds the values of a type; None where none does, or no one says."""
        item = self._item(type_name)
        if item is None:
            return _KINDS.get(_local(type_name))
        listed = item.get("isCollection") == "true"
        return None if listed else _KINDS.get(_local(_type_of(item)))

    def kind_at(self, path: str) -> Kind | None:
        """The kind of the value at a path that starts at an input or at another decision."""
        first, *parts = path.split(".")
        variable = self._variables.get(first)
        type_name = "" if variable is None else variable.get("typeRef")
        for part in parts:
            type_name = self._component(type_name, part)
        return self.kind(type_name)

    def required_decisions(self, decision: Element) -> Iterator[str]:
        """The names of the decisions whose results this one needs."""
        for requirement in decision.all("informationRequirement"):
            for required in requirement.all("requiredDecision"):
                href = required.get("href")
                yield self._decisions.get(href.removeprefix("#")) or href

    def _component(self, type_name: str, part: str) -> str:
        item = self._item(type_name)
        for component in () if item is None else item.all("itemComponent"):
            if plain_name(component.get("name")) == part:
                listed = component.get("isCollection") == "true"
                return "" if listed else _type_of(component)
        return ""

    def _item(self, type_name: str) -> Element | None:
        """The definition of a type of the file, behind those that only rename it."""
        found = None
        for _ in range(_MOST_RENAMES):
            item = self._types.get(_local(type_name))
            if item is None or item is found:
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
    decisions = list(root.all("decision"))
    if len(decisions) > _MOST_DECISIONS:
        extra = decisions[_MOST_DECISIONS]
        message = f"the file has more than {_MOST_DECISIONS} decisions"
        refuse(str(path), message, "split it", extra.line, extra.column)
    return Model(str(path), root)


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
