"""The schema that editors use: it takes what the reader takes, and marks the usual slips."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from ordinance.rules.reading.about import ABOUT
from ordinance.rules.reading.decisions import KEYS_OF_DECISION
from ordinance.rules.schema import Schema, json_schema
from tests.rules.reading.files import FIRST, codes, with_when
from tests.rules.reading.test_twins import translated
from tests.rules.sample_point import POINTS, RISK

EXAMPLES = Path(__file__).parent / "examples"
WHOLE = json_schema(POINTS.values())
FILES = ["everything", "gift", "remedy", "risk", "source", "weights"]


class _Yaml12(yaml.SafeLoader):
    """YAML as editors read it: 1.2, where a date and a time of day are texts."""


_Yaml12.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("bool", r"true|false", "tf"),
    ("int", r"-?[0-9]+", "-0123456789"),
    ("float", r"-?[0-9]+\.[0-9]+", "-0123456789"),
):
    _Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^({pattern})$"), first)

_TYPES: dict[str, Any] = {
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "array": list,
    "object": dict,
}


def accepts(schema: Schema, value: Any, root: Schema = WHOLE) -> bool:
    """JSON Schema, as much of it as our schemas use. A key word that is not known fails."""
    for word, asked in schema.items():
        match word:
            case "$ref":
                held = accepts(root["$defs"][asked.removeprefix("#/$defs/")], value, root)
            case "anyOf":
                held = any(accepts(part, value, root) for part in asked)
            case "allOf":
                held = all(accepts(part, value, root) for part in asked)
            case "enum":
                held = any(value == item and type(value) is type(item) for item in asked)
            case "type":
                names = [asked] if isinstance(asked, str) else asked
                held = any(_is(value, name) for name in names)
            case "pattern":
                held = not isinstance(value, str) or re.search(asked, value) is not None
            case "items":
                held = not isinstance(value, list) or all(accepts(asked, v, root) for v in value)
            case "minItems" | "minProperties":
                held = not isinstance(value, list | dict) or len(value) >= asked
            case "required":
                held = not isinstance(value, dict) or all(name in value for name in asked)
            case "properties" | "patternProperties" | "additionalProperties":
                held = not isinstance(value, dict) or _map_fits(schema, value, root)
            case "if":
                held = not accepts(asked, value, root) or accepts(schema["then"], value, root)
            case "$schema" | "then" | "title" | "description" | "$defs":
                held = True
            case _:
                raise AssertionError(f"{word} is not known here")
        if not held:
            return False
    return True


def _is(value: Any, name: str) -> bool:
    return isinstance(value, _TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def _map_fits(schema: Schema, value: Mapping[str, Any], root: Schema) -> bool:
    named = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    other = schema.get("additionalProperties", True)
    for key, item in value.items():
        fits = [named[key]] if key in named else []
        fits += [part for pattern, part in patterns.items() if re.search(pattern, key)]
        if not fits and other is False:
            return False
        fits += [other] if not fits and isinstance(other, dict) else []
        if not all(accepts(part, item, root) for part in fits):
            return False
    return True


def editor_accepts(text: str, schema: Schema = WHOLE) -> bool:
    return accepts(schema, yaml.load(text, Loader=_Yaml12), schema)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "flips", [[False], [True], [True, False, False]], ids=["en", "zh", "mixed"]
)
def test_an_editor_accepts_the_examples_in_either_language(name: str, flips: list[bool]) -> None:
    text = translated((EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8"), flips)

    assert editor_accepts(text)


@pytest.mark.parametrize(
    "when",
    [
        "{order.recievable: 5}",
        "{order.receivable: {atleast: 5}}",
        "{order.receivable: {at_least: many}}",
        "{order.receivable: {contains: 5}}",
        "{order.receivable: {at_least: [1, 2]}}",
        "{order.type: presales}",
        "{order.gift: maybe}",
        "{order.gift: [true, false]}",
        "{order.local_time: 7:30}",
        "{order.local_time: {between: ['07:00', '08:00']}}",
        "{order.waits: 48}",
        "{order.waits: 48 hours}",
        "{order.due: 1.11.2026}",
        "{any: {order.gift: true}}",
        "{}",
        "[{order.gift: true}]",
        "sometimes",
    ],
)
def test_an_editor_marks_what_the_reader_refuses(when: str) -> None:
    text = with_when(when)

    assert codes(text)
    assert not editor_accepts(text)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("hit: first", "hit: rank"),
        ("hit: first\n", ""),
        ("decision: review.risk", "decision: review.risks"),
        ("otherwise: {outcome: approve}\n", ""),
        ("outcome: hold", "outcomes: hold"),
        ("outcome: hold", "outcome: holds"),
        ("id: R1, ", ""),
        ("rules:", "rule:"),
    ],
)
def test_an_editor_marks_a_wrong_frame(right: str, wrong: str) -> None:
    whole = with_when("always")
    text = whole.replace(right, wrong)

    assert editor_accepts(whole)
    assert codes(text)
    assert not editor_accepts(text)


def test_a_required_part_of_a_gift_is_asked_for() -> None:
    text = (EXAMPLES / "gift.yaml").read_text(encoding="utf-8")

    assert editor_accepts(text)
    assert not editor_accepts(text.replace("sku: ", "per_order: ", 1))


def test_nothing_is_an_answer_only_where_no_field_is_required() -> None:
    gift = (EXAMPLES / "gift.yaml").read_text(encoding="utf-8")
    silent = re.sub(r"otherwise: .*", "otherwise: {}", gift)
    risk = with_when("always").replace("otherwise: {outcome: approve}", "otherwise: {}")

    assert (codes(silent), editor_accepts(silent)) == ([], True)
    assert (codes(risk), editor_accepts(risk)) == (["E_REQUIRED"], False)


def test_the_schema_knows_every_key_that_the_reader_knows() -> None:
    definitions = WHOLE["$defs"]
    known = {key for point in POINTS for key in definitions[f"{point}.decision"]["properties"]}

    assert set(KEYS_OF_DECISION) <= known
    assert set(ABOUT) <= set(definitions["review.risk.rule"]["properties"])
    assert set(ABOUT) <= set(definitions["review.risk.row"]["properties"])


def test_the_schema_is_plain_json_and_explains_a_fact_in_both_languages() -> None:
    schema = json_schema([RISK])
    fact = schema["$defs"]["review.risk.condition"]["properties"]["订单.重量"]

    assert json.loads(json.dumps(schema)) == schema
    assert fact["description"] == "weight g (g) / 订单.重量 (g)"


def test_a_schema_for_one_point_does_not_take_another() -> None:
    assert not editor_accepts(
        FIRST.replace("WHEN", "always"), json_schema([POINTS["packing.gift"]])
    )
