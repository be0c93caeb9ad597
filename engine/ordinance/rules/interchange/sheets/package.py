"""The parts of an XLSX file: a zip archive, opened so that it can neither fill the memory nor run
anything."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from ordinance.rules.interchange.files import read_bytes, refuse
from ordinance.rules.interchange.markup import MOST_BYTES as MOST_PART
from ordinance.rules.interchange.markup import Element, parsed

MOST_BYTES = 4 * 1024 * 1024
MOST_UNPACKED = 8 * 1024 * 1024
MOST_PARTS = 1_000

_ENTRY = b"PK\x01\x02"
_CHUNK = 64 * 1024
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGED = "save it anew in a spreadsheet"


class Package:
    """The parts by their names, without upper and lower case, as the standard has it."""

    def __init__(self, path: str | Path) -> None:
        """Raises `RuleFileError`."""
        self.file = str(path)
        self._unpacked = 0
        data = read_bytes(path, MOST_BYTES)
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            refuse(
                self.file,
                "this is an old `.xls` file, or one with a password",
                "save it as `.xlsx`, without a password",
            )
        if data.count(_ENTRY) > MOST_PARTS:
            refuse(self.file, f"the file has more than {MOST_PARTS} parts", _DAMAGED)
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            refuse(self.file, "this is not an XLSX file", _DAMAGED)
        self._parts: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            name = info.filename.lower()
            if name in self._parts:
                refuse(self.file, f"the part `{info.filename}` is there twice", _DAMAGED)
            self._parts[name] = info
        self._check_harmless()

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._parts

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a part, piece by piece. Raises `RuleFileError`."""
        info = self._parts.get(name.lower())
        if info is None:
            refuse(self.file, f"the part `{name}` is missing", _DAMAGED)
        if info.compress_type not in _METHODS or info.flag_bits & 1:
            refuse(self.file, f"the part `{name}` is packed in an unusual way", _DAMAGED)
        try:
            with self._zip.open(info) as part:
                while chunk := part.read(_CHUNK):
                    self._unpacked += len(chunk)
                    if self._unpacked > MOST_UNPACKED:
                        most = MOST_UNPACKED // (1024 * 1024)
                        refuse(self.file, f"unpacked, the file has more than {most} MiB")
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError):
            refuse(self.file, f"the part `{name}` is damaged", _DAMAGED)

    def element(self, name: str) -> Element:
        """A small part as an element. Raises `RuleFileError`."""
        data = bytearray()
        for chunk in self.chunks(name):
            data += chunk
            if len(data) > MOST_PART:
                refuse(self.file, f"the part `{name}` has more than {MOST_PART} bytes")
        return parsed(bytes(data), self.file)

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """What a part refers to: by its id, the last word of its type and the name of the part.

        A reference to another file has no name. The package itself is the part without a name.
        """
        folder, _, last = name.rpartition("/")
        relations = posixpath.join(folder, "_rels", f"{last}.rels")
        if relations not in self:
            return {}
        found = {}
        for relation in self.element(relations).all("Relationship"):
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target")))
            outside = relation.get("TargetMode") == "External"
            kind = relation.get("Type").rpartition("/")[2]
            found[relation.get("Id")] = kind, "" if outside else target.lstrip("/")
        return found

    def _check_harmless(self) -> None:
        for name in self._parts:
            if name.endswith("vbaproject.bin") or "/macrosheets/" in name:
                refuse(self.file, "the file holds macros", "save it as `.xlsx`, without macros")
            if "/externallinks/" in name:
                refuse(
                    self.file,
                    "the file takes values from other files",
                    "break its links (Data, Edit Links), or copy the table as values",
                )
