"""The keyring: the secrets of a store, in a folder of their own outside of its database."""

from __future__ import annotations

import json
import os
import secrets
import stat
from hashlib import sha256
from pathlib import Path
from threading import Lock

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ordinance.ports import StorageError

KEYS = "ORDINANCE_KEYS"
"""The environment variable that names the folder."""

BYTES = 32
"""The length of every key."""

_MEMORY = ":memory:"
_MASTER, _INDEX, _SIGNING = "master", "index", "signing"
_NEXT = "master.next"
"""The master key that a rotation is about to put in place of the old one."""
_RETIRED = "master.old-"
_CHECK = 8
_ERASED = "erased.jsonl"


class KeyringError(StorageError):
    """A key is missing, damaged, open to others, or of another store."""


class Keyring:
    """Three keys, each made on its first use, in a folder that only one user may read.

    What several processes make at once is made once: the first one stays, and all of them use it.
    """

    def __init__(self, folder: Path | None, missing: str = "") -> None:
        self._folder = folder
        self._missing = missing
        self._keys: dict[str, bytes] = {}
        self._erased: list[str] = []
        self.claims: str | None = None
        """As which store a new one is claimed: that of a backup is the one it was made of."""
        self._lock = Lock()

    @classmethod
    def open(cls, address: str | os.PathLike[str]) -> Keyring:
        """The keyring of the store at an address; nothing is read or made yet.

        It is the folder that `ORDINANCE_KEYS` names, else `PATH.keys` beside a SQLite file. The
        keys of `:memory:` end with the process. A store on a server has no place beside it.
        """
        text = os.fspath(address)
        named = os.environ.get(KEYS)
        if text in (_MEMORY, f"sqlite:{_MEMORY}", f"sqlite:///{_MEMORY}"):
            return cls(None)
        if named:
            return cls(Path(named))
        if text.startswith("postgres"):
            return cls(
                None,
                f"the store on a server needs its keys: set {KEYS} to a folder that only this user "
                "may read, outside of the database and of its backups, and the same for every "
                "process of the store",
            )
        from ordinance_adapters.sqlite.address import database_path

        return cls(Path(f"{database_path(text)}.keys"))

    def of_store(self, name: str | None) -> Keyring:
        """The same keys, for a store that takes the place of the one of this name: a backup."""
        other = Keyring(self._folder, self._missing)
        other._keys, other._erased, other.claims = self._keys, self._erased, name
        return other

    @property
    def folder(self) -> Path | None:
        """Where the keys lie; None for those that end with the process."""
        return self._folder

    def master(self) -> bytes:
        """The key that the keys of the persons are wrapped with."""
        return self._key(_MASTER)

    def index(self) -> bytes:
        """The key of the index that finds a person by phone or mail."""
        return self._key(_INDEX)

    def signing(self) -> Ed25519PrivateKey:
        """The key that checkpoints of the audit log are signed with."""
        return Ed25519PrivateKey.from_private_bytes(self._key(_SIGNING))

    def can_sign(self) -> bool:
        """Whether the key that signs was made already, so that asking makes none."""
        if self._folder is None:
            return _SIGNING in self._keys
        return self._path(_SIGNING).exists()

    def fingerprint(self) -> str:
        """Tells this keyring from another one, and nothing about its keys."""
        return self.fingerprint_of(self.master())

    def fingerprint_of(self, master: bytes) -> str:
        """The same of this keyring with another master key."""
        return sha256(b"ordinance keyring\0" + master + self.index()).hexdigest()[:32]

    def masters(self) -> list[bytes]:
        """Every master key that is there now: the one in place, the one that a rotation is about to
        put there, and old ones that were kept."""
        if self._folder is None:
            return [self.master()]
        # In this order: what is no longer about to be put in place is there already.
        following = self._read_if_there(self._path(_NEXT))
        paths = [self._path(_MASTER), *self.retired()]
        return [*(self._read(path, _MASTER) for path in paths if path.exists()), *following]

    def _read_if_there(self, path: Path) -> list[bytes]:
        try:
            return [self._read(path, _MASTER)]
        except FileNotFoundError:
            return []

    def retired(self) -> list[Path]:
        """The files of old master keys that were kept, sorted."""
        return sorted(self._folder.glob(f"{_RETIRED}*.key")) if self._folder is not None else []

    def settle(self, fingerprint: str) -> bool:
        """Go by the master key that gives this fingerprint; False where there is none: another
        process may have rotated it since ours was read, or a rotation was broken off."""
        if self.fingerprint() == fingerprint:
            return True
        for key in self.masters():
            if self.fingerprint_of(key) == fingerprint:
                self.use(key)
                return True
        return False

    def use(self, master: bytes) -> None:
        """Go by this master key, which is one of `masters`."""
        with self._lock:
            self._keys[_MASTER] = master

    def next_master(self) -> bytes:
        """The key that a rotation puts in place, on the disk from here on; the same one again after
        a rotation that was broken off."""
        if self._folder is None:
            raise KeyringError(
                self._missing or "the keys of a store in memory end with it: nothing to rotate"
            )
        path = self._path(_NEXT)
        try:
            if not path.exists():
                put_once(path, _written(_MASTER, secrets.token_bytes(BYTES)))
            return self._read(path, _MASTER)
        except OSError as error:
            raise self._unusable(path, error) from error

    def put_next(self, *, keep_old: bool) -> None:
        """Put that key in place of the old one, which is gone then unless it is to be kept. Does
        nothing where somebody else has done so."""
        path, following = self._path(_MASTER), self._path(_NEXT)
        try:
            if not following.exists():
                return
            new = self._read(following, _MASTER)
            if keep_old:
                old = self._read(path, _MASTER)
                kept = self._path(f"{_RETIRED}{self.fingerprint_of(old)[:8]}")
                put_once(kept, _written(_MASTER, old))
            os.replace(following, path)
            # What a process that was killed while it made a key has left of it.
            for draft in path.parent.glob(".master*.key.*"):
                draft.unlink(missing_ok=True)
            sync_folder(path.parent)
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._unusable(path, error) from error
        self.use(new)

    def is_there(self) -> bool:
        """Whether the keys of persons were made already, so that asking makes none."""
        if self._folder is None or {_MASTER, _INDEX} <= self._keys.keys():
            return {_MASTER, _INDEX} <= self._keys.keys()
        return all(self._path(name).exists() for name in (_MASTER, _INDEX))

    def demand_place(self) -> None:
        """Raise `KeyringError` where nobody said where the keys are."""
        if self._missing:
            raise KeyringError(self._missing)

    def note_erased(self, store: str, shop: str, person: str) -> None:
        """Note, for good, that a person of a store was erased: an older backup that is restored
        brings the data back, and is told by this. It names ids alone."""
        if (store, shop, person) in self.erased():
            return
        line = json.dumps([store, shop, person], ensure_ascii=False) + "\n"
        if self._folder is None:
            self._erased.append(line)
            return
        path = self._folder / _ERASED
        try:
            make_folder(self._folder)
            cut = path.exists() and path.read_bytes()[-1:] not in (b"", b"\n")
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "ab") as file:
                file.write((("\n" if cut else "") + line).encode())
                file.flush()
                os.fsync(file.fileno())
            sync_folder(self._folder)
        except OSError as error:
            raise KeyringError(
                f"`{path}` cannot be written: {error.strerror or error}; nobody was erased: give "
                "this user the right to write it"
            ) from error

    def erased(self) -> list[tuple[str, str, str]]:
        """Everybody noted, as store, shop and person. A line that a crash cut off was not erased
        either, and is left out."""
        lines = self._erased
        if self._folder is not None:
            path = self._folder / _ERASED
            try:
                if not path.exists():
                    return []
                demand_private(path)
                lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
            except OSError as error:
                raise KeyringError(
                    f"`{path}` cannot be read: {error.strerror or error}; give this user the right "
                    "to read it"
                ) from error
        return [noted for line in lines if (noted := _noted(line)) is not None]

    def _key(self, name: str) -> bytes:
        with self._lock:
            if name not in self._keys:
                self._keys[name] = self._found(name)
            return self._keys[name]

    def _found(self, name: str) -> bytes:
        if self._missing:
            raise KeyringError(self._missing)
        if self._folder is None:
            return secrets.token_bytes(BYTES)
        path = self._path(name)
        try:
            make_folder(self._folder)
            if not path.exists():
                put_once(path, _written(name, secrets.token_bytes(BYTES)))
            return self._read(path, name)
        except OSError as error:
            raise self._unusable(path, error) from error

    def _read(self, path: Path, name: str) -> bytes:
        demand_private(path)
        return _key_in(path, name, path.read_bytes())

    def _unusable(self, path: Path, error: OSError) -> KeyringError:
        return KeyringError(
            f"`{path}` cannot be used: {error.strerror or error}; give this user the right to "
            f"read it, or name another folder with {KEYS}"
        )

    def _path(self, name: str) -> Path:
        assert self._folder is not None
        return self._folder / f"{name}.key"


def _noted(line: str) -> tuple[str, str, str] | None:
    """Who is noted in a line: store, shop and person; None for one that was cut off."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, list) or len(told) != 3:
        return None
    store, shop, person = map(str, told)
    return store, shop, person


def make_folder(folder: Path) -> None:
    """Make a folder that only this user may read, or refuse one that others may."""
    if not folder.exists():
        if not folder.parent.is_dir():
            raise KeyringError(
                f"`{folder}` cannot be made: make the folder `{folder.parent}` first"
            )
        folder.mkdir(mode=0o700, exist_ok=True)
    if not folder.is_dir():
        raise KeyringError(f"`{folder}` is no folder; the keys lie in a folder of their own")
    demand_private(folder)


def demand_private(path: Path) -> None:
    """Raise `KeyringError` for what others than this user may read."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if os.name == "posix" and mode & 0o077:
        wanted = "700" if path.is_dir() else "600"
        raise KeyringError(
            f"`{path}` can be read by others (mode {mode:o}): `chmod {wanted} {path}`, and if "
            "somebody may have read it, move to a store with new keys (`ordinance copy`)"
        )


def put_once(path: Path, content: bytes) -> None:
    """Write a new file, whole and for this user alone; one that is there by then stays."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Let a new name in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _written(name: str, key: bytes) -> bytes:
    return f"ordinance {name} {key.hex()} {_sum(name, key)}\n".encode()


def _key_in(path: Path, name: str, content: bytes) -> bytes:
    words = content.decode(errors="replace").split()
    damaged = KeyringError(
        f"`{path}` is damaged or no key of this kind; put back a copy of this very file: a new "
        "key opens nothing that the old one has closed"
    )
    if len(words) != 4 or words[:2] != ["ordinance", name]:
        raise damaged
    try:
        key = bytes.fromhex(words[2])
    except ValueError:
        raise damaged from None
    if len(key) != BYTES or words[3] != _sum(name, key):
        raise damaged
    return key


def _sum(name: str, key: bytes) -> str:
    return sha256(b"ordinance key\0" + name.encode() + b"\0" + key).hexdigest()[:_CHECK]
