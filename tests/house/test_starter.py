"""The starter rules are copied whole or not at all, and never over a file that is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from ordinance_adapters.starter import StarterError, starter_rules, write_starter


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A small folder of rules to copy."""
    folder = tmp_path / "pack"
    (folder / "law").mkdir(parents=True)
    (folder / "review.yaml").write_text("review")
    (folder / "law" / "refund.yaml").write_text("refund")
    (folder / ".hidden").write_text("no rule")
    return folder


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_new_folder_gets_every_rule_file_in_order(tmp_path: Path, pack: Path) -> None:
    target = tmp_path / "a" / "shop"

    written = write_starter(target, source=pack)

    assert written == [target / "law" / "refund.yaml", target / "review.yaml"]
    assert contents(target) == {"law/refund.yaml": "refund", "review.yaml": "review"}


def test_what_else_lies_in_the_folder_stays(tmp_path: Path, pack: Path) -> None:
    target = tmp_path / "shop"
    target.mkdir()
    (target / "notes.txt").write_text("mine")

    write_starter(target, source=pack)

    assert contents(target)["notes.txt"] == "mine"


@pytest.mark.parametrize("taken", ["law/refund.yaml", "review.yaml"])
def test_a_file_that_is_there_is_kept_and_nothing_is_written(
    tmp_path: Path, pack: Path, taken: str
) -> None:
    mine = tmp_path / "shop" / taken
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")

    with pytest.raises(StarterError) as error:
        write_starter(tmp_path / "shop", source=pack)

    assert str(error.value).splitlines() == [
        f"`{mine}` is there already, so nothing was written",
        "  help: name another folder, or move it away",
    ]
    assert contents(tmp_path / "shop") == {taken: "mine"}


@pytest.mark.parametrize("target", ["file", "file/below"])
def test_a_file_in_the_place_of_the_folder_is_one_clear_error(
    tmp_path: Path, pack: Path, target: str
) -> None:
    (tmp_path / "file").write_text("mine")

    with pytest.raises(StarterError, match=f"`{tmp_path}/file` is there already"):
        write_starter(tmp_path / target, source=pack)

    assert (tmp_path / "file").read_text() == "mine"


def test_a_failure_half_way_takes_back_what_was_written(
    tmp_path: Path, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Path.read_bytes

    def full_at_the_second(path: Path) -> bytes:
        if path.name == "review.yaml":
            raise OSError(28, "No space left on device")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", full_at_the_second)

    with pytest.raises(StarterError, match="no space left on device"):
        write_starter(tmp_path / "a" / "shop", source=pack)

    assert not (tmp_path / "a").exists()


def test_an_installation_without_rules_says_so(tmp_path: Path) -> None:
    with pytest.raises(StarterError, match="missing from this installation"):
        write_starter(tmp_path / "shop", source=tmp_path / "nowhere")


def test_our_own_starter_rules_are_those_of_the_checkout(root: Path, tmp_path: Path) -> None:
    if not any((root / "rules").rglob("*.yaml")):
        pytest.skip("no starter rule is written yet")

    write_starter(tmp_path / "shop")

    assert contents(tmp_path / "shop") == {
        name: text
        for name, text in contents(root / "rules").items()
        if not any(part.startswith((".", "__")) for part in Path(name).parts)
    }
    assert starter_rules().is_dir()
