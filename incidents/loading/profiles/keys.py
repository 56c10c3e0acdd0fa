"""The keys of a profile, table by table: what each holds, and how the cells are read that it names.

docs/loading.md describes them. A field of incidents that is declared with a key of profiles has that key here too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, Field, PlainValidator, TypeAdapter, create_model, model_validator

from incidents import vocabulary
from incidents.loading.profiles import cell_types as types
from incidents.loading.profiles import points, syntax
from incidents.loading.profiles.cell_types import coded
from incidents.loading.profiles.cell_values import CellValue, ColumnValue, ConstantValue, RulesValue
from incidents.loading.profiles.date_keys import ABSENT, CalendarKeys, Date, DateKeys, Figure, Formats
from incidents.loading.profiles.own_fields import OwnFieldKeys
from incidents.loading.profiles.patterns import DOTALL, Pattern
from incidents.loading.profiles.syntax import TEXT_CHECK, Keys, Text, Texts, cell, checked, one_of
from incidents.schema.fields import Field as DeclaredField
from incidents.schema.incident import INCIDENT

NAME, LANGUAGE, PLACE_CODE = types.text(200), types.text(10), types.code_text(20)
PLACE_IDS = {"id": "public_id", **{name: name for name in ("geonames_id", "katotth", "pcode", "wikidata_id")}}
"""The keys by which a profile says where a row gives an id of its place, each with the field that holds it."""

DECLARED = {leaf.field.profile.name: leaf.field for leaf in INCIDENT.stored if leaf.field.profile}
"""The declared fields of incidents whose values stand in cells, by their keys."""


def _point(raw: Any, info: Any) -> CellValue:
    """Read a value whose cells are points, two bare numbers in the order that its table names."""
    return syntax.parse_value(raw, syntax.Wanted(types.point(info.data.get("point_order") or points.LATITUDE_FIRST)))


def _skipped(raw: Any) -> RulesValue:
    conditions = tuple(_CONDITIONS.validate_python(raw).items())
    return RulesValue(raw.path, ((conditions, ConstantValue("yes")),), "")


_CONDITIONS: TypeAdapter[dict[str, Pattern]] = TypeAdapter(syntax.Conditions)
_FOLD = AfterValidator(lambda names: frozenset(map(str.casefold, names)))
_LINE = checked(lambda raw: syntax.is_whole(raw, 1), "the number of a line, from 1")
_KILOMETRES = checked(lambda raw: syntax.is_distance(raw, 1000), "a number of kilometres up to 1000")
_RADIUS = checked(lambda raw: syntax.is_distance(raw, float("inf")), "a number of kilometres")
Name = Annotated[CellValue, cell(types.TEXT)]

Country = Annotated[CellValue, cell(types.COUNTRY)]


class SkipKeys(Keys):
    """Rows to leave out, and the reason to report."""

    why: Text
    when: Annotated[CellValue, PlainValidator(_skipped)]


class FileKeys(Keys):
    """How the rows lie in the file; names of columns are compared without regard to letter case."""

    encoding: Text = ""
    delimiter: Text = ""
    sheet: Text = ""
    header_line: Annotated[int, _LINE] = Field(default=0, validate_default=False)
    decimal: Annotated[str, one_of(".", ",")] = "."
    missing: Annotated[Texts, AfterValidator(lambda texts: frozenset(("", *texts)))] = ()
    optional: Annotated[Texts, _FOLD] = ()
    ignored: Annotated[Texts, _FOLD] = ()
    skip: tuple[SkipKeys, ...] = ()


class DatasetKeys(Keys):
    """The dataset, made if it is missing: its fields by their names, the id apart."""

    public_id: Text = Field(alias="id")
    name: Text
    licence: Text
    description: Text = ""
    attribution: Text = ""
    citation: Text = ""
    homepage: Text = ""
    version: Text = ""
    coverage_area: Text = ""
    coverage_start: Any = None
    coverage_end: Any = None


class PlaceKeys(Keys):
    """How a place is named, what holds it, where it lies, and how far to go to find it among those that we have."""

    name: Name = ABSENT
    kind: Annotated[CellValue, cell(coded(vocabulary.LOCATION_KINDS), required=True)]
    country: Name = ABSENT
    admin1: Name = ABSENT
    admin2: Name = ABSENT
    admin3: Name = ABSENT
    country_code: Country = ABSENT
    precision: Annotated[CellValue, cell(coded(vocabulary.LOCATION_PRECISIONS), required=True)]
    as_reported: Name = ABSENT
    latitude: Annotated[CellValue, cell(types.LATITUDE)] = ABSENT
    longitude: Annotated[CellValue, cell(types.LONGITUDE)] = ABSENT
    point_order: Annotated[str, one_of(points.LATITUDE_FIRST, points.LONGITUDE_FIRST)] = points.LATITUDE_FIRST
    point: Annotated[CellValue, PlainValidator(_point)] = ABSENT
    point_of: Annotated[str, one_of("place", "event")] = "place"
    radius_km: dict[
        Annotated[str, syntax.code_of(vocabulary.LOCATION_PRECISIONS, "location precision")],
        Annotated[float, _RADIUS, AfterValidator(float)],
    ] = {}
    id: Annotated[CellValue, cell(types.code_text(200))] = ABSENT
    geonames_id: Figure = ABSENT
    katotth: Annotated[CellValue, cell(PLACE_CODE)] = ABSENT
    pcode: Annotated[CellValue, cell(PLACE_CODE)] = ABSENT
    wikidata_id: Annotated[CellValue, cell(PLACE_CODE)] = ABSENT
    match: Annotated[str, one_of("none", "id", "name", "point")] = "point"
    match_km: Annotated[float, _KILOMETRES, AfterValidator(float)] = 0.5

    @model_validator(mode="after")
    def _one_point(self) -> PlaceKeys:
        if "point" in self.model_fields_set and not self.model_fields_set.isdisjoint(("latitude", "longitude")):
            raise syntax.fault("has point, and latitude or longitude too; a row has one point")
        return self

    @property
    def levels(self) -> dict[str, CellValue]:
        """What holds the place, outermost first."""
        levels = ("country", "admin1", "admin2", "admin3")
        return {name: getattr(self, name) for name in levels if name in self.model_fields_set}

    @property
    def ids(self) -> dict[str, CellValue]:
        """What gives an id of the place, by the field that holds it."""
        return {field: getattr(self, name) for name, field in PLACE_IDS.items() if name in self.model_fields_set}


class CasualtyKeys(Keys):
    """Low, best and high of one casualty figure; out of order they are refused, or kept as they are coded."""

    low: Figure = ABSENT
    best: Figure = ABSENT
    high: Figure = ABSENT
    out_of_order: Annotated[str, one_of("keep", "refuse")] = "refuse"
    rows: Annotated[str, one_of("same", "sum")] = "same"


class ActorKeys(Keys):
    """One actor of a row: nobody, where the name is empty."""

    id: syntax.Template
    name: Annotated[CellValue, cell(NAME)] = ABSENT
    kind: Annotated[CellValue, cell(coded(vocabulary.ACTOR_KINDS), required=True)]
    role: Annotated[CellValue, cell(coded(vocabulary.ACTOR_ROLES), required=True)]
    certainty: Annotated[CellValue, cell(coded(vocabulary.CERTAINTIES), required=True)]
    country_code: Country = ABSENT
    ucdp_id: Figure = ABSENT


class ReportListKeys(Keys):
    """A list of reports in columns that run in step, each with the name of the piece that it holds."""

    columns: dict[str, Text]
    separator: Text = ""
    quote: Text = ""
    repeat: syntax.Flag = False
    pattern: Annotated[Pattern, TEXT_CHECK, syntax.regular_expression(DOTALL)] | None = None


class ReportPatternKeys(ReportListKeys):
    """A list of reports in one column; the pattern's named groups are the pieces of each."""

    columns: Annotated[dict[str, str], TEXT_CHECK, AfterValidator(lambda text: {"": str(text)})] = Field(alias="column")


class ReportKeys(Keys):
    """What is told of each report."""

    identity: syntax.Template
    formats: Formats = types.ISO_DAY
    title: Name = ABSENT
    url: Annotated[CellValue, cell(types.address(1000))] = ABSENT
    language: Annotated[CellValue, cell(LANGUAGE)] = ABSENT
    published_on: Date = ABSENT


class SourceKeys(Keys):
    """Who speaks in a report."""

    id: syntax.Template
    name: Annotated[CellValue, cell(NAME, required=True)]
    kind: Annotated[CellValue, cell(coded(vocabulary.SOURCE_KINDS), required=True)]
    url: Annotated[CellValue, cell(types.address(500))] = ABSENT
    language: Annotated[CellValue, cell(LANGUAGE)] = ABSENT


class ReportsKeys(Keys):
    """Where the reports of a row are listed, and what is told of each and of its source."""

    lists: tuple[Annotated[ReportListKeys, syntax.either(ReportListKeys, ReportPatternKeys, "pattern")], ...] = ()
    count: Figure = ABSENT
    take: Annotated[str, one_of("first", "every")] = "first"
    report: ReportKeys
    source: SourceKeys

    @property
    def kept_as(self) -> tuple[str, ...]:
        """The columns under whose names lists that cannot be told apart are kept in `extra`."""
        return tuple(column for each in self.lists for column in each.columns.values())


class ExtraKeys(Keys):
    """Columns that are published as they are, under their own names."""

    text: Texts = ()
    line: Texts = ()
    integer: Texts = ()
    number: Texts = ()
    gathered: Texts = ()

    @property
    def values(self) -> dict[str, CellValue]:
        """What is read, by the name under which it is published."""
        cells = (
            *(("text", types.LONG), ("line", types.LINE), ("gathered", types.LONG)),
            *(("integer", types.WHOLE), ("number", types.DECIMAL)),
        )
        return {
            column: ColumnValue(f"incident.extra.{name}", (column,), cell_type)
            for name, cell_type in cells
            for column in getattr(self, name)
        }


class IncidentKeys(Keys):
    """What a row says of an incident, but for the fields that are declared with a key; see `DeclaredKeys`."""

    id: syntax.Template
    repeated: Annotated[str, one_of("refuse", "number", "once", "gather")] = "refuse"
    summary: Annotated[CellValue, cell(types.LONG, required=True)]
    date: Annotated[DateKeys, syntax.either(DateKeys, CalendarKeys, "year")]
    place: PlaceKeys | None = None
    killed: CasualtyKeys = CasualtyKeys()
    injured: CasualtyKeys = CasualtyKeys()
    actors: tuple[ActorKeys, ...] = ()
    reports: ReportsKeys | None = None
    extra: ExtraKeys = ExtraKeys()

    @model_validator(mode="after")
    def _gathers(self) -> IncidentKeys:
        asked = self.extra.gathered or any(each.rows == "sum" for each in (self.killed, self.injured))
        if asked and self.repeated != "gather":
            raise syntax.fault('rows = "sum" and [incident.extra] gathered need [incident] repeated = "gather"')
        return self

    def declared(self) -> Iterator[tuple[DeclaredField, CellValue]]:
        """Yield the declared fields with their values; a list that the profile does not name is the editors'."""
        for name, field in DECLARED.items():
            if not field.is_list or name in self.model_fields_set:
                yield field, getattr(self, name)


def _key_of(field: DeclaredField) -> Any:
    """Return the type of the key of a declared field, and its default."""
    type_ = types.of_field(field)
    # Own codes of the dataset can stand for the event type, so its absence is checked for the whole profile.
    required = bool(field.profile and field.profile.required) and field.stored != "event_type"
    read = syntax.cell_list(type_) if field.is_list else cell(type_, required=required)
    return Annotated[CellValue, read], ... if required else ABSENT


DeclaredKeys: type[IncidentKeys] = create_model(
    "DeclaredKeys", __base__=IncidentKeys, **{name: _key_of(field) for name, field in DECLARED.items()}
)
"""The keys of [incident], those of declared fields too."""


class ProfileKeys(Keys):
    """The whole document."""

    title: Text
    file: FileKeys = FileKeys()
    dataset: DatasetKeys
    cells: dict[str, Name] = {}
    fields: tuple[OwnFieldKeys, ...] = ()
    incident: Annotated[IncidentKeys, PlainValidator(lambda raw: DeclaredKeys.model_validate(raw))]
