"""Values on their way to another process and back, the large ones in files.

A pipe holds 64 KB. For each such piece a thread of this process would have to get its turn beside the one that
calculates, and meanwhile the process at the other end has nothing to do.
"""

from __future__ import annotations

import pickle
from itertools import accumulate
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple

from incidents.loading.errors import LoadError


class File(NamedTuple):
    """A value in a file: pickled, then the buffers in it that need no pickling; how long each is."""

    name: str
    lengths: list[int]


Parcel = bytes | File

LARGE = 32_768
"""Bytes from which on a value goes into a file."""


def pack(value: Any, directory: str) -> Parcel:
    """Return what is handed on instead of a value; its file, if it needs one, is in a directory.

    Raises LoadError if that has no room for it.
    """
    apart: list[pickle.PickleBuffer] = []
    packed = pickle.dumps(value, protocol=5, buffer_callback=apart.append)
    if not apart and len(packed) < LARGE:
        return packed
    buffers = [each.raw() for each in apart]
    try:
        with NamedTemporaryFile(dir=directory, delete=False) as file:
            file.writelines((packed, *buffers))
    except OSError as error:
        raise LoadError(
            f"{directory} does not take the load's temporary files: {error.strerror}. "
            "Set TMPDIR to a directory with room for them; nothing was written."
        ) from None
    return File(file.name, [len(packed), *map(len, buffers)])


def unpack(parcel: Parcel) -> Any:
    """Return the value, once; its file is gone then."""
    if isinstance(parcel, bytes):
        return pickle.loads(parcel)  # noqa: S301 - written by a process of this load
    whole = memoryview(Path(parcel.name).read_bytes())
    Path(parcel.name).unlink()
    ends = list(accumulate(parcel.lengths))
    packed, *apart = [whole[end - length : end] for end, length in zip(ends, parcel.lengths, strict=True)]
    return pickle.loads(packed, buffers=apart)  # noqa: S301 - written by a process of this load
