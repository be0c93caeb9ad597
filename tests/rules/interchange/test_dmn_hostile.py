"""Hostile DMN files are refused with a place, or read without harm; nothing is guessed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ordinance.rules.interchange import read_dmn
from ordinance.rules.problem import RuleFileError
from tests.rules.interchange.dmn_files import MODELS, definitions, read, read_one, table

OPEN = f'<definitions xmlns="{MODELS["1.3"]}">'
LAUGHS = (
    f'<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>{OPEN}&b;</definitions>'
)
FILES = {
    "billion laughs": (LAUGHS, "1:13", "the file has a document type"),
    "external": (f'<!DOCTYPE d SYSTEM "file:///etc/passwd">{OPEN}', "1:40", "the file has a docum"),
    "unknown entity": (f"{OPEN}&nbsp;</definitions>", "1:67", "this is not XML: undefined entity"),
    "deep": (OPEN + "<a>" * 5000, "1:256", "elements are nested more than 64 deep"),
    "deep in another namespace": (OPEN + '<a xmlns="x">' * 5000, "1:886", "elements are nested"),
    "elements": (OPEN + "<a/>" * 50_000, "1:160063", "the file has more than 40000 elements"),
    "long text": (OPEN + f"<a>{'x' * 600_000}</a>", "1:70", "the file has more than 524288 char"),
    "long attribute": (OPEN + f'<a b="{"x" * 600_000}"/>', "1:67", "the file has more than 524288"),
    "large": (OPEN + " " * 3_000_000, "1:1", "the file has 3000066 bytes, more than 2097152"),
    "cut off": (OPEN + "\n <decision", "2:2", "this is not XML: unclosed token"),
    "repeated attribute": (OPEN + '<a b="1" b="2"/>', "1:76", "this is not XML: duplicate attri"),
    "empty": ("", "1:1", "this is not XML: no element found"),
    "a zero byte": (OPEN + "\0", "1:67", "this is not XML: not well-formed"),
    "many decisions": (
        definitions(*["<decision />"] * 501).replace("\n", ""),
        None,
        "the file has more than 500 decisions",
    ),
    "many different cells": (
        definitions(table([([f"> {n}" + " " * 90 + "1"], ["1"]) for n in range(1100)])),
        None,
        "the cells have more than 98304 characters",
    ),
}
CELLS = {
    "brackets": ("(" * 5000, "it cannot be read: it is nested too deeply"),
    "lists": ("[" * 5000, "it cannot be read: it is nested too deeply"),
    "records": ("{a:" * 3000, "it cannot be read: it is nested too deeply"),
    "minus": ("-" * 9999, "it cannot be read: it is nested too deeply"),
    "denials": ("not(" * 1600 + "?" + ")" * 1600, "it cannot be read: it is nested too deeply"),
    "comments": ("/*" * 4900, "it cannot be read: `/` means nothing"),
    "backslashes": ('"' + "\\" * 9990, 'it cannot be read: the quote `"` is not closed'),
    "long": ("1," * 5001, "it cannot be read: it is longer than 10000 characters"),
    "digits": ("9" * 9000, f"it cannot be read: `{'9' * 57}...` is too large, too small or too"),
    "exponent": ("1e999999999", "it cannot be read: `1e999999999` is too large, too small or too"),
    "half a character": (r'"\ud800"', r"it cannot be read: `\ud800` is no character"),
    "no character": (r'"\U110000"', r"it cannot be read: `\U110000` is no character"),
    "a sum": ("1" + "+1" * 4900, "it calculates, which no comparator does"),
    "a path": ("a" + ".a" * 4900, f"`{'a.' * 28}a...` is the name of another fact"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_with_a_place(name: str, tmp_path: Path) -> None:
    text, place, message = FILES[name]

    with pytest.raises(RuleFileError) as refused:
        read(tmp_path, text)

    (problem,) = refused.value.problems
    assert problem.message.startswith(message)
    assert place is None or str(problem.place).endswith(f"shop.dmn:{place}")


@pytest.mark.parametrize("name", CELLS)
def test_a_hostile_cell_is_reported(name: str, tmp_path: Path) -> None:
    cell, reason = CELLS[name]

    imported = read_one(tmp_path, table([([cell], ["1"])]))

    (reported,) = imported.untranslated
    assert reported.reason.startswith(reason)
    assert len(reported.cell) < 200 and len(reported.reason) < 200


@pytest.mark.parametrize(
    ("cell", "yes", "no"),
    [
        (",".join(map(str, range(2000))), 1999, 2000),
        (" or ".join(f"?={n}" for n in range(1000)), 999, 1000),
        (",".join(f"<{n}" for n in range(1500)), 1498, 1499),
        (" and ".join(f"?>{n}" for n in range(900)), 900, 899),
        (f"not({','.join(map(str, range(2000)))})", 2000, 1999),
    ],
)
def test_a_long_cell_is_read(cell: str, yes: int, no: int, tmp_path: Path) -> None:
    imported = read_one(tmp_path, table([([cell], ["1"])]))

    assert imported.ruleset.decide({"total": yes}).fired == ("r1",)
    assert imported.ruleset.decide({"total": no}).fired == ()


def test_types_that_go_in_a_circle_say_nothing(tmp_path: Path) -> None:
    types = "".join(
        f'<itemDefinition name="{name}"><typeRef>{other}</typeRef></itemDefinition>'
        for name, other in (("a", "b"), ("b", "a"), ("c", "c"))
    )
    rows = [(["5", "5"], ["1"])]
    text = definitions(table(rows, inputs=[("x", "a"), ("y", "c")]))

    (imported,) = read(tmp_path, text.replace("<decision ", f"{types}<decision ", 1))

    assert imported.ruleset.decide({"x": 5, "y": 5}).fired == ("r1",)


def test_marks_of_other_tools_and_comments_are_passed_over(tmp_path: Path) -> None:
    text = definitions(table([(["<!-- five -->".join(["", "5"])], ["1"])]))
    text = text.replace("&lt;!-- five --&gt;", "<!-- five -->").replace(
        "<decision ",
        '<extensionElements><x/></extensionElements><t:tool xmlns:t="urn:t"><decision/></t:tool>'
        "<decision ",
        1,
    )

    (imported,) = read(tmp_path, text)

    assert imported.ruleset.decide({"total": 5}).fired == ("r1",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_may_be_in_any_unicode_encoding(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "shop.dmn"
    text = definitions(table([(['"黄金"'], ["1"])], inputs=[("total", "string")]))
    path.write_bytes(text.encode(encoding))

    (imported,) = read_dmn(path)

    assert imported.ruleset.decide({"total": "黄金"}).fired == ("r1",)


def test_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "shop.dmn"
    head = '<?xml version="1.0" encoding="gb2312"?>'
    path.write_bytes((head + definitions(table([(['"黄"'], ["1"])]))).encode("gb2312"))

    with pytest.raises(RuleFileError) as refused:
        read_dmn(path)

    assert refused.value.problems[0].help == "save the file as UTF-8"


@pytest.mark.parametrize("kind", ["nothing", "folder", "pipe"])
def test_what_is_no_file_is_refused(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "shop.dmn"
    if kind == "folder":
        path.mkdir()
    if kind == "pipe":
        os.mkfifo(path)

    with pytest.raises(RuleFileError) as refused:
        read_dmn(path)

    assert refused.value.problems[0].message.startswith("the file cannot be read")
