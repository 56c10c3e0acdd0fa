"""From facts to rows of the working records and contents for the ledger, without a database.

What has to be known of the database comes with the chunk, so a chunk of new incidents can be drafted in any process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Model

from incidents.ledger.content import UNSET, digest, prepare
from incidents.ledger.denormalisation import Document
from incidents.ledger.prepared_rows import Sheets
from incidents.ledger.revision_rows import added
from incidents.loading.bulk_rows import RowShape, record_maker
from incidents.loading.pipeline.chunk import Chunk, Drafted, EditedIncident, RefusedRow, UnchangedRow
from incidents.loading.pipeline.existing import NEW, NO_ENTRIES, Existing, disclosures, is_full
from incidents.loading.pipeline.reloading import ConflictError, FileContent, merged_fields, republished
from incidents.loading.profiles.cell_values import CACHE_SIZE
from incidents.loading.staging.parsed import ActorRole, IncidentFacts, ReportFacts, unstaged
from incidents.models import Incident, IncidentActor, IncidentReport, Location, Report
from incidents.publishing import render
from incidents.text_checks import is_web_address

SAMPLES = 3
"""Incidents that a trial run shows as they would be published."""


class Drafter:
    """Drafts one chunk after the other; it remembers how to make records, and roles that most incidents share."""

    def __init__(self) -> None:
        self._make_incident, self._make_report = record_maker(Incident), record_maker(Report)
        self._make_role = record_maker(IncidentActor)
        parts: list[type[Model]] = [IncidentActor, IncidentReport]
        models: list[type[Model]] = [Report, Incident, *parts]  # in the order in which rows are inserted
        self._shapes = {model: RowShape(model, keyless=model in parts) for model in models}
        self._roles: dict[tuple[ActorRole, ...], list[IncidentActor]] = {}

    def draft(self, chunk: Chunk) -> Drafted:
        """Return the incidents of a chunk as they are to be written."""
        self._chunk, self._drafted = chunk, Drafted()
        self._rows: dict[type[Model], list[list[Any]]] = {model: [] for model in self._shapes}
        drafted = self._drafted
        every = [unstaged(facts, public_id) for public_id, facts in chunk.facts]
        self._reports = dict(chunk.reports) | self._new_reports(every)
        keys, listed = iter(chunk.keys), dict[str, None]()
        for facts in every:
            try:
                saved = self._draft(facts, chunk.existing.get(facts.id, NEW), keys)
            except ConflictError as error:
                drafted.refused.append(RefusedRow(facts.line, facts.id, str(error)))
                continue
            if saved:
                listed |= {each.id: None for each in facts.reports if each.id in chunk.new_reports}
        self._save_reports(listed)
        drafted.number, drafted.samples = len(drafted.prepared), [each.document for each in drafted.prepared[:SAMPLES]]
        sheets = [shape.sheet(self._rows[model]) for model, shape in self._shapes.items()]
        drafted.records = Sheets(sheets, packed=chunk.packed)
        if chunk.numbers is not None:
            drafted.added = Sheets(added("incident", drafted.prepared, chunk.numbers), packed=chunk.packed)
            drafted.prepared = []
        return drafted

    def _draft(self, facts: IncidentFacts, existing: Existing, keys: Iterator[int]) -> bool:
        """Draft one incident; returns whether anything of its working record is written. Raises ConflictError."""
        incident = self._incident(facts, existing, keys)
        content = self._content(facts, incident, existing)
        if content is not None and not self._prepare(facts, content, existing):
            self._drafted.unchanged += 1
            if existing.working is not None:
                if not is_full(disclosures(existing)):
                    self._drafted.withheld.append(UnchangedRow(facts.line, self._edited(facts, incident)))
                return False
        self._save(facts, incident, existing)
        return True

    def _new_reports(self, every: Iterable[IncidentFacts]) -> dict[str, Report]:
        """Return the reports that are being made, each as it was told of first."""
        chunk, first = self._chunk, dict[str, ReportFacts]()
        for public_id, earlier in chunk.earlier_facts.items():
            first |= {each.id: each for each in unstaged(earlier).reports if each.id == public_id}
        for facts in every:
            for report in facts.reports:
                if report.id in chunk.new_reports:
                    first.setdefault(report.id, report)
        return {facts_id: self._report(facts, *chunk.new_reports[facts_id]) for facts_id, facts in first.items()}

    def _report(self, facts: ReportFacts, key: int, public_id: str) -> Report:
        values = facts._asdict() | {"id": key, "public_id": public_id}
        values |= {"created": self._chunk.now, "edited": self._chunk.now}
        report: Report = self._make_report(values, source=self._chunk.sources[facts.source])
        return report

    def _prepare(self, facts: IncidentFacts, content: Document, existing: Existing) -> bool:
        """Make an incident ready for the ledger; returns False if it is public already as it is."""
        known, chunk = digest("incident", content), self._chunk
        before = existing.document
        if before is not None:
            if known == existing.digest or _comparable({**content, **UNSET}) == _comparable({**before, **UNSET}):
                return False
            self._drafted.before[facts.id] = before
        place = content["location"]["id"]
        places = chunk.cache.places([place]) if place else {}
        self._drafted.prepared.append(
            prepare("incident", content, existing.number + 1, chunk.published, known, places, lambda: before)
        )
        return True

    def _incident(self, facts: IncidentFacts, existing: Existing, keys: Iterator[int]) -> Incident:
        """Return the working record as the row makes it: what the profile does not set stays as the editors left it.

        Raises ConflictError.
        """
        chunk, working, held_back = self._chunk, existing.working, disclosures(existing)
        place = self._place(facts)
        of_file = facts.fields | dict(zip(("latitude", "longitude"), self._own_point(facts, place), strict=True))
        values = {"created": chunk.now, "edited": chunk.now}
        if working is None:
            values |= of_file | {"id": next(keys), "public_id": facts.id, "editorial_status": "ready"}
            values |= {f"{name}_disclosure": level for name, level in held_back.items()}
        else:
            values |= merged_fields(of_file, working, chunk.authority) | {"extra": facts.fields["extra"]}
            values["attributes"] = facts.fields.get("attributes", {})
            if not is_full(held_back):
                values["summary"] = working["summary"]  # the editors' own tells no more than they disclose
            if not chunk.authority.sets("location_id"):
                place = existing.place
        incident: Incident = self._make_incident(values, dataset=chunk.dataset, location=place)
        return incident

    def _place(self, facts: IncidentFacts) -> Location | None:
        return self._chunk.places[facts.place] if facts.place else None

    def _own_point(self, facts: IncidentFacts, place: Location | None) -> tuple[float | None, float | None]:
        """Return the row's point, or none where it is the point of the place, which is shown then.

        A file that still has an old point of the place says nothing against who corrected it.
        """
        if facts.point and place is not None:
            shown = self._chunk.cache.fetch("location", [place.public_id]).get(place.public_id)
            own = (shown["latitude"], shown["longitude"]) if shown else (place.latitude, place.longitude)
            if own == facts.point or facts.point in self._chunk.earlier_points[facts.place]:
                return None, None
        return facts.point or (None, None)

    def _participations(self, facts: IncidentFacts) -> list[IncidentActor]:
        """Return the roles of actors, without their incident; most incidents share them, so they are made once."""
        roles = self._roles.get(facts.roles)
        if roles is None:
            if len(self._roles) >= CACHE_SIZE:
                self._roles.clear()
            made = [
                self._make_role({"role": each.role, "certainty": each.certainty}, actor=self._chunk.actors[each.actor])
                for each in facts.roles
            ]
            roles = self._roles[facts.roles] = list({(role.actor_id, role.role): role for role in made}.values())
        return roles

    def _content(self, facts: IncidentFacts, incident: Incident, existing: Existing) -> Document | None:
        """Return the content to be published; None if the working record is to be published as the editors would."""
        actors, reports = self._participations(facts), [self._reports[each.id] for each in facts.reports]
        if existing.document is not None:
            fields = facts.fields | {"latitude": incident.latitude, "longitude": incident.longitude}
            of_file = FileContent(fields, self._place(facts), actors, reports)
            entries = self._chunk.file_entries.get(facts.id, NO_ENTRIES)
            return republished(of_file, existing, self._chunk, entries)
        if existing.working is not None:
            return None
        return render.incident_content(
            incident, actors=actors, reports=reports, claims=(), related=(), cache=self._chunk.cache
        )

    def _edited(self, facts: IncidentFacts, incident: Incident) -> EditedIncident:
        own = {"incident_id": incident.id}
        actors = [{**role.__dict__, **own} for role in self._participations(facts)]
        evidence = [{**own, "report_id": self._reports[each.id].id} for each in facts.reports]
        return EditedIncident(facts.id, incident.__dict__, actors, evidence)

    def _save(self, facts: IncidentFacts, incident: Incident, existing: Existing) -> None:
        edited = self._edited(facts, incident)
        if existing.working is not None:
            self._drafted.edited.append(edited)
            if existing.document is None:
                self._drafted.unpublished.append(incident.id)
            return
        rows, shapes = self._rows, self._shapes
        rows[Incident].append(shapes[Incident].row(incident.__dict__))
        for model, parts in ((IncidentActor, edited.actors), (IncidentReport, edited.reports)):
            rows[model].extend(shapes[model].row({**each, "position": at}) for at, each in enumerate(parts))

    def _save_reports(self, listed: Iterable[str]) -> None:
        for public_id in listed:
            row = self._shapes[Report].row(self._reports[public_id].__dict__)
            if public_id in self._chunk.earlier_facts:
                self._drafted.reports[public_id] = row
            else:
                self._rows[Report].append(row)
                self._drafted.made.append(public_id)


def _comparable(value: Any) -> Any:
    """Return a document without what is no correction: letter case and white space of texts; addresses as they are."""
    if isinstance(value, dict):
        return {name: _comparable(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_comparable(each) for each in value]
    if not isinstance(value, str) or is_web_address(value):
        return value
    return " ".join(value.casefold().split())
