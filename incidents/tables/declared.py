"""The tables themselves."""

from __future__ import annotations

from functools import partial
from typing import Any

from incidents.tables.columns import Column, Table, column

DEGREES = {"unit": "degrees, WGS 84", "missing": "Empty: no point is told."}
KM = {"unit": "kilometres", "missing": "Empty: no distance is told."}
PEOPLE = {"unit": "people", "missing": "Empty: not reported. 0: reported that there were none."}
FIGURES = {
    "low": "the lowest figure that is told.",
    "best": "the figure that the editors adopt.",
    "high": "the highest figure that is told.",
}
NONE = "Empty: there are none."
SHOWN: dict[str, Any] = {"editable": False}
"""Follows from an id beside it."""


def begin(kind: str) -> tuple[Column, ...]:
    """Return the columns that every table begins with, but for what a kind puts between them."""
    of = partial(column, kind)
    return (
        of("id", hxl="#meta+id"),
        of("revision", hxl="#meta+revision", editable=False),
        of("published", hxl="#date+published", editable=False),
    )


def _incidents() -> Table:
    of = partial(column, "incident")
    the_id, revision, published = begin("incident")
    figures = [
        of(
            f"{what}_{which}",
            f"casualties.{what}.{which}",
            hxl=f"#affected+{what}+{which}",
            description=f"People {what}: {said}",
            **PEOPLE,
        )
        for what in ("killed", "injured")
        for which, said in FIGURES.items()
    ]
    return Table(
        "incident",
        (
            the_id,
            of("dataset", hxl="#meta+dataset"),
            revision,
            published,
            of("summary", hxl="#description+summary"),
            of("event_type", hxl="#event+type"),
            of("event_subtype", hxl="#event+subtype"),
            of("date_start", "date.start", hxl="#date+start", missing="Empty: not told."),
            of("date_end", "date.end", hxl="#date+end", missing="Empty: not told, or ongoing."),
            of("date_precision", "date.precision", hxl="#date+precision"),
            of("date_remark", "date.remark", hxl="#date+remark"),
            of("location_id", "location.id", hxl="#loc+id", missing="Empty: no place is told."),
            of("location_name", "location.name", hxl="#loc+name", **SHOWN),
            of("location_kind", "location.kind", hxl="#loc+type", **SHOWN),
            of("admin1", "location.admin1", hxl="#adm1+name", **SHOWN),
            of("admin2", "location.admin2", hxl="#adm2+name", **SHOWN),
            of("country", "location.country", hxl="#country+code+v_iso3", **SHOWN),
            of("location_as_reported", "location.as_reported", hxl="#loc+reported"),
            of("latitude", "location.latitude", hxl="#geo+lat", **DEGREES),
            of("longitude", "location.longitude", hxl="#geo+lon", **DEGREES),
            of("location_precision", "location.precision", hxl="#geo+precision"),
            of("radius_km", "location.radius_km", hxl="#geo+radius+km", **KM),
            of("location_remark", "location.remark", hxl="#geo+remark"),
            *figures,
            of("targets", hxl="#subject+target+list", missing=NONE),
            of("tags", hxl="#meta+tag+list", missing=NONE),
            Column(
                "actor_names",
                ("actors",),
                "list",
                "Names of the actors, for reading; `actors` has all of them.",
                NONE,
                hxl="#group+name+list",
                gathered=("name",),
                editable=False,
            ),
            Column(
                "source_names",
                ("reports",),
                "list",
                "Names of the sources that report it, each once, for reading; `reports` has all of them.",
                NONE,
                hxl="#meta+source+name+list",
                gathered=("source", "name"),
                editable=False,
            ),
            of("actors", hxl="#group+json", missing=NONE),
            of("reports", hxl="#meta+report+json", missing=NONE),
            of("claims", hxl="#meta+claim+json", missing=NONE),
            of("related", hxl="#event+related+json", missing=NONE),
            of("extra", hxl="#meta+extra+json", missing=NONE),
            of("disclosure_place", "disclosure.place", hxl="#meta+disclosure+place"),
            of("disclosure_date", "disclosure.date", hxl="#meta+disclosure+date"),
            of("licence", hxl="#meta+licence", editable=False),
        ),
        point=("longitude", "latitude"),
    )


def _locations() -> Table:
    of = partial(column, "location")
    return Table(
        "location",
        (
            *begin("location"),
            of("name", hxl="#loc+name"),
            of("kind", hxl="#loc+type"),
            of("parent_id", "parent.id", hxl="#loc+parent+id", missing="Empty: nothing holds it."),
            of("parent_name", "parent.name", hxl="#loc+parent+name", missing="Empty: nothing holds it.", **SHOWN),
            of("admin1", hxl="#adm1+name", **SHOWN),
            of("admin2", hxl="#adm2+name", **SHOWN),
            of("country", hxl="#country+code+v_iso3"),
            of("latitude", hxl="#geo+lat", **DEGREES),
            of("longitude", hxl="#geo+lon", **DEGREES),
            of("within", hxl="#loc+within+list", missing="Empty: nothing holds it.", **SHOWN),
            of("geonames", "identifiers.geonames", hxl="#loc+id+v_geonames"),
            of("katotth", "identifiers.katotth", hxl="#loc+id+v_katotth"),
            of("pcode", "identifiers.pcode", hxl="#loc+id+v_pcode"),
            of("wikidata", "identifiers.wikidata", hxl="#loc+id+v_wikidata"),
            of("names", hxl="#loc+names+json", missing=NONE),
            of("memberships", hxl="#loc+memberships+json", missing=NONE),
            of("remark", hxl="#loc+remark"),
        ),
        point=("longitude", "latitude"),
    )


def _sources() -> Table:
    of = partial(column, "source")
    return Table(
        "source",
        (
            *begin("source"),
            of("name", hxl="#meta+source+name"),
            of("kind", hxl="#meta+source+type"),
            of("url", hxl="#meta+source+url"),
            of("language", hxl="#meta+source+lang"),
            of("country", hxl="#country+code+v_iso3"),
            of("affiliation", hxl="#meta+source+affiliation"),
            of("scale", hxl="#meta+source+scale"),
            of("reliability", hxl="#meta+source+reliability"),
            of("remark", hxl="#meta+source+remark"),
        ),
    )


def _actors() -> Table:
    of = partial(column, "actor")
    return Table(
        "actor",
        (
            *begin("actor"),
            of("name", hxl="#group+name"),
            of("kind", hxl="#group+type"),
            of("country", hxl="#country+code+v_iso3"),
            of("ucdp", "identifiers.ucdp", hxl="#group+id+v_ucdp"),
            of("remark", hxl="#group+remark"),
        ),
    )


def _datasets() -> Table:
    of = partial(column, "dataset")
    return Table(
        "dataset",
        (
            *begin("dataset"),
            of("name", hxl="#meta+dataset+name"),
            of("description", hxl="#description"),
            of("licence", hxl="#meta+licence"),
            of("attribution", hxl="#meta+attribution"),
            of("citation", hxl="#meta+citation"),
            of("homepage", hxl="#meta+url"),
            of("version", hxl="#meta+version"),
            of("coverage_start", "coverage.start", hxl="#date+start"),
            of("coverage_end", "coverage.end", hxl="#date+end"),
            of("coverage_area", "coverage.area", hxl="#loc+area"),
            of("coverage_sources", "coverage.sources", hxl="#meta+source+json", missing=NONE),
        ),
    )


TABLES: dict[str, Table] = {
    table.kind: table for table in (_incidents(), _locations(), _sources(), _actors(), _datasets())
}
"""By kind of record."""
