"""`ordinance rules`: check and ask rule files, and publish them into a store."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from ordinance.rules import FactError, Rulebook
from ordinance.rules.decision import Plain
from ordinance_adapters.cli import (
    comparing,
    exporting,
    importing,
    publishing,
    rulechecking,
    rulehistory,
    rulewriting,
    shadowing,
)
from ordinance_adapters.cli.facts import facts_in
from ordinance_adapters.cli.failure import Refused


@click.group()
def rules() -> None:
    """Check, test, ask and publish rule files."""


for _command in (
    rulechecking.check,
    rulewriting.test,
    rulewriting.show,
    rulewriting.fmt,
    rulewriting.new,
    rulewriting.schema,
    importing.import_,
    exporting.export,
    publishing.publish,
    publishing.approve,
    publishing.rollback,
    rulehistory.history,
    rulehistory.status,
    publishing.fetch,
    publishing.approval,
    comparing.diff,
    shadowing.shadow,
):
    rules.add_command(_command)


@rules.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--facts",
    "facts_file",
    required=True,
    type=click.Path(path_type=Path),
    help="A JSON file; - reads standard input.",
)
@click.option("--point", help="Needed when the file answers several decision points.")
@click.option("--at", help="The moment of deciding, as 2026-11-05T10:00:00+08:00.")
@click.option("--explain", "explained", is_flag=True, help="Also tell why and why not.")
@rulewriting.LANG
@click.option("--json", "as_json", is_flag=True)
def decide(
    file: Path,
    facts_file: Path,
    point: str | None,
    at: str | None,
    explained: bool,
    lang: str,
    as_json: bool,
) -> None:
    """Decide on the facts of a JSON file by the rules of FILE."""
    book = rulewriting.loaded(file, lang)
    moment = _moment(at)
    facts = facts_in(facts_file)
    name = _point(book, point)
    try:
        decision = book.decide(facts, at=moment, point=name)
    except FactError as error:
        raise Refused(error.text(lang)) from None
    if as_json:
        told: dict[str, object] = {"decision": decision.record()}
        if explained:
            told["explanation"] = book.explain(decision, facts, at=moment).plain(lang)
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    if explained:
        click.echo(book.explain(decision, facts, at=moment).text(lang))
        return
    outcome = ", ".join(f"{key}: {_written(value)}" for key, value in decision.outcome.items())
    click.echo(f"{decision.point}: {outcome} ({', '.join(decision.fired) or decision.settled_by})")


def _written(value: Plain) -> str:
    """A value of an outcome as a rule file writes it."""
    if isinstance(value, list):
        return f"[{', '.join(_written(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_written(item)}' for key, item in value.items())}}}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _point(book: Rulebook, point: str | None) -> str | None:
    if point is not None and point not in book.sets:
        raise Refused(f"this file does not answer `{point}`; it answers {', '.join(book.sets)}")
    if point is None and len(book.sets) > 1:
        raise Refused(
            f"this file answers several points; give --point, one of {', '.join(book.sets)}"
        )
    return point


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(f"--at `{text}` is no time; write 2026-11-05T10:00:00+08:00") from None
    if moment.tzinfo is None:
        whole = moment.isoformat(timespec="minutes")
        raise Refused(f"--at `{text}` has no time zone; write {whole}+08:00")
    return moment
