"""The schema of a whole rule file: one decision, or several of an area."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ordinance.rules.kinds import Kind
from ordinance.rules.point import DecisionPoint, Hit
from ordinance.rules.schema.values import (
    Schema,
    any_of,
    comparison_schema,
    described,
    kind_schema,
    list_of,
    map_of,
    object_of,
    reference,
    text,
    twice,
)
from ordinance.rules.schema.vocabulary import (
    WHOLE,
    choices_of,
    condition,
    fields_of,
    given_of,
    part,
    spellings_of,
)
from ordinance.rules.tree import Comparator
from ordinance.rules.words import ALWAYS, ANY_CELL, COMPARATORS, FAIL, HITS, KEYS, TOTALS

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PROSE: Schema = {"$ref": "#/$defs/words"}
_FLAG: Schema = {"$ref": "#/$defs/value.boolean"}
_DATE: Schema = {"$ref": "#/$defs/value.date"}
_TIME: Schema = {"$ref": "#/$defs/value.time_of_day"}
_HITS_OF: dict[str, tuple[Hit, ...]] = {
    "rules": (Hit.FIRST, Hit.UNIQUE, Hit.COLLECT, Hit.SCORE),
    "exclude": (Hit.RANK,),
}


def json_schema(points: Iterable[DecisionPoint]) -> Schema:
    """The JSON Schema (2020-12) of a file that answers one or more of `points`.

    It takes both spellings of every key, fact, comparator and choice. It is for an editor's hints:
    what it accepts may still be refused by the reader, which alone knows parameters, units and
    ranges. The result is plain JSON data.
    """
    listed = sorted(points, key=lambda point: point.name)
    definitions = {**_shared(), **_kinds()}
    for point in listed:
        definitions |= {f"{point.name}.{name}": part for name, part in _parts(point).items()}
    several = object_of(
        twice(
            {
                "decisions": list_of(any_of(part(point, "decision") for point in listed)),
                **_beside_decisions(),
            }
        ),
        ("decisions",),
    )
    return {
        "$schema": _DIALECT,
        "title": ", ".join(point.name for point in listed),
        **any_of([*(part(point, "decision") for point in listed), several]),
        "$defs": definitions,
    }


def _kinds() -> dict[str, Schema]:
    """Values of each kind, and comparisons with them; choices are defined with their point."""
    parts: dict[str, Schema] = {}
    for kind in Kind:
        parts[f"value.{kind}"] = kind_schema(kind)
        parts[f"compared.{kind}"] = comparison_schema(kind, {"$ref": f"#/$defs/value.{kind}"})
    return parts


def _shared() -> dict[str, Schema]:
    bounds = {
        spelling: text()
        for bound in (Comparator.AT_LEAST, Comparator.AT_MOST)
        for spelling in (bound.value, COMPARATORS[bound].zh)
    }
    entry = any_of(
        (
            text(),
            object_of(
                twice({"value": text(), "until": _DATE, "reason": _PROSE, "added_by": text()}),
                ("value",),
            ),
        )
    )
    entries: Schema = {"type": "array", "items": entry}
    return {
        "words": any_of((text(), object_of(twice({"zh": text(), "en": text()})))),
        "effective": object_of(
            twice(
                {
                    "from": _DATE,
                    "to": _DATE,
                    "daily": object_of(twice({"from": _TIME, "to": _TIME}), ("from", "to")),
                }
            )
        ),
        "params": map_of(
            object_of(
                twice(
                    {
                        "unit": text(),
                        "merchant_may_set": object_of(bounds),
                        "value": text(),
                        "values": _dated(text()),
                        "locked": _FLAG,
                        "label": _PROSE,
                        "source": _PROSE,
                    }
                )
            )
        ),
        "lists": map_of(
            object_of(
                twice(
                    {
                        "value": entries,
                        "values": any_of((entries, _dated(entries))),
                        "label": _PROSE,
                        "source": _PROSE,
                    }
                )
            )
        ),
    }


def _dated(schema: Schema) -> Schema:
    days = "|".join(("[0-9]{4}-[0-9]{2}-[0-9]{2}", *ALWAYS))
    return {
        "type": "object",
        "patternProperties": {f"^({days})$": schema},
        "additionalProperties": False,
    }


def _beside_decisions() -> dict[str, Schema]:
    return {
        "title": _PROSE,
        "version": text(),
        "effective": {"$ref": "#/$defs/effective"},
        "as_of": text(),
        "params": {"$ref": "#/$defs/params"},
        "lists": {"$ref": "#/$defs/lists"},
    }


def _parts(point: DecisionPoint) -> dict[str, Schema]:
    """The definitions that depend on the point's vocabulary."""
    return {
        **choices_of(point),
        "decision": _decision(point),
        "condition": condition(point),
        "outcome": _outcome(point, extra=("points",)),
        "rule": _rule(point, ("when",), {"when": _when(point), "then": part(point, "outcome")}),
        "row": _rule(point, ("if", "then"), _row()),
        "test": _test(point),
    }


def _decision(point: DecisionPoint) -> Schema:
    hits = [spelling for hit in point.hits for spelling in (hit.value, HITS[hit.value])]
    names = list(dict.fromkeys((point.name, point.title.zh)))
    needed = any(field.required for field in point.fields)
    # Where no field is required, the answer may be that nothing is to be done.
    nothing = [] if needed else [object_of({})]
    whole = {
        "decision": described({"enum": names}, point.question.zh, point.question.en),
        **_beside_decisions(),
        "hit": {"enum": hits},
        "when_unknown": part(point, "outcome"),
        "otherwise": any_of([{"enum": [*FAIL]}, part(point, "outcome"), *nothing]),
        "tests": list_of(part(point, "test")),
        **_answers(point),
    }
    return object_of(twice(whole), ("decision", "hit", "when_unknown", "otherwise"))


def _answers(point: DecisionPoint) -> dict[str, Schema]:
    """The keys that the hit policies of the point use."""
    parts: dict[str, Schema] = {}
    if set(point.hits) & set(_HITS_OF["rules"]):
        rows = object_of(
            twice({"columns": list_of(text()), "rows": list_of(part(point, "row"))}),
            ("columns", "rows"),
        )
        parts |= {"rules": list_of(part(point, "rule")), "table": rows}
        regions = spellings_of(point, (Kind.REGION,))
        parts |= {"most_specific": {"enum": regions}} if regions else {}
    if Hit.SCORE in point.hits:
        bounds = {
            spelling: WHOLE
            for bound in (Comparator.AT_LEAST, Comparator.BELOW)
            for spelling in (bound.value, COMPARATORS[bound].zh)
        }
        parts["total"] = {"enum": [word for pair in TOTALS.items() for word in pair]}
        parts["bands"] = list_of(object_of({**bounds, **fields_of(point)}))
    if Hit.RANK in point.hits:
        candidates = spellings_of(point, tuple(Kind), prefix="candidate.")
        measured: dict[str, Schema] = {
            "id": text(),
            "most": {"enum": candidates},
            "least": {"enum": candidates},
        }
        wish = {**measured, "within": text(), "when": _when(point), "because": _PROSE}
        parts["exclude"] = list_of(part(point, "rule"))
        parts["prefer"] = list_of(object_of(twice(wish), ("id",)))
        parts["weights"] = list_of(object_of(twice({**measured, "weight": text()}), ("weight",)))
        parts["tie_break"] = list_of({"enum": candidates})
    return parts


def _when(point: DecisionPoint) -> Schema:
    return any_of(({"enum": [*ALWAYS]}, part(point, "condition")))


def _rule(point: DecisionPoint, required: Sequence[str], own: dict[str, Schema]) -> Schema:
    scope = object_of(twice({name: any_of((text(), list_of(text()))) for name in point.scopes}))
    about: dict[str, Schema] = {
        "id": text(),
        "title": _PROSE,
        "because": _PROSE,
        "group": text(),
        "scope": scope,
        "effective": {"$ref": "#/$defs/effective"},
        "locked": _FLAG,
        "must": _FLAG,
        "owner": text(),
        "source": _PROSE,
    }
    return object_of(twice({**about, **own}), ("id", *required))


def _row() -> dict[str, Schema]:
    cell: Schema = {"description": f"a value, a list, a comparison, or `{'` / `'.join(ANY_CELL)}`"}
    return {"if": {"type": "array", "items": cell}, "then": {"type": "array", "items": cell}}


def _outcome(point: DecisionPoint, extra: Sequence[str] = ()) -> Schema:
    more = {
        spelling: any_of((WHOLE, reference())) for key in extra for spelling in (key, KEYS[key])
    }
    return {**object_of({**more, **fields_of(point)}), "minProperties": 1}


def _test(point: DecisionPoint) -> Schema:
    def given(prefixes: tuple[str, ...]) -> dict[str, Schema]:
        return {
            spelling: given_of(point, fact)
            for fact in point.facts
            if fact.name.startswith(prefixes)
            for spelling in (fact.name, fact.words.zh)
        }

    names: Schema = {"type": "array", "items": text()}
    members: dict[str, Schema] = {
        "lines": {"type": "array", "items": object_of(given(("line.",)))},
        "candidates": {"type": "array", "items": object_of(given(("candidate.",)))},
    }
    expect = {**fields_of(point), **twice({"points": WHOLE, "fired": names, "ranking": names})}
    return object_of(
        twice(
            {
                "name": _PROSE,
                "given": object_of({**given(("",)), **twice(members)}),
                "expect": object_of(expect),
                "at": text(),
            }
        ),
        ("name", "given", "expect"),
    )
