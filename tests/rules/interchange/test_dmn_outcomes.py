"""What the rows of a DMN table come to: hit policies, aggregations and outputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ordinance.rules.point import Hit, Merge
from tests.rules.interchange.dmn_files import definitions, read, read_one, table


class TestHitPolicies:
    ROWS = ((["> 1"], ["1"]), (["> 2"], ["2"]), (["> 3"], ["3"]))

    @pytest.mark.parametrize(
        ("policy", "hit", "fired", "output"),
        [
            ('hitPolicy="FIRST"', Hit.FIRST, ("r1",), {"result": 1}),
            ('hitPolicy="RULE ORDER"', Hit.COLLECT, ("r1", "r2"), [{"result": 1}, {"result": 2}]),
            ('hitPolicy="COLLECT"', Hit.COLLECT, ("r1", "r2"), [{"result": 1}, {"result": 2}]),
            ('hitPolicy="COLLECT" aggregation="SUM"', Hit.COLLECT, ("r1", "r2"), {"result": 3}),
            ('hitPolicy="COLLECT" aggregation="MIN"', Hit.COLLECT, ("r1", "r2"), {"result": 1}),
            ('hitPolicy="COLLECT" aggregation="MAX"', Hit.COLLECT, ("r1", "r2"), {"result": 2}),
            ('hitPolicy="COLLECT" aggregation="COUNT"', Hit.COLLECT, ("r1", "r2"), {"result": 2}),
        ],
    )
    def test_that_ours_say_exactly_are_kept(
        self, policy: str, hit: Hit, fired: tuple[str, ...], output: Any, tmp_path: Path
    ) -> None:
        imported = read_one(tmp_path, table(self.ROWS, policy=policy))

        decision = imported.ruleset.decide({"total": 3})
        assert (imported.ruleset.tree.hit, decision.fired) == (hit, fired)
        assert imported.output(decision) == output

    @pytest.mark.parametrize("policy", ["", 'hitPolicy="UNIQUE"'])
    def test_unique_is_the_usual_one_and_fails_where_several_rows_match(
        self, policy: str, tmp_path: Path
    ) -> None:
        imported = read_one(tmp_path, table(self.ROWS, policy=policy))

        assert imported.ruleset.decide({"total": 2}).fired == ("r1",)
        assert imported.ruleset.decide({"total": 3}).failure == "r1, r2"

    @pytest.mark.parametrize(
        ("policy", "fired"), [("PRIORITY", ("r3",)), ("OUTPUT ORDER", ("r3", "r1", "r2"))]
    )
    def test_by_output_value_sort_the_rows(
        self, policy: str, fired: tuple[str, ...], tmp_path: Path
    ) -> None:
        outputs = '<output name="result"><outputValues><text>3, 1, 2</text></outputValues></output>'
        imported = read_one(
            tmp_path, table(self.ROWS, outputs=outputs, policy=f'hitPolicy="{policy}"')
        )

        assert imported.ruleset.decide({"total": 4}).fired == fired

    @pytest.mark.parametrize(
        ("policy", "outputs", "reason"),
        [
            ("ANY", "", "whether the rows that match agree is only known when it decides"),
            ("LAST", "", "there is no such hit policy"),
            ("PRIORITY", "", "no output lists its values, so none comes before another"),
            ("PRIORITY", "1, 2", "row r3: its output is none of the output values"),
            ("OUTPUT ORDER", "> 5", "the output values are no list of values"),
            ('COLLECT" aggregation="AVG', "", "there is no such aggregation"),
        ],
    )
    def test_that_ours_cannot_say_are_refused_as_a_whole(
        self, policy: str, outputs: str, reason: str, tmp_path: Path
    ) -> None:
        values = f"<outputValues><text>{outputs.replace('>', '&gt;')}</text></outputValues>"
        column = f'<output name="result">{values if outputs else ""}</output>'
        imported = read_one(
            tmp_path, table(self.ROWS, outputs=column, policy=f'hitPolicy="{policy}"')
        )

        assert imported.untranslated[0].cell.startswith("hitPolicy (1:")
        assert imported.untranslated[0].reason.startswith(reason)
        assert imported.ruleset.decide({"total": 2}).failure == "no_rule"

    @pytest.mark.parametrize(
        ("aggregation", "version", "outputs", "reason"),
        [
            ("COUNT", "1.3", ("1", "1"), "engines disagree on whether equal outputs count once"),
            ("SUM", "1.1", ("1", "1"), "DMN 1.1 counts equal outputs once"),
            ("SUM", "1.3", ("1", '"a"'), "the outputs are not all numbers"),
            ("MAX", "1.3", ('"a"', '"b"'), "the outputs are not all numbers"),
        ],
    )
    def test_aggregations_that_are_not_certain_are_refused(
        self,
        aggregation: str,
        version: str,
        outputs: tuple[str, ...],
        reason: str,
        tmp_path: Path,
    ) -> None:
        rows = [(["> 1"], [output]) for output in outputs]
        policy = f'hitPolicy="COLLECT" aggregation="{aggregation}"'
        (imported,) = read(tmp_path, definitions(table(rows, policy=policy), version=version))

        assert imported.untranslated[0].reason.startswith(reason)

    def test_a_sum_counts_equal_outputs_each_since_1_2(self, tmp_path: Path) -> None:
        rows = [(["> 1"], ["1"]), (["> 1"], ["1"])]
        policy = 'hitPolicy="COLLECT" aggregation="SUM"'
        (imported,) = read(tmp_path, definitions(table(rows, policy=policy), version="1.2"))

        assert imported.ruleset.tree.point.fields[0].merge is Merge.SUM
        assert imported.output(imported.ruleset.decide({"total": 2})) == {"result": 2}


class TestOutputs:
    @pytest.mark.parametrize(
        ("entry", "value"),
        [
            ("1.50", 1.5),
            ('"a"', "a"),
            ("true", True),
            ("[1, 2]", [1, 2]),
            ('{sku: "TOTE", "per": 200}', {"sku": "TOTE", "per": 200}),
            ('date("2026-01-01")', "2026-01-01"),
        ],
    )
    def test_are_values(self, entry: str, value: object, tmp_path: Path) -> None:
        imported = read_one(tmp_path, table([(["-"], [entry])]))

        assert imported.output(imported.ruleset.decide({})) == {"result": value}

    def test_that_are_null_or_blank_leave_the_field_out(self, tmp_path: Path) -> None:
        outputs = '<output name="a" /><output name="b" />'
        imported = read_one(tmp_path, table([(["-"], ["null", ""])], outputs=outputs))

        assert imported.ruleset.decide({}).outcome == {}

    def test_that_are_null_are_reported_where_every_row_adds_to_a_list(
        self, tmp_path: Path
    ) -> None:
        imported = read_one(tmp_path, table([(["-"], ["null"])], policy='hitPolicy="RULE ORDER"'))

        assert imported.untranslated[0].reason == "a list with `null` in it"

    def test_of_another_type_than_the_column_are_reported(self, tmp_path: Path) -> None:
        outputs = '<output name="fee" typeRef="number" />'
        imported = read_one(tmp_path, table([(["-"], ['"free"'])], outputs=outputs))

        assert imported.untranslated[0].reason == "the column holds values of the type `number`"

    @pytest.mark.parametrize(
        ("outputs", "field"),
        [
            ('<output name="fee" label="Fee" />', "fee"),
            ('<output label="Fee" />', "Fee"),
            ("<output />", "d1"),
        ],
    )
    def test_a_lone_one_is_called_by_its_name_its_label_or_its_decision(
        self, outputs: str, field: str, tmp_path: Path
    ) -> None:
        imported = read_one(tmp_path, table([(["-"], ["1"])], outputs=outputs))

        assert imported.ruleset.decide({}).outcome == {field: 1}
