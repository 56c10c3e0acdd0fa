"""Fields that documents of every kind have, and what is said of values that many fields have."""

from __future__ import annotations

from typing import Any

from incidents.schema.fields import EMPTY, Field, Index, Parameter, ProfileKey, TableColumn
from incidents.vocabulary import Vocabulary

ID = "Stable and readable; never given to another record."
LANGUAGE = "ISO 639-1."
COUNTRY = "ISO 3166-1 alpha-3."

DEGREES: dict[str, Any] = {"unit": "degrees, WGS 84", "empty": "Empty: no point is told."}
NONE = "Empty: there are none."


def record_id() -> Field:
    """Return the id that every document begins with."""
    return Field("id", "id", ID, stored="public_id", column=TableColumn("id", hxl="#meta+id"))


def revision() -> Field:
    """Return the number of the revision."""
    return Field(
        "revision",
        "integer",
        "Counts the published states of this record from 1.",
        lowest=1,
        column=TableColumn("revision", hxl="#meta+revision", editable=False),
    )


def published() -> Field:
    """Return the time of publication."""
    return Field(
        "published",
        "time",
        "When this revision was published.",
        column=TableColumn("published", hxl="#date+published", editable=False),
    )


KIND = Index(length=30, blank=True, shared=True)
"""Of the code by which records of a kind are told apart."""

COUNTRIES = "Countries, ISO 3166-1 alpha-3."
REGION = Parameter("admin1", "among", "Regions by name.", form="name", example=["Luhansk Oblast"])
DISTRICT = Parameter("admin2", "among", "Districts by name.", form="name")


def country_index() -> Index:
    """Return the index of a country of a record that is listed by name."""
    return Index("country", length=3, blank=True, shared=True)


def countries(label: str = COUNTRIES, *, example: bool = False) -> Parameter:
    """Return the parameter of countries."""
    return Parameter("country", "among", label, form="country", example=["UKR"] if example else None)


def begin() -> tuple[Field, ...]:
    """Return what documents begin with, but for what a kind puts in between."""
    return record_id(), revision(), published()


def known(name: str, definition: str, **more: Any) -> Field:
    """Return a text that is always there."""
    return Field(name, "text", definition, **more)


def missing(name: str, definition: str, **more: Any) -> Field:
    """Return a text that is null when it is not known."""
    return Field(name, "text", definition, null=True, **more)


def coded(name: str, vocabulary: Vocabulary, **more: Any) -> Field:
    """Return a coded value, which the vocabulary defines."""
    return Field(name, "code", vocabulary=vocabulary, **more)


def day(name: str, definition: str, **more: Any) -> Field:
    """Return a day that may be null."""
    return Field(name, "date", definition, null=True, **more)


def number_of(name: str, definition: str, **more: Any) -> Field:
    """Return a whole number that may be null and is not negative."""
    return Field(name, "integer", definition, null=True, lowest=0, **more)


def degrees(name: str, definition: str, **more: Any) -> Field:
    """Return degrees that may be null."""
    return Field(name, "number", definition, null=True, **more)


def coded_field(
    name: str, vocabulary: Vocabulary, *, since: int, after: str, by_day: str, hxl: str = "", empty: str = EMPTY
) -> Field:
    """Return a coded value of an incident with all that a coded value can have; it may be null.

    It is taken from the field of that name of the working record, set by the key of that name of a profile, asked for
    and grouped by the parameter of that name, and shown in a column of that name. `by_day` names its database index.
    """
    return Field(
        name,
        "code",
        vocabulary=vocabulary,
        null=True,
        since=since,
        after=after,
        stored=name,
        profile=ProfileKey(name),
        index=Index(by_day=by_day),
        asked=(Parameter(name, "among"),),
        grouped=name,
        column=TableColumn(name, hxl=hxl, empty=empty),
    )
