"""DMN files are read: what a table decides, and what is reported instead of guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ordinance.rules.interchange import read_dmn
from ordinance.rules.problem import RuleFileError
from tests.rules.interchange.dmn_files import MODELS, definitions, read, read_one, table

DATA = Path(__file__).parents[2] / "data" / "dmn"


def matches(folder: Path, cell: str, value: object, kind: str = "", **others: object) -> bool:
    """Whether a row with this cell fires where the column holds `value` (None: nothing)."""
    imported = read_one(folder, table([([cell], ["1"])], inputs=[("x", kind)]))
    assert imported.untranslated == ()
    return imported.ruleset.decide({"x": value, **others}).fired == ("r1",)


def test_a_table_decides_by_nested_and_by_dotted_names() -> None:
    (fee,) = read_dmn(DATA / "shipping.dmn")
    facts = {"Order Total": 40, "customer level": "gold"}

    nested = fee.ruleset.decide({**facts, "parcel": {"weight": "2.5"}})
    dotted = fee.ruleset.decide({**facts, "parcel.weight": Decimal("2.5")})

    assert nested == dotted
    assert (nested.fired, nested.outcome) == (("gold",), {"fee": "0", "carrier": "express"})
    assert fee.output(nested) == {"fee": 0, "carrier": "express"}


def test_a_row_that_is_not_translated_leaves_the_decision_open_until_it_is_given() -> None:
    (fee,) = read_dmn(DATA / "shipping.dmn")
    light = {"Order Total": 40, "customer level": "new", "parcel": {"weight": 3}}

    open_one = fee.ruleset.decide(light)
    known = fee.ruleset.decide({**light, "Order Total: < parcel.weight * 2": False})

    assert open_one.settled_by == "unknown"
    assert "Order Total: < parcel.weight * 2" in open_one.unknown
    assert (known.settled_by, fee.output(known)) == ("otherwise", {"fee": 12.5})


def test_what_is_not_translated_says_where_it_stands_and_why() -> None:
    (fee,) = read_dmn(DATA / "shipping.dmn")

    assert fee.untranslated == (
        (
            "row odd, output fee (51:9): Order Total * 0.1",
            "it is calculated from the input",
        ),
        (
            "row odd, column order total (48:9): < parcel.weight * 2",
            "it calculates, which no comparator does",
        ),
    )


def test_titles_come_from_descriptions_or_from_annotations() -> None:
    (fee,) = read_dmn(DATA / "shipping.dmn")

    titles = [rule.title and rule.title.en for rule in fee.ruleset.tree.rules]

    assert titles == ["Gold customers ship free", "large orders ship free", None, None]


def test_each_decision_of_a_file_is_one_table_and_other_logic_is_reported() -> None:
    points, tier, discounted = read_dmn(DATA / "promotions.dmn")
    order = {"total": 1200, "placed on": date(2026, 11, 11), "tags": ["member"]}

    earned = points.ruleset.decide({"order": order})
    assert earned.fired == ("base", "singles-day", "member")
    assert points.output(earned) == {"points": 65.5}
    decided = tier.ruleset.decide({"order": order, "points": "65.5"})
    assert tier.output(decided) == {"tier": "gold"}
    assert tier.output(tier.ruleset.decide({"points": 3})) == {"tier": "none"}
    assert tier.warnings[0] == (
        "`points` is another decision: decide it first, and give its result as a fact"
    )
    assert discounted.untranslated[0].reason.startswith("a literal expression calculates")
    assert discounted.ruleset.decide({}).failure == "no_rule"


@pytest.mark.parametrize("version", MODELS)
def test_every_version_from_1_1_to_1_5_is_read(version: str, tmp_path: Path) -> None:
    text = definitions(table([(["> 5"], ['"big"'])]), version=version)

    (imported,) = read(tmp_path, text)

    assert imported.name == "d1"
    assert imported.ruleset.decide({"total": 6}).outcome == {"result": "big"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('<definitions xmlns="urn:other" />', "this is no DMN: the root is `definitions`"),
        (f'<decision xmlns="{MODELS["1.3"]}" />', "this is no DMN: the root is `decision`"),
    ],
)
def test_a_file_that_is_no_dmn_is_refused(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(RuleFileError) as refused:
        read(tmp_path, text)

    assert refused.value.problems[0].message.startswith(message)


class TestNothing:
    """A fact that is absent is FEEL's `null`."""

    @pytest.mark.parametrize(
        ("cell", "fires"),
        [
            ("-", True),
            ("", True),
            ("null", True),
            ("not(null)", False),
            ("5", False),
            ("not(5)", True),
            ("!= 5", True),
            ("< 5", False),
            ("not(< 5)", False),
            ("[1..9]", False),
            ("not([1..9])", False),
            ("< 5, null", True),
            ("not(< 5, null)", False),
            ("5, < 3", False),
            ("not(5, < 3)", False),
            ("? > 5 or ? = null", True),
            ("not(? > 5)", False),
            ("? != null and ? < 5", False),
            ("not(? = null or ? > 5)", False),
            ("? between 1 and 9", False),
        ],
    )
    def test_matches_only_where_the_answer_is_true(
        self, cell: str, fires: bool, tmp_path: Path
    ) -> None:
        assert matches(tmp_path, cell, None, "number") is fires

    def test_a_test_with_a_question_mark_that_may_be_null_is_warned_of(
        self, tmp_path: Path
    ) -> None:
        rows = [(["? > 5"], ["1"]), (["> 5"], ["2"]), (["? != null and ? > 5"], ["3"])]

        imported = read_one(tmp_path, table(rows))

        assert imported.warnings == (
            "column total: where its value is absent, some engines let a test with `?` match; "
            "here such a row does not (rows r1)",
        )


class TestCells:
    @pytest.mark.parametrize(
        ("cell", "kind", "yes", "no"),
        [
            ("1, 2 , 3.0", "number", 3, 4),
            ("> 1, < -1", "number", -2, 0),
            ("]1..5[", "number", 2, 5),
            ("(1..5]", "number", 5, 1),
            (".5", "number", "0.5", "0.50001"),
            ("-0.1", "number", Decimal("-0.1"), "0.1"),
            ("0.1", "number", 0.1, "0.10000000000000001"),
            ("1e3", "number", 1000, 1),
            ("5 // five\n", "number", 5, 6),
            ("/* at * least */ >= 5", "number", 5, 4),
            ("? in (1, [5..7])", "number", 6, 2),
            ("? in (< 3, 7)", "number", 2, 3),
            ("5 < ?", "number", 6, 5),
            ("[1, 2]", "number", 2, 3),
            (r'"say \"hi\"\n\u9ec4\U01F600\uD83D\uDE00"', "string", 'say "hi"\n黄😀😀', "x"),
            ('not("a", "b")', "string", "c", "b"),
            ('starts with(?, "SF")', "string", "SF1", "1SF"),
            ('matches(?, "^[A-Z]{2}")', "string", "SF1", "1SF"),
            ('list contains(["a", "b"], ?)', "string", "a", "c"),
            ("true", "boolean", True, False),
            ("not(true)", "boolean", False, True),
            ('< date("2026-11-11")', "date", date(2026, 11, 10), date(2026, 11, 11)),
            ('>= @"2026-01-01T10:00:00+08:00"', "dateTime", "2026-01-01T02:00Z", "2026-01-01"),
            ('[time("22:00:00")..time("23:00:00"))', "time", "22:30", "23:00"),
            ('>= duration("P1DT12H")', "dayTimeDuration", "36 h", "35 h"),
        ],
    )
    def test_mean_what_feel_says(
        self, cell: str, kind: str, yes: object, no: object, tmp_path: Path
    ) -> None:
        assert matches(tmp_path, cell, yes, kind)
        assert not matches(tmp_path, cell, no, kind)

    def test_may_ask_about_other_facts(self, tmp_path: Path) -> None:
        cell = "? > order.limit and stock count > 0"
        imported = read_one(tmp_path, table([([cell], ["1"])]))

        given = {"order": {"limit": 5}, "stock count": 1}
        assert imported.ruleset.decide({"total": 6, **given}).fired == ("r1",)
        assert imported.ruleset.decide({"total": 5, **given}).fired == ()
        assert imported.ruleset.decide({"total": 6, "stock count": 1}).fired == ()

    @pytest.mark.parametrize(
        ("cell", "reason"),
        [
            ("gold", "`gold` is the name of another fact; for a text put it in quotes"),
            ("> 1 + 2", "it calculates, which no comparator does"),
            ("? * 2 > 5", "it calculates, which no comparator does"),
            ("[5..1]", "the interval ends before it begins; engines disagree on it"),
            ("< null", "nothing is above or below `null`; this matches nothing"),
            ('> "a"', "only numbers, dates and times have an order here"),
            ("? = other", "it asks whether two facts are equal or both absent"),
            ("round up(?, 0) = 5", "it calculates, which no comparator does"),
            ("string length(?) in [1..5]", "it calculates, which no comparator does"),
            ("is defined(?)", "`is defined(...)` calculates, which no comparator does"),
            ("some x in ? satisfies x > 5", "it cannot be read: `some` goes beyond unary tests"),
            ("if ? > 5 then true else false", "it cannot be read: `if` goes beyond unary tests"),
            (
                "? instance of number",
                "it cannot be read: `instance of` asks for a type, which is beyond unary tests",
            ),
            ("5; 6", "it cannot be read: `;` means nothing"),
            ("-, 5", "it cannot be read: `,` is in the wrong place"),
            ("< ", "it cannot be read: it ends too early"),
            ("[1..5", "it cannot be read: the interval is not closed"),
            ('"a', 'it cannot be read: the quote `"` is not closed'),
            ("5 && 6", "it cannot be read: `&` means nothing"),
            ('date("2026-02-30")', "`2026-02-30` is not in the calendar"),
            (
                'duration("P1Y")',
                "`P1Y` is not a number of days, hours, minutes and seconds, as in `P1DT12H`",
            ),
            ('matches(?, "(a)\\\\1")', "the pattern is none that is matched in linear time"),
            ("? = true", "`total` holds a number in the rest of the table, and yes or no here"),
            ("[]", "the list is empty"),
        ],
    )
    def test_beyond_unary_tests_are_reported(self, cell: str, reason: str, tmp_path: Path) -> None:
        imported = read_one(tmp_path, table([(["5"], ["1"]), ([cell], ["2"])]))

        (reported,) = imported.untranslated
        assert reported.cell.startswith("row r2, column total (1:")
        assert reported.reason == reason

    def test_names_may_hold_blanks_words_and_signs_where_the_file_declares_them(
        self, tmp_path: Path
    ) -> None:
        data = {"Order Total - net": "number", "reason for return": "string"}
        inputs = [("Order  Total - net", ""), ("reason for return", "")]
        rows = [(["> 5", '"broken"'], ["1"])]
        text = definitions(table(rows, inputs=inputs), data=data)

        (imported,) = read(tmp_path, text)

        given = {"Order Total - net": 6, "reason for return": "broken"}
        assert imported.untranslated == ()
        assert imported.ruleset.decide(given).fired == ("r1",)

    def test_in_another_language_are_reported(self, tmp_path: Path) -> None:
        text = definitions(table([(["5"], ["1"])])).replace(
            "<inputEntry>", '<inputEntry expressionLanguage="javascript">'
        )

        (imported,) = read(tmp_path, text)

        assert imported.untranslated[0].reason == "it is not written in FEEL"


def test_a_name_that_one_engine_gives_to_the_column_is_not_taken_for_a_fact(
    tmp_path: Path,
) -> None:
    text = definitions(table([(["amount > 5"], ["1"]), (["> 5"], ["2"])]))
    text = text.replace("<input>", '<input xmlns:c="urn:engine" c:inputVariable="amount">')

    (imported,) = read(tmp_path, text)

    assert [reason for _, reason in imported.untranslated] == [
        "`amount` may mean the column itself; write `?` for it"
    ]


@pytest.mark.parametrize(
    ("logic", "reason"),
    [
        ("<decision name='x'/>", "it has no logic"),
        ("<decision name='x'><invocation/></decision>", "an invocation calls a business"),
        ("<decision name='x'><context/></decision>", "a context calculates step by step"),
        ("<decision name='x'><relation/></decision>", "a relation is a table of values"),
        ("<decision name='x'><conditional/></decision>", "a conditional calculates"),
        ("<businessKnowledgeModel name='x'/>", "a business knowledge model is called with"),
    ],
)
def test_other_logic_than_a_table_is_reported_and_decides_nothing(
    logic: str, reason: str, tmp_path: Path
) -> None:
    text = f'<definitions xmlns="{MODELS["1.5"]}">{logic}</definitions>'

    (imported,) = read(tmp_path, text)

    assert imported.untranslated[0].reason.startswith(reason)
    assert imported.ruleset.decide({}).failure == "no_rule"


def test_a_column_that_calculates_is_given_as_a_fact(tmp_path: Path) -> None:
    imported = read_one(tmp_path, table([(["> 5"], ["1"])], inputs=[("total * 2", "number")]))

    assert imported.untranslated[0].reason == (
        "it calculates; give the result as the fact of this name"
    )
    assert imported.ruleset.decide({"total * 2": 6}).fired == ("r1",)
    assert imported.ruleset.decide({}).settled_by == "unknown"


def test_a_column_that_is_always_true_holds_whole_conditions(tmp_path: Path) -> None:
    imported = read_one(tmp_path, table([(["a > b or c"], ["1"])], inputs=[("true", "")]))

    assert imported.ruleset.decide({"a": 2, "b": 1}).fired == ("r1",)
    assert imported.ruleset.decide({"c": True}).fired == ("r1",)
    assert imported.ruleset.decide({"a": 2}).fired == ()


def test_a_condition_without_a_question_mark_is_ambiguous_where_the_column_holds_true_or_false(
    tmp_path: Path,
) -> None:
    imported = read_one(tmp_path, table([(["a > 5"], ["1"])], inputs=[("gift", "boolean")]))

    assert imported.untranslated[0].reason == ("say whether the column is meant: write it with `?`")


def test_a_row_without_all_of_its_cells_spoils_the_table(tmp_path: Path) -> None:
    imported = read_one(tmp_path, table([(["5", "6"], ["1"])]))

    assert imported.untranslated == (
        (
            f"row r1 (1:{imported.untranslated[0].cell.partition(':')[2]}",
            "it has 2 input and 1 output entries for 1 input and 1 output columns",
        ),
    )


def test_allowed_values_are_not_checked_and_that_is_said(tmp_path: Path) -> None:
    text = definitions(table([(["5"], ["1"])])).replace(
        "</inputExpression>", "</inputExpression><inputValues><text>[0..10]</text></inputValues>"
    )

    (imported,) = read(tmp_path, text)

    assert imported.warnings == (
        "column total: that a value is one of [0..10] is not checked here",
    )


def test_rows_without_ids_are_numbered_and_repeated_names_are_told_apart(tmp_path: Path) -> None:
    text = definitions(
        '<decision name="fee">' + table([(["5"], ["1"])]) + "</decision>",
        '<decision name="fee">' + table([(["5"], ["1"])]) + "</decision>",
    ).replace(' id="r1"', "")

    first, second = read(tmp_path, text)

    assert (first.name, second.name) == ("fee", "fee-2")
    assert [rule.id for rule in first.ruleset.tree.rules] == ["row 1"]
