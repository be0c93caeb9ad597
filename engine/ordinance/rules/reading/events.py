"""The event pass: YAML without anchors, aliases, tags, directives or second document, as nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from ordinance.rules.reading.findings import Findings, keep_one
from ordinance.rules.reading.guard import Limits, refused_character, refused_in, too_deep
from ordinance.rules.reading.nodes import Entry, Map, Node, Scalar, Seq, described, is_cut
from ordinance.rules.reading.spelling import skeleton
from ordinance.rules.reading.syntax import diagnosed
from ordinance.rules.scalar import clip
from ordinance.rules.tree import Place
from ordinance.rules.words import KEYS

_THOUSANDS = re.compile(r"-?[0-9]{1,12},[0-9]{3}(?:\.[0-9]+)?")
_IDS = ("id", KEYS["id"])
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _Stop(Exception):
    """The rest of the file is not looked at."""


def to_nodes(text: str, file: str, findings: Findings, limits: Limits) -> Node | None:
    """The one document of the file, or None when its structure cannot be trusted."""
    pass_ = _Pass(file, findings, limits)
    try:
        for event in _events(text):
            pass_.take(event)
    except _Stop:
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
        found = diagnosed(text, place.line, place.column)
        if found is not None:
            there = Place(file, found.line, found.column)
            findings.error("E_SYNTAX", found.message, there, found.help)
            return None
        findings.error(
            "E_SYNTAX",
            f"this is not YAML: {clip(str(error.problem or 'unreadable'), 120)}",
            place,
            "check quotes, brackets and indentation just before this place",
        )
        return None
    except yaml.YAMLError:
        findings.error("E_SYNTAX", "this is not YAML", Place(file, 1, 1), "save it as plain UTF-8")
        return None
    if pass_.root is None or (isinstance(pass_.root, Scalar) and not pass_.root.text):
        findings.error(
            "E_EMPTY", "the file holds no rules", Place(file, 1, 1), "begin with `decision:`"
        )
        return None
    return None if pass_.untrusted else pass_.root


def _events(text: str) -> Iterator[Any]:
    return iter(yaml.parse(text, Loader=_LOADER))


class _Pass:
    """Builds nodes from events with a stack of its own; nothing here recurses."""

    def __init__(self, file: str, findings: Findings, limits: Limits) -> None:
        self.root: Node | None = None
        self.untrusted = False
        self._file = file
        self._findings = findings
        self._limits = limits
        self._open: list[Map | Seq] = []
        self._keys: list[Node | None] = []
        self._seen: list[dict[str, Scalar]] = []
        self._doubled = 0
        """How many levels are open where a map holds a second id; 0 elsewhere."""
        self._documents = 0
        self._nodes = 0
        self._texts: dict[str, str] = {}
        """Each text once: most words of a rule file come again and again."""
        self._bones: dict[str, str] = {}
        """What the keys look like, by key."""
        self._line = 0

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.NodeEvent):
            if isinstance(event, yaml.AliasEvent):
                self._alias(event, self._place(event))
            else:
                self._node(event, self._place(event))
        elif isinstance(event, yaml.CollectionEndEvent):
            self._join_numbers(self._open.pop())
            if self._doubled > len(self._open):
                self._doubled = 0
            self._keys.pop()
            self._seen.pop()
        elif isinstance(event, yaml.DocumentStartEvent):
            self._document(event, self._place(event))

    def _place(self, event: Any) -> Place:
        mark = event.start_mark
        # The places of one line hold one number, not one number each.
        if mark.line + 1 != self._line:
            self._line = mark.line + 1
        return Place(self._file, self._line, mark.column + 1)

    def _alias(self, event: Any, place: Place) -> None:
        self._refuse(
            "E_ANCHOR",
            f"`*{clip(str(event.anchor))}` copies another place",
            place,
            "write the value out, or name it under `params:` or `lists:`",
        )
        self._add(Scalar("", place))

    def _document(self, event: Any, place: Place) -> None:
        self._documents += 1
        if self._documents > 1:
            self._findings.error(
                "E_MULTI_DOC",
                "a second document begins here",
                place,
                "remove the line `---`; several decisions go under `decisions:`",
            )
            raise _Stop
        if event.version or event.tags:
            self._refuse("E_TAG", "a `%` directive", place, "remove the line")

    def _node(self, event: Any, place: Place) -> None:
        self._nodes += 1
        if self._nodes > self._limits.nodes:
            self._findings.error(
                "E_NODES",
                f"the file holds more than {self._limits.nodes} values",
                place,
                "split it: one file for each area",
            )
            raise _Stop
        if event.anchor is not None:
            self._refuse(
                "E_ANCHOR",
                f"`&{clip(str(event.anchor))}` names a place to copy",
                place,
                "name the value under `params:` or `lists:`",
            )
        if event.tag is not None:
            self._refuse(
                "E_TAG",
                f"`{clip(str(event.tag))}` is a type tag",
                place,
                "remove it; the fact says what type the value has",
            )
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, place)
            return
        opened: Map | Seq = Map(place) if isinstance(event, yaml.MappingStartEvent) else Seq(place)
        self._add(opened)
        self._open.append(opened)
        self._keys.append(None)
        self._seen.append({})
        if len(self._open) > self._limits.depth:
            too_deep(place, self._findings, self._limits)
            raise _Stop

    def _scalar(self, event: Any, place: Place) -> None:
        # Escapes in double quotes can write what the file itself may not hold.
        text = self._texts.setdefault(event.value, event.value)
        bad = refused_in(text)
        if bad is not None:
            self._findings.error("E_CHAR", *refused_character(bad), place, "write plain text")
        self._add(Scalar(text, place, plain=not event.style))

    def _add(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if isinstance(parent, Seq):
            parent.items.append(node)
            return
        key = self._keys[-1]
        if key is None:
            self._keys[-1] = node
            return
        self._keys[-1] = None
        if not isinstance(key, Scalar):
            self._findings.error(
                "E_KEY_TYPE",
                f"{described(key)} cannot be a key",
                key.place,
                "a key is one word, followed by a colon",
            )
        elif self._key_is_fit(key):
            parent.entries.append(Entry(key, node))

    def _join_numbers(self, closed: Map | Seq) -> None:
        """In `{value: 5,000}` the comma ends the value, and `000` becomes a key."""
        if isinstance(closed, Seq):
            return
        whole: list[Entry] = []
        for entry in closed.entries:
            before = whole[-1].value if whole else None
            if (
                is_cut(entry)
                and isinstance(before, Scalar)
                and before.plain
                and _THOUSANDS.fullmatch(f"{before.text},{entry.key.text}")
            ):
                number = f"{before.text}{entry.key.text}"
                self._findings.error(
                    "E_NUMBER",
                    f"`{clip(before.text)},{clip(entry.key.text)}` has a comma in a number",
                    before.place,
                    f"write `{clip(number)}`",
                )
                whole[-1] = Entry(whole[-1].key, Scalar(number, before.place))
            else:
                whole.append(entry)
        closed.entries[:] = whole

    def _key_is_fit(self, key: Scalar) -> bool:
        if self._doubled == len(self._open):
            # The rest of a rule that stands in the map of another would be told key by key.
            return False
        if key.plain and key.text == "<<":
            self._refuse(
                "E_ANCHOR", "`<<` merges another map", key.place, "write the keys out instead"
            )
            return False
        if not key.text or (key.plain and key.text.lower() in ("null", "~")):
            self._findings.error(
                "E_KEY_TYPE", "a value without a key", key.place, "write the key before the colon"
            )
            return False
        bones = self._bones.get(key.text)
        if bones is None:
            bones = self._bones[key.text] = skeleton(key.text)
        first = self._seen[-1].setdefault(bones, key)
        if first is not key:
            if first.text in _IDS:
                self._doubled = len(self._open)
                self._findings.error(
                    "E_DUP_KEY",
                    f"`{clip(key.text)}` again; it is already on line {first.place.line}",
                    key.place,
                    f"begin a new rule with `- {clip(key.text)}: ...`, or remove one of the two",
                )
                return False
            same = "again" if first.text == key.text else f"which looks like `{clip(first.text)}`"
            self._findings.error(
                "E_DUP_KEY",
                f"`{clip(key.text)}` {same}; it is already on line {first.place.line}",
                key.place,
                keep_one(first.place, key.place),
            )
            return False
        return True

    def _refuse(self, code: str, message: str, place: Place, help: str) -> None:
        self.untrusted = True
        self._findings.error(code, message, place, help)
