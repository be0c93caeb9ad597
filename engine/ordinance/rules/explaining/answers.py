"""The fields of an outcome in words."""

from __future__ import annotations

from collections.abc import Sequence

from ordinance.rules import scalar
from ordinance.rules.decision import Plain
from ordinance.rules.kinds import Kind
from ordinance.rules.point import Choice, Field


def answer_words(field: Field, value: Plain, lang: str) -> str:
    """The value of an outcome field, as a decision records it, in `lang`."""
    items = value if isinstance(value, list) else [value]
    return ("、" if lang == "zh" else ", ").join(_item(field, item, lang) for item in items)


def _item(field: Field, item: Plain, lang: str) -> str:
    if not isinstance(item, dict):
        return _scalar(item, field.kind, field.choices, field.unit, lang)
    said = [
        f"{argument.words.get(lang)} "
        + _scalar(item[argument.name], argument.kind, argument.choices, argument.unit, lang)
        for argument in field.arguments
        if argument.name in item
    ]
    return f"({', '.join(said)})"


def _scalar(item: Plain, kind: Kind, choices: Sequence[Choice], unit: str | None, lang: str) -> str:
    if isinstance(item, list):
        return ("、" if lang == "zh" else ", ").join(str(part) for part in item)
    if isinstance(item, bool | int):
        return scalar.render(item, kind, lang, unit=unit)
    value = scalar.parse(str(item), kind, choices=choices)
    return scalar.render(value, kind, lang, unit=unit, choices=choices)
