"""Where the files of releases are, and what they are known by."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

from django.conf import settings

MEDIA_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".geojson": "application/geo+json",
    ".parquet": "application/vnd.apache.parquet",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".html": "text/html; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".bib": "application/x-bibtex; charset=utf-8",
    ".cff": "application/yaml",
    ".zip": "application/zip",
}
PIECE = 1 << 20


class File(TypedDict):
    """One file of a release."""

    path: str
    size: int
    sha256: str
    media_type: str


def root() -> Path:
    """Directory of all releases, `VAR_DIR/releases`."""
    return Path(settings.VAR_DIR) / "releases"


def location(name: str, path: str) -> Path:
    """Path of a file of a release; its zip is next to its directory.

    To be called with a path that the release's own list of files names, and no other.
    """
    return root() / path if path == f"{name}.zip" else root() / name / path


def lacking(name: str, files: Sequence[File]) -> list[str]:
    """Files of a release that are missing or damaged on this machine; reads all of them."""
    return [file["path"] for file in files if not _is_whole(location(name, file["path"]), file)]


def _is_whole(place: Path, file: File) -> bool:
    return place.is_file() and described(place, file["path"])["sha256"] == file["sha256"]


def described(file: Path, path: str) -> File:
    """Path, size, SHA-256 and media type of a file, read in chunks."""
    checksum = hashlib.sha256()
    with file.open("rb") as stream:
        while piece := stream.read(PIECE):
            checksum.update(piece)
    media_type = MEDIA_TYPES.get(file.suffix, "text/plain; charset=utf-8")
    return {"path": path, "size": file.stat().st_size, "sha256": checksum.hexdigest(), "media_type": media_type}
