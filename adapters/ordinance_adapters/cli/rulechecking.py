"""`ordinance rules check`: everything that is wrong, or could be better, in rule files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import click

from ordinance.rules import Problem, Rulebook, RuleFileError, load
from ordinance.rules.checking import book_findings, of_tests, over_on
from ordinance.rules.problem import SEVERITIES, gravity
from ordinance_adapters.cli import rulewriting
from ordinance_adapters.cli.failure import Refused

_COUNTED = {
    "en": {
        "error": ("error", "errors"),
        "warning": ("warning", "warnings"),
        "note": ("note", "notes"),
    },
    "zh": {"error": ("个错误",) * 2, "warning": ("个警告",) * 2, "note": ("个提示",) * 2},
}


@click.command("check")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@click.option("--notes", is_flag=True, help="Also print notes: gaps, shorter ways, tests to add.")
@click.option("--quiet", is_flag=True, help="Print what is wrong, and nothing else.")
@click.option("--json", "as_json", is_flag=True, help="All of it as JSON, notes too.")
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day by which rules are over; the day of this machine unless given.",
)
@rulewriting.LANG
def check(
    path: Path,
    strict: bool,
    notes: bool,
    quiet: bool,
    as_json: bool,
    today: datetime | None,
    lang: str,
) -> None:
    """Check a rule file or folder: what it says, what that means, and its tests.

    Exit code 1 when there is an error, with --strict also when there is a warning.
    """
    day = (today or datetime.now(UTC).astimezone()).date()
    book: Rulebook | None = None
    try:
        book = load(path)
        found = in_order([*book.warnings, *_of_sets(book, day)])
    except RuleFileError as error:
        if not as_json:
            raise Refused(error.text(lang)) from None
        found = list(error.problems)
    if as_json:
        click.echo(json.dumps(_plain(book, found, lang), ensure_ascii=False, indent=2))
    elif book is not None:
        _tell(book, found, lang, notes=notes, quiet=quiet)
    failing = ("error", "warning") if strict else ("error",)
    if any(problem.severity in failing for problem in found):
        raise SystemExit(1)


def _of_sets(book: Rulebook, today: date) -> Iterator[Problem]:
    found = book_findings({name: ruleset.tree for name, ruleset in book.sets.items()})
    for name, ruleset in book.sets.items():
        yield from found[name]
        yield from over_on(ruleset.tree, today)
        yield from of_tests(ruleset.tree, ruleset.test())


def in_order(problems: Sequence[Problem]) -> list[Problem]:
    """Problems by file and place, at one place the gravest first."""

    def key(problem: Problem) -> tuple[str, int, int, int]:
        place = problem.place
        where = ("", 0, 0) if place is None else (place.file, place.line, place.column)
        return (*where, gravity(problem))

    return sorted(problems, key=key)


def _tell(book: Rulebook, found: Sequence[Problem], lang: str, *, notes: bool, quiet: bool) -> None:
    shown = [problem for problem in found if notes or problem.severity != "note"]
    last = None
    for problem in shown:
        file = problem.place.file if problem.place else None
        if last is not None and file != last:
            click.echo()
        last = file or last
        click.echo(problem.text(lang))
    if quiet:
        return
    zh = lang == "zh"
    if shown:
        click.echo()
    for name, ruleset in book.sets.items():
        count = len(ruleset.tree.rules)
        rules = f"{count} 条规则" if zh else f"{count} {'rule' if count == 1 else 'rules'}"
        click.echo(f"{name:<22} {rules}  {ruleset.hash[:12]}  {ruleset.file}")
    hidden = len(found) - len(shown)
    if hidden:
        many = _count(hidden, "note", lang)
        click.echo(f"另有 {many}, 用 --notes 查看" if zh else f"{many}: see with --notes")
    click.echo(_summary(book, found, lang))


def _summary(book: Rulebook, found: Sequence[Problem], lang: str) -> str:
    """One line: in order, or how many errors and warnings there are."""
    zh, sets = lang == "zh", len(book.sets)
    parts = []
    for severity in ("error", "warning"):
        count = sum(problem.severity == severity for problem in found)
        if count:
            parts.append(_count(count, severity, lang))
    if not parts:
        if zh:
            return f"{sets} 套规则没有问题"
        return "1 rule set is in order" if sets == 1 else f"{sets} rule sets are in order"
    told = ("、" if zh else ", ").join(parts)
    if zh:
        return f"{sets} 套规则: {told}"
    return f"{sets} rule {'set' if sets == 1 else 'sets'}: {told}"


def _count(count: int, severity: str, lang: str) -> str:
    one, many = _COUNTED[lang][severity]
    return f"{count} {one if count == 1 else many}"


def _plain(book: Rulebook | None, found: Sequence[Problem], lang: str) -> dict[str, object]:
    sets = {} if book is None else book.sets
    return {
        "sets": [
            {
                "point": name,
                "rules": len(ruleset.tree.rules),
                "hash": ruleset.hash,
                "file": ruleset.file,
            }
            for name, ruleset in sets.items()
        ],
        "problems": [_problem(problem, lang) for problem in found],
        **{
            f"{severity}s": sum(problem.severity == severity for problem in found)
            for severity in SEVERITIES
        },
    }


def _problem(problem: Problem, lang: str) -> dict[str, object]:
    place = problem.place
    return {
        "code": problem.code,
        "severity": problem.severity,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "message": problem.words(lang),
        "help": problem.way_out(lang),
        "example": problem.example_in(lang),
    }
