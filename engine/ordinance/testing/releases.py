"""What a store promises about releases of rules, their journal, and what candidates said."""

from __future__ import annotations

from pathlib import Path

from ordinance.ports import Conflict, EntryKind, Storage
from ordinance.testing.samples import (
    OTHER_SHOP,
    SHOP,
    decision,
    entry,
    refused,
    release,
    trial,
)


class ReleasesContract:
    """Releases never change, the journal is only added to, and its end says what is in force."""

    def make(self, tmp_path: Path) -> Storage:
        raise NotImplementedError

    def test_a_release_keeps_all_it_says(self, storage: Storage) -> None:
        said = release(
            7, hash="兰", base=3, author="兰", note="第一行\n第二行", files="{}", rules="{}"
        )
        with storage.transaction() as tx:
            tx.add_release(said, {})

        assert storage.release(SHOP, 7) == said
        assert storage.release(SHOP, 6) is None
        assert storage.release(OTHER_SHOP, 7) is None

    def test_releases_come_by_version(self, storage: Storage) -> None:
        with storage.transaction() as tx:
            for version in (10, 2, 1):
                tx.add_release(release(version), {})
            tx.add_release(release(1, shop=OTHER_SHOP), {})

        assert storage.releases(SHOP) == [release(1), release(2), release(10)]

    def test_a_version_is_stored_only_once(self, storage: Storage) -> None:
        def add(note: str) -> None:
            with storage.transaction() as tx:
                tx.add_release(release(1, note=note), {"t1": note})

        add("first")

        refused(Conflict, lambda: add("second"))
        assert storage.releases(SHOP) == [release(1, note="first")]
        assert storage.rule_text(SHOP, "t1") == "first"

    def test_a_text_is_kept_once_for_all_releases(self, storage: Storage) -> None:
        with storage.transaction() as tx:
            tx.add_release(release(1), {"t1": "a", "t2": "b"})
            tx.add_release(release(2), {"t1": "other", "t3": "c"})

        texts = [storage.rule_text(SHOP, name) for name in ("t1", "t2", "t3", "t4")]
        assert texts == ["a", "b", "c", None]
        assert storage.rule_text(OTHER_SHOP, "t1") is None

    def test_the_journal_comes_in_order_and_its_end_is_found(self, storage: Storage) -> None:
        second = entry(
            2,
            kind=EntryKind.SHADOW_STARTED,
            version=4,
            actor="兰",
            note="",
            live=3,
            since=1,
            shadow=4,
            approval=True,
        )
        with storage.transaction() as tx:
            assert tx.journal_end(SHOP) is None
            tx.append_entry(entry(1))
            assert tx.journal_end(SHOP) == entry(1)
            tx.append_entry(second)
            tx.append_entry(entry(1, shop=OTHER_SHOP))
        with storage.transaction() as tx:
            assert tx.journal_end(SHOP) == second

        assert storage.journal(SHOP) == [entry(1), second]
        assert storage.journal("nobody") == []

    def test_the_tenth_entry_comes_after_the_ninth(self, storage: Storage) -> None:
        with storage.transaction() as tx:
            for seq in range(1, 12):
                tx.append_entry(entry(seq))

        with storage.transaction() as tx:
            assert tx.journal_end(SHOP) == entry(11)
        assert [found.seq for found in storage.journal(SHOP)] == list(range(1, 12))

    def test_an_entry_is_written_only_once(self, storage: Storage) -> None:
        def append(actor: str) -> None:
            with storage.transaction() as tx:
                tx.add_release(release(2 if actor == "Zhu" else 1), {})
                tx.append_entry(entry(1, actor=actor))

        append("Lan")

        refused(Conflict, lambda: append("Zhu"))
        assert storage.journal(SHOP) == [entry(1)]
        assert storage.releases(SHOP) == [release(1)]

    def test_a_command_sees_what_another_has_published(self, tmp_path: Path) -> None:
        one, other = self.make(tmp_path), self.make(tmp_path)
        with one.transaction() as tx:
            tx.append_entry(entry(1))
        with other.transaction() as tx:
            seen = tx.journal_end(SHOP)

        assert seen == entry(1)
        one.close()
        other.close()

    def test_decisions_are_counted_by_the_rules_they_were_made_with(self, storage: Storage) -> None:
        with storage.transaction() as tx:
            tx.append_decisions([decision(1), decision(2, published=3), decision(3, published=3)])
            tx.append_decisions([decision(4, published=3, rules_hash="r2")])
            tx.append_decisions([decision(5, published=10, point="intake.validate")])
            tx.append_decisions([decision(1, shop=OTHER_SHOP, published=3)])

        assert storage.decisions(SHOP, "o1")[1] == decision(2, published=3)
        assert storage.rules_used(SHOP) == {
            (0, "review.risk", "r1"): 1,
            (3, "review.risk", "r1"): 2,
            (3, "review.risk", "r2"): 1,
            (10, "intake.validate", "r1"): 1,
        }

    def test_decisions_of_a_point_come_with_their_facts(self, storage: Storage) -> None:
        with storage.transaction() as tx:
            tx.append_decisions([decision(2), decision(1, facts_hash="f2")])
            tx.append_decisions([decision(3, point="intake.validate")])
            tx.append_decisions([decision(1, order_id="o0"), decision(1, shop=OTHER_SHOP)])
            tx.keep_facts(SHOP, {"f1": "{}"})
            tx.keep_facts(OTHER_SHOP, {"f2": "theirs"})

        assert list(storage.decided(SHOP, ["review.risk"])) == [
            (decision(1, order_id="o0"), "{}"),
            (decision(1, facts_hash="f2"), None),
            (decision(2), "{}"),
        ]
        found = list(storage.decided(SHOP, ["review.risk", "intake.validate"]))
        assert [stored.seq for stored, _ in found] == [1, 1, 2, 3]
        assert list(storage.decided(SHOP, [])) == []

    def test_many_decisions_come_each_once(self, storage: Storage) -> None:
        with storage.transaction() as tx:
            for order_id in ("o1", "o2"):
                tx.append_decisions([decision(seq, order_id=order_id) for seq in range(1, 702)])

        found = [(item.order_id, item.seq) for item, _ in storage.decided(SHOP, ["review.risk"])]
        assert found == [(name, seq) for name in ("o1", "o2") for seq in range(1, 702)]

    def test_what_a_candidate_said_comes_by_order(self, storage: Storage) -> None:
        said = trial(3, live="兰", outcome="failed", same=True, record='{"failed":"why"}')
        with storage.transaction() as tx:
            tx.append_trials([said, trial(1), trial(2, order_id="o0")])
            tx.append_trials([trial(1, version=3), trial(1, shop=OTHER_SHOP)])
            tx.append_trials([])

        assert list(storage.trials(SHOP, 2)) == [trial(2, order_id="o0"), trial(1), said]
        assert list(storage.trials(SHOP, 3)) == [trial(1, version=3)]
        assert list(storage.trials(SHOP, 4)) == []

    def test_a_candidate_is_asked_once_about_a_decision(self, storage: Storage) -> None:
        def append(outcome: str) -> None:
            with storage.transaction() as tx:
                tx.append_trials([trial(1, outcome=outcome)])

        append("hold")

        refused(Conflict, lambda: append("pass"))
        assert list(storage.trials(SHOP, 2)) == [trial(1)]
