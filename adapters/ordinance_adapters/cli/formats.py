"""The foreign formats of rule sets, by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from ordinance.rules import RuleFileError, Ruleset
from ordinance.rules.interchange import (
    Imported,
    Written,
    read_business_rules,
    read_dmn,
    read_jdm,
    read_table,
    write_business_rules,
    write_dmn,
    write_jdm,
    write_table,
)
from ordinance_adapters.cli.failure import Refused, listed

LOST = 3
"""The exit code where all was done, but something could not be said in the other format."""


@dataclass(frozen=True, slots=True)
class Format:
    """A foreign format: the suffixes of its files, its reader and its writer."""

    suffixes: tuple[str, ...]
    read: Callable[[Path], list[Imported]]
    write: Callable[[Sequence[Ruleset], Path], Written]


FORMATS = {
    "jdm": Format((".json",), read_jdm, write_jdm),
    "dmn": Format((".dmn", ".xml"), read_dmn, write_dmn),
    "business-rules": Format((".json",), read_business_rules, write_business_rules),
    "table": Format((".csv", ".xlsx"), read_table, write_table),
}
"""Where several have one suffix, the first that can read a file is taken."""

FORMAT_NAME = click.Choice([*FORMATS])


def read(file: Path, name: str | None) -> tuple[str, list[Imported]]:
    """The format of a file, unless it is given, and the tables in it. Raises `Refused`."""
    suffix = file.suffix.lower()
    fitting = [known for known, item in FORMATS.items() if suffix in item.suffixes]
    names = fitting if name is None else [name]
    if not names:
        raise Refused(f"{file}: its name tells no format; give --format, {listed(FORMATS)}")
    refused = []
    for known in names:
        try:
            return known, FORMATS[known].read(file)
        except RuleFileError as error:
            refused.append(f"{error}" if len(names) == 1 else f"as {known}: {error}")
    raise Refused("\n".join(refused))
