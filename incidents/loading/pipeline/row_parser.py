"""From the cells of a row to facts, as a profile says; every wrong cell is told, not only the first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from incidents.fields import PUBLIC_ID_LENGTH, RESERVED_IDS
from incidents.loading.errors import BadCell, BadRow, Problem
from incidents.loading.files.header import Columns
from incidents.loading.pipeline.actors import CasualtyFigures, Party, Took
from incidents.loading.pipeline.intervals import Dates
from incidents.loading.pipeline.locations import NOWHERE, Places, Where
from incidents.loading.pipeline.parsed import Gathered, IncidentFacts, as_stored
from incidents.loading.pipeline.reports import Articles, Told
from incidents.loading.pipeline.row import Row, remembering
from incidents.loading.pipeline.slugs import fingerprint, slug
from incidents.loading.profiles.expressions import Reader
from incidents.loading.profiles.parts import ActorForm, Profile
from incidents.models import Incident
from incidents.texts import STORABLE, is_storable
from incidents.vocabulary import EVENT_SUBTYPES

Note = Callable[[str, int], None]
"""Takes a remark and the line it is about."""

REPORTED_LENGTH = Incident._meta.get_field("location_as_reported").max_length or 500


class Kinds:
    """Reads what kind of act it was, what it was aimed at, and its tags."""

    def __init__(self, profile: Profile, columns: Columns) -> None:
        self._fields = [(name, value.bind(columns)) for name, value in profile.fields.items()]
        self._lists = [(name, value.bind(columns)) for name, value in profile.lists.items()]

    def read(self, row: Row) -> dict[str, Any]:
        """Return the fields of the incident."""
        fields = row.get_all(self._fields)
        subtype = EVENT_SUBTYPES.get(fields["event_subtype"] or "")
        if subtype and fields["event_type"] and subtype.parent != fields["event_type"]:
            row.fault("event_subtype", subtype.code, f"a kind of {fields['event_type']}, not of {subtype.parent}")
        lists = row.get_all(self._lists)
        return fields | {name: _listed(value) for name, value in lists.items()}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


class Planner:
    """Turns rows of one file into facts; raises LoadError if it lacks columns that the profile needs."""

    def __init__(self, profile: Profile, header: Sequence[str], gathered: Gathered, note: Note) -> None:
        self.columns = columns = Columns(header, profile.file, profile.cells)
        self._gathered, self._note = gathered, note
        self.point_is_of_place = bool(profile.place and not profile.place.own_point)
        self._skip = [(why, value.bind(columns)) for why, value in profile.file.skip]
        self.id_column = profile.id.first
        self.repeated = profile.repeated
        self._id = profile.id.bind_with(columns, slug, whole=True)
        self._summary = profile.summary.bind(columns)
        place = profile.place
        self._as_reported = place.as_reported.bind(columns) if place else None
        self._where = remembering(columns, lambda names: Places(place, names).read) if place else None
        self._fields = [
            remembering(columns, lambda names: Kinds(profile, names).read),
            remembering(columns, lambda names: Dates(profile.date, names).read),
            remembering(columns, lambda names: CasualtyFigures(profile.figures, names).read),
        ]
        self._parties = [_party(form, columns) for form in profile.actors]
        self._articles = Articles(profile.reports, columns) if profile.reports else None
        self._extra = [(name, value.bind(columns)) for name, value in sorted(profile.extra.items(), key=as_stored)]
        columns.complete()

    def plan(self, line: int, cells: list[str]) -> IncidentFacts | None:
        """Return the facts of a row, None for a row that the profile leaves out; raises BadRow."""
        width = len(self.columns.header)
        if len(cells) != width:
            raise BadRow([Problem(line, "", f"{len(cells)} cells", f"{width}, as many as the header has")])
        row = Row(line, [cell.strip() for cell in cells])
        if "\0" in "".join(cells):
            self._refuse_unstorable(row)
        for why, skipped in self._skip:
            if skipped(row.cells):
                self._note(f"rows left out by the profile: {why}", line)
                return None
        return self._facts(row)

    def _refuse_unstorable(self, row: Row) -> None:
        for name, cell in zip(self.columns.header, row.cells, strict=True):
            if not is_storable(cell):
                row.fault(name, cell, STORABLE)
        read = [cell.replace("\0", "") for cell in row.cells]
        raise BadRow(row.problems, _id_of(self._id, read))

    def said(self, cells: list[str]) -> str:
        """Return what stands for all that a row says, "" where the profile makes nothing of rows that are equal."""
        return "" if self.repeated == "refuse" else fingerprint("\x1f".join(cells))

    def _facts(self, row: Row) -> IncidentFacts:
        public_id = row.get(self._id) or ""
        if len(public_id) > PUBLIC_ID_LENGTH:
            row.fault(self.id_column, public_id, f"an id of at most {PUBLIC_ID_LENGTH} characters")
        if public_id in RESERVED_IDS:
            row.fault(self.id_column, public_id, f"an id other than {', '.join(sorted(RESERVED_IDS))}")
        where = self._where(row) if self._where else NOWHERE
        fields = where.fields | {"summary": row.get(self._summary)}
        for read in self._fields:
            fields |= read(row)
        if self._as_reported:
            reported = row.get(self._as_reported)
            fields["location_as_reported"] = row.fitting(reported, REPORTED_LENGTH, "place as reported")
        extra = {name: value for name, value in row.get_all(self._extra).items() if value not in (None, "")}
        took = [said for read in self._parties if (said := read(row))]
        told, kept = self._articles.read(row) if self._articles else ([], {})
        if kept:
            extra = dict(sorted((extra | kept).items(), key=as_stored))
        if row.problems:
            raise BadRow(row.problems, public_id)
        self._gather(row, where, took, told)
        return IncidentFacts(
            line=row.line,
            id=public_id,
            fields=fields | {"extra": extra},
            place=where.chain[-1].id if where.chain else "",
            point=where.point,
            parts=tuple(dict.fromkeys([part for _, part in took])),
            reports=tuple([report for report, _ in told]),
        )

    def _gather(self, row: Row, where: Where, took: list[Took], told: list[Told]) -> None:
        """Count what a row that is good says of places, actors and sources; pass its remarks on."""
        gathered = self._gathered
        for place in where.chain:
            gathered.places.add(place.id, place)
        for actor, _ in took:
            gathered.actors.add(actor.id, actor)
        for _, source in told:
            gathered.sources.add(source.id, source)
        for remark in row.remarks:
            self._note(remark, row.line)


def _id_of(read: Reader, cells: list[str]) -> str:
    """Return the id of a row that is bad in any case, "" if it has none."""
    try:
        return str(read(cells) or "")
    except BadCell:
        return ""


def _party(form: ActorForm, columns: Columns) -> Callable[[Row], Took | None]:
    return remembering(columns, lambda names: Party(form, names).read)
