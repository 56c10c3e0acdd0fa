"""Builds the files of one release in a hidden directory, and moves them into place."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from django.conf import settings

from incidents.ledger.content import stamp
from incidents.ledger.denormalisation import Document
from incidents.ledger.models import Publication, Release
from incidents.query.moment import read_moment
from incidents.query.stream import CutError
from incidents.releasing import describing, packing
from incidents.releasing.cited_release import of_release
from incidents.releasing.contents import Contents
from incidents.releasing.describing import Described
from incidents.releasing.errors import ReleaseError
from incidents.releasing.paths import File, described, root
from incidents.releasing.tables import Tables, passes, write

BUILDING = ".building-"


class Step(Protocol):
    """How far a step is."""

    def reach(self, done: int) -> None:
        """Say how much is done."""


class Teller(Protocol):
    """Receives lines and progress of a long step."""

    def say(self, text: str) -> None:
        """Print one line of progress."""

    def progress(self, what: str, total: int, unit: str = ...) -> AbstractContextManager[Step]:
        """Show how far a step is while it lasts."""


@contextmanager
def alone() -> Iterator[None]:
    """Let nobody else make a release on this machine meanwhile, and clear away what a killed one has left."""
    root().mkdir(parents=True, exist_ok=True)
    with (root() / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ReleaseError("Another release is being made on this machine. Wait until it is finished.") from None
        for left in root().glob(f"{BUILDING}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


@contextmanager
def built(
    release: Release, contents: Contents, datasets: list[Document], teller: Teller, parted_from: int
) -> Iterator[Path]:
    """Give a folder with the release's folder and zip, which is gone afterwards; sets the release's files."""
    place = Path(tempfile.mkdtemp(prefix=BUILDING, dir=root()))
    try:
        folder = place / release.name
        folder.mkdir()
        total = sum(number * passes(kind) for kind, number in release.counts.items())
        with teller.progress(release.name, total, " records") as step:
            tables = Tables(folder, contents, step.reach, parted_from)
            tables.write()
        release.files = list(_write_descriptions(release, contents, datasets, place, folder))
        # Should one come later still, the release knows less than the ledger and its files are not shown.
        if read_moment(release.seq).redacted != contents.moment.redacted:
            raise CutError("A file may hold what the ledger no longer has.")
        yield place
    except CutError as error:
        raise ReleaseError("A record was redacted while the release was being made. Create it again.") from error
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _write_descriptions(
    release: Release, contents: Contents, datasets: list[Document], place: Path, folder: Path
) -> Iterator[File]:
    """Write what describes the tables; yield all files by path, the zip last."""
    published = Publication.objects.get(seq=release.seq).published_at
    what = Described(
        of_release(release, stamp(published), _address(release.name)),
        " ".join(filter(None, [release.notes, describing.added_later(contents)])),
        contents,
        datasets,
        release.counts,
    )
    for path, content in describing.texts(what):
        write(folder / path, [content])
    files = _listed(folder)
    for path, content in describing.descriptions(what, files):
        write(folder / path, [content])
    files = _listed(folder)
    write(folder / packing.SUMS, [packing.sums(files)])
    files.append(described(folder / packing.SUMS, packing.SUMS))
    yield from files
    archive = f"{release.name}.zip"
    packing.pack(folder, [file["path"] for file in files], release.name, place / archive)
    yield described(place / archive, archive)


def _listed(folder: Path) -> list[File]:
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return [described(folder / path, path) for path in paths]


def _address(name: str) -> str:
    return f"{settings.PUBLIC_URL}/api/v1/releases/{name}/" if settings.PUBLIC_URL else ""


def move(place: Path, name: str) -> None:
    """Put what was built where it is served from; what is there already is of no release, or is replaced."""
    remove(name)
    (place / f"{name}.zip").rename(root() / f"{name}.zip")
    (place / name).rename(root() / name)


def remove(name: str) -> None:
    """Delete the files of a release."""
    (root() / f"{name}.zip").unlink(missing_ok=True)
    shutil.rmtree(root() / name, ignore_errors=True)
