"""What the tests of a rule set show, as findings."""

from __future__ import annotations

from collections.abc import Iterator

from ordinance.rules.checking.finding import Finding, finding
from ordinance.rules.kinds import Words
from ordinance.rules.proving import Proof, Trial
from ordinance.rules.tree import RuleSet


def of_tests(tree: RuleSet, proof: Proof) -> Iterator[Finding]:
    """Tests that differ, rules that no test fires, and limits without a test on both sides."""
    for trial in proof.trials:
        yield from _differs(trial)
    if not proof.trials:
        yield finding(
            "E_NO_TESTS",
            "error",
            Words("没有测试", "there are no tests"),
            tree.place,
            way=Words(
                "在 `测试` 下面为每条规则写一个例子和期望的结论",
                "write an example for each rule below `tests`, with the answer that is expected",
            ),
        )
        return
    never = set(proof.never_fired)
    for rule in tree.rules:
        if rule.id in never:
            yield finding(
                "E_NEVER_FIRED",
                "error",
                Words(f"没有测试命中规则 `{rule.id}`", f"no test fires rule `{rule.id}`"),
                rule.place,
                way=Words(
                    "写一个让它命中的测试",
                    "write a test on which it fires",
                ),
                subject=(rule.id,),
            )
    for proposal in proof.proposals:
        words = proposal.words
        yield finding(
            "N_LIMIT",
            "note",
            Words(f"建议补一个测试: {words.zh}", f"a test to add: {words.en}"),
            proposal.place,
            subject=proposal.subject,
        )


def _differs(trial: Trial) -> Iterator[Finding]:
    for item in trial.differences:
        yield finding(
            "E_TEST_FAILED",
            "error",
            Words(
                f"测试 `{trial.name.zh}` 不符: `{item.what}` 应为 `{item.expected}`, "
                f"实为 `{item.found}`",
                f"the test `{trial.name.en}` fails: `{item.what}` should be `{item.expected}` and "
                f"is `{item.found}`",
            ),
            trial.place,
            way=Words("改正规则, 或改正测试的期望", "correct the rules, or what the test expects"),
            subject=(str(trial.place), item.what),
        )
