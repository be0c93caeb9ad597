"""Checkpoints are handed out: to a file, a mail, a webhook; what fails is told and tried again."""

from __future__ import annotations

import json
import os
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from ordinance.audit.checkpoint import notes_in, read_note
from ordinance.audit.exporting import NotExported, export, exports, forget
from ordinance.audit.sealer import Sealer
from ordinance.auditlog import StoredCheckpoint
from ordinance.outside import PortFailed
from ordinance.ports import Storage
from ordinance.profile import CheckpointTarget
from ordinance_adapters.checkpointplaces import FilePlace, MailPlace, WebhookPlace, places_of
from ordinance_adapters.shopfile import ShopFileError, read_shop
from tests.auditlog.books import opened
from tests.core.shop import MONDAY, order, profile
from tests.crashes.forks import apart
from tests.storage.test_full_disk import largest
from tests.storage.test_sqlite_failures import NOBODY
from tests.stores import open_storage
from tests.tenants.twins import MINE, SIGNER, lines


class Flaky:
    """A place that takes things only now and then."""

    name = "flaky"

    def __init__(self) -> None:
        self.fails = True
        self.sizes: list[int] = []

    def take(self, checkpoints: Sequence[StoredCheckpoint]) -> None:
        if self.fails:
            raise NotExported("the line is cut")
        self.sizes += [each.size for each in checkpoints]


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with closing(open_storage(tmp_path / "shop.db")) as made:
        shop = opened(made)
        shop.open_stock(MONDAY)
        shop.place(order("A1", lines=lines(("TEA", 1, "19.90"))))
        Sealer(made, MINE, SIGNER, every=5).seal(MONDAY)
        yield made


def sizes(storage: Storage) -> list[int]:
    return [each.size for each in storage.checkpoints(MINE)]


def test_every_checkpoint_reaches_the_file_once(storage: Storage, tmp_path: Path) -> None:
    place = FilePlace(tmp_path / "out.txt")
    for _ in range(2):
        export(storage, MINE, [place], MONDAY)
    opened(storage).place(order("A2", lines=lines(("TEA", 1, "19.90"))))
    Sealer(storage, MINE, SIGNER, every=5).seal(MONDAY)
    export(storage, MINE, [place], MONDAY)

    notes = notes_in((tmp_path / "out.txt").read_text("utf-8"))
    assert [read_note(each).size for each in notes] == sizes(storage)


def test_what_is_in_the_file_already_stays_there(storage: Storage, tmp_path: Path) -> None:
    file = tmp_path / "out.txt"
    file.write_text("torn at the en", "utf-8")
    export(storage, MINE, [FilePlace(file)], MONDAY)

    text = file.read_text("utf-8")
    assert text.startswith("torn at the en\n")
    assert [read_note(each).size for each in notes_in(text)] == sizes(storage)


def test_a_failure_is_told_and_everything_is_tried_again(storage: Storage) -> None:
    place = Flaky()
    for attempt in (1, 2):
        told = export(storage, MINE, [place], MONDAY)[0]
        assert (told.failures, told.error, told.size) == (attempt, "the line is cut", 0)
    assert exports(storage, MINE) == [told]

    place.fails = False
    told = export(storage, MINE, [place], MONDAY + timedelta(minutes=1))[0]

    assert place.sizes == sizes(storage)
    assert (told.failures, told.error, told.size) == (0, "", sizes(storage)[-1])
    assert exports(storage, MINE) == [told]


def test_one_place_that_fails_stops_no_other(storage: Storage, tmp_path: Path) -> None:
    flaky, file = Flaky(), FilePlace(tmp_path / "out.txt")
    told = export(storage, MINE, [flaky, file], MONDAY)

    assert [bool(each.error) for each in told] == [True, False]
    assert [each.name for each in exports(storage, MINE)] == [file.name, "flaky"]


def test_a_file_that_may_not_be_written_is_told() -> None:
    # Not below `tmp_path`, whose parents are closed to any other user.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        file = Path(folder, "out.txt")
        file.touch(0o444)
        said = apart(lambda: refused_without_privileges(file))

    assert said == f"`{file}`: Permission denied"


def refused_without_privileges(file: Path) -> str:
    if os.geteuid() == 0:
        os.setuid(NOBODY)
    with pytest.raises(NotExported) as refused:
        FilePlace(file).take([StoredCheckpoint(MINE, 1, MONDAY, "note")])
    return str(refused.value)


class Small(FilePlace):
    """A file that has so much room and no more."""

    def __init__(self, path: Path, room: int) -> None:
        super().__init__(path)
        self._room = room

    def take(self, checkpoints: Sequence[StoredCheckpoint]) -> None:
        with largest(self._room):
            super().take(checkpoints)


def test_a_file_on_a_full_disk_is_told_and_gets_everything_later(
    storage: Storage, tmp_path: Path
) -> None:
    """However much of it is written before the disk is full."""
    whole = sum(len(each.note.encode()) + 1 for each in storage.checkpoints(MINE))
    met = 0
    for room in range(0, whole, 97):
        file = tmp_path / f"out-{room}.txt"
        (told,) = export(storage, MINE, [Small(file, room)], MONDAY)
        met += told.error == f"`{file}`: File too large"
        assert (told.size, told.failures) == (0, 1)

        (told,) = export(storage, MINE, [FilePlace(file)], MONDAY + timedelta(minutes=1))
        assert (told.size, told.error) == (sizes(storage)[-1], "")
        outside = [read_note(each).size for each in notes_in(file.read_text("utf-8"))]
        assert outside[-len(sizes(storage)) :] == sizes(storage)
    assert met == len(range(0, whole, 97)) > 5
    with pytest.raises(NotExported, match="`/dev/full`: No space left on device"):
        FilePlace(Path("/dev/full")).take(list(storage.checkpoints(MINE)))


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotExported, match="No such file"):
        FilePlace(tmp_path / "none" / "out.txt").take([StoredCheckpoint(MINE, 1, MONDAY, "n")])


class Sent:
    """A notifier that keeps what it was asked to send."""

    def __init__(self, fails: bool = False) -> None:
        self.fails = fails
        self.mails: list[tuple[str, str, str, dict[str, Any]]] = []

    def send(self, key: str, channel: str, template: str, values: Any) -> None:
        if self.fails:
            raise PortFailed("no line")
        self.mails.append((key, channel, template, dict(values)))


def test_a_mail_carries_the_notes_under_one_key(storage: Storage) -> None:
    sent = Sent()
    kept = list(storage.checkpoints(MINE))
    for _ in range(2):
        MailPlace("lan@example.com", MINE, sent).take(kept)

    key, channel, template, values = sent.mails[0]
    assert sent.mails[1][0] == key
    assert (channel, template, values["to"]) == ("email", "audit_checkpoint", "lan@example.com")
    assert notes_in(values["text"]) == [each.note for each in kept]
    with pytest.raises(NotExported, match="no line"):
        MailPlace("lan@example.com", MINE, Sent(fails=True)).take(kept)
    with pytest.raises(NotExported, match="simulated"):
        MailPlace("lan@example.com", MINE, None).take(kept)


@contextmanager
def server(answer: int) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """A web server that answers so, and what was posted to it."""
    posted: list[tuple[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            posted.append((self.headers["Idempotency-Key"], body))
            self.send_response(answer)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    web = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=web.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{web.server_port}/in?secret=x", posted
    finally:
        web.shutdown()
        thread.join()
        web.server_close()


def test_a_webhook_is_posted_the_notes(storage: Storage) -> None:
    kept = list(storage.checkpoints(MINE))
    with server(204) as (url, posted):
        place = WebhookPlace(url, MINE)
        place.take(kept)

    assert notes_in(posted[0][1]) == [each.note for each in kept]
    assert posted[0][0].endswith(f":{kept[0].size}-{kept[-1].size}")
    assert "secret" not in place.name


@pytest.mark.parametrize("answer", [302, 307, 404, 500])
def test_a_webhook_that_takes_nothing_is_told_and_not_followed(answer: int) -> None:
    with server(answer) as (url, posted):
        with pytest.raises(NotExported, match=str(answer)):
            WebhookPlace(url, MINE).take([StoredCheckpoint(MINE, 1, MONDAY, "note")])
        assert len(posted) == 1


def test_a_webhook_that_is_away_is_told() -> None:
    with pytest.raises(NotExported, match="cannot be reached"):
        WebhookPlace("http://127.0.0.1:1/", MINE).take([StoredCheckpoint(MINE, 1, MONDAY, "n")])


def test_a_webhook_that_answers_with_no_http_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            talk, _ = listening.accept()
            with talk:
                talk.recv(65536)
                talk.sendall(b"220 mail.example.com ESMTP\r\n\r\n")

        thread = Thread(target=answer)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/in"
        with pytest.raises(NotExported, match=r"no HTTP \(BadStatusLine\)"):
            WebhookPlace(url, MINE).take([StoredCheckpoint(MINE, 1, MONDAY, "n")])
        thread.join()


def test_webhooks_that_differ_in_what_is_secret_are_two_places_without_telling_it() -> None:
    one, other, plain = (
        WebhookPlace(f"https://lan:pass@a.cn/in{query}", MINE).name
        for query in ("?token=first", "?token=second", "")
    )

    assert len({one, other, plain}) == 3 and plain == "webhook:https://a.cn/in"
    assert not any(secret in one + other for secret in ("lan", "pass", "first", "second"))


def test_a_place_is_forgotten_by_its_name(storage: Storage) -> None:
    export(storage, MINE, [Flaky()], MONDAY)

    assert not forget(storage, MINE, "another")
    assert forget(storage, MINE, "flaky")
    assert exports(storage, MINE) == []


def test_the_places_of_a_shop_are_those_of_its_file(tmp_path: Path, root: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    text = (root / "examples" / "chashop" / "shop.yaml").read_text("utf-8")
    for name in ("catalogue", "stock", "orders", "calendar"):
        text = "\n".join(line for line in text.splitlines() if not line.startswith(f"{name}:"))
    named = "\ncheckpoints:\n  - file: out.txt\n  - mail: a@b.cn\n  - webhook: https://a.cn/x\n"
    (folder / "shop.yaml").write_text(text + named, "utf-8")

    found = read_shop(folder).profile

    assert found.checkpoints == (
        CheckpointTarget("file", str(folder / "out.txt")),
        CheckpointTarget("mail", "a@b.cn"),
        CheckpointTarget("webhook", "https://a.cn/x"),
    )
    assert [place.name for place in places_of(found, None)] == [
        f"file:{folder / 'out.txt'}",
        "mail:a@b.cn",
        "webhook:https://a.cn/x",
    ]
    addresses = ("ftp://x", "https://lan:pass@a.cn/x", "https://a.cn/x y", "https://a.cn:odd/")
    webhooks = [f"- webhook: {each}" for each in (*addresses, "https://a.cn/\u5165")]
    for wrong in ("- file: a\n    mail: b@c.d", *webhooks, "- mail: nobody", "- fax: 1"):
        (folder / "shop.yaml").write_text(f"{text}\ncheckpoints:\n  {wrong}\n", "utf-8")
        with pytest.raises(ShopFileError, match=r"shop\.yaml"):
            read_shop(folder)


def test_a_shop_that_names_no_place_hands_out_nothing(storage: Storage) -> None:
    assert places_of(profile(), None) == []
    assert export(storage, MINE, [], MONDAY) == []
    assert storage.setting(MINE, "audit.exports") is None
    assert json.loads("[]") == exports(storage, MINE)
