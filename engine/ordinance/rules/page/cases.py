"""The tests of a rule set, as a table of what is given and what comes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from ordinance.rules.deciding.outcomes import POINTS
from ordinance.rules.deciding.vocabulary import CANDIDATES, LINES
from ordinance.rules.kinds import Value
from ordinance.rules.page.blocks import Block, Heading, Table
from ordinance.rules.page.wording import Wording
from ordinance.rules.tree import Case


def cases(words: Wording) -> Iterator[Block]:
    """Every test of the file."""
    say, tests = words.say, words.tree.tests
    yield Heading(2, say("测试", "Tests"))
    yield Table(
        (say("名称", "name"), say("给定", "given"), say("期望", "expected")),
        tuple(
            (case.name.get(words.lang), _given(words, case), _expected(words, case))
            for case in tests
        )
        or ((say("没有测试", "there are no tests"), "", ""),),
    )


def _given(words: Wording, case: Case) -> str:
    said = [] if case.at is None else [f"{words.say('决策时刻', 'decided at')} {case.at}"]
    for name, value in case.given.items():
        if name in (LINES, CANDIDATES):
            parts = cast("Sequence[Mapping[str, Value]]", value)
            what = words.say("第 {} 行", "line {}")
            if name == CANDIDATES:
                what = words.say("候选 {}", "candidate {}")
            said.extend(
                f"{what.format(index)} ({_facts(words, part)})"
                for index, part in enumerate(parts, start=1)
            )
        else:
            said.append(_fact(words, name, cast("Value", value)))
    return "; ".join(said) or words.say("无", "nothing")


def _facts(words: Wording, part: Mapping[str, Value]) -> str:
    return "; ".join(_fact(words, name, value) for name, value in part.items())


def _fact(words: Wording, name: str, value: Value | None) -> str:
    said = "" if value is None else words.value(value, words.facts[name])
    return f"{words.subject(name)} {said or words.say('无', 'none')}"


def _expected(words: Wording, case: Case) -> str:
    expected = dict(case.expect)
    if case.points is not None:
        expected[POINTS] = case.points
    said = [words.outcome(expected)] if expected else []
    none = words.say("无", "none")
    if case.fired is not None:
        said.append(f"{words.say('命中', 'fired')} {words.join(case.fired) or none}")
    if case.ranking is not None:
        said.append(f"{words.say('名次', 'ranking')} {words.join(case.ranking) or none}")
    return "; ".join(said)
