"""Rule sets are written as DMN: valid, the same bytes each time, and the same rules again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ordinance.rules import Ruleset
from ordinance.rules.interchange import read_dmn, read_jdm, write_dmn
from ordinance.rules.interchange.markup import Element, read_markup
from ordinance.rules.kinds import Words
from tests.rules.deciding.rulesets import risk
from tests.rules.interchange.dmn_files import definitions, read, read_one, table

DATA = Path(__file__).parents[2] / "data"
FILES = sorted((DATA / "dmn").glob("*.dmn"))

# What the schema of DMN 1.3 lets stand in each element that is written, in this order.
ORDER = {
    "definitions": ("inputData", "decision"),
    "inputData": ("variable",),
    "decision": ("variable", "informationRequirement", "decisionTable"),
    "informationRequirement": ("requiredInput",),
    "decisionTable": ("input", "output", "rule"),
    "input": ("inputExpression",),
    "inputExpression": ("text",),
    "output": ("defaultOutputEntry",),
    "defaultOutputEntry": ("text",),
    "rule": ("description", "inputEntry", "outputEntry"),
    "inputEntry": ("text",),
    "outputEntry": ("text",),
}
NEEDED = {
    "definitions": {"name", "namespace"},
    "inputData": {"name", "id"},
    "decision": {"name"},
    "variable": {"name"},
    "requiredInput": {"href"},
}


def ids(element: Element) -> list[str]:
    own = [element.attributes["id"]] if "id" in element.attributes else []
    return own + [id for child in element.children for id in ids(child)]


def check(element: Element) -> None:
    """The parts of the schema that the writer could break."""
    order = ORDER.get(element.name, ())
    places = [order.index(child.name) for child in element.children]
    assert places == sorted(places)
    assert element.attributes.keys() >= NEEDED.get(element.name, set())
    for child in element.children:
        check(child)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_survives_being_written(file: Path, tmp_path: Path) -> None:
    items = read_dmn(file)
    tables = [item for item in items if item.ruleset.tree.rules]
    once, twice = tmp_path / "once.dmn", tmp_path / "twice.dmn"

    report = write_dmn(items, once)
    again = read_dmn(once)
    write_dmn(again, twice)

    assert report.tables == tuple(item.name for item in tables)
    assert [item.ruleset.hash for item in again] == [item.ruleset.hash for item in tables]
    assert [item.name for item in again] == [item.name for item in tables]
    assert [[reason for _, reason in item.untranslated] for item in again] == [
        [reason for _, reason in item.untranslated] for item in tables
    ]
    assert once.read_bytes() == twice.read_bytes()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_written_keeps_to_the_schema(file: Path, tmp_path: Path) -> None:
    write_dmn(read_dmn(file), tmp_path / "shop.dmn")

    root = read_markup(tmp_path / "shop.dmn")
    found = ids(root)
    assert len(set(found)) == len(found)
    check(root)
    for decision in root.all("decision"):
        for requirement in decision.all("informationRequirement"):
            (required,) = requirement.all("requiredInput")
            assert required.get("href").removeprefix("#") in found


def test_nothing_is_written_of_what_was_not_translated(tmp_path: Path) -> None:
    text = definitions("<literalExpression><text>1</text></literalExpression>")

    report = write_dmn(read(tmp_path, text), tmp_path / "out.dmn")

    assert report.left_out[0].reason == "it was not translated when it was read"
    assert not (tmp_path / "out.dmn").exists()


def test_cells_read_as_a_person_would_write_them(tmp_path: Path) -> None:
    cells = ["-", "5", "1, 2", "not(5)", "[1..5]", "(1..5)", "[1..5)", "< 5, > 9", "null"]
    cells += ["not(null)", "not(null, 5)", ">= 1", "null, < 5"]
    imported = read_one(
        tmp_path, table([([cell], ["1"]) for cell in cells], policy='hitPolicy="FIRST"')
    )

    write_dmn(imported, tmp_path / "out.dmn")

    root = read_markup(tmp_path / "out.dmn")
    (decision,) = root.all("decision")
    (logic,) = decision.all("decisionTable")
    texts = [
        entry.children[0].text for rule in logic.all("rule") for entry in rule.all("inputEntry")
    ]
    assert texts == cells


def test_a_test_with_a_question_mark_is_never_null(tmp_path: Path) -> None:
    imported = read_one(tmp_path, table([(["? > 5 and ? != 7"], ["1"])]))

    write_dmn(imported, tmp_path / "out.dmn")

    assert "<text>? != null and ? &gt; 5 and ? != 7</text>" in (tmp_path / "out.dmn").read_text()


def test_ids_that_are_none_in_xml_become_labels(tmp_path: Path) -> None:
    rows = [(["> 1"], ["1"]), (["> 2"], ["2"])]
    text = definitions(table(rows), table(rows)).replace('id="r2"', 'label="second row"')
    items = read(tmp_path, text)

    write_dmn(items, tmp_path / "out.dmn")

    written = (tmp_path / "out.dmn").read_text()
    assert written.count('<rule id="r1">') == 1
    assert written.count('<rule label="r1">') == 1
    assert written.count('<rule label="second row">') == 2
    again = read_dmn(tmp_path / "out.dmn")
    assert [item.ruleset.hash for item in again] == [item.ruleset.hash for item in items]


def test_texts_survive_whatever_they_hold(tmp_path: Path) -> None:
    nasty = r'"<&>]]> \"\\ \n\r\t' + "'" + r'\u0000\u001f\u0085\u2028\uFFFF\U01F600 黄 金"'
    outputs = '<output name="a&amp;b &quot;c&quot;" />'
    inputs = [("x", "string")]
    imported = read_one(tmp_path, table([([nasty], [nasty])], outputs=outputs, inputs=inputs))

    write_dmn(imported, tmp_path / "out.dmn")

    (again,) = read_dmn(tmp_path / "out.dmn")
    assert imported.untranslated == ()
    assert again.ruleset.hash == imported.ruleset.hash
    assert again.ruleset.tree.rules[0].then == imported.ruleset.tree.rules[0].then


def test_a_title_that_xml_cannot_hold_leaves_the_table_out(tmp_path: Path) -> None:
    imported = read_one(tmp_path, table([(["5"], ["1"])]))
    tree = imported.ruleset.tree
    rule = replace(tree.rules[0], title=Words("\x00", "\x00"))
    ruleset = Ruleset(replace(tree, rules=(rule,)))

    report = write_dmn([ruleset, imported], tmp_path / "out.dmn")

    assert report.left_out[0].reason == (
        "a text holds a character that XML has no place for: '\\x00'"
    )
    assert report.tables == ("d1",)


class TestOurOwnRules:
    """Rule sets that never were DMN."""

    @pytest.mark.parametrize(
        "when",
        [
            "{order.receivable: {at_least: 100, below: 500}}",
            "{order.receivable: {between: {from: 100, to: 500}}}",
            "{order.weight_g: {none_of: [1, 300]}}",
            "{order.local_time: {at_least: '22:00'}, order.waits: {above: 36 h}}",
            "{order.due: {at_most: 2026-11-11}, order.paid_at: {above: 2026-01-01T00:00:00+08:00}}",
            "{order.gift: true, order.type: presale}",
            "{order.gift: {is_not: true}}",
            "{order.message: {contains_any: [urgent, gift]}}",
            "{order.message: {contains_none: [urgent, gift]}}",
            "{order.message: {starts_with: gift}}",
            "{order.tags: {contains_all: [vip, new]}}",
            "{order.message: {matches: '^[a-z]+$'}}",
            "{any: [{order.gift: true}, {order.paid: {below: $order.receivable}}]}",
            "{not: {order.paid: {at_least: $order.receivable}}}",
            "{not: {any: [{order.gift: true}, {order.message: {contains: gift}}]}}",
            "{order.channel: {missing: true}}",
        ],
    )
    def test_decide_alike_once_they_are_read_back(self, when: str, tmp_path: Path) -> None:
        ours = risk(f"  - {{id: late, when: {when}, then: {{outcome: hold}}}}")

        report = write_dmn(ours, tmp_path / "out.dmn")

        assert report.left_out == ()
        (theirs,) = read_dmn(tmp_path / "out.dmn")
        assert theirs.untranslated == ()
        fired = []
        for facts in FACTS:
            decision = theirs.ruleset.decide(facts)
            assert decision.fired == ours.decide(facts).fired
            fired.append(decision.fired)
        assert len(set(fired)) == 2, "the facts must tell rules apart"

    def test_have_columns_for_what_they_ask_and_say_alone(self, tmp_path: Path) -> None:
        write_dmn(
            risk("  - {id: late, when: {order.gift: true}, then: {outcome: hold}}"),
            tmp_path / "out.dmn",
        )

        (logic,) = [
            d.first("decisionTable") for d in read_markup(tmp_path / "out.dmn").all("decision")
        ]
        assert logic is not None
        assert [column.get("label") for column in logic.all("input")] == ["order.gift"]
        assert [column.get("label") for column in logic.all("output")] == ["outcome"]

    @pytest.mark.parametrize(
        ("rule", "settings", "reason"),
        [
            ("when: {receiver.region: '33'}", {}, "a region code means nothing there"),
            ("when: {any_line: {line.quantity: {above: 5}}}", {}, "a table cannot look at single"),
            ("when: {order.gift: true}", {"hit": "collect"}, "no aggregation fills `outcome`"),
            ("when: {order.gift: true}, group: a", {"hit": "collect"}, "it has a `group`"),
            (
                "when: {some: {at_least: 2, of: [{order.gift: true}, {order.type: presale}, "
                "{order.channel: a}]}}",
                {},
                "a table cannot count conditions (`some`)",
            ),
        ],
    )
    def test_that_no_table_says_are_left_out_with_a_reason(
        self, rule: str, settings: dict[str, str], reason: str, tmp_path: Path
    ) -> None:
        ours = risk(f"  - {{id: late, {rule}, then: {{outcome: hold}}}}", **settings)

        report = write_dmn(ours, tmp_path / "out.dmn")

        assert report.left_out[0].reason.startswith(reason)
        assert not (tmp_path / "out.dmn").exists()


FACTS: list[dict[str, object]] = [
    {
        "order.receivable": 100,
        "order.paid": 20,
        "order.weight_g": 200,
        "order.local_time": "22:30",
        "order.waits": "48 h",
        "order.due": "2026-11-11",
        "order.paid_at": "2026-01-01T00:00:01+08:00",
        "order.gift": True,
        "order.type": "presale",
        "order.message": "gift",
        "order.tags": ["vip", "new", "x"],
    },
    {
        "order.receivable": 500,
        "order.paid": 500,
        "order.weight_g": 300,
        "order.local_time": "21:59",
        "order.waits": "36 h",
        "order.due": "2026-11-12",
        "order.paid_at": "2026-01-01T00:00:00+08:00",
        "order.gift": False,
        "order.type": "normal",
        "order.message": "Nothing",
        "order.tags": ["vip"],
        "order.channel": "shop",
    },
]


@pytest.mark.parametrize(
    ("policy", "merge"),
    [("COLLECT", None), ("COLLECT", "SUM"), ("COLLECT", "MAX"), ("UNIQUE", None)],
)
def test_hit_policies_survive(policy: str, merge: str | None, tmp_path: Path) -> None:
    rows = [(["> 1"], ["1"]), (["> 2"], ["2.5"])]
    text = f'hitPolicy="{policy}"' + (f' aggregation="{merge}"' if merge else "")
    default = '<output name="n"><defaultOutputEntry><text>9</text></defaultOutputEntry></output>'
    imported = read_one(tmp_path, table(rows, policy=text, outputs=default))

    write_dmn(imported, tmp_path / "out.dmn")

    (again,) = read_dmn(tmp_path / "out.dmn")
    assert again.ruleset.hash == imported.ruleset.hash
    for total in (1, 2, 3):
        decision = imported.ruleset.decide({"total": total})
        assert again.output(again.ruleset.decide({"total": total})) == imported.output(decision)


def test_a_list_that_a_rule_adds_nothing_to_is_left_out(tmp_path: Path) -> None:
    rows = [(["> 1"], ["1", "1"])]
    outputs = '<output name="a" /><output name="b" />'
    imported = read_one(tmp_path, table(rows, outputs=outputs, policy='hitPolicy="RULE ORDER"'))
    tree = imported.ruleset.tree
    partly = replace(tree.rules[0], id="r2", then={"a": 1})
    ruleset = Ruleset(replace(tree, rules=(*tree.rules, partly)))

    report = write_dmn(ruleset, tmp_path / "out.dmn")

    assert report.left_out[0].reason == "the rule `r2` leaves out a field, which would be `null`"


def test_tables_of_jdm_are_written_as_dmn(tmp_path: Path) -> None:
    graph = DATA / "gorules" / "graphs"
    written = 0
    for file in sorted(graph.glob("*.json")):
        items = [item for item in read_jdm(file) if not item.untranslated]
        report = write_dmn(items, tmp_path / "out.dmn")
        kept = [item for item in items if item.name in report.tables]
        written += len(kept)
        for item, again in zip(kept, read_dmn(tmp_path / "out.dmn") if kept else [], strict=True):
            assert again.untranslated == ()
            assert [rule.id for rule in again.ruleset.tree.rules] == [
                rule.id for rule in item.ruleset.tree.rules
            ]
    assert written > 10


def test_a_denial_whose_fact_another_cell_asks_for_survives(tmp_path: Path) -> None:
    # The condition of two facts goes to a column of its own, away from the denial.
    cell = '(starts with(?, "a") or starts with(?, "b") and n > 1) and not(ends with(?, "b"))'
    imported = read_one(tmp_path, table([([cell], ["1"])], inputs=[("x", "string")]))

    write_dmn(imported, tmp_path / "out.dmn")

    (again,) = read_dmn(tmp_path / "out.dmn")
    assert again.ruleset.hash == imported.ruleset.hash
