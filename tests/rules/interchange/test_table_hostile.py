"""Hostile files are refused with a reason before they can fill the memory, or read without harm."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ordinance.rules.interchange import read_table
from ordinance.rules.interchange.sheets.cells import MOST_CELLS, MOST_ROWS
from ordinance.rules.problem import RuleFileError
from tests.rules.interchange.table_files import HEAD, from_csv, inline, only_report, workbook


def refusal(path: Path) -> str:
    """Why a file is refused."""
    with pytest.raises(RuleFileError) as refused:
        read_table(path)
    (problem,) = refused.value.problems
    assert problem.place is not None and problem.place.file == str(path)
    return problem.message


TEXTS: dict[str, tuple[bytes, str]] = {
    "blank": (b"\xef\xbb\xbf \r\n,,\r\n", "the file is blank"),
    "nothing": (b"", "the file is blank"),
    "a zero byte": (b"id,a\0\n", "the character '\\x00' is no text"),
    "an escape": (b"id,\x1b[2J\n", "the character '\\x1b' is no text"),
    "no encoding": (b"id,a\n\xff\xff,1\n", "byte 5 is neither UTF-8 nor GB18030"),
    "an open quote": (b'id,a,\xe2\x86\x92 b\nR1,"1,2\n', "the quote that begins a cell is not"),
    "after a quote": (b'id,a,\xe2\x86\x92 b\nR1,"1"x,2\n', "after the quote that ends a cell"),
    "rows": (b"a,\xe2\x86\x92 b\n" + b"1,2\n" * 6_000, f"the table has more than {MOST_ROWS} rows"),
    "cells": (
        b"a,\xe2\x86\x92 b\n" + (b"1," * 150 + b"\n") * 100,
        f"the file has more than {MOST_CELLS} cells",
    ),
    "columns": (b"a," * 300, "the table has more than 200 columns"),
    "commas": (b"a,\xe2\x86\x92 b\n" + b"," * 500_000, "the file has more than 200000 cells"),
    "lines": (b"\n" * 500_000, "the file has more than 200000 cells"),
    "a long cell": (b"a,\xe2\x86\x92 b\n" + b"x" * 5_000, "a cell has more than 4000 characters"),
    "large": (b" " * 3_000_000, "the file has 3000000 bytes, more than 2097152"),
    "a workbook": (b"PK\x03\x04", "this is a workbook, not a CSV file"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_text_is_refused(name: str, tmp_path: Path) -> None:
    data, message = TEXTS[name]
    path = tmp_path / "fees.csv"
    path.write_bytes(data)

    assert message in refusal(path)


def _parts(name: str) -> Callable[[Path], Path]:
    return lambda folder: workbook(folder, HEAD, parts={name: "x"})


def _rows(
    rows: str, *, texts: str = "", after: str = "", prologue: str = ""
) -> Callable[..., Path]:
    return lambda folder: workbook(folder, rows, texts=texts, after=after, prologue=prologue)


WORKBOOKS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a cell in the last corner": (
        _rows(f'{HEAD}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "the table has more than 200 columns",
    ),
    "rows": (
        _rows("".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 6_000))),
        f"the table has more than {MOST_ROWS} rows",
    ),
    "blank rows": (_rows("<row/>" * 250_000), "a sheet has more than 200000 cells and marks"),
    "blank cells": (_rows("<row>" + "<c/>" * 250_000 + "</row>"), "a sheet has more than 200000"),
    "a bomb of blanks": (_rows(HEAD + " " * 20_000_000), "unpacked, the file has more than 8 MiB"),
    "a bomb of text": (
        _rows(f'<row r="1">{inline("A1", "x" * 20_000_000)}</row>'),
        "a cell has more than 4000 characters",
    ),
    "one text many times": (
        _rows(
            "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 100)),
            texts=f"<si><t>{'x' * 3_900}</t></si>",
        ),
        "the file has more than 131072 characters",
    ),
    "many texts": (_rows(HEAD, texts="<si/>" * 30_000), "131072 characters or 20000 texts"),
    "depth": (_rows("<a>" * 100_000), "elements are nested more than 32 deep"),
    "entities": (
        _rows(HEAD, prologue='<!DOCTYPE a [<!ENTITY a "ha">]>'),
        "a part of the workbook has a document type",
    ),
    "no XML": (_rows("<row"), "a part of the workbook is not XML"),
    "rows out of order": (
        _rows('<row r="2"/><row r="1"/>'),
        "the rows of a sheet are not in order",
    ),
    "a cell twice": (
        _rows(f'<row r="1">{inline("A1", "a")}{inline("A1", "b")}</row>'),
        "the cells of a sheet are not in order",
    ),
    "a wrong address": (_rows(f'<row r="1">{inline("A2", "a")}</row>'), "has a wrong address"),
    "merges": (
        _rows(HEAD, after="<mergeCells>" + '<mergeCell ref="A1:A9"/>' * 2_000 + "</mergeCells>"),
        "more than 1000 ranges are merged or hidden",
    ),
    "macros": (_parts("xl/vbaProject.bin"), "the file holds macros"),
    "old macros": (_parts("xl/macrosheets/sheet1.xml"), "the file holds macros"),
    "other files": (_parts("xl/externalLinks/externalLink1.xml"), "takes values from other files"),
}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_hostile_workbook_is_refused(name: str, tmp_path: Path) -> None:
    made, message = WORKBOOKS[name]

    assert message in refusal(made(tmp_path))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "this is not an XLSX file"),
        (b"id,a\n", "this is not an XLSX file"),
        (b"PK\x03\x04" + b"x" * 100, "this is not an XLSX file"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "this is an old `.xls` file, or one with a password"),
        (b"x" * 5_000_000, "the file has 5000000 bytes, more than 4194304"),
    ],
)
def test_what_is_no_workbook_is_refused(data: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "fees.xlsx"
    path.write_bytes(data)

    assert refusal(path).startswith(message)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_parts_that_no_spreadsheet_writes_are_refused(tmp_path: Path) -> None:
    twice, many = workbook(tmp_path, HEAD), tmp_path / "many.xlsx"
    with zipfile.ZipFile(twice, "a") as file:
        file.writestr("XL/Sheet.xml", "x")
    with zipfile.ZipFile(many, "w") as file:
        for number in range(1_500):
            file.writestr(f"{number}", "")

    assert refusal(twice) == "the part `XL/Sheet.xml` is there twice"
    assert refusal(many) == "the file has more than 1000 parts"


def test_a_damaged_part_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path, HEAD)
    data = bytearray(path.read_bytes())
    at = data.index(b"xl/sheet.xml") + 30
    data[at : at + 20] = b"\xff" * 20
    path.write_bytes(bytes(data))

    assert "is damaged" in refusal(path)


@pytest.mark.parametrize("name", ["fees.xlsm", "fees.xls", "fees.ods", "fees"])
def test_other_endings_are_refused(name: str, tmp_path: Path) -> None:
    assert refusal(tmp_path / name).startswith("tables stand in `.csv` and `.xlsx` files, not in")


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    pipe, folder = tmp_path / "pipe.csv", tmp_path / "folder.xlsx"
    os.mkfifo(pipe)
    folder.mkdir()

    for path in (pipe, folder, tmp_path / "none.csv"):
        assert refusal(path).startswith("the file cannot be read")


CELLS = {
    "brackets": ("(" * 3_900, "brackets are nested too deeply"),
    "closed brackets": (")" * 3_900, "`)` closes no bracket"),
    "quotes": ('"' * 3_901, 'the quote `"` is missing'),
    "blanks": ("a" + " " * 3_900 + "b", "free text"),
    "denials": ("not " * 900 + "5", "`not` stands before one test"),
    "digits": ("9" * 3_900, "a number of 3900 digits"),
    "private characters": ("\ue000", "a character that means nothing"),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_hostile_cell_is_reported(name: str, tmp_path: Path) -> None:
    text, reason = CELLS[name]
    quoted = text.replace('"', '""')

    imported = from_csv(tmp_path, f'id,a,→ b\nR1,"{quoted}",1\n')

    assert reason in only_report(imported).reason
