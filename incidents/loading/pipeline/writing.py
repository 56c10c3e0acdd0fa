"""From facts to working records and the ledger, a chunk at a time: only what is new or differs is written."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

import orjson
from django.utils import timezone

from incidents.batches import batched
from incidents.ledger import prepared_rows, store
from incidents.ledger.content import UNSET
from incidents.ledger.denormalisation import Document, is_generalised
from incidents.ledger.document_cache import DocumentCache
from incidents.ledger.latest_states import State
from incidents.ledger.models import Revision
from incidents.loading.bulk_rows import BulkTable, InTexts, record_maker
from incidents.loading.errors import RowFault
from incidents.loading.load_report import LoadReport
from incidents.loading.pipeline.chunk import Chunk, Drafted, WorkingRecords
from incidents.loading.pipeline.drafting import SAMPLES
from incidents.loading.pipeline.edited_records import write_edited
from incidents.loading.pipeline.existing import (
    NEW,
    Existing,
    ExistingIncidents,
    FileEntries,
    disclosures,
    entries_of_files,
    is_full,
    safe_actors,
)
from incidents.loading.pipeline.former_places import FormerPlaces
from incidents.loading.pipeline.report_records import ReportRecords
from incidents.loading.pipeline.shown_in_full import shown_besides
from incidents.loading.pipeline.withheld_corrections import NOT_WRITTEN, lines_not_written
from incidents.loading.pipeline.worker import Workers
from incidents.loading.preview import LoadDifference
from incidents.loading.profiles.authority import Authority
from incidents.loading.staging.parsed import Point, StagedRow
from incidents.loading.staging.staging_file import StagingFile
from incidents.models import Incident, Location
from incidents.publishing import PublishingSession
from incidents.publishing.publish_records import publish_within, put_shown


@dataclass
class LoadCounts:
    """What became of the records of a file; `bad` are rows that are wrong."""

    added: int = 0
    changed: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    left_out: int = 0
    bad: int = 0
    samples: list[Document] = field(default_factory=list)

    def totals(self) -> dict[str, int]:
        """Return what became of the records that are good."""
        return {name: getattr(self, name) for name in ("added", "changed", "withdrawn", "unchanged")}

    def __str__(self) -> str:
        return ", ".join(f"{name} {number}" for name, number in self.totals().items())


class Found(NamedTuple):
    """Rows, and what there is of their incidents: the latest revisions, and the state before the load."""

    rows: Sequence[StagedRow]
    states: Mapping[str, State]
    existing: Mapping[str, Existing]


class IncidentWriter:
    """Applies chunks of rows within an open publication, and counts what became of them."""

    def __init__(
        self,
        session: PublishingSession,
        records: WorkingRecords,
        existing: ExistingIncidents,
        workers: Workers,
        report: LoadReport,
        authority: Authority,
        former: FormerPlaces,
        difference: LoadDifference | None = None,
    ) -> None:
        self._session, self._records, self._existing = session, records, existing
        self._workers, self._report = workers, report
        self._authority, self._difference, self._former = authority, difference, former
        self.counts = LoadCounts()
        self._packed = prepared_rows.takes_in()
        self._now = store.moment(timezone.now())
        self._incidents = BulkTable(Incident)
        self._unpublished: list[int] = []
        self._unrelated: list[Document] = []
        """What was public of incidents with relations that are held back from now on."""
        self._reports = ReportRecords(records.sources.values())
        self._earlier_points: dict[str, set[Point]] = {}
        self._make_place = record_maker(Location)
        self._sent: deque[tuple[int, Mapping[str, State]]] = deque()
        """Of the chunks that are being drafted: their numbers of rows, and the latest revisions of their incidents."""

    def write(self, staging: StagingFile) -> Iterator[int]:
        """Write all rows, each id once; yields how many are done.

        Those of incidents that are held back come last, by their ids: readers see the order within a publication.
        """
        in_full = (self._in_full(rows, staging) for rows in staging.chunks())
        chunks = map(self._chunk, chain(in_full, map(self._found, staging.deferred())))
        # What was there before stays in this process: what editors held back is looked up in the database.
        drafts = self._workers.each("draft", chunks, here=attrgetter("existing"))
        for drafted in drafts:
            length, states = self._sent.popleft()
            self._save(drafted, states)
            yield length
        self._publish_ready()

    def _in_full(self, rows: Sequence[StagedRow], staging: StagingFile) -> Found:
        """Return rows with what there is of their incidents, without those that are held back, which are kept."""
        found = self._found(rows)
        held_back = {each for each, before in found.existing.items() if not is_full(disclosures(before))}
        if not held_back:
            return found
        staging.defer(each for each in rows if each.id in held_back)
        return found._replace(rows=[each for each in rows if each.id not in held_back])

    def _found(self, rows: Sequence[StagedRow]) -> Found:
        ids = [each.id for each in rows]
        states = self._existing.states(ids)
        return Found(rows, states, self._existing.of(ids, states, self._authority.fields))

    def _chunk(self, found: Found) -> Chunk:
        """Return what is to be drafted; some chunks are made before the first of them is written."""
        rows, states, existing = found
        self._sent.append((len(rows), states))
        loading = [each for each in rows if self._may_load(each, existing[each.id])]
        known = {each.id: existing[each.id] for each in loading if existing[each.id] is not NEW}
        known = self._existing.with_places(known, self._authority)
        listed = dict.fromkeys(report for each in loading for report in each.reports)
        reports = self._reports.known(loading, listed)
        put_shown(self._session, shown_besides(loading, existing, reports, self._records))
        fresh = self._reports.fresh(loading, [each for each in listed if each not in reports])
        records, placed = self._records, {each.place for each in loading if each.place}
        all_new = loading and not known and self._difference is None
        chunk = Chunk(
            facts=[(each.id, each.facts) for each in loading],
            keys=list(self._incidents.ids(sum(existing[each.id].working is None for each in loading))),
            existing=known,
            dataset=records.dataset,
            places={place: records.places[place] for place in placed},
            actors={actor: records.actors[actor] for each in loading for actor in each.actors},
            sources={source: records.sources[source] for each in loading for source in each.sources},
            reports=reports,
            new_reports={each: (new.key, new.public_id) for each, new in fresh.items()},
            earlier_facts={each: new.facts for each, new in fresh.items() if new.is_earlier},
            cache=self._session.cache,
            earlier_points=self._points_of(placed),
            authority=self._authority,
            file_entries=self._file_entries(
                loading, known, {each: row.public_id for each, row in (reports | fresh).items()}
            ),
            safe_actors=safe_actors(known),
            published=self._session.published,
            now=self._now,
            packed=self._packed,
            numbers=self._session.numbers_for(len(loading)) if all_new else None,
        )
        return chunk if known else self._self_contained(chunk)

    def _file_entries(
        self, rows: Sequence[StagedRow], known: Mapping[str, Existing], report_ids: Mapping[str, str]
    ) -> dict[str, FileEntries]:
        """Return what files added to the lists of those incidents that show more than their rows list."""
        unsure = []
        for each in rows:
            if each.id not in known or (document := known[each.id].document) is None or is_generalised(document):
                continue
            actors = {self._records.actors[actor].public_id for actor in each.actors}
            more_actors = any(actor["id"] not in actors for actor in document["actors"])
            listed = {report_ids[report] for report in each.reports}
            more_reports = any(report["id"] not in listed for report in document["reports"])
            if (self._authority.actors and more_actors) or (self._authority.reports and more_reports):
                unsure.append(each.id)
        return entries_of_files(unsure) if unsure else {}

    def _may_load(self, row: StagedRow, existing: Existing) -> bool:
        if existing.why_left_out:
            self._report.note(existing.why_left_out, row.line)
            self.counts.left_out += 1
        elif existing.elsewhere:
            self._refuse(row.line, row.id, f"an id that is not in dataset {existing.elsewhere} already")
        else:
            return True
        return False

    def _refuse(self, line: int, public_id: str, expected: str) -> None:
        self._report.problem(RowFault(line, "", public_id, expected))
        self.counts.bad += 1

    def _points_of(self, places: Iterable[str]) -> dict[str, set[Point]]:
        """Return the points that places had in any publication, also before they were merged into others."""
        unknown = {each: self._records.places[each].public_id for each in places if each not in self._earlier_points}
        if unknown:
            revisions = Revision.objects.of("location").filter(InTexts("record_id", {*unknown, *unknown.values()}))
            had: dict[str, set[Point]] = {}
            for record_id, document in revisions.each_document():
                had.setdefault(record_id, set()).add((document["latitude"], document["longitude"]))
            for facts_id, public_id in unknown.items():
                self._earlier_points[facts_id] = had.get(facts_id, set()) | had.get(public_id, set())
        return {facts_id: self._earlier_points[facts_id] for facts_id in places}

    def _self_contained(self, chunk: Chunk) -> Chunk:
        """Return a chunk that needs no ledger, and has of places only what a draft takes from them."""
        speakers = [each for row in chunk.reports.values() for each in (row.source, row.relays) if each]
        cache, fetch = chunk.cache, chunk.cache.fetch
        documents = {
            "location": dict(cache.places([place.public_id for place in chunk.places.values()])),
            "actor": fetch("actor", [each.public_id for each in chunk.actors.values()]),
            "source": fetch("source", [each.public_id for each in (*speakers, *chunk.sources.values())]),
            "dataset": fetch("dataset", [chunk.dataset.public_id]),
        }
        places: dict[str, Any] = {
            facts_id: self._make_place({"id": place.pk, "public_id": place.public_id})
            for facts_id, place in chunk.places.items()
        }
        return chunk._replace(places=places, cache=DocumentCache.holding(documents))

    def _save(self, drafted: Drafted, states: Mapping[str, State]) -> None:
        """Write what was drafted; of working records that exist only what the profile sets."""
        for refused in drafted.refused:
            self._refuse(*refused)
        self._unpublished += drafted.unpublished
        self._reports.save(drafted.reports, drafted.made)
        drafted.records.write()
        write_edited(drafted.edited, self._authority)
        self._publish(drafted, states)
        self.counts.unchanged += drafted.unchanged
        for line in lines_not_written(drafted.withheld, self._authority):
            self._report.note(NOT_WRITTEN, line)
        samples = drafted.samples[: SAMPLES - len(self.counts.samples)]
        self.counts.samples += [{**orjson.loads(document), **UNSET} for document in samples]

    def _publish(self, drafted: Drafted, states: Mapping[str, State]) -> None:
        if drafted.added is not None:
            self._session.put_added("incident", drafted.added, drafted.number)
            self.counts.added += drafted.number
            return
        if self._difference is not None:
            for each in drafted.prepared:
                self._difference.take(drafted.before.get(each.id), orjson.loads(each.document))
        for each in drafted.prepared:
            before = drafted.before.get(each.id)
            if before is None:
                continue
            after = orjson.loads(each.document)
            self._former.leave(before, after)
            if before["related"] and not after["related"]:
                self._unrelated.append(before)
        counts = self._session.put_prepared("incident", drafted.prepared, states)
        self.counts.added += counts["added"]
        self.counts.changed += counts["changed"]

    def _publish_ready(self) -> None:
        """Publish incidents that were there, ready and not public, as the editors would: with all that they added."""
        self._session.end_relations(self._unrelated)
        for some in batched(self._unpublished, 500):
            records = list(Incident.objects.filter(pk__in=some))
            publish_within(self._session, records)
            self.counts.added += len(records)
            if self._difference is not None:
                shown = Revision.objects.live().of("incident", [each.public_id for each in records])
                for document in shown.order_by("record_id").documents().values():
                    self._difference.take(None, document)
