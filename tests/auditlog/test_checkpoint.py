"""Checkpoints: what a note says, who signed it, and that nothing else is taken for one."""

from __future__ import annotations

import base64
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from ordinance.audit import checkpoint
from ordinance.audit.checkpoint import (
    Checkpoint,
    FalseSignature,
    NoCheckpoint,
    PublicKey,
    checked_note,
    notes_in,
    origin_of,
    read_note,
    read_public,
)
from ordinance_adapters.signing import Ed25519Signer, checks
from tests.auditlog.mutants import planted

SIGNER = Ed25519Signer(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER = Ed25519Signer(Ed25519PrivateKey.from_private_bytes(bytes(32)))
AT = datetime(2026, 11, 27, 12, 0, 0, 125_000, UTC)
POINT = Checkpoint(origin_of("chashop"), 1200, bytes(range(32)), AT, 1100)
PUBLIC = PublicKey(POINT.origin, SIGNER.public())


def test_a_note_is_written_as_other_programs_read_it() -> None:
    lines = POINT.signed(SIGNER).split("\n")

    assert lines[:6] == [
        "ordinance/chashop",
        "1200",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "at 2026-11-27T12:00:00.125000+00:00",
        "after 1100",
        "",
    ]
    assert lines[6].startswith("— ordinance/chashop ") and lines[7:] == [""]


def test_the_published_key_of_signed_note_is_read() -> None:
    text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

    assert str(read_public(text)) == text


@given(
    st.text(min_size=1, max_size=30),
    st.integers(0, 10**17),
    st.binary(min_size=32, max_size=32),
    st.datetimes(timezones=st.just(UTC)),
)
def test_what_was_signed_is_read_back(shop: str, size: int, root: bytes, at: datetime) -> None:
    point = Checkpoint(origin_of(shop.encode("utf-8", "replace").decode()), size, root, at)
    note = point.signed(SIGNER)

    assert checked_note(note, PublicKey(point.origin, SIGNER.public()), checks) == point
    assert notes_in(note * 3) == [note] * 3
    assert notes_in(note + "\n" + note) == [note] * 2


@settings(max_examples=300)
@given(st.data())
def test_no_altered_note_is_taken(data: st.DataObject) -> None:
    note = POINT.signed(SIGNER)
    at = data.draw(st.integers(0, len(note) - 1))
    other = data.draw(st.characters(exclude_characters=note[at], codec="utf-8"))
    altered = data.draw(st.sampled_from([note[:at] + other + note[at + 1 :], note[:at]]))
    if altered.rstrip("\n") == note.rstrip("\n"):
        return

    with pytest.raises(NoCheckpoint):
        checked_note(altered, PUBLIC, checks)


@pytest.mark.parametrize("other", ["\x0b", "\x1c", "\x85", "\u2028", " "])
def test_a_line_ends_in_one_way(other: str) -> None:
    with pytest.raises(NoCheckpoint):
        checked_note(POINT.signed(SIGNER)[:-1] + other, PUBLIC, checks)


def test_an_instant_of_another_zone_is_the_same_instant() -> None:
    elsewhere = Checkpoint(
        POINT.origin, POINT.size, POINT.root, AT.astimezone(timezone(timedelta(hours=8))), 1100
    )

    assert elsewhere.text() == POINT.text()


def test_another_key_or_name_does_not_pass() -> None:
    note = POINT.signed(SIGNER)
    with pytest.raises(FalseSignature, match="not signed by the key"):
        checked_note(note, PublicKey(POINT.origin, OTHER.public()), checks)
    with pytest.raises(FalseSignature, match="it is of `ordinance/chashop`"):
        checked_note(note, PublicKey("ordinance/other", SIGNER.public()), checks)


def test_a_witness_may_sign_beside_us() -> None:
    witness = "— witness.example AAAAAAAA\n"

    assert checked_note(POINT.signed(SIGNER) + witness, PUBLIC, checks) == POINT


@pytest.mark.parametrize(
    "text",
    ["", "x", "a+b", "a+00000000+AAAA", str(PUBLIC)[:-3], str(PUBLIC).replace("+", "+0", 1)],
)
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(NoCheckpoint, match="public key"):
        read_public(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("\nhello", "no checkpoint, but `hello`"),
        (POINT.text(), "no checkpoint"),
    ],
)
def test_a_file_with_something_else_is_refused(text: str, said: str) -> None:
    with pytest.raises(NoCheckpoint, match=said):
        notes_in(text)


def test_what_a_broken_write_left_is_passed_over() -> None:
    note = POINT.signed(SIGNER)
    for cut in range(len(note) - 1):
        assert notes_in(f"{note}{note[:cut]}\n{note}")[-1] == note
        assert notes_in(note + note[:cut])[0] == note


def test_a_note_without_a_signature_or_instant_is_refused() -> None:
    with pytest.raises(NoCheckpoint, match="no signature"):
        read_note(POINT.text())
    with pytest.raises(NoCheckpoint, match="no instant"):
        read_note(POINT.signed(SIGNER).replace("at 2026", "on 2026"))
    with pytest.raises(NoCheckpoint, match="no checkpoint before"):
        read_note(POINT.signed(SIGNER).replace("after", "before"))


def test_the_engine_needs_no_cryptography_to_read_a_note() -> None:
    said = "import sys, ordinance.audit.checkpoint; print('cryptography' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "False"


MUTANTS = {
    "signature unasked": ("if checks(public.key, signature, signed):", "if True:"),
    "name unasked": ("if found.origin != public.name:", "if False:"),
    "key unasked": ("if ours and signature[:4] == public.id and", "if ours and"),
    "text unasked": ('if found.text() != text + "\\n":', "if False:"),
}


def wrong_note(name: str) -> tuple[str, PublicKey]:
    """A note that only this check refuses, and the key by which it is asked for."""
    note = POINT.signed(SIGNER)
    match name:
        case "signature unasked":
            return note.replace("1200", "1201"), PUBLIC
        case "text unasked":
            return note.replace("\n\n", "\nmore\n\n"), PUBLIC
        case "name unasked":
            # Two shops have one key, and what it has signed for one is shown as the other's.
            other = PublicKey(origin_of("other"), SIGNER.public())
            signature = other.id + SIGNER.sign(POINT.text().encode())
            line = f"— {other.name} {base64.b64encode(signature).decode()}"
            return f"{POINT.text()}\n{line}\n", other
    # Signed with the key, under the fingerprint of another one.
    mark, _, said = note.rpartition(" ")
    signature = base64.b64decode(said)
    forged = base64.b64encode(b"none" + signature[4:]).decode()
    return f"{mark} {forged}\n", PUBLIC


@pytest.mark.parametrize("name", MUTANTS)
def test_a_blinded_reader_is_caught(name: str) -> None:
    blind = planted(checkpoint, *MUTANTS[name])
    altered, public = wrong_note(name)
    with pytest.raises(NoCheckpoint):
        checked_note(altered, public, checks)

    taken = blind.checked_note(altered, blind.PublicKey(public.name, public.key), checks)

    assert taken.size in (1200, 1201)
