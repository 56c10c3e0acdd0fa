"""The objects within the documents of incidents."""

from __future__ import annotations

from incidents import vocabulary
from incidents.schema.common import DEGREES, DISTRICT, REGION, coded, countries, day, degrees, known, missing
from incidents.schema.fields import Field, Index, Parameter, Part, ProfileKey, TableColumn

PLACE_KEYS = tuple(
    f"incident.place.{key}"
    for key in (
        *("name", "country", "admin1", "admin2", "admin3", "country_code"),
        *("id", "geonames_id", "katotth", "pcode", "wikidata_id"),
    )
)
"""Keys of profiles that say which place it is."""

POINT_KEYS = ("incident.place.latitude", "incident.place.longitude")

DATE = Part(
    "DateInterval",
    "The interval in which the incident lies for certain.",
    (
        day(
            "start",
            "Earliest day it can have begun; null: not told.",
            stored="date_start",
            set_by=("incident.date.start", "incident.date.year"),
            column=TableColumn("date_start", hxl="#date+start", empty="Empty: not told."),
        ),
        day(
            "end",
            "Latest day it can have ended; null: not told, or ongoing.",
            stored="date_end",
            set_by=("incident.date.end", "incident.date.year", "incident.date.widen"),
            column=TableColumn("date_end", hxl="#date+end", empty="Empty: not told, or ongoing."),
        ),
        coded(
            "precision",
            vocabulary.DATE_PRECISIONS,
            stored="date_precision",
            set_by=("incident.date.precision", "incident.date.widen"),
            index=Index("date_rank", rank=True),
            asked=(Parameter("date_precision", "as_precise", "The time is known at least this precisely."),),
            column=TableColumn("date_precision", hxl="#date+precision"),
        ),
        missing(
            "remark",
            "What the bounds rest on.",
            stored="date_remark",
            column=TableColumn("date_remark", hxl="#date+remark"),
        ),
        missing(
            "time",
            "Local time of day at which it began, as HH:MM or HH:MM:SS, 24 hours; null: not known.",
            since=2,
            after="remark",
            stored="time_of_day",
            profile=ProfileKey("time"),
            column=TableColumn("time", hxl="#date+time"),
        ),
        missing(
            "time_zone",
            "The zone of `time`, by its name in the IANA database, such as Europe/Kyiv; null: not known.",
            since=2,
            after="time",
            stored="time_zone",
            profile=ProfileKey("time_zone"),
            column=TableColumn("time_zone", hxl="#date+zone"),
        ),
    ),
)

PLACE = Part(
    "IncidentPlace",
    "Where it happened, as precisely as is known and may be told; all null where no place is told.",
    (
        Field(
            "id",
            "id",
            "The location.",
            null=True,
            index=Index("location", length=80),
            grouped="location",
            column=TableColumn("location_id", hxl="#loc+id", empty="Empty: no place is told."),
        ),
        missing("name", "Its name.", column=TableColumn("location_name", hxl="#loc+name", editable=False)),
        coded(
            "kind",
            vocabulary.LOCATION_KINDS,
            null=True,
            column=TableColumn("location_kind", hxl="#loc+type", editable=False),
        ),
        missing(
            "admin1",
            "Region that holds it.",
            index=Index(length=200, by_day="inc_by_admin1"),
            asked=(REGION,),
            grouped="admin1",
            column=TableColumn("admin1", hxl="#adm1+name", editable=False),
        ),
        missing(
            "admin2",
            "District that holds it.",
            index=Index(length=200, by_day="inc_by_admin2"),
            asked=(DISTRICT,),
            grouped="admin2",
            column=TableColumn("admin2", hxl="#adm2+name", editable=False),
        ),
        missing(
            "country",
            "ISO 3166-1 alpha-3.",
            index=Index(length=3, by_day="inc_by_country"),
            asked=(countries(example=True),),
            grouped="country",
            column=TableColumn("country", hxl="#country+code+v_iso3", editable=False),
        ),
        missing(
            "as_reported",
            "The place in the words of the report.",
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
        ),
        degrees(
            "longitude",
            "Degrees east, WGS 84.",
            stored="longitude",
            set_by=POINT_KEYS,
            index=Index(),
            column=TableColumn("longitude", hxl="#geo+lon", **DEGREES),
        ),
        coded(
            "precision",
            vocabulary.LOCATION_PRECISIONS,
            stored="location_precision",
            set_by=("incident.place.precision",),
            index=Index("place_rank", rank=True),
            asked=(Parameter("location_precision", "as_precise", "The place is known at least this precisely."),),
            column=TableColumn("location_precision", hxl="#geo+precision"),
        ),
        Field(
            "radius_km",
            "number",
            "It lies within this distance of the point.",
            null=True,
            stored="radius_km",
            set_by=("incident.place.radius_km",),
            column=TableColumn(
                "radius_km", hxl="#geo+radius+km", unit="kilometres", empty="Empty: no distance is told."
            ),
        ),
        missing(
            "remark",
            "How the place was identified, and how surely.",
            stored="location_remark",
            column=TableColumn("location_remark", hxl="#geo+remark"),
        ),
    ),
)

PARTICIPATION = Part(
    "Participation",
    "The part that an actor had.",
    (
        Field("id", "id", "The actor."),
        known("name", "Its name."),
        coded("kind", vocabulary.ACTOR_KINDS),
        coded("role", vocabulary.ACTOR_ROLES),
        coded("certainty", vocabulary.CERTAINTIES),
    ),
)

RELATED = Part(
    "RelatedIncident",
    "Another public incident, and how this one stands to it.",
    (Field("id", "id", "The other incident."), coded("relation", vocabulary.RELATIONS)),
)

BOUNDS = {
    "low": "the lowest figure that is told.",
    "best": "the figure that the editors adopt.",
    "high": "the highest figure that is told.",
}


def figure(what: str, *, order: str = "", by_value: str) -> Field:
    """Return the figures of one kind of harm: low, best and high, of which best is asked for."""
    asked = (
        Parameter(f"{what}_min", "at_least", f"At least so many {what} (best figure); not reported never matches."),
        Parameter(f"{what}_max", "at_most", f"At most so many {what} (best figure); not reported never matches."),
    )
    bounds = tuple(
        Field(
            bound,
            "integer",
            f"{said[0].upper()}{said[1:]}".replace("The lowest", "Lowest").replace("The highest", "Highest"),
            null=True,
            lowest=0,
            stored=f"{what}_{bound}",
            set_by=(f"incident.{what}.{bound}",),
            index=Index(f"{what}_{bound}", order=order, by_value=by_value)
            if bound == "best"
            else Index(f"{what}_{bound}"),
            asked=asked if bound == "best" else (),
            ordered=what if bound == "best" and order else "",
            column=TableColumn(
                f"{what}_{bound}",
                hxl=f"#affected+{what}+{bound}",
                unit="people",
                description=f"People {what}: {said}",
                empty="Empty: not reported. 0: reported that there were none.",
            ),
        )
        for bound, said in BOUNDS.items()
    )
    return Field(
        what,
        "object",
        part=Part("Figure", "A number of people. null: not reported. 0: reported that there were none.", bounds),
    )


CASUALTIES = Part(
    "Casualties",
    "People killed and injured.",
    (
        figure("killed", order="killed_order", by_value="inc_by_killed"),
        figure("injured", by_value="inc_by_injured"),
    ),
)

DISCLOSURE = Part(
    "Disclosure",
    "How precisely place and time are told.",
    (
        coded(
            "place",
            vocabulary.PLACE_DISCLOSURES,
            stored="place_disclosure",
            column=TableColumn("disclosure_place", hxl="#meta+disclosure+place"),
        ),
        coded(
            "date",
            vocabulary.DATE_DISCLOSURES,
            stored="date_disclosure",
            column=TableColumn("disclosure_date", hxl="#meta+disclosure+date"),
        ),
    ),
)
