"""Who speaks, what they published, and what it says."""

from __future__ import annotations

from incidents import vocabulary
from incidents.schema.common import COUNTRY, KIND, LANGUAGE, begin, coded, countries, country_index, day, known, missing
from incidents.schema.fields import Field, Index, Parameter, Part, TableColumn
from incidents.schema.kinds import Kind

SPEAKER = Part(
    "Speaker",
    "A source, in brief. In a generalised document `id` and `name` give its kind only, such as `withheld-news-outlet`.",
    (
        Field("id", "id", "The source.", generalised="make"),
        known("name", "Name of the source.", generalised="make"),
        coded("kind", vocabulary.SOURCE_KINDS, generalised="keep"),
    ),
)

REPORT = Part(
    "ReportShape",
    "A document that reports the incident. A generalised document gives of each report only the kinds of its sources.",
    (
        Field(
            "id",
            "id",
            "Stable within the dataset. In a generalised document a number that means nothing elsewhere.",
            generalised="make",
        ),
        Field("source", "object", "The source that published the document.", part=SPEAKER),
        Field("relays", "object", "The source that the document relays; null: none.", part=SPEAKER, null=True),
        missing("title", "Headline of the document."),
        missing("url", "URL of the document."),
        missing("archive_url", "URL of an archived copy."),
        day("published", "Day of publication; null: unknown."),
        day("published_not_before", "The latest possible day of publication, if the day is unknown."),
        missing("language", LANGUAGE),
    ),
)

CLAIM = Part(
    "ClaimShape",
    "What one report says about one field. Contradicting claims are all listed. A generalised document has those of "
    "figures only.",
    (
        coded("field", vocabulary.CLAIM_FIELDS, generalised="keep"),
        Field("value", "json", "A number, a text, or an object.", generalised="keep"),
        coded("stance", vocabulary.STANCES, generalised="keep"),
        Field("source", "id", "The source that says it.", generalised="make"),
        Field("report", "id", "The report that contains it.", generalised="make"),
        missing("quote", "Quotation from the report, at most one sentence."),
        Field("adopted", "boolean", "The incident uses the value of this claim.", generalised="keep"),
    ),
)

SOURCE = Kind(
    "source",
    Part(
        "SourceDocument",
        "A source: an outlet, office, channel or organisation that makes statements.",
        (
            *begin(),
            known("name", "Name of the source.", stored="name", column=TableColumn("name", hxl="#meta+source+name")),
            coded(
                "kind",
                vocabulary.SOURCE_KINDS,
                stored="kind",
                index=KIND,
                asked=(Parameter("kind", "among"),),
                column=TableColumn("kind", hxl="#meta+source+type"),
            ),
            missing("url", "URL of the source.", stored="url", column=TableColumn("url", hxl="#meta+source+url")),
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
                "Country of its headquarters, ISO 3166-1 alpha-3.",
                stored="country_code",
                index=country_index(),
                asked=(countries("Countries of their headquarters, ISO 3166-1 alpha-3."),),
                column=TableColumn("country", hxl="#country+code+v_iso3"),
            ),
            missing(
                "affiliation",
                "The party to the conflict that it belongs to or speaks for.",
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
                "Notes for readers.",
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
        "A group or an office that acts or is acted on.",
        (
            *begin(),
            known("name", "Name of the actor.", stored="name", column=TableColumn("name", hxl="#group+name")),
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
                "Who is meant, and who uses the name.",
                stored="remark",
                column=TableColumn("remark", hxl="#group+remark"),
            ),
        ),
    ),
)
