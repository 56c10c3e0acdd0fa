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
    region_code,
)
from incidents.schema.fields import Field, Index, Parameter, Part, TableColumn
from incidents.schema.kinds import Kind

NOTHING_HOLDS_IT = "Empty: it is in no larger place."

NAME = Part(
    "PlaceNameShape",
    "A name in a language, or a spelling used by a report.",
    (known("name", "The name."), missing("language", LANGUAGE), coded("kind", vocabulary.NAME_KINDS)),
)

MEMBERSHIP = Part(
    "MembershipShape",
    "A claim that the place belongs to an area, for a period.",
    (
        known("area", "The area or state that the place belongs to."),
        known("claimed_by", "The source or authority that says so."),
        day("start", "First day; null: unknown."),
        day("end", "Last day; null: unknown or ongoing."),
        Field("control", "boolean", "True: it describes actual control, not law."),
    ),
)

PARENT = Part(
    "PlaceReference",
    "A place, in brief.",
    (
        Field(
            "id",
            "id",
            "The location.",
            index=Index("parent", length=80, blank=True),
            asked=(Parameter("parent", "among", "Places directly within these locations.", form="id"),),
            column=TableColumn("parent_id", hxl="#loc+parent+id", empty=NOTHING_HOLDS_IT),
        ),
        known(
            "name",
            "Name of the place.",
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
        "A place, its names in every script, and the areas that contain it.",
        (
            *begin(),
            known("name", "Main name of the place.", stored="name", column=TableColumn("name", hxl="#loc+name")),
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
                "Region of the place, or the place itself if it is a region.",
                index=Index(length=200, blank=True),
                asked=(REGION,),
                column=TableColumn("admin1", hxl="#adm1+name", editable=False),
            ),
            missing(
                "admin2",
                "District of the place, or the place itself if it is a district.",
                index=Index(length=200, blank=True),
                asked=(DISTRICT,),
                column=TableColumn("admin2", hxl="#adm2+name", editable=False),
            ),
            region_code("admin1", "region"),
            region_code("admin2", "district"),
            missing(
                "country",
                COUNTRY,
                stored="country_code",
                index=country_index(),
                asked=(countries(placed=True),),
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
                "The places that contain it, smallest first.",
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
                "How the place was identified, and how certain that is.",
                stored="remark",
                column=TableColumn("remark", hxl="#loc+remark"),
            ),
        ),
    ),
    table=(
        *("id", "revision", "published", "first_published", "name", "kind", "parent_id", "parent_name"),
        *("admin1", "admin2", "admin1_code", "admin2_code", "country"),
        *("latitude", "longitude", "within", "geonames", "katotth", "pcode", "wikidata", "names", "memberships"),
    ),
    parameters=("kind", "location", "parent", "country", "admin1", "admin2", "geonames"),
)
