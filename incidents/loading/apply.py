"""From facts to working records and the ledger, a chunk at a time: only what is new or differs is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from incidents.ledger.embed import Document
from incidents.ledger.models import Revision
from incidents.loading.before import Before, Past
from incidents.loading.difference import Difference
from incidents.loading.errors import Problem
from incidents.loading.facts import IncidentFacts, Part, ReportFacts
from incidents.loading.report import Report as Teller
from incidents.loading.rows import Among, Maker, Table, Values
from incidents.loading.shown import ShownRecords
from incidents.models import Incident, IncidentActor, IncidentReport, Location, Report, Source
from incidents.publishing import Door, render
from incidents.publishing.generalise import told_in_summary

UNSET = {"revision": None, "published": None}
PLACED = ("location_id", "latitude", "longitude")
SAMPLES = 3
"""Incidents that a trial run shows as they would be published."""


class Draft(NamedTuple):
    """An incident as a row makes it, with its parts, and the document that shows it."""

    incident: Incident
    new: bool
    actors: list[IncidentActor]
    reports: list[Report]
    content: Document
    differs: bool


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
        self, door: Door, records: ShownRecords, teller: Teller, using: str, difference: Difference | None = None
    ) -> None:
        self._difference = difference
        self._door, self._records, self._teller, self._using = door, records, teller, using
        self.counts = Counts()
        self._past = Past(records.dataset, using)
        self._incidents, self._reports = Table(Incident, using), Table(Report, using)
        self._actors, self._evidence = Table(IncidentActor, using), Table(IncidentReport, using)
        self._make_incident, self._make_report = Maker(Incident), Maker(Report)
        self._roles: dict[Part, IncidentActor] = {}
        self._points: dict[str, set[tuple[float, float]]] = {}
        self._speakers: dict[int, Source] = {source.pk: source for source in records.sources.values()}

    def write(self, facts: Sequence[IncidentFacts]) -> None:
        """Write a chunk of facts, each id once."""
        past = self._past.of(facts)
        loading = [each for each in facts if self._may_load(each, past[each.id])]
        reports = self._reports_of(loading)
        ids = self._incidents.ids(sum(past[each.id].working is None for each in loading))
        drafts: list[Draft] = []
        for each in loading:
            before = past[each.id]
            incident = self._incident(each, before.working, ids)
            if name := told_in_summary(incident):
                self._refuse(each, f"a summary that does not tell “{name}”, which the incident's disclosure holds back")
            else:
                drafts.append(self._draft(each, incident, before, reports))
        self._save([draft for draft in drafts if draft.differs or draft.new], facts[0].fields)
        if self._difference is not None:
            for draft in drafts:
                if draft.differs:
                    self._difference.take(past[draft.incident.public_id].document, draft.content)
        self._put([draft.content for draft in drafts if draft.differs])
        self.counts.unchanged += sum(not draft.differs for draft in drafts)

    def _may_load(self, facts: IncidentFacts, before: Before) -> bool:
        if before.why_left_out:
            self._teller.note(before.why_left_out, facts.line)
            self.counts.left_out += 1
        elif before.elsewhere:
            self._refuse(facts, f"an id that is not in dataset {before.elsewhere} already")
        else:
            return True
        return False

    def _refuse(self, facts: IncidentFacts, expected: str) -> None:
        self._teller.problem(Problem(facts.line, "", facts.id, expected))
        self.counts.bad += 1

    def _reports_of(self, facts: Sequence[IncidentFacts]) -> dict[str, Report]:
        """Return the reports of a chunk: those that exist as they are, new ones unsaved."""
        told = {report.id: report for each in facts for report in each.reports}
        found = {row.public_id: row for row in self._with_speakers(told)}
        fresh = [each for public_id, each in told.items() if public_id not in found]
        return found | {
            each.id: self._report(each, number)
            for each, number in zip(fresh, self._reports.ids(len(fresh)), strict=True)
        }

    def _with_speakers(self, ids: Iterable[str]) -> list[Report]:
        rows = list(Report.objects.using(self._using).filter(Among("public_id", ids)))
        wanted = {speaker for row in rows for speaker in (row.source_id, row.relays_id) if speaker}
        unknown = wanted.difference(self._speakers)
        self._speakers |= Source.objects.using(self._using).in_bulk(unknown) if unknown else {}
        for row in rows:
            row.source = self._speakers[row.source_id]
            row.relays = self._speakers[row.relays_id] if row.relays_id else None
        return rows

    def _report(self, facts: ReportFacts, number: int) -> Report:
        values = {
            "id": number,
            "public_id": facts.id,
            "title": facts.title,
            "url": facts.url,
            "language": facts.language,
            "published_on": facts.published_on,
        }
        report: Report = self._make_report.make(values, source=self._records.sources[facts.source])
        return report

    def _incident(self, facts: IncidentFacts, kept: Values | None, ids: Iterator[int]) -> Incident:
        """Return the working record as the row makes it; what no row tells stays as the editors left it."""
        place = self._records.places[facts.place] if facts.place else None
        latitude, longitude = self._own_point(facts, place)
        values = facts.fields | {"latitude": latitude, "longitude": longitude, "editorial_status": "ready"}
        if kept is None:
            values |= {"id": next(ids), "public_id": facts.id}
        else:
            if kept["place_disclosure"] != "full" or kept["date_disclosure"] != "full":
                values["summary"] = kept["summary"]  # the editors' own tells no more than they disclose
            values = {**kept, **values}
        incident: Incident = self._make_incident.make(values, dataset=self._records.dataset, location=place)
        return incident

    def _own_point(self, facts: IncidentFacts, place: Location | None) -> tuple[float | None, float | None]:
        """Return the row's point, or none where it is the point of the place, which is shown then."""
        if facts.point and place is not None:
            shown = self._door.shown.fetch("location", [place.public_id])[place.public_id]
            if (shown["latitude"], shown["longitude"]) == facts.point or facts.point in self._once(facts.place, place):
                return None, None
        return facts.point or (None, None)

    def _once(self, called: str, place: Location) -> set[tuple[float, float]]:
        """Return the points that a place had in any publication, also before it was merged.

        A file that still has the old point says nothing against who corrected it.
        """
        if called not in self._points:
            revisions = Revision.objects.using(self._using).filter(
                Among("record_id", {called, place.public_id}), kind="location"
            )
            documents = [orjson.loads(text) for text in revisions.values_list("document", flat=True) if text]
            self._points[called] = {(each["latitude"], each["longitude"]) for each in documents if "latitude" in each}
        return self._points[called]

    def _draft(self, facts: IncidentFacts, incident: Incident, before: Before, reports: dict[str, Report]) -> Draft:
        roles = {(role.actor_id, role.role): role for role in map(self._role, facts.parts)}
        actors = list(roles.values())
        evidence = [reports[each.id] for each in facts.reports]
        content = render.incident_content(
            incident, actors=actors, reports=evidence, claims=(), related=(), shown=self._door.shown
        )
        if before.document is not None:  # a file knows nothing of these: they stay as they were published
            content["claims"], content["related"] = before.document["claims"], before.document["related"]
        return Draft(
            incident, before.working is None, actors, evidence, content, differs=not self._is_public(content, before)
        )

    def _role(self, part: Part) -> IncidentActor:
        """Return a part without its incident; the same few are in most incidents, so they are made once."""
        if part not in self._roles:
            actor = self._records.actors[part.actor]
            self._roles[part] = IncidentActor(actor=actor, role=part.role, certainty=part.certainty)
        return self._roles[part]

    def _is_public(self, content: Document, before: Before) -> bool:
        if before.document is None:
            return False
        return self._door.digest(content) == before.digest or _folded(content) == _folded(before.document)

    def _save(self, drafts: Sequence[Draft], told: Iterable[str]) -> None:
        """Write working records; of those that exist only the fields that rows tell."""
        unsaved = {each.pk: each for draft in drafts for each in draft.reports if each._state.adding}
        self._reports.insert([report.__dict__ for report in unsaved.values()])
        self._incidents.insert([draft.incident.__dict__ for draft in drafts if draft.new])
        old = [draft.incident for draft in drafts if not draft.new]
        self._incidents.update([each.__dict__ for each in old], (*told, *PLACED, "editorial_status"))
        for table in (self._actors, self._evidence):
            table.delete_of([each.pk for each in old], "incident_id")
        self._save_parts(drafts)

    def _save_parts(self, drafts: Sequence[Draft]) -> None:
        roles: list[dict[str, Any]] = [
            {
                "incident_id": draft.incident.pk,
                "actor_id": role.actor_id,
                "role": role.role,
                "certainty": role.certainty,
                "position": position,
            }
            for draft in drafts
            for position, role in enumerate(draft.actors)
        ]
        evidence: list[dict[str, Any]] = [
            {"incident_id": draft.incident.pk, "report_id": report.pk, "position": position}
            for draft in drafts
            for position, report in enumerate(draft.reports)
        ]
        for table, rows in ((self._actors, roles), (self._evidence, evidence)):
            for row, number in zip(rows, table.ids(len(rows)), strict=True):
                row["id"] = number
            table.insert(rows)

    def _put(self, contents: Sequence[Document]) -> None:
        put = self._door.put("incident", contents)
        self.counts.added += put["added"]
        self.counts.changed += put["changed"]
        self.counts.samples += contents[: SAMPLES - len(self.counts.samples)]


def _folded(document: Document) -> str:
    """Return what two documents have in common that differ in letter case alone, which is no correction."""
    return orjson.dumps({**document, **UNSET}, option=orjson.OPT_SORT_KEYS).decode().casefold()
