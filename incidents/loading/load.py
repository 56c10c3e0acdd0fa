"""One load, from the file to the last line: read and check everything, then write all of it or nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from incidents.ledger.bulk import in_bulk
from incidents.ledger.models import Head, IncidentEntry
from incidents.ledger.store import CHUNK
from incidents.loading import sample
from incidents.loading.difference import Difference
from incidents.loading.errors import LoadError
from incidents.loading.load_report import Report, rate
from incidents.loading.pipeline import dependencies, garbage_collection
from incidents.loading.pipeline import first_pass as first_pass
from incidents.loading.pipeline.first_pass import Reading
from incidents.loading.pipeline.staging_file import Spool
from incidents.loading.pipeline.worker import Beside
from incidents.loading.pipeline.writing import Counts, Writer
from incidents.loading.profiles.parts import Profile
from incidents.models import Batch, Dataset
from incidents.publishing import Door, RefusedError, publication

LARGE_SHARE = 5
"""Withdrawing more than one in so many of what is public is asked about first."""

Confirm = Callable[[str], bool]
"""Asks a question of whoever runs the load; raises LoadError where nobody can answer."""


@dataclass(frozen=True)
class Options:
    """How to load: `dataset` defaults to the profile's own."""

    dataset: str = ""
    sheet: str = ""
    """Of a workbook, in place of the profile's own."""

    dry_run: bool = False
    skip_bad: bool = False
    complete: bool = False
    confirm: Confirm = lambda question: True
    loaded_by: User | None = None
    using: str = "default"
    difference: Difference | None = None
    """Takes what the load does to what is published."""

    whole_samples: bool = False
    """Show the first incidents of a trial as JSON."""


class _DryRun(Exception):  # noqa: N818 - it undoes a trial
    """Rolls everything back."""


def load(path: Path, profile: Profile, options: Options, report: Report) -> Counts:
    """Load a file into working records and publish the difference, in one transaction.

    Raises LoadError; nothing is written then.
    """
    slug = options.dataset or str(profile.dataset["public_id"])
    try:
        Dataset._meta.get_field("public_id").run_validators(slug)
    except ValidationError as error:
        raise LoadError(f"--dataset {slug!r}: {' '.join(error.messages)}") from None
    with garbage_collection.rarely(), Spool() as spool, Beside() as beside:
        reading = first_pass.read(path, profile, spool, beside, report, options.sheet)
        _refuse_bad(reading.bad, options)
        lacking, published = _compare(spool, slug, options.using)
        _ask(lacking, published, reading, options)
        with in_bulk(reading.spool.count) as bulk:
            counts = _write(path, profile, slug, reading, beside, lacking, options, report)
            bulk.written = 0 if options.dry_run else counts.added + counts.changed
            spool.close()  # moving SQLite's log takes as much memory again
        if reading.bad + counts.bad:
            report.say(f"left out {reading.bad + counts.bad:,} bad rows")
        if lacking and not options.complete:
            report.say(
                f"note: {lacking:,} of {published:,} published records of {slug} are not in the file; "
                "they stay public (--complete withdraws them)"
            )
    return counts


def _refuse_bad(bad: int, options: Options) -> None:
    if bad and not options.skip_bad:
        raise LoadError(
            f"{bad:,} row{'s' if bad > 1 else ''} cannot be loaded, so nothing was. "
            "Put them right, or leave them out with --skip-bad."
        )


def _compare(spool: Spool, slug: str, using: str) -> tuple[int, int]:
    """Note the published incidents of a dataset that the file lacks; returns their number and that of all."""
    spool.forget_lacking()
    entries = IncidentEntry.objects.using(using).live().filter(dataset=slug)
    lacking = published = 0
    some: list[str] = []
    for public_id in entries.values_list("record_id", flat=True).iterator(chunk_size=CHUNK):
        some.append(public_id)
        if len(some) == CHUNK:
            lacking, published, some = lacking + spool.note_lacking(some), published + len(some), []
    return lacking + spool.note_lacking(some), published + len(some)


def _ask(lacking: int, published: int, reading: Reading, options: Options) -> None:
    if not (options.complete and lacking):
        return
    if reading.nameless:
        raise LoadError(
            f"{reading.nameless:,} rows were left out whose id cannot be told, so the file cannot be taken "
            "for the whole dataset. Put them right, or load without --complete."
        )
    if options.dry_run or lacking * LARGE_SHARE <= published:
        return
    if not options.confirm(
        f"{lacking:,} of {published:,} published records ({100 * lacking / published:.0f} %) are not in the "
        "file and would be withdrawn. Withdraw them?"
    ):
        raise LoadError("Nothing was loaded.")


def _write(
    path: Path,
    profile: Profile,
    slug: str,
    reading: Reading,
    beside: Beside,
    lacking: int,
    options: Options,
    report: Report,
) -> Counts:
    origin = {"file": path.name, "sha256": reading.digest.removeprefix("sha256:"), "profile": profile.name}
    counts = Counts()
    try:
        author = options.loaded_by.get_username() if options.loaded_by else ""
        message = f"Load {path.name} into {slug} with profile {profile.name}"
        with publication(author=author, message=message, origin=origin) as door:
            dataset = dependencies.dataset_of(profile.dataset, slug, options.using)
            counts = _apply(door, dataset, profile, reading, beside, options, report)
            _refuse_bad(counts.bad, options)
            if options.complete:
                counts.withdrawn = _withdraw(door, slug, path.name, reading.spool, lacking, options)
            _record(door, dataset, path, profile, reading, counts, options)
            published = door.counts
            if options.difference is not None:
                options.difference.finish()
            if options.dry_run:
                raise _DryRun
    except _DryRun:
        _show(counts, published, options, report)
    except RefusedError as error:
        raise LoadError(str(error)) from None
    report.tell_still_readable(door.still_readable)
    return counts


def _show(counts: Counts, published: Mapping[str, Mapping[str, int]], options: Options, report: Report) -> None:
    """Tell what a trial would have published."""
    if counts.samples:
        report.say("the first incidents as they would be published:")
    for each in counts.samples:
        if options.whole_samples:
            report.say(orjson.dumps(each, option=orjson.OPT_INDENT_2).decode())
        else:
            for line in sample.lines(each):
                report.say(line)
    if options.difference is not None:
        for line in options.difference.told(published):
            report.say(line)


def _apply(
    door: Door, dataset: Dataset, profile: Profile, reading: Reading, beside: Beside, options: Options, report: Report
) -> Counts:
    dependencies.publish_dataset(door, dataset, options.using)
    match = profile.place.match if profile.place else None
    records = dependencies.resolve(door, dataset, reading.gathered, report, options.using, match)
    authority = profile.authority.of(reading.spool.names)
    writer = Writer(door, records, beside, report, options.using, authority, options.difference)
    began, done = time.monotonic(), 0
    with report.progress("writing", reading.spool.count) as progress:
        for written in writer.write(reading.spool.chunks(), reading.spool.names):
            done += written
            progress.reach(done)
    beside.rest()
    report.say(f"wrote {rate(done, time.monotonic() - began)}")
    return writer.counts


def _withdraw(door: Door, slug: str, file: str, spool: Spool, expected: int, options: Options) -> int:
    # Now that the head is locked nobody else publishes: look again, and do no more than was asked about.
    lacking, _ = _compare(spool, slug, options.using)
    if lacking > expected:
        raise LoadError(f"Something was published in {slug} meanwhile; nothing was loaded. Run it again.")
    reason = f"Not in {file}, loaded as the whole of {slug}."
    withdrawn = 0
    for some in spool.lacking():
        withdrawn += door.withdraw("incident", some, reason=reason)
        if options.difference is not None:
            options.difference.withdraw(some)
    return withdrawn


def _record(
    door: Door,
    dataset: Dataset,
    path: Path,
    profile: Profile,
    reading: Reading,
    counts: Counts,
    options: Options,
) -> None:
    publishes = any(number for each in door.counts.values() for change, number in each.items() if change != "unchanged")
    head = Head.objects.using(options.using).get(id=1)
    Batch.objects.using(options.using).create(
        dataset=dataset,
        file_name=path.name,
        file_hash=reading.digest,
        profile=profile.name,
        complete=options.complete,
        counts={
            "added": counts.added,
            "changed": counts.changed,
            "withdrawn": counts.withdrawn,
            "unchanged": counts.unchanged,
            "skipped": reading.bad + counts.bad + counts.left_out,
        },
        publication=head.seq + 1 if publishes else None,
        loaded_by=options.loaded_by,
    )
