"""`ordinance rules diff`: what two versions say otherwise, and which orders it would move."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import click

from ordinance.releases.rehearsal import Answer, Example, Rehearsal, different_fields, rehearse
from ordinance.rules import Ruleset
from ordinance.rules.checking import Difference, differences
from ordinance.rules.decision import Plain
from ordinance.rules.page.changes import Changed, changes
from ordinance_adapters.cli import opening
from ordinance_adapters.cli.look import DB, JSON, LANG
from ordinance_adapters.cli.publishing import Counter, counter
from ordinance_adapters.cli.sides import common, side

VERBS = {
    "added": ("新增", "added"),
    "removed": ("删除", "removed"),
    "changed": ("修改", "changed"),
}


@click.command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--orders", is_flag=True, help="Also decide the stored decisions again by both.")
@DB
@LANG
@JSON
def diff(old: str, new: str, orders: bool, db: str, lang: str, as_json: bool) -> None:
    """Tell what NEW says otherwise than OLD; each is a version, `live` or a path."""
    with counter(opening.existing(db), lang) as at:
        before, after = side(at, old), side(at, new)
        one, other = common(before, after)
        found = rehearse(at.shop.storage, at.shop.shop, one, other) if orders else None
        if as_json:
            told: dict[str, Plain] = {"points": _plain_points(at, one, other)}
            if found is not None:
                told["orders"] = [_plain_orders(at, item) for item in found]
            click.echo(json.dumps(told, ensure_ascii=False, indent=2))
            return
        lines = list(_points(at, one, other))
        click.echo(
            "\n".join(lines)
            if lines
            else at.say(
                f"{before.name}与{after.name}说的一样",
                f"{before.name} and {after.name} say the same",
            )
        )
        if found is not None:
            click.echo("\n".join(_orders(at, found)))


def _points(at: Counter, old: Mapping[str, Ruleset], new: Mapping[str, Ruleset]) -> Iterator[str]:
    for point in sorted({*old, *new}):
        if point not in old or point not in new:
            verb = VERBS["removed" if point in old else "added"][at.lang == "en"]
            yield f"{point}: {verb}"
            continue
        found = changes(old[point].tree, new[point].tree, at.lang)
        if not found:
            continue
        yield point
        for item in found:
            yield from _changed(at, item)
        for difference in _regions(at, old[point], new[point]):
            yield from (f"  {line}" for line in difference.text(at.lang).splitlines())


def _regions(at: Counter, old: Ruleset, new: Ruleset) -> list[Difference]:
    """The regions of input whose outcome changes, each with an example."""
    return differences(old.tree, new.tree, zone=at.shop.zone)


def _changed(at: Counter, item: Changed) -> Iterator[str]:
    place = f"  ({item.place.file}:{item.place.line})" if item.place else ""
    yield f"  {VERBS[item.kind][at.lang == 'en']}: {item.what}{place}"
    yield from (f"    - {line}" for line in item.old)
    yield from (f"    + {line}" for line in item.new)


def _orders(at: Counter, found: list[Rehearsal]) -> Iterator[str]:
    if not found:
        yield at.say("没有决策会不同", "no decision would come out otherwise")
    for item in found:
        yield at.say(
            f"{item.point}: 重做 {item.decided} 次决策, {item.differ} 次结果不同 "
            f"({item.orders} 张订单)",
            f"{item.point}: {item.decided} decisions made again, {item.differ} come out otherwise "
            f"({_count(item.orders)})",
        )
        if item.lost:
            yield at.say(
                f"  {item.lost} 次决策的事实已不在库中",
                f"  {item.lost} decisions whose facts are not in the store any more",
            )
        for (old, new), count in sorted(item.pairs.items(), key=lambda pair: (-pair[1], pair[0])):
            was, now = (at.outcome(item.point, word) for word in (old, new))
            yield f"  {count:>7,}  {was} -> {now}"
            for example in item.examples:
                if (example.old.word, example.new.word) == (old, new):
                    yield from _example(at, example)


def _count(orders: int) -> str:
    return "1 order" if orders == 1 else f"{orders} orders"


def _example(at: Counter, example: Example) -> Iterator[str]:
    number, when = _order(at, example)
    fired = " -> ".join(_fired(item) for item in (example.old, example.new))
    yield f"           {number}  {when}  {fired}"
    if example.old.word == example.new.word:
        for name, was, now in different_fields(example.old.outcome, example.new.outcome):
            yield f"             {name}: {was} -> {now}"


def _fired(item: Answer) -> str:
    if item.decision is None:
        return item.outcome
    return "+".join(item.fired) or item.decision.settled_by


def _order(at: Counter, example: Example) -> tuple[str, str]:
    stored = example.stored
    order = at.shop.storage.find(stored.shop, stored.order_id)
    when = stored.at.astimezone(at.shop.zone).isoformat(sep=" ", timespec="minutes")[:16]
    return (stored.order_id if order is None else order.number), when


def _plain_points(
    at: Counter, old: Mapping[str, Ruleset], new: Mapping[str, Ruleset]
) -> list[Plain]:
    told: list[Plain] = []
    for point in sorted({*old, *new}):
        if point not in old or point not in new:
            told.append({"point": point, "kind": "removed" if point in old else "added"})
            continue
        found = changes(old[point].tree, new[point].tree, at.lang)
        if found:
            told.append(
                {
                    "point": point,
                    "kind": "changed",
                    "hashes": [old[point].hash, new[point].hash],
                    "changes": [_plain_changed(item) for item in found],
                    "regions": [
                        _plain_region(item, at.lang)
                        for item in _regions(at, old[point], new[point])
                    ],
                }
            )
    return told


def _plain_region(item: Difference, lang: str) -> Plain:
    sides: dict[str, Plain] = {
        name: None
        if side is None
        else {"outcome": dict(side.outcome), "fired": list(side.fired), "by": side.settled_by}
        for name, side in (("old", item.old), ("new", item.new))
    }
    return {
        "kind": item.sort,
        "where": item.where.get(lang),
        "example": item.example.get(lang) if item.example else None,
        "at": item.at.isoformat() if item.at else None,
        **sides,
    }


def _plain_changed(item: Changed) -> Plain:
    return {
        "kind": item.kind,
        "what": item.what,
        "old": list(item.old),
        "new": list(item.new),
        "place": str(item.place) if item.place else None,
    }


def _plain_orders(at: Counter, item: Rehearsal) -> Plain:
    return {
        "point": item.point,
        "decided": item.decided,
        "differ": item.differ,
        "orders": item.orders,
        "lost": item.lost,
        "pairs": [
            {"old": old, "new": new, "count": count}
            for (old, new), count in sorted(item.pairs.items())
        ],
        "examples": [_plain_example(at, example) for example in item.examples],
    }


def _plain_example(at: Counter, example: Example) -> Plain:
    number, when = _order(at, example)
    return {
        "order": number,
        "seq": example.stored.seq,
        "at": when,
        "old": _plain_answer(example.old),
        "new": _plain_answer(example.new),
    }


def _plain_answer(item: Answer) -> Plain:
    return {
        "word": item.word,
        "outcome": json.loads(item.outcome),
        "fired": list(item.fired),
    }
