"""`ordinance audit` and `ordinance replay`: what an auditor runs, and what it says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from ordinance.audit.checkpoint import PublicKey, notes_in, origin_of, read_note
from ordinance_adapters.keys import KEYS, Keyring
from tests.auditlog.books import OTHER_SIGNER
from tests.cli.terminal import Said, here, refused
from tests.stores import ON_POSTGRES
from tests.tampering import tampered

pytestmark = pytest.mark.skipif(ON_POSTGRES, reason="the command line's tests run on files")


@pytest.fixture(scope="module")
def shop_db(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """The tea shop, carried to its end and sealed, with its key and its checkpoints outside."""
    place = tmp_path_factory.mktemp("tea")
    run = here("run", root / "examples" / "chashop", "--db", "shop.db", "--quiet", cwd=place)
    assert run.code == 0, run
    for name, said in (("key.txt", "key"), ("point.txt", "checkpoint")):
        (place / name).write_text(here("audit", said, cwd=place).out, "utf-8")
    return place / "shop.db"


@pytest.fixture
def place(shop_db: Path, tmp_path: Path) -> Path:
    """A folder with a copy of all of it, to be written in."""
    shutil.copytree(shop_db.parent, tmp_path / "tea")
    return tmp_path / "tea"


def verify(place: Path, *more: str) -> Said:
    return here(
        *("audit", "verify", "--checkpoint", "point.txt", "--key", "key.txt"), *more, cwd=place
    )


def test_run_seals_what_it_has_done(place: Path) -> None:
    found = verify(place)

    assert found.code == 0, found
    assert found.out.splitlines()[-1] == "everything fits"
    assert "not sealed yet" not in found.out
    again = here("audit", "seal", "--json", cwd=place)
    assert json.loads(again.out)["sealed"] == 0


def test_the_key_may_be_given_as_a_line_or_a_file(place: Path) -> None:
    key = (place / "key.txt").read_text("utf-8").strip()
    with_line = here("audit", "verify", "--key", key, cwd=place)

    assert with_line.code == 0
    assert "the key is the store's own" not in with_line.out
    assert "the key is the store's own" in here("audit", "verify", cwd=place).out
    assert "which its owner can rewrite" in with_line.out


def test_an_altered_event_is_named_with_its_place(place: Path) -> None:
    tampered(
        place / "shop.db",
        "UPDATE events SET actor = 'somebody' WHERE version = 3 AND order_id ="
        " (SELECT id FROM orders WHERE source_id = 'CS-01')",
    )

    found = verify(place)
    assert found.code == 3
    assert "event 3) altered: what it says is not what was hashed" in found.out.splitlines()[0]
    told = json.loads(verify(place, "--json").out)
    assert not told["holds"] and told["faults"] == 1
    assert told["found"][0]["what"] == "altered" and told["found"][0]["place"] is not None
    zh = verify(place, "--lang", "zh").out
    assert "被改动: 内容与存入时计算哈希的内容不同" in zh and "1 处不符" in zh


def test_an_older_copy_is_found_by_the_checkpoint(place: Path) -> None:
    shutil.copy(place / "shop.db", place / "old.db")
    received = here("stock", "receive", "HZ", "GIFT-TIN", "5", "--new", "--by", "lan", cwd=place)
    assert received.code == 0, received
    assert here("audit", "seal", "--export", "out.txt", cwd=place).code == 0

    found = here(
        *("audit", "verify", "--db", "old.db", "--checkpoint", "out.txt", "--key", "key.txt"),
        cwd=place,
    )

    assert found.code == 3 and "rolled back" in found.out.splitlines()[0]
    assert here("audit", "verify", "--checkpoint", "out.txt", cwd=place).code == 0


def test_a_proof_is_checked_without_the_store(place: Path, tmp_path: Path) -> None:
    made = here("audit", "proof", "CS-01", "--out", "proof.json", cwd=place)
    assert made.code == 0 and "events" in made.out
    for name in ("proof.json", "key.txt"):
        shutil.copy(place / name, tmp_path / name)

    found = here("audit", "check-proof", "proof.json", "--key", "key.txt", cwd=tmp_path)
    assert found.code == 0 and found.out.startswith("proven: the ")
    zh = here(
        "audit", "check-proof", "proof.json", "--key", "key.txt", "--lang", "zh", cwd=tmp_path
    )
    assert zh.out.startswith("已证实: ")

    text = (tmp_path / "proof.json").read_text("utf-8")
    (tmp_path / "proof.json").write_text(text.replace("order.placed", "order.gone"), "utf-8")
    found = here("audit", "check-proof", "proof.json", "--key", "key.txt", cwd=tmp_path)
    assert (found.code, found.out) == (3, "not proven: event 1 was altered\n")
    told = here("audit", "check-proof", "proof.json", "--key", "key.txt", "--json", cwd=tmp_path)
    assert json.loads(told.out) == {"proven": False, "why": "event 1 was altered"}


def test_that_a_log_only_grew_is_checked_without_the_store(place: Path, tmp_path: Path) -> None:
    here("stock", "receive", "HZ", "GIFT-TIN", "5", "--new", "--by", "lan", cwd=place)
    assert here("audit", "seal", cwd=place).code == 0
    made = here("audit", "consistency", "point.txt", "--out", "grown.json", cwd=place)
    assert made.code == 0 and "hashes" in made.out
    (place / "new.txt").write_text(here("audit", "checkpoint", cwd=place).out, "utf-8")
    printed = here("audit", "consistency", "point.txt", "new.txt", cwd=place)
    assert printed.out == (place / "grown.json").read_text("utf-8")
    for name in ("grown.json", "key.txt"):
        shutil.copy(place / name, tmp_path / name)

    check = ("audit", "check-consistency", "grown.json", "--key", "key.txt")
    found = here(*check, cwd=tmp_path)
    assert found.code == 0 and found.out.startswith("proven: the log ordinance/chashop only grew")
    assert here(*check, "--lang", "zh", cwd=tmp_path).out.startswith("已证实: ")
    told = json.loads(here(*check, "--json", cwd=tmp_path).out)
    assert told["new"]["size"] > told["old"]["size"]

    # The two are the wrong way round; then the store is an older one.
    assert here("audit", "consistency", "new.txt", "point.txt", cwd=place).code == 3
    text = (tmp_path / "grown.json").read_text("utf-8")
    (tmp_path / "grown.json").write_text(text.replace("old", "young", 1), "utf-8")
    assert here(*check, cwd=tmp_path).code == 3
    refused(here("audit", "consistency", "none.txt", cwd=place), "none.txt: No such file")
    refused(here("audit", "consistency", "key.txt", cwd=place), "holds no checkpoint")


def test_the_printed_checkpoint_is_the_newest_note(place: Path) -> None:
    said = here("audit", "checkpoint", cwd=place).out

    assert [read_note(each).size for each in notes_in(said)] == [
        json.loads(here("audit", "seal", "--json", cwd=place).out)["size"]
    ]


def test_what_cannot_be_looked_at_is_said_and_is_no_verdict(place: Path, tmp_path: Path) -> None:
    (place / "empty.txt").write_text("", "utf-8")
    (place / "odd.txt").write_bytes(b"\xff\xfe\x00")
    refused(
        here("audit", "verify", "--checkpoint", "none.txt", cwd=place), "none.txt: No such file"
    )
    refused(
        here("audit", "verify", "--checkpoint", "empty.txt", cwd=place), "empty.txt: it is empty"
    )
    refused(
        here("audit", "verify", "--checkpoint", "odd.txt", cwd=place), "odd.txt: this is no text"
    )
    refused(here("audit", "verify", "--checkpoint", "key.txt", cwd=place), "holds no checkpoint")
    refused(here("audit", "verify", "--key", "nonsense", cwd=place), "--key: this is no public key")
    refused(here("audit", "verify", "--db", "none.db", cwd=place), "there is no such store")
    refused(here("audit", "proof", "nobody", cwd=place), "no order `nobody`")
    refused(here("audit", "proof", "CS-01", "--out", "no/where.json", cwd=place), "No such file")
    refused(
        here("audit", "check-proof", "none.json", "--key", "key.txt", cwd=place), "No such file"
    )


def test_a_checkpoint_of_another_key_is_told(place: Path) -> None:
    other = PublicKey(origin_of("chashop"), OTHER_SIGNER.public())

    found = here("audit", "verify", "--key", str(other), cwd=place)

    assert found.code == 3 and "signature false" in found.out.splitlines()[0]


def test_a_key_that_is_not_there_is_not_made_anew(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = place / "keys"
    shutil.copytree(Keyring.open(place / "shop.db").folder or "", keys)
    monkeypatch.setenv(KEYS, str(keys))
    (keys / "signing.key").rename(place / "signing.key")
    received = here("stock", "receive", "HZ", "GIFT-TIN", "5", "--new", "--by", "lan", cwd=place)
    assert received.code == 0

    for command in ("key", "seal", "verify"):
        refused(here("audit", command, cwd=place), "is signed, and its key is not in")
    assert verify(place).code == 0, "an auditor needs no key of the store"
    assert not (keys / "signing.key").exists()

    assert here("audit", "seal", "--new-key", cwd=place).code == 0
    (place / "new.txt").write_text(here("audit", "key", cwd=place).out, "utf-8")
    assert verify(place).code == 3
    assert verify(place, "--key", "new.txt").code == 0
    (place / "signing.key").rename(keys / "signing.key")
    here("stock", "receive", "HZ", "GIFT-TIN", "5", "--new", "--by", "lan", cwd=place)
    refused(here("audit", "seal", cwd=place), "was not signed by this key")


@pytest.mark.parametrize("asked", ["key", "verify", "seal"])
def test_a_key_that_signed_and_went_missing_is_not_made_anew(
    place: Path, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    monkeypatch.setenv(KEYS, str(place / "gone"))

    refused(here("audit", asked, cwd=place), "gone`", "put back `signing.key`", KEYS)
    assert not (place / "gone").exists()


def test_nothing_is_sealed_with_the_keys_of_another_store(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEYS, str(place / "theirs"))
    Keyring.open("their.db").fingerprint()

    refused(here("audit", "seal", cwd=place), "is signed, and its key is not in", "theirs`")
    said = here("audit", "seal", "--new-key", cwd=place)
    refused(said, "belongs to another keyring", "theirs`")
    assert not (place / "theirs" / "signing.key").exists()


def test_a_place_that_takes_nothing_is_told_and_keeps_its_error(place: Path) -> None:
    found = here("audit", "seal", "--export", "no/where.txt", cwd=place)

    assert found.code == 1
    assert "not handed out to file:" in found.err and "tried again" in found.err
    told = here("audit", "places", cwd=place)
    assert told.code == 1 and "leaves behind, failed 1 times: `" in told.out
    assert "已失败 1 次" in here("audit", "places", "--lang", "zh", cwd=place).out


def test_a_place_that_failed_once_is_told_until_it_is_forgotten(place: Path) -> None:
    name = f"file:{place / 'no/where.txt'}"
    assert here("audit", "seal", "--export", "no/where.txt", cwd=place).code == 1
    assert here("audit", "seal", cwd=place).code == 0, "what this run was asked for is done"
    assert "unexported" in here("status", cwd=place).out
    refused(here("audit", "places", "--forget", name[:-1], cwd=place), f"did you mean `{name}`?")

    found = here("audit", "places", "--forget", name, cwd=place)

    assert found.code == 0 and "handed out nowhere" in found.out
    assert "unexported" not in here("status", cwd=place).out
    refused(here("audit", "places", "--forget", name, cwd=place), "none is known")


def test_places_of_another_shop_are_refused(place: Path, root: Path) -> None:
    said = here("audit", "seal", "--shop", root / "examples" / "retail", cwd=place)

    refused(said, "kept for the shop `chashop`", "`retail`")


def test_places_are_told_with_how_far_they_are(place: Path) -> None:
    assert "handed out nowhere" in here("audit", "places", cwd=place).out
    assert here("audit", "seal", "--export", "out.txt", cwd=place).code == 0

    told = json.loads(here("audit", "places", "--json", cwd=place).out)
    assert [(each["behind"], each["failures"]) for each in told] == [(0, 0)]
    assert "0 behind" in here("audit", "places", cwd=place).out


def test_every_stored_decision_is_made_again(place: Path) -> None:
    found = here("replay", "--json", cwd=place)
    told = json.loads(found.out)
    assert found.code == 0
    assert told["decisions"] > 500 and told["differs"] == told["not_replayable"] == []
    one = json.loads(here("replay", "CS-01", "--json", cwd=place).out)
    assert 0 < one["decisions"] < 50
    late = json.loads(here("replay", "--since", "2099-01-01", "--json", cwd=place).out)
    assert late["decisions"] == 0
    refused(here("replay", "--since", "yesterday", cwd=place), "--since `yesterday` is no instant")


def test_a_decision_that_was_altered_comes_out_otherwise(place: Path) -> None:
    tampered(
        place / "shop.db",
        "UPDATE decisions SET record = replace(record, '\"at\"', '\"at\" ') WHERE seq = 1"
        " AND order_id = (SELECT id FROM orders WHERE source_id = 'CS-01')",
    )

    found = here("replay", "CS-01", cwd=place)

    assert found.code == 3 and "differs from its record" in found.out
    assert verify(place).code == 3


def test_a_decision_without_its_facts_is_told_apart(place: Path) -> None:
    tampered(
        place / "shop.db",
        "DELETE FROM facts WHERE facts_hash = (SELECT facts_hash FROM decisions WHERE seq = 1"
        " AND order_id = (SELECT id FROM orders WHERE source_id = 'CS-01'))",
    )

    found = here("replay", "CS-01", "--lang", "zh", cwd=place)

    assert found.code == 0 and "次无法重放" in found.out and "(无法重放)" in found.out


def test_a_copy_carries_the_log_and_is_verified_by_the_same_checkpoint(place: Path) -> None:
    assert here("copy", "shop.db", "copy.db", "--quiet", cwd=place).code == 0

    assert verify(place, "--db", "copy.db").code == 0
