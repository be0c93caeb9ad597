"""A set that contradicts the law is found, with both places and an order that shows it."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice, product
from typing import Any

import pytest

from ordinance.rules import Rulebook, load, loads
from ordinance.rules.checking import asking, contradictions, lawful, spoken
from ordinance.rules.checking.book import book_findings
from tests.conftest import ROOT
from tests.part import part

SEED = int(os.environ.get("ORDINANCE_SEED", "20261126"))
TRIALS = 100

LAW = """
  - decision: law.completion.archive
    as_of: order.placed_at
    hit: collect
    rules:
{rules}
    otherwise: {{verdict: lawful}}
    when_unknown: {{verdict: unclear}}
"""
PAID = (0, 1, 2, 3, 4, 5)
STATES = ("COMPLETED", "CANCELLED")
DAYS = ("2015-06-01", "2021-06-01", "2025-06-01")
LEAST, MOST = 1, 4
"""What the merchant may set for the years to keep."""


def test_the_shipped_rules_do_not_contradict_the_law() -> None:
    for folder in ("rules", "examples/chashop/rules", "examples/tmall/rules"):
        sets = {name: item.tree for name, item in load(ROOT / folder).sets.items()}
        found = [problem for every in book_findings(sets).values() for problem in every]
        assert [str(problem) for problem in found if problem.code == "E_LAW"] == []


def test_both_places_and_an_order_are_told_in_both_languages() -> None:
    book = load(ROOT / "rules" / "law")
    shop = loads(
        "decision: completion.archive\nhit: first\nrules:\n"
        "  - {id: K, when: {order.paid: {above: 100}}, then: {after_days: 1, keep_years: 3}}\n"
        "otherwise: {after_days: 1, keep_years: 2}\nwhen_unknown: {after_days: 1, keep_years: 3}\n",
        file="mine.yaml",
    )

    (found,) = contradictions(shop["completion.archive"].tree, book["law.completion.archive"].tree)

    english, chinese = found.text("en"), found.text("zh")
    assert english.startswith(
        "mine.yaml:1:1: error E_LAW: `otherwise` contradicts the law `CN-L31`"
    )
    assert "cn.yaml:" in english and "amount paid 100.00" in english
    assert "E-Commerce Law, art. 31" in english
    assert "与法律规则 `CN-L31`" in chinese and "订单.已付 100.00" in chinese


def test_what_is_answered_for_unknown_facts_is_looked_at_too() -> None:
    law = loads("decisions:" + LAW.format(rules=_rule("X", "order.paid: {above: 0}", "{below: 3}")))
    shop = loads(
        "decision: completion.archive\nhit: first\nrules:\n"
        "  - {id: K, when: {order.final_state: CANCELLED}, then: {after_days: 1, keep_years: 3}}\n"
        "otherwise: {after_days: 1, keep_years: 4}\nwhen_unknown: {after_days: 1, keep_years: 2}\n"
    )

    (found,) = contradictions(_tree(shop, "completion.archive"), _tree(law))

    assert "`when_unknown` contradicts" in str(found)
    assert "final state is missing" in str(found)


def test_a_law_that_compares_the_answer_with_a_fact_is_named_as_not_checked() -> None:
    law = loads(
        "decisions:\n  - decision: law.service.compensate\n    hit: collect\n    rules:\n"
        "      - id: X\n        when: {outcome.coupon: {above: $order.paid}}\n"
        "        then: {verdict: breach}\n        source: {zh: 法, en: act}\n"
        "        effective: {from: 2000-01-01}\n"
        "    otherwise: {verdict: lawful}\n    when_unknown: {verdict: unclear}\n"
    )
    shop = loads(
        "decision: service.compensate\nhit: first\nrules:\n"
        "  - {id: K, when: {order.paid: {below: 1}}, then: {gesture: coupon, coupon: 5}}\n"
        "otherwise: {gesture: none}\nwhen_unknown: {gesture: none}\n"
    )

    found = contradictions(_tree(shop, "service.compensate"), _tree(law, "law.service.compensate"))

    assert [problem.code for problem in found] == ["N_NOT_CHECKED"]


def test_random_rules_are_refused_just_where_some_order_breaks_the_law() -> None:
    print(f"ORDINANCE_SEED={SEED}")
    broken = lawful_sets = 0
    for law, shop in islice(_cases(SEED), part(TRIALS)):
        wanted = _by_hand(law, shop)
        broken += bool(wanted)
        lawful_sets += not wanted
        assert _found(law, shop) == wanted, f"{shop}\n{law}"
    assert broken > part(TRIALS) / 5 and lawful_sets > part(TRIALS) / 10


def test_rules_that_add_up_are_looked_at_together() -> None:
    wanted = found = 0
    for law, shop in _collected(SEED):
        by_hand = _collected_by_hand(law, shop)
        wanted += bool(by_hand)
        found += not by_hand
        assert _found(law, shop, "intake.validate") == by_hand, f"{shop}\n{law}"
    assert wanted > 10 and found > 5


def _no_otherwise(model: Any, fields: Any) -> Iterator[spoken.Answer]:
    yield from (item for item in _REAL_ANSWERS(model, fields) if item.outcome["keep_years"] != 2)


_REAL_ANSWERS = spoken.spoken_answers
_REAL_SAID = asking.with_answer


@pytest.mark.parametrize(
    ("where", "name", "planted"),
    [
        (lawful, "spoken_answers", _no_otherwise),
        (lawful, "with_answer", lambda condition, said, judge: _REAL_SAID(condition, {}, judge)),
        (lawful, "_strictest", lambda every, law: every[:1]),
        (lawful, "_spoken_params", lambda tree, law: {}),
        (lawful, "settings", lambda tree: list(_REAL_SETTINGS(tree))[:1]),
        (spoken, "_of_winner", lambda model, row: _REAL_WINNER(model, max(row, 0))),
    ],
)
def test_a_planted_bug_is_noticed(
    monkeypatch: pytest.MonkeyPatch, where: Any, name: str, planted: Callable[..., Any]
) -> None:
    monkeypatch.setattr(where, name, planted)

    def differs(law: str, shop: str) -> bool:
        try:
            return _found(law, shop) != _by_hand(law, shop)
        except (KeyError, IndexError, AttributeError):
            return True

    assert any(differs(law, shop) for law, shop in _cases(SEED))


@pytest.mark.parametrize(
    ("name", "planted"),
    [
        ("_added", lambda model, first, second: first if first.spoke else second),
        ("_merged", lambda model, name, first, second: first or second),
        ("NOBODY", None),
    ],
)
def test_a_planted_bug_in_adding_up_is_noticed(
    monkeypatch: pytest.MonkeyPatch, name: str, planted: Any
) -> None:
    if planted is None:
        # Groups forgotten: every rule of a group counts.
        real = spoken._Sum
        monkeypatch.setattr(
            spoken,
            "_Sum",
            lambda items=(), points=0, _=(), spoke=False: real(items, points, (), spoke),
        )
    else:
        monkeypatch.setattr(spoken, name, planted)

    assert any(
        _found(law, shop, "intake.validate") != _collected_by_hand(law, shop)
        for law, shop in _collected(SEED)
    )


_REAL_SETTINGS = lawful.settings
_REAL_WINNER = spoken._of_winner


def _cases(seed: int) -> Iterator[tuple[str, str]]:
    chance = random.Random(seed)
    for _ in range(TRIALS):
        yield _random_law(chance), _random_shop(chance)


def _rule(id: str, when: str, years: str, start: str = "2010-01-01") -> str:
    return (
        f"      - id: {id}\n        when: {{{when}, outcome.keep_years: {years}}}\n"
        "        then: {verdict: breach}\n        source: {zh: 法, en: act}\n"
        f"        effective: {{from: {start}}}"
    )


def _condition(chance: random.Random, *, param: bool) -> str:
    bound = "$limit" if param and chance.random() < 0.4 else str(chance.choice(PAID))
    asked = [
        f"order.paid: {{{chance.choice(['at_least', 'above', 'at_most', 'below', 'is'])}: {bound}}}"
    ]
    if chance.random() < 0.5:
        asked.append(f"order.final_state: {chance.choice(STATES)}")
    return ", ".join(asked)


def _random_law(chance: random.Random) -> str:
    rules = []
    for number in range(chance.randint(1, 2)):
        word = chance.choice(["below", "at_most", "above", "is"])
        start = chance.choice(["2010-01-01", "2020-01-01"])
        years = f"{{{word}: {chance.randint(1, 4)}}}"
        rules.append(_rule(f"L{number}", _condition(chance, param=False), years, start))
    return "decisions:" + LAW.format(rules="\n".join(rules))


def _random_shop(chance: random.Random) -> str:
    def says() -> str:
        years = "$years" if chance.random() < 0.3 else str(chance.randint(1, 4))
        return f"{{after_days: 1, keep_years: {years}}}"

    rules = "".join(
        f"  - {{id: R{number}, when: {{{_condition(chance, param=True)}}}, then: {says()}}}\n"
        for number in range(chance.randint(1, 3))
    )
    dated = chance.choice(["", "as_of: order.placed_at\n"])
    years = "{always: 2}" if not dated else "{always: 2, 2020-06-01: 4}"
    params = ""
    if "$limit" in rules:
        params += (
            "  limit: {unit: CNY, merchant_may_set: {at_least: 1, at_most: 3}, "
            "values: {always: 2}}\n"
        )
    otherwise = says()
    if "$years" in rules + otherwise:
        params += (
            f"  years: {{unit: year, merchant_may_set: {{at_least: {LEAST}, at_most: {MOST}}}, "
            f"values: {years}}}\n"
        )
    return (
        f"decision: completion.archive\n{dated}hit: first\nrules:\n{rules}"
        f"otherwise: {otherwise}\nwhen_unknown: {{after_days: 1, keep_years: 9}}\n"
        + (f"params:\n{params}" if params else "")
    )


def _collected(seed: int) -> Iterator[tuple[str, str]]:
    """Laws and sets of `intake.validate`, where verdicts and exceptions of several rules add up."""
    chance = random.Random(seed)
    exceptions = ("SKU_UNMAPPED", "PHONE_INVALID", "REGION_UNKNOWN")
    for _ in range(150):
        answer = chance.choice(
            [
                "outcome.verdict: refuse",
                "outcome.verdict: park",
                "outcome.verdict: accept",
                "outcome.exception: {contains_all: [SKU_UNMAPPED, PHONE_INVALID]}",
                "outcome.exception: {contains_none: [REGION_UNKNOWN]}",
            ]
        )
        law = (
            "decision: law.intake.validate\nhit: collect\nrules:\n  - id: L\n"
            f"    when: {{order.paid: {{above: {chance.randint(0, 3)}}}, {answer}}}\n"
            "    then: {verdict: breach}\n    source: {zh: 法, en: act}\n"
            "    effective: {from: 2000-01-01}\n"
            "otherwise: {verdict: lawful}\nwhen_unknown: {verdict: unclear}\n"
        )
        rules = ""
        for number in range(chance.randint(1, 4)):
            says = []
            if chance.random() < 0.7:
                says.append(f"verdict: {chance.choice(['accept', 'park', 'refuse'])}")
            if not says or chance.random() < 0.6:
                says.append(f"exception: {chance.choice(exceptions)}")
            group = ", group: G" if chance.random() < 0.4 else ""
            word = chance.choice(["at_least", "at_least", "is"])
            rules += (
                f"  - {{id: R{number}, when: {{order.paid: {{{word}: {chance.randint(0, 2)}}}}}"
                f"{group}, then: {{{', '.join(says)}}}}}\n"
            )
        yield (
            law,
            f"decision: intake.validate\nhit: collect\nrules:\n{rules}"
            f"otherwise: {{verdict: {chance.choice(['accept', 'park'])}}}\n"
            "when_unknown: {verdict: park}\n",
        )


def _collected_by_hand(law: str, shop: str) -> set[str]:
    book = Rulebook([*loads(shop).sets.values(), *loads(law).sets.values()])
    broken: set[str] = set()
    for paid in (-1, *PAID, 0.5, 1.5, 2.5, 3.5, 9):
        facts = {"order.paid": paid}
        at = datetime(2026, 1, 1, tzinfo=UTC)
        decision = book.decide(facts, at=at, point="intake.validate")
        objection = book.objection(decision, facts)
        broken |= set(objection.decision.fired if objection else ())
    return broken


def _found(law: str, shop: str, point: str = "completion.archive") -> set[str]:
    found = contradictions(_tree(loads(shop), point), _tree(loads(law), f"law.{point}"))
    assert all(problem.severity == "error" for problem in found)
    return {item.subject[-1] for item in found if "unknown" not in item.subject}


def _by_hand(law: str, shop: str) -> set[str]:
    """The rules of law that some order breaks, each order tried."""
    legal = loads(law).sets["law.completion.archive"]
    broken: set[str] = set()
    for written in _all_settings(shop):
        book = Rulebook([loads(written)["completion.archive"], legal])
        for paid, state, day in product((-1, *PAID, 0.5, 2.5, 9), STATES, DAYS):
            facts = {"order.paid": paid, "order.final_state": state, "order.placed_at": day}
            facts["order.placed_at"] = f"{day}T10:00:00+00:00"
            at = datetime(2026, 1, 1, tzinfo=UTC)
            decision = book.decide(facts, at=at, point="completion.archive")
            objection = book.objection(decision, facts)
            broken |= set(objection.decision.fired if objection else ())
    return broken


def _all_settings(shop: str) -> Iterator[str]:
    """The file with every value that its merchant may set, and as it is."""
    yield shop
    limits = (1, 1.5, 2, 2.5, 3) if "limit:" in shop else (None,)
    years = (*range(LEAST, MOST + 1), None) if "years:" in shop else (None,)
    for limit, year in product(limits, years):
        text = shop
        if limit is not None:
            text = text.replace(
                "at_most: 3}, values: {always: 2}", f"at_most: 3}}, values: {{always: {limit}}}"
            )
        if year is not None:
            for old in ("{always: 2, 2020-06-01: 4}", "{always: 2}"):
                text = text.replace(
                    f"at_most: {MOST}}}, values: {old}",
                    f"at_most: {MOST}}}, values: {{always: {year}}}",
                )
        yield text


def _tree(book: Rulebook, point: str = "law.completion.archive") -> Any:
    return book[point].tree
