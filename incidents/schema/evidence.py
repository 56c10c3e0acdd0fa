"""Who speaks, what they published, and what it says."""

from __future__ import annotations

from incidents import vocabulary
from incidents.schema.common import COUNTRY, KIND, LANGUAGE, begin, coded, countries, country_index, day, known, missing
from incidents.schema.fields import Field, Index, Kind, Parameter, Part, TableColumn

SPEAKER = Part(
    "Speaker",
    "A source, as far as a report shows it.",
    (
        Field("id", "id", "The source."),
        known("name", "Its name."),
        coded("kind", vocabulary.SOURCE_KINDS),
    ),
)

REPORT = Part(
    "ReportShape",
    "One document that the incident rests on.",
    (
        Field("id", "id", "Stable within the dataset."),
        Field("source", "object", "Whose document it is.", part=SPEAKER),
        Field("relays", "object", "Whose words it passes on.", part=SPEAKER, null=True),
        missing("title", "Its headline."),
        missing("url", "Where it was published."),
        missing("archive_url", "Where a copy is kept."),
        day("published", "The day it was published; null: not known."),
        day("published_not_before", "A bound, where the day is not known."),
        missing("language", LANGUAGE),
    ),
)

CLAIM = Part(
    "ClaimShape",
    "What one report says of one field; contradicting claims stand side by side.",
    (
        coded("field", vocabulary.CLAIM_FIELDS),
        Field("value", "json", "A number, a text, or an object."),
        coded("stance", vocabulary.STANCES),
        Field("source", "id", "Who says it."),
        Field("report", "id", "In which report."),
        missing("quote", "In its own words, one sentence at most."),
        Field("adopted", "boolean", "The incident's own value follows this claim."),
    ),
)

SOURCE = Kind(
    "source",
    Part(
        "SourceDocument",
        "Who speaks.",
        (
            *begin(),
            known("name", "Its name.", stored="name", column=TableColumn("name", hxl="#meta+source+name")),
            coded(
                "kind",
                vocabulary.SOURCE_KINDS,
                stored="kind",
                index=KIND,
                asked=(Parameter("kind", "among"),),
                column=TableColumn("kind", hxl="#meta+source+type"),
            ),
            missing("url", "Its address.", stored="url", column=TableColumn("url", hxl="#meta+source+url")),
            missing(
                "language",
                LANGUAGE,
                stored="language",
                index=Index(length=10, blank=True),
                asked=(Parameter("language", "among", "Main languages, ISO 639-1.", form="language", example=["uk"]),),
                column=TableColumn("language", hxl="#meta+source+lang"),
            ),
            missing(
                "country",
                "ISO 3166-1 alpha-3 of its seat.",
                stored="country_code",
                index=country_index(),
                asked=(countries("Countries of their seats, ISO 3166-1 alpha-3."),),
                column=TableColumn("country", hxl="#country+code+v_iso3"),
            ),
            missing(
                "affiliation",
                "The party to the conflict it belongs to or speaks for.",
                stored="affiliation",
                column=TableColumn("affiliation", hxl="#meta+source+affiliation"),
            ),
            coded(
                "scale",
                vocabulary.SCALES,
                stored="scale",
                index=Index(length=20, blank=True),
                asked=(Parameter("scale", "among"),),
                column=TableColumn("scale", hxl="#meta+source+scale"),
            ),
            coded(
                "reliability",
                vocabulary.RELIABILITIES,
                stored="reliability",
                index=Index(length=1, blank=True),
                asked=(Parameter("reliability", "among"),),
                column=TableColumn("reliability", hxl="#meta+source+reliability"),
            ),
            missing(
                "remark",
                "What a reader should know about it.",
                stored="remark",
                column=TableColumn("remark", hxl="#meta+source+remark"),
            ),
        ),
    ),
    parameters=("kind", "country", "language", "scale", "reliability"),
)

ACTOR = Kind(
    "actor",
    Part(
        "ActorDocument",
        "Who acts or is acted on, as a group or an office.",
        (
            *begin(),
            known("name", "Its name.", stored="name", column=TableColumn("name", hxl="#group+name")),
            coded(
                "kind",
                vocabulary.ACTOR_KINDS,
                stored="kind",
                index=KIND,
                asked=(Parameter("kind", "among"),),
                column=TableColumn("kind", hxl="#group+type"),
            ),
            missing(
                "country",
                COUNTRY,
                stored="country_code",
                index=country_index(),
                asked=(countries(),),
                column=TableColumn("country", hxl="#country+code+v_iso3"),
            ),
            Field(
                "identifiers",
                "object",
                part=Part(
                    "ActorIdentifiers",
                    "Ids in other datasets.",
                    (
                        Field(
                            "ucdp",
                            "integer",
                            "UCDP actor id.",
                            null=True,
                            lowest=0,
                            stored="ucdp_id",
                            column=TableColumn("ucdp", hxl="#group+id+v_ucdp"),
                        ),
                    ),
                ),
            ),
            missing(
                "remark",
                "Who is meant, and by whom the name is used.",
                stored="remark",
                column=TableColumn("remark", hxl="#group+remark"),
            ),
        ),
    ),
)
