"""How edits reach working incidents: their fields, actors, reports, claims and relations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from incidents.ledger.denormalisation import Document
from incidents.loading.bulk_rows import InTexts, by_id
from incidents.loading.pipeline.reloading import falling_figures
from incidents.loading.round_trip.edits import Edit
from incidents.loading.round_trip.own_values import OWN, set_own_values
from incidents.loading.round_trip.record_editors import (
    RecordEditor,
    RecordsById,
    refuse_invalid,
    refuse_unknown,
    replace_parts,
)
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
from incidents.publishing import PublishingSession, dependencies, relations, render
from incidents.schema.incident import INCIDENT
from incidents.vocabulary import INVERSE_RELATIONS

GENERALISED = {leaf.field.column.name: leaf.field.generalised for leaf in INCIDENT.columns if leaf.field.column}
"""Column → what a generalised document has of its field."""

LEVELS = {"place": "disclosure_place", "date": "disclosure_date"}
"""What can be held back, and the column of its level."""

HELD_BACK = (
    "no edit here: the incident's place or date is coarsened, so its record is not as published; change it in the admin"
)
NEW_HELD_BACK = (
    "full: an export has only what is published of an incident whose place or date is coarsened. Enter the incident in "
    "the admin"
)

REPORT_FIELDS = {
    **{name: name for name in ("title", "url", "archive_url", "language")},
    "published_on": "published",
    "published_not_before": "published_not_before",
}
"""Field → name in the document."""

SHAPES = {
    "actors": ("id", "role", "certainty"),
    "reports": ("id", "source", "relays"),
    "claims": ("field", "value", "stance", "source", "report", "quote", "adopted"),
    "related": ("id", "relation"),
}
"""What each member of a JSON cell must have."""


class IncidentEditor(RecordEditor):
    """Changes incidents."""

    model = Incident
    parts = frozenset({"dataset", "location_id", "latitude", "longitude", *SHAPES})

    def __init__(self, session: PublishingSession) -> None:
        super().__init__(session)
        self._relations: list[tuple[Incident, Edit]] = []

    def find(self, ids: Iterable[str]) -> RecordsById:
        """Return the working incidents that there are, with all that they show."""
        keys = Incident.objects.filter(InTexts("public_id", list(ids))).values_list("pk", flat=True)
        return {each.public_id: each for each in dependencies.incidents_with_parts(list(keys))}

    def content(self, record: Any) -> Document:
        """Return the document, without relations: those are of two incidents."""
        return render.incident_content(
            record,
            actors=list(record.participations.all()),
            reports=[evidence.report for evidence in record.evidence.all()],
            claims=list(record.claims.all()),
            related=(),
            cache=self.session.cache,
        )

    def prepare(self, edits: Sequence[Edit]) -> None:
        """Fetch the places, actors, sources, reports and datasets of some edits."""
        values = [edit.values for edit in edits]
        reports = [report for each in values for report in each.get("reports", ())]
        claims = [claim for each in values for claim in each.get("claims", ())]
        try:
            self._datasets = by_id(Dataset, [each.get("dataset") for each in values])
            self._places = by_id(Location, [each.get("location_id") for each in values])
            self._actors = by_id(Actor, [actor["id"] for each in values for actor in each.get("actors", ())])
            speakers = [speaker for report in reports for speaker in _speakers(report)]
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
        _refuse_held_back(record, edit)
        if edit.is_new:
            refuse_unknown(edit, "dataset", [values.get("dataset") or ""], self._datasets, "datasets")
            record.dataset = self._datasets[values["dataset"]]
            record.editorial_status = "ready"
            record.figures_as_coded = any(falling_figures(values))  # the origin must have coded them so
        self._set_place(record, edit)
        super().apply(record, edit, {name: can and not name.startswith(OWN) for name, can in columns.items()})
        set_own_values(record, edit)
        self._refuse_unknown_parts(edit)
        if record.date_start and record.date_end and record.date_start > record.date_end:
            raise edit.bad("date_end", str(record.date_end), "no day before date_start")
        if record.date_precision != "unknown" and not (record.date_start or record.date_end):
            raise edit.bad("date_precision", record.date_precision, "unknown without a day")

    def save_parts(self, record: Any, edit: Edit) -> None:
        """Write actors, reports and claims; relations wait until both ends are there."""
        values, owner = edit.values, {"incident": record}
        if "actors" in values:
            actors = [
                {"actor": self._actors[each["id"]], "role": each["role"], "certainty": each["certainty"]}
                for each in values["actors"]
            ]
            replace_parts(IncidentActor, owner, actors, numbered=True)
        if "reports" in values:
            reports = [self._report(each, record, edit) for each in values["reports"]]
            replace_parts(IncidentReport, owner, [{"report": report} for report in reports], numbered=True)
        if "claims" in values:
            replace_parts(Claim, owner, [self._claim(each) for each in values["claims"]], numbered=True)
        if values.get("related") or ("related" in values and not edit.is_new):
            self._relations.append((record, edit))

    def finish(self) -> list[Any]:
        """Write relations; returns the incidents that have others now."""
        others = by_id(Incident, {each["id"] for _, edit in self._relations for each in edit.values["related"]})
        for record, edit in self._relations:
            related = edit.values["related"]
            refuse_unknown(edit, "related", [each["id"] for each in related], others, "incidents")
            self._relate(record, {(each["id"], each["relation"]) for each in related}, others)
        return [record for record, _ in self._relations]

    def _set_place(self, record: Incident, edit: Edit) -> None:
        """Set the place, and keep a point of the incident's own only where it is not that of the place."""
        values = edit.values
        if "location_id" in values:
            place = values["location_id"]
            if place:
                refuse_unknown(edit, "location_id", [place], self._places, "locations")
            record.location = self._places[place] if place else None
        names = ("latitude", "longitude")
        if not any(name in values for name in names):
            return
        point = [values.get(name, getattr(record, name)) for name in names]
        shown = None
        if record.location is not None:
            public_id = record.location.public_id
            document = self.session.cache.fetch("location", [public_id]).get(public_id) or dict.fromkeys(names)
            shown = [document[name] for name in names]
            for at, name in enumerate(names):
                if name not in values and point[at] is None:
                    point[at] = shown[at]
        record.latitude, record.longitude = point if point != shown else (None, None)

    def _refuse_unknown_parts(self, edit: Edit) -> None:
        values = edit.values
        refuse_unknown(edit, "actors", [each["id"] for each in values.get("actors", ())], self._actors, "actors")
        for report in values.get("reports", ()):
            refuse_invalid(edit, "reports", Report(public_id=report["id"], **_report_fields(report)))
            refuse_unknown(edit, "reports", _speakers(report), self._sources, "sources")
        reports = {*self._reports, *(report["id"] for report in values.get("reports", ()))}
        for claim in values.get("claims", ()):
            refuse_invalid(edit, "claims", Claim(**_claim_fields(claim)))
            refuse_unknown(edit, "claims", [claim["source"]], self._sources, "sources")
            refuse_unknown(edit, "claims", [claim["report"]], dict.fromkeys(reports), "reports")

    def _report(self, cell: Mapping[str, Any], incident: Incident, edit: Edit) -> Report:
        """Return the report, made if there is none; one that others show too is not changed for the sake of one."""
        public_id, fields = cell["id"], _report_fields(cell)
        fields["source"] = self._sources[cell["source"]["id"]]
        fields["relays"] = self._sources[cell["relays"]["id"]] if cell["relays"] else None
        report = self._reports.get(public_id)
        if report is None:
            report = Report(public_id=public_id, **fields)
            report.save()
            self._reports[public_id] = report
            return report
        changed = [name for name, value in fields.items() if not _equal(getattr(report, name), value)]
        if changed:
            shared = IncidentReport.objects.filter(report=report).exclude(incident=incident)
            if shared.exists():
                said = f"the report as it is: other incidents show it too; change its {', '.join(changed)} in the admin"
                raise edit.bad("reports", public_id, said)
            for name in changed:
                setattr(report, name, fields[name])
            report.save()
        return report

    def _claim(self, cell: Mapping[str, Any]) -> dict[str, Any]:
        report, source = self._reports[cell["report"]], self._sources[cell["source"]]
        follows = (report.relays or report.source) == source
        return {"report": report, "speaker": None if follows else source, **_claim_fields(cell)}

    def _relate(self, record: Incident, related: set[tuple[str, str]], others: Mapping[str, Incident]) -> None:
        mine = Relation.objects.filter(incident=record).select_related("related", "incident")
        back = Relation.objects.filter(related=record).select_related("related", "incident")
        there = {(row.related.public_id, row.relation): row for row in mine}
        there |= {(row.incident.public_id, INVERSE_RELATIONS[row.relation]): row for row in back}
        others_there = [other for row in there.values() for other in (row.related, row.incident) if other != record]
        shown = relations.nameable(self.session, others_there)
        for key, row in there.items():
            if key not in related and key[0] in shown:
                row.delete()
        Relation.objects.bulk_create(
            Relation(incident=record, related=others[other], relation=relation)
            for other, relation in sorted(related)
            if (other, relation) not in there
        )


def _check_shape(edit: Edit) -> None:
    for name, keys in SHAPES.items():
        for member in edit.values.get(name) or ():
            if not isinstance(member, dict) or any(key not in member for key in keys):
                raise edit.bad(name, member, f"objects with {', '.join(keys)}")


def _speakers(report: Mapping[str, Any]) -> list[str]:
    return [report[part]["id"] for part in ("source", "relays") if report[part]]


def _report_fields(cell: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a report that a JSON cell gives; days that are missing are null, texts are empty."""
    return {
        field: cell.get(name) if field.startswith("published") else cell.get(name) or ""
        for field, name in REPORT_FIELDS.items()
    }


def _claim_fields(cell: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: cell[name] for name in ("field", "value", "stance", "adopted")}
    return {**fields, "quote": cell["quote"] or ""}


def _refuse_held_back(record: Incident, edit: Edit) -> None:
    """Raise BadRow for a cell that a generalised document shows otherwise than the working record has it.

    That is so at the level that the record has, and at the one that the row gives it.
    """
    levels = {name: (getattr(record, f"{name}_disclosure"), edit.values.get(at)) for name, at in LEVELS.items()}
    held_back = [name for name, known in levels.items() if any(level not in (None, "full") for level in known)]
    if held_back and edit.is_new:
        raise edit.bad(LEVELS[held_back[0]], edit.values[LEVELS[held_back[0]]], NEW_HELD_BACK)
    for name in edit.values if held_back else ():
        generalised = GENERALISED.get(name, "keep")  # own fields that are withheld have empty cells
        if generalised not in ("keep", *({"place", "date"}.difference(held_back))):
            raise edit.bad(name, edit.values[name], HELD_BACK)


def _equal(stored: Any, value: Any) -> bool:
    return bool(stored == value or (stored is not None and value is not None and str(stored) == str(value)))
