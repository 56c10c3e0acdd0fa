"""From facts to rows of the working records and contents for the ledger, without a database.

What has to be known of the database comes with the chunk, so a chunk of new incidents can be drafted in any process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import orjson

from incidents.ledger.content import UNSET, Prepared, digest, prepare
from incidents.ledger.denormalisation import Document
from incidents.ledger.prepared_rows import Sheets
from incidents.ledger.revision_rows import added
from incidents.loading.pipeline.bulk_rows import Maker, Shape
from incidents.loading.pipeline.chunk import Chunk, Drafted, Edited, Refusal, nothing_drafted
from incidents.loading.pipeline.existing import NEW, Before, disclosures, is_full
from incidents.loading.pipeline.parsed import IncidentFacts, Part, ReportFacts, unseal
from incidents.loading.pipeline.reloading import ConflictError, Republisher, Told, merged
from incidents.loading.pipeline.shared_lists import NOTHING as NOTHING_LISTED
from incidents.loading.profiles.expressions import REMEMBERED
from incidents.models import Incident, IncidentActor, IncidentReport, Location, Report
from incidents.publishing import render
from incidents.publishing.generalise import told_in_summary

SAMPLES = 3
"""Incidents that a trial run shows as they would be published."""


class _Rows(NamedTuple):
    """Rows of new working records."""

    reports: list[list[Any]]
    incidents: list[list[Any]]
    actors: list[list[Any]]
    evidence: list[list[Any]]


class Drafter:
    """Drafts chunks; it remembers only how to make records, and parts that most incidents share."""

    def __init__(self) -> None:
        self._make_incident, self._make_report, self._make_role = Maker(Incident), Maker(Report), Maker(IncidentActor)
        self._incidents, self._reports = Shape(Incident), Shape(Report)
        self._actors, self._evidence = Shape(IncidentActor, keyless=True), Shape(IncidentReport, keyless=True)
        self._republisher = Republisher()
        self._roles: dict[tuple[Part, ...], list[IncidentActor]] = {}

    def draft(self, chunk: Chunk) -> Drafted:
        """Return the incidents of a chunk as they are to be written."""
        rows, drafted = _Rows([], [], [], []), nothing_drafted()
        every = [unseal(sealed, chunk.names, public_id) for public_id, sealed in chunk.facts]
        reports = dict(chunk.reports) | self._reports_of(every, chunk)
        keys = iter(chunk.keys)
        unchanged, wanted = 0, dict[str, None]()
        for facts in every:
            before = chunk.past.get(facts.id, NEW)
            try:
                incident = self._incident(facts, before, keys, chunk)
                content = self._content(facts, incident, before, reports, chunk)
            except ConflictError as error:
                drafted.refused.append(Refusal(facts.line, facts.id, str(error)))
                continue
            if name := told_in_summary(incident):
                held_back = "which the incident's disclosure holds back"
                expected = f"a summary that does not tell “{name}”, {held_back}"
                drafted.refused.append(Refusal(facts.line, facts.id, expected))
                continue
            if not self._differs(drafted, facts, content, before, chunk):
                unchanged += 1
                if before.working is not None:
                    continue
            self._save(rows, drafted, facts, incident, before, reports, chunk)
            wanted |= {each.id: None for each in facts.reports if each.id in chunk.making}
        self._save_reports(rows, drafted, {each: reports[each] for each in wanted}, chunk)
        return self._whole(drafted._replace(unchanged=unchanged), rows, chunk)

    def _whole(self, drafted: Drafted, rows: _Rows, chunk: Chunk) -> Drafted:
        """Return what was drafted with its new rows, and with those of the ledger if they can be made here."""
        shapes = (self._reports, self._incidents, self._actors, self._evidence)
        records = [shape.sheet(each) for shape, each in zip(shapes, rows, strict=True)]
        drafted = drafted._replace(
            records=Sheets(records, packed=chunk.packed),
            number=len(drafted.prepared),
            first=[each.document for each in drafted.prepared[:SAMPLES]],
        )
        if chunk.numbers is None:
            return drafted
        ledger = added("incident", drafted.prepared, chunk.numbers)
        return drafted._replace(added=Sheets(ledger, packed=chunk.packed), prepared=[])

    def _reports_of(self, every: Iterable[IncidentFacts], chunk: Chunk) -> dict[str, Report]:
        """Return the reports that are being made, each as it was told of first."""
        first: dict[str, ReportFacts] = {}
        for public_id, sealed in chunk.told.items():
            first |= {each.id: each for each in unseal(sealed, chunk.names, "").reports if each.id == public_id}
        for facts in every:
            for report in facts.reports:
                if report.id in chunk.making:
                    first.setdefault(report.id, report)
        return {public_id: self._report(facts, chunk.making[public_id], chunk) for public_id, facts in first.items()}

    def _report(self, facts: ReportFacts, key: int, chunk: Chunk) -> Report:
        values = {
            "id": key,
            "public_id": facts.id,
            "title": facts.title,
            "url": facts.url,
            "language": facts.language,
            "published_on": facts.published_on,
            "created": chunk.now,
            "edited": chunk.now,
        }
        report: Report = self._make_report.make(values, source=chunk.sources[facts.source])
        return report

    def _differs(
        self, drafted: Drafted, facts: IncidentFacts, content: Document | None, before: Before, chunk: Chunk
    ) -> bool:
        """Tell whether an incident is published otherwise than before, and make it ready for that."""
        if content is None:
            return True
        known = digest("incident", content)
        if _is_public(content, known, before):
            return False
        drafted.prepared.append(_prepared(content, known, before, chunk))
        if before.document is not None:
            drafted.before[facts.id] = before.document
        return True

    def _incident(self, facts: IncidentFacts, before: Before, keys: Iterator[int], chunk: Chunk) -> Incident:
        """Return the working record as the row makes it: what the profile does not set stays as the editors left it.

        Raises ConflictError.
        """
        place, kept = self._place(facts, chunk), before.working
        told = facts.fields | dict(zip(("latitude", "longitude"), _own_point(facts, place, chunk), strict=True))
        values = {"created": chunk.now, "edited": chunk.now}
        held_back = disclosures(before)
        if kept is None:
            values |= told | {"id": next(keys), "public_id": facts.id, "editorial_status": "ready"}
            values |= {f"{name}_disclosure": level for name, level in held_back.items()}
        else:
            values |= merged(told, kept, chunk.authority) | {"extra": facts.fields["extra"]}
            if not is_full(held_back):
                values["summary"] = kept["summary"]  # the editors' own tells no more than they disclose
            if not chunk.authority.sets("location_id"):
                place = before.place
        incident: Incident = self._make_incident.make(values, dataset=chunk.dataset, location=place)
        return incident

    @staticmethod
    def _place(facts: IncidentFacts, chunk: Chunk) -> Location | None:
        return chunk.places[facts.place] if facts.place else None

    def _parts(self, facts: IncidentFacts, chunk: Chunk) -> list[IncidentActor]:
        """Return the parts of actors, without their incident; most incidents share them, so they are made once."""
        roles = self._roles.get(facts.parts)
        if roles is None:
            if len(self._roles) >= REMEMBERED:
                self._roles.clear()
            made = [
                self._make_role.make({"role": part.role, "certainty": part.certainty}, actor=chunk.actors[part.actor])
                for part in facts.parts
            ]
            roles = self._roles[facts.parts] = list({(role.actor_id, role.role): role for role in made}.values())
        return roles

    def _content(
        self,
        facts: IncidentFacts,
        incident: Incident,
        before: Before,
        reports: Mapping[str, Report],
        chunk: Chunk,
    ) -> Document | None:
        """Return the content to be published; None if the working record is to be published as the editors would."""
        actors, evidence = self._parts(facts, chunk), [reports[each.id] for each in facts.reports]
        if before.document is not None:
            place = self._place(facts, chunk)
            fields = facts.fields | {"latitude": incident.latitude, "longitude": incident.longitude}
            told = Told(fields, place, actors, evidence)
            listed = chunk.listed.get(facts.id, NOTHING_LISTED)
            return self._republisher.content(told, before, chunk, listed)
        if before.working is not None:
            return None
        return render.incident_content(
            incident, actors=actors, reports=evidence, claims=(), related=(), shown=chunk.shown
        )

    def _save(
        self,
        rows: _Rows,
        drafted: Drafted,
        facts: IncidentFacts,
        incident: Incident,
        before: Before,
        reports: Mapping[str, Report],
        chunk: Chunk,
    ) -> None:
        actors = [{**role.__dict__, "incident_id": incident.id} for role in self._parts(facts, chunk)]
        evidence = [{"incident_id": incident.id, "report_id": reports[each.id].id} for each in facts.reports]
        if before.working is not None:
            drafted.edited.append(Edited(facts.id, incident.__dict__, actors, evidence))
            if before.document is None:
                drafted.unpublished.append(incident.id)
            return
        rows.incidents.append(self._incidents.row(incident.__dict__))
        rows.actors.extend(self._actors.row({**each, "position": at}) for at, each in enumerate(actors))
        rows.evidence.extend(self._evidence.row({**each, "position": at}) for at, each in enumerate(evidence))

    def _save_reports(self, rows: _Rows, drafted: Drafted, reports: Mapping[str, Report], chunk: Chunk) -> None:
        for public_id, report in reports.items():
            row = self._reports.row(report.__dict__)
            if public_id in chunk.told:
                drafted.reports[public_id] = row
            else:
                rows.reports.append(row)
                drafted.made.append(public_id)


def _own_point(facts: IncidentFacts, place: Location | None, chunk: Chunk) -> tuple[float | None, float | None]:
    """Return the row's point, or none where it is the point of the place, which is shown then.

    A file that still has an old point of the place says nothing against who corrected it.
    """
    if facts.point and place is not None:
        shown = chunk.shown.fetch("location", [place.public_id])[place.public_id]
        if (shown["latitude"], shown["longitude"]) == facts.point or facts.point in chunk.once[facts.place]:
            return None, None
    return facts.point or (None, None)


def _is_public(content: Document, known: str, before: Before) -> bool:
    if before.document is None:
        return False
    return known == before.digest or _folded(content) == _folded(before.document)


def _folded(document: Document) -> str:
    """Return what two documents have in common that differ in letter case alone, which is no correction."""
    return orjson.dumps({**document, **UNSET}, option=orjson.OPT_SORT_KEYS).decode().casefold()


def _prepared(content: Document, known: str, before: Before, chunk: Chunk) -> Prepared:
    place = content["location"]["id"]
    places = chunk.shown.places([place]) if place else {}
    return prepare("incident", content, before.number + 1, chunk.published, known, places, lambda: before.document)
