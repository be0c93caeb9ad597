"""`ordinance rules export`: rule sets in the format of another engine."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click

from ordinance.rules import load
from ordinance.rules.interchange import on_day
from ordinance_adapters.cli.failure import Refused, nearest
from ordinance_adapters.cli.formats import FORMAT_NAME, FORMATS, LOST


@click.command("export")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--format", "format_name", type=FORMAT_NAME, required=True)
@click.option("--point", "points", multiple=True, help="Only this decision point; repeatable.")
@click.option("--at", "day", help="The day whose values `$names` get, as 2026-11-05; else today.")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True)
def export(
    path: Path, format_name: str, points: tuple[str, ...], day: str | None, output: Path
) -> None:
    """Write the rule sets of a rule file or folder in the format of another engine.

    A set is written whole or not at all. Exit code 3: a set was left out.
    """
    book = load(path)
    for name in points:
        if name not in book.sets:
            raise Refused(f"{path}: does not answer `{name}`; {nearest(name, book.sets)}")
    if output.exists():
        raise Refused(f"{output}: is there already; give another name")
    sets = [item for name, item in book.sets.items() if not points or name in points]
    when = _day(day)
    dated = [on_day(item, when) for item in sets]
    report = FORMATS[format_name].write([plain for plain, _ in dated], output)
    for plain, used in dated:
        if used and plain.point.name in report.tables:
            click.echo(f"note: {plain.point.name}: {', '.join(f'${n}' for n in used)} as of {when}")
    for note in report.notes:
        click.echo(f"note: {note}")
    for item in report.left_out:
        where = f"{item.where}: " if item.where else ""
        click.echo(f"left out: {item.table}: {where}{item.reason}")
    if not report.tables:
        raise Refused(f"{output}: not written, {format_name} can say none of these rule sets")
    click.echo(f"wrote {output}: {len(report.tables)} of {len(sets)} rule sets")
    raise SystemExit(LOST if report.left_out else 0)


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"--at `{text}` is no day; write 2026-11-05") from None
