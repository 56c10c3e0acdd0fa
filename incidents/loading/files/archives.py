"""Zip archives that hold exactly one file, opened within bounds."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath
from typing import IO

from incidents.loading.errors import LoadError
from incidents.loading.files import file_limits
from incidents.loading.files.streams import BUFFER, PassThrough, Unpacked, check_ratio

_WORKBOOK = "xl/workbook.xml"


class CarefulFile(PassThrough):
    """A file that is never read in large pieces: an archive's list of its files must not fill the memory.

    The file stays open when this is closed.
    """

    def seekable(self) -> bool:
        """Tell that this can be read from anywhere."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place in the file."""
        return int(self._inner.seek(offset, whence))

    def tell(self) -> int:
        """Return the place in the file."""
        return int(self._inner.tell())

    def read(self, size: int | None = -1, /) -> bytes:
        """Return bytes; raises LoadError when asked for far too many at a time."""
        if size is not None and size > file_limits.MAX_DIRECTORY:
            raise LoadError("The archive's list of its files is too long: this is no file of rows.")
        return self.take(-1 if size is None else size)

    def close(self) -> None:
        """Leave the file open."""


def opened(file: IO[bytes], name: str) -> zipfile.ZipFile:
    """Return the archive; raises LoadError for one that is damaged."""
    try:
        return zipfile.ZipFile(CarefulFile(file))
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise LoadError(f"{name}: the archive is cut off or damaged: {error}.") from None


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Tell whether an archive is a spreadsheet."""
    return _WORKBOOK in archive.NameToInfo


def only_member(archive: zipfile.ZipFile, name: str) -> tuple[str, io.BufferedReader]:
    """Return the name of the one file that an archive holds, and its content; raises LoadError."""
    members = [each for each in archive.infolist() if not each.is_dir() and not _is_litter(each.filename)]
    if len(members) != 1:
        listing = ", ".join(each.filename for each in members[:5]) + (", …" if len(members) > 5 else "")
        raise LoadError(f"{name} holds {len(members)} files ({listing or 'none'}); it has to hold exactly one.")
    member = members[0]
    if member.flag_bits & 1:
        raise LoadError(f"{name}: {member.filename} is encrypted; unpack it first.")
    check_ratio(member.file_size, member.compress_size, f"{name}: {member.filename}")
    try:
        content = archive.open(member)
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise LoadError(f"{name}: {member.filename} cannot be unpacked: {error}.") from None
    stream = Unpacked(content, lambda: member.compress_size, f"{name}: {member.filename}")
    return member.filename, io.BufferedReader(stream, BUFFER)


def _is_litter(name: str) -> bool:
    """Tell whether a file is what macOS puts into archives by itself."""
    path = PurePosixPath(name)
    return path.parts[:1] == ("__MACOSX",) or path.name == ".DS_Store"
