"""`ordinance init`: a folder of rules to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from ordinance_adapters.starter import write_starter


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Write the starter rule files, with comments, into FOLDER. Never overwrites."""
    for path in write_starter(folder):
        click.echo(f"wrote {path}")
    click.echo(f"edit them, then check them with `ordinance rules check {folder}`")
