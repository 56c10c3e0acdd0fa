"""From the cells of a row to facts, as a profile says; every wrong cell is reported, not only the first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from incidents.fields import PUBLIC_ID_LENGTH, RESERVED_IDS
from incidents.loading.dates.readings import DateReading
from incidents.loading.errors import BadCell, BadRow, RowFault
from incidents.loading.pipeline.actors import CasualtyReader, actor_reader
from incidents.loading.pipeline.intervals import IntervalReader
from incidents.loading.pipeline.locations import NOWHERE, LocationReader
from incidents.loading.pipeline.own_fields import OwnFieldReader
from incidents.loading.pipeline.reports import ReportReader
from incidents.loading.pipeline.row import RowCells, RowReader, cached
from incidents.loading.profiles.header import HeaderColumns
from incidents.loading.profiles.keys import IncidentKeys
from incidents.loading.profiles.profile import Profile
from incidents.loading.slugs import fingerprint, slug
from incidents.loading.staging.parsed import IncidentFacts, SharedRecords, as_stored
from incidents.models import Incident
from incidents.schema.attributes import AttributeCode
from incidents.text_checks import STORABLE, is_storable, storable
from incidents.vocabulary import EVENT_SUBTYPES, EVENT_TYPES

Note = Callable[[str, int], None]
"""Takes a remark and the line it is about."""

REPORTED_LENGTH = Incident._meta.get_field("location_as_reported").max_length or 500


def declared_field_reader(keys: IncidentKeys, columns: HeaderColumns) -> RowReader[dict[str, Any]]:
    """Return what reads the fields that are declared with a key: what kind of act it was, its targets, its tags."""
    readers = [(field.stored, value.bind(columns)) for field, value in keys.declared()]
    lists = [field.stored for field, _ in keys.declared() if field.is_list]

    def read(row: RowCells) -> dict[str, Any]:
        fields = row.get_all(readers)
        for name in lists:
            value = fields[name]
            fields[name] = value if isinstance(value, list) else [value] if value else []
        return fields

    return read


class RowParser:
    """Turns rows of one file into facts; raises LoadError if it lacks columns that the profile needs.

    `begins` is the first day of the dataset's coverage, if that is known.
    """

    def __init__(
        self, profile: Profile, header: Sequence[str], shared: SharedRecords, note: Note, begins: date | None = None
    ) -> None:
        keys = profile.keys.incident
        self.columns = columns = HeaderColumns(header, profile.keys.file, profile.keys.cells)
        self._shared, self._note = shared, note
        self.point_is_of_place = bool(keys.place and keys.place.point_of == "place")
        self._skip = [(each.why, each.when.bind(columns)) for each in profile.keys.file.skip]
        self.id_column = keys.id.first
        self.repeated = keys.repeated
        self._id = keys.id.bind_folded(columns, slug, required=True)
        self._summary = keys.summary.bind(columns)
        place = keys.place
        self._as_reported = place.as_reported.bind(columns) if place else None
        self._location = cached(columns, lambda own: LocationReader(place, own).read) if place else None
        self._fields = [
            cached(columns, partial(declared_field_reader, keys)),
            cached(columns, lambda own: IntervalReader(keys.date, own, begins).read),
            cached(columns, lambda own: CasualtyReader(keys, own).read),
        ]
        self._actors = [cached(columns, partial(actor_reader, each)) for each in keys.actors]
        self._reports = ReportReader(keys.reports, columns) if keys.reports else None
        self._own = cached(columns, lambda own: OwnFieldReader(profile.keys.fields, own).read)
        self._has_own = bool(profile.authority.attributes)
        extra = sorted(keys.extra.values.items(), key=as_stored)
        self._extra = [(name, value.bind(columns)) for name, value in extra]
        columns.complete()
        self._compared = columns.read if keys.repeated == "number" else range(len(columns.header))

    def parse(self, line: int, cells: list[str]) -> IncidentFacts | None:
        """Return the facts of a row, None for a row that the profile leaves out; raises BadRow."""
        width = len(self.columns.header)
        if len(cells) != width:
            if len(cells) < width and self._is_skipped(line, [*cells, *[""] * (width - len(cells))]):
                return None  # notes below the data often have one cell
            raise BadRow([RowFault(line, "", f"{len(cells)} cells", f"{width}, as many as the header has")])
        if not is_storable("".join(cells)):
            self._refuse_unstorable(RowCells(line, [storable(cell).strip() for cell in cells]))
        row = RowCells(line, [cell.strip() for cell in cells])
        return None if self._is_skipped(line, row.cells) else self._facts(row)

    def _is_skipped(self, line: int, cells: list[str]) -> bool:
        """Tell whether the profile leaves a row out, and note that."""
        why = next((why for why, skipped in self._skip if skipped(cells)), None)
        if why is not None:
            self._note(f"rows left out by the profile: {why}", line)
        return why is not None

    def content_hash(self, cells: list[str]) -> str:
        """Return what is the same for rows that are equal, "" where the profile makes nothing of those.

        Rows that are numbered are equal if all is that the profile reads: nothing is lost then.
        """
        return (
            ""
            if self.repeated in ("refuse", "gather")
            else fingerprint("\x1f".join([cells[at] for at in self._compared]))
        )

    def _refuse_unstorable(self, row: RowCells) -> None:
        for name, cell in zip(self.columns.header, row.cells, strict=True):
            if not is_storable(cell):
                row.fault(name, cell, STORABLE)
        try:
            public_id = str(self._id([cell.replace("\0", "") for cell in row.cells]) or "")
        except BadCell:
            public_id = ""
        raise BadRow(row.problems, public_id)

    def _own_values(self, row: RowCells, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of the dataset's own fields, and what kind of event it was, which they may tell."""
        own: dict[str, Any] = {}
        found = {name: fields[name] for name in ("event_type", "event_subtype")}
        if self._has_own:
            read = self._own(row)
            own["attributes"] = read["attributes"]
            _take_event(found, read["event"])
        _check_event(found, row)
        return own | found

    def _take_time(self, fields: dict[str, Any]) -> None:
        """Take the time of day that the date has, where the file gives none by itself."""
        begun: DateReading | None = fields.pop("begun")
        if begun is None:
            return
        if begun.time and not fields["time_of_day"]:
            fields |= {"time_of_day": begun.time, "time_zone": fields["time_zone"] or begun.zone}
        self._shared.times += bool(begun.time)
        self._shared.midnights += begun.is_midnight

    def _facts(self, row: RowCells) -> IncidentFacts:
        public_id = row.get(self._id) or ""
        if len(public_id) > PUBLIC_ID_LENGTH:
            row.fault(self.id_column, public_id, f"an id of at most {PUBLIC_ID_LENGTH} characters")
        if public_id in RESERVED_IDS:
            row.fault(self.id_column, public_id, f"an id other than {', '.join(sorted(RESERVED_IDS))}")
        location = self._location(row) if self._location else NOWHERE
        fields = location.fields | {"summary": row.get(self._summary)}
        for read in self._fields:
            fields |= read(row)
        self._take_time(fields)
        fields |= self._own_values(row, fields)
        if self._as_reported:
            reported = row.get(self._as_reported)
            fields["location_as_reported"] = row.fitting(reported, REPORTED_LENGTH, "place as reported")
        extra = {name: value for name, value in row.get_all(self._extra).items() if value not in (None, "")}
        actors = [each for read_actor in self._actors if (each := read_actor(row))]
        reports, unread = self._reports.read(row, public_id) if self._reports else ([], {})
        if unread:
            extra = dict(sorted((extra | unread).items(), key=as_stored))
        if row.problems:
            raise BadRow(row.problems, public_id)
        self._shared.add(location.chain, [actor for actor, _ in actors], [source for _, source in reports])
        for remark in row.remarks:
            self._note(remark, row.line)
        return IncidentFacts(
            line=row.line,
            id=public_id,
            fields=fields | {"extra": extra},
            place=location.chain[-1].id if location.chain else "",
            point=location.point,
            roles=tuple(dict.fromkeys([role for _, role in actors])),
            reports=tuple([report for report, _ in reports]),
        )


def _take_event(fields: dict[str, Any], code: AttributeCode | None) -> None:
    """Take the event that an own code stands for, where the file does not tell it itself."""
    if code and not fields["event_type"]:
        fields["event_type"] = code.event_type
        fields["event_subtype"] = fields["event_subtype"] or code.event_subtype


def _check_event(fields: dict[str, Any], row: RowCells) -> None:
    if not fields["event_type"]:
        if not row.problems:
            row.fault("event_type", "", f"one of {', '.join(EVENT_TYPES)}, or an own code that stands for one")
        return
    subtype = EVENT_SUBTYPES.get(fields["event_subtype"] or "")
    if subtype and subtype.parent != fields["event_type"]:
        row.fault("event_subtype", subtype.code, f"a kind of {fields['event_type']}, not of {subtype.parent}")
