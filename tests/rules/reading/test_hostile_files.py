"""Files made to harm: each is refused in time, with a code, a place and a way out."""

from __future__ import annotations

import os
import time
import tracemalloc
from pathlib import Path

import pytest

from ordinance.rules.problem import RuleFileError
from ordinance.rules.reading import read_file
from tests.rules.reading.files import FIRST, codes, problems, read, told, with_when
from tests.rules.sample_point import POINTS

KIB = 1024


def money(text: str) -> str:
    return with_when(f"{{order.receivable: {{at_least: {text}}}}}")


def bomb(levels: int) -> str:
    lines = ["a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    for last, name in zip("abcdefgh", "bcdefghi"[: levels - 1], strict=False):
        lines.append(f"{name}: &{name} [{', '.join([f'*{last}'] * 9)}]")
    return "\n".join(lines)


HOSTILE = {
    "nine levels of laughs": (bomb(9), "E_ANCHOR"),
    "two levels of laughs": (bomb(2), "E_ANCHOR"),
    "33 brackets": ("[" * 33, "E_DEPTH"),
    "1,000 brackets": ("[" * 1_000, "E_DEPTH"),
    "30,000 brackets": ("[" * 30_000, "E_DEPTH"),
    "100,000 braces": ("{a: " * 60_000, "E_DEPTH"),
    "brackets behind a key": (FIRST + "x: " + "[" * 5_000, "E_DEPTH"),
    "5,000 question marks": ("? " * 5_000, "E_DEPTH"),
    "5,000 dashes": ("- " * 5_000, "E_DEPTH"),
    "deep indentation": ("\n".join(" " * n + "a:" for n in range(400)), "E_DEPTH"),
    "257 KiB in one scalar": ("a: " + "x" * (257 * KIB), "E_SIZE"),
    "10 MB in one scalar": ("a: " + "x" * 10_000_000, "E_SIZE"),
    "10 MB of three-byte characters": ("a: " + "好" * 90_000, "E_SIZE"),
    "200,000 keys": ("\n".join(f"k{n}: 1" for n in range(200_000)), "E_SIZE"),
    "25,000 keys": ("\n".join(f"{n:x}: 1" for n in range(25_000)), "E_NODES"),
    "19,000 wrong keys": ("{" + ", ".join(f"k{n}" for n in range(9_000)) + "}", "E_UNKNOWN_KEY"),
    "2,000 wrong facts": (
        with_when("{" + ", ".join(f"f.{n}: 1" for n in range(2_000)) + "}"),
        "E_UNKNOWN_FACT",
    ),
    "a key twice": (FIRST + "hit: unique\n", "E_DUP_KEY"),
    "a key twice, deep inside": (money("100, at_least: 1000000"), "E_DUP_KEY"),
    "a number as a key": (FIRST + "1: x\n", "E_KEY_TYPE"),
    "a boolean as a key": (FIRST + "true: x\n", "E_KEY_TYPE"),
    "a decimal as a key": (FIRST + "1.0: x\n", "E_KEY_TYPE"),
    "nothing as a key": (FIRST + "null: x\n", "E_KEY_TYPE"),
    "an empty key": ('{"": x}', "E_KEY_TYPE"),
    "a map as a key": ("{a: 1}: x", "E_KEY_TYPE"),
    "a list as a key": ("? [a]\n: x", "E_KEY_TYPE"),
    "infinity": (money(".inf"), "E_NUMBER"),
    "not a number": (money(".nan"), "E_NUMBER"),
    "a huge exponent": (money("1.e+400"), "E_NUMBER"),
    "an exponent": (money("1e3"), "E_NUMBER"),
    "separators": (money("1_000"), "E_NUMBER"),
    "a leading zero": (money("0123"), "E_NUMBER"),
    "5,000 digits": (money("9" * 5_000), "E_NUMBER"),
    "4,300 digits": (money("9" * 4_300), "E_NUMBER"),
    "a hexadecimal flood": (money("0x" + "f" * 200_000), "E_NUMBER"),
    "a hexadecimal megabyte": (money("0x" + "f" * 1_000_000), "E_SIZE"),
    "full-width digits": (money("１０"), "E_NUMBER"),
    "Arabic digits": (money("١٠"), "E_NUMBER"),
    "three decimals of money": (money("9.999"), "E_MONEY"),
    "a currency behind the amount": (money("9.999 CNY"), "E_MONEY"),
    "minus zero": (money("-0"), "E_MONEY"),
    "a negative limit": (money("-5"), "E_MONEY"),
    "half a yen": (
        with_when("{order.receivable: {at_least: $x}}", "params: {x: {unit: JPY, value: 1.5}}"),
        "E_MONEY",
    ),
    "sexagesimal time as money": (money("22:30"), "E_TYPE"),
    "an hour without its zero": (with_when("{order.local_time: 1:30}"), "E_TYPE"),
    "a long sexagesimal": (with_when("{order.local_time: '190:20:30'}"), "E_TYPE"),
    "two documents": (FIRST + "---\n" + FIRST, "E_MULTI_DOC"),
    "a trailing document mark": (FIRST + "---\n", "E_MULTI_DOC"),
    "an empty file": ("", "E_EMPTY"),
    "only comments": ("# nothing\n# here\n", "E_EMPTY"),
    "only a byte order mark": ("\ufeff", "E_EMPTY"),
    "only blanks": (" \n \n", "E_EMPTY"),
    "a Cyrillic letter in a key": (FIRST.replace("decision", "deсision"), "E_UNKNOWN_KEY"),
    "a Cyrillic letter in a fact": (with_when("{order.pаid: 1}"), "E_UNKNOWN_KEY"),
    "a Greek letter in a choice": (with_when("{order.type: nοrmal}"), "E_UNKNOWN_KEY"),
    "look-alike keys": (with_when("{order.paid: 1, order.pаid: 2}"), "E_DUP_KEY"),
    "a NEL line break": (FIRST + "a\x85b: 1\n", "E_CHAR"),
    "a line separator": (FIRST + "a\u2028b: 1\n", "E_CHAR"),
    "a paragraph separator": (FIRST + "a\u2029b: 1\n", "E_CHAR"),
    "carriage returns alone": (FIRST.replace("\n", "\r"), "E_CHAR"),
    "text that runs backwards": (with_when("{order.message: 'a\u202eb'}"), "E_CHAR"),
    "an escaped bidi character": (with_when('{order.message: "a\\u202eb"}'), "E_CHAR"),
    "an escaped header": (with_when('{order.message: "x\\r\\nBcc: y"}'), "E_CHAR"),
    "an escaped line feed": (with_when('{order.message: "x\\nBcc: y"}'), "E_CHAR"),
    "a text of two lines": (with_when("{order.message: 'x\n\n      y'}"), "E_CHAR"),
    "an escaped NUL": (with_when('{order.message: "\\0"}'), "E_CHAR"),
    "a NUL": (FIRST + "\0", "E_CHAR"),
    "half a character": (FIRST + "x: '\ud800'", "E_CHAR"),
    "Latin-1": (FIRST.encode() + b"x: caf\xe9\n", "E_CHAR"),
    "UTF-16": (FIRST.encode("utf-16"), "E_CHAR"),
    "overlong UTF-8": (FIRST.encode() + b"x: \xc0\xaf\n", "E_CHAR"),
    "an undefined alias": (FIRST.replace("{outcome: hold}", "*gone"), "E_ANCHOR"),
    "an anchor alone": (FIRST.replace("hit: first", "hit: &h first"), "E_ANCHOR"),
    "an anchor set twice": ("a: &x 1\nb: &x 2\nc: *x\n", "E_ANCHOR"),
    "a merge key": (with_when("{<<: {order.paid: 1}}"), "E_ANCHOR"),
    "a Python tag": (FIRST.replace("hit: first", "hit: !!python/name:os.system first"), "E_TAG"),
    "a local tag": (FIRST.replace("hit: first", "hit: !x first"), "E_TAG"),
    "a directive": ("%YAML 1.1\n---\n" + FIRST, "E_TAG"),
    "look-ahead": (with_when("{order.message: {matches: '(?=a)b'}}"), "E_REGEX"),
    "a back-reference": (with_when("{order.message: {matches: '(a)\\1'}}"), "E_REGEX"),
    "a pattern that explodes": (
        with_when("{order.message: {matches: '((a{900}){900}){9}'}}"),
        "E_REGEX",
    ),
    "an unclosed bracket": (FIRST + "x: [1, 2\n", "E_SYNTAX"),
    "a tab for indentation": ("decision:\n\tx: 1\n", "E_SYNTAX"),
    "a list for a file": ("- a\n- b\n", "E_TYPE"),
    "a word for a file": ("hello", "E_TYPE"),
}


HANGING = 3
"""Seconds of this process: far more than the file needs (each is under 1 on a quiet machine), so
that a busy machine is not taken for a slow reader."""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_code_and_place_soon(name: str) -> None:
    text, code = HOSTILE[name]

    start = time.process_time()
    found = problems(text)
    taken = time.process_time() - start

    assert code in [problem.code for problem in found]
    assert all(problem.place and problem.place.file == "r.yaml" for problem in found)
    assert taken < HANGING


def test_no_hostile_file_takes_more_than_64_mib() -> None:
    for name, (text, _) in HOSTILE.items():
        tracemalloc.start()
        codes(text)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert peak < 64 * KIB * KIB, name


def test_an_exponential_pattern_is_safe_because_it_is_re2() -> None:
    assert codes(with_when("{order.message: {matches: '(a+)+$'}}")) == []


@pytest.mark.parametrize("filler", ["#\n", "\n", "# " + "x" * 98 + "\n"])
def test_a_quarter_megabyte_of_comments_before_a_rule_is_read_soon(filler: str) -> None:
    text = filler * ((250 * KIB - len(FIRST)) // len(filler)) + with_when("{order.paid: 1}")

    start = time.process_time()
    found = codes(text)

    assert found == []
    assert time.process_time() - start < HANGING


def test_a_long_file_of_good_rules_is_read_soon() -> None:
    rules = "".join(
        f"  - {{id: R{n}, when: {{order.paid: {n}}}, then: {{outcome: hold}}}}\n"
        for n in range(1_700)
    )
    text = FIRST.replace("  - {id: R1, when: WHEN, then: {outcome: hold}}\n", rules)

    start = time.process_time()
    found = codes(text)

    assert found == []
    assert time.process_time() - start < HANGING


def test_both_lines_of_a_double_key_are_named() -> None:
    assert "it is already on line 2" in told(FIRST + "hit: unique\n")
    assert "keep one of the two, on line 2 or on line 7" in told(FIRST + "hit: unique\n")


def test_a_look_alike_is_told_apart_from_the_word_that_was_meant() -> None:
    assert "it only looks like `order.paid`" in told(with_when("{order.pаid: 1}"))


def test_all_problems_are_told_and_at_most_fifty_are_shown() -> None:
    text = with_when("{" + ", ".join(f"f.{n}: 1" for n in range(80)) + "}")

    with pytest.raises(RuleFileError) as refused:
        read(text)

    assert len(refused.value.problems) == 80
    assert str(refused.value).endswith("... and 30 more")


def test_windows_line_ends_and_a_byte_order_mark_are_fine() -> None:
    text = "\ufeff" + with_when("{order.paid: 1}").replace("\n", "\r\n")

    assert codes(text.encode()) == []


def test_a_document_end_mark_is_fine() -> None:
    assert codes("---\n" + with_when("{order.paid: 1}") + "...\n") == []


class TestFilesThatCannotBeRead:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        return tmp_path / "review.yaml"

    def refusal(self, path: Path) -> tuple[str, ...]:
        with pytest.raises(RuleFileError) as refused:
            read_file(path, POINTS)
        (problem,) = refused.value.problems
        assert problem.place and problem.place.file == str(path)
        return (problem.code, problem.message)

    def test_a_missing_file(self, path: Path) -> None:
        assert self.refusal(path)[0] == "E_IO"

    def test_a_folder(self, path: Path) -> None:
        path.mkdir()

        assert self.refusal(path)[0] == "E_IO"

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
    def test_a_pipe_that_nobody_writes_to(self, path: Path) -> None:
        os.mkfifo(path)

        assert self.refusal(path) == ("E_IO", "this is not a file")

    @pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="no such device here")
    def test_an_endless_device(self) -> None:
        assert self.refusal(Path("/dev/zero"))[0] == "E_IO"

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
    def test_a_file_that_others_may_not_read(self, path: Path) -> None:
        path.write_text(FIRST)
        path.chmod(0)

        assert self.refusal(path)[0] == "E_IO"

    def test_a_name_with_a_nul(self) -> None:
        assert self.refusal(Path("a\0b"))[0] == "E_IO"

    def test_a_file_cut_to_nothing(self, path: Path) -> None:
        path.write_bytes(b"")

        assert self.refusal(path)[0] == "E_EMPTY"

    def test_a_file_that_is_too_large_is_not_read_to_its_end(self, path: Path) -> None:
        path.write_bytes(b"#" * (300 * KIB))

        assert self.refusal(path)[0] == "E_SIZE"
