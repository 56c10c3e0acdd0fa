"""How edits reach working incidents: their fields, actors, reports, claims and relations."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.db import DEFAULT_DB_ALIAS

from incidents.ledger.denormalisation import Document
from incidents.loading.errors import BadRow, Problem
from incidents.loading.pipeline.bulk_rows import InTexts
from incidents.loading.round_trip.edits import Edit, text_of
from incidents.loading.round_trip.record_editors import Editor, Records, by_id, refuse_invalid, refuse_unknown
from incidents.models import (
    Actor,
    Claim,
    Dataset,
    Incident,
    IncidentActor,
    IncidentReport,
    Location,
    Relation,
    Report,
    Source,
)
from incidents.publishing import Door, dependencies, render
from incidents.publishing.generalise import told_in_summary
from incidents.vocabulary import INVERSE_RELATIONS

HELD_BACK = {
    "place": ("location", "extra", "reports", "claims", "latitude", "longitude", "radius_km"),
    "date": ("date", "extra", "reports", "claims"),
}
"""Beginnings of columns that a coarser disclosure shows otherwise than they are."""

REPORT_FIELDS = {
    "title": "title",
    "url": "url",
    "archive_url": "archive_url",
    "language": "language",
    "published_on": "published",
    "published_not_before": "published_not_before",
}
"""Field → name in the document."""


class IncidentEditor(Editor):
    """Changes incidents."""

    model = Incident
    parts: ClassVar[frozenset[str]] = frozenset(
        {"dataset", "location_id", "latitude", "longitude", "actors", "reports", "claims", "related"}
    )

    def __init__(self, door: Door) -> None:
        super().__init__(door)
        self._relations: list[tuple[Incident, Edit]] = []
        self._sketched: set[str] = set()
        """Reports that are known only from incidents which hold back what they say."""

    def find(self, ids: Iterable[str]) -> Records:
        """Return the working incidents that there are, with all that they show."""
        pks = Incident.objects.filter(InTexts("public_id", list(ids))).values_list("pk", flat=True)
        return {each.public_id: each for each in dependencies.incidents_with_parts(DEFAULT_DB_ALIAS, list(pks))}

    def contents(self, records: Sequence[Any]) -> dict[str, Document]:
        """Return the documents, without relations: those are of two incidents."""
        return {
            each.public_id: render.incident_content(
                each,
                actors=list(each.participations.all()),
                reports=[evidence.report for evidence in each.evidence.all()],
                claims=list(each.claims.all()),
                related=(),
                shown=self.door.shown,
            )
            for each in records
        }

    def prepare(self, edits: Sequence[Edit]) -> None:
        """Fetch the places, actors, sources, reports and datasets of some edits."""
        told = [edit.values for edit in edits]
        reports = [report for values in told for report in values.get("reports", ())]
        claims = [claim for values in told for claim in values.get("claims", ())]
        try:
            self._datasets = by_id(Dataset, [values.get("dataset") for values in told])
            self._places = by_id(Location, [values.get("location_id") for values in told])
            actors = [actor["id"] for values in told for actor in values.get("actors", ())]
            self._actors = by_id(Actor, actors)
            speakers = [report[part]["id"] for report in reports for part in ("source", "relays") if report[part]]
            self._sources = by_id(Source, [*speakers, *(claim["source"] for claim in claims)])
            named = [*(report["id"] for report in reports), *(claim["report"] for claim in claims)]
            found = Report.objects.select_related("source", "relays").filter(InTexts("public_id", named))
            self._reports: dict[str, Report] = {report.public_id: report for report in found}
        except (KeyError, TypeError):
            for edit in edits:
                _check_shape(edit)
            raise

    def apply(self, record: Any, edit: Edit, columns: Mapping[str, bool]) -> None:
        """Change an incident's fields, unsaved. Raises BadRow."""
        _check_shape(edit)
        values = edit.values
        if edit.is_new:
            refuse_unknown(edit, "dataset", [values.get("dataset") or ""], self._datasets, "datasets")
            record.dataset = self._datasets[values["dataset"]]
            record.editorial_status = "ready"
            record.figures_as_coded = _falls(values)
        else:
            _refuse_held_back(record, edit)
        if "location_id" in values:
            place = values["location_id"]
            if place:
                refuse_unknown(edit, "location_id", [place], self._places, "locations")
            record.location = self._places[place] if place else None
        if "latitude" in values or "longitude" in values:
            self._place(record, values)
        super().apply(record, edit, columns)
        self._refer(edit)
        if record.date_start and record.date_end and record.date_start > record.date_end:
            raise BadRow([Problem(edit.line, "date_end", str(record.date_end), "no day before date_start")], edit.id)
        if record.date_precision != "unknown" and not (record.date_start or record.date_end):
            raise BadRow(
                [Problem(edit.line, "date_precision", record.date_precision, "unknown without a day")], edit.id
            )
        if name := told_in_summary(record):
            said = f"a summary that does not tell “{name}”, which the disclosure holds back"
            raise BadRow([Problem(edit.line, "summary", record.summary, said)], edit.id)

    def save_parts(self, record: Any, edit: Edit) -> None:
        """Write actors, reports and claims; relations wait until both ends are there."""
        values = edit.values
        if "actors" in values:
            IncidentActor.objects.filter(incident=record).delete()
            IncidentActor.objects.bulk_create(
                IncidentActor(
                    incident=record,
                    actor=self._actors[each["id"]],
                    role=each["role"],
                    certainty=each["certainty"],
                    position=position,
                )
                for position, each in enumerate(values["actors"])
            )
        if "reports" in values:
            reports = [self._report(each, record, edit) for each in values["reports"]]
            IncidentReport.objects.filter(incident=record).delete()
            IncidentReport.objects.bulk_create(
                IncidentReport(incident=record, report=report, position=position)
                for position, report in enumerate(reports)
            )
        if "claims" in values:
            Claim.objects.filter(incident=record).delete()
            Claim.objects.bulk_create(
                self._claim(each, record, position) for position, each in enumerate(values["claims"])
            )
        if edit.values.get("related") or ("related" in edit.values and not edit.is_new):
            self._relations.append((record, edit))

    def finish(self) -> list[Any]:
        """Write relations; returns the incidents that have others now."""
        named = {each["id"] for _, edit in self._relations for each in edit.values["related"]}
        others = by_id(Incident, named)
        for record, edit in self._relations:
            told = edit.values["related"]
            refuse_unknown(edit, "related", [each["id"] for each in told], others, "incidents")
            self._relate(record, {(each["id"], each["relation"]) for each in told}, others)
        return [record for record, _ in self._relations]

    def _place(self, record: Incident, values: Mapping[str, Any]) -> None:
        """Keep a point of the incident's own only where it is not that of the place, which is shown then."""
        latitude = values.get("latitude", record.latitude)
        longitude = values.get("longitude", record.longitude)
        shown = None
        if record.location is not None:
            public_id = record.location.public_id
            place = self.door.shown.fetch("location", [public_id]).get(public_id)
            shown = (place["latitude"], place["longitude"]) if place else (None, None)
            latitude = latitude if "latitude" in values or latitude is not None else shown[0]
            longitude = longitude if "longitude" in values or longitude is not None else shown[1]
        own = (latitude, longitude) != shown
        record.latitude, record.longitude = (latitude, longitude) if own else (None, None)

    def _refer(self, edit: Edit) -> None:
        values = edit.values
        refuse_unknown(edit, "actors", [each["id"] for each in values.get("actors", ())], self._actors, "actors")
        for report in values.get("reports", ()):
            refuse_invalid(edit, "reports", Report(public_id=report["id"], **_fields(report)))
            speakers = [report[part]["id"] for part in ("source", "relays") if report[part]]
            refuse_unknown(edit, "reports", speakers, self._sources, "sources")
        reports = {*self._reports, *(report["id"] for report in values.get("reports", ()))}
        for claim in values.get("claims", ()):
            told = {name: claim[name] for name in ("field", "value", "stance", "adopted")}
            refuse_invalid(edit, "claims", Claim(quote=claim["quote"] or "", **told))
            refuse_unknown(edit, "claims", [claim["source"]], self._sources, "sources")
            refuse_unknown(edit, "claims", [claim["report"]], dict.fromkeys(reports), "reports")

    def _report(self, told: Mapping[str, Any], incident: Incident, edit: Edit) -> Report:
        """Return the report, made if there is none; one that others show too is not changed for the sake of one."""
        public_id = told["id"]
        fields = _fields(told)
        fields["source"] = self._sources[told["source"]["id"]]
        fields["relays"] = self._sources[told["relays"]["id"]] if told["relays"] else None
        report = self._reports.get(public_id)
        if report is None:
            report = Report(public_id=public_id, **fields)
            report.save()
            self._reports[public_id] = report
            if _holds_back(incident):
                self._sketched.add(public_id)
            return report
        if _holds_back(incident):
            return report
        changed = [name for name, value in fields.items() if not _equal(getattr(report, name), value)]
        if changed:
            shared = IncidentReport.objects.filter(report=report).exclude(incident=incident)
            if public_id not in self._sketched and shared.exists():
                said = f"the report as it is: other incidents show it too; change its {', '.join(changed)} in the admin"
                raise BadRow([Problem(edit.line, "reports", public_id, said)], edit.id)
            for name in changed:
                setattr(report, name, fields[name])
            report.save()
        self._sketched.discard(public_id)
        return report

    def _claim(self, told: Mapping[str, Any], incident: Incident, position: int) -> Claim:
        report, source = self._reports[told["report"]], self._sources[told["source"]]
        follows = (report.relays or report.source) == source
        return Claim(
            incident=incident,
            report=report,
            speaker=None if follows else source,
            field=told["field"],
            value=told["value"],
            stance=told["stance"],
            quote=told["quote"] or "",
            adopted=told["adopted"],
            position=position,
        )

    def _relate(self, record: Incident, told: set[tuple[str, str]], others: Mapping[str, Incident]) -> None:
        mine = Relation.objects.filter(incident=record).select_related("related")
        back = Relation.objects.filter(related=record).select_related("incident")
        there = {(row.related.public_id, row.relation): row for row in mine}
        there |= {(row.incident.public_id, INVERSE_RELATIONS[row.relation]): row for row in back}
        public = self.door.public_among("incident", [other for other, _ in there])
        for key, row in there.items():
            if key not in told and key[0] in public:
                row.delete()
        Relation.objects.bulk_create(
            Relation(incident=record, related=others[other], relation=relation)
            for other, relation in sorted(told)
            if (other, relation) not in there
        )


SHAPES = {
    "actors": ("id", "role", "certainty"),
    "reports": ("id", "source", "relays"),
    "claims": ("field", "value", "stance", "source", "report", "quote", "adopted"),
    "related": ("id", "relation"),
}
"""What each member of a JSON cell must have."""


def _check_shape(edit: Edit) -> None:
    for name, keys in SHAPES.items():
        for member in edit.values.get(name) or ():
            if not isinstance(member, dict) or any(key not in member for key in keys):
                said = f"objects with {', '.join(keys)}"
                raise BadRow([Problem(edit.line, name, text_of(member), said)], edit.id)


def _fields(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a report that a JSON cell tells."""
    return {
        field: told.get(name) if field.startswith("published") else told.get(name) or ""
        for field, name in REPORT_FIELDS.items()
    }


def _holds_back(incident: Incident) -> bool:
    return incident.place_disclosure != "full" or incident.date_disclosure != "full"


def _refuse_held_back(record: Incident, edit: Edit) -> None:
    for what, level in (("place", record.place_disclosure), ("date", record.date_disclosure)):
        for name in edit.values:
            if level != "full" and name.startswith(HELD_BACK[what]):
                said = f"no edit here: the {what} of the incident is told by {level} only; change it in the admin"
                raise BadRow([Problem(edit.line, name, text_of(edit.values[name]), said)], edit.id)


def _falls(values: Mapping[str, Any]) -> bool:
    """Tell whether figures are not in order, which the origin must have coded so."""
    for what in ("killed", "injured"):
        known = [each for which in ("low", "best", "high") if (each := values.get(f"{what}_{which}")) is not None]
        if any(small > large for small, large in itertools.pairwise(known)):
            return True
    return False


def _equal(stored: Any, told: Any) -> bool:
    return bool(stored == told or (stored is not None and told is not None and str(stored) == str(told)))
