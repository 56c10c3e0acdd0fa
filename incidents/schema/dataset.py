"""Datasets."""

from __future__ import annotations

from incidents import vocabulary
from incidents.schema.common import NONE, begin, coded, day, known, missing
from incidents.schema.fields import Field, Index, Parameter, Part, TableColumn
from incidents.schema.kinds import Kind

WATCHED = Part(
    "WatchedSource",
    "A source that the coders monitored. It shows whether a period without incidents was monitored.",
    (
        Field("source", "id", "The source."),
        day("start", "First day of monitoring; null: unknown."),
        day("end", "Last day of monitoring; null: unknown or ongoing."),
        missing("remark", "What was monitored of this source."),
    ),
)

COVERAGE = Part(
    "Coverage",
    "The area and period that the dataset covers.",
    (
        day("start", "First day.", stored="coverage_start", column=TableColumn("coverage_start", hxl="#date+start")),
        day("end", "Last day.", stored="coverage_end", column=TableColumn("coverage_end", hxl="#date+end")),
        missing(
            "area",
            "Description of the area.",
            stored="coverage_area",
            column=TableColumn("coverage_area", hxl="#loc+area"),
        ),
        Field(
            "sources",
            "objects",
            part=WATCHED,
            column=TableColumn("coverage_sources", hxl="#meta+source+json", empty=NONE),
        ),
    ),
)

NOT_STATED = "not_stated"
"""Field that is made when a dataset is shown, of what `incidents.schema.terms` misses."""

ATTRIBUTE_CODE = Part(
    "AttributeCode",
    "A code of the vocabulary of a field that a dataset brings itself.",
    (
        known("code", "The code, as incidents have it."),
        known("label", "What it is called, in English."),
        Field("labels", "mapping", "What it is called in other languages, by ISO 639-1 code."),
        known("definition", "What it means.", blank=True),
        missing("parent", "The code of this field that includes it."),
        missing(
            "merged_into",
            "The code that replaced it. Incidents published before keep it, and a query for the other code finds them.",
        ),
        coded("event_type", vocabulary.EVENT_TYPES, null=True),
        coded("event_subtype", vocabulary.EVENT_SUBTYPES, null=True),
    ),
)

ATTRIBUTE = Part(
    "AttributeDeclaration",
    "A field that the dataset brings itself; incidents have its values under `attributes`.",
    (
        known("name", "Its name in `attributes`, in parameters (`attr.name`) and in tables (`attr.name`)."),
        coded("type", vocabulary.ATTRIBUTE_TYPES),
        known("label", "What it is called, in English."),
        known("definition", "What it means.", blank=True),
        missing("unit", "The unit of its values."),
        missing("missing", "What it means that an incident has no value."),
        Field("formerly", "words", "Names that it had before. Incidents published before keep the former name."),
        coded("generalised", vocabulary.GENERALISED_ATTRIBUTES),
        Field("codes", "objects", "Its vocabulary; empty for types other than code and codes.", part=ATTRIBUTE_CODE),
    ),
)

DATASET = Kind(
    "dataset",
    Part(
        "DatasetDocument",
        "A set of incidents coded with the same rules, under one licence.",
        (
            *begin(),
            known("name", "Title of the dataset.", stored="name", column=TableColumn("name", hxl="#meta+dataset+name")),
            known(
                "description",
                "What the dataset contains and how it was made.",
                blank=True,
                stored="description",
                column=TableColumn("description", hxl="#description"),
            ),
            known(
                "licence",
                "An SPDX identifier or a URL.",
                stored="licence",
                index=Index(length=200, blank=True),
                asked=(Parameter("licence", "among", "Licences, as the datasets name them.", example=["CC-BY-4.0"]),),
                column=TableColumn("licence", hxl="#meta+licence"),
            ),
            known(
                "attribution",
                "The attribution that must be shown with the data.",
                blank=True,
                stored="attribution",
                column=TableColumn("attribution", hxl="#meta+attribution"),
            ),
            known(
                "citation",
                "How to cite it in a paper.",
                blank=True,
                stored="citation",
                column=TableColumn("citation", hxl="#meta+citation"),
            ),
            missing(
                "homepage",
                "URL of the origin.",
                stored="homepage",
                column=TableColumn("homepage", hxl="#meta+url"),
            ),
            missing(
                "version",
                "Version of the original dataset.",
                stored="version",
                column=TableColumn("version", hxl="#meta+version"),
            ),
            Field("coverage", "object", part=COVERAGE),
            Field(
                "attributes",
                "objects",
                "The fields that the dataset brings itself.",
                part=ATTRIBUTE,
                since=2,
                after="coverage",
                default=[],
                column=TableColumn("attributes", hxl="#meta+field+json", empty=NONE, editable=False),
            ),
            Field(
                NOT_STATED,
                "words",
                "Which of `licence` and `attribution` the dataset does not state. Without a licence nobody knows what "
                "they may do with the data, without an attribution whom to name.",
                derived=True,
                column=TableColumn(NOT_STATED, hxl="#meta+terms", empty="Empty: it states both.", editable=False),
            ),
        ),
    ),
)
