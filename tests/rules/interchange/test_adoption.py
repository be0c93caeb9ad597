"""A foreign table becomes a rule file of ours, with every word said and nothing guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from ordinance.rules import Rulebook, RuleFileError, loads
from ordinance.rules.interchange import Adopted, Glossary, Wishes, adopt, read_jdm, write_jdm
from ordinance.rules.registry import points
from tests.rules.interchange.jdm import Cells, table

NAMES = {"total": "order.receivable", "past": "buyer.orders_90d", "risk": "outcome"}
VALUES = {("risk", "high"): "hold", ("risk", "low"): "approve"}
ROWS: Sequence[tuple[Cells, Cells]] = [
    ({"total": ">= 20000"}, {"risk": "'high'"}),
    ({"total": "> 3000, < 0", "past": "0"}, {"risk": "'high'"}),
    ({"total": ""}, {"risk": "'low'"}),
]
UNKNOWN = {"outcome": "manual_review"}


def adopted(
    folder: Path,
    rows: Sequence[tuple[Cells, Cells]] = ROWS,
    *,
    names: Mapping[str, str] = NAMES,
    values: Mapping[tuple[str, str], str] = VALUES,
    point: str = "review.risk",
    leave_out: bool = False,
    otherwise: Mapping[str, str] | None = None,
    unknown: Mapping[str, str] = UNKNOWN,
    **settings: object,
) -> Adopted:
    wishes = Wishes(Glossary(names, values), unknown, otherwise, leave_out)
    found = table(folder, rows, **settings)
    return adopt(found, points()[point], wishes, file="mine.yaml")


def refusals(folder: Path, *rows: tuple[Cells, Cells], **wishes: object) -> str:
    with pytest.raises(RuleFileError) as caught:
        adopted(folder, rows or ROWS, **wishes)  # type: ignore[arg-type]
    return str(caught.value)


def answers(made: Adopted, **facts: object) -> str:
    book: Rulebook = loads(made.text, file="mine.yaml")
    given = {name.replace("__", "."): value for name, value in facts.items()}
    return str(book.decide(given).outcome["outcome"])


def test_a_table_answers_one_of_our_points_in_our_words(tmp_path: Path) -> None:
    made = adopted(tmp_path)

    assert (made.rows, made.problems, made.left_out) == (2, (), ())
    assert answers(made, order__receivable=20000) == "hold"
    assert answers(made, order__receivable=3001, buyer__orders_90d=0) == "hold"
    assert answers(made, order__receivable=3001, buyer__orders_90d=1) == "approve"
    assert answers(made, order__receivable=3001) == "manual_review"


def test_names_that_both_have_and_chinese_ones_need_no_saying(tmp_path: Path) -> None:
    rows: Sequence[tuple[Cells, Cells]] = [
        ({"order.receivable": "> 5", "n": "0"}, {"outcome": "'hold'"}),
        ({"n": ""}, {"outcome": "'放行'"}),
    ]
    made = adopted(
        tmp_path, rows, names={"n": "buyer.orders_90d"}, values={("outcome", "放行"): "approve"}
    )

    assert made.problems == ()
    assert answers(made, order__receivable=6, buyer__orders_90d=0) == "hold"


def test_everything_without_a_counterpart_is_told_at_once(tmp_path: Path) -> None:
    said = refusals(tmp_path, names={"total": "order.recievable", "pasts": "buyer.orders_90d"})

    assert "`review.risk` has no fact and no field `order.recievable`" in said
    assert "did you mean `order.receivable`?" in said
    assert "the table has no `pasts`" in said and "did you mean `past`?" in said
    assert "the fact `past` is none of `review.risk`" in said
    assert "the field `risk` is none of `review.risk`" in said


def test_a_value_that_is_no_choice_is_told_with_the_choices(tmp_path: Path) -> None:
    said = refusals(tmp_path, values={("risk", "high"): "hald"})

    assert "`risk` says `hald`, and `outcome` knows no such value" in said
    assert "did you mean `hold`?" in said
    assert "`risk` says `low`" in said and "`approve`, `manual_review`, `hold`" in said


def test_a_row_that_was_not_translated_is_left_out_only_on_demand(tmp_path: Path) -> None:
    rows = [({"total": "$ % 2 == 0"}, {"risk": "'high'"}), *ROWS]
    said = refusals(tmp_path, *rows)
    made = adopted(tmp_path, rows, leave_out=True)

    assert "row r0 was not translated: `total: $ % 2 == 0`" in said
    assert made.left_out == ("row r0: not translated: `total: $ % 2 == 0`",)
    assert "# Left out: row r0" in made.text and made.problems == ()
    assert any("fall to the rows after it" in note for note in made.notes)


def test_a_lost_cell_may_be_a_fact_of_ours(tmp_path: Path) -> None:
    rows = [({"total": "$ % 2 == 0"}, {"risk": "'high'"}), *ROWS]
    made = adopted(tmp_path, rows, names={**NAMES, "total: $ % 2 == 0": "buyer.known"})

    assert made.left_out == () and made.problems == ()
    assert answers(made, order__receivable=1, buyer__known=True) == "hold"


def test_a_row_that_is_never_true_is_told(tmp_path: Path) -> None:
    made = adopted(tmp_path, [({"": "false", "total": ""}, {"risk": "'high'"}), *ROWS])

    assert made.left_out == ("row r0: it is never true",)


def test_a_table_without_a_last_row_fails_by_name_unless_it_is_said(tmp_path: Path) -> None:
    silent = adopted(tmp_path, ROWS[:2])
    spoken = adopted(tmp_path, ROWS[:2], otherwise={"outcome": "approve"})

    assert "otherwise: error" in silent.text
    assert any("`otherwise: error`" in note for note in silent.notes)
    assert "otherwise: {outcome: approve}" in spoken.text and len(spoken.notes) == 1


def test_a_last_row_stays_where_something_else_is_said_for_no_row(tmp_path: Path) -> None:
    made = adopted(tmp_path, otherwise={"outcome": "manual_review"})

    assert made.rows == 3 and "when: always" in made.text


def test_what_the_reader_of_rule_files_refuses_is_told_with_its_place(tmp_path: Path) -> None:
    made = adopted(tmp_path, unknown={})

    assert [problem.code for problem in made.problems] == ["E_REQUIRED"]
    assert str(made.problems[0]).startswith("mine.yaml:")


def test_a_hit_policy_that_does_not_suit_the_point_is_refused(tmp_path: Path) -> None:
    rows: Sequence[tuple[Cells, Cells]] = [({"t": "'a'"}, {"anomaly": "'late'"})]
    said = refusals(tmp_path, *rows, point="tracking.anomaly", names={"t": "parcel.stage"})

    assert "`first` does not suit `tracking.anomaly`" in said and "it takes `collect`" in said


@pytest.mark.parametrize(
    ("cell", "yaml"),
    [
        ("> 1 and <= 9", "{order.receivable: {above: 1, at_most: 9}}"),
        ("[1..9)", "{order.receivable: {between: {from: 1, to: 9}}}"),
        ("1, 2.50", "{order.receivable: [1, 2.5]}"),
        ("not in [1, 2]", "{not: {order.receivable: [1, 2]}}"),
        ("null", "{order.receivable: {missing: true}}"),
        ("> order.paid", "{order.receivable: {above: $order.paid}}"),
    ],
)
def test_a_cell_is_written_as_one_would_write_it(cell: str, yaml: str, tmp_path: Path) -> None:
    made = adopted(tmp_path, [({"total": cell}, {"risk": "'high'"}), *ROWS])

    assert f"when: {yaml}\n" in made.text
    assert made.problems == ()


def test_bounds_that_leave_nothing_between_them_are_written_as_they_are(tmp_path: Path) -> None:
    made = adopted(tmp_path, [({"total": "> 9 and < 1"}, {"risk": "'high'"}), *ROWS])

    assert "order.receivable: {above: 9}\n" in made.text
    assert "all: [{order.receivable: {below: 1}}]\n" in made.text
    assert made.problems == ()


def test_texts_that_look_like_something_else_stay_texts(tmp_path: Path) -> None:
    cell = "'$name', 'NO', '0123', 'a: b', 'x # y'"
    made = adopted(
        tmp_path,
        [({"m": cell}, {"risk": "'high'"}), *ROWS],
        names={**NAMES, "m": "order.buyer_message"},
    )

    assert made.problems == ()
    for text in ("$name", "NO", "0123", "a: b", "x # y"):
        assert answers(made, order__buyer_message=text) == "hold", text


def test_a_rule_set_that_was_written_comes_back_as_a_rule_file(tmp_path: Path, root: Path) -> None:
    original = loads((root / "rules" / "service.yaml").read_text("utf-8"), file="service.yaml")
    write_jdm(original["service.cancel"], tmp_path / "cancel.json")
    (found,) = read_jdm(tmp_path / "cancel.json")
    unknown = original["service.cancel"].tree.when_unknown
    wishes = Wishes(when_unknown={name: str(value) for name, value in unknown.items()})
    made = adopt(found, points()["service.cancel"], wishes, file="back.yaml")
    again = loads(made.text, file="back.yaml")["service.cancel"]

    assert made.problems == () and made.left_out == ()
    for before, after in zip(original["service.cancel"].tree.rules, again.tree.rules, strict=False):
        assert (after.id, after.then) == (before.id, before.then)
