"""Streams of bytes that pass through: counted and hashed, unpacked within bounds, put into UTF-8."""

from __future__ import annotations

import codecs
import gzip
import io
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import IO, Any, cast

from incidents.loading.errors import LoadError
from incidents.loading.files import file_limits

BUFFER = 2**20
TRIED_BYTES = 256 * 2**20
"""Bytes that are unpacked on trial, so that a bomb is refused before its rows are read."""


class PassThrough(io.RawIOBase):
    """A stream that gives what another one gives, by `take`; `count` bytes have passed so far."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.count = 0

    def readable(self) -> bool:
        """Tell that this can be read."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill a buffer; returns the number of bytes, 0 at the end."""
        view = memoryview(buffer)
        data = self.take(len(view))
        view[: len(data)] = data
        self.count += len(data)
        return len(data)

    def take(self, size: int) -> bytes:
        """Return at most so many bytes, none at the end."""
        data: bytes = self._inner.read(size)
        return data

    def close(self) -> None:
        """Close the other stream too."""
        self._inner.close()
        super().close()


class HashedFile(PassThrough):
    """A file, and the hash of what has passed of it."""

    def __init__(self, raw: io.FileIO) -> None:
        super().__init__(raw)
        self._hash = sha256()

    def take(self, size: int) -> bytes:
        """Return bytes of the file."""
        data = super().take(size)
        self._hash.update(data)
        return data

    def digest(self) -> str:
        """Return `sha256:…` of what has passed."""
        return f"sha256:{self._hash.hexdigest()}"


class Begun(PassThrough):
    """A stream of which the beginning has been read already."""

    def __init__(self, beginning: bytes, rest: IO[bytes]) -> None:
        super().__init__(rest)
        self._beginning = beginning

    def take(self, size: int) -> bytes:
        """Return what is left of the beginning, then the rest."""
        if self._beginning:
            data, self._beginning = self._beginning[:size], self._beginning[size:]
            return data
        return super().take(size)


class Unpacked(PassThrough):
    """What an archive unpacks to; raises LoadError as soon as that is too much for its size."""

    def __init__(self, inner: IO[bytes], packed: Callable[[], int], name: str) -> None:
        super().__init__(inner)
        self._packed, self._name = packed, name

    def take(self, size: int) -> bytes:
        """Return unpacked bytes."""
        try:
            data = super().take(min(size, BUFFER))
        except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
            raise LoadError(f"{self._name}: the compressed file is cut off or damaged: {error}.") from None
        check_ratio(self.count + len(data), self._packed(), self._name)
        return data


class InUtf8(PassThrough):
    """Text in another encoding, or with another line end, as UTF-8 with LF; LoadError names line and byte."""

    def __init__(self, inner: IO[bytes], encoding: str, *, carriage_returns: bool) -> None:
        super().__init__(inner)
        self._encoding, self._returns = encoding, carriage_returns
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._lines, self._at = 1, 0

    def take(self, size: int) -> bytes:
        """Return text."""
        while True:
            raw = super().take(max(size // 4, 16))
            waiting = len(self._decoder.getstate()[0])
            try:
                text = self._decoder.decode(raw, final=not raw)
            except UnicodeDecodeError as error:
                before = error.object[: error.start].decode(self._encoding, "replace")
                line, byte = self._lines + before.count("\n"), self._at - waiting + error.start + 1
                raise LoadError(
                    f"line {line}, byte {byte} of the file, is not {self._encoding} "
                    f"(0x{error.object[error.start]:02x}). Is it the right encoding?"
                ) from None
            self._at += len(raw)
            text = text.replace("\r", "\n") if self._returns else text
            self._lines += text.count("\n")
            if text or not raw:
                return text.encode()


def numbered_lines(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield the lines with their numbers, without a byte order mark; raises LoadError for one that is too long."""
    number = 0
    while raw := stream.readline(file_limits.MAX_LINE + 1):
        number += 1
        if len(raw) > file_limits.MAX_LINE:
            raise LoadError(f"line {number} is longer than {file_limits.MAX_LINE // 2**20} MB: is this a file of rows?")
        yield number, raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw


def check_ratio(unpacked: int, packed: int, name: str) -> None:
    """Raise LoadError if a file unpacks to far more than its size would make one expect."""
    if unpacked > file_limits.MAX_UNPACKED or (
        unpacked > file_limits.FREE and unpacked > file_limits.MAX_RATIO * max(packed, 1)
    ):
        raise LoadError(
            f"{name}: {packed:,} packed bytes unpack to {unpacked:,} and more, "
            f"over {file_limits.MAX_RATIO} times as much: "
            "an archive bomb. If it is what you mean to load, unpack it yourself."
        )


def gunzipped(stream: IO[bytes], name: str) -> io.BufferedReader:
    """Return what a gzip file unpacks to."""
    packed = PassThrough(stream)
    content = cast("IO[bytes]", gzip.GzipFile(fileobj=packed))
    return io.BufferedReader(Unpacked(content, lambda: packed.count, name), BUFFER)


def refuse_bomb(stream: IO[bytes]) -> None:
    """Unpack the first part of an archive to nothing; raises LoadError for a bomb."""
    seen = 0
    while seen < TRIED_BYTES and (data := stream.read(BUFFER)):
        seen += len(data)


def copied_out(stream: IO[bytes], name: str) -> IO[bytes]:
    """Copy a stream that has to be read from its end to a file without a name; raises LoadError if it is too long."""
    copy, count = tempfile.TemporaryFile(), 0  # noqa: SIM115 - the caller reads it
    try:
        while data := stream.read(BUFFER):
            count += len(data)
            if count > file_limits.MAX_COPIED:
                raise LoadError(f"{name} is larger than {file_limits.MAX_COPIED // 2**30} GB; unpack it first.")
            copy.write(data)
    except BaseException:
        copy.close()
        raise
    copy.seek(0)
    return copy
