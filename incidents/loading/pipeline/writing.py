"""From facts to working records and the ledger, a chunk at a time: only what is new or differs is written."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import orjson
from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone

from incidents.ledger import prepared_rows, store
from incidents.ledger.commit import State
from incidents.ledger.content import UNSET
from incidents.ledger.denormalisation import Document
from incidents.ledger.document_cache import Shown
from incidents.ledger.models import Revision
from incidents.loading.difference import Difference
from incidents.loading.errors import Problem
from incidents.loading.load_report import Report as Teller
from incidents.loading.pipeline.bulk_rows import Among, Maker, Table
from incidents.loading.pipeline.chunk import Chunk, Drafted
from incidents.loading.pipeline.dependencies import ShownRecords
from incidents.loading.pipeline.drafting import SAMPLES
from incidents.loading.pipeline.edited_records import EditedRecords
from incidents.loading.pipeline.existing import NEW, Before, Past
from incidents.loading.pipeline.parsed import Point, Sealed
from incidents.loading.pipeline.record_lookup import parts
from incidents.loading.pipeline.shared_lists import Listed, listed_by_files
from incidents.loading.pipeline.worker import Beside
from incidents.loading.profiles.authority import Authority
from incidents.models import Incident, Location, Report, Source
from incidents.publishing import Door
from incidents.publishing.actions import publish_within


@dataclass
class Counts:
    """What became of the incidents of a file; `bad` are rows that turned out wrong only now."""

    added: int = 0
    changed: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    left_out: int = 0
    bad: int = 0
    samples: list[Document] = field(default_factory=list)

    def __str__(self) -> str:
        told = ("added", "changed", "withdrawn", "unchanged")
        return ", ".join(f"{each} {getattr(self, each)}" for each in told)


class Writer:
    """Applies chunks of facts within an open publication, and counts what became of them."""

    def __init__(
        self,
        door: Door,
        records: ShownRecords,
        beside: Beside,
        teller: Teller,
        authority: Authority,
        difference: Difference | None = None,
    ) -> None:
        self._difference = difference
        self._authority = authority
        self._door, self._records, self._beside = door, records, beside
        self._teller = teller
        self.counts = Counts()
        self._past = Past(records.dataset, partial(door.latest, "incident"))
        self._packed = prepared_rows.takes_in(DEFAULT_DB_ALIAS)
        self._now = store.moment(timezone.now())
        self._incidents, self._reports = Table(Incident), Table(Report)
        self._edited = EditedRecords(authority)
        self._unpublished: list[int] = []
        self._speakers: dict[int, Source] = {source.pk: source for source in records.sources.values()}
        self._making: dict[str, tuple[int, bytes]] = {}
        """Reports that are not in the database yet: their keys, and the facts that told of them first."""
        self._once: dict[str, set[Point]] = {}
        self._slim_place = Maker(Location)

    def write(self, chunks: Iterable[Sequence[Sealed]], names: Sequence[str]) -> Iterator[int]:
        """Write chunks of facts, each id once, with fields of these names; yields how many facts are done."""
        waiting: deque[tuple[int, Mapping[str, State]]] = deque()
        drafts = self._beside.each("draft", self._asked(chunks, names, waiting), here=_knows_a_past)
        for drafted in drafts:
            length, states = waiting.popleft()
            self._save(drafted, states)
            yield length
        self._publish_ready()

    def _asked(
        self,
        chunks: Iterable[Sequence[Sealed]],
        names: Sequence[str],
        waiting: deque[tuple[int, Mapping[str, State]]],
    ) -> Iterator[Chunk]:
        """Yield what is to be drafted; some chunks are asked for before the first of them is written."""
        for facts in chunks:
            states = self._past.states([each.id for each in facts])
            waiting.append((len(facts), states))
            yield self._chunk(facts, states, names)

    def _chunk(self, facts: Sequence[Sealed], states: Mapping[str, State], names: Sequence[str]) -> Chunk:
        past = self._past.of([each.id for each in facts], states, self._authority.fields)
        loading = [each for each in facts if self._may_load(each, past[each.id])]
        known = {each.id: past[each.id] for each in loading if past[each.id] is not NEW}
        known = self._past.with_places(known, self._authority)
        listed = dict.fromkeys(report for each in loading for report in each.reports)
        reports = {row.public_id: row for row in self._with_speakers(listed)}
        told = {each: self._making[each][1] for each in listed if each in self._making}
        self._make(loading, [each for each in listed if each not in reports and each not in told])
        chunk = Chunk(
            names=names,
            facts=[(each.id, each.facts) for each in loading],
            keys=list(self._incidents.ids(sum(past[each.id].working is None for each in loading))),
            past=known,
            dataset=self._records.dataset,
            places={each.place: self._records.places[each.place] for each in loading if each.place},
            actors={part: self._records.actors[part] for each in loading for part in each.actors},
            sources={source: self._records.sources[source] for each in loading for source in each.sources},
            reports=reports,
            making={each: self._making[each][0] for each in listed if each not in reports},
            told=told,
            shown=self._door.shown,
            authority=self._authority,
            listed=self._listed(loading, known),
            once=self._points_of({each.place for each in loading if each.place}),
            published=self._door.published,
            now=self._now,
            packed=self._packed,
            numbers=self._door.numbers_for(len(loading))
            if loading and not known and self._difference is None
            else None,
        )
        return chunk if known else self._to_send(chunk)

    def _listed(self, facts: Sequence[Sealed], known: Mapping[str, Before]) -> dict[str, Listed]:
        """Return what files added to the lists of those incidents that show more than their rows list."""
        unsure = []
        for each in facts:
            if each.id not in known or (document := known[each.id].document) is None:
                continue
            actors = {self._records.actors[actor].public_id for actor in each.actors}
            more = self._authority.actors and any(actor["id"] not in actors for actor in document["actors"])
            if more or (
                self._authority.reports and any(report["id"] not in each.reports for report in document["reports"])
            ):
                unsure.append(each.id)
        return listed_by_files(unsure) if unsure else {}

    def _make(self, facts: Sequence[Sealed], fresh: Sequence[str]) -> None:
        """Give reports that are nowhere yet their keys."""
        keys = dict(zip(fresh, self._reports.ids(len(fresh)), strict=True))
        for each in facts:
            for report in each.reports:
                if report in keys and report not in self._making:
                    self._making[report] = keys[report], each.facts

    def _may_load(self, facts: Sealed, before: Before) -> bool:
        if before.why_left_out:
            self._teller.note(before.why_left_out, facts.line)
            self.counts.left_out += 1
        elif before.elsewhere:
            self._refuse(facts.line, facts.id, f"an id that is not in dataset {before.elsewhere} already")
        else:
            return True
        return False

    def _refuse(self, line: int, public_id: str, expected: str) -> None:
        self._teller.problem(Problem(line, "", public_id, expected))
        self.counts.bad += 1

    def _with_speakers(self, ids: Iterable[str]) -> list[Report]:
        rows = list(Report.objects.filter(Among("public_id", ids)))
        wanted = {speaker for row in rows for speaker in (row.source_id, row.relays_id) if speaker}
        unknown = wanted.difference(self._speakers)
        self._speakers |= Source.objects.in_bulk(unknown) if unknown else {}
        for row in rows:
            row.source = self._speakers[row.source_id]
            row.relays = self._speakers[row.relays_id] if row.relays_id else None
        return rows

    def _points_of(self, places: Iterable[str]) -> dict[str, set[Point]]:
        """Return the points that places had in any publication, also before they were merged into others."""
        unknown = {each: self._records.places[each].public_id for each in places if each not in self._once}
        if unknown:
            revisions = Revision.objects.of("location")
            had: dict[str, set[Point]] = {}
            for record_id, document in revisions.filter(
                Among("record_id", {*unknown, *unknown.values()})
            ).each_document():
                had.setdefault(record_id, set()).add((document["latitude"], document["longitude"]))
            for called, public_id in unknown.items():
                self._once[called] = had.get(called, set()) | had.get(public_id, set())
        return {called: self._once[called] for called in places}

    def _to_send(self, chunk: Chunk) -> Chunk:
        """Return a chunk that says all by itself, and of records only what a draft takes from them."""
        speakers = [each for row in chunk.reports.values() for each in (row.source, row.relays) if each]
        shown, fetch = chunk.shown, chunk.shown.fetch
        documents = {
            "location": dict(shown.places([place.public_id for place in chunk.places.values()])),
            "actor": fetch("actor", [each.public_id for each in chunk.actors.values()]),
            "source": fetch("source", [each.public_id for each in (*speakers, *chunk.sources.values())]),
            "dataset": fetch("dataset", [chunk.dataset.public_id]),
        }
        places = {
            called: self._slim_place.make({"id": place.pk, "public_id": place.public_id})
            for called, place in chunk.places.items()
        }
        return chunk._replace(places=places, shown=Shown.holding(documents))

    def _save(self, drafted: Drafted, states: Mapping[str, State]) -> None:
        """Write what was drafted; of working records that exist only what the profile sets."""
        for refusal in drafted.refused:
            self._refuse(*refusal)
        self._unpublished += drafted.unpublished
        self._reports.insert([row for public_id, row in drafted.reports.items() if self._making.pop(public_id, None)])
        for public_id in drafted.made:
            del self._making[public_id]
        drafted.records.write(DEFAULT_DB_ALIAS)
        self._edited.write(drafted.edited)
        self._put(drafted, states)
        self.counts.unchanged += drafted.unchanged
        self.counts.samples += map(_sample, drafted.first[: SAMPLES - len(self.counts.samples)])

    def _put(self, drafted: Drafted, states: Mapping[str, State]) -> None:
        if drafted.added is not None:
            self._door.put_added("incident", drafted.added, drafted.number)
            self.counts.added += drafted.number
            return
        if self._difference is not None:
            for each in drafted.prepared:
                self._difference.take(drafted.before.get(each.id), orjson.loads(each.document))
        put = self._door.put_prepared("incident", drafted.prepared, states)
        self.counts.added += put["added"]
        self.counts.changed += put["changed"]

    def _publish_ready(self) -> None:
        """Publish incidents that were there, ready and not public, as the editors would: with all that they added."""
        for some in parts(self._unpublished):
            records = list(Incident.objects.filter(pk__in=some))
            publish_within(self._door, records, DEFAULT_DB_ALIAS)
            self.counts.added += len(records)
            if self._difference is not None:
                live = Revision.objects.live()
                shown = live.of("incident", [each.public_id for each in records])
                for document in shown.order_by("record_id").documents().values():
                    self._difference.take(None, document)


def _sample(document: str) -> Document:
    return {**orjson.loads(document), **UNSET}


def _knows_a_past(chunk: Any) -> bool:
    """Tell whether some of a chunk was there before; what editors held back is looked up in the database."""
    return bool(chunk.past)
