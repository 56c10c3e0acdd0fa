"""Checksums of all files, and the zip of all of them, the same bytes whenever it is made."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from incidents.releasing.paths import PIECE, File

SUMS = "SHA256SUMS"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of every member: files have no date of their own, since they follow from the ledger."""

PACKED = (".parquet",)
"""Files that are compressed already."""


def sums(files: Sequence[File]) -> bytes:
    """Content of SHA256SUMS, one line per file, in the format of `sha256sum --check`."""
    return "".join(
        f"{file['sha256']}  {file['path']}\n" for file in sorted(files, key=lambda file: file["path"])
    ).encode()


def pack(folder: Path, paths: Sequence[str], name: str, archive: Path) -> None:
    """Write a zip of these files of a folder, under a folder of that name."""
    with archive.open("wb") as stream:
        with ZipFile(stream, "w") as into:
            for path in sorted(paths):
                member = ZipInfo(f"{name}/{path}", EPOCH)
                member.external_attr = 0o644 << 16
                member.create_system = 3
                member.compress_type = ZIP_STORED if path.endswith(PACKED) else ZIP_DEFLATED
                member.file_size = (folder / path).stat().st_size  # tells whether 64 bits are needed
                with (folder / path).open("rb") as source, into.open(member, "w") as target:
                    shutil.copyfileobj(source, target, PIECE)
        stream.flush()
        os.fsync(stream.fileno())
