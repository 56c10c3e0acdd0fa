"""Files that long answers are written into while they are sent, so that no reader holds a thread or a process.

Each answer has a folder of its own, named by its ETag: `head.json` (status and headers, there with the first byte),
`body` (which grows), `end.json` (there when it is finished: its length, and whether it is whole), `redactions` (how
many redactions there were when it began), and two lock files. The process whose job writes the answer holds
`writer.lock`; each reader holds a share of `readers.lock`. The system releases both when a process dies, so nobody
waits for an answer that nobody writes, and an answer that nobody reads is not written on. Everything is below one
directory with one ceiling for all processes of the machine.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import orjson
from django.conf import settings
from django.db import connection

HEAD, BODY, END = "head.json", "body", "end.json"
WRITER, READERS, EXPECTED, REDACTIONS = "writer.lock", "readers.lock", "expected", "redactions"
SPARE = 0.05
"""Part of the disk that answers leave free, whatever their ceiling is."""


class NoRoomError(RuntimeError):
    """The answer does not fit under the ceiling, or on the disk."""


@dataclass(frozen=True)
class End:
    """How an answer ended."""

    length: int
    whole: bool
    kept: bool = True
    """True if equal requests may share the file, because it is not an error."""


class AnswerFile:
    """One answer: what is there of it so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def body(self) -> Path:
        """Path of the file with the body."""
        return self.folder / BODY

    def head(self) -> tuple[int, list[tuple[bytes, bytes]]] | None:
        """Status and headers; None until they are known."""
        try:
            status, headers = orjson.loads((self.folder / HEAD).read_bytes())
        except OSError:
            return None
        return status, [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]

    def end(self) -> End | None:
        """How writing ended; None while it is in progress."""
        try:
            return End(**orjson.loads((self.folder / END).read_bytes()))
        except OSError:
            return None

    def write_head(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        """Make status and headers known: the body may be read from now on."""
        told = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
        _write(self.folder / HEAD, orjson.dumps((status, told)))

    def write_end(self, length: int, *, whole: bool) -> None:
        """Make known that no more bytes come."""
        head = self.head()
        end = End(length, whole, kept=head is not None and head[0] == 200)
        _write(self.folder / END, orjson.dumps(end))

    def write_redactions(self, number: int) -> None:
        """Keep how many redactions the database has before anything is read of it."""
        _write(self.folder / REDACTIONS, str(number).encode())

    def is_older_than(self, redactions: int) -> bool:
        """True if it was begun before the last of so many redactions, or if that is not known."""
        try:
            return int((self.folder / REDACTIONS).read_bytes()) < redactions
        except OSError:
            return (self.folder / HEAD).exists()  # else nothing has been read for it yet

    @property
    def is_there(self) -> bool:
        """False once the file has been deleted, for example by a redaction."""
        return self.folder.is_dir()


class AnswerFiles:
    """All answers of this machine below one directory; raises OSError where that cannot be written to."""

    def __init__(self, directory: Path, ceiling: int) -> None:
        self.directory, self.ceiling = directory, ceiling

    def claim(self, key: str) -> tuple[AnswerFile, int | None]:
        """The file with this name, and a lock if it is new: then the caller must have it written.

        The lock is a file descriptor; closing it says that nobody writes the answer any more.
        """
        folder = self.directory / key
        for _ in range(8):
            if self._is_alive(folder):
                return AnswerFile(folder), None
            _remove(folder)
            made = self.directory / f"new-{secrets.token_hex(8)}"
            made.mkdir(parents=True, mode=0o700)
            for name in (BODY, READERS):
                (made / name).touch(mode=0o600)
            lock = os.open(made / WRITER, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                made.rename(folder)
            except OSError:  # somebody else was faster
                os.close(lock)
                _remove(made)
            else:
                return AnswerFile(folder), lock
        raise OSError(f"No file could be created in {self.directory}.")

    @contextmanager
    def reading(self, answer: AnswerFile) -> Iterator[None]:
        """Hold a share of the readers' lock, so that the answer is neither given up nor deleted for room."""
        with (answer.folder / READERS).open("rb") as share:
            fcntl.flock(share, fcntl.LOCK_SH)
            yield

    def has_readers(self, answer: AnswerFile) -> bool:
        """True if a process on this machine is sending the file to a client."""
        return not _can_lock(answer.folder / READERS)

    def reserve(self, answer: AnswerFile, size: int) -> None:
        """Reserve disk space, deleting old files without readers; raises NoRoomError."""
        with self._locked():
            old = sorted(self._finished(), key=_age)
            while size > self._room(answer):
                if not old:
                    raise NoRoomError(f"{size} bytes exceed the space in {self.directory}.")
                unread = old.pop(0)
                if not self.has_readers(unread):
                    _remove(unread.folder)
            _write(answer.folder / EXPECTED, str(size).encode())

    def purge(self, *, unread_only: bool = False) -> None:
        """Delete every answer: what has not been sent is never sent, and what is being sent ends."""
        with suppress(FileNotFoundError):
            for folder in self.directory.iterdir():
                if folder.is_dir() and not (unread_only and self.has_readers(AnswerFile(folder))):
                    _remove(folder)

    def purge_older_than(self, redactions: int) -> None:
        """Delete every answer that was begun before the last of so many redactions."""
        with suppress(FileNotFoundError):
            for folder in self.directory.iterdir():
                if folder.is_dir() and AnswerFile(folder).is_older_than(redactions):
                    _remove(folder)

    def drop(self, answer: AnswerFile) -> None:
        """Delete one answer."""
        _remove(answer.folder)

    def _is_alive(self, folder: Path) -> bool:
        """True if a file is complete, or is being written."""
        answer = AnswerFile(folder)
        end = answer.end()
        if end is None:
            if answer.is_there and not _can_lock(folder / WRITER):
                return True
            end = answer.end()  # once more: its writer may have ended it between the two looks
        return end is not None and end.whole and end.kept

    def _finished(self) -> list[AnswerFile]:
        found = [AnswerFile(folder) for folder in self.directory.iterdir() if folder.is_dir()]
        return [answer for answer in found if answer.end() is not None or _can_lock(answer.folder / WRITER)]

    def _room(self, besides: AnswerFile) -> int:
        disk = shutil.disk_usage(self.directory)
        used = coming = 0
        for folder in self.directory.iterdir():
            if folder.is_dir():
                written, promised = _sizes(folder)
                used += written
                if folder != besides.folder and not (folder / END).exists():
                    coming += max(promised - written, 0)
        return min(self.ceiling - used, disk.free - int(disk.total * SPARE)) - coming

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.directory / "room.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def answers_of_this_site() -> AnswerFiles:
    """Files of this site's database on this machine."""
    database = connection.settings_dict
    source = repr([str(database.get(name)) for name in ("ENGINE", "NAME", "HOST", "PORT")])
    name = blake2b(source.encode(), digest_size=8).hexdigest()
    return AnswerFiles(Path(settings.ANSWER_FILES_DIR) / name, settings.ANSWER_FILES_MB * 1_000_000)


def redactions() -> int:
    """How many redactions this site's database has had; raises DatabaseError."""
    from incidents.query.moment import read_moment

    return read_moment(None).redacted


class Slots:
    """A number of places for jobs of one kind, shared by all processes of this machine."""

    def __init__(self, directory: Path, name: str, number: int) -> None:
        self.directory, self.name, self.number = directory, name, number

    def take(self) -> int | None:
        """A free slot, to be released with `os.close`; None if all are in use."""
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        for number in range(self.number):
            place = os.open(self.directory / f"{self.name}-{number}.slot", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(place)
            else:
                return place
        return None


def _write(path: Path, content: bytes) -> None:
    """Write a file that is either there as a whole or not at all."""
    beside = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    beside.write_bytes(content)
    beside.rename(path)


def _remove(folder: Path) -> None:
    """Delete a folder so that nobody finds half of it."""
    gone = folder.with_name(f"old-{secrets.token_hex(8)}")
    with suppress(OSError):
        folder.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def _can_lock(path: Path) -> bool:
    """True if no process holds the lock."""
    try:
        with path.open("rb+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _sizes(folder: Path) -> tuple[int, int]:
    """Current size of all files, and expected final size, in bytes."""
    try:
        written = (folder / BODY).stat().st_size
        promised = (folder / EXPECTED).read_bytes()
    except OSError:
        return 0, 0
    return written, int(promised)


def _age(answer: AnswerFile) -> float:
    with suppress(OSError):
        return (answer.folder / END).stat().st_mtime
    return 0.0
