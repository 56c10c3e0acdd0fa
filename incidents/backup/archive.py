"""The file of a backup: a zip whose last member, manifest.json, describes all others.

`manifest.json` holds `format` (the number below), `version` (of the server), `engine` (sqlite or postgresql), `made`,
`migrations` (those applied, as app.name), `head` (its seq and redacted), `proof` (number of changes and checksum of the
ledger), `tables` (table → columns and rows; PostgreSQL), `releases` (names whose files are in it), and `members`
(name → size in bytes and SHA-256). Members are `database.sqlite3` or `tables/TABLE.copy` (PostgreSQL's text format),
and `releases/PATH`.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, TypedDict
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from incidents.backup.errors import BackupError

FORMAT = 1
MANIFEST = "manifest.json"
PIECE = 1 << 20
LEVEL = 3
"""Of compression: higher levels take twice the time for a twentieth less."""

PACKED = (".parquet", ".zip")
"""Files that are compressed already."""

Reached = Callable[[int], None]
"""Is called with the bytes or rows that are done."""


class Member(TypedDict):
    """What the manifest says of a member."""

    size: int
    sha256: str


class Writer:
    """Writes members one after the other, each as it comes."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._zip = ZipFile(stream, "w")
        self.members: dict[str, Member] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError, ValueError):  # of one that could not be finished nothing will be read
            self._zip.close()
        self._zip.fp = None

    def add(self, name: str, pieces: Iterable[bytes | memoryview]) -> Member:
        """Write a member; returns its size and digest."""
        info = ZipInfo(name)
        info.compress_type = ZIP_STORED if name.endswith(PACKED) else ZIP_DEFLATED
        info._compresslevel = LEVEL  # type: ignore[attr-defined]  # open() takes it from here alone before Python 3.13
        info.external_attr = 0o600 << 16
        size, digest = 0, hashlib.sha256()
        with self._zip.open(info, "w", force_zip64=True) as member:
            for piece in pieces:
                member.write(piece)
                digest.update(piece)
                size += len(piece)
        self.members[name] = {"size": size, "sha256": digest.hexdigest()}
        return self.members[name]

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest, which comes last."""
        text = json.dumps({"format": FORMAT, **manifest, "members": self.members}, indent=1)
        self._zip.writestr(ZipInfo(MANIFEST), text, ZIP_DEFLATED)
        self._zip.close()  # here, so that what goes wrong is raised


class Archive:
    """A backup that is read; raises BackupError for a file that is none."""

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            self._zip = ZipFile(file)
            with self._zip.open(MANIFEST) as member:
                self.manifest: dict[str, Any] = json.load(member)
        except OSError as error:
            raise BackupError(f"{file} cannot be read: {error.strerror}.") from None
        except (BadZipFile, KeyError, ValueError, EOFError, zlib.error):
            raise BackupError(f"{file} is not a backup of this server, or is truncated.") from None
        if self.manifest.get("format") != FORMAT:
            raise BackupError(
                f"{file} has format {self.manifest.get('format')}; this version reads format {FORMAT}. "
                "Use the version that made it, or a newer one."
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._zip.close()

    @property
    def members(self) -> dict[str, Member]:
        """Members of the archive, without the manifest."""
        found: dict[str, Member] = self.manifest["members"]
        return found

    @property
    def size(self) -> int:
        """Total size of all members in bytes, uncompressed."""
        return sum(member["size"] for member in self.members.values())

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a member's content; raises BackupError at the end of one that is not what the manifest says."""
        size, digest = 0, hashlib.sha256()
        try:
            with self._zip.open(name) as member:
                while piece := member.read(PIECE):
                    size += len(piece)
                    digest.update(piece)
                    yield piece
        except (BadZipFile, KeyError, EOFError, zlib.error) as error:
            raise BackupError(f"{self.file} is damaged: its member {name} cannot be read.") from error
        if self.members[name] != {"size": size, "sha256": digest.hexdigest()}:
            raise BackupError(f"{self.file} is damaged: its member {name} differs from the backed-up data.")

    def verify(self, reach: Reached) -> None:
        """Read all members; raises BackupError if one is damaged or if there is one that the manifest does not name."""
        if set(self._zip.namelist()) != {*self.members, MANIFEST}:
            raise BackupError(f"{self.file} is damaged: its members differ from its manifest.")
        done = 0
        for name in self.members:
            for piece in self.pieces(name):
                done += len(piece)
                reach(done)
