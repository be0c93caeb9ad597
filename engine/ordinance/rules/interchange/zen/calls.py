"""Calls that ask something of a text or of a list, as conditions."""

from __future__ import annotations

from ordinance.rules.interchange.evidence import Untranslatable
from ordinance.rules.interchange.expression import Binary, Call, Expression, ListOf, Name
from ordinance.rules.interchange.patterns import check_pattern
from ordinance.rules.interchange.truth import Truth
from ordinance.rules.interchange.zen.atoms import CALCULATED, Atoms
from ordinance.rules.interchange.zen.literals import constant
from ordinance.rules.interchange.zen.syntax import ITEM
from ordinance.rules.kinds import Kind
from ordinance.rules.tree import Comparator

_TEXT_TESTS = {
    "startsWith": Comparator.STARTS_WITH,
    "endsWith": Comparator.ENDS_WITH,
    "contains": Comparator.CONTAINS,
    "matches": Comparator.MATCHES,
}


def call(atoms: Atoms, name: str, arguments: tuple[Expression, ...]) -> Truth:
    """What `name(arguments)` asks. Raises `Untranslatable`."""
    match name, arguments:
        case "contains", (ListOf() as listed, Name() as wanted):
            return atoms.in_list(atoms.fact(wanted), listed)
        case (("startsWith" | "endsWith" | "contains" | "matches"), (Name() as subject, part)):
            text = constant(part)
            if isinstance(text, str):
                return _text_test(atoms, name, atoms.fact(subject), (text,))
        case (("some" | "all"), (ListOf() as listed, body)):
            return _over_list(atoms, name, listed, body)
        case (("some" | "none"), (Name() as subject, body)):
            truth = _over_tags(atoms, atoms.fact(subject), body)
            return truth if name == "some" else truth.negated()
    raise Untranslatable(f"`{name}(...)` {CALCULATED[3:]}")


def _text_test(atoms: Atoms, name: str, fact: str, parts: tuple[str, ...]) -> Truth:
    comparator = _TEXT_TESTS[name]
    if comparator is Comparator.MATCHES:
        check_pattern(parts[0])
    # `contains` looks into lists as well as into texts.
    atoms.expect_text(fact, firm=comparator is not Comparator.CONTAINS)
    if comparator is Comparator.CONTAINS and len(parts) > 1:
        comparator = Comparator.CONTAINS_ANY
    return atoms.about_value(fact, comparator, parts)


def _over_list(atoms: Atoms, name: str, listed: ListOf, body: Expression) -> Truth:
    """`some(["a", "b"], contains($, #))` and its like."""
    values = [constant(item) for item in listed.items]
    texts = tuple(dict.fromkeys(value for value in values if isinstance(value, str)))
    if not texts or not all(isinstance(value, str) for value in values):
        raise Untranslatable(CALCULATED)
    match name, body:
        case "some", Call("contains" | "startsWith" | "endsWith" as test, (Name() as item, last)):
            if last == ITEM and item != ITEM:
                return _text_test(atoms, test, atoms.fact(item), texts)
        case "all", Call("contains", (Name() as item, last)) if last == ITEM and item != ITEM:
            atoms.expect_text(atoms.fact(item), firm=False)
            return atoms.about_value(atoms.fact(item), Comparator.CONTAINS_ALL, texts)
        case "some", Binary("==", left, right) if ITEM in (left, right):
            other = right if left == ITEM else left
            if isinstance(other, Name):
                return atoms.in_list(atoms.fact(other), listed)
    raise Untranslatable(CALCULATED)


def _over_tags(atoms: Atoms, fact: str, body: Expression) -> Truth:
    """`some($, # in ["a", "b"])` and its like, over a list of texts."""
    match body:
        case Binary("in", left, ListOf(items)) if left == ITEM:
            values = [constant(item) for item in items]
        case Binary("==", left, right) if left == ITEM:
            values = [constant(right)]
        case _:
            raise Untranslatable("it tests each item of a list by more than equality")
    texts = tuple(value for value in values if isinstance(value, str))
    if len(texts) != len(values) or not texts:
        raise Untranslatable("it looks for something else than texts in a list")
    atoms.expect(fact, Kind.TAGS)
    return atoms.about_value(fact, Comparator.CONTAINS_ANY, texts)
