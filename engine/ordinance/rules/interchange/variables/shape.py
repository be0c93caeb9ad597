"""The shape of a rule list: rules, nested conditions and actions, each with its place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from business_rules.actions import BaseActions
from business_rules.variables import BaseVariables

from ordinance.rules.problem import Problem
from ordinance.rules.tree import Place

MOST_DEPTH = 32
MOST_PARTS = 20_000

_NEEDED = ("name", "operator", "value")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One condition on one variable."""

    pointer: str
    """Where it stands, as a JSON pointer (RFC 6901)."""
    name: str
    operator: str
    value: Any
    written: Mapping[str, Any]
    """All of it, as in the file."""


@dataclass(frozen=True, slots=True)
class Nest:
    """Conditions of which all, or any, must be true."""

    all: bool
    items: tuple[Nested, ...]

    def leaves(self) -> Iterator[Leaf]:
        """The conditions on variables, in order."""
        for item in self.items:
            if isinstance(item, Leaf):
                yield item
            else:
                yield from item.leaves()


Nested: TypeAlias = Leaf | Nest


@dataclass(frozen=True, slots=True)
class Action:
    """One call of an action."""

    pointer: str
    name: str
    params: Mapping[str, Any]
    written: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ListedRule:
    """One rule of the list."""

    line: int
    conditions: Nest
    actions: tuple[Action, ...]
    id: str | None
    note: str
    """What the rule says of itself; `business-rules` passes it over."""


@dataclass(slots=True)
class Shape:
    """Checks the items of one file and keeps what is wrong with them."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    _line: int = 1
    _parts: int = 0

    def rules(self, items: list[tuple[int, Any]]) -> list[ListedRule]:
        """The rules in `items`, which are lines and JSON values. Look at `problems` first."""
        found = []
        for index, (line, item) in enumerate(items):
            self._line = line
            rule = self._rule(item, f"/{index}")
            if rule is not None:
                found.append(rule)
            if self._parts > MOST_PARTS:
                self._wrong("", f"the file has more than {MOST_PARTS} conditions and actions")
                break
        return found

    def _rule(self, item: object, pointer: str) -> ListedRule | None:
        if not isinstance(item, Mapping):
            self._wrong(pointer, "a rule is an object with `conditions` and `actions`")
            return None
        conditions = self._nested(item.get("conditions"), f"{pointer}/conditions", 1)
        actions = item.get("actions")
        if not isinstance(actions, list):
            self._wrong(f"{pointer}/actions", "the actions of a rule are a list")
            actions = []
        called = [
            self._action(action, f"{pointer}/actions/{index}")
            for index, action in enumerate(actions)
        ]
        if conditions is None:
            return None
        nest = conditions if isinstance(conditions, Nest) else Nest(True, (conditions,))
        id, note = item.get("id"), item.get("description")
        return ListedRule(
            self._line,
            nest,
            tuple(action for action in called if action is not None),
            id if isinstance(id, str) and id else None,
            note if isinstance(note, str) else "",
        )

    def _nested(self, item: object, pointer: str, depth: int) -> Nested | None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            return None
        if not isinstance(item, Mapping):
            self._wrong(pointer, "a condition is an object")
            return None
        groups = [key for key in ("all", "any") if key in item]
        if not groups:
            return self._leaf(item, pointer)
        if len(item) > 1:
            others = ", ".join(f"`{key}`" for key in item if key != groups[0])
            self._wrong(pointer, f"`{groups[0]}` stands beside {others}", "nest one in the other")
            return None
        (key,) = groups
        items = item[key]
        if not isinstance(items, list) or not items:
            what = "is empty" if items == [] else "is no list"
            self._wrong(f"{pointer}/{key}", f"`{key}` {what}", "write at least one condition")
            return None
        if depth > MOST_DEPTH:
            self._wrong(pointer, f"the conditions are nested more than {MOST_DEPTH} deep")
            return None
        found = [
            self._nested(inner, f"{pointer}/{key}/{index}", depth + 1)
            for index, inner in enumerate(items)
        ]
        return Nest(key == "all", tuple(inner for inner in found if inner is not None))

    def _leaf(self, item: Mapping[str, Any], pointer: str) -> Leaf | None:
        if _is_deep(item, MOST_DEPTH):
            self._wrong(pointer, f"its value is nested more than {MOST_DEPTH} deep")
            return None
        lacking = [key for key in _NEEDED if key not in item]
        if lacking:
            self._wrong(pointer, f"the condition has no {', '.join(f'`{key}`' for key in lacking)}")
            return None
        name, operator = item["name"], item["operator"]
        if not isinstance(name, str) or not isinstance(operator, str):
            self._wrong(pointer, "the name of a variable and its operator are texts")
            return None
        if _is_machinery(name, BaseVariables):
            self._wrong(f"{pointer}/name", f"`{name}` is no variable, but a part of Python")
            return None
        return Leaf(pointer, name, operator, item["value"], item)

    def _action(self, item: object, pointer: str) -> Action | None:
        self._parts += 1
        name = item.get("name") if isinstance(item, Mapping) else None
        if not isinstance(item, Mapping) or not isinstance(name, str):
            self._wrong(pointer, "an action is an object with a `name`")
            return None
        if _is_machinery(name, BaseActions):
            self._wrong(f"{pointer}/name", f"`{name}` is no action, but a part of Python")
            return None
        params = item.get("params") or {}
        if _is_deep(item, MOST_DEPTH):
            self._wrong(pointer, f"its parameters are nested more than {MOST_DEPTH} deep")
            return None
        if not isinstance(params, Mapping):
            self._wrong(f"{pointer}/params", "the parameters of an action are an object")
            return None
        self._parts += len(params)
        return Action(pointer, name, params, item)

    def _wrong(self, pointer: str, what: str, help: str | None = None) -> None:
        message = f"`{pointer}`: {what}" if pointer else what
        self.problems.append(Problem("E_FOREIGN", message, Place(self.file, self._line, 1), help))


def json_text(value: object, indent: int | None = None) -> str:
    """JSON with the numbers as `business-rules` reads them."""
    return json.dumps(value, ensure_ascii=False, indent=indent, default=_number)


def _number(value: object) -> int | float:
    if not isinstance(value, Decimal):
        raise TypeError(f"`{value!r}` is no JSON")
    return int(value) if value.as_tuple().exponent == 0 else float(value)


def _is_deep(value: object, most: int) -> bool:
    """Whether lists and objects stand in one another more than `most` times."""
    if not isinstance(value, Mapping | list):
        return False
    items = value.values() if isinstance(value, Mapping) else value
    return most == 0 or any(_is_deep(item, most - 1) for item in items)


def _is_machinery(name: str, base: type[Any]) -> bool:
    """Whether an object has the name without any rule variable or action of that name."""
    return name.startswith("__") or name in dir(base)
