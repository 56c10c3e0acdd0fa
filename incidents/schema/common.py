"""Fields that documents of every kind have, and what is said of values that many fields have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from incidents.schema.attributes import RANGE
from incidents.schema.fields import (
    EMPTY,
    LISTS,
    Field,
    Generalised,
    Index,
    Meaning,
    Parameter,
    Part,
    ProfileKey,
    TableColumn,
    Type,
)
from incidents.vocabulary import Vocabulary

ID = "Stable, readable and never reused."
LANGUAGE = "ISO 639-1."
COUNTRY = "ISO 3166-1 alpha-3."

DEGREES: dict[str, Any] = {"unit": "degrees, WGS 84", "empty": "Empty: no point is known."}
NONE = "Empty: none."


def record_id() -> Field:
    """Declare `id`, the first field of every document."""
    return Field("id", "id", ID, stored="public_id", column=TableColumn("id", hxl="#meta+id"), generalised="keep")


def revision() -> Field:
    """Declare `revision`, which counts the published versions of a record."""
    return Field(
        "revision",
        "integer",
        "Number of this published version of the record, starting at 1.",
        lowest=1,
        column=TableColumn("revision", hxl="#meta+revision", editable=False),
        generalised="keep",
    )


def published() -> Field:
    """Declare `published`, the time of the revision."""
    return Field(
        "published",
        "time",
        "Time at which this revision was published.",
        column=TableColumn("published", hxl="#date+published", editable=False),
        generalised="keep",
    )


def first_published() -> Field:
    """Declare `first_published`, the time of the first revision."""
    return Field(
        "first_published",
        "time",
        "Time at which the record was first published. It stays the same when the record is changed, reduced, or "
        "published again after a withdrawal.",
        derived=True,
        column=TableColumn("first_published", hxl="#date+published+first", editable=False),
        generalised="keep",
    )


KIND = Index(length=30, blank=True, shared=True)
"""Options of the index column of the field `kind`."""

COUNTRIES = "Countries: codes of ISO 3166-1, or names in any language and spelling."
CALLED = "ids, names in any language and spelling, or codes (ISO 3166-2, p-code, GeoNames, Wikidata, KATOTTH)."
REGION = Parameter("admin1", "among", f"Regions: {CALLED}", form="admin1", example=["Luhansk Oblast"])
DISTRICT = Parameter("admin2", "among", f"Districts: {CALLED}", form="admin2")


def region_code(level: str, what: str, *, generalised: Generalised = "withhold") -> Field:
    """Declare the code of a region or district, which is looked up when a document is shown."""
    return missing(
        f"{level}_code",
        f"Code of the {what}: ISO 3166-2 where it has one, otherwise its p-code; null: none is known. It follows later "
        "corrections of the place, as of the moment of the answer.",
        derived=True,
        column=TableColumn(
            f"{level}_code", hxl=f"#{level.replace('admin', 'adm')}+code", empty="Empty: none is known.", editable=False
        ),
        generalised=generalised,
    )


def country_index() -> Index:
    """Options of the index on the country of a named record."""
    return Index("country", length=3, blank=True, shared=True)


def countries(label: str = COUNTRIES, *, placed: bool = False) -> Parameter:
    """Declare the parameter `country`, a list of codes and names of countries; `placed`: of records at a place."""
    return Parameter(
        "country", "among", label, form="country" if placed else "origin", example=["UKR"] if placed else None
    )


def begin() -> tuple[Field, ...]:
    """First fields of every document: id, revision and times of publication."""
    return record_id(), revision(), published(), first_published()


def known(name: str, definition: str, **more: Any) -> Field:
    """Declare a text that is never null."""
    return Field(name, "text", definition, **more)


def missing(name: str, definition: str, **more: Any) -> Field:
    """Declare a text that is null if it is unknown."""
    return Field(name, "text", definition, null=True, **more)


def coded(name: str, vocabulary: Vocabulary, **more: Any) -> Field:
    """Declare a code of a vocabulary."""
    return Field(name, "code", vocabulary=vocabulary, **more)


def day(name: str, definition: str, **more: Any) -> Field:
    """Declare an ISO 8601 date that may be null."""
    return Field(name, "date", definition, null=True, **more)


def number_of(name: str, definition: str, **more: Any) -> Field:
    """Declare a whole number, 0 or more, that may be null."""
    return Field(name, "integer", definition, null=True, lowest=0, **more)


def degrees(name: str, definition: str, **more: Any) -> Field:
    """Declare a coordinate in degrees (WGS 84) that may be null."""
    return Field(name, "number", definition, null=True, **more)


class Bound(NamedTuple):
    """One side of a range: its condition, the suffix of its parameter, and its description."""

    meaning: Meaning
    ending: str
    label: str


FACETS = ("codes", "words")
RANGES: dict[str, tuple[Bound, Bound]] = {
    "integer": (Bound("at_least", "min", "Minimum."), Bound("at_most", "max", "Maximum.")),
    "number": (Bound("at_least", "min", "Minimum."), Bound("at_most", "max", "Maximum.")),
    "date": (Bound("from", "after", "On or after this day."), Bound("until", "before", "On or before this day.")),
    "clock": (
        Bound("from", "after", "At this time of day or later."),
        Bound("until", "before", "At this time of day or earlier."),
    ),
}
"""Types with parameters for a lower and an upper bound."""

INCIDENT_TYPES = ("code", "codes", "text", "words", "link", "integer", "number", "boolean", "date", "clock", "range")
"""Types of `incident_field`; `range` is an object of three whole numbers: low, best and high."""

FIGURES = {"low": "Lowest figure.", "best": "Best figure.", "high": "Highest figure."}


def incident_field(
    name: str,
    type_: Type | Literal["range"],
    definition: str = "",
    *,
    since: int,
    after: str,
    vocabulary: Vocabulary | None = None,
    indexed_as: str = "",
    hxl: str = "",
    unit: str = "",
    lowest: int | None = None,
    generalised: Generalised = "withhold",
) -> Field:
    """Declare a field of incidents with all options of its type; it may be null, or an empty list.

    It is taken from the field of that name of the working record, set by the key of that name of a profile, and shown
    in a column of that name. With `indexed_as`, the name of its database index (of lists: of its facet), readers can
    ask for it: for codes and texts by its name, which groups codes too, for numbers by name_min and name_max, for days
    and times of day by name_after and name_before. Incidents whose place or date is coarsened are published without it,
    unless `generalised` says otherwise.

    A range is taken from name_low, name_best and name_high, and so are its keys and columns called; readers ask for the
    best figure, and with `indexed_as` aggregates add up all three. Raises ValueError for another type.
    """
    if type_ not in INCIDENT_TYPES:
        raise ValueError(f"{name} is of type {type_}; incident_field knows {', '.join(INCIDENT_TYPES)}.")
    if type_ == "range":
        return _range(name, definition, since, after, indexed_as, hxl, unit, lowest, generalised)
    is_list = type_ in LISTS
    return Field(
        name,
        type_,
        definition,
        vocabulary=vocabulary,
        null=not is_list,
        lowest=lowest,
        since=since,
        after=after,
        default=[] if is_list else None,
        stored=name,
        profile=ProfileKey(name),
        index=_index(type_, indexed_as) if indexed_as else None,
        asked=tuple(_asked(name, type_, definition)) if indexed_as else (),
        grouped=name if indexed_as and type_ == "code" else "",
        column=TableColumn(name, hxl=hxl, unit=unit, empty=NONE if is_list else EMPTY),
        generalised=generalised,
    )


def _range(
    name: str,
    definition: str,
    since: int,
    after: str,
    indexed_as: str,
    hxl: str,
    unit: str,
    lowest: int | None,
    generalised: Generalised,
) -> Field:
    def bound(part: str) -> Field:
        column = f"{name}_{part}"
        is_asked = part == "best" and bool(indexed_as)
        index = Index(column, by_value=indexed_as if is_asked else "") if indexed_as else None
        return Field(
            part,
            "integer",
            f"{definition} {FIGURES[part]}".strip(),
            null=True,
            lowest=lowest,
            stored=column,
            profile=ProfileKey(column),
            index=index,
            asked=tuple(_asked(name, "integer", definition)) if is_asked else (),
            column=TableColumn(column, hxl=f"{hxl}+{part}" if hxl else "", unit=unit),
            generalised=generalised,
        )

    said = f"{definition} A figure is null if it is unknown.".strip()
    return Field(
        name,
        "object",
        part=Part(f"{name.title().replace('_', '')}Range", said, tuple(map(bound, RANGE))),
        since=since,
        after=after,
        default=dict.fromkeys(RANGE),
    )


def _index(type_: Type, name: str) -> Index:
    if type_ in FACETS:
        return Index(facet=name)
    if type_ in RANGES:
        return Index(by_value=name)
    return Index(by_day=name, length=200 if type_ == "text" else 40)


def _asked(name: str, type_: Type, definition: str) -> Iterator[Parameter]:
    if type_ in FACETS:
        yield Parameter(name, "facet")
    elif type_ in RANGES:
        for bound in RANGES[type_]:
            said = f"{definition} {bound.label} Records without a value are excluded."
            yield Parameter(f"{name}_{bound.ending}", bound.meaning, said)
    elif type_ == "boolean":
        yield Parameter(name, "is")
    else:
        yield Parameter(name, "among")
