"""Parameters whose values are places: an id, a code or a name in any language and spelling."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from incidents import world
from incidents.ledger.models import Entry, LocationEntry, NamedEntry
from incidents.query.entries import EntryQuery, database, entries
from incidents.query.places import Level, Meant
from incidents_api.parameters.filtersets import RefusedValueError
from incidents_api.parameters.values import ListParameter


class CodedPlaces(ListParameter):
    """Names and codes of places of a level."""

    level: Level

    def impossible(self, values: list[str]) -> Iterator[tuple[str, RefusedValueError]]:
        """Yield the values that have the form of a code of ISO 3166 and are none, with the reason."""
        for value in values:
            if self.level == "country" and world.is_code_of_country(value) and not world.country_of(value):
                message = f"“{value}” is no code of a country. Use ISO 3166-1, such as UKR, or a name."
                yield value, RefusedValueError(message, sorted(world.by_alpha3()), value)
            if self.level == "admin1" and world.is_code_of_region(value) and not world.region_of_code(value):
                known = [code for code in world.regions() if code.startswith(value[:3])]
                message = f"“{value}” is no code of a region. Use ISO 3166-2, such as UA-09, or a name."
                yield value, RefusedValueError(message, known, value)


class PlacesParameter(CodedPlaces):
    """Places of a level, as they were called at the moment of the answer."""

    def __init__(self, level: Level, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.level = level


class CountriesParameter(CodedPlaces):
    """Countries of records that are at no place."""

    level: Level = "country"


def within(query: EntryQuery, meant: Meant) -> EntryQuery:
    """Keep the records at these places or inside them."""
    return meant.narrow(query)


def of_countries(query: EntryQuery, values: list[str]) -> EntryQuery:
    """Keep the records of these countries."""
    codes = [country.alpha3 if (country := world.country_of(value)) else value.upper() for value in values]
    return Meant("country", tuple(dict.fromkeys(codes)), (), ()).narrow(query)


def has_country(model: type[Entry], code: str, at: int) -> bool:
    """Tell whether a record, or a place where records are, has a code of a country after a publication."""
    of = model if issubclass(model, NamedEntry) else LocationEntry  # which are fewer than incidents
    query = entries(of).where("country = %s", code.upper()).valid_at(at)
    with database().cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {query.table} WHERE {query.sql()} LIMIT 1", query.params)  # noqa: S608 - conditions of ours
        return cursor.fetchone() is not None
