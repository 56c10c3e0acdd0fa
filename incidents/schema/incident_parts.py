"""The objects within the documents of incidents."""

from __future__ import annotations

from incidents import vocabulary
from incidents.schema.common import (
    coded,
    day,
    known,
    missing,
)
from incidents.schema.fields import Field, Index, Parameter, Part, ProfileKey, TableColumn

DATE = Part(
    "DateInterval",
    "The interval in which the incident certainly happened. A generalised document has no remark and no time; with a "
    "coarser date it has whole months or years.",
    (
        day(
            "start",
            "The earliest day on which it can have started; null: unknown.",
            stored="date_start",
            set_by=("incident.date.start", "incident.date.year"),
            column=TableColumn("date_start", hxl="#date+start", empty="Empty: unknown."),
            generalised="date",
        ),
        day(
            "end",
            "The latest day on which it can have ended; null: unknown or ongoing.",
            stored="date_end",
            set_by=("incident.date.end", "incident.date.year", "incident.date.widen"),
            column=TableColumn("date_end", hxl="#date+end", empty="Empty: unknown or ongoing."),
            generalised="date",
        ),
        coded(
            "precision",
            vocabulary.DATE_PRECISIONS,
            stored="date_precision",
            set_by=("incident.date.precision", "incident.date.widen"),
            index=Index("date_rank", rank=True),
            asked=(Parameter("date_precision", "as_precise", "The time is known with at least this precision."),),
            column=TableColumn("date_precision", hxl="#date+precision"),
            generalised="date",
        ),
        missing(
            "remark",
            "How the dates were determined.",
            stored="date_remark",
            column=TableColumn("date_remark", hxl="#date+remark"),
        ),
        Field(
            "time",
            "clock",
            "Local time of day at which it began, as HH:MM or HH:MM:SS, 24 hours; null: not known.",
            null=True,
            since=2,
            after="remark",
            stored="time_of_day",
            profile=ProfileKey("time"),
            column=TableColumn("time", hxl="#date+time"),
        ),
        Field(
            "time_zone",
            "zone",
            "The zone of `time`, by its name in the IANA database, such as Europe/Kyiv; null: not known.",
            null=True,
            since=2,
            after="time",
            stored="time_zone",
            profile=ProfileKey("time_zone"),
            column=TableColumn("time_zone", hxl="#date+zone"),
        ),
    ),
)

PARTICIPATION = Part(
    "Participation",
    "An actor and its role in the incident. In a generalised document `id` and `name` give its kind only, such as "
    "`withheld-partisans`, unless the editors declare the actor safe.",
    (
        Field("id", "id", "The actor.", generalised="make"),
        known("name", "Name of the actor.", generalised="make"),
        coded("kind", vocabulary.ACTOR_KINDS, generalised="keep"),
        coded("role", vocabulary.ACTOR_ROLES, generalised="keep"),
        coded("certainty", vocabulary.CERTAINTIES, generalised="keep"),
    ),
)

RELATED = Part(
    "RelatedIncident",
    "Another public incident, and its relation to this one. Generalised documents have no relations, and no other "
    "document names them.",
    (Field("id", "id", "The other incident."), coded("relation", vocabulary.RELATIONS)),
)

BOUNDS = {
    "low": "lowest reported figure.",
    "best": "best estimate of the editors.",
    "high": "highest reported figure.",
}


def figure(what: str, *, order: str = "", by_value: str) -> Field:
    """Figures of one kind of harm: low, best and high; parameters filter the best estimate."""
    asked = (
        Parameter(
            f"{what}_min", "at_least", f"Minimum {what} (best estimate). Incidents without a figure are excluded."
        ),
        Parameter(
            f"{what}_max", "at_most", f"Maximum {what} (best estimate). Incidents without a figure are excluded."
        ),
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
                empty="Empty: not reported. 0: reported as none.",
            ),
            generalised="keep",
        )
        for bound, said in BOUNDS.items()
    )
    return Field(
        what,
        "object",
        part=Part("Figure", "A number of people. null: not reported. 0: reported as none.", bounds),
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
    "How precisely place and time are published. If one of them is not `full`, the document is generalised: it has "
    "only what each field declares safe at that level.",
    (
        coded(
            "place",
            vocabulary.PLACE_DISCLOSURES,
            stored="place_disclosure",
            column=TableColumn("disclosure_place", hxl="#meta+disclosure+place"),
            generalised="keep",
        ),
        coded(
            "date",
            vocabulary.DATE_DISCLOSURES,
            stored="date_disclosure",
            column=TableColumn("disclosure_date", hxl="#meta+disclosure+date"),
            generalised="keep",
        ),
    ),
)
