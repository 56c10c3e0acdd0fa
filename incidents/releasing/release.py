"""Creates releases, rebuilds their files after a redaction, and withdraws them.

Files are built aside, then moved into place in the transaction that writes the release: whatever happens, a release
that the ledger lists has all its files, and a folder that the ledger does not list is nobody's and is replaced. One
release is made at a time on a machine.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone

from incidents.exports import citation
from incidents.ledger.denormalisation import Document
from incidents.ledger.models import KINDS, Head, Release
from incidents.query.moment import Moment, read_moment
from incidents.query.release_lookup import NAME_LENGTH, is_name, reached
from incidents.releasing import describing
from incidents.releasing.building import Teller, alone, built, move, remove
from incidents.releasing.contents import Contents
from incidents.releasing.edition import Edition, current_edition, earlier_editions
from incidents.releasing.errors import ReleaseError, in_words
from incidents.releasing.paths import File, lacking, root
from incidents.releasing.tables import PARTED_FROM

REPLACED = "Replaced because of a redaction."


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
        with built(release, contents, datasets, teller, asked.parted_from) as place, transaction.atomic():
            release.edition = contents.edition.stored()
            release.save(force_insert=True)
            move(place, release.name)
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
        earlier, moment = release.files, read_moment(release.seq)
        contents = _contents(release, moment)
        release.counts = _counts(contents)
        building = built(release, contents, _datasets(contents), teller, parted_from)
        with building as place, transaction.atomic():
            _note_replaced(release, earlier, redaction)
            release.redacted, release.edition = moment.redacted, contents.edition.stored()
            release.save()
            move(place, release.name)
        teller.say(f"{release.name}: rebuilt without the records that publication {redaction} redacted")
        return True


def _bring_back(release: Release, teller: Teller, parted_from: int) -> bool:
    """Make files again that are lacking or damaged; raises ReleaseError if they would be others."""
    if not (missing := lacking(release.name, release.files)):
        return False
    contents, listed = _contents(release, read_moment(release.seq)), release.files
    release.counts = _counts(contents)  # in their order, which jsonb does not keep
    with built(release, contents, _datasets(contents), teller, parted_from) as place:
        sums = {file["path"]: file["sha256"] for file in release.files}
        if different := [file["path"] for file in listed if sums.get(file["path"]) != file["sha256"]]:
            raise ReleaseError(
                f"{release.name}: {different[0]} would differ from the released file. The code, a library "
                "or PUBLIC_URL has changed. Restore the files from a backup."
            )
        move(place, release.name)
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
        remove(name)


def take_down(**_: Any) -> None:
    """Delete the files that hold what a redaction took out of the ledger; they have not been shown since then."""
    for release in Release.objects.with_files().iterator():
        if reached(release) is not None:
            remove(release.name)


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
    moment = read_moment(seq)
    return moment, Release(
        name=asked.name,
        seq=seq,
        dataset=asked.dataset,
        notes=asked.notes,
        author=asked.author,
        made_at=timezone.now().replace(microsecond=0),
        redacted=moment.redacted,
    )


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


def _told(counts: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {kind}{'' if number == 1 else 's'}" for kind, number in counts.items())
