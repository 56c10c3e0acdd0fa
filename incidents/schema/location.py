"""Places."""

from __future__ import annotations

from incidents import vocabulary
from incidents.schema.common import (
    COUNTRY,
    DEGREES,
    DISTRICT,
    KIND,
    LANGUAGE,
    NONE,
    REGION,
    begin,
    coded,
    countries,
    country_index,
    day,
    degrees,
    known,
    missing,
)
from incidents.schema.fields import Field, Index, Kind, Parameter, Part, TableColumn

NOTHING_HOLDS_IT = "Empty: nothing holds it."

NAME = Part(
    "PlaceNameShape",
    "A name in a language, or a spelling that a report used.",
    (known("name", "The name."), missing("language", LANGUAGE), coded("kind", vocabulary.NAME_KINDS)),
)

MEMBERSHIP = Part(
    "MembershipShape",
    "Who says that the place belongs to an area, and when.",
    (
        known("area", "The area or state."),
        known("claimed_by", "Who says so."),
        day("start", "From when; null: not told."),
        day("end", "Until when; null: not told, or still."),
        Field("control", "boolean", "It is about who holds the place in fact, not in law."),
    ),
)

PARENT = Part(
    "PlaceReference",
    "A place that is shown by another.",
    (
        Field(
            "id",
            "id",
            "The location.",
            index=Index("parent", length=80, blank=True),
            asked=(Parameter("parent", "among", "Places directly inside these locations.", form="id"),),
            column=TableColumn("parent_id", hxl="#loc+parent+id", empty=NOTHING_HOLDS_IT),
        ),
        known(
            "name",
            "Its name.",
            column=TableColumn("parent_name", hxl="#loc+parent+name", empty=NOTHING_HOLDS_IT, editable=False),
        ),
    ),
)

IDENTIFIERS = Part(
    "PlaceIdentifiers",
    "Ids in other gazetteers.",
    (
        Field(
            "geonames",
            "integer",
            "GeoNames.",
            null=True,
            lowest=0,
            stored="geonames_id",
            index=Index("geonames_id", big=True),
            asked=(Parameter("geonames", "is", "The GeoNames id.", example=712521),),
            column=TableColumn("geonames", hxl="#loc+id+v_geonames"),
        ),
        missing(
            "katotth",
            "Ukraine's codifier.",
            stored="katotth",
            column=TableColumn("katotth", hxl="#loc+id+v_katotth"),
        ),
        missing("pcode", "OCHA place code.", stored="pcode", column=TableColumn("pcode", hxl="#loc+id+v_pcode")),
        missing(
            "wikidata", "Wikidata.", stored="wikidata_id", column=TableColumn("wikidata", hxl="#loc+id+v_wikidata")
        ),
    ),
)

LOCATION = Kind(
    "location",
    Part(
        "LocationDocument",
        "A place, its names in every script, and what holds it.",
        (
            *begin(),
            known("name", "The name it is listed under.", stored="name", column=TableColumn("name", hxl="#loc+name")),
            coded(
                "kind",
                vocabulary.LOCATION_KINDS,
                stored="kind",
                index=KIND,
                asked=(Parameter("kind", "among"),),
                column=TableColumn("kind", hxl="#loc+type"),
            ),
            Field("parent", "object", part=PARENT, null=True),
            missing(
                "admin1",
                "Region that holds it, or that it is.",
                index=Index(length=200, blank=True),
                asked=(REGION,),
                column=TableColumn("admin1", hxl="#adm1+name", editable=False),
            ),
            missing(
                "admin2",
                "District that holds it, or that it is.",
                index=Index(length=200, blank=True),
                asked=(DISTRICT,),
                column=TableColumn("admin2", hxl="#adm2+name", editable=False),
            ),
            missing(
                "country",
                COUNTRY,
                stored="country_code",
                index=country_index(),
                asked=(countries(example=True),),
                column=TableColumn("country", hxl="#country+code+v_iso3"),
            ),
            degrees(
                "latitude",
                "Degrees north, WGS 84.",
                stored="latitude",
                index=Index(),
                column=TableColumn("latitude", hxl="#geo+lat", **DEGREES),
            ),
            degrees(
                "longitude",
                "Degrees east, WGS 84.",
                stored="longitude",
                index=Index(),
                column=TableColumn("longitude", hxl="#geo+lon", **DEGREES),
            ),
            Field(
                "within",
                "ids",
                "The places that hold it, nearest first.",
                item="A location.",
                column=TableColumn("within", hxl="#loc+within+list", empty=NOTHING_HOLDS_IT, editable=False),
            ),
            Field("names", "objects", part=NAME, column=TableColumn("names", hxl="#loc+names+json", empty=NONE)),
            Field("identifiers", "object", part=IDENTIFIERS),
            Field(
                "memberships",
                "objects",
                part=MEMBERSHIP,
                column=TableColumn("memberships", hxl="#loc+memberships+json", empty=NONE),
            ),
            missing(
                "remark",
                "How it was identified, and how surely.",
                stored="remark",
                column=TableColumn("remark", hxl="#loc+remark"),
            ),
        ),
    ),
    table=(
        *("id", "revision", "published", "name", "kind", "parent_id", "parent_name", "admin1", "admin2", "country"),
        *("latitude", "longitude", "within", "geonames", "katotth", "pcode", "wikidata", "names", "memberships"),
    ),
    parameters=("kind", "location", "parent", "country", "admin1", "admin2", "geonames"),
)
