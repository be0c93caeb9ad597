"""The law on a decision point: what its answer may not be, whatever a shop's own rules say.

For every decision point `aftersale.remedy` there is a point `law.aftersale.remedy`. It offers the
same facts and, as `outcome.remedy` and so on, what the shop's rules answered; its rules tell which
answers are a breach. So a law is written, read, tested, published and replayed like any rule set.
"""

from __future__ import annotations

from collections.abc import Mapping

from ordinance.rules.decision import Plain
from ordinance.rules.kinds import Kind, Value, Words
from ordinance.rules.point import Choice, DecisionPoint, Fact, Field, Hit, Merge, Missing
from ordinance.rules.scalar import parse

PREFIX = "law."
MARKS = (PREFIX, "法定: ", "法定：")
"""How the name of a law's decision point begins in a rule file; the Chinese title follows the
Chinese mark."""
OUTCOME = "outcome."
"""The area of the facts that hold what the shop's rules answered."""

BREACH = "breach"
UNCLEAR = "unclear"
LAWFUL = "lawful"

_VERDICT = Field(
    "verdict",
    Words("判定", "verdict"),
    choices=(
        Choice(LAWFUL, Words("合法", "lawful")),
        Choice(UNCLEAR, Words("不明", "unclear")),
        Choice(BREACH, Words("违法", "a breach")),
    ),
    merge=Merge.WORST,
    required=True,
)


def is_law(point: str) -> bool:
    """Whether a decision point is the law on another one."""
    return point.startswith(PREFIX)


def under_law(point: str) -> str:
    """The decision point that a law is about: `aftersale.remedy` for `law.aftersale.remedy`."""
    return point.removeprefix(PREFIX)


def law_on(point: DecisionPoint) -> DecisionPoint:
    """The decision point of the law on `point`."""
    title, question = point.title, point.question
    return DecisionPoint(
        name=PREFIX + point.name,
        title=Words(f"法定: {title.zh}", f"The law on: {title.en}"),
        question=Words(f"这样答复合法吗: {question.zh}", f"is the answer lawful: {question.en}"),
        facts=(
            # What was answered is about the whole order, so single candidates are not asked about.
            *(fact for fact in point.facts if not fact.name.startswith("candidate.")),
            *(_fact(field) for field in point.fields if not field.arguments),
        ),
        fields=(_VERDICT,),
        hits=(Hit.COLLECT,),
        scopes=point.scopes,
        one_line=point.one_line,
    )


def _fact(field: Field) -> Fact:
    """What the rules answered in one field. Where they said nothing no comparison matches: an
    answer that was not given is known not to be there."""
    return Fact(
        OUTCOME + field.name,
        Kind.TAGS if field.many else field.kind,
        Words(f"结论.{field.words.zh}", f"answer: {field.words.en}"),
        None if field.many else field.unit,
        field.choices,
        None if field.many else field.at_least,
        None if field.many else field.at_most,
        missing=Missing.NO_MATCH,
    )


def answered(point: DecisionPoint, outcome: Mapping[str, Plain]) -> dict[str, Value]:
    """The `outcome.*` facts that an outcome of `point` gives to its law."""
    facts: dict[str, Value] = {}
    for field in point.fields:
        value = outcome.get(field.name)
        if field.arguments or value is None:
            continue
        facts[OUTCOME + field.name] = _typed(field, value)
    return facts


def _typed(field: Field, value: Plain) -> Value:
    if field.many:
        items = value if isinstance(value, list) else [value]
        return frozenset(str(item) for item in items)
    if isinstance(value, bool):
        return value
    return parse(str(value), field.kind, choices=field.choices, unit=field.unit)
