"""The files of releases in a backup: those that readers can have, each checked against the list of its release."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from incidents.backup.archive import PIECE, Archive, Writer
from incidents.backup.errors import BackupError
from incidents.backup.progress import Teller
from incidents.ledger.models import Release
from incidents.query.release_lookup import reached
from incidents.releasing.paths import File, location, root

FOLDER = "releases/"
RESTORING = ".restoring"
KEPT = (".lock",)
"""Names in the directory of releases that are not releases."""


def shown() -> list[Release]:
    """Releases with downloadable files: neither withdrawn nor affected by a redaction."""
    rows = Release.objects.with_files().order_by("name")
    return [release for release in rows if reached(release) is None]


def write(releases: list[Release], writer: Writer, teller: Teller) -> list[str]:
    """Write the files of releases into an archive; returns those that are not on this machine as they are listed."""
    listed: list[tuple[Release, File]] = [(release, file) for release in releases for file in release.files]
    lacking, done = [], 0
    with teller.progress("packing releases", sum(file["size"] for _, file in listed), " bytes") as step:
        for release, file in listed:
            place = location(release.name, file["path"])
            name = f"{FOLDER}{place.relative_to(root()).as_posix()}"
            try:
                written = writer.add(name, _read(place))
            except FileNotFoundError:
                lacking.append(name)
                continue
            if written["sha256"] != file["sha256"]:
                lacking.append(name)
            done += file["size"]
            step.reach(done)
    return lacking


def _read(place: Path) -> Iterator[bytes]:
    with place.open("rb") as stream:
        while piece := stream.read(PIECE):
            yield piece


def require_none() -> None:
    """Raise BackupError if this machine holds files of releases already."""
    there = sorted(path.name for path in root().glob("*") if path.name not in KEPT)
    if there and there != [RESTORING]:
        raise BackupError(
            f"{root()} is not empty: it holds {', '.join(there[:5])}{' and more' if len(there) > 5 else ''}. "
            "A backup must be restored into an empty directory. If an earlier attempt was interrupted, delete these."
        )


@contextmanager
def unpacked(archive: Archive, teller: Teller) -> Iterator[Path]:
    """Unpack the release files into a temporary directory next to their target; it is deleted afterwards."""
    place = root() / RESTORING
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    names = [name for name in archive.members if name.startswith(FOLDER)]
    total, done = sum(archive.members[name]["size"] for name in names), 0
    try:
        with teller.progress("unpacking releases", total, " bytes") as step:
            for name in names:
                file = place / _within(name)
                file.parent.mkdir(parents=True, exist_ok=True)
                with file.open("xb") as stream:
                    for piece in archive.pieces(name):
                        stream.write(piece)
                done += archive.members[name]["size"]
                step.reach(done)
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _within(name: str) -> Path:
    path = Path(name.removeprefix(FOLDER))
    if path.is_absolute() or ".." in path.parts:
        raise BackupError(f"The backup has a member {name!r}, which would be written outside its directory.")
    return path


@contextmanager
def put(place: Path) -> Iterator[None]:
    """Move what was unpacked to where it is served from; taken away again if the block fails."""
    moved: list[Path] = []
    try:
        for path in sorted(place.iterdir()):
            moved.append(root() / path.name)
            path.rename(moved[-1])
        yield
    except BaseException:
        for path in moved:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        raise


def require_listed() -> None:
    """Raise BackupError unless every file that a shown release lists has been put in place."""
    for release in shown():
        for file in release.files:
            place = location(release.name, file["path"])
            if not place.is_file() or place.stat().st_size != file["size"]:
                raise BackupError(f"The backup is missing {file['path']} of the release {release.name}.")
