"""Random rule lists and facts around their values, on the part where both engines mean the same."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

from tests.rules.interchange.reference import OPTIONS, VARIABLES, rule

# Two limits differ by 0.01 at least, and a value that is no limit differs from each by more than
# the margin of 0.000001 within which `business-rules` takes numbers as equal.
LIMITS = ["0", "-3", "1", "0.1", "99.99", "100", "100.01", "12345678.25"]
STEPS = ["0", "0", "0", "0.000002", "-0.000002", "0.01", "-0.01", "1", "-1"]

TEXTS = ["", "SF", "sf12", "SF123", "Tea", "tea", "TEA", "龙井", "ＳＦ１２３", "straße", "STRAẞE"]
NEAR = [
    *TEXTS,
    "SF123\n",
    "xSF123",
    "SF1234",
    "sf１２",
    "\u212a2",
    "k2",
    "K2",
    "tea ",
    "\n",
    "a_b",
    "tea\n",
]
PIECES = [r"\d", r"\w", r"\s", r"\D", r"\W", r"\S", ".", "S", "F", "[a-f0-9]", r"[\w-]", "茶|龙"]
PATTERNS = [
    r"^SF\d{3}$",
    r"^SF\d+\Z",
    r"^\d+$",
    r"\d",
    "tea$|茶$",
    r"^(?:SF|sf)\w*$",
    "^$",
    r"\s$",
    r"[^\d\s]{4}",
]
MATCHED = ["SF123", "SF１２３", "tea", "sf_茶", "１２３４", "a b\u3000"]
"""Texts that some of the patterns find."""
REPEATS = ["", "", "", "+", "*", "?", "{2}", "{1,3}", "+?"]


def rule_list(random: Random, *, most_rules: int = 4) -> str:
    """The JSON of a rule list."""
    rules = [
        rule(number, _conditions(random, 0), *_actions(random))
        for number in range(random.randint(1, most_rules))
    ]
    return json.dumps(rules, ensure_ascii=random.random() < 0.5)


def facts(random: Random, text: str) -> dict[str, Any]:
    """A value for most of the variables, texts near those of the list; the others are absent."""
    compared = [value for value in _TEXT_VALUES.findall(text) if "\\" not in value] or [""]
    found = {}
    for name, type in VARIABLES.items():
        if random.random() < (0.1 if type == "string" else 0.03):
            continue
        found[name] = VALUES[type](random)
        if type == "string" and random.random() < 0.6:
            found[name] = _around(random, random.choice(compared))
        if type == "string" and "matches_regex" in text and random.random() < 0.4:
            found[name] = random.choice(MATCHED)
    return found


_TEXT_VALUES = re.compile(r'"name": "string_[^}]*"value": "([^"]*)"')


def _around(random: Random, text: str) -> str:
    return random.choice(
        [text, f"{text}x", f"x{text}", f"x{text}x", f"{text}\n", text.upper(), text.lower()]
    )


def _conditions(random: Random, depth: int) -> dict[str, Any]:
    if depth and random.random() < (0.65 if depth < 3 else 1):
        return leaf(random)
    items = [_conditions(random, depth + 1) for _ in range(random.randint(1, 3))]
    return {random.choice(["all", "any"]): items}


def leaf(random: Random) -> dict[str, Any]:
    """One condition."""
    name, operator, value = random.choice(LEAVES)
    return {"name": name, "operator": operator, "value": value(random)}


def _actions(random: Random) -> list[dict[str, Any]]:
    actions: list[dict[str, Any]] = []
    for _ in range(random.randint(0, 2)):
        if random.random() < 0.4:
            actions.append(random.choice([{"name": "hold"}, {"name": "hold", "params": {}}]))
            continue
        params: dict[str, Any] = {"sku": random.choice(TEXTS)}
        if random.random() < 0.5:
            params["count"] = random.choice([1, 2, 2.5, True])
        if random.random() < 0.3:
            params["codes"] = [random.choice([1, "a", 0.5, False]) for _ in range(2)]
        actions.append({"name": "gift", "params": params})
    return actions


def _number(random: Random) -> int | float:
    limit = random.choice(LIMITS)
    return float(limit) if "." in limit or random.random() < 0.3 else int(limit)


def _near(random: Random) -> Any:
    value = Decimal(random.choice(LIMITS)) + Decimal(random.choice(STEPS))
    if random.random() < 0.5:
        return value
    return int(value) if value == int(value) and random.random() < 0.5 else float(value)


def _text(random: Random) -> str | None:
    return random.choice([*TEXTS, None]) if random.random() < 0.2 else random.choice(TEXTS)


def _pattern(random: Random) -> str:
    if random.random() < 0.5:
        return random.choice(PATTERNS)
    parts = [random.choice(PIECES) + random.choice(REPEATS) for _ in range(random.randint(1, 3))]
    if random.random() < 0.3:
        parts = ["(", *parts, ")"]
    begin = random.choice(["", "", "^", r"\A"])
    return "".join([begin, *parts, random.choice(["", "", "$", "$", r"\Z"])])


def _option(random: Random) -> str:
    return random.choice(OPTIONS)


def _some(random: Random) -> list[str]:
    return [random.choice(OPTIONS) for _ in range(random.randint(1, 4))]


def _not_all(random: Random) -> list[str]:
    return random.sample(OPTIONS, random.randint(1, len(OPTIONS) - 1))


def _listed(random: Random) -> Any:
    found = random.sample(OPTIONS, random.randint(0, 3))
    return random.choice([list, tuple, set])(found)


def _nothing(random: Random) -> Any:
    return random.choice(["", None, True, 0])


Make = Callable[[Random], Any]

OPERATORS: dict[str, list[tuple[str, Make]]] = {
    "string": [
        ("equal_to", _text),
        ("equal_to_case_insensitive", _text),
        ("starts_with", _text),
        ("ends_with", _text),
        ("contains", _text),
        ("matches_regex", _pattern),
        ("non_empty", _nothing),
    ],
    "numeric": [
        ("equal_to", _number),
        ("greater_than", _number),
        ("greater_than_or_equal_to", _number),
        ("less_than", _number),
        ("less_than_or_equal_to", _number),
    ],
    "boolean": [("is_true", _nothing), ("is_false", _nothing)],
    "select": [("contains", _option), ("does_not_contain", _option)],
    "select_multiple": [
        ("contains_all", _some),
        ("is_contained_by", _not_all),
        ("shares_at_least_one_element_with", _some),
        ("shares_exactly_one_element_with", _some),
        ("shares_no_elements_with", _some),
    ],
}

LEAVES = [
    (name, operator, value)
    for name, type in VARIABLES.items()
    for operator, value in OPERATORS[type]
]
"""Every operator as often as any other."""

VALUES: dict[str, Make] = {
    "string": lambda random: random.choice(NEAR),
    "numeric": _near,
    "boolean": lambda random: random.random() < 0.5,
    "select": _listed,
    "select_multiple": _listed,
}
