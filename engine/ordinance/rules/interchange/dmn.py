"""DMN files to rule sets: one for each decision table."""

from __future__ import annotations

from pathlib import Path

from ordinance.rules.interchange.assembly import assembled
from ordinance.rules.interchange.dmn_model import Model, read_model
from ordinance.rules.interchange.dmn_table import table
from ordinance.rules.interchange.draft import Draft
from ordinance.rules.interchange.feel.writing import FEEL
from ordinance.rules.interchange.files import distinct
from ordinance.rules.interchange.imported import Imported
from ordinance.rules.interchange.markup import Element
from ordinance.rules.point import Hit

_LOGIC = {
    "literalExpression": "a literal expression calculates",
    "invocation": "an invocation calls a business knowledge model",
    "context": "a context calculates step by step",
    "list": "a list is calculated",
    "relation": "a relation is a table of values, not of rules",
    "functionDefinition": "a function is to be called by others",
    "conditional": "a conditional calculates",
    "filter": "a filter picks from a list",
    "for": "it goes through a list",
    "every": "it goes through a list",
    "some": "it goes through a list",
}
_CALLED = "a business knowledge model is called with values; copy its table into a decision"


def read_dmn(path: str | Path) -> list[Imported]:
    """The decision tables of a DMN file (1.1 to 1.5), in file order, each as a rule set.

    Each decision with other logic and each business knowledge model is one more `Imported`,
    without rules: it says in `untranslated` what is lost, and every decision of it fails. Raises
    `RuleFileError` when the file is not DMN, and for XML with a document type.
    """
    model = read_model(path)
    found = [
        element
        for element in model.root.children
        if element.name in ("decision", "businessKnowledgeModel")
    ]
    names = [element.get("name") or element.get("id") for element in found]
    return [
        _decision(name, element, model)
        for element, name in zip(found, distinct(names, "decision "), strict=True)
    ]


def _decision(name: str, element: Element, model: Model) -> Imported:
    logic = element.first("decisionTable")
    if element.name == "decision" and logic is not None:
        return table(name, element, logic, model)
    draft = Draft(name, FEEL, Hit.UNIQUE, model.place(element))
    reason = _CALLED
    if element.name == "decision":
        other = next((child for child in element.children if child.name in _LOGIC), None)
        reason = "it has no logic" if other is None else _LOGIC[other.name]
        reason += "; give the result as a fact where a table asks for it"
    draft.refused.append((f"{_WORDS[element.name]} {name}", reason))
    return assembled(draft)


_WORDS = {"decision": "decision", "businessKnowledgeModel": "business knowledge model"}
