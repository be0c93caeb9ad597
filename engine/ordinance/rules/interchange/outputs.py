"""What an outcome cell of a foreign table gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ordinance.rules.interchange.draft import Given
from ordinance.rules.interchange.evidence import Untranslatable
from ordinance.rules.interchange.expression import (
    Expression,
    ListOf,
    Literal,
    Name,
    Other,
    Record,
)
from ordinance.rules.refusal import clip


def output(expression: Expression, constant: Callable[[Expression], Given | None]) -> Given | None:
    """The value of an outcome cell; None for `null`, which leaves the field out.

    `constant` gives the value of what its language takes for one, and None for anything else.
    Raises `Untranslatable` for everything that depends on the input.
    """
    if isinstance(expression, Literal) and expression.value is None:
        return None
    value = constant(expression)
    if value is not None:
        return value
    match expression:
        case ListOf(items):
            found = tuple(output(item, constant) for item in items)
            if any(item is None for item in found):
                raise Untranslatable("a list with `null` in it")
            return tuple(item for item in found if item is not None)
        case Record(entries):
            return _record(entries, constant)
        case Other(what):
            raise Untranslatable(f"{what}")
        case Name(path):
            raise Untranslatable(
                f"it copies `{clip('.'.join(path))}` from the input; "
                "for the text itself put it in quotes"
            )
    raise Untranslatable("it is calculated from the input")


def _record(
    entries: tuple[tuple[str, Expression], ...], constant: Callable[[Expression], Given | None]
) -> Given:
    record: dict[str, Given] = {}
    for name, item in entries:
        value = output(item, constant)
        if value is None or isinstance(value, Mapping | tuple):
            raise Untranslatable("a record holds only numbers, texts, `true` and `false`")
        record[name] = value
    if not record:
        raise Untranslatable("an empty record")
    return record
