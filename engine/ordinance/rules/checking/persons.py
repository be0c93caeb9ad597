"""Lists of persons: each entry says why somebody stands on it, and who put them there."""

from __future__ import annotations

from collections.abc import Iterator

from ordinance.rules.checking.finding import Finding, finding
from ordinance.rules.checking.uses import facts_of_list
from ordinance.rules.kinds import Words
from ordinance.rules.tree import RuleSet


def unexplained_persons(tree: RuleSet) -> Iterator[Finding]:
    """Lists that a `personal` fact is looked for in, with entries that say no reason or no author.

    A person may ask why an order was held; a bare entry has no answer.
    """
    personal = {fact.name: fact for fact in tree.point.facts if fact.personal and not fact.speech}
    for item in (tree.lists or {}).values():
        facts = [
            personal[name] for name in sorted(facts_of_list(tree, item.name)) if name in personal
        ]
        bare = [
            entry
            for dated in item.values
            for entry in dated.entries
            if entry.reason is None or entry.added_by is None
        ]
        if not facts or not bare:
            continue
        # The entry itself is somebody's data, so only their number is told.
        many = len(bare)
        yield finding(
            "E_PERSON",
            "error",
            Words(
                f"名单 `{item.name}` 记的是个人 ({facts[0].words.zh}), "
                f"有 {many} 条没有写原因和添加人",
                f"list `{item.name}` holds persons ({facts[0].words.en}), and {many} "
                f"{'entry says' if many == 1 else 'entries say'} not why and by whom",
            ),
            item.place,
            way=Words(
                "每条写成 `{值: ..., 原因: ..., 添加人: ...}`, 最好再写 `截至`",
                "write each as `{value: ..., reason: ..., added_by: ...}`, best with an `until`",
            ),
            subject=(item.name,),
        )
