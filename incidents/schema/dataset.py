"""Datasets."""

from __future__ import annotations

from incidents.schema.common import NONE, begin, day, known, missing
from incidents.schema.fields import Field, Index, Kind, Parameter, Part, TableColumn

WATCHED = Part(
    "WatchedSource",
    "A source that the coders watched, so that a silence can be told from a peace.",
    (
        Field("source", "id", "The source."),
        day("start", "From when; null: not told."),
        day("end", "Until when; null: not told, or still."),
        missing("remark", "What was watched of it."),
    ),
)

COVERAGE = Part(
    "Coverage",
    "What the dataset means to cover.",
    (
        day("start", "First day.", stored="coverage_start", column=TableColumn("coverage_start", hxl="#date+start")),
        day("end", "Last day.", stored="coverage_end", column=TableColumn("coverage_end", hxl="#date+end")),
        missing(
            "area",
            "The area, in words.",
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

DATASET = Kind(
    "dataset",
    Part(
        "DatasetDocument",
        "A body of incidents coded by one rule, under one licence.",
        (
            *begin(),
            known("name", "Its title.", stored="name", column=TableColumn("name", hxl="#meta+dataset+name")),
            known(
                "description",
                "What it holds and how it was made.",
                blank=True,
                stored="description",
                column=TableColumn("description", hxl="#description"),
            ),
            known(
                "licence",
                "An SPDX identifier or an address.",
                stored="licence",
                index=Index(length=200, blank=True),
                asked=(Parameter("licence", "among", "Licences, as the dataset names them.", example=["CC-BY-4.0"]),),
                column=TableColumn("licence", hxl="#meta+licence"),
            ),
            known(
                "attribution",
                "What whoever shows the data must say.",
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
                "Where it comes from.",
                stored="homepage",
                column=TableColumn("homepage", hxl="#meta+url"),
            ),
            missing(
                "version",
                "The edition of the origin.",
                stored="version",
                column=TableColumn("version", hxl="#meta+version"),
            ),
            Field("coverage", "object", part=COVERAGE),
        ),
    ),
)
