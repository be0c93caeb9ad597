"""`ordinance rules import`: what becomes of another engine's decision tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from ordinance.rules import RuleFileError
from ordinance.rules.interchange import Adopted, Glossary, Imported, Wishes, adopt
from ordinance.rules.interchange.names import theirs
from ordinance.rules.registry import points as known_points
from ordinance.rules.scalar import KIND_WORDS
from ordinance_adapters.cli import formats
from ordinance_adapters.cli.facts import facts_in
from ordinance_adapters.cli.failure import FAILED, Refused, listed, nearest
from ordinance_adapters.cli.formats import FORMAT_NAME, LOST

_WAYS_OUT = (
    "nothing was written; say what a name means with --map THEIRS=OURS, what a value means with "
    "--value NAME:THEIRS=OURS, and leave out rows that were not translated with --leave-out"
)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "format_name", type=FORMAT_NAME, help="Told by the file when left out.")
@click.option("--table", "table_name", help="The table to take, where the file holds several.")
@click.option("--facts", type=click.Path(path_type=Path), help="Ask the table about a JSON file.")
@click.option("--point", help="Make a rule file that answers this decision point.")
@click.option("--map", "maps", multiple=True, help="THEIRS=OURS, for a fact or an outcome field.")
@click.option("--value", "values", multiple=True, help="NAME:THEIRS=OURS, for a value of theirs.")
@click.option("--unknown", multiple=True, help="FIELD=VALUE of the outcome for unknown facts.")
@click.option("--otherwise", multiple=True, help="FIELD=VALUE where no row matches.")
@click.option("--leave-out", is_flag=True, help="Leave out rows that were not translated.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where the rule file goes.")
def import_(
    file: Path,
    format_name: str | None,
    table_name: str | None,
    facts: Path | None,
    point: str | None,
    maps: tuple[str, ...],
    values: tuple[str, ...],
    unknown: tuple[str, ...],
    otherwise: tuple[str, ...],
    leave_out: bool,
    output: Path | None,
) -> None:
    """Read the decision tables of FILE, and tell what of them could be translated.

    With --point a table becomes a rule file that answers a decision point of ours. Exit code 3:
    something was lost.
    """
    if point is None and (maps or values or unknown or otherwise or leave_out or output):
        raise click.UsageError("this is about a rule file; give --point as well")
    name, tables = formats.read(file, format_name)
    if point is not None:
        wishes = Wishes(
            Glossary(dict(_pairs(maps, "--map")), dict(_value_pairs(values))),
            dict(_pairs(unknown, "--unknown")),
            dict(_pairs(otherwise, "--otherwise")) or None,
            leave_out,
        )
        _adopt(_one(tables, table_name, file), point, wishes, output)
    elif facts is not None:
        _ask(_one(tables, table_name, file), facts)
    else:
        _report(tables if table_name is None else [_one(tables, table_name, file)], name)


def _one(tables: list[Imported], name: str | None, file: Path) -> Imported:
    if name is None and len(tables) == 1:
        return tables[0]
    names = [table.name for table in tables]
    if name is None:
        raise Refused(f"{file}: holds {len(names)} tables; give --table, {listed(names)}")
    for table in tables:
        if table.name == name:
            return table
    raise Refused(f"{file}: has no table `{name}`; {nearest(name, names)}")


def _report(tables: list[Imported], format_name: str) -> None:
    for table in tables:
        click.echo("\n".join(_told(table, format_name)))
    whole = sum(not table.untranslated for table in tables)
    click.echo(f"{whole} of {len(tables)} translated as a whole")
    raise SystemExit(0 if whole == len(tables) else LOST)


def _told(table: Imported, format_name: str) -> Iterator[str]:
    """What was read of a table, and everything that was not."""
    tree = table.ruleset.tree
    rows = f"{len(tree.rules)} rows, hit: {tree.hit}" if tree.rules else "no rows"
    yield f"{table.name} ({format_name}): {rows}"
    for fact in tree.point.facts:
        if fact.name not in table.originals:
            yield f"  fact: {theirs(fact.name)}, {KIND_WORDS[fact.kind]}"
    for field in tree.point.fields:
        said = [rule.then[field.name] for rule in tree.rules if field.name in rule.then]
        texts = dict.fromkeys(value for value in said if isinstance(value, str))
        kind = "a record" if field.arguments else KIND_WORDS[field.kind]
        yield f"  outcome: {theirs(field.name)}, {', '.join(texts) or kind}"
    for item in table.untranslated:
        yield f"  not translated: {item.cell}"
        yield f"    {item.reason}"
    for warning in table.warnings:
        yield f"  warning: {warning}"


def _ask(table: Imported, facts: Path) -> None:
    decision = table.ruleset.decide(facts_in(facts))
    output = table.output(decision)
    if output is None:
        open_ = listed(decision.unknown) or "a table that was not translated"
        raise Refused(f"`{table.name}` does not settle these facts: it hangs on {open_}")
    told = {"output": output, "rows": list(decision.fired)}
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))


def _adopt(table: Imported, point: str, wishes: Wishes, output: Path | None) -> None:
    known = known_points()
    if point not in known:
        raise Refused(f"no decision point `{point}`; {nearest(point, known)}")
    if output is not None and output.exists():
        raise Refused(f"{output}: is there already; give another name")
    try:
        made = adopt(table, known[point], wishes, file=f"{output or f'{point}.yaml'}")
    except RuleFileError as error:
        raise Refused(f"{error}\n{_WAYS_OUT}") from None
    if output is None:
        click.echo(made.text, nl=False)
    else:
        output.write_text(made.text, "utf-8")
        click.echo(f"wrote {output}: {made.rows} rules for {point}")
    _tell(table, made)
    if made.problems:
        raise SystemExit(FAILED)
    raise SystemExit(LOST if made.left_out else 0)


def _tell(table: Imported, made: Adopted) -> None:
    """What the merchant should know of a new rule file, beside it."""
    for line in (*table.warnings, *made.notes):
        click.echo(f"note: {line}", err=True)
    for line in made.left_out:
        click.echo(f"left out: {line}", err=True)
    for problem in made.problems:
        click.echo(f"{problem}", err=True)
    if made.problems:
        click.echo("the rule file is not in order yet; put this right in it", err=True)


def _pairs(texts: Iterable[str], option: str) -> Iterator[tuple[str, str]]:
    for text in texts:
        left, sign, right = text.rpartition("=")
        if not (sign and left.strip() and right.strip()):
            raise click.UsageError(f"{option} `{text}` is no pair; write it with `=` between")
        yield left.strip(), right.strip()


def _value_pairs(texts: Iterable[str]) -> Iterator[tuple[tuple[str, str], str]]:
    for left, ours in _pairs(texts, "--value"):
        name, sign, value = left.partition(":")
        if not sign:
            raise click.UsageError(f"--value `{left}={ours}` names nothing; write NAME:THEIRS=OURS")
        yield (name.strip(), value.strip()), ours
