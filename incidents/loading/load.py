"""One load, from the file to the last line: read and check everything, then write all of it or nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import orjson
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from incidents.batches import batched
from incidents.ledger.bulk import in_bulk
from incidents.ledger.models import Head, IncidentEntry
from incidents.ledger.store import CHUNK
from incidents.loading.errors import LoadError, refuse_bad
from incidents.loading.load_report import LoadReport, rate
from incidents.loading.pipeline import dependencies
from incidents.loading.pipeline.existing import ExistingIncidents
from incidents.loading.pipeline.first_pass import FirstPass
from incidents.loading.pipeline.former_places import FormerPlaces
from incidents.loading.pipeline.worker import Workers, collected_seldom
from incidents.loading.pipeline.writing import IncidentWriter, LoadCounts
from incidents.loading.preview import LoadDifference, sample_lines
from incidents.loading.profiles.profile import Profile
from incidents.loading.staging.staging_file import StagingFile
from incidents.models import Batch, Dataset
from incidents.publishing import PublishingSession, RefusedError, publication
from incidents.publishing.history import reduce_noted
from incidents.publishing.readable_texts import refuse_revealing_message

LARGE_SHARE = 5
"""Withdrawing more than one in so many of what is public is asked about first."""

NO_LICENCE = "licenseref-not-stated"
"""The licence of profiles that know none, in lower case."""

Confirm = Callable[[str], bool]
"""Asks a question of whoever runs the load; raises LoadError where nobody can answer."""


@dataclass(frozen=True)
class LoadOptions:
    """How to load: `dataset` defaults to the profile's own."""

    dataset: str = ""
    sheet: str = ""
    """Of a workbook, in place of the profile's own."""

    dry_run: bool = False
    skip_bad: bool = False
    complete: bool = False
    reduce_because: str = ""
    """Public reason for which records that become coarser than published get their new content in all revisions."""

    confirm: Confirm = lambda question: True
    loaded_by: User | None = None
    why_private: Callable[[str], str] = lambda name: ""
    """Returns why a column of that name points to a private person, "" if it does not."""

    difference: LoadDifference | None = None
    """Takes what the load does to what is published."""

    whole_samples: bool = False
    """Show the first incidents of a trial as JSON."""


class _DryRun(Exception):  # noqa: N818 - it undoes a trial
    """Rolls everything back."""


@dataclass(frozen=True)
class LoadOrigin:
    """What is loaded: the file, its digest, and the name of the profile that it is read by."""

    path: Path
    digest: str
    profile: str

    @contextmanager
    def publication(self, message: str, options: LoadOptions) -> Iterator[PublishingSession]:
        """Open the publication of a load; a trial is undone at its end. Raises LoadError for what is refused."""
        origin = {"file": self.path.name, "sha256": self.digest.removeprefix("sha256:"), "profile": self.profile}
        author = options.loaded_by.get_username() if options.loaded_by else ""
        try:
            with publication(author=author, message=message, origin=origin) as session:
                yield session
                if options.reduce_because:
                    session.cascade()
                    reduce_noted(session, options.reduce_because, coarser=True)
                if options.difference is not None:
                    options.difference.finish()
                if options.dry_run:
                    raise _DryRun
        except _DryRun:
            pass
        except RefusedError as error:
            raise LoadError(str(error)) from None

    def leave_batch(
        self, dataset: Dataset | None, counts: Mapping[str, int], options: LoadOptions, *, publishes: bool
    ) -> None:
        """Leave a record of the load; `publishes` tells whether the open publication changes anything."""
        Batch.objects.create(
            dataset=dataset,
            file_name=self.path.name,
            file_hash=self.digest,
            profile=self.profile,
            complete=options.complete,
            counts=dict(counts),
            publication=Head.objects.get(id=1).seq + 1 if publishes else None,
            loaded_by=options.loaded_by,
        )


def load(path: Path, profile: Profile, options: LoadOptions, report: LoadReport) -> LoadCounts:
    """Load a file into working records and publish the difference, in one transaction.

    Raises LoadError; nothing is written then.
    """
    slug = options.dataset or profile.keys.dataset.public_id
    try:
        Dataset._meta.get_field("public_id").run_validators(slug)
    except ValidationError as error:
        raise LoadError(f"--dataset {slug!r}: {' '.join(error.messages)}") from None
    with collected_seldom(), StagingFile() as staging, Workers() as workers:
        dataset = dependencies.dataset_of(profile.keys.dataset, slug)
        first_pass = FirstPass(profile, staging, workers, report, dataset.coverage_start)
        first_pass.read(path, options.sheet)
        _report_lacking(dataset, first_pass, options, report)
        refuse_bad(first_pass.bad, skip=options.skip_bad)
        second_pass = _SecondPass(path, profile, slug, first_pass, workers, options, report)
        second_pass.compare()
        second_pass.confirm_withdrawals()
        with in_bulk(expected=staging.count) as bulk:
            counts = second_pass.write()
            bulk.written = 0 if options.dry_run else counts.added + counts.changed
            staging.close()  # moving SQLite's log takes as much memory again
        if bad := first_pass.bad + counts.bad:
            report.say(f"left out {bad:,} bad rows")
        if second_pass.lacking and not options.complete:
            report.say(
                f"note: {second_pass.lacking:,} of {second_pass.published:,} published records of {slug} are not in "
                "the file; they stay public (--complete withdraws them)"
            )
    return counts


def _report_lacking(dataset: Dataset, first_pass: FirstPass, options: LoadOptions, report: LoadReport) -> None:
    """Report what readers will miss, and whom they could find, before anything is published."""
    if not dataset.licence or dataset.licence.casefold() == NO_LICENCE:
        report.say(f"warning: {dataset.public_id} has no licence: readers cannot know what they may do with the data")
    if not dataset.attribution:
        report.say(f"warning: {dataset.public_id} has no attribution: readers cannot know whom to name")
    first_pass.report_unreported()
    for name in first_pass.columns_read:
        if why := options.why_private(name):
            report.say(f"warning: the profile reads {name}, which may point to a private person: {why}")


class _SecondPass:
    """Writes what the first pass has found."""

    def __init__(
        self,
        path: Path,
        profile: Profile,
        slug: str,
        first_pass: FirstPass,
        workers: Workers,
        options: LoadOptions,
        report: LoadReport,
    ) -> None:
        self._profile, self._slug, self._first_pass, self._workers = profile, slug, first_pass, workers
        self._options, self._report, self._staging = options, report, first_pass.staging
        self._origin = LoadOrigin(path, first_pass.digest, profile.name)
        self.published = self.lacking = 0
        """Published incidents of the dataset, and those of them that the file lacks."""

    def compare(self) -> None:
        """Note the published incidents of the dataset that the file lacks."""
        self._staging.forget_lacking()
        self.published = self.lacking = 0
        entries = IncidentEntry.objects.live().filter(dataset=self._slug)
        for some in batched(entries.values_list("record_id", flat=True).iterator(chunk_size=CHUNK), CHUNK):
            self.published += len(some)
            self.lacking += self._staging.note_lacking(some)

    def confirm_withdrawals(self) -> None:
        """Raise LoadError if incidents that the file lacks must not be withdrawn, or nobody wants it."""
        lacking, published, nameless = self.lacking, self.published, self._first_pass.nameless
        if not (self._options.complete and lacking):
            return
        if nameless:
            raise LoadError(
                f"{nameless:,} rows were left out whose id cannot be told, so the file cannot be taken "
                "for the whole dataset. Put them right, or load without --complete."
            )
        if self._options.dry_run or lacking * LARGE_SHARE <= published:
            return
        if not self._options.confirm(
            f"{lacking:,} of {published:,} published records ({100 * lacking / published:.0f} %) are not in the "
            "file and would be withdrawn. Withdraw them?"
        ):
            raise LoadError("Nothing was loaded.")

    def write(self) -> LoadCounts:
        """Write and publish everything, in one publication."""
        options, name = self._options, self._origin.path.name
        message = f"Load {name} into {self._slug} with profile {self._profile.name}"
        with self._origin.publication(message, options) as session:
            dataset = dependencies.dataset_of(self._profile.keys.dataset, self._slug)
            refuse_revealing_message(self._slug, message)
            former = FormerPlaces(session, self._report)
            counts = self._apply(session, dataset, former)
            refuse_bad(counts.bad, skip=options.skip_bad)
            if options.complete:
                counts.withdrawn = self._withdraw(session, former)
            former.withdraw()
            self._leave_batch(session, dataset, counts)
            published = session.counts
        if options.dry_run:
            self._show(counts, published)
        self._report.write_still_readable(session.still_readable)
        return counts

    def _apply(self, session: PublishingSession, dataset: Dataset, former: FormerPlaces) -> LoadCounts:
        dependencies.publish_dataset(session, dataset, self._profile.keys.fields)
        shared, profile, report = self._first_pass.shared, self._profile, self._report
        existing = ExistingIncidents(dataset, partial(session.latest, "incident"))
        records = dependencies.resolve(session, dataset, shared, self._staging, report, profile, existing, former)
        authority, difference = self._first_pass.authority, self._options.difference
        writer = IncidentWriter(session, records, existing, self._workers, report, authority, former, difference)
        began, done = time.monotonic(), 0
        with self._report.progress("writing", self._staging.count) as progress:
            for written in writer.write(self._staging):
                done += written
                progress.reach(done)
        self._workers.begin_to_end()
        self._report.say(f"wrote {rate(done, time.monotonic() - began)}")
        return writer.counts

    def _withdraw(self, session: PublishingSession, former: FormerPlaces) -> int:
        # Now that the head is locked nobody else publishes: compare again, and do no more than was asked about.
        expected = self.lacking
        self.compare()
        if self.lacking > expected:
            raise LoadError(f"Something was published in {self._slug} meanwhile; nothing was loaded. Run it again.")
        reason = f"Not in {self._origin.path.name}, loaded as the whole of {self._slug}."
        withdrawn = 0
        for some in self._staging.lacking():
            for document in session.live_documents("incident", some).values():
                former.leave(document, None)
            withdrawn += session.withdraw("incident", some, reason=reason)
            if self._options.difference is not None:
                self._options.difference.withdraw(some)
        return withdrawn

    def _leave_batch(self, session: PublishingSession, dataset: Dataset, counts: LoadCounts) -> None:
        changes = (each for kind in session.counts.values() for each in kind.items())
        publishes = any(number for change, number in changes if change != "unchanged")
        totals = counts.totals() | {"skipped": self._first_pass.bad + counts.bad + counts.left_out}
        self._origin.leave_batch(dataset, totals, self._options, publishes=publishes)

    def _show(self, counts: LoadCounts, published: Mapping[str, Mapping[str, int]]) -> None:
        """Report what a trial would have published."""
        if counts.samples:
            self._report.say("the first incidents as they would be published:")
        for each in counts.samples:
            whole = [orjson.dumps(each, option=orjson.OPT_INDENT_2).decode()] if self._options.whole_samples else None
            for line in whole or sample_lines(each):
                self._report.say(line)
        if self._options.difference is not None:
            for line in self._options.difference.lines(published):
                self._report.say(line)
