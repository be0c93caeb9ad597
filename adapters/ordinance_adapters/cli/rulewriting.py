"""`ordinance rules test | show | fmt | new | schema`: writing rule files and reading them again."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

import click

from ordinance.rules import Rulebook, RuleFileError, load
from ordinance.rules.law import is_law, law_on
from ordinance.rules.layout import fmt as laid_out
from ordinance.rules.reading import contents
from ordinance.rules.registry import points as known_points
from ordinance.rules.schema import json_schema
from ordinance.rules.starter import starter
from ordinance_adapters.cli.failure import Refused

LANG = click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True)


def loaded(path: Path, lang: str) -> Rulebook:
    """The rules of a file or folder; what is wrong with them is told in `lang`."""
    try:
        return load(path)
    except RuleFileError as error:
        raise Refused(error.text(lang)) from None


@click.command("test")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--coverage", is_flag=True, help="Also fail when a rule is fired by no test.")
@LANG
def test(path: Path, coverage: bool, lang: str) -> None:
    """Run the tests in a rule file or folder; exit code 1 when one fails."""
    failed = passed = unproven = 0
    for name, proof in loaded(path, lang).test().items():
        told = [trial.text(lang) for trial in proof.trials if not trial.passed]
        failed += len(told)
        passed += sum(trial.passed for trial in proof.trials)
        unproven += len(proof.never_fired) + (not proof.trials)
        if told or proof.never_fired or proof.proposed or not proof.trials:
            click.echo(name)
            for line in proof.text(lang).splitlines():
                if ": passed" not in line and ": 通过" not in line:
                    click.echo(f"  {line}")
    click.echo(
        f"{passed} 个通过, {failed} 个不符" if lang == "zh" else f"{passed} passed, {failed} failed"
    )
    if failed or (coverage and unproven):
        raise SystemExit(1)


@click.command("show")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--html", "as_html", is_flag=True, help="A page of its own instead of Markdown.")
@LANG
def show(path: Path, as_html: bool, lang: str) -> None:
    """Print a rule file or folder as a page that an auditor can read."""
    page = loaded(path, lang).page()
    click.echo(page.html(lang) if as_html else page.markdown(lang))


@click.command("fmt")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit 1 when needed.")
def fmt(paths: tuple[Path, ...], only_check: bool) -> None:
    """Bring rule files into the one canonical layout; comments stay, meaning never changes."""
    changed = seen = 0
    for file in _files(paths):
        seen += 1
        old = contents(file)
        new = laid_out(old, file=str(file)).encode("utf-8")
        if new == old:
            continue
        changed += 1
        click.echo(f"{'would change' if only_check else 'wrote'} {file}")
        if not only_check:
            _replace(file, new)
    files = "1 file" if seen == 1 else f"{seen} files"
    click.echo(f"{files}, {changed} {'would change' if only_check else 'changed'}")
    if only_check and changed:
        raise SystemExit(1)


def _replace(file: Path, data: bytes) -> None:
    """Put new contents in the place of a file: whole, or not at all."""
    target = file.resolve()
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with open(handle, "wb") as beside:
                beside.write(data)
            shutil.copymode(target, name)
            Path(name).replace(target)
        except OSError:
            Path(name).unlink()
            raise
    except OSError as error:
        raise Refused(f"{file}: cannot be written ({error.strerror})") from None


def _files(paths: tuple[Path, ...]) -> Iterator[Path]:
    for path in paths:
        if not path.exists():
            raise Refused(f"{path}: there is no such file or folder")
        yield from sorted(path.rglob("*.yaml")) if path.is_dir() else [path]


@click.command("new")
@click.argument("point")
@LANG
def new(point: str, lang: str) -> None:
    """Print a commented starter file for a decision point."""
    known = known_points()
    if point not in known:
        near = get_close_matches(point, known, n=1)
        hint = f"did you mean `{near[0]}`?" if near else "list them with `ordinance points`"
        raise Refused(f"no decision point `{point}`; {hint}")
    click.echo(starter(known[point], lang), nl=False)


@click.command("schema")
@click.argument("area", required=False)
def schema(area: str | None) -> None:
    """Print the JSON Schema of rule files: of one AREA (as review, or law), of one point (as
    review.risk) or of all but law.

    Save it, and begin a rule file with `# yaml-language-server: $schema=PATH`: an editor then
    completes and checks as one types.
    """
    known = list(known_points().values())
    if area is not None and (area == "law" or is_law(area)):
        known = [law_on(point) for point in known]
    chosen = [point for point in known if area in (None, point.area, point.name)]
    if not chosen:
        areas = ", ".join([*dict.fromkeys(point.area for point in known), "law"])
        raise Refused(f"no area `{area}`; use one of {areas}")
    click.echo(json.dumps(json_schema(chosen), ensure_ascii=False, indent=1))
