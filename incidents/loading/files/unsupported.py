"""Files that hold no rows whatever their name says, known by how they begin."""

from __future__ import annotations

import re

from incidents.loading.errors import LoadError

UNPACK = "is packed in a way that is not read here; unpack it first, or pack it with gzip or zip."
PICTURE = "is a picture, no file of rows."
STRANGERS = (
    (
        re.compile(rb"\s*<(!doctype html|html)\b", re.IGNORECASE),
        "is a web page, no file of rows: perhaps one that asks to log in, saved in place of the file.",
    ),
    (re.compile(rb"\s*<(\?xml|kml|gpx|rss|feed)\b"), "is XML, which is not read here; save it as CSV or GeoJSON."),
    (
        re.compile(rb"version https://git-lfs"),
        "only says where Git LFS keeps it; fetch the file with `git lfs pull`.",
    ),
    (re.compile(rb"%PDF-"), "is a PDF, no file of rows; the table has to be saved as CSV."),
    (re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8"), PICTURE),
    (re.compile(rb"SQLite format 3\0"), "is a database of SQLite; save one of its tables as CSV."),
    (re.compile(rb"BZh[1-9]|\xfd7zXZ|7z\xbc\xaf|Rar!|\x28\xb5\x2f\xfd"), UNPACK),
)
"""What a file begins with, and what to say of it."""


def refuse(beginning: bytes, name: str) -> None:
    """Raise LoadError for what is known to hold no rows."""
    for begins, said in STRANGERS:
        if begins.match(beginning):
            raise LoadError(f"{name} {said}")
