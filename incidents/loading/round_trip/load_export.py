"""One load of one of our own exports: compare everything, then write what was edited, or nothing."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import orjson
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from incidents.batches import batched
from incidents.ledger.latest_states import latest_states
from incidents.ledger.models import Revision
from incidents.loading.errors import BadRow, LoadError, RowFault, refuse_bad
from incidents.loading.files import TableFile
from incidents.loading.files.row_file import LINES
from incidents.loading.load import LoadOptions, LoadOrigin
from incidents.loading.load_report import LoadReport
from incidents.loading.pipeline.writing import LoadCounts
from incidents.loading.round_trip import record_editors
from incidents.loading.round_trip.document_exports import from_features, from_lines
from incidents.loading.round_trip.edits import Comparison, Edit, text_of
from incidents.loading.round_trip.incident_editor import IncidentEditor
from incidents.loading.round_trip.row_content import Item
from incidents.loading.round_trip.table_exports import from_cells
from incidents.models import Dataset
from incidents.publishing import PublishingSession
from incidents.publishing.publish_records import publish_within
from incidents.schema.attributes import declared_by
from incidents.tables import TABLES, Table
from incidents.tables.attributes import attribute_columns

ROWS_AT_ONCE = 500
EDITORS: dict[str, type[record_editors.RecordEditor]] = {
    "incidents": IncidentEditor,
    "locations": record_editors.LocationEditor,
    "sources": record_editors.SourceEditor,
    "actors": record_editors.ActorEditor,
    "datasets": record_editors.DatasetEditor,
}
RENAMED = (
    "the id that the row was exported with: it names a revision, and there is no record of this id. An id cannot be "
    "edited; for a new record leave the revision empty"
)
STRANGE = "new records whose rows name a revision, as if they had been exported from here; was an id edited?"
PROFILES = tuple(EDITORS)
"""What `--profile` calls our own exports, by the name of the list."""


def load_own(path: Path, profile: str, options: LoadOptions, report: LoadReport) -> LoadCounts:
    """Load an export of ours, in any format that it comes in, and publish the records that were edited in it.

    Raises LoadError; nothing is written then.
    """
    if options.complete or options.dataset:
        name = "--complete" if options.complete else "--dataset"
        raise LoadError(
            f"{name} makes no sense with {profile}: an export says of each row what it is, and may be a part."
        )
    origin = LoadOrigin(path, _digest(path), profile)
    with tempfile.TemporaryFile() as staging:
        load = _ExportLoad(origin, options, report, staging)
        load.compare()
        refuse_bad(load.counts.bad, skip=options.skip_bad)
        load.publish()
    if load.counts.bad:
        report.say(f"left out {load.counts.bad:,} bad rows")
    return load.counts


def _digest(path: Path) -> str:
    """Return `sha256:…` of a file; raises LoadError."""
    try:
        with path.open("rb") as file:
            return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    except OSError as error:
        raise LoadError(f"{path} cannot be opened: {error.strerror}.") from None


def _rows(path: Path, table: Table, sheet: str = "") -> Iterator[Item]:
    """Yield what each row tells, or what is wrong with it; raises LoadError for a file that is no such export."""
    with TableFile(path, sheet=sheet, growing=True) as file:
        file.expect_workbook(sheet)
        if file.json is not None and file.form == LINES:
            yield from from_lines(file.json, table)
        elif file.json is not None:
            yield from from_features(file.json, path.name, table)
        elif file.header:
            yield from from_cells(file, table)
        else:  # Parquet, whose columns are known only to who reads it twice
            with TableFile(path) as whole:
                yield from from_cells(whole, table)


def _table_of(kind: str) -> Table:
    """Return the table of a kind; that of incidents with the columns of the fields that public datasets declare."""
    if kind != "incident":
        return TABLES[kind]
    datasets = Revision.objects.live().of("dataset").documents()
    declared = (attribute for _, dataset in sorted(datasets.items()) for attribute in declared_by(dataset))
    return TABLES[kind].extended(attribute_columns(declared))


class _ExportLoad:
    """The load of one file."""

    def __init__(self, origin: LoadOrigin, options: LoadOptions, report: LoadReport, staging: IO[bytes]) -> None:
        self._origin, self._options, self._report, self._staging = origin, options, report, staging
        self._table = _table_of(origin.profile.removesuffix("s"))
        self.counts = LoadCounts()
        self._by_dataset: dict[str, dict[str, int]] = {}
        self._comparison = Comparison(self._table)
        self._left_out: set[int] = set()
        """Lines of rows that turned out wrong only when all were known, or when they were to be written."""
        self._editable = {column.name: column.editable for column in self._table.columns}

    def compare(self) -> None:
        """Find the rows that change something; what is wrong with any is reported at once."""
        seen: set[int] = set()
        for some in batched(_rows(self._origin.path, self._table, self._options.sheet), ROWS_AT_ONCE):
            rows = []
            for item in some:
                if isinstance(item, BadRow):
                    self._refuse(item)
                elif hash(item.id) in seen:
                    self._refuse(BadRow([RowFault(item.line, "id", item.id, "each record once")]))
                else:
                    seen.add(hash(item.id))
                    rows.append(item)
            for found in self._comparison.edits(rows):
                if isinstance(found, Edit):
                    self._staging.write(orjson.dumps(list(found)) + b"\n")
                elif found is None:
                    self.counts.unchanged += 1
                else:
                    self._refuse(BadRow([found]))
        self._refuse_renamed()

    def _refuse_renamed(self) -> None:
        """Report the rows whose ids were edited: they would be published a second time under the new ones."""
        datasets = self._comparison.datasets
        for edit in self._edits() if datasets else ():
            if not edit.is_new or edit.exported is None:
                continue
            if self._origin.profile == "incidents" and edit.values.get("dataset") in datasets:
                self._leave_out(edit, edit.bad("id", edit.id, RENAMED))
            else:
                self._report.note(STRANGE, edit.line)

    def publish(self) -> None:
        """Write the edits and publish them, in one publication."""
        with self._origin.publication(f"Load edits of {self._origin.path.name}", self._options) as session:
            self._write(session)
            refuse_bad(self.counts.bad, skip=self._options.skip_bad)
            self._leave_batches()
        if self._options.dry_run:
            for edit in self._edits():
                self._report.say(str(edit))
        self._report.write_still_readable(session.still_readable)

    def _leave_batches(self) -> None:
        """Leave a batch in each dataset that the file changed, or one of none; `unchanged` is of the whole file."""
        of_all = self.counts.totals() | {"skipped": self.counts.bad}
        publishes = bool(self.counts.added + self.counts.changed)
        datasets = Dataset.objects.in_bulk(self._by_dataset, field_name="public_id")
        for public_id, changes in self._by_dataset.items() or [("", {})]:
            totals = of_all | changes
            self._origin.leave_batch(datasets.get(public_id), totals, self._options, publishes=publishes)

    def _write(self, session: PublishingSession) -> None:
        editor = EDITORS[self._origin.profile](session)
        unready: list[str] = []
        for edits in batched(self._edits(), ROWS_AT_ONCE):
            unready += publish_within(session, self._apply(editor, edits))
        try:
            again = editor.finish()
        except BadRow as bad:
            self._refuse(bad)
            raise LoadError("Nothing was loaded: other rows may rest on this one.") from None
        unready += publish_within(session, again) if again else []
        if unready:
            raise LoadError(f"Not ready for publication, says the admin: {', '.join(dict.fromkeys(unready))}.")
        session.cascade()
        self._verify()

    def _apply(self, editor: record_editors.RecordEditor, edits: list[Edit]) -> list[Any]:
        """Change working records as some edits say; returns those that were."""
        found = editor.find([edit.id for edit in edits])
        self._refuse_moved(edits)
        drafts = self._drafts(editor, found, edits)
        try:
            editor.prepare(edits)
        except BadRow as bad:
            self._refuse(bad)
            raise LoadError("Nothing was loaded.") from None
        good: list[tuple[Any, Edit]] = []
        for edit in edits:
            try:
                good.append((self._changed(editor, found.get(edit.id), edit, edit.id in drafts), edit))
            except BadRow as bad:
                self._leave_out(edit, bad)
        self._save(editor, good)
        for record, edit in good:
            self._count(record, "added" if edit.is_new else "changed")
        return [record for record, _ in good]

    def _changed(self, editor: record_editors.RecordEditor, record: Any, edit: Edit, is_draft: bool) -> Any:
        if record is None and not edit.is_new:
            raise edit.bad("id", edit.id, "a record that this server edits; it only publishes this")
        if record is not None and edit.is_new:
            raise edit.bad("id", edit.id, "a new id; the admin has an unpublished record of this one")
        if is_draft:
            raise edit.bad("id", edit.id, "a record without unpublished edits in the admin")
        record = record if record is not None else editor.model(public_id=edit.id)
        try:
            editor.apply(record, edit, self._editable)
        except ValidationError as error:
            problems = []
            for name, texts in error.message_dict.items():
                cell = ("id", edit.id) if name == "public_id" else (name, text_of(edit.values.get(name)))
                problems.append(RowFault(edit.line, *cell, " ".join(texts)))
            raise BadRow(problems, edit.id) from None
        return record

    def _drafts(self, editor: record_editors.RecordEditor, found: dict[str, Any], edits: Iterable[Edit]) -> set[str]:
        """Return the records whose working state is not what is public: an editor is at work on them."""
        records = [found[edit.id] for edit in edits if edit.id in found and not edit.is_new]
        kind, drafts = self._table.kind, editor.contents(records)
        for public_id, public in self._comparison.public(drafts).items():
            if "related" in public:
                public["related"] = []  # they are of two incidents, and contents are without them
            if PublishingSession.digest(kind, public) == PublishingSession.digest(kind, drafts[public_id]):
                del drafts[public_id]
        return set(drafts)

    def _refuse_moved(self, edits: Iterable[Edit]) -> None:
        # Now that the head is locked nobody else publishes: compare again.
        states = latest_states(self._table.kind, [edit.id for edit in edits])
        for edit in edits:
            if (states[edit.id].number if edit.id in states else 0) != edit.live:
                raise LoadError(f"{edit.id} was published meanwhile; nothing was loaded. Run it again.")

    def _save(self, editor: record_editors.RecordEditor, good: list[tuple[Any, Edit]]) -> None:
        try:
            with transaction.atomic():
                editor.save(good)
        except BadRow as bad:
            self._refuse(bad)
            raise LoadError("Nothing was loaded: this row cannot be left out, because others may rest on it.") from None
        except (IntegrityError, KeyError, TypeError) as error:
            lines = f"lines {good[0][1].line} to {good[-1][1].line}"
            raise LoadError(f"Nothing was loaded: what {lines} say cannot be stored ({error}).") from None

    def _verify(self) -> None:
        """Raise LoadError unless what is public now is what the rows say."""
        wrong, difference = 0, self._options.difference
        self._comparison.look_again()
        for edits in batched(self._edits(), ROWS_AT_ONCE):
            public = self._comparison.public([edit.id for edit in edits])
            if difference is not None:
                before = self._comparison.documents({edit.id: edit.live for edit in edits if edit.live})
                for public_id, document in public.items():
                    difference.take(before.get(public_id), document)
            for edit in (each for each in edits if each.id in public):
                for name in self._comparison.changed(edit.values, public[edit.id]):
                    wrong += 1
                    said = "what follows from other columns and records, which say otherwise"
                    self._report.problem(RowFault(edit.line, name, text_of(edit.values[name]), said))
        if wrong:
            raise LoadError(f"{wrong:,} cells would not be published as they are told, so nothing was loaded.")

    def _edits(self) -> Iterator[Edit]:
        """Yield the edits that are not left out."""
        self._staging.seek(0)
        for raw in self._staging:
            edit = Edit(*orjson.loads(raw))
            if edit.line not in self._left_out:
                yield edit

    def _leave_out(self, edit: Edit, bad: BadRow) -> None:
        self._left_out.add(edit.line)
        self._refuse(bad)

    def _refuse(self, bad: BadRow) -> None:
        self.counts.bad += 1
        for problem in bad.problems:
            self._report.problem(problem)

    def _count(self, record: Any, change: str) -> None:
        setattr(self.counts, change, getattr(self.counts, change) + 1)
        if self._origin.profile == "incidents":
            counts = self._by_dataset.setdefault(record.dataset.public_id, {"added": 0, "changed": 0})
            counts[change] += 1
