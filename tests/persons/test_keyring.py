"""The keyring is made once, is for one user alone, and refuses what is no key."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ordinance_adapters.keys import KEYS, Keyring, KeyringError


@pytest.fixture(autouse=True)
def no_folder_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEYS, raising=False)


def test_the_keys_lie_beside_the_file_for_one_user_alone(tmp_path: Path) -> None:
    keyring = Keyring.open(tmp_path / "shop.db")

    assert keyring.folder == tmp_path / "shop.db.keys"
    assert not keyring.folder.exists()
    assert len({keyring.master(), keyring.index()}) == 2
    assert len(keyring.master()) == len(keyring.index()) == 32
    assert keyring.folder.stat().st_mode & 0o777 == 0o700
    assert {p.name: p.stat().st_mode & 0o777 for p in keyring.folder.iterdir()} == {
        "master.key": 0o600,
        "index.key": 0o600,
    }


def test_the_same_folder_gives_the_same_keys(tmp_path: Path) -> None:
    first, second = Keyring.open(tmp_path / "a.db"), Keyring.open(f"sqlite:////{tmp_path}/a.db")

    assert first.master() == second.master()
    assert first.fingerprint() == second.fingerprint()
    assert public(first) == public(second)


def public(keyring: Keyring) -> bytes:
    return keyring.signing().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def test_the_environment_names_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEYS, str(tmp_path / "elsewhere"))

    assert Keyring.open(tmp_path / "a.db").folder == tmp_path / "elsewhere"
    assert Keyring.open("postgresql://host/name").folder == tmp_path / "elsewhere"


def test_what_is_in_memory_keeps_its_keys_there(tmp_path: Path) -> None:
    one, other = Keyring.open(":memory:"), Keyring.open(":memory:")

    assert one.folder is None
    assert one.master() == one.master() != other.master()


def test_a_server_without_a_folder_is_refused_once_a_key_is_needed() -> None:
    keyring = Keyring.open("postgresql://somebody:secret@host/name")

    with pytest.raises(KeyringError, match="set ORDINANCE_KEYS to a folder") as refused:
        keyring.master()
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    Keyring.open(tmp_path / "a.db").master()
    path = tmp_path / "a.db.keys/master.key"
    path.chmod(mode)

    with pytest.raises(KeyringError, match=rf"master.key` can be read by others \(mode {mode:o}\)"):
        Keyring.open(tmp_path / "a.db").master()


def test_a_folder_that_others_may_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.db.keys").mkdir(mode=0o755)
    (tmp_path / "a.db.keys").chmod(0o755)

    with pytest.raises(KeyringError, match="chmod 700"):
        Keyring.open(tmp_path / "a.db").master()


def test_every_cut_and_every_flipped_character_of_a_key_is_refused(tmp_path: Path) -> None:
    Keyring.open(tmp_path / "a.db").master()
    path = tmp_path / "a.db.keys/master.key"
    whole = path.read_bytes()
    spoilt = [whole[:cut] for cut in range(len(whole) - 1)]
    spoilt += [
        whole[:at] + (b"0" if whole[at : at + 1] != b"0" else b"1") + whole[at + 1 :]
        for at in range(len(whole) - 1)
    ]
    for content in spoilt:
        path.write_bytes(content)
        with pytest.raises(KeyringError, match="is damaged"):
            Keyring.open(tmp_path / "a.db").master()
    path.write_bytes(whole)
    Keyring.open(tmp_path / "a.db").master()


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    keyring = Keyring.open(tmp_path / "a.db")
    keyring.master(), keyring.index()
    folder = tmp_path / "a.db.keys"
    (folder / "master.key").write_bytes((folder / "index.key").read_bytes())

    with pytest.raises(KeyringError, match="no key of this kind"):
        Keyring.open(tmp_path / "a.db").master()


def test_a_file_in_place_of_the_folder_and_a_missing_parent_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.db.keys").write_text("")

    with pytest.raises(KeyringError, match="is no folder"):
        Keyring.open(tmp_path / "a.db").master()
    with pytest.raises(KeyringError, match="make the folder"):
        Keyring.open(tmp_path / "nowhere/a.db").master()


@pytest.mark.parametrize("shop", ["tea", "\u2028", "\x85", 'a"\n', "\u8336"])
def test_everybody_who_is_noted_is_read_again_whatever_stands_between(
    tmp_path: Path, shop: str
) -> None:
    noting = Keyring.open(tmp_path / "a.db")
    noting.note_erased("store", shop, "P-1")
    with (tmp_path / "a.db.keys/erased.jsonl").open("a") as file:
        file.write('5\n{"a":1,"b":2,"c":3}\n[1,2]\nnull\n["cut off')
    noting.note_erased("store", shop, "P-2")

    found = Keyring.open(tmp_path / "a.db").erased()

    assert found == [("store", shop, "P-1"), ("store", shop, "P-2")]


_OPENED = """
import sys, time
from ordinance_adapters.keys import Keyring
keyring = Keyring.open(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
print(keyring.master().hex(), keyring.index().hex(), keyring.fingerprint(), flush=True)
"""


def test_processes_that_open_a_new_store_at_once_agree_on_its_keys(tmp_path: Path) -> None:
    crew = [
        subprocess.Popen(
            [sys.executable, "-c", _OPENED, str(tmp_path / "a.db")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=dict(os.environ),
        )
        for _ in range(6)
    ]
    for each in crew:
        assert each.stdout is not None and each.stdout.readline() == "ready\n"
    for each in crew:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    said = {each.communicate(timeout=60)[0] for each in crew}

    assert len(said) == 1
    assert sorted(p.name for p in (tmp_path / "a.db.keys").iterdir()) == ["index.key", "master.key"]
