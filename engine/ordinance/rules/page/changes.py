"""What two rule sets say otherwise, in words: what came, what went, and what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from ordinance.rules.page.blocks import Block, Item, Items, Table, Term
from ordinance.rules.page.reference import lists, values
from ordinance.rules.page.sections import Sections
from ordinance.rules.page.wording import Wording
from ordinance.rules.point import Fact
from ordinance.rules.tree import NamedList, Param, Place, RuleSet

_Key = tuple[str, str]
"""What something is (`rule`, `value` ...) and the name that tells it apart."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that is not the same in both, with the lines that say how."""

    kind: Literal["added", "removed", "changed"]
    what: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    place: Place | None
    """Where it stands in the newer set; in the older one when it was removed."""


@dataclass(frozen=True, slots=True)
class _Piece:
    title: str
    lines: tuple[str, ...]
    place: Place | None = None


def changes(old: RuleSet, new: RuleSet, lang: str) -> list[Changed]:
    """What changed from `old` to `new`, in the order of the newer set, then what was removed.

    Texts that decide nothing are compared too: titles, labels, sources. Tests are not. Sets of
    another meaning never compare as equal.
    """
    before, after = _pieces(old, lang), _pieces(new, lang)
    found = []
    for key, piece in after.items():
        known = before.get(key)
        if known is None:
            found.append(Changed("added", piece.title, (), piece.lines, piece.place))
        elif known.lines != piece.lines:
            gone, come = _lines(known.lines, piece.lines)
            found.append(Changed("changed", piece.title, gone, come, piece.place))
    found.extend(
        Changed("removed", piece.title, piece.lines, (), piece.place)
        for key, piece in before.items()
        if key not in after
    )
    moved = _moved(old, new)
    if moved:
        title = Sections(new, lang).say("规则的次序", "the order of the rules")
        found.append(Changed("changed", title, *moved, new.place))
    if not found and old.hash != new.hash:
        # Two values that print alike: rare, and still another meaning.
        title = after["frame", ""].title
        found.append(Changed("changed", title, (old.hash,), (new.hash,), new.place))
    return found


def _moved(old: RuleSet, new: RuleSet) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The rules and criteria that both have, where they do not stand in one order."""
    before, after = (
        [*(rule.id for rule in tree.rules), *(item.id for item in tree.prefer)]
        for tree in (old, new)
    )
    kept = [id for id in before if id in set(after)]
    now = [id for id in after if id in set(before)]
    return None if kept == now else ((", ".join(kept),), (", ".join(now),))


def _lines(old: Sequence[str], new: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines that only one of them has, each in its order."""
    gone: list[str] = []
    come: list[str] = []
    for tag, from_old, to_old, from_new, to_new in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if tag != "equal":
            gone.extend(old[from_old:to_old])
            come.extend(new[from_new:to_new])
    return tuple(gone), tuple(come)


class _ByName(Wording):
    """Names a value or a list instead of saying it: a value that changed is told once."""

    def param(self, param: Param) -> str:
        return f"${param.name}"

    def listed(self, named: NamedList, fact: Fact) -> str:
        return f"${named.name}"


def _pieces(tree: RuleSet, lang: str) -> Mapping[_Key, _Piece]:
    said = Sections(tree, lang)
    said.words = _ByName(tree, lang)
    say = said.say
    aside = {
        say("包含", "holds"),
        say("指纹", "hash"),
        say("位置", "place"),
        say("版本", "version"),
    }

    def of(terms: Iterable[Term]) -> tuple[str, ...]:
        return tuple(line for term in terms if term.label not in aside for line in _term(term))

    pieces = {
        ("frame", ""): _Piece(say("总则", "the frame"), of(said.head().terms), tree.place),
        ("otherwise", ""): _Piece(
            say("其他情况", "all other cases"), of(said.fallbacks().terms), tree.place
        ),
    }
    for rule in tree.rules:
        title = f" {rule.title.get(lang)}" if rule.title else ""
        pieces["rule", rule.id] = _Piece(
            f"{say('规则', 'rule')} {rule.id}{title}", of(said.rule(rule)), rule.place
        )
    for preference in tree.prefer:
        pieces["preference", preference.id] = _Piece(
            f"{say('优先次序', 'criterion')} {preference.id}",
            of(said.preference(preference)),
            preference.place,
        )
    for key, name, blocks in (
        ("bands", say("分档", "bands"), said.bands()),
        ("ranking", say("加权与并列", "weights and ties"), said.ranking()),
    ):
        rows = tuple(line for block in blocks for line in _block(block))
        if rows:
            pieces[key, ""] = _Piece(name, rows, tree.place)
    pieces.update(_values(said, tree))
    pieces.update(_lists(said, tree))
    return pieces


def _values(said: Sections, tree: RuleSet) -> Iterator[tuple[_Key, _Piece]]:
    rows: dict[str, list[str]] = {}
    for block in values(said.words):
        if isinstance(block, Table):
            for row in block.rows:
                rows.setdefault(str(row[0]), []).append(_row(block.headings, row[1:]))
    for name, lines in rows.items():
        title = f"{said.say('参数', 'value')} {name}"
        yield ("value", name), _Piece(title, tuple(lines), (tree.params or {})[name].place)


def _lists(said: Sections, tree: RuleSet) -> Iterator[tuple[_Key, _Piece]]:
    tables = [block for block in lists(said.words) if isinstance(block, Table)]
    for (name, named), table in zip((tree.lists or {}).items(), tables, strict=True):
        lines = tuple(_row(("", *table.headings), row) for row in table.rows)
        yield ("list", name), _Piece(f"{said.say('名单', 'list')} {name}", lines, named.place)


def _row(headings: Sequence[str], cells: Sequence[str]) -> str:
    return ", ".join(
        f"{heading} {cell}" for heading, cell in zip(headings[1:], cells, strict=True) if cell
    )


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Table):
        yield from (_row(("", *block.headings), row) for row in block.rows)
    elif isinstance(block, Items):
        yield from _items(block.items, "")


def _term(term: Term) -> Iterator[str]:
    yield f"{term.label}: {term.text}".rstrip()
    yield from _items(term.items, "  ")


def _items(items: Sequence[Item], indent: str) -> Iterator[str]:
    for item in items:
        yield f"{indent}- {item.text}"
        yield from _items(item.items, indent + "  ")
