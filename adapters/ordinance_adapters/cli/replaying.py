"""`ordinance replay`: stored decisions made again, and compared byte for byte."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

import click

from ordinance.audit.why import NotExplained, remade
from ordinance.ports import StoredDecision
from ordinance.seen import Snapshots
from ordinance_adapters.cli.failure import FALSE, Refused
from ordinance_adapters.cli.look import DB, JSON, LANG, MOST_SHOWN, find
from ordinance_adapters.cli.opening import StoredShop, existing


@click.command()
@click.argument("order", required=False)
@click.option("--since", help="Only decisions made from then on: 2026-11-27, or an instant.")
@DB
@LANG
@JSON
def replay(order: str | None, since: str | None, db: str, lang: str, as_json: bool) -> None:
    """Make every stored decision again, or those of ORDER, from its facts and its rules.

    Ends with exit code 3 when one comes out otherwise than it is recorded. A decision whose facts
    or rules are not in the store any more is told as such.
    """
    shop = existing(db)
    try:
        made, differs, gone = 0, [], []
        snapshots = Snapshots(shop.storage, shop.shop)
        for decision in _decisions(shop, order, _instant(since, shop)):
            made += 1
            try:
                again = remade(decision, shop.storage, snapshots)
                if again.to_json() != decision.record:
                    differs.append(_about(shop, decision))
            except NotExplained as error:
                gone.append(f"{_about(shop, decision)}: {error}")
    finally:
        shop.storage.close()
    if as_json:
        told = {"decisions": made, "differs": differs, "not_replayable": gone}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        zh = lang == "zh"
        for each in differs[:MOST_SHOWN]:
            click.echo(f"{each}: 结果与记录不同" if zh else f"{each}: differs from its record")
        for each in gone[:MOST_SHOWN]:
            click.echo(f"{each} (无法重放)" if zh else f"{each} (not replayable)")
        same = made - len(differs) - len(gone)
        click.echo(
            f"重新决策 {made} 次: {same} 次逐字节相同, {len(differs)} 次不同, "
            f"{len(gone)} 次无法重放"
            if zh
            else f"{made} decisions: {same} made again byte for byte, {len(differs)} differ, "
            f"{len(gone)} not replayable"
        )
    if differs:
        raise SystemExit(FALSE)


def _decisions(
    shop: StoredShop, order: str | None, since: datetime | None
) -> Iterator[StoredDecision]:
    found = (
        shop.storage.all_decisions(shop.shop)
        if order is None
        else shop.storage.decisions(shop.shop, find(shop, order).id)
    )
    for decision in found:
        if since is None or decision.at >= since:
            yield decision


def _about(shop: StoredShop, decision: StoredDecision) -> str:
    found = shop.storage.find(shop.shop, decision.order_id)
    number = found.number if found is not None else decision.order_id
    return f"{number} {decision.point} {decision.seq}"


def _instant(text: str | None, shop: StoredShop) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(
            f"--since `{text}` is no instant; write 2026-11-27 or one with a time"
        ) from None
    return at if at.tzinfo is not None else at.replace(tzinfo=shop.zone)
