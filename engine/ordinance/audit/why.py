"""Why and why not: a stored decision explained from the facts and rules it was made with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from ordinance.ports import Storage, StoredDecision, StoredOrder
from ordinance.rules import Decision, Facts, Ruleset, loads
from ordinance.rules.decision import Plain
from ordinance.rules.explaining.explanation import Explanation
from ordinance.rules.problem import RuleFileError
from ordinance.seen import Erased, NotSeen, Snapshots

SOURCE = "allocation.source"
MOST_NAMED = 20
"""Warehouses that a text names; a marketplace has a thousand."""


class NotExplained(Exception):
    """A decision whose facts or rules are not in the store any more, or cannot be read."""


class PersonErased(NotExplained):
    """A decision that was made on what its person told, and the person was erased."""


@dataclass(frozen=True, slots=True)
class Replay:
    """A stored decision made again."""

    decision: StoredDecision
    same: bool
    """Whether the record came out byte for byte the same."""
    explanation: Explanation


@lru_cache(maxsize=256)
def _ruleset(source: str, file: str, point: str) -> Ruleset:
    return loads(source, file=file).sets[point]


def replay(
    decision: StoredDecision, storage: Storage, snapshots: Snapshots | None = None
) -> Replay:
    """Decide again from the stored facts and the stored rule source, and explain.

    Whoever replays many hands in the same `snapshots` each time, which remember the last person.
    Raises `NotExplained` when either is not in the store.
    """
    ruleset, facts, moment = _materials(decision, storage, snapshots)
    again = ruleset.decide(facts, at=moment)
    return Replay(
        decision,
        _as_recorded(again, decision, ruleset, facts).to_json() == decision.record,
        ruleset.explain(again, facts, at=moment),
    )


def remade(
    decision: StoredDecision, storage: Storage, snapshots: Snapshots | None = None
) -> Decision:
    """The decision made again from the stored facts and the stored rule source; see `replay`.

    Raises `NotExplained` when either is not in the store.
    """
    ruleset, facts, moment = _materials(decision, storage, snapshots)
    return _as_recorded(ruleset.decide(facts, at=moment), decision, ruleset, facts)


def _as_recorded(
    again: Decision, decision: StoredDecision, ruleset: Ruleset, facts: Facts
) -> Decision:
    """A record from before personal values were kept out of the hash has the hash with them."""
    if again.facts_hash == decision.facts_hash:
        return again
    with_persons = ruleset.hash_with_persons(facts)
    return replace(again, facts_hash=with_persons) if with_persons == decision.facts_hash else again


def _materials(
    decision: StoredDecision, storage: Storage, snapshots: Snapshots | None
) -> tuple[Ruleset, Facts, datetime | None]:
    """What a decision was made with: the rules, the facts and the moment."""
    rules = storage.rules(decision.shop, decision.rules_hash)
    snapshot = storage.facts(decision.shop, decision.facts_hash)
    if rules is None or snapshot is None:
        missing = "rules" if rules is None else "facts"
        raise NotExplained(f"the {missing} of {decision.point} are not in the store")
    try:
        ruleset = _ruleset(rules.source, rules.file, decision.point)
    except RuleFileError as error:
        first = str(error).partition("\n")[0]
        raise NotExplained(
            f"{decision.point}: its rules say what this version no longer takes: {first}"
        ) from error
    known = snapshots or Snapshots(storage, decision.shop)
    try:
        told = known.whole(decision.order_id, decision.seq, snapshot)
    except Erased as error:
        raise PersonErased(f"{decision.point}: {error}") from error
    except NotSeen as error:
        raise NotExplained(f"{decision.point}: {error}") from error
    facts = Facts.from_snapshot(told, ruleset.point)
    at = json.loads(decision.record)["at"]
    return ruleset, facts, datetime.fromisoformat(at) if at else None


def chosen(order: StoredOrder, storage: Storage, point: str | None) -> list[StoredDecision]:
    """The decisions of an order, all or those of one point; raises `NotExplained` for none."""
    made = storage.decisions(order.shop, order.id)
    found = [decision for decision in made if point is None or decision.point == point]
    if not found:
        asked = ", ".join(dict.fromkeys(decision.point for decision in made))
        raise NotExplained(
            f"order {order.number} has no decision `{point}`; it has: {asked or 'none'}"
        )
    return found


def text(order: StoredOrder, storage: Storage, point: str | None, lang: str) -> str:
    """Every chosen decision explained, one after the other."""
    parts = []
    snapshots = Snapshots(storage, order.shop)
    for decision in chosen(order, storage, point):
        try:
            again = replay(decision, storage, snapshots)
        except PersonErased:
            parts.append(_erased(decision, lang))
            continue
        warning = "" if again.same else _differs(lang)
        empty = _empty_handed(without_goods(again, storage), lang)
        parts.append(again.explanation.text(lang) + empty + warning)
    return "\n\n".join(parts)


def plain(
    order: StoredOrder, storage: Storage, point: str | None, lang: str
) -> list[dict[str, Plain]]:
    """Every chosen decision with its record, its facts and its explanation as plain values."""
    found: list[dict[str, Plain]] = []
    snapshots = Snapshots(storage, order.shop)
    for decision in chosen(order, storage, point):
        try:
            again = replay(decision, storage, snapshots)
        except PersonErased:
            found.append(
                {
                    "point": decision.point,
                    "seq": decision.seq,
                    "record": json.loads(decision.record),
                    "person_erased": True,
                }
            )
            continue
        facts = storage.facts(decision.shop, decision.facts_hash)
        empty = without_goods(again, storage)
        found.append(
            {
                "point": decision.point,
                "seq": decision.seq,
                "record": json.loads(decision.record),
                "facts": json.loads(facts or "{}"),
                "replayed_equal": again.same,
                "explanation": again.explanation.plain(lang),
                **({"without_goods": list(empty)} if empty else {}),
            }
        )
    return found


def without_goods(made: Replay, storage: Storage) -> tuple[str, ...]:
    """The warehouses that were no candidates when one was chosen, sorted.

    A warehouse is a candidate with the first whole unit that it could promise of the order, so
    that nothing has to be ranked a thousand times for nothing. The others are those of which the
    stock has a counter; one that was opened later could not promise anything then either.
    """
    if made.decision.point != SOURCE:
        return ()
    asked = {candidate.code for candidate in made.explanation.candidates}
    places = {level.warehouse for level in storage.stock(made.decision.shop)}
    return tuple(sorted(places - asked))


def _empty_handed(codes: Sequence[str], lang: str) -> str:
    if not codes:
        return ""
    named, more = ", ".join(codes[:MOST_NAMED]), len(codes) - MOST_NAMED
    if lang == "zh":
        rest = f" 等 {len(codes)} 个仓" if more > 0 else ""
        return f"\n不是候选\n  {named}{rest}: 本单所需, 一件也不可售"
    rest = f" and {more} more" if more > 0 else ""
    return f"\nNo candidates\n  {named}{rest}: could not promise one unit of it"


def _erased(decision: StoredDecision, lang: str) -> str:
    if lang == "zh":
        return (
            f"{decision.point}: {decision.outcome}\n"
            "  本单的个人信息已删除, 该决策所见的也随之删除; 记录仍在, 无法重做"
        )
    return (
        f"{decision.point}: {decision.outcome}\n  the person was erased, and with them what this "
        "decision has seen of them; its record stays, and cannot be made again"
    )


def _differs(lang: str) -> str:
    if lang == "zh":
        return "\n  注意: 重新决策的结果与记录不同"
    return "\n  note: deciding again gave another record than the stored one"
