"""What a store promises about commands, events, decisions and what they rest on."""

from __future__ import annotations

from ordinance.ports import Conflict, Storage
from ordinance.testing.samples import (
    OTHER_SHOP,
    SHOP,
    command,
    decision,
    event,
    refused,
    rules,
)


class HistoryContract:
    """What happened is added to, never changed."""

    def test_a_command_is_remembered_with_its_answer(self, storage: Storage) -> None:
        kept = command("k1", body_hash="b9", result='{"order":"o1"}')
        with storage.transaction() as tx:
            tx.keep_command(kept)
        with storage.transaction() as tx:
            assert tx.command(SHOP, "k1") == kept
            assert tx.command(SHOP, "k2") is None
            assert tx.command(OTHER_SHOP, "k1") is None

    def test_a_command_is_stored_only_once(self, storage: Storage) -> None:
        def keep(body_hash: str) -> None:
            with storage.transaction() as tx:
                tx.keep_command(command("k1", body_hash=body_hash))

        keep("b1")

        refused(Conflict, lambda: keep("b2"))
        with storage.transaction() as tx:
            assert tx.command(SHOP, "k1") == command("k1", body_hash="b1")

    def test_the_history_of_an_order_comes_by_version(self, storage: Storage) -> None:
        with storage.transaction() as tx:
            tx.append_events([event(10), event(2), event(1)])
            tx.append_events([event(1, order_id="o2"), event(1, shop=OTHER_SHOP)])
            tx.append_events([])

        assert storage.events(SHOP, "o1") == [event(1), event(2), event(10)]
        assert storage.events(SHOP, "o3") == []

    def test_an_event_keeps_all_it_says(self, storage: Storage) -> None:
        said = event(
            1,
            kind="order.held",
            actor="clerk:兰",
            cause="k9",
            changes="[1]",
            data='{"a":"b"}',
            evidence="e9",
            hash="h9",
        )
        with storage.transaction() as tx:
            tx.append_events([said])

        assert storage.events(SHOP, "o1") == [said]

    def test_a_version_is_written_only_once(self, storage: Storage) -> None:
        def append(*versions: int) -> None:
            with storage.transaction() as tx:
                tx.append_events([event(version, kind="again") for version in versions])

        with storage.transaction() as tx:
            tx.append_events([event(1), event(2)])

        refused(Conflict, lambda: append(2))
        refused(Conflict, lambda: append(3, 2))
        assert storage.events(SHOP, "o1") == [event(1), event(2)]

    def test_the_decisions_of_an_order_come_by_seq(self, storage: Storage) -> None:
        said = decision(
            1,
            point="allocation.source",
            outcome="hold",
            rules_hash="r",
            facts_hash="f",
            record="[]",
        )
        with storage.transaction() as tx:
            tx.append_decisions([decision(10), decision(2), said])
            tx.append_decisions([decision(1, order_id="o2"), decision(1, shop=OTHER_SHOP)])

        assert storage.decisions(SHOP, "o1") == [said, decision(2), decision(10)]

    def test_a_decision_is_written_only_once(self, storage: Storage) -> None:
        def append(outcome: str) -> None:
            with storage.transaction() as tx:
                tx.append_decisions([decision(1, outcome=outcome)])

        append("pass")

        refused(Conflict, lambda: append("hold"))
        assert storage.decisions(SHOP, "o1") == [decision(1, outcome="pass")]

    def test_outcomes_are_counted_by_decision_point(self, storage: Storage) -> None:
        with storage.transaction() as tx:
            tx.append_decisions([decision(1), decision(2), decision(3, outcome="hold")])
            tx.append_decisions([decision(4, point="intake.validate")])
            tx.append_decisions([decision(1, shop=OTHER_SHOP)])

        assert storage.outcome_counts(SHOP) == {
            ("intake.validate", "pass"): 1,
            ("review.risk", "hold"): 1,
            ("review.risk", "pass"): 2,
        }

    def test_facts_are_kept_once_under_their_hash(self, storage: Storage) -> None:
        with storage.transaction() as tx:
            tx.keep_facts(SHOP, {"f1": '{"a":1}'})
            tx.keep_facts(SHOP, {"f1": '{"a":2}'})

        assert storage.facts(SHOP, "f1") == '{"a":1}'
        assert storage.facts(SHOP, "f2") is None
        assert storage.facts(OTHER_SHOP, "f1") is None

    def test_rules_are_kept_as_they_were_first_used(self, storage: Storage) -> None:
        with storage.transaction() as tx:
            tx.keep_rules(rules("r1", source="first"))
            tx.keep_rules(rules("r1", source="second"))

        assert storage.rules(SHOP, "r1") == rules("r1", source="first")
        assert storage.rules(SHOP, "r2") is None
        assert storage.rules(OTHER_SHOP, "r1") is None

    def test_personal_data_is_replaced(self, storage: Storage) -> None:
        with storage.transaction() as tx:
            tx.keep_person(SHOP, "p1", "old")
            tx.keep_person(SHOP, "p1", "new")
            tx.keep_person(OTHER_SHOP, "p1", "theirs")
        with storage.transaction() as tx:
            assert tx.person(SHOP, "p1") == "new"
            assert tx.person(SHOP, "p2") is None

    def test_a_person_is_found_by_phone_and_mail_however_written(self, storage: Storage) -> None:
        told = '{"buyer_email":"Lan@Tea.cn","receiver_phone":"+86 138 0013 8000"}'
        with storage.transaction() as tx:
            tx.keep_person(SHOP, "p1", told)
            tx.keep_person(SHOP, "p2", '{"buyer_phone":"13800138000-1234"}')
            tx.keep_person(OTHER_SHOP, "p3", told)
        with storage.transaction() as tx:
            tx.keep_person(SHOP, "p4", told)
            tx.keep_person(SHOP, "p4", "{}")

        assert list(storage.persons_found(SHOP, "phone:13800138000")) == ["p1", "p2"]
        assert list(storage.persons_found(SHOP, "mail:lan@tea.cn")) == ["p1"]
        assert list(storage.persons_found(SHOP, "phone:1380013800")) == []

    def test_what_was_seen_is_kept_beside_the_person(self, storage: Storage) -> None:
        with storage.transaction() as tx:
            tx.keep_person(SHOP, "p1", "{}")
            tx.keep_seen(SHOP, "p1", '[[1,{"receiver.address":"x"}]]')
            tx.keep_seen(SHOP, "p2", "[[9,{}]]")
            tx.keep_person(SHOP, "p1", '{"address":"y"}')

        assert storage.seen(SHOP, "p1") == '[[1,{"receiver.address":"x"}]]'
        assert storage.person(SHOP, "p1") == '{"address":"y"}'
        assert storage.seen(SHOP, "p2") is None, "nothing is kept of nobody"

    def test_a_person_who_is_erased_is_gone_for_good(self, storage: Storage) -> None:
        told = '{"receiver_phone":"13800138000"}'
        with storage.transaction() as tx:
            tx.keep_person(SHOP, "p1", told)
            tx.keep_person(OTHER_SHOP, "p1", told)
        with storage.transaction() as tx:
            assert tx.erase_person(SHOP, "p1")
            assert not tx.erase_person(SHOP, "p1")
            assert not tx.erase_person(SHOP, "p2")
            tx.keep_seen(SHOP, "p1", "[]")

        assert storage.person(SHOP, "p1") is None and storage.seen(SHOP, "p1") is None
        assert list(storage.persons_found(SHOP, "phone:13800138000")) == []
        assert storage.person(OTHER_SHOP, "p1") == told
        assert list(storage.brought_back(SHOP)) == []

    def test_who_was_erased_and_is_there_again_is_told(self, storage: Storage) -> None:
        with storage.transaction() as tx:
            tx.keep_person(SHOP, "p1", "{}")
        with storage.transaction() as tx:
            tx.erase_person(SHOP, "p1")
        with storage.transaction() as tx:
            tx.keep_person(SHOP, "p1", "{}")

        assert list(storage.brought_back(SHOP)) == ["p1"]
        assert list(storage.brought_back(OTHER_SHOP)) == []

    def test_a_payment_belongs_to_the_order_it_was_first_seen_on(self, storage: Storage) -> None:
        with storage.transaction() as tx:
            tx.keep_transaction(SHOP, "alipay", "t1", "o1")
            tx.keep_transaction(SHOP, "alipay", "t1", "o2")
            tx.keep_transaction(SHOP, "card", "t1", "o3")
        with storage.transaction() as tx:
            assert tx.transaction_owner(SHOP, "alipay", "t1") == "o1"
            assert tx.transaction_owner(SHOP, "card", "t1") == "o3"
            assert tx.transaction_owner(SHOP, "card", "t2") is None
            assert tx.transaction_owner(OTHER_SHOP, "card", "t1") is None

    def test_a_setting_is_replaced(self, storage: Storage) -> None:
        storage.keep_setting(SHOP, "profile", "old")
        storage.keep_setting(SHOP, "profile", "new")
        storage.keep_setting(OTHER_SHOP, "profile", "theirs")

        assert storage.setting(SHOP, "profile") == "new"
        assert storage.setting(SHOP, "report") is None
