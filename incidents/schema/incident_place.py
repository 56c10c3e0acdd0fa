"""Where an incident happened: the place within its document."""

from __future__ import annotations

from incidents import vocabulary
from incidents.schema.common import (
    DEGREES,
    DISTRICT,
    REGION,
    coded,
    countries,
    degrees,
    missing,
    region_code,
)
from incidents.schema.fields import Field, Index, Parameter, Part, TableColumn

PLACE_KEYS = tuple(
    f"incident.place.{key}"
    for key in (
        *("name", "country", "admin1", "admin2", "admin3", "country_code"),
        *("id", "geonames_id", "katotth", "pcode", "wikidata_id"),
    )
)
"""Keys of profiles that say which place it is."""

POINT_KEYS = ("incident.place.latitude", "incident.place.longitude", "incident.place.point")

PLACE = Part(
    "IncidentPlace",
    "Where it happened, as precisely as it is known and may be published. All fields are null if the place is unknown. "
    "A generalised document has neither the name in the report nor the remark; with a coarser place it has the area.",
    (
        Field(
            "id",
            "id",
            "The location.",
            null=True,
            index=Index("location", length=80),
            grouped="location",
            column=TableColumn("location_id", hxl="#loc+id", empty="Empty: the place is unknown."),
            generalised="place",
        ),
        missing(
            "name",
            "Name of the place.",
            column=TableColumn("location_name", hxl="#loc+name", editable=False),
            generalised="place",
        ),
        coded(
            "kind",
            vocabulary.LOCATION_KINDS,
            null=True,
            column=TableColumn("location_kind", hxl="#loc+type", editable=False),
            generalised="place",
        ),
        missing(
            "admin1",
            "Region of the place.",
            index=Index(length=200, by_day="inc_by_admin1"),
            asked=(REGION,),
            grouped="admin1",
            column=TableColumn("admin1", hxl="#adm1+name", editable=False),
            generalised="place",
        ),
        missing(
            "admin2",
            "District of the place.",
            index=Index(length=200, by_day="inc_by_admin2"),
            asked=(DISTRICT,),
            grouped="admin2",
            column=TableColumn("admin2", hxl="#adm2+name", editable=False),
            generalised="place",
        ),
        region_code("admin1", "region", generalised="place"),
        region_code("admin2", "district", generalised="place"),
        missing(
            "country",
            "ISO 3166-1 alpha-3.",
            index=Index(length=3, by_day="inc_by_country"),
            asked=(countries(placed=True),),
            grouped="country",
            column=TableColumn("country", hxl="#country+code+v_iso3", editable=False),
            generalised="place",
        ),
        missing(
            "as_reported",
            "The place as the report names it.",
            stored="location_as_reported",
            set_by=("incident.place.as_reported",),
            column=TableColumn("location_as_reported", hxl="#loc+reported"),
        ),
        degrees(
            "latitude",
            "Degrees north, WGS 84.",
            stored="latitude",
            set_by=POINT_KEYS,
            index=Index(),
            column=TableColumn("latitude", hxl="#geo+lat", **DEGREES),
            generalised="place",
        ),
        degrees(
            "longitude",
            "Degrees east, WGS 84.",
            stored="longitude",
            set_by=POINT_KEYS,
            index=Index(),
            column=TableColumn("longitude", hxl="#geo+lon", **DEGREES),
            generalised="place",
        ),
        coded(
            "precision",
            vocabulary.LOCATION_PRECISIONS,
            stored="location_precision",
            set_by=("incident.place.precision",),
            index=Index("place_rank", rank=True),
            asked=(Parameter("location_precision", "as_precise", "The place is known with at least this precision."),),
            column=TableColumn("location_precision", hxl="#geo+precision"),
            generalised="place",
        ),
        Field(
            "radius_km",
            "number",
            "The incident happened within this distance of the point.",
            null=True,
            stored="radius_km",
            set_by=("incident.place.radius_km",),
            column=TableColumn(
                "radius_km", hxl="#geo+radius+km", unit="kilometres", empty="Empty: the distance is unknown."
            ),
            generalised="place",
        ),
        missing(
            "remark",
            "How the place was identified, and how certain that is.",
            stored="location_remark",
            column=TableColumn("location_remark", hxl="#geo+remark"),
        ),
    ),
)
