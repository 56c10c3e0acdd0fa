"""One load of one of our own exports: compare everything, then write what was edited, or nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import orjson
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, IntegrityError, transaction

from incidents.loading.errors import BadRow, LoadError, Problem
from incidents.loading.load import LoadOptions
from incidents.loading.load_report import LoadReport
from incidents.loading.round_trip import export_rows, outcome
from incidents.loading.round_trip.edits import Comparison, Edit, text_of
from incidents.loading.round_trip.incident_editor import IncidentEditor
from incidents.loading.round_trip.record_editors import ActorEditor, DatasetEditor, Editor, LocationEditor, SourceEditor
from incidents.loading.round_trip.row_content import Told
from incidents.publishing import Door, RefusedError, publication
from incidents.publishing.actions import publish_within
from incidents.tables import TABLES, Table

CHUNK = 500
EDITORS: dict[str, type[Editor]] = {
    "incidents": IncidentEditor,
    "locations": LocationEditor,
    "sources": SourceEditor,
    "actors": ActorEditor,
    "datasets": DatasetEditor,
}
RENAMED = (
    "the id that the row was exported with: it names a revision, and there is no record of this id. An id cannot be "
    "edited; for a new record leave the revision empty"
)
STRANGE = "new records whose rows name a revision, as if they had been exported from here; was an id edited?"
PROFILES = tuple(EDITORS)
"""What `--profile` calls our own exports, by the name of the list."""


class _DryRun(Exception):  # noqa: N818 - it undoes a trial
    """Rolls everything back."""


def load_own(path: Path, profile: str, options: LoadOptions, report: LoadReport) -> outcome.Counts:
    """Load an export of ours, in any format that it comes in, and publish the records that were edited in it.

    Raises LoadError; nothing is written then.
    """
    if options.complete or options.dataset:
        name = "--complete" if options.complete else "--dataset"
        raise LoadError(
            f"{name} makes no sense with {profile}: an export says of each row what it is, and may be a part."
        )
    digest = export_rows.digest(path)
    with tempfile.TemporaryFile() as spool:
        load = _Load(path, profile, options, report, spool)
        load.compare()
        load.refuse_bad()
        load.write(digest)
    if load.counts.bad:
        report.say(f"left out {load.counts.bad:,} bad rows")
    return load.counts


class _Load:
    """The load of one file."""

    def __init__(self, path: Path, profile: str, options: LoadOptions, report: LoadReport, spool: IO[bytes]) -> None:
        self.path, self.profile, self.options, self.report, self._spool = path, profile, options, report, spool
        self.table: Table = TABLES[profile.removesuffix("s")]
        self.counts = outcome.Counts()
        self._compare = Comparison(self.table)
        self._left_out: set[int] = set()
        """Lines of rows that turned out wrong only when all were known, or when they were to be written."""
        self._editable = {column.name: column.editable for column in self.table.columns}

    def compare(self) -> None:
        """Find the rows that change something; what is wrong with any is told at once."""
        seen: set[int] = set()
        for some in chunked(export_rows.rows(self.path, self.table, self.options.sheet), CHUNK):
            told: list[Told] = []
            for item in some:
                if isinstance(item, BadRow):
                    self._tell(item)
                elif hash(item.id) in seen:
                    self._tell(BadRow([Problem(item.line, "id", item.id, "each record once")]))
                else:
                    seen.add(hash(item.id))
                    told.append(item)
            for found in self._compare.edits(told):
                if isinstance(found, Edit):
                    self._spool.write(orjson.dumps(list(found)) + b"\n")
                elif found is None:
                    self.counts.unchanged += 1
                else:
                    self._tell(BadRow([found]))
        self._refuse_renamed()

    def _refuse_renamed(self) -> None:
        """Tell the rows whose ids were edited: they would be published a second time under the new ones."""
        for edit in self._edits() if self._compare.here else ():
            if not edit.is_new or edit.told is None:
                continue
            if self.profile == "incidents" and edit.values.get("dataset") in self._compare.here:
                self._left_out.add(edit.line)
                self._tell(BadRow([Problem(edit.line, "id", edit.id, RENAMED)]))
            else:
                self.report.note(STRANGE, edit.line)

    def refuse_bad(self) -> None:
        """Raise LoadError if there are bad rows and they may not be left out."""
        bad = self.counts.bad
        if bad and not self.options.skip_bad:
            raise LoadError(
                f"{bad:,} row{'s' if bad > 1 else ''} cannot be loaded, so nothing was. "
                "Put them right, or leave them out with --skip-bad."
            )

    def write(self, digest: str) -> None:
        """Write the edits and publish them, in one publication."""
        origin = {"file": self.path.name, "sha256": digest.removeprefix("sha256:"), "profile": self.profile}
        message = f"Load edits of {self.path.name}"
        try:
            with publication(author=outcome.author(self.options), message=message, origin=origin) as door:
                self._write(door)
                self.refuse_bad()
                outcome.leave_batches(self.path, self.profile, digest, self.counts, self.options)
                if self.options.difference is not None:
                    self.options.difference.finish()
                if self.options.dry_run:
                    raise _DryRun
        except _DryRun:
            for edit in self._edits():
                self.report.say(outcome.described(edit))
        except RefusedError as error:
            raise LoadError(str(error)) from None
        self.report.write_still_readable(door.still_readable)

    def _write(self, door: Door) -> None:
        editor = EDITORS[self.profile](door)
        unready: list[str] = []
        for edits in chunked(self._edits(), CHUNK):
            records = self._apply(editor, door, edits)
            unready += publish_within(door, records, DEFAULT_DB_ALIAS)
        try:
            again = editor.finish()
        except BadRow as bad:
            self._tell(bad)
            raise LoadError("Nothing was loaded: other rows may rest on this one.") from None
        unready += publish_within(door, again, DEFAULT_DB_ALIAS) if again else []
        if unready:
            raise LoadError(f"Not ready for publication, says the admin: {', '.join(dict.fromkeys(unready))}.")
        door.cascade()
        self._verify()

    def _apply(self, editor: Editor, door: Door, edits: list[Edit]) -> list[Any]:
        """Change working records as some edits say; returns those that were."""
        found = editor.find([edit.id for edit in edits])
        self._refuse_moved(edits)
        drafts = self._drafts(editor, found, edits)
        good: list[tuple[Any, Edit]] = []
        try:
            editor.prepare(edits)
        except BadRow as bad:
            self._tell(bad)
            raise LoadError("Nothing was loaded.") from None
        for edit in edits:
            try:
                good.append((self._changed(editor, found.get(edit.id), edit, edit.id in drafts), edit))
            except BadRow as bad:
                self._left_out.add(edit.line)
                self._tell(bad)
        self._save(editor, good)
        for _, edit in good:
            if edit.is_new:
                self.counts.added += 1
            else:
                self.counts.changed += 1
        self._count(good)
        return [record for record, _ in good]

    def _changed(self, editor: Editor, record: Any, edit: Edit, is_draft: bool) -> Any:
        if record is None and not edit.is_new:
            raise BadRow([Problem(edit.line, "id", edit.id, "a record that this server edits; it only publishes this")])
        if record is not None and edit.is_new:
            raise BadRow(
                [Problem(edit.line, "id", edit.id, "a new id; the admin has an unpublished record of this one")]
            )
        if is_draft:
            raise BadRow([Problem(edit.line, "id", edit.id, "a record without unpublished edits in the admin")])
        record = record if record is not None else editor.model(public_id=edit.id)
        try:
            editor.apply(record, edit, self._editable)
        except ValidationError as error:
            problems = [
                Problem(edit.line, *outcome.cell(edit, name), " ".join(texts))
                for name, texts in error.message_dict.items()
            ]
            raise BadRow(problems, edit.id) from None
        return record

    def _drafts(self, editor: Editor, found: dict[str, Any], edits: Iterable[Edit]) -> set[str]:
        """Return the records whose working state is not what is public: an editor is at work on them."""
        records = [found[edit.id] for edit in edits if edit.id in found and not edit.is_new]
        if not records:
            return set()
        latest = self._compare.latest([record.public_id for record in records])
        kind, drafts = self._compare.kind, set()
        for public_id, content in editor.contents(records).items():
            public = dict(latest[public_id].document or {})
            if "related" in content:
                public["related"] = content["related"] = []
            if Door.digest(kind, public) != Door.digest(kind, content):
                drafts.add(public_id)
        return drafts

    def _refuse_moved(self, edits: Iterable[Edit]) -> None:
        # Now that the head is locked nobody else publishes: look again.
        latest = self._compare.latest([edit.id for edit in edits])
        for edit in edits:
            known = latest.get(edit.id)
            if (known.number if known else 0) != edit.live:
                raise LoadError(f"{edit.id} was published meanwhile; nothing was loaded. Run it again.")

    def _save(self, editor: Editor, good: list[tuple[Any, Edit]]) -> None:
        try:
            with transaction.atomic():
                editor.save(good)
        except BadRow as bad:
            self._tell(bad)
            raise LoadError("Nothing was loaded: this row cannot be left out, because others may rest on it.") from None
        except (IntegrityError, KeyError, TypeError) as error:
            lines = f"lines {good[0][1].line} to {good[-1][1].line}"
            raise LoadError(f"Nothing was loaded: what {lines} say cannot be stored ({error}).") from None

    def _verify(self) -> None:
        """Raise LoadError unless what is public now is what the rows say."""
        wrong = 0
        for edits in chunked(self._edits(), CHUNK):
            latest = self._compare.latest([edit.id for edit in edits])
            if self.options.difference is not None:
                outcome.differ(self.options.difference, self._compare.documents(edits), latest)
            for edit in edits:
                document = latest[edit.id].document if edit.id in latest else None
                if document is None:
                    continue
                for name in self._compare.changed(edit.values, document):
                    wrong += 1
                    said = "what follows from other columns and records, which say otherwise"
                    self.report.problem(Problem(edit.line, name, text_of(edit.values[name]), said))
        if wrong:
            raise LoadError(f"{wrong:,} cells would not be published as they are told, so nothing was loaded.")

    def _edits(self) -> Iterator[Edit]:
        """Yield the edits that are not left out."""
        self._spool.seek(0)
        for raw in self._spool:
            edit = Edit(*orjson.loads(raw))
            if edit.line not in self._left_out:
                yield edit

    def _tell(self, bad: BadRow) -> None:
        self.counts.bad += 1
        for problem in bad.problems:
            self.report.problem(problem)

    def _count(self, good: Iterable[tuple[Any, Edit]]) -> None:
        if self.profile != "incidents":
            return
        for record, edit in good:
            counts = self.counts.datasets.setdefault(record.dataset.public_id, {"added": 0, "changed": 0})
            counts["added" if edit.is_new else "changed"] += 1


def chunked(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Yield items some at a time."""
    some: list[Any] = []
    for item in items:
        some.append(item)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some
