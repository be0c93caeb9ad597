"""Sealing what an older store holds in the clear: a part of the step that made room for it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ordinance.points import POINTS
from ordinance.rules.decision import canonical_json
from ordinance.seen import order_of, with_new, written_seen
from ordinance_adapters.sql.line import Line
from ordinance_adapters.sql.persons import ADD_TO_INDEX, PersonRows, index_rows, sealed_row
from ordinance_adapters.sql.rows import Row

_PLAIN = "SELECT shop, id, document FROM persons WHERE wrapped = '' ORDER BY shop, id LIMIT 500"
_SEAL = "UPDATE persons SET wrapped = ?, document = ?, seen = ? WHERE shop = ? AND id = ?"
_SNAPSHOTS = (
    "SELECT shop, facts_hash, snapshot FROM facts WHERE (shop, facts_hash) > (?, ?)"
    " ORDER BY shop, facts_hash LIMIT 500"
)
_DECIDED = (
    "SELECT decisions.seq, facts.snapshot FROM decisions JOIN facts"
    " ON facts.shop = decisions.shop AND facts.facts_hash = decisions.facts_hash"
    " WHERE decisions.shop = ? AND decisions.order_id = ? ORDER BY decisions.seq"
)
_REWRITE = "UPDATE facts SET snapshot = ? WHERE shop = ? AND facts_hash = ?"
_LABELS = (
    "SELECT shop, key, payload FROM outbox WHERE kind = 'warehouse.push' AND (shop, key) > (?, ?)"
    " ORDER BY shop, key LIMIT 500"
)
_RELABEL = "UPDATE outbox SET payload = ? WHERE shop = ? AND key = ?"

PERSONAL = frozenset(fact.name for point in POINTS for fact in point.facts if fact.personal)
"""What says something about a person in any question that we ask."""

_AS_EVER = {"name_hidden": 1, "phone_hidden": 6, "room_hidden": True}
"""How the label of a parcel was masked unless a shop hid more; what waits is masked like that."""


def seal_what_is_plain(line: Line) -> int:
    """Seal persons, and take what is personal out of facts and labels; how many persons.

    What a decision has seen of a person goes to that person, so that it can be made again. All of
    it in the transaction of `line`. Raises `KeyringError` without a keyring.
    """
    count = 0
    while plain := line.run(_PLAIN, ()):
        PersonRows(line).claim_keyring()
        for shop, person, document in plain:
            key = line.seals.drawn()
            seen = _seen(line, shop, person)
            row = sealed_row(line.seals, key, (shop, person, document, seen))
            line.write(_SEAL, [(*row[2:], shop, person)], "a person")
            line.write(ADD_TO_INDEX, index_rows(line.seals, shop, person, document), "a person")
        count += len(plain)
    _hide_facts(line)
    _hide_labels(line)
    return count


def _paged(line: Line, sql: str) -> Iterator[Row]:
    """All rows of a statement that goes on after the first two columns of the last one."""
    last: Row = ("", "")
    while page := line.run(sql, last[:2]):
        yield from page
        last = page[-1]


def _seen(line: Line, shop: str, person: str) -> str:
    shown = []
    for seq, snapshot in line.run(_DECIDED, (shop, order_of(person))):
        facts = json.loads(snapshot)
        personal = {name: facts[name] for name in PERSONAL & facts.keys()}
        shown.append((seq, {name: said for name, said in personal.items() if said is not None}))
    return written_seen(with_new([], shown))


def _hide_facts(line: Line) -> None:
    for shop, facts_hash, snapshot in _paged(line, _SNAPSHOTS):
        facts = json.loads(snapshot)
        said = [name for name in PERSONAL & facts.keys() if facts[name] is not None]
        if said:
            hidden = canonical_json(facts | dict.fromkeys(said))
            line.write(_REWRITE, [(hidden, shop, facts_hash)], "facts")


def _hide_labels(line: Line) -> None:
    for shop, key, text in _paged(line, _LABELS):
        payload = json.loads(text)
        if payload.pop("label", None) is not None:
            payload["mask"] = _AS_EVER
            line.write(_RELABEL, [(canonical_json(payload), shop, key)], "an effect")
