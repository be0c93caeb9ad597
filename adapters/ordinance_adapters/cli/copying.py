"""`ordinance copy`: everything of one store into an empty one, proved."""

from __future__ import annotations

import json
import time
from typing import Any

import click

from ordinance.door import public
from ordinance_adapters.cli.emptied import emptied
from ordinance_adapters.cli.failure import Refused
from ordinance_adapters.cli.look import JSON, LANG
from ordinance_adapters.cli.opening import opened
from ordinance_adapters.cli.progress import progress
from ordinance_adapters.copying import Copied
from ordinance_adapters.copying import copy as copied_to


@click.command()
@click.argument("src")
@click.argument("dst")
@click.option("--even-so", is_flag=True, help="Copy a store in which the doctor finds something.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
@LANG
@JSON
def copy(src: str, dst: str, even_so: bool, quiet: bool, lang: str, as_json: bool) -> None:
    """Copy everything of the store SRC into the empty store DST, and prove it.

    Either is a path, or an address as postgresql://user@host/name. The content of both has to have
    the same SHA-256, and every invariant to hold in both. SRC is copied as of one commit, and is
    left as it is: stop those who write it before you go on with DST.
    """
    source = opened(src)
    if source is None:
        raise Refused(f"{public(src)}: there is no such store to be copied")
    try:
        began = time.monotonic()
        with emptied(dst) as target, progress("rows", quiet) as tell:
            done = copied_to(source, target.open, even_so=even_so, progress=tell)
        seconds = time.monotonic() - began
    finally:
        source.close()
    if as_json:
        click.echo(json.dumps(_plain(done), ensure_ascii=False, indent=2))
    else:
        click.echo(_text(done, lang))
    rows = done.stored.total
    click.echo(
        f"{rows} rows copied and proved in {seconds:.1f} s ({rows / max(seconds, 0.001):.0f} "
        "rows/s)",
        err=True,
    )
    if done.written_meanwhile:
        click.echo(
            f"警告: 复制期间 {public(src)} 又有写入; 请先停止所有写入者, 再复制到一个空库"
            if lang == "zh"
            else f"warning: {public(src)} was written after it was read; stop its writers and "
            "copy it again into an empty store, before that one is used",
            err=True,
        )


def _plain(done: Copied) -> dict[str, Any]:
    return {
        "rows": done.stored.rows,
        "sha256": {"source": done.read.digest, "target": done.stored.digest},
        "shops": done.stored.shops,
        "findings": [str(finding) for finding in done.findings],
        "written_meanwhile": done.written_meanwhile,
    }


def _text(done: Copied, lang: str) -> str:
    zh = lang == "zh"
    rows = {**done.stored.rows, "合计" if zh else "together": done.stored.total}
    lines = [f"{count:>12,}  {name}" for name, count in rows.items()]
    found = len(done.findings)
    lines += [
        "",
        f"{'原库' if zh else 'original'}  sha256 {done.read.digest}",
        f"{'副本' if zh else 'copy    '}  sha256 {done.stored.digest}",
    ]
    if found:
        lines.append(
            f"内容相同; 两边都有 {found} 处不符" if zh else f"equal; {found} findings in both"
        )
    else:
        lines.append(
            "内容相同; 两边全部核对相符" if zh else "equal, and everything adds up in both"
        )
    return "\n".join(lines)
