"""DMN files for tests, made from their cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from ordinance.rules.interchange import Imported, read_dmn

MODELS = {
    "1.1": "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "1.2": "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "1.3": "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "1.4": "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "1.5": "https://www.omg.org/spec/DMN/20230324/MODEL/",
}


def table(
    rows: Sequence[tuple[Sequence[str], Sequence[str]]],
    *,
    inputs: Sequence[tuple[str, str]] = (("total", "number"),),
    outputs: str = '<output name="result" />',
    policy: str = 'hitPolicy="UNIQUE"',
) -> str:
    """A decision table; `inputs` are expressions with their types, and rows are called r1, r2."""
    head = "".join(
        f"<input><inputExpression{_type(kind)}><text>{escape(text)}</text></inputExpression></input>"
        for text, kind in inputs
    )
    body = "".join(
        f'<rule id="r{number}">'
        + _entries("inputEntry", cells)
        + _entries("outputEntry", said)
        + "</rule>"
        for number, (cells, said) in enumerate(rows, start=1)
    )
    return f"<decisionTable {policy}>{head}{outputs}{body}</decisionTable>"


def definitions(
    *decisions: str, version: str = "1.3", data: Mapping[str, str] | None = None
) -> str:
    """A file of decisions; `data` holds the names of inputs with their types."""
    inputs = "".join(
        f"<inputData id='i{number}' name={quoteattr(name)}>"
        f"<variable name={quoteattr(name)}{_type(kind)} /></inputData>"
        for number, (name, kind) in enumerate((data or {}).items(), start=1)
    )
    found = "".join(
        text
        if text.startswith("<decision ")
        else f'<decision id="d{n}" name="d{n}">{text}</decision>'
        for n, text in enumerate(decisions, start=1)
    )
    head = f'<definitions xmlns="{MODELS[version]}" name="shop" namespace="urn:shop">'
    return f"{head}{inputs}{found}</definitions>"


def read(folder: Path, text: str) -> list[Imported]:
    """The tables of a file with this text."""
    path = folder / "shop.dmn"
    path.write_text(text, encoding="utf-8")
    return read_dmn(path)


def read_one(folder: Path, text: str) -> Imported:
    """The only table of a file with this decision table."""
    (imported,) = read(folder, definitions(text))
    return imported


def _entries(name: str, texts: Sequence[str]) -> str:
    return "".join(f"<{name}><text>{escape(text)}</text></{name}>" for text in texts)


def _type(kind: str) -> str:
    return f" typeRef={quoteattr(kind)}" if kind else ""
