"""Creates releases, rebuilds their files after a redaction, and withdraws them.

Files are built aside, then moved into place in the transaction that writes the release: whatever happens, a release
that the ledger lists has all its files, and a folder that the ledger does not list is nobody's and is replaced. One
release is made at a time on a machine.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import orjson
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from incidents.exports import citation
from incidents.ledger.content import stamp
from incidents.ledger.denormalisation import Document
from incidents.ledger.models import KINDS, Head, Publication, Release
from incidents.query.moment import Moment, read_moment
from incidents.query.release_lookup import NAME_LENGTH, is_name, reached
from incidents.query.stream import CutError
from incidents.releasing import describing, packing
from incidents.releasing.cited_release import of_release
from incidents.releasing.contents import Contents
from incidents.releasing.describing import Described
from incidents.releasing.edition import Edition, current_edition, earlier_editions
from incidents.releasing.errors import ReleaseError, in_words
from incidents.releasing.paths import File, described, lacking, root
from incidents.releasing.tables import PARTED_FROM, Tables, passes, write

logger = logging.getLogger(__name__)

BUILDING = ".building-"
REPLACED = "Replaced because of a redaction."


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


@dataclass(frozen=True, slots=True)
class ReleaseRequest:
    """Parameters of a new release."""

    name: str
    dataset: str = ""
    as_of: int | None = None
    """The publication; None: the latest."""
    title: str = ""
    notes: str = ""
    author: str = ""
    parted_from: int = PARTED_FROM


@in_words()
def make(asked: ReleaseRequest, teller: Teller, *, dry_run: bool = False) -> Release:
    """Create a release and write its files; a dry run only reports them. Raises ReleaseError."""
    with alone():
        moment, release = _planned(asked)
        contents = Contents(moment, asked.dataset, current_edition())
        datasets = _datasets(contents)
        if asked.dataset and not datasets:
            raise ReleaseError(f"No dataset {asked.dataset!r} is public as of publication {moment.at}.")
        release.licences = list(dict.fromkeys(each["licence"] for each in datasets))
        release.title = asked.title or citation.title_of([each["name"] for each in datasets])
        release.counts = {
            kind: contents.stream(kind)[0] for kind in ("dataset", "location", "source", "actor", "incident")
        }
        teller.say(f"{release.name}: publication {moment.at}, {_told(release.counts)}")
        if dry_run:
            return release
        with _built(release, contents, datasets, teller, asked.parted_from) as place, transaction.atomic():
            release.edition = contents.edition.stored()
            release.save(force_insert=True)
            _move(place, release.name)
        teller.say(f"{len(release.files)} files, {sum(file['size'] for file in release.files):,} bytes, in {root()}")
        return release


@in_words()
def refresh(name: str, teller: Teller, parted_from: int = PARTED_FROM) -> bool:
    """Make the files of a release again if a redaction has reached them, or if some are not on this machine.

    Tells whether it did. Raises ReleaseError.
    """
    with alone():
        release = _existing(name)
        if release.withdrawn_at is not None:
            return False
        if (redaction := reached(release)) is None:
            return _bring_back(release, teller, parted_from)
        earlier, moment = release.files, _moment(release.seq)
        contents = _contents(release, moment)
        release.counts = _counts(contents)
        built = _built(release, contents, _datasets(contents), teller, parted_from)
        with built as place, transaction.atomic():
            _note_replaced(release, earlier, redaction)
            release.redacted, release.edition = moment.redacted, contents.edition.stored()
            release.save()
            _move(place, release.name)
        teller.say(f"{release.name}: rebuilt without the records that publication {redaction} redacted")
        return True


def _bring_back(release: Release, teller: Teller, parted_from: int) -> bool:
    """Make files again that are lacking or damaged; raises ReleaseError if they would be others."""
    if not (missing := lacking(release.name, release.files)):
        return False
    contents, listed = _contents(release, _moment(release.seq)), release.files
    release.counts = _counts(contents)  # in their order, which jsonb does not keep
    with _built(release, contents, _datasets(contents), teller, parted_from) as place:
        sums = {file["path"]: file["sha256"] for file in release.files}
        if different := [file["path"] for file in listed if sums.get(file["path"]) != file["sha256"]]:
            raise ReleaseError(
                f"{release.name}: {different[0]} would differ from the released file. The code, a library "
                "or PUBLIC_URL has changed. Restore the files from a backup."
            )
        _move(place, release.name)
    teller.say(f"{release.name}: rebuilt, as released; {len(missing)} files were missing")
    return True


@in_words()
def withdraw(name: str, reason: str) -> None:
    """Permanently remove the files of a release after a redaction. Raises ReleaseError."""
    with alone():
        release = _existing(name)
        if release.withdrawn_at is not None:
            raise ReleaseError(f"The files of {name} have already been withdrawn.")
        redaction = reached(release)
        if redaction is None:
            raise ReleaseError(f"{name} has no redacted record, so its files cannot be withdrawn.")
        if not reason.strip():
            raise ReleaseError("A withdrawal needs a reason, which readers will see.")
        with transaction.atomic():
            _note_replaced(release, release.files, redaction)
            release.files, release.withdrawn_at, release.reason = [], timezone.now().replace(microsecond=0), reason
            release.save()
        _remove(name)


def take_down(**_: Any) -> None:
    """Delete the files that hold what a redaction took out of the ledger; they have not been shown since then."""
    for release in Release.objects.with_files().iterator():
        if reached(release) is not None:
            _remove(release.name)


def stale() -> list[str]:
    """Releases with files that contain a redacted record or are missing on this machine."""
    rows = Release.objects.with_files().order_by("name")
    return [release.name for release in rows if reached(release) is not None or lacking(release.name, release.files)]


def _planned(asked: ReleaseRequest) -> tuple[Moment, Release]:
    if not is_name(asked.name):
        raise ReleaseError(
            f"{asked.name!r} is not a valid name of a release. A name starts with a letter and has lower-case "
            f"letters and digits, with single - or . between them, and at most {NAME_LENGTH} characters."
        )
    if Release.objects.filter(name=asked.name).exists():
        raise ReleaseError(
            f"The release {asked.name} already exists, and releases cannot be changed. Choose another name."
        )
    head = Head.objects.values_list("seq", flat=True).get(id=1)
    seq = head if asked.as_of is None else asked.as_of
    if not 0 < seq <= head:
        raise ReleaseError(f"There is no publication {seq}; the latest is {head}." if head else "Nothing is published.")
    moment = _moment(seq)
    return moment, Release(
        name=asked.name,
        seq=seq,
        dataset=asked.dataset,
        notes=asked.notes,
        author=asked.author,
        made_at=timezone.now().replace(microsecond=0),
        redacted=moment.redacted,
    )


def _moment(seq: int) -> Moment:
    return read_moment(seq)


def _existing(name: str) -> Release:
    release: Release | None = Release.objects.filter(name=name).first()
    if release is None:
        raise ReleaseError(f"There is no release {name!r}.")
    return release


def _contents(release: Release, moment: Moment) -> Contents:
    """Contents of a release in its edition; if that was not stored, in the one that its codebook is of."""
    if release.edition is not None:
        return Contents(moment, release.dataset, Edition(release.edition.content))
    sums = {file["path"]: file["sha256"] for file in release.files}
    for edition in reversed(earlier_editions()):
        contents = Contents(moment, release.dataset, edition)
        book = describing.codebook_of(contents, _datasets(contents))
        if hashlib.sha256(book).hexdigest() == sums.get(describing.CODEBOOK):
            return contents
    return Contents(moment, release.dataset, current_edition())


def _counts(contents: Contents) -> dict[str, int]:
    return {kind: contents.stream(kind)[0] for kind in KINDS}


def _datasets(contents: Contents) -> list[Document]:
    return [orjson.loads(document) for some in contents.stream("dataset")[1] for document in some]


def _note_replaced(release: Release, earlier: list[File], redaction: int) -> None:
    kept = [{name: file[name] for name in ("path", "size", "sha256")} for file in earlier]
    release.replaced = [*release.replaced, {"redaction": redaction, "why": REPLACED, "files": kept}]


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
def _built(
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
        release.files = list(_described(release, contents, datasets, place, folder))
        # Should one come later still, the release knows less than the ledger and its files are not shown.
        if _moment(release.seq).redacted != contents.moment.redacted:
            raise CutError("A file may hold what the ledger no longer has.")
        yield place
    except CutError as error:
        raise ReleaseError("A record was redacted while the release was being made. Create it again.") from error
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _described(
    release: Release, contents: Contents, datasets: list[Document], place: Path, folder: Path
) -> Iterator[File]:
    """Write what describes the tables; yield all files by path, the zip last."""
    published = Publication.objects.get(seq=release.seq).published_at
    what = Described(
        of_release(release, stamp(published), _address(release.name)),
        release.notes,
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


def _move(place: Path, name: str) -> None:
    """Put what was built where it is served from; what is there already is of no release, or is replaced."""
    _remove(name)
    (place / f"{name}.zip").rename(root() / f"{name}.zip")
    (place / name).rename(root() / name)


def _remove(name: str) -> None:
    (root() / f"{name}.zip").unlink(missing_ok=True)
    shutil.rmtree(root() / name, ignore_errors=True)


def _told(counts: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {kind}{'' if number == 1 else 's'}" for kind, number in counts.items())
